import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arrangedGrid, arrangementsOf, hasRoom, presentArrangement, refitted } from '../../src/core/arrangement.ts';
import { borderAt, borderOf, equalized, moveBorder, trackSizes } from '../../src/core/borders.ts';
import { computeGeometry } from '../../src/core/geometry.ts';
import { ARRANGEMENTS, type Grid, type Layout, type PaneSpec } from '../../src/core/layout.ts';
import { addPane, arrange, closePane, equalize, resize, swapPanes } from '../../src/core/layout-edits.ts';
import { fittingGrid, regularGrid } from '../../src/core/regular-grid.ts';
import { MIN_PANE_COLS } from '../../src/core/small-screens.ts';

const SCREEN = { cols: 200, rows: 50 };

function layoutOf(count: number, grid: Grid = fittingGrid(count)): Layout {
  const panes = Array.from({ length: count }, (_, i) => ({ name: `p${i + 1}`, dependsOn: [] }) as unknown as PaneSpec);
  return { name: 'x', file: null, grid, panes, keys: {}, mouse: true, reload: 'manual', clipboard: 'focused' };
}

/** The shape as rows of places, for the eye. */
function picture({ rows, cols, areas }: Grid): string[] {
  const cells = Array.from({ length: rows }, () => new Array<string>(cols).fill('.'));
  for (const [index, { row, col, rowSpan, colSpan }] of areas.entries())
    for (let y = row; y < row + rowSpan; y++) cells[y]!.fill(String(index + 1), col, col + colSpan);
  return cells.map((line) => line.join(''));
}

describe('an arrangement', () => {
  test.each([
    ['grid', 5, ['123', '455']],
    ['grid', 9, ['123', '456', '789']],
    ['columns', 3, ['123']],
    ['rows', 3, ['1', '2', '3']],
    ['main-left', 4, ['12', '13', '14']],
    ['main-left', 6, ['123', '145', '166']],
    ['main-top', 4, ['111', '234']],
    ['main-top', 6, ['111', '246', '356']],
    ['rows', 1, ['1']],
  ] as const)('%s of %i panes', (name, count, expected) => {
    expect(picture(arrangedGrid(name, count))).toEqual(expected);
  });

  test('has a place for each of up to nine panes, and no two in one place', () => {
    for (const name of ARRANGEMENTS) {
      for (let count = 1; count <= 12; count++) {
        const grid = arrangedGrid(name, count);
        expect(grid.areas).toHaveLength(Math.min(9, count));
        const cells = grid.areas.reduce((sum, { rowSpan, colSpan }) => sum + rowSpan * colSpan, 0);
        expect(picture(grid).join('').replaceAll('.', '')).toHaveLength(cells);
      }
    }
  });

  test('follows the number of panes, and keeps moved borders where it still can', () => {
    const grid = { ...arrangedGrid('main-left', 3), colShares: [3, 1] };
    expect(refitted(grid, 3, 4)).toEqual({ ...arrangedGrid('main-left', 4), colShares: [3, 1] });
    expect(refitted(grid, 3, 7).colShares).toEqual([2, 1, 1]);
    expect(refitted(fittingGrid(4), 4, 5)).toEqual(fittingGrid(5));
    expect(refitted(regularGrid(1, 4), 4, 5)).toEqual(regularGrid(1, 4));
  });

  test('is offered once for each look, the layout’s own first', () => {
    const names = (layout: Layout) => arrangementsOf(layout).map(({ name }) => name);
    expect(names(layoutOf(9))).toEqual([null, 'main-left', 'main-top', 'columns', 'rows']);
    expect(names(layoutOf(2))).toEqual([null, 'main-top']);
    expect(names(layoutOf(1))).toEqual([null]);
    let layout = layoutOf(9);
    const seen: number[] = [];
    for (const name of names(layout)) {
      layout = arrange(layout, name);
      seen.push(presentArrangement(layout));
    }
    expect(seen).toEqual([0, 1, 2, 3, 4]);
    expect(arrange(layout, null).grid).toEqual(fittingGrid(9));
  });

  test('has room or not', () => {
    expect(hasRoom(arrangedGrid('columns', 9), { cols: 188, rows: 24, paneCount: 9 })).toBe(true);
    expect(hasRoom(arrangedGrid('columns', 9), { cols: 187, rows: 24, paneCount: 9 })).toBe(false);
  });
});

