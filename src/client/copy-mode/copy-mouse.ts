import { copiedText, dragTo, scrollView, selectAt } from '../../core/copy-mode/copy-state.ts';
import type { Position } from '../../core/copy-mode/lines.ts';
import type { Rect } from '../../core/geometry.ts';
import { ALT, type MouseEvent } from '../../core/input-event.ts';
import type { Clock } from '../clock.ts';
import type { CopyModes } from './copy-modes.ts';

/**
 * Selecting with the left button, inside one pane: a drag selects characters (with Alt a block), two clicks a word, three a line. Past the
 * edge the view scrolls as long as the button is held. The release copies.
 */
export type CopyMouse = {
  /** Press, moves and release of one button, in cells of the screen. */
  receive(pane: number, event: MouseEvent): void;
  dispose(): void;
};

export type CopyMouseDeps = {
  modes: CopyModes;
  clock: Clock;
  /** Where the pane's cells are on the screen; null while they are not. */
  rectOf(pane: number): Rect | null;
  onCopied(text: string): void;
};

const CLICK_MS = 400;
const SCROLL_MS = 50;
const STEPS_A_GEAR = 10;

type Press = { pane: number; col: number; row: number; clicks: number; atMs: number; wasOpen: boolean; moved: boolean };

export function createCopyMouse({ modes, clock, rectOf, onCopied }: CopyMouseDeps): CopyMouse {
  let press: Press | null = null;
  let down = false;
  let last: MouseEvent | null = null;
  let cancelScroll: (() => void) | null = null;
  let scrolled = 0;

  function begin(pane: number, event: MouseEvent): void {
    const { col, row } = event;
    const repeats = press?.pane === pane && press.col === col && press.row === row;
    const clicks = repeats && press && clock.now() - press.atMs <= CLICK_MS ? (press.clicks % 3) + 1 : 1;
    press = { pane, col, row, clicks, atMs: clock.now(), wasOpen: modes.isOpen(pane), moved: false };
    down = true;
    last = event;
    // A single click into a live pane is none of copy mode's business.
    if (clicks > 1 || press.wasOpen) select(press);
  }

  function select({ pane, col, row, clicks }: Press): void {
    const rect = rectOf(pane);
    if (!rect) return;
    modes.act(pane, 'drag', (state, lines) => selectAt(state, lines, placeIn(state, rect, col, row), clicks));
  }

  function drag(event: MouseEvent): void {
    if (!press || !down) return;
    if (!press.moved && event.col === press.col && event.row === press.row) return;
    if (!press.moved && press.clicks === 1 && !press.wasOpen) select(press);
    press.moved = true;
    last = event;
    extend();
    const rect = rectOf(press.pane);
    const outside = rect && (event.row < rect.y || event.row >= rect.y + rect.height);
    if (outside) cancelScroll ??= clock.after(SCROLL_MS, scroll);
    else stopScroll();
  }

  function extend(): void {
    const rect = press && rectOf(press.pane);
    if (!press || !last || !rect) return;
    const { col, row, modifiers } = last;
    const kind = (modifiers & ALT) !== 0 ? 'block' : 'char';
    modes.act(press.pane, 'drag', (state, lines) => dragTo(state, lines, placeIn(state, rect, col, row), kind));
  }

  /** The farther out and the longer held, the faster. */
  function scroll(): void {
    cancelScroll = null;
    const rect = press && rectOf(press.pane);
    if (!press || !down || !last || !rect) return;
    const beyond = last.row < rect.y ? last.row - rect.y : last.row - rect.y - rect.height + 1;
    if (beyond === 0) return;
    const lines = beyond * (1 + Math.floor(scrolled++ / STEPS_A_GEAR));
    modes.act(press.pane, 'drag', (state, snapshot) => scrollView(state, snapshot, lines));
    extend();
    cancelScroll = clock.after(SCROLL_MS, scroll);
  }

  function stopScroll(): void {
    scrolled = 0;
    cancelScroll?.();
    cancelScroll = null;
  }

  function end(): void {
    stopScroll();
    if (!press || !down) return;
    down = false;
    const { pane, moved, clicks, wasOpen } = press;
    if (!moved && clicks === 1) return;
    modes.act(pane, 'drag', (state, lines) => {
      const text = copiedText(state, lines);
      if (text !== '') onCopied(text);
      // What the mouse opened the mouse closes; where somebody reads, they stay.
      return { state, effects: wasOpen ? [] : [{ type: 'left' }] };
    });
  }

  return {
    receive(pane, event) {
      if (event.action === 'press') begin(pane, event);
      else if (event.action === 'release') end();
      else drag(event);
    },
    dispose: stopScroll,
  };
}

/** The line and column at a cell of the screen; those at the edge from outside. */
function placeIn(view: { top: number; left: number; rows: number }, rect: Rect, col: number, row: number): Position {
  const y = Math.max(0, Math.min(Math.min(rect.height, view.rows) - 1, row - rect.y));
  const x = Math.max(0, Math.min(rect.width - 1, col - rect.x));
  // Above the pane everything up to the beginning of the row, below it all of it.
  if (row < rect.y) return { row: view.top, col: view.left };
  if (row >= rect.y + rect.height) return { row: view.top + y, col: view.left + rect.width - 1 };
  return { row: view.top + y, col: view.left + x };
}
