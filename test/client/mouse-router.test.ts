import { describe, expect, it } from 'vitest';
import type { Effect } from '../../src/client/input-effect.ts';
import { routeInput } from '../../src/client/input-router.ts';
import { selectGeometry } from '../../src/client/selectors.ts';
import type { Store } from '../../src/client/store.ts';
import type { MouseEvent } from '../../src/core/input-event.ts';
import { createKeymap } from '../../src/core/keymap.ts';
import { DEFAULT_PANE_MODES, type PaneModes } from '../../src/core/pane-modes.ts';
import { createTestClock, key, liveStore, nine, type TestClock } from './sample-session.ts';

const keymap = createKeymap({});

type At = { pane: number; part?: 'title' | 'content'; col?: number; row?: number };

function stage(modes: Record<number, Partial<PaneModes>> = {}, options: Parameters<typeof liveStore>[0] = {}) {
  const clock = createTestClock();
  const store = liveStore({ clock, ...options });
  for (const [pane, changes] of Object.entries(modes)) setModes(store, Number(pane), changes);
  return { store, clock, play: (...events: MouseEvent[]) => events.flatMap((event) => carryOut(store, event)) };
}

function setModes(store: Store, pane: number, changes: Partial<PaneModes>, size = sizeOf(store, pane)): void {
  const screen = { ...size, cursorColor: null, modes: { ...DEFAULT_PANE_MODES, ...changes } };
  store.dispatch({ type: 'screen-changed', pane, screen });
}

function boxOf(store: Store, pane: number) {
  return selectGeometry(store.getState()).boxes.find((box) => box.pane === pane)!;
}

function sizeOf(store: Store, pane: number) {
  const { inner } = boxOf(store, pane);
  return { cols: inner.width, rows: inner.height };
}

/** A report in cells of the screen, told by a cell of a pane. */
function at(
  store: Store,
  { pane, part = 'content', col = 0, row = 0 }: At,
  action: MouseEvent['action'],
  button: MouseEvent['button'] = 'left',
): MouseEvent {
  const box = boxOf(store, pane);
  const from = part === 'title' ? box.title : box.inner;
  return { type: 'mouse', action, button, col: from.x + col, row: from.y + row, modifiers: 0 };
}

function carryOut(store: Store, event: MouseEvent): string[] {
  return routeInput(store.getState(), keymap, event).flatMap((effect: Effect) => {
    switch (effect.type) {
      case 'view':
        store.dispatch(effect.action);
        return [];
      case 'pane-input': {
        const input = effect.event;
        if (input.type !== 'mouse') throw new Error('not a mouse report');
        return [`${effect.pane}: ${input.action} ${input.button} ${input.col},${input.row}`];
      }
      case 'select':
        return [`select in ${effect.pane}: ${effect.event.action}`];
      case 'scroll-pane':
        return [`scroll ${effect.pane} by ${effect.lines}`];
      default:
        throw new Error(effect.type);
    }
  });
}

const view = (store: Store) => store.getState().view;

describe('over a pane in copy mode', () => {
  it('wheel and left button are copy mode’s, whatever the program asked for', () => {
    const { store, play } = stage({ 1: { mouseProtocol: 'any' } });
    store.dispatch({ type: 'copy-changed', pane: 1, copy: { position: '', prompt: null, selecting: false } });
    const here = { pane: 1, col: 1, row: 1 };
    expect(play(at(store, here, 'press', 'wheel-up'), at(store, here, 'press', 'wheel-left'))).toEqual([
      'scroll 1 by -3',
    ]);
    expect(
      play(at(store, here, 'press'), at(store, { pane: 5, col: 3 }, 'move'), at(store, { pane: 5, col: 3 }, 'release')),
    ).toEqual(['select in 1: press', 'select in 1: move', 'select in 1: release']);
    expect(play(at(store, here, 'move', 'none'))).toEqual([]);
  });

  it('a drag that begins in another pane moves the focus there and selects there', () => {
    const { store, play } = stage();
    const here = { pane: 5, col: 1, row: 1 };
    expect(play(at(store, here, 'press'), at(store, { pane: 1 }, 'move'))).toEqual([
      'select in 5: press',
      'select in 5: move',
    ]);
    expect(view(store).focused).toBe(5);
  });
});

