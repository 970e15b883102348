import { describe, expect, it } from 'vitest';
import { reduceView, type ViewAction } from '../../src/client/view.ts';
import { createView, type ViewState } from '../../src/client/view-state.ts';
import { DEFAULT_PANE_MODES } from '../../src/core/pane-modes.ts';

const context = { panes: [1, 2, 3], nowMs: 1000 };
const reduce = (view: ViewState, ...actions: ViewAction[]): ViewState =>
  actions.reduce((state, action) => reduceView(state, action, context), view);
const start = createView(80, 24);

describe('a view', () => {
  it.each<[string, Partial<ViewState>, ViewAction, Partial<ViewState>]>([
    ['takes a new size', {}, { type: 'resized', cols: 100, rows: 30 }, { cols: 100, rows: 30 }],
    ['remembers who had the focus before', {}, { type: 'focused', pane: 3 }, { focused: 3, lastFocused: 1 }],
    ['does not focus a pane that does not exist', {}, { type: 'focused', pane: 4 }, { focused: 1, lastFocused: null }],
    ['zooms', {}, { type: 'zoom-toggled' }, { zoomed: true }],
    ['and back', { zoomed: true }, { type: 'zoom-toggled' }, { zoomed: false }],
    ['waits for a command', {}, { type: 'prefix-pressed' }, { mode: 'prefix' }],
    [
      'asks',
      {},
      { type: 'confirm-asked', command: 'kill', pane: 2 },
      { mode: 'confirm', confirm: { command: 'kill', pane: 2 } },
    ],
    [
      'drops a question',
      { mode: 'confirm', confirm: { command: 'kill', pane: 2 } },
      { type: 'mode-left' },
      { mode: 'normal', confirm: null },
    ],
    [
      'opens an empty help',
      { help: { filter: 'x', scroll: 4 } },
      { type: 'help-opened' },
      { mode: 'help', help: { filter: '', scroll: 0 } },
    ],
    [
      'scrolls back up when the filter changes',
      { help: { filter: '', scroll: 4 } },
      { type: 'help-filtered', filter: 'z' },
      { help: { filter: 'z', scroll: 0 } },
    ],
    [
      'shows a notice for a while',
      {},
      { type: 'notice-shown', text: 'hm', kind: 'info', forMs: 500 },
      { notice: { text: 'hm', kind: 'info', until: 1500 } },
    ],
    ['knows who holds a key', {}, { type: 'key-pressed', key: 'a', pane: 2 }, { held: new Map([['a', 2]]) }],
    ['lets it go', { held: new Map([['a', 2]]) }, { type: 'key-released', key: 'a' }, { held: new Map() }],
    [
      'knows who gets a paste',
      {},
      { type: 'paste-started', target: { to: 'pane', pane: 2 } },
      { paste: { to: 'pane', pane: 2 } },
    ],
    ['until it ends', { paste: { to: 'help' } }, { type: 'paste-ended' }, { paste: null }],
  ])('%s', (_title, before, action, after) => {
    expect(reduce({ ...start, ...before }, action)).toEqual({ ...start, ...before, ...after });
  });

  it.each<ViewAction>([
    { type: 'resized', cols: 80, rows: 24 },
    { type: 'focused', pane: 1 },
    { type: 'mode-left' },
    { type: 'notice-cleared' },
    { type: 'outer-focus-changed', focused: true },
    { type: 'host-status-changed', status: 'live' },
    { type: 'key-released', key: 'a' },
    { type: 'paste-ended' },
    { type: 'panes-changed', resting: [] },
    { type: 'help-scrolled', scroll: 0 },
  ])('stays the same object when nothing changes: $type', (action) => {
    expect(reduce(start, action)).toBe(start);
  });

  it('goes back to the pane before when the focused one vanishes', () => {
    const view = reduce(start, { type: 'focused', pane: 2 }, { type: 'focused', pane: 3 });
    const settled = reduceView(view, { type: 'panes-changed', resting: [] }, { panes: [1, 2], nowMs: 0 });
    expect(settled).toMatchObject({ focused: 2, lastFocused: null });
  });

  it('goes to the nearest lower pane when the one before vanishes too', () => {
    const view = reduce(start, { type: 'focused', pane: 2 }, { type: 'focused', pane: 3 });
    expect(reduceView(view, { type: 'panes-changed', resting: [] }, { panes: [1], nowMs: 0 })).toMatchObject({
      focused: 1,
      lastFocused: null,
    });
  });

  it('drops a question about a pane that is gone', () => {
    const view = reduce(start, { type: 'confirm-asked', command: 'stop', pane: 3 });
    expect(reduceView(view, { type: 'panes-changed', resting: [] }, { panes: [1], nowMs: 0 })).toMatchObject({
      mode: 'normal',
      confirm: null,
    });
  });

  it('takes back that a question needs a larger window once it has one, and no other notice', () => {
    const notice: ViewAction = { type: 'notice-shown', text: 'the question needs a larger window', kind: 'warning' };
    const asked = reduce(start, { type: 'resized', cols: 10, rows: 4 }, { type: 'quit-asked' }, notice);
    expect(reduce(asked, { type: 'resized', cols: 12, rows: 4 }).notice).not.toBeNull();
    expect(reduce(asked, { type: 'resized', cols: 80, rows: 24 })).toMatchObject({ mode: 'quit', notice: null });
    expect(
      reduce(start, { type: 'quit-asked' }, notice, { type: 'resized', cols: 90, rows: 24 }).notice,
    ).not.toBeNull();
    const other = reduce(start, { type: 'resized', cols: 10, rows: 4 }, notice);
    expect(reduce(other, { type: 'resized', cols: 80, rows: 24 }).notice).not.toBeNull();
  });

  it('keeps nothing of a pane that is gone for the next one of its number', () => {
    const modes = { ...DEFAULT_PANE_MODES, kittyFlags: 1 };
    const view = reduce(
      start,
      { type: 'screen-changed', pane: 2, screen: { cols: 8, rows: 2, cursorColor: null, modes } },
      { type: 'screen-changed', pane: 3, screen: { cols: 8, rows: 2, cursorColor: 5, modes } },
      { type: 'key-pressed', key: 'a', pane: 2 },
      { type: 'key-pressed', key: 'b', pane: 3 },
      { type: 'paste-started', target: { to: 'pane', pane: 3 } },
      { type: 'pointer-changed', pointer: { pane: 3, buttons: ['left'] } },
      { type: 'mark-toggled', pane: 3 },
    );
    const settled = reduceView(view, { type: 'panes-changed', resting: [] }, { panes: [1, 2], nowMs: 0 });
    expect([...settled.screens.keys()]).toEqual([2]);
    expect([...settled.held]).toEqual([
      ['a', 2],
      ['b', null],
    ]);
    expect(settled).toMatchObject({ paste: { to: 'nobody' }, pointer: null, marks: new Set() });
  });

  it('keeps its table of held keys small when releases never come', () => {
    let view = start;
    for (let i = 0; i < 1000; i++) view = reduce(view, { type: 'key-pressed', key: `key${i}`, pane: 1 });
    expect(view.held.size).toBeLessThanOrEqual(256);
  });
});
