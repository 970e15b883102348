import { computeGeometry } from './geometry.ts';
import { ARRANGEMENTS, type ArrangementName, type Grid, type GridArea, type Layout } from './layout.ts';
import { fittingGrid } from './regular-grid.ts';

/** A page of these shapes holds no more; further panes make further pages. */
const MAX_PAGE_PANES = 9;
/** More panes than this beside the main one stand in two lines. */
const MAX_STACK = 4;

export function isArrangement(name: string): name is ArrangementName {
  return (ARRANGEMENTS as readonly string[]).includes(name);
}

/**
 * Shapes of a page that are made for as many panes as there are. The arrangement belongs to the session, in the grid of its layout, as
 * shares and not as cells: every client has the same one, on a screen of any size. Only the page is each client's own: it is the one of the
 * pane in focus, and a pane has the same size whoever looks at its page.
 */
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
  const { mode, isReduced } = computeGeometry({ cols, rows, grid, paneCount, focused: 1, zoomed: false });
  return mode === 'grid' && !isReduced;
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
