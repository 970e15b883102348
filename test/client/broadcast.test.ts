import { describe, expect, it } from 'vitest';
import { countLines, describeReceivers, selectReceivers, selectRedPanes } from '../../src/client/broadcast.ts';
import { routeInput } from '../../src/client/input-router.ts';
import { outerWishes } from '../../src/client/outer-wishes.ts';
import { dialogLayout } from '../../src/client/overlays.ts';
import { MAX_BROADCAST_PASTE } from '../../src/client/reduce-held-input.ts';
import { selectInputPane } from '../../src/client/selectors.ts';
import type { Store } from '../../src/client/store.ts';
import type { InputEvent, PasteEvent } from '../../src/core/input-event.ts';
import { createKeymap } from '../../src/core/keymap.ts';
import { DEFAULT_PANE_MODES } from '../../src/core/pane-modes.ts';
import type { PaneView } from '../../src/core/session.ts';
import { key, liveStore, nine, pane, snapshot } from './sample-session.ts';

const keymap = createKeymap({});

function broadcasting(marks: number[] = [], panes?: PaneView[]): Store {
  const store = liveStore({ panes });
  for (const marked of marks) store.dispatch({ type: 'mark-toggled', pane: marked });
  store.dispatch({ type: 'broadcast-switched', on: true });
  return store;
}

/** What leaves the client for the panes: `press a: 1 2 3`. */
function play(store: Store, ...events: InputEvent[]): string[] {
  return events.flatMap((event) => {
    const panes: number[] = [];
    const others: string[] = [];
    for (const effect of routeInput(store.getState(), keymap, event)) {
      if (effect.type === 'pane-input') panes.push(effect.pane);
      else if (effect.type === 'paste-into') others.push(`paste ${effect.text}: ${effect.panes.join(' ')}`);
      else if (effect.type === 'view') {
        store.dispatch(effect.action);
        if (effect.action.type === 'notice-shown') others.push(effect.action.text);
      }
    }
    const what = event.type === 'key' ? `${event.action} ${event.key}` : event.type;
    return [...(panes.length > 0 ? [`${what}: ${panes.join(' ')}`] : []), ...others];
  });
}

const paste = (text: string): PasteEvent[] => [
  { type: 'paste', phase: 'start', text: '' },
  { type: 'paste', phase: 'data', text },
  { type: 'paste', phase: 'end', text: '' },
];

