import type { Grid, GridArea } from '../core/layout.ts';
import { regularGrid } from '../core/regular-grid.ts';
import type { Settings, Value } from './import/imported-layout.ts';

/** A grid as a layout file says it. Places that no pane stands in are left empty where a list of areas can say so. */
export function gridSettings(grid: Grid, paneNames: readonly string[]): Value {
  const { rows, cols, areas, arrangement, rowShares, colShares } = grid;
  const isRegular = JSON.stringify(areas) === JSON.stringify(regularGrid(rows, cols).areas);
  const size = arrangement ?? (isRegular ? `${rows}x${cols}` : null);
  const lines = size === null ? areaLines(grid, paneNames) : [];
  if (!rowShares && !colShares) return size ?? lines;
  const shape: Settings = size === null ? { areas: lines } : { size };
  return { ...shape, ...(rowShares ? { rows: rowShares } : {}), ...(colShares ? { columns: colShares } : {}) };
}

/** What is not written: places in which there is no pane. */
export function occupiedGrid(grid: Grid, paneCount: number): Grid {
  const isRegular = JSON.stringify(grid.areas) === JSON.stringify(regularGrid(grid.rows, grid.cols).areas);
  return isRegular || grid.arrangement ? grid : { ...grid, areas: grid.areas.slice(0, Math.max(1, paneCount)) };
}

function areaLines(grid: Grid, paneNames: readonly string[]): string[] {
  const { rows, cols, areas } = occupiedGrid(grid, paneNames.length);
  const names = areaNames(areas, paneNames);
  const cells = Array.from({ length: rows }, () => new Array<string>(cols).fill('.'));
  for (const [index, { row, col, rowSpan, colSpan }] of areas.entries()) {
    for (let y = row; y < row + rowSpan; y++) cells[y]!.fill(names[index]!, col, col + colSpan);
  }
  return cells.map((line) => line.join(' '));
}

/** The panes' own names where each of them can stand in such a line, else letters. */
function areaNames(areas: readonly GridArea[], paneNames: readonly string[]): string[] {
  const own = paneNames.slice(0, areas.length);
  if (own.length === areas.length && own.every((name) => /^[^\s.$][^\s$]*$/.test(name))) return own;
  return areas.map((_, index) => `area-${index + 1}`);
}
