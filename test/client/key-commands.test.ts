import { describe, expect, it, vi } from 'vitest';
import { createKeyCommands } from '../../src/client/key-commands.ts';
import type { RequestDaemon } from '../../src/client/request-daemon.ts';
import { type KeyCommandName, keyCommandNames } from '../../src/core/commands.ts';
import { NonetError } from '../../src/core/errors.ts';
import type { PaneView } from '../../src/core/session.ts';
import type { ActionResult } from '../../src/protocol/control.ts';
import { liveStore, nine, pane } from './sample-session.ts';

function open(options: { panes?: PaneView[]; answer?: () => Promise<ActionResult> } = {}) {
  const store = liveStore({ panes: options.panes });
  const requests: [string, unknown][] = [];
  const requestDaemon = ((name: string, params: unknown) => {
    requests.push([name, params]);
    return options.answer?.() ?? Promise.resolve([]);
  }) as RequestDaemon;
  const detach = vi.fn();
  const redraw = vi.fn();
  const openLog = vi.fn();
  const turnTo = vi.fn();
  const copyMode = {
    enter: vi.fn(),
    enterPageUp: vi.fn(),
    paste: vi.fn(),
    edit: vi.fn(),
    copied: 'two\nlines' as string | null,
  };
  const commands = createKeyCommands({ store, requestDaemon, detach, redraw, openLog, turnTo, copyMode });
  const run = (command: KeyCommandName, on = 1, confirmed = false) => commands.run(command, on, confirmed);
  return {
    store,
    requests,
    detach,
    redraw,
    openLog,
    turnTo,
    run,
    view: () => store.getState().view,
    notice: () => store.getState().view.notice,
  };
}

describe('commands of keys', () => {
  it.each([
    ['restart', 'restart', { panes: ['3'], wait: false, now: false }],
    ['restart-now', 'restart', { panes: ['3'], wait: false, now: true }],
    ['stop', 'stop', { panes: ['3'], wait: false }],
    ['kill', 'kill', { panes: ['3'], wait: false }],
    ['reload', 'reload', { panes: ['3'], wait: false }],
  ] as const)('%s asks the daemon and does not wait', (command, name, params) => {
    const { run, requests } = open();
    run(command, 3, true);
    expect(requests).toEqual([[name, params]]);
  });

  it('start asks the daemon, and says so when there is nothing to start', () => {
    const { run, requests, notice } = open({ panes: nine({ 2: { state: 'stopped' } }) });
    run('start', 2);
    expect(requests).toEqual([['start', { panes: ['2'], wait: false }]]);
    run('start', 1);
    expect(requests).toHaveLength(1);
    expect(notice()?.text).toBe('1 pane-1 runs already');
  });

  it.each(['stop', 'kill'] as const)('%s asks first', (command) => {
    const { run, requests, view } = open();
    run(command, 2);
    expect(requests).toEqual([]);
    expect(view()).toMatchObject({ mode: 'confirm', confirm: { command, pane: 2 } });
  });

  it.each([
    ['palette', 'palette'],
    ['go-to-pane', 'go-to'],
    ['search-panes', 'search'],
  ] as const)('%s opens its list', (command, kind) => {
    const { run, view } = open();
    run(command);
    expect(view()).toMatchObject({ mode: 'list', list: { kind, query: '', chosen: null } });
  });

  it('nothing is asked about a pane where nothing runs', () => {
    const { run, view } = open({ panes: nine({ 2: { state: 'exited' }, 3: { state: 'backoff' } }) });
    run('kill', 2);
    expect(view()).toMatchObject({ mode: 'normal', notice: { text: '2 pane-2 does not run (exited)' } });
    run('stop', 3);
    expect(view().mode).toBe('confirm');
  });

  it('what the daemon refuses is shown', async () => {
    const { run, notice } = open({
      answer: async () => [{ pane: 1, name: 'a', ok: false, message: 'still stopping' }],
    });
    run('restart');
    await vi.waitFor(() => expect(notice()).toMatchObject({ kind: 'error', text: 'restart 1 pane-1: still stopping' }));
  });

  it('a request that fails is shown with its hint', async () => {
    const { run, notice } = open({
      answer: () => Promise.reject(new NonetError('disconnected', 'the daemon is away')),
    });
    run('restart');
    await vi.waitFor(() => expect(notice()?.text).toBe('restart 1 pane-1: the daemon is away (run the command again)'));
  });

  it('move the focus', () => {
    const { run, view } = open();
    run('focus-5');
    run('focus-left');
    run('focus-down');
    expect(view().focused).toBe(7);
    run('focus-last');
    expect(view().focused).toBe(4);
    run('focus-9');
    run('focus-next');
    expect(view().focused).toBe(1);
    run('focus-previous');
    expect(view().focused).toBe(9);
  });

  it('say so when there is nowhere to go', () => {
    const { run, notice } = open({ panes: [pane(1)] });
    for (const [command, words] of [
      ['focus-4', 'there is no pane 4: there is only 1'],
      ['focus-next', 'there is no other pane'],
      ['focus-left', 'there is no other pane in this row'],
      ['focus-up', 'there is no other pane in this column'],
      ['focus-last', 'no other pane had the focus before'],
    ] as const) {
      run(command);
      expect(notice()?.text).toBe(words);
    }
  });

  it('zoom, help, quit, detach and redraw', () => {
    const { run, view, detach, redraw } = open();
    run('zoom');
    expect(view().zoomed).toBe(true);
    run('help');
    expect(view().mode).toBe('help');
    run('quit');
    expect(view().mode).toBe('quit');
    run('detach');
    run('redraw');
    expect([detach.mock.calls.length, redraw.mock.calls.length]).toEqual([1, 1]);
  });

  it('none throws in a session without panes', () => {
    const { run, requests } = open({ panes: [] });
    for (const command of keyCommandNames) run(command, 1, true);
    expect(requests).toEqual([]);
  });
});

