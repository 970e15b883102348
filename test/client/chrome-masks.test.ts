import { describe, expect, it } from 'vitest';
import { chromeMasks, noticeRows, placedNotices } from '../../src/client/chrome-masks.ts';
import { paneNotice, welcomeText } from '../../src/client/pane-notice.ts';
import { displayWidth } from '../../src/core/display-text.ts';
import { createKeymap } from '../../src/core/keymap.ts';
import { PANE_STATES, type PaneView } from '../../src/core/session.ts';
import { liveState, liveStore, NOW_MS, nine, pane } from './sample-session.ts';

const keymap = createKeymap({});
const fatal: Partial<PaneView> = {
  state: 'fatal',
  reason: 'command not found: codex',
  hint: 'install: npm install -g @openai/codex',
};
const backoff: Partial<PaneView> = {
  state: 'backoff',
  reason: 'exited with code 1',
  restarts: 2,
  nextRestartAt: NOW_MS + 3500,
};

describe('the notice of a pane', () => {
  it.each<[string, Partial<PaneView>, string[]]>([
    ['that runs is none', { state: 'running' }, []],
    [
      'that failed for good',
      fatal,
      ['✕ fatal: command not found: codex', 'install: npm install -g @openai/codex', 'ctrl+b s starts it again'],
    ],
    ['that waits', backoff, ['↻ restarting in 4s: exited with code 1 (restart 2)', 'ctrl+b r restarts it now']],
    ['that ended well', { state: 'exited', exit: { code: 0, signal: null } }, ['■ exited 0 — ctrl+b r restarts it']],
    [
      'that was killed',
      { state: 'exited', exit: { code: null, signal: 'SIGKILL' } },
      ['■ exited SIGKILL — ctrl+b r restarts it'],
    ],
    [
      'whose reason says it all',
      { state: 'exited', exit: { code: 3, signal: null }, reason: 'exited with code 3' },
      ['■ exited with code 3 — ctrl+b r restarts it'],
    ],
    [
      'that fails again and again in the same way',
      {
        ...backoff,
        reason: 'exited with code 1 after 1 s',
        repeats: 'failed 3 times the same way: exit code 1 after 1 s',
      },
      [
        '↻ restarting in 4s: exited with code 1 after 1 s; failed',
        '3 times the same way (restart 2)',
        'ctrl+b r restarts it now',
      ],
    ],
    [
      'that fails in the same way for no reason of its own',
      { ...backoff, reason: '', restarts: 0, repeats: 'failed 3 times the same way: exit code 1' },
      ['↻ restarting in 4s; failed 3 times the same way: exit', 'code 1', 'ctrl+b r restarts it now'],
    ],
    ['that starts is none', { state: 'starting' }, []],
    [
      'that waits for another',
      { state: 'starting', reason: 'waits for db to be ready' },
      ['◌ starting: waits for db to be ready — ctrl+b x calls it off'],
    ],
    ['that is stopped', { state: 'stopped' }, ['○ stopped — ctrl+b s starts it']],
  ])('%s', (_title, changes, lines) => {
    expect(paneNotice(pane(1, changes), keymap, 60, NOW_MS, 4)).toEqual(lines);
  });

  it('names the command line when the key is unbound', () => {
    const unbound = createKeymap({ start: null });
    expect(paneNotice(pane(3, { state: 'stopped' }), unbound, 60, NOW_MS, 4)).toEqual([
      '○ stopped — nonet start 3 starts it',
    ]);
  });

  it('fits into its width and four rows, and always says which key helps', () => {
    const long = { ...fatal, reason: `${'very '.repeat(50)}long\x1b[2J\u202e 日本語`, name: 'x' };
    for (let width = 12; width < 100; width += 7) {
      for (const maxRows of [1, 2, 3, 4]) {
        const lines = paneNotice(pane(1, long), keymap, width, NOW_MS, maxRows);
        expect(lines.length).toBeLessThanOrEqual(maxRows);
        for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(width);
        expect(lines.join('')).not.toMatch(/[\x1b\u202e]/);
        expect(lines.join(' ')).toContain('ctrl+b s');
      }
    }
  });

  it('shows the time of the restart or nothing of it where it has to be cut, and nothing that stands for it', () => {
    expect(paneNotice(pane(5, { ...backoff, nextRestartAt: NOW_MS + 42_000 }), keymap, 20, NOW_MS, 2)).toEqual([
      '↻ restarting in 42s…',
      'ctrl+b r restarts it',
    ]);
    expect(paneNotice(pane(5, { ...backoff, nextRestartAt: NOW_MS + 42_000 }), keymap, 20, NOW_MS, 3)).toEqual([
      '↻ restarting in',
      '42s: exited with co…',
      'ctrl+b r restarts it',
    ]);
    for (const waitMs of [4000, 42_000, 66_000, 7_200_000, 90_000_000]) {
      for (let width = 12; width < 100; width++) {
        for (const maxRows of [1, 2, 3, 4, 8]) {
          const lines = paneNotice(
            pane(5, { ...backoff, nextRestartAt: NOW_MS + waitMs }),
            keymap,
            width,
            NOW_MS,
            maxRows,
          );
          expect(lines.join('')).not.toMatch(/\p{Co}/u);
          expect(lines.join(' ')).toContain('ctrl+b r');
        }
      }
    }
  });

  it('has as many rows at every time of day', () => {
    for (let width = 12; width < 60; width++) {
      const rows = (nowMs: number) => paneNotice(pane(1, backoff), keymap, width, nowMs, 4).length;
      expect(rows(NOW_MS)).toBe(rows(NOW_MS - 3_600_000));
    }
  });
});