describe('a click', () => {
  it('on the strip of a small screen moves the focus to the pane that stands there', () => {
    const { store, play } = stage({}, { cols: 40, rows: 12 });
    const tap = (col: number, action: MouseEvent['action']): MouseEvent => ({
      ...{ type: 'mouse', action, button: 'left' },
      ...{ col, row: 0, modifiers: 0 },
    });
    store.dispatch({ type: 'prefix-pressed' });
    expect(play(tap(9, 'press'), tap(9, 'release'))).toEqual([]);
    expect(store.getState().view).toMatchObject({ focused: 3, mode: 'normal', pointer: null });
    expect(play(tap(39, 'press'), tap(39, 'release'))).toEqual([]);
    expect(store.getState().view.focused).toBe(3);
  });

  it('on another pane moves the focus, and nothing of it is passed on', () => {
    const { store, play } = stage({ 5: { mouseProtocol: 'any' } });
    const click = { pane: 5, col: 3, row: 2 };
    expect(
      play(
        at(store, click, 'press'),
        at(store, { ...click, col: 4 }, 'move'),
        at(store, { ...click, col: 4 }, 'release'),
      ),
    ).toEqual([]);
    expect(view(store)).toMatchObject({ focused: 5, pointer: null });
    expect(play(at(store, click, 'press'), at(store, click, 'release'))).toEqual([
      '5: press left 3,2',
      '5: release left 3,2',
    ]);
  });

  it.each(['middle', 'right'] as const)('with the %s button focuses, too', (button) => {
    const { store, play } = stage({ 2: { mouseProtocol: 'drag' } });
    expect(play(at(store, { pane: 2 }, 'press', button), at(store, { pane: 2 }, 'release', button))).toEqual([]);
    expect(view(store).focused).toBe(2);
  });

  it('is not told to a program that did not ask for the mouse', () => {
    const { store, play } = stage();
    const here = { pane: 1, col: 1, row: 1 };
    expect(play(at(store, here, 'press'), at(store, here, 'move'), at(store, here, 'release'))).toEqual([
      'select in 1: press',
      'select in 1: move',
      'select in 1: release',
    ]);
  });

  it('holds the pane until the release: drags outside of it end at its edge', () => {
    const { store, play } = stage({ 5: { mouseProtocol: 'drag' } });
    store.dispatch({ type: 'focused', pane: 5 });
    const { cols, rows } = sizeOf(store, 5);
    expect(
      play(
        at(store, { pane: 5, col: 2, row: 2 }, 'press'),
        at(store, { pane: 1 }, 'move'),
        at(store, { pane: 9, col: 5, row: 5 }, 'move'),
        at(store, { pane: 9, col: 5, row: 5 }, 'release'),
        at(store, { pane: 9, col: 5, row: 5 }, 'move'),
      ),
    ).toEqual([
      '5: press left 2,2',
      '5: move left 0,0',
      `5: move left ${cols - 1},${rows - 1}`,
      `5: release left ${cols - 1},${rows - 1}`,
    ]);
    expect(view(store).focused).toBe(5);
  });

  it('of a second button goes where the first is held', () => {
    const { store, play } = stage({ 1: { mouseProtocol: 'vt200' } });
    expect(
      play(
        at(store, { pane: 1 }, 'press'),
        at(store, { pane: 2 }, 'press', 'right'),
        at(store, { pane: 1 }, 'release'),
        at(store, { pane: 1 }, 'release', 'right'),
      ),
    ).toEqual([
      '1: press left 0,0',
      `1: press right ${sizeOf(store, 1).cols - 1},0`,
      '1: release left 0,0',
      '1: release right 0,0',
    ]);
    expect(view(store)).toMatchObject({ focused: 1, pointer: null });
  });

  it('after a release that was lost is a click like any other', () => {
    const { store, play } = stage({ 1: { mouseProtocol: 'vt200' } });
    play(at(store, { pane: 1 }, 'press'));
    const released = at(store, { pane: 2 }, 'release');
    expect(play(at(store, { pane: 2 }, 'press'), released)).toEqual(['select in 2: press', 'select in 2: release']);
    expect(view(store)).toMatchObject({ focused: 2, pointer: null });
  });

  it('beside what a smaller pane shows of its box is not told', () => {
    const { store, play } = stage();
    setModes(store, 1, { mouseProtocol: 'any' }, { cols: 10, rows: 4 });
    expect(play(at(store, { pane: 1, col: 10, row: 3 }, 'press'), at(store, { pane: 1, row: 4 }, 'release'))).toEqual(
      [],
    );
    expect(play(at(store, { pane: 1, col: 9, row: 3 }, 'press'))).toEqual(['1: press left 9,3']);
    expect(play(at(store, { pane: 5 }, 'move'))).toEqual(['1: move left 9,3']);
  });

  it('into a pane in which nothing runs is told nobody, whatever its program once asked for', () => {
    const { store, play } = stage({ 1: { mouseProtocol: 'any' } }, { panes: nine({ 1: { state: 'exited' } }) });
    const here = { pane: 1, col: 1, row: 1 };
    expect(play(at(store, here, 'press'), at(store, here, 'release'), at(store, here, 'press', 'wheel-up'))).toEqual([
      'select in 1: press',
      'select in 1: release',
      'scroll 1 by -3',
    ]);
  });

  it('leaves the prefix, and does what it does', () => {
    const { store, play } = stage();
    for (const effect of routeInput(store.getState(), keymap, key('ctrl+b')))
      if (effect.type === 'view') store.dispatch(effect.action);
    play(at(store, { pane: 4 }, 'press'), at(store, { pane: 4 }, 'release'));
    expect(view(store)).toMatchObject({ focused: 4, mode: 'normal' });
  });

  it('on the status bar or a line between panes does nothing', () => {
    const { store, play } = stage({ 1: { mouseProtocol: 'any' } });
    const { x, y } = selectGeometry(store.getState()).separators[0]!;
    const before = view(store);
    for (const [col, row] of [
      [x, y],
      [0, 59],
    ] as const) {
      const event: MouseEvent = { type: 'mouse', action: 'press', button: 'left', col, row, modifiers: 0 };
      expect(play(event, { ...event, action: 'release' })).toEqual([]);
    }
    expect(view(store)).toEqual(before);
  });
});