describe('broadcast and marks', () => {
  it('broadcast says whom it reaches, and off is the same key', () => {
    const { run, view, notice } = open();
    run('broadcast');
    expect(view().broadcast).toBe(true);
    expect(notice()?.text).toBe('keys go to 9 panes, all');
    run('broadcast');
    expect(view().broadcast).toBe(false);
    expect(notice()?.text).toBe('broadcast is off: keys go to the focused pane');
  });

  it('there is nothing to broadcast to beside a single pane', () => {
    const { run, view, notice } = open({ panes: [pane(1)] });
    run('broadcast');
    expect(view().broadcast).toBe(false);
    expect(notice()?.text).toBe('there is no other pane to broadcast to');
  });

  it('the host hears of the pane that somebody turns to, also when it has the focus already', () => {
    const { run, turnTo } = open();
    for (const command of ['focus-1', 'focus-right', 'focus-next', 'focus-last', 'zoom'] as const) run(command, 2);
    expect(turnTo.mock.calls.flat()).toEqual([1, 2, 3, 2, 2]);
    run('copy-mode');
    run('mark');
    expect(turnTo).toHaveBeenCalledTimes(5);
  });

  it('mark marks and unmarks', () => {
    const { run, view, notice } = open();
    run('mark', 2);
    run('mark', 3);
    expect([...view().marks]).toEqual([2, 3]);
    expect(notice()?.text).toBe('3 pane-3 is marked: 2 in all');
    run('mark', 3);
    expect(notice()?.text).toBe('3 pane-3 is not marked: 1 in all');
  });

  it('paste asks while a broadcast is on', () => {
    const { run, view } = open();
    run('broadcast');
    run('paste');
    expect(view()).toMatchObject({ mode: 'paste', heldPaste: { text: 'two\nlines' } });
  });
});
