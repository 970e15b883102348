import type { EventEmitter } from 'node:events';

/**
 * The client as a job of the shell that it was started from: told to stop (SIGTSTP) it gives the terminal back first, and when it goes on,
 * whoever had stopped it and however, it takes the terminal again as it is then.
 */
export type JobControlDeps = {
  /** Leaves the terminal as it was found, then calls back. */
  suspend(then: () => void): void;
  resume(): void;
  /** The terminal was taken away without a word (SIGSTOP), and others have used it. */
  retake(): void;
  /** The terminal is an editor's. */
  isEditing(): boolean;
  process?: Pick<EventEmitter, 'on' | 'off'> & { readonly pid: number; kill(pid: number, signal: 'SIGTSTP'): unknown };
};

/** Of this process and all that was started with it (a script, npx): as long as one of them runs, the shell does not come back. */
const WHOLE_GROUP = 0;

/** Watches until the returned function is called. */
export function watchJobControl(deps: JobControlDeps): () => void {
  const { suspend, resume, retake, isEditing, process: self = process } = deps;
  let state: 'running' | 'suspending' | 'suspended' = 'running';
  let watching = true;

  /** Returns when the process goes on: at once where there is no shell that could continue it, for there the kernel does not stop it. */
  function stop(whom: number): void {
    self.off('SIGTSTP', onStop);
    self.kill(whom, 'SIGTSTP');
    if (watching) self.on('SIGTSTP', onStop);
  }

  function onStop(): void {
    if (isEditing()) {
      stop(self.pid);
      return;
    }
    if (state !== 'running') return;
    state = 'suspending';
    suspend(() => {
      state = 'suspended';
      stop(WHOLE_GROUP);
      // After the SIGCONT that has ended a stop has been heard, in the next turn; without one there was none.
      setImmediate(() => setImmediate(takeBack));
    });
  }

  function takeBack(): void {
    if (state !== 'suspended' || !watching) return;
    state = 'running';
    resume();
  }

  function onContinue(): void {
    if (state === 'suspended') takeBack();
    else if (state === 'running' && !isEditing()) retake();
  }

  self.on('SIGTSTP', onStop);
  self.on('SIGCONT', onContinue);
  return () => {
    watching = false;
    self.off('SIGTSTP', onStop);
    self.off('SIGCONT', onContinue);
  };
}
