import { describe, expect, test } from 'vitest';
import { computeGeometry, type GeometryInput } from '../../src/core/geometry.ts';
import { regularGrid } from '../../src/core/regular-grid.ts';

const input = { cols: 120, rows: 40, grid: regularGrid(2, 2), focused: 1, zoomed: false };

function shown(more: Partial<GeometryInput> & { panes: readonly number[] }): number[] {
  return computeGeometry({ ...input, paneCount: more.panes.length, ...more }).boxes.map(({ pane }) => pane);
}

describe('panes whose numbers are not their places', () => {
  test('stand in the places that their order says, on the same cells', () => {
    const numbered = computeGeometry({ ...input, paneCount: 3, panes: [7, 2, 4], focused: 2 });
    const plain = computeGeometry({ ...input, paneCount: 3, focused: 2 });
    expect(numbered.boxes.map(({ pane }) => pane)).toEqual([7, 2, 4]);
    expect(numbered.boxes.map(({ inner }) => inner)).toEqual(plain.boxes.map(({ inner }) => inner));
  });

  test('are on the page of the place of the focused one', () => {
    const panes = [9, 8, 7, 6, 1, 2];
    expect(shown({ panes, focused: 9 })).toEqual([9, 8, 7, 6]);
    expect(shown({ panes, focused: 1 })).toEqual([1, 2]);
    expect(shown({ panes, focused: 5 })).toEqual([9, 8, 7, 6]);
  });

  test('are shown alone by their numbers', () => {
    expect(shown({ panes: [5, 3], focused: 3, zoomed: true })).toEqual([3]);
  });
});