describe('a title', () => {
  const click = (store: Store, play: (...events: MouseEvent[]) => string[], pane: number) =>
    play(at(store, { pane, part: 'title', col: 4 }, 'press'), at(store, { pane, part: 'title', col: 4 }, 'release'));

  it('focuses its pane with one click and zooms it with two, and back', () => {
    const { store, play, clock }: { store: Store; play(...e: MouseEvent[]): string[]; clock: TestClock } = stage();
    click(store, play, 3);
    expect(view(store)).toMatchObject({ focused: 3, zoomed: false });
    clock.advance(200);
    click(store, play, 3);
    expect(view(store)).toMatchObject({ focused: 3, zoomed: true });
    click(store, play, 3);
    click(store, play, 3);
    expect(view(store).zoomed).toBe(false);
  });

  it('is not zoomed by two slow clicks, nor by one on each of two titles', () => {
    const { store, play, clock } = stage();
    click(store, play, 3);
    clock.advance(600);
    click(store, play, 3);
    click(store, play, 2);
    expect(view(store)).toMatchObject({ focused: 2, zoomed: false });
  });
});

describe('the wheel', () => {
  const wheel = (store: Store, pane: number, button: MouseEvent['button'] = 'wheel-down') =>
    at(store, { pane, col: 1, row: 2 }, 'press', button);

  it('goes to the pane below it, without moving the focus', () => {
    const { store, play } = stage({ 6: { mouseProtocol: 'vt200' } });
    expect(play(wheel(store, 6), wheel(store, 6, 'wheel-left'))).toEqual([
      '6: press wheel-down 1,2',
      '6: press wheel-left 1,2',
    ]);
    expect(view(store).focused).toBe(1);
  });

  it('goes to a full-screen program that did not ask, as arrows, unless it has forbidden that', () => {
    const { store, play } = stage({
      2: { alternateScreen: true },
      3: { alternateScreen: true, alternateScroll: false },
    });
    expect(play(wheel(store, 2), wheel(store, 2, 'wheel-right'), wheel(store, 3))).toEqual([
      '2: press wheel-down 1,2',
      'scroll 3 by 3',
    ]);
  });

  it('is nothing to a program that takes presses only, or nothing at all', () => {
    const { store, play } = stage({ 2: { mouseProtocol: 'x10' } });
    expect(play(wheel(store, 1, 'wheel-up'), wheel(store, 2), wheel(store, 1, 'wheel-left'))).toEqual([
      'scroll 1 by -3',
      'scroll 2 by 3',
    ]);
  });

  it('scrolls the help, wherever the pointer is', () => {
    const { store, play } = stage({ 1: { mouseProtocol: 'any' } }, { cols: 80, rows: 14 });
    store.dispatch({ type: 'help-opened' });
    expect(play(wheel(store, 1), wheel(store, 1), wheel(store, 1, 'wheel-up'))).toEqual([]);
    expect(view(store).help.scroll).toBe(3);
  });
});

