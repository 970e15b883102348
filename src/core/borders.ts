import { type Geometry, gridTracks } from './geometry.ts';
import type { Grid, GridArea } from './layout.ts';
import { MIN_PANE_COLS, MIN_PANE_ROWS } from './small-screens.ts';

export type Axis = 'rows' | 'columns';
/** The line between two tracks: `index` is that of the track behind it. */
export type Border = { axis: Axis; index: number };
export type Screen = { cols: number; rows: number };

/** The sizes in cells that the tracks have on this screen: shares that give them back. */
export function trackSizes(grid: Grid, axis: Axis, screen: Screen): number[] {
  return gridTracks(grid, screen)[axis].map(({ start, end }) => end - start);
}

/**
 * The grid with a border moved by so many cells, negative to the left or up, as far as the panes on both sides stay readable. The same
 * object when nothing moves.
 */
export function moveBorder(grid: Grid, { axis, index }: Border, by: number, screen: Screen): Grid {
  const sizes = trackSizes(grid, axis, screen);
  if (index < 1 || index >= sizes.length) return grid;
  const least = axis === 'rows' ? MIN_PANE_ROWS + 1 : MIN_PANE_COLS;
  const step = Math.sign(by);
  for (let moved = Math.trunc(by); moved !== 0; moved -= step) {
    const next = sizes.map((size, i) => (i === index - 1 ? size + moved : i === index ? size - moved : size));
    const isReadable = grid.areas.every(
      (area) => extentOf(next, area, axis) >= Math.min(least, extentOf(sizes, area, axis)),
    );
    if (isReadable && next.every((size) => size > 0))
      return axis === 'rows' ? { ...grid, rowShares: next } : { ...grid, colShares: next };
  }
  return grid;
}

function extentOf(sizes: readonly number[], area: GridArea, axis: Axis): number {
  const [from, span] = axis === 'rows' ? [area.row, area.rowSpan] : [area.col, area.colSpan];
  return sizes.slice(from, from + span).reduce((all, size) => all + size, 0);
}

/** The border that a pane's side in this direction is on, else the one on its other side; null when it reaches from edge to edge. */
export function borderOf(grid: Grid, area: GridArea, direction: 'left' | 'right' | 'up' | 'down'): Border | null {
  const axis: Axis = direction === 'left' || direction === 'right' ? 'columns' : 'rows';
  const [from, to, count] =
    axis === 'columns'
      ? [area.col, area.col + area.colSpan, grid.cols]
      : [area.row, area.row + area.rowSpan, grid.rows];
  // As in tmux: the far border moves, the near one only for a pane that has no other.
  if (to < count) return { axis, index: to };
  return from > 0 ? { axis, index: from } : null;
}

/** The border at a cell of the screen: a line between columns, or the title line below another pane. */
export function borderAt(geometry: Geometry, grid: Grid, screen: Screen, at: { x: number; y: number }): Border | null {
  const { columns, rows } = gridTracks(grid, screen);
  const line = geometry.separators.find(({ x, y, height }) => x === at.x && at.y >= y && at.y < y + height);
  if (line) {
    const index = columns.findIndex(({ start }) => start === line.x + 1);
    return index > 0 ? { axis: 'columns', index } : null;
  }
  const box = geometry.boxes.find(({ title }) => title.y === at.y && at.x >= title.x && at.x < title.x + title.width);
  const index = box ? rows.findIndex(({ start }) => start === box.title.y) : -1;
  return index > 0 ? { axis: 'rows', index } : null;
}

/** Rows and columns of equal size, also where the arrangement has its own. */
export function equalized({ rows, cols, areas, arrangement }: Grid): Grid {
  if (!arrangement) return { rows, cols, areas };
  const ones = (count: number): number[] => new Array<number>(count).fill(1);
  return { rows, cols, areas, arrangement, rowShares: ones(rows), colShares: ones(cols) };
}
