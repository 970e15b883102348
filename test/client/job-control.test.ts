import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { watchJobControl } from '../../src/client/job-control.ts';

/** A process that is stopped by its own SIGTSTP only where nobody listens to it, and that somebody continues at once. */
function stage({ hasShell = true } = {}) {
  const log: string[] = [];
  let editing = false;
  let drained: (() => void) | null = null;
  const self = Object.assign(new EventEmitter(), {
    pid: 77,
    kill(pid: number, signal: string) {
      if (self.listenerCount(signal) > 0) throw new Error('it would hear its own signal');
      log.push(`stop ${pid === 77 ? 'itself' : pid === 0 ? 'the group' : pid}`);
      if (hasShell) setImmediate(() => self.emit('SIGCONT'));
    },
  });
  const unwatch = watchJobControl({
    suspend(then) {
      log.push('give back');
      drained = then;
    },
    resume: () => log.push('take'),
    retake: () => log.push('take again'),
    isEditing: () => editing,
    process: self,
  });
  return {
    self,
    log,
    unwatch,
    edit(on: boolean) {
      editing = on;
    },
    drain: () => drained?.(),
    async settle() {
      for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
      return log.splice(0);
    },
  };
}

describe('job control', () => {
  it.each([true, false])(
    'gives the terminal back before a stop and takes it once after it; by a shell: %s',
    async (hasShell) => {
      const { self, drain, settle } = stage({ hasShell });
      for (let i = 0; i < 2; i++) {
        self.emit('SIGTSTP');
        self.emit('SIGTSTP');
        expect(await settle()).toEqual(['give back']);
        drain();
        expect(await settle()).toEqual(['stop the group', 'take']);
      }
    },
  );

  it('takes the terminal again after a stop that nobody has told it of', async () => {
    const { self, settle } = stage();
    self.emit('SIGCONT');
    expect(await settle()).toEqual(['take again']);
  });

  it('leaves the terminal to an editor, and stops with it', async () => {
    const { self, settle, edit } = stage();
    edit(true);
    self.emit('SIGTSTP');
    expect(await settle()).toEqual(['stop itself']);
    edit(false);
    self.emit('SIGTSTP');
    expect(await settle()).toEqual(['give back']);
  });

  it('hears nothing more when it is over, and takes nothing', async () => {
    const { self, drain, settle, unwatch } = stage({ hasShell: false });
    self.emit('SIGTSTP');
    drain();
    unwatch();
    expect(await settle()).toEqual(['give back', 'stop the group']);
    expect([self.listenerCount('SIGTSTP'), self.listenerCount('SIGCONT')]).toEqual([0, 0]);
  });
});