describe('moves without a button', () => {
  it('go to the focused pane alone, and only if its program asked for all of them', () => {
    const { store, play } = stage({ 1: { mouseProtocol: 'any' }, 2: { mouseProtocol: 'any' } });
    const move = (pane: number, col = 1) => at(store, { pane, col, row: 1 }, 'move', 'none');
    expect(play(move(1), move(2), at(store, { pane: 1, part: 'title' }, 'move', 'none'))).toEqual(['1: move none 1,1']);
    setModes(store, 1, { mouseProtocol: 'drag' });
    expect(play(move(1))).toEqual([]);
  });

  it('tell that the button came up outside of the window', () => {
    const { store, play } = stage({ 1: { mouseProtocol: 'any' } });
    play(at(store, { pane: 1 }, 'press'));
    play(at(store, { pane: 2 }, 'move', 'none'));
    expect(view(store).pointer).toBeNull();
  });
});

describe.each(['help', 'quit', 'confirm'] as const)('while the %s is open', (mode) => {
  it('nothing reaches a pane, nothing closes and the focus stays', () => {
    const { store, play } = stage({ 1: { mouseProtocol: 'any' }, 5: { mouseProtocol: 'any' } });
    if (mode === 'help') store.dispatch({ type: 'help-opened' });
    if (mode === 'quit') store.dispatch({ type: 'quit-asked' });
    if (mode === 'confirm') store.dispatch({ type: 'confirm-asked', command: 'stop', pane: 1 });
    const all = [1, 5].flatMap((pane) => [
      at(store, { pane }, 'press'),
      at(store, { pane }, 'move'),
      at(store, { pane }, 'release'),
      at(store, { pane }, 'move', 'none'),
      at(store, { pane, part: 'title' }, 'press'),
      at(store, { pane, part: 'title' }, 'release'),
      at(store, { pane }, 'press', 'wheel-up'),
    ]);
    expect(play(...all)).toEqual([]);
    expect(view(store)).toMatchObject({ mode, focused: 1, zoomed: false, pointer: null });
  });

  it('a program that got a press before gets its release, and nothing between', () => {
    const { store, play } = stage({ 1: { mouseProtocol: 'any' } });
    expect(play(at(store, { pane: 1 }, 'press'))).toHaveLength(1);
    if (mode === 'help') store.dispatch({ type: 'help-opened' });
    if (mode === 'quit') store.dispatch({ type: 'quit-asked' });
    if (mode === 'confirm') store.dispatch({ type: 'confirm-asked', command: 'stop', pane: 1 });
    const here = { pane: 1, col: 2 };
    expect(play(at(store, here, 'move'), at(store, here, 'press', 'right'), at(store, here, 'release'))).toEqual([
      '1: release left 2,0',
    ]);
  });
});