describe('a broadcast', () => {
  it('reaches every pane in which something reads', () => {
    const store = broadcasting([], nine({ 4: { state: 'stopped' }, 7: { state: 'fatal' } }));
    expect(play(store, key('a'))).toEqual(['press a: 1 2 3 5 6 8 9']);
    expect(describeReceivers(store.getState())).toBe('7 of 9 panes');
  });

  it('reaches the marked panes alone when there are any, whichever has the focus', () => {
    const store = broadcasting([2, 5]);
    expect(play(store, key('a'))).toEqual(['press a: 2 5']);
    expect(selectInputPane(store.getState())).toBeNull();
    store.dispatch({ type: 'focused', pane: 5 });
    expect(selectInputPane(store.getState())).toBe(5);
  });

  it('is off unless it has been switched on, whatever is marked', () => {
    const store = liveStore();
    store.dispatch({ type: 'mark-toggled', pane: 2 });
    expect(play(store, key('a'))).toEqual(['press a: 1']);
  });

  it('passes the prefix pressed twice to all', () => {
    expect(play(broadcasting([1, 2]), key('ctrl+b'), key('ctrl+b'))).toEqual(['press b: 1 2']);
  });

  it('sends repeats and releases to those that got the press, also when it is off by then', () => {
    const store = broadcasting([1, 2]);
    expect(play(store, key('a'), key('a', 'repeat'))).toEqual(['press a: 1 2', 'repeat a: 1 2']);
    store.dispatch({ type: 'broadcast-switched', on: false });
    expect(play(store, key('a', 'release'), key('a', 'release'))).toEqual(['release a: 1 2']);
  });

  it('changes nothing in the state while the same keys are typed without releases', () => {
    const store = broadcasting();
    play(store, key('a'));
    const before = store.getState();
    play(store, key('a'), key('a'));
    expect(store.getState()).toBe(before);
  });

  it('spares panes in copy mode, and waits while the keys are copy mode’s', () => {
    const store = broadcasting();
    store.dispatch({ type: 'copy-changed', pane: 3, copy: { position: '', prompt: null, selecting: false } });
    expect(play(store, key('a'))).toEqual(['press a: 1 2 4 5 6 7 8 9']);
    expect(selectRedPanes(store.getState())).toHaveLength(8);
    store.dispatch({ type: 'focused', pane: 3 });
    expect(play(store, key('a'))).toEqual([]);
    expect(selectRedPanes(store.getState())).toEqual([]);
  });

  it('says why nobody gets a key', () => {
    const store = broadcasting([2], nine({ 2: { state: 'exited' } }));
    expect(play(store, key('a'))).toEqual(['none of the marked panes reads keys now: ctrl+b b ends the broadcast']);
  });

  it('ends with the last mark, so that it never grows to all panes by itself', () => {
    const store = broadcasting([2]);
    store.dispatch({ type: 'mark-toggled', pane: 2 });
    expect(store.getState().view).toMatchObject({ broadcast: false, notice: { kind: 'warning' } });

    const other = broadcasting([9]);
    other.applyEvent({ event: 'session', snapshot: snapshot(nine().slice(0, 8)) });
    expect(other.getState().view.broadcast).toBe(false);
    expect(other.getState().view.marks.size).toBe(0);
  });

  it('lets the mouse alone', () => {
    const store = broadcasting();
    const screen = { cols: 69, rows: 18, cursorColor: null, modes: { ...DEFAULT_PANE_MODES, mouseProtocol: 'any' } };
    for (const { pane } of nine()) store.dispatch({ type: 'screen-changed', pane, screen } as never);
    const wheel = { type: 'mouse', action: 'press', button: 'wheel-up', col: 100, row: 5, modifiers: 0 } as const;
    expect(play(store, wheel)).toEqual(['mouse: 2']);
  });

  it('asks the terminal for the keys that any of its panes wants', () => {
    const store = broadcasting();
    const screen = { cols: 69, rows: 18, cursorColor: null, modes: { ...DEFAULT_PANE_MODES, kittyFlags: 2 } };
    store.dispatch({ type: 'screen-changed', pane: 4, screen });
    const outer = { kitty: true, version: null, features: { progress: false } } as Parameters<typeof outerWishes>[1];
    expect(outerWishes(store.getState(), outer).kittyFlags).toBe(1 | 2 | 4);
    store.dispatch({ type: 'broadcast-switched', on: false });
    expect(outerWishes(store.getState(), outer).kittyFlags).toBe(1 | 4);
  });

  it('gives the same panes as the same list, whatever else changes', () => {
    const store = broadcasting();
    const before = selectReceivers(store.getState());
    store.applyEvent({ event: 'panes', panes: [pane(3, { cpuPercent: 42 })] });
    expect(selectReceivers(store.getState())).toBe(before);
  });
});

describe('a paste into a broadcast', () => {
  it('asks first how many lines are to go into how many panes', () => {
    const store = broadcasting([1, 2, 3]);
    expect(play(store, ...paste('one\r\ntwo\nthree'))).toEqual([]);
    const { title, lines } = dialogLayout(store.getState())!;
    expect(title).toBe('Paste into 3 panes?');
    expect(lines[0]).toBe('3 lines, 14 characters');
    expect(play(store, key('x'))).toEqual(['x is no answer here: press y or n']);
    expect(play(store, key('y'))).toEqual(['paste one\r\ntwo\nthree: 1 2 3']);
    expect(store.getState().view).toMatchObject({ mode: 'normal', heldPaste: null });
  });

  it.each(['n', 'escape', 'ctrl+c'])('is dropped by %s', (chord) => {
    const store = broadcasting();
    play(store, ...paste('text'));
    expect(play(store, key(chord))).toEqual(['nothing was pasted']);
    expect(store.getState().view).toMatchObject({ mode: 'normal', heldPaste: null });
  });

  it('spares the panes that have ended while it was asked', () => {
    const store = broadcasting([1, 2]);
    play(store, ...paste('text'));
    store.applyEvent({ event: 'panes', panes: [pane(2, { state: 'exited' })] });
    expect(play(store, key('y'))).toEqual(['paste text: 1']);
  });

  it('is refused when it is longer than anybody means, and not kept in memory', () => {
    const store = broadcasting();
    const [start, , end] = paste('');
    const piece: PasteEvent = { type: 'paste', phase: 'data', text: 'x'.repeat(MAX_BROADCAST_PASTE / 2) };
    play(store, start!, piece, piece);
    expect(play(store, piece)).toEqual([]);
    expect(store.getState().view.paste).toEqual({ to: 'broadcast', text: '', tooLong: true });
    expect(play(store, end!)).toEqual(['more than 1,000,000 characters: too many for a broadcast']);
    expect(store.getState().view).toMatchObject({ mode: 'normal', heldPaste: null, paste: null });
  });
});

it.each([
  ['', 0],
  ['a', 1],
  ['a\n', 1],
  ['a\r\nb', 2],
  ['\n\n', 2],
])('%j has %i lines', (text, lines) => {
  expect(countLines(text)).toBe(lines);
});
