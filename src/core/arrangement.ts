import { computeGeometry, type Geometry, gridTracks, MIN_PANE_COLS, MIN_PANE_ROWS } from './geometry.ts';
import type { Grid, GridArea, Layout } from './layout.ts';
import { fittingGrid } from './regular-grid.ts';

/**
 * Shapes of a page that are made for as many panes as there are. The arrangement belongs to the session, in the grid of its layout, as
 * shares and not as cells: every client has the same one, on a screen of any size. Only the page is each client's own: it is the one of the
 * pane in focus, and a pane has the same size whoever looks at its page.
 */
export const ARRANGEMENTS = ['grid', 'main-left', 'main-top', 'columns', 'rows'] as const;
export type ArrangementName = (typeof ARRANGEMENTS)[number];

/** A page of these shapes holds no more; further panes make further pages. */
const MAX_PAGE_PANES = 9;
/** More panes than this beside the main one stand in two lines. */
const MAX_STACK = 4;

export function isArrangement(name: string): name is ArrangementName {
  return (ARRANGEMENTS as readonly string[]).includes(name);
}

export function arrangedGrid(arrangement: ArrangementName, paneCount: number): Grid {
  const count = Math.max(1, Math.min(MAX_PAGE_PANES, paneCount));
  return { ...shapeOf(arrangement, count), arrangement };
}

function shapeOf(arrangement: ArrangementName, count: number): Grid {
  switch (arrangement) {
    case 'grid': {
      const cols = Math.ceil(Math.sqrt(count));
      return filled(count, cols);
    }
    case 'columns':
      return filled(count, count);
    case 'rows':
      return filled(count, 1);
    case 'main-left':
      return withMain(count);
    case 'main-top':
      return transposed(withMain(count));
  }
}

/** One half for the first pane, the others in lines beside it. */
function withMain(count: number): Grid {
  if (count === 1) return filled(1, 1);
  const others = count - 1;
  const lines = others > MAX_STACK ? 2 : 1;
  const side = filled(others, lines);
  const main: GridArea = { row: 0, col: 0, rowSpan: side.rows, colSpan: 1 };
  const areas = [main, ...side.areas.map((area) => ({ ...area, col: area.col + 1 }))];
  const shape: Grid = { rows: side.rows, cols: lines + 1, areas };
  return lines === 1 ? shape : { ...shape, colShares: [lines, ...new Array<number>(lines).fill(1)] };
}

/** Row by row; the last one takes what is left of its row. */
function filled(count: number, cols: number): Grid {
  const rows = Math.ceil(count / cols);
  const areas = Array.from({ length: count }, (_, index): GridArea => {
    const col = index % cols;
    return { row: Math.floor(index / cols), col, rowSpan: 1, colSpan: index === count - 1 ? cols - col : 1 };
  });
  return { rows, cols, areas };
}

function transposed({ rows, cols, areas, rowShares, colShares }: Grid): Grid {
  return {
    rows: cols,
    cols: rows,
    areas: areas.map(({ row, col, rowSpan, colSpan }) => ({ row: col, col: row, rowSpan: colSpan, colSpan: rowSpan })),
    ...(colShares ? { rowShares: colShares } : {}),
    ...(rowShares ? { colShares: rowShares } : {}),
  };
}

/** The grid as its layout has it, and the arrangements that look different from it and from each other. */
export function arrangementsOf(layout: Layout): { name: ArrangementName | null; grid: Grid }[] {
  const own = ownGrid(layout);
  const found: { name: ArrangementName | null; grid: Grid }[] = [{ name: null, grid: own }];
  for (const name of ARRANGEMENTS) {
    const grid = arrangedGrid(name, layout.panes.length);
    if (!found.some((other) => look(other.grid) === look(grid))) found.push({ name, grid });
  }
  return found;
}

/** What tells two grids apart for the eye. */
function look({ rows, cols, areas, rowShares, colShares }: Grid): string {
  return JSON.stringify([rows, cols, areas, rowShares ?? null, colShares ?? null]);
}

/** Which of `arrangementsOf` the layout has now; -1 for none of them. */
export function presentArrangement(layout: Layout): number {
  const name = layout.grid.arrangement ?? null;
  const own = ownGrid(layout);
  if (name === (own.arrangement ?? null)) return 0;
  return arrangementsOf(layout).findIndex((candidate) => candidate.name === name);
}

/** The grid that the layout had when it was read. */
export function ownGrid(layout: Layout): Grid {
  return layout.edits?.grid ?? layout.grid;
}

/** Whether a screen of this size shows a full page of it. */
export function hasRoom(
  grid: Grid,
  { cols, rows, paneCount }: { cols: number; rows: number; paneCount: number },
): boolean {
  return computeGeometry({ cols, rows, grid, paneCount, focused: 1, zoomed: false }).mode === 'grid';
}

/** The grid for another number of panes: one that was made for the number they had is made anew, every other stays. */
export function refitted(grid: Grid, before: number, after: number): Grid {
  if (grid.arrangement) {
    const next = arrangedGrid(grid.arrangement, after);
    const { rowShares = next.rowShares, colShares = next.colShares } = grid;
    return {
      ...next,
      ...(rowShares?.length === next.rows ? { rowShares } : {}),
      ...(colShares?.length === next.cols ? { colShares } : {}),
    };
  }
  return JSON.stringify(grid) === JSON.stringify(fittingGrid(before)) ? fittingGrid(after) : grid;
}

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
