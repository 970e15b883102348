import { describe, expect, it } from 'vitest';
import type { Store } from '../../src/client/store.ts';
import { displayWidth } from '../../src/core/display-text.ts';
import { createKeymap } from '../../src/core/keymap.ts';
import type { PaneView } from '../../src/core/session.ts';
import { nextRestartTexts, statusSegments, totalFigures } from '../../src/ui/status-text.ts';
import { liveStore, NOW_MS, nine } from '../client/sample-session.ts';

const keymap = createKeymap({});

const mixed: Record<number, Partial<PaneView>> = {
  4: { state: 'stopped' },
  5: { name: 'crash', state: 'backoff', restarts: 2, nextRestartAt: NOW_MS + 15_000 },
  6: { state: 'fatal' },
  7: { state: 'exited', exit: { code: 0, signal: null } },
};

function barOf(store: Store): string {
  const state = store.getState();
  const panes = state.session.snapshot!.panes;
  const texts = {
    nextRestart: nextRestartTexts(panes, NOW_MS),
    figures: totalFigures(panes, { cpuPercent: 42, rssBytes: 1.2 * 1024 ** 3 }),
  };
  const line = statusSegments(state, keymap, texts)
    .map(({ text }) => text)
    .join('');
  expect(displayWidth(line)).toBe(state.view.cols);
  return line;
}

const open = (cols: number, rows: number, panes = nine(mixed)): Store => liveStore({ cols, rows, panes });

describe('the status bar', () => {
  it('has all its parts at 80x24, and the words of the states where there is room for them', () => {
    expect(barOf(open(80, 24))).toBe(
      ' team ○1 ●5 ↻1 ■1 ✕1 5 crash restarts in 15s cpu 42% mem 1.2G ↻2  ctrl+b ? help ',
    );
    expect(barOf(open(132, 24))).toMatch(
      /^ team ○1 stopped ●5 running ↻1 backoff ■1 exited ✕1 fatal 5 crash restarts in 15s cpu 42% mem 1\.2G ↻2 +ctrl\+b \? help $/,
    );
  });

  it('keeps what matters most at 60x19 and below', () => {
    expect(barOf(open(60, 19))).toMatch(/^ team page 1\/2 ○1 ●5 ↻1 ■1 ✕1 5 ↻ 15s ↻2 +ctrl\+b \? help $/);
    expect(barOf(open(40, 12))).toMatch(/^ team pane 1\/9 .*ctrl\+b \? help $/);
  });

  it('shows the modes of the keys beside a broadcast, and how to end it, on small screens', () => {
    const store = open(40, 12);
    store.dispatch({ type: 'broadcast-switched', on: true });
    expect(barOf(store)).toBe(' BROADCAST 5/9  ctrl+b b ends broadcast ');
    store.dispatch({ type: 'prefix-pressed' });
    expect(barOf(store)).toMatch(/^ PREFIX {3}BROADCAST 5\/9 .*esc cancels $/);
  });

  it.each([
    ['prefix', / PREFIX /],
    ['zoom', / ZOOM /],
    ['copy', / COPY /],
    ['selecting', / SELECT /],
    ['search', /\/needle/],
    ['help', / HELP /],
    ['list', / COMMANDS /],
    ['away', / OFFLINE /],
  ] as const)('shows %s beside a broadcast at 20x5', (mode, words) => {
    const store = open(20, 5);
    store.dispatch({ type: 'broadcast-switched', on: true });
    const copy = { position: '', prompt: null, selecting: false };
    if (mode === 'prefix') store.dispatch({ type: 'prefix-pressed' });
    else if (mode === 'zoom') store.dispatch({ type: 'zoom-toggled' });
    else if (mode === 'copy') store.dispatch({ type: 'copy-changed', pane: 1, copy });
    else if (mode === 'selecting')
      store.dispatch({ type: 'copy-changed', pane: 1, copy: { ...copy, selecting: true } });
    else if (mode === 'search') store.dispatch({ type: 'copy-changed', pane: 1, copy: { ...copy, prompt: '/needle' } });
    else if (mode === 'help') store.dispatch({ type: 'help-opened' });
    else if (mode === 'list') store.dispatch({ type: 'list-opened', kind: 'palette' });
    else store.connectionLost();
    expect(barOf(store)).toMatch(words);
    const waits = ['copy', 'selecting', 'search'].includes(mode);
    expect(barOf(store)).toContain(` BCAST ${waits ? 0 : 5} `);
  });

  it('has room for a notice beside a broadcast and a mode', () => {
    const store = open(40, 12);
    store.dispatch({ type: 'broadcast-switched', on: true });
    store.dispatch({ type: 'notice-shown', text: 'ctrl+b y is not bound: ctrl+b ? shows the keys', kind: 'warning' });
    expect(barOf(store)).toBe(' BCAST 5  ctrl+b y is not bound: ctrl+b…');
    store.dispatch({ type: 'zoom-toggled' });
    expect(barOf(store)).toBe(' BCAST 5   ZOOM  ctrl+b y is not bound:…');
  });

  it('says all of a broadcast where the bar is twice as wide, also beside a notice', () => {
    const store = open(80, 24);
    store.dispatch({ type: 'broadcast-switched', on: true });
    store.dispatch({ type: 'notice-shown', text: 'keys go to 5 of 9 panes '.repeat(4), kind: 'warning' });
    expect(barOf(store)).toMatch(/^ BROADCAST 5 of 9 panes {2}keys go to 5 of 9 panes .*…$/);
  });

  it('shows the end of a long search, where one types', () => {
    const store = open(80, 24);
    const prompt = `/${'y'.repeat(100)}END`;
    store.dispatch({ type: 'copy-changed', pane: 1, copy: { position: '', prompt, selecting: false } });
    expect(barOf(store)).toMatch(/^ SEARCH {2}…y{36}END .*enter finds {2}esc cancels $/);
  });
});