describe('a border', () => {
  test('is the pane’s far one, or its near one at the edge', () => {
    const grid = regularGrid(2, 2);
    const [first, , , last] = grid.areas;
    expect(borderOf(grid, first!, 'left')).toEqual({ axis: 'columns', index: 1 });
    expect(borderOf(grid, first!, 'down')).toEqual({ axis: 'rows', index: 1 });
    expect(borderOf(grid, last!, 'right')).toEqual({ axis: 'columns', index: 1 });
    expect(borderOf(regularGrid(1, 2), first!, 'up')).toBeNull();
  });

  test('moves by cells and no further than panes stay readable', () => {
    const grid = regularGrid(2, 2);
    const border = { axis: 'columns', index: 1 } as const;
    const moved = moveBorder(grid, border, 7, SCREEN);
    expect(trackSizes(grid, 'columns', SCREEN)).toEqual([100, 99]);
    expect(trackSizes(moved, 'columns', SCREEN)).toEqual([107, 92]);
    expect(trackSizes(moveBorder(moved, border, -1000, SCREEN), 'columns', SCREEN)).toEqual([MIN_PANE_COLS, 179]);
    expect(moveBorder(grid, { axis: 'rows', index: 2 }, 1, SCREEN)).toBe(grid);
    const small = { cols: 41, rows: 9 };
    expect(moveBorder(grid, border, 1, small)).toBe(grid);
    expect(moveBorder(grid, { axis: 'rows', index: 1 }, -1, small)).toBe(grid);
  });

  test('is found under the pointer: the line between columns, and a title that is not in the first row', () => {
    const grid = { ...regularGrid(2, 2), colShares: [3, 1] };
    const geometry = computeGeometry({ ...SCREEN, grid, paneCount: 4, focused: 1, zoomed: false });
    const line = geometry.separators[0]!.x;
    expect(borderAt(geometry, grid, SCREEN, { x: line, y: 5 })).toEqual({ axis: 'columns', index: 1 });
    const lower = geometry.boxes[3]!.title;
    expect(borderAt(geometry, grid, SCREEN, { x: lower.x + 2, y: lower.y })).toEqual({ axis: 'rows', index: 1 });
    expect(borderAt(geometry, grid, SCREEN, { x: 3, y: 0 })).toBeNull();
    expect(borderAt(geometry, grid, SCREEN, { x: 3, y: 5 })).toBeNull();
  });

  test('keeps every cell in use and every pane readable wherever it is moved, on every screen', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ARRANGEMENTS),
        fc.integer({ min: 2, max: 9 }),
        fc.array(fc.tuple(fc.constantFrom('rows', 'columns'), fc.nat(8), fc.integer({ min: -60, max: 60 })), {
          maxLength: 8,
        }),
        fc.integer({ min: 60, max: 300 }),
        fc.integer({ min: 20, max: 100 }),
        (name, count, moves, cols, rows) => {
          let grid = arrangedGrid(name, count);
          const screen = { cols, rows };
          const show = () => computeGeometry({ ...screen, grid, paneCount: count, focused: 1, zoomed: false });
          if (show().mode !== 'grid' || show().isReduced) return;
          for (const [axis, index, by] of moves) {
            grid = moveBorder(grid, { axis: axis as 'rows' | 'columns', index }, by, screen);
            const { mode, isReduced, boxes, separators } = show();
            expect({ mode, isReduced }).toEqual({ mode: 'grid', isReduced: false });
            const cells = boxes.reduce((sum, { inner }) => sum + inner.width * (inner.height + 1), 0);
            const lines = separators.reduce((sum, { height }) => sum + height, 0);
            expect(cells + lines).toBe(cols * (rows - 1));
          }
          expect(trackSizes(equalized(grid), 'rows', screen).length).toBe(grid.rows);
        },
      ),
    );
  });
});

describe('what is done to a layout', () => {
  const names = ({ panes }: Layout) => panes.map(({ name }) => name).join(' ');

  test('swaps two panes', () => {
    expect(names(swapPanes(layoutOf(3), 'p1', 'p3'))).toBe('p3 p2 p1');
    expect(names(swapPanes(layoutOf(3), 'p1', 'gone'))).toBe('p1 p2 p3');
  });

  test('adds and closes panes in a grid that fits them, and is known as done', () => {
    const added = addPane(layoutOf(4), { name: 'new', dependsOn: [] } as unknown as PaneSpec);
    expect(added.grid).toEqual(fittingGrid(5));
    expect(added.edits).toMatchObject({ added: ['new'], closed: [] });
    const closed = closePane(added, 'p2');
    expect(names(closed)).toBe('p1 p3 p4 new');
    expect(closed.grid).toEqual(fittingGrid(4));
    expect(closed.edits).toMatchObject({ added: ['new'], closed: ['p2'] });
    expect(closePane(closed, 'new').edits).toMatchObject({ added: [], closed: ['p2'] });
  });

  test('lets nobody wait for a pane that is closed', () => {
    const layout = layoutOf(2);
    layout.panes[1]!.dependsOn = [{ pane: 'p1', condition: 'ready' }];
    expect(closePane(layout, 'p1').panes).toMatchObject([{ name: 'p2', dependsOn: [] }]);
    expect(layout.panes[1]!.dependsOn).toHaveLength(1);
  });

  test('refuses sizes of another grid', () => {
    expect(resize(layoutOf(4), { rows: [1], columns: [1, 2] })).toBeNull();
    const resized = resize(layoutOf(4), { rows: [1, 1], columns: [1, 2] })!;
    expect(resized.grid).toMatchObject({ colShares: [1, 2] });
    expect(equalize(resized).grid).toEqual(fittingGrid(4));
    expect(arrange(resized, null).grid).toEqual(fittingGrid(4));
  });
});
