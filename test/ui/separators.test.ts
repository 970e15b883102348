import { describe, expect, it } from 'vitest';
import { computeGeometry } from '../../src/core/geometry.ts';
import type { Grid } from '../../src/core/layout.ts';
import { regularGrid } from '../../src/core/regular-grid.ts';
import { separatorCells } from '../../src/ui/separators.ts';

/** `a a b / a a c / d e f` */
const composed: Grid = {
  rows: 3,
  cols: 3,
  areas: [
    { row: 0, col: 0, rowSpan: 2, colSpan: 2 },
    { row: 0, col: 2, rowSpan: 1, colSpan: 1 },
    { row: 1, col: 2, rowSpan: 1, colSpan: 1 },
    { row: 2, col: 0, rowSpan: 1, colSpan: 1 },
    { row: 2, col: 1, rowSpan: 1, colSpan: 1 },
    { row: 2, col: 2, rowSpan: 1, colSpan: 1 },
  ],
};

/** Each ten columns and each two rows of the lines as one character: the picture is for people. */
function drawn(grid: Grid, paneCount: number): string[] {
  const [cols, rows] = [62, 19];
  const geometry = computeGeometry({ cols, rows, grid, paneCount, focused: 99, zoomed: false });
  expect(geometry.mode).toBe('grid');
  const screen = Array.from({ length: rows - 1 }, () => Array.from({ length: cols }, () => ' '));
  for (const { x, y, character } of separatorCells(geometry, 99, false)) {
    expect(screen[y]![x]).toBe(' ');
    screen[y]![x] = character;
  }
  return screen
    .filter((_, y) => y % 6 < 2)
    .map((row) => row.filter((_, x) => [0, 19, 20, 21, 40, 41, 42, 61].includes(x)).join(''));
}

describe('the lines between panes', () => {
  it('end a pane above an empty cell, and do not go on through nothing', () => {
    expect(drawn(composed, 4)).toEqual([
      '─────┬──', //
      '     │  ',
      '     ├──',
      '     │  ',
      '──┬──┴──',
      '  │     ',
    ]);
  });

  it('are between all panes where no cell is empty, and join where they meet', () => {
    expect(drawn(composed, 6)).toEqual([
      '─────┬──', //
      '     │  ',
      '     ├──',
      '     │  ',
      '──┬──┼──',
      '  │  │  ',
    ]);
  });

  it.each([
    [1, ['──┐     ', '  │     ', '──┘     ', '        ', '        ', '        ']],
    [2, ['──┬──┐  ', '  │  │  ', '──┴──┘  ', '        ', '        ', '        ']],
    [4, ['──┬──┬──', '  │  │  ', '──┼──┴──', '  │     ', '──┘     ', '        ']],
    [9, ['──┬──┬──', '  │  │  ', '──┼──┼──', '  │  │  ', '──┼──┼──', '  │  │  ']],
  ])('of %i panes in nine cells frame those panes', (count, lines) => {
    expect(drawn(regularGrid(3, 3), count)).toEqual(lines);
  });
});
