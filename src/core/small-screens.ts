import type { Grid } from './layout.ts';
import { regularGrid } from './regular-grid.ts';

/**
 * What is shown where a page's panes would be too small to be read: as many of them as can be, on more pages; or one, and above it a line
 * that tells how all of them do.
 */

/** The smallest pane worth looking at, without its title: a dialog with its question, or the last words of a build. */
export const MIN_PANE_COLS = 20;
export const MIN_PANE_ROWS = 5;

/** On a screen of fewer rows than this the pane needs the strip's row. */
const MIN_STRIP_SCREEN_ROWS = 8;

type Room = { cols: number; rows: number };

/** The grid of a page with the most panes that can be read, none larger than `grid`; null when that is a single pane. `rows`: without the status bar. */
export function fewerCells({ cols, rows }: Room, grid: Pick<Grid, 'rows' | 'cols'>): Grid | null {
  const across = Math.min(grid.cols, Math.floor((cols + 1) / (MIN_PANE_COLS + 1)));
  const down = Math.min(grid.rows, Math.floor(rows / (MIN_PANE_ROWS + 1)));
  return across * down > 1 ? regularGrid(down, across) : null;
}

/** Whether a screen of so many rows that shows one of several panes has a line for all of them. */
export function hasStrip(rows: number, paneCount: number): boolean {
  return paneCount > 1 && rows >= MIN_STRIP_SCREEN_ROWS;
}

/** Where one pane stands on the strip. `x` and `width`: cells of the screen. */
export type StripItem = { pane: number; x: number; width: number };

/**
 * The panes on a strip of `cols` cells, in their order. `widths`: what each would take with a blank after it. Where they do not all fit,
 * those around the focused one.
 */
export function placeStrip(
  widths: readonly { pane: number; width: number }[],
  cols: number,
  focused: number,
): StripItem[] {
  const at = Math.max(
    0,
    widths.findIndex(({ pane }) => pane === focused),
  );
  let first = at;
  let last = at;
  let used = widths[at]?.width ?? 0;
  // To both sides in turn, as long as there is room.
  for (let grown = true; grown; ) {
    grown = false;
    const after = widths[last + 1];
    if (after && used + after.width <= cols) {
      last++;
      used += after.width;
      grown = true;
    }
    const before = widths[first - 1];
    if (before && used + before.width <= cols) {
      first--;
      used += before.width;
      grown = true;
    }
  }
  let x = 0;
  return widths.slice(first, last + 1).map(({ pane, width }) => {
    const item = { pane, x, width: Math.min(width, cols - x) };
    x += width;
    return item;
  });
}