describe('the greeting', () => {
  it.each([
    [80, 'typing goes to pane 1; ctrl+b ? shows all keys, ctrl+b d leaves'],
    [40, 'ctrl+b ? shows all keys, ctrl+b d leaves'],
    [39, 'ctrl+b ? shows all keys'],
    [20, 'ctrl+b ? help'],
  ])('names the key for help at %i cells', (cells, text) => {
    expect(welcomeText(keymap, 1, cells)).toBe(text);
    expect(welcomeText(createKeymap({ help: null }), 1, cells)).toBe('');
  });
});

describe('masks', () => {
  it('cover the notices of panes that do not run, at the bottom of their cells', () => {
    const state = liveState({ panes: nine({ 2: fatal, 5: { state: 'stopped' } }) });
    const notices = placedNotices(state, keymap, NOW_MS);
    expect(notices.map(({ pane: number, rect }) => [number, rect.height, rect.y + rect.height])).toEqual([
      [2, 3, 20],
      [5, 1, 40],
    ]);
    expect(chromeMasks(state, keymap)).toEqual(notices.map(({ rect }) => rect));
    expect(noticeRows(state, keymap)).toEqual(
      new Map([
        [2, 3],
        [5, 1],
      ]),
    );
  });

  it('have more rows where the pane shows nothing, and cover no more of what it shows', () => {
    const failing = {
      ...backoff,
      reason: 'exited with code 3 after 1 s',
      repeats: 'failed 3 times the same way: exit code 3 after 1 s',
    };
    const store = liveStore({ cols: 80, rows: 24, panes: nine({ 5: failing }) });
    const lines = () => placedNotices(store.getState(), keymap, NOW_MS)[0]!.lines;
    expect(lines()).toHaveLength(4);
    store.dispatch({ type: 'rows-used', pane: 5, rows: 1 });
    const all = lines();
    expect(all.join(' ')).toBe(
      '↻ restarting in 4s: exited with code 3 after 1 s; failed 3 times the same way (restart 2) ctrl+b r restarts it now',
    );
    expect(all.length).toBeGreaterThan(4);
    expect(noticeRows(store.getState(), keymap)).toEqual(new Map([[5, all.length]]));
    for (let rows = 0; rows <= 7; rows++) {
      store.dispatch({ type: 'rows-used', pane: 5, rows });
      expect(lines().length).toBe(Math.min(all.length, Math.max(4, 7 - rows)));
    }
    store.dispatch({ type: 'rows-used', pane: 5, rows: 1 });
    store.dispatch({ type: 'copy-changed', pane: 5, copy: { position: '', prompt: null, selecting: false } });
    expect(lines()).toHaveLength(4);
  });

  it('are none when all runs and nothing is open', () => {
    expect(chromeMasks(liveState(), keymap)).toEqual([]);
  });

  it.each([
    [210, 60],
    [80, 24],
    [60, 18],
    [20, 5],
  ])('of overlays lie on the screen above the status bar at %dx%d', (cols, rows) => {
    for (const action of [
      { type: 'help-opened' },
      { type: 'quit-asked' },
      { type: 'confirm-asked', command: 'kill', pane: 3 },
    ] as const) {
      const store = liveStore({ cols, rows });
      store.dispatch(action);
      const [rect] = chromeMasks(store.getState(), keymap);
      expect(rect).toBeDefined();
      expect([rect!.x >= 0, rect!.y >= 0, rect!.x + rect!.width <= cols, rect!.y + rect!.height <= rows - 1]).toEqual([
        true,
        true,
        true,
        true,
      ]);
    }
  });

  it('fall away when the screen is too small for anything', () => {
    for (const state of PANE_STATES) {
      const store = liveStore({ cols: 10, rows: 3, panes: nine({ 1: { state } }) });
      store.dispatch({ type: 'help-opened' });
      expect(chromeMasks(store.getState(), keymap)).toEqual([]);
    }
  });
});
