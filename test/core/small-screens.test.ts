import { describe, expect, test } from 'vitest';
import { computeGeometry } from '../../src/core/geometry.ts';
import { regularGrid } from '../../src/core/regular-grid.ts';
import { MIN_PANE_COLS, MIN_PANE_ROWS, placeStrip } from '../../src/core/small-screens.ts';

const nine = (cols: number, rows: number, focused = 1, zoomed = false) =>
  computeGeometry({ cols, rows, grid: regularGrid(3, 3), paneCount: 9, focused, zoomed });

describe('nine panes on a screen of', () => {
  test.each([
    [200, 50, 9, 1],
    [80, 24, 9, 1],
    [62, 19, 9, 1],
    [61, 19, 6, 2],
    [62, 18, 6, 2],
    [41, 13, 4, 3],
    [41, 12, 2, 5],
    [40, 19, 3, 3],
    [40, 13, 2, 5],
    [40, 12, 1, 1],
    [20, 5, 1, 1],
  ])('%i×%i: %i of them at a time', (cols, rows, shown, pages) => {
    const geometry = nine(cols, rows);
    expect(geometry.boxes).toHaveLength(shown);
    expect(geometry.mode).toBe(shown > 1 ? 'grid' : 'single');
    if (shown > 1) expect(geometry.pages).toBe(pages);
    expect(geometry.strip !== null).toBe(shown === 1 && rows >= 8);
  });
});

test('every screen shows the focused pane, readable where more than one is shown, and nothing lies over anything', () => {
  for (let cols = 20; cols <= 100; cols += 3) {
    for (let rows = 5; rows <= 40; rows++) {
      for (const focused of [1, 5, 9]) {
        const { boxes, mode, strip, statusRow } = nine(cols, rows, focused);
        expect(boxes.map(({ pane }) => pane)).toContain(focused);
        const taken = new Set<string>();
        const take = (x: number, y: number): void => {
          expect(x >= 0 && x < cols && y >= 0 && y < statusRow && !taken.has(`${x} ${y}`)).toBe(true);
          taken.add(`${x} ${y}`);
        };
        if (strip) for (let x = 0; x < strip.width; x++) take(x, strip.y);
        for (const { title, inner } of boxes) {
          if (mode === 'grid')
            expect([inner.width >= MIN_PANE_COLS, inner.height >= MIN_PANE_ROWS]).toEqual([true, true]);
          for (let y = title.y; y < inner.y + inner.height; y++) take(title.x, y);
        }
      }
    }
  }
});

test('zoom takes the row of the strip, and a single pane has none', () => {
  expect(nine(40, 12, 1, true)).toMatchObject({ strip: null, boxes: [{ inner: { y: 1, height: 10 } }] });
  expect(nine(40, 12)).toMatchObject({ strip: { y: 0 }, boxes: [{ title: { y: 1 }, inner: { y: 2, height: 9 } }] });
  const one = computeGeometry({ cols: 40, rows: 12, grid: regularGrid(3, 3), paneCount: 1, focused: 1, zoomed: false });
  expect(one.strip).toBe(null);
});

test('a grid with a large pane whose small ones cannot be read becomes pages of equal ones', () => {
  const areas = [
    { row: 0, col: 0, rowSpan: 2, colSpan: 1 },
    { row: 0, col: 1, rowSpan: 1, colSpan: 1 },
    { row: 1, col: 1, rowSpan: 1, colSpan: 1 },
  ];
  const geometry = computeGeometry({
    ...{ cols: 60, rows: 10, grid: { rows: 2, cols: 2, areas } },
    ...{ paneCount: 3, focused: 3, zoomed: false },
  });
  expect(geometry).toMatchObject({ mode: 'grid', page: 1, pages: 2, boxes: [{ pane: 3 }] });
});

describe('the strip', () => {
  const widths = (count: number, width = 3) => Array.from({ length: count }, (_, i) => ({ pane: i + 1, width }));
  const panes = (count: number, cols: number, focused: number) =>
    placeStrip(widths(count), cols, focused).map(({ pane }) => pane);

  test('has all panes where there is room, each after the one before', () => {
    expect(placeStrip(widths(3), 20, 2)).toEqual([
      { pane: 1, x: 0, width: 3 },
      { pane: 2, x: 3, width: 3 },
      { pane: 3, x: 6, width: 3 },
    ]);
  });

  test('has those around the focused one where there is not', () => {
    expect(panes(20, 15, 1)).toEqual([1, 2, 3, 4, 5]);
    expect(panes(20, 15, 10)).toEqual([8, 9, 10, 11, 12]);
    expect(panes(20, 15, 20)).toEqual([16, 17, 18, 19, 20]);
    expect(placeStrip(widths(20, 9), 5, 7)).toEqual([{ pane: 7, x: 0, width: 5 }]);
    expect(placeStrip([], 40, 1)).toEqual([]);
  });
});
