import type { Grid } from './layout.ts';

/** Equal cells, one pane each. */
export function regularGrid(rows: number, cols: number): Grid {
  const areas = Array.from({ length: rows * cols }, (_, i) => ({
    row: Math.floor(i / cols),
    col: i % cols,
    rowSpan: 1,
    colSpan: 1,
  }));
  return { rows, cols, areas };
}

/** The smallest of at most 3x3 that holds all panes. */
export function fittingGrid(panes: number): Grid {
  const cols = panes <= 1 ? 1 : panes <= 4 ? 2 : 3;
  return regularGrid(Math.min(3, Math.max(1, Math.ceil(panes / cols))), cols);
}
