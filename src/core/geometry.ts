import type { Grid } from './layout.ts';
import { fewerCells, hasStrip, MIN_PANE_COLS, MIN_PANE_ROWS } from './small-screens.ts';
import { splitTracks, type Track, trackMinimums } from './tracks.ts';

/** Where everything is on a screen, in 0-based cells. The same answer for the daemon (first size of a pane) and every client. */
export type Geometry = {
  /** `grid`: all panes of the page. `single`: only the focused pane (zoomed, or no room). `too-small`: nothing but a sentence. */
  mode: 'grid' | 'single' | 'too-small';
  /** The grid has fewer cells than was asked for, so that its panes can be read; its borders are nobody's to move. */
  isReduced: boolean;
  boxes: PaneBox[];
  /** Vertical lines between panes. */
  separators: { x: number; y: number; height: number }[];
  /** Cells of the grid that have no pane. */
  empty: Rect[];
  statusRow: number;
  /** One row that tells of all panes, where a small screen shows but one of them. */
  strip: Rect | null;
  page: number;
  pages: number;
  /** Panes on a full page. */
  perPage: number;
};

export type Rect = { x: number; y: number; width: number; height: number };

/** `title` is one row high and directly above `inner`, which holds the pane's cells. `pane`: 1-based number. */
export type PaneBox = { pane: number; title: Rect; inner: Rect };

export type GeometryInput = {
  cols: number;
  rows: number;
  grid: Grid;
  paneCount: number;
  /** The panes' numbers in the order of their places; without it they are 1 to `paneCount`. */
  panes?: readonly number[];
  /** A pane's number; decides the page and who is shown alone. */
  focused: number;
  zoomed: boolean;
};

/** The smallest screen that nonet draws on. */
export const MIN_COLS = 20;
export const MIN_ROWS = 5;

export function computeGeometry(input: GeometryInput): Geometry {
  const { cols, rows, grid, paneCount, panes, focused, zoomed } = input;
  const perPage = Math.max(1, grid.areas.length);
  const pages = Math.max(1, Math.ceil(paneCount / perPage));
  const place = panes ? panes.indexOf(focused) : focused - 1;
  const page = Math.min(pages - 1, Math.max(0, Math.floor(place / perPage)));
  const statusRow = Math.max(0, rows - 1);
  const base = { isReduced: false, separators: [], empty: [], statusRow, strip: null, page, pages, perPage };
  if (isTooSmall(input)) return { ...base, mode: 'too-small', boxes: [] };

  const single = (): Geometry => ({
    ...base,
    mode: 'single',
    boxes: paneCount > 0 ? [boxAt(focused, { x: 0, y: 0, width: cols, height: rows - 1 })] : [],
  });
  if (zoomed || (grid.rows === 1 && grid.cols === 1)) return single();

  const { columns: xs, rows: ys } = gridTracks(grid, { cols, rows });
  const boxes: PaneBox[] = [];
  const separators: Geometry['separators'] = [];
  const empty: Rect[] = [];
  for (const [index, area] of grid.areas.entries()) {
    const place = page * perPage + index;
    const x = xs[area.col]!.start;
    const y = ys[area.row]!.start;
    const width = xs[area.col + area.colSpan - 1]!.end - x;
    const height = ys[area.row + area.rowSpan - 1]!.end - y;
    if (area.col > 0) separators.push({ x: x - 1, y, height });
    if (place < paneCount) boxes.push(boxAt(panes?.[place] ?? place + 1, { x, y, width, height }));
    else empty.push({ x, y, width, height });
  }
  const unreadable = boxes.some((box) => box.inner.width < MIN_PANE_COLS || box.inner.height < MIN_PANE_ROWS);
  if (!unreadable) return { ...base, mode: 'grid', boxes, separators, empty };
  const fewer = fewerCells({ cols, rows: rows - 1 }, grid);
  // All of its panes can be read: this ends here.
  if (fewer) return { ...computeGeometry({ ...input, grid: fewer }), isReduced: true };
  const alone = single();
  if (!hasStrip(rows, paneCount)) return alone;
  const strip = { x: 0, y: 0, width: cols, height: 1 };
  return { ...alone, strip, boxes: [boxAt(focused, { x: 0, y: 1, width: cols, height: rows - 2 })] };
}

/** There is no room for anything but a sentence. */
export function isTooSmall({ cols, rows }: { cols: number; rows: number }): boolean {
  return cols < MIN_COLS || rows < MIN_ROWS;
}

/** Where the rows and columns of a grid are on a screen, whose last row is not theirs. */
export function gridTracks(
  grid: Grid,
  { cols, rows }: { cols: number; rows: number },
): Record<'rows' | 'columns', Track[]> {
  const across = grid.areas.map(({ col, colSpan }) => ({ from: col, span: colSpan }));
  const down = grid.areas.map(({ row, rowSpan }) => ({ from: row, span: rowSpan }));
  return {
    columns: splitTracks({
      total: cols,
      parts: grid.cols,
      gap: 1,
      shares: grid.colShares,
      minimums: trackMinimums(grid.cols, across, MIN_PANE_COLS),
    }),
    rows: splitTracks({
      total: rows - 1,
      parts: grid.rows,
      gap: 0,
      shares: grid.rowShares,
      minimums: trackMinimums(grid.rows, down, MIN_PANE_ROWS + 1),
    }),
  };
}

/** The pane to go to from `from` in a direction: the nearest one whose side touches, preferring the one at the same height or column. */
export function neighbour(
  boxes: readonly PaneBox[],
  from: number,
  direction: 'left' | 'right' | 'up' | 'down',
): number | null {
  const here = boxes.find((box) => box.pane === from);
  if (!here) return null;
  const a = outer(here);
  let best: { pane: number; score: number } | null = null;
  for (const box of boxes) {
    if (box.pane === from) continue;
    const b = outer(box);
    const horizontal = direction === 'left' || direction === 'right';
    const gap = horizontal
      ? direction === 'left'
        ? a.x - (b.x + b.width)
        : b.x - (a.x + a.width)
      : direction === 'up'
        ? a.y - (b.y + b.height)
        : b.y - (a.y + a.height);
    const overlap = horizontal
      ? Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
      : Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
    if (gap < 0 || overlap <= 0) continue;
    const offset = horizontal ? Math.abs(a.y - b.y) : Math.abs(a.x - b.x);
    const score = gap * 1000 + offset;
    if (!best || score < best.score) best = { pane: box.pane, score };
  }
  return best?.pane ?? null;
}

/** What lies at a cell of the screen: a pane's title, its content, or neither. */
export function paneAt(
  boxes: readonly PaneBox[],
  x: number,
  y: number,
): { box: PaneBox; part: 'title' | 'content' } | null {
  for (const box of boxes) {
    if (contains(box.title, x, y)) return { box, part: 'title' };
    if (contains(box.inner, x, y)) return { box, part: 'content' };
  }
  return null;
}

function contains(rect: Rect, x: number, y: number): boolean {
  return x >= rect.x && x < rect.x + rect.width && y >= rect.y && y < rect.y + rect.height;
}

function outer(box: PaneBox): Rect {
  return { x: box.title.x, y: box.title.y, width: box.title.width, height: box.inner.height + 1 };
}

function boxAt(pane: number, rect: Rect): PaneBox {
  return {
    pane,
    title: { x: rect.x, y: rect.y, width: rect.width, height: 1 },
    inner: { x: rect.x, y: rect.y + 1, width: rect.width, height: Math.max(0, rect.height - 1) },
  };
}
