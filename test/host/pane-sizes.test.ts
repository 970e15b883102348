import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPaneSizes } from '../../src/host/pane-sizes.ts';

const view = (...panes: [pane: number, cols: number, rows: number][]) =>
  new Map(panes.map(([pane, cols, rows]) => [pane, { cols, rows }]));

describe('the size of a pane', () => {
  let applied: [number, number, number][];
  let sizes: ReturnType<typeof createPaneSizes<string>>;
  const settle = () => {
    vi.advanceTimersByTime(100);
    const last = new Map(applied.map((entry) => [entry[0], entry]));
    applied.length = 0;
    return [...last.values()];
  };

  beforeEach(() => {
    vi.useFakeTimers();
    applied = [];
    sizes = createPaneSizes<string>((pane, { cols, rows }) => applied.push([pane, cols, rows]));
  });
  afterEach(() => {
    sizes.dispose();
    vi.useRealTimers();
  });

  it('follows the client that typed last', () => {
    sizes.setView('large', view([1, 100, 30]));
    sizes.setView('small', view([1, 50, 10]));
    expect(settle()).toEqual([[1, 50, 10]]);
    sizes.typed('large');
    expect(settle()).toEqual([[1, 100, 30]]);
    sizes.typed('large');
    expect(settle()).toEqual([]);
  });

  it('follows a client that turns to the pane, until somebody types', () => {
    sizes.setView('small', view([1, 50, 10], [2, 50, 10]));
    sizes.setView('large', view([1, 100, 30], [2, 100, 30]));
    sizes.typed('large');
    settle();
    sizes.turnedTo('small', 1);
    expect(settle()).toEqual([
      [1, 50, 10],
      [2, 100, 30],
    ]);
    expect(sizes.sizeOf(1)).toEqual({ cols: 50, rows: 10 });
    sizes.turnedTo('small', 1);
    sizes.turnedTo('large', 2);
    expect(settle()).toEqual([]);
    sizes.setView('small', view([1, 60, 12], [2, 50, 10]));
    expect(settle()).toContainEqual([1, 60, 12]);
    sizes.typed('large');
    expect(settle()).toEqual([
      [1, 100, 30],
      [2, 100, 30],
    ]);
  });

  it('of a pane that the last one to turn to it shows no more is that of the last typist', () => {
    sizes.setView('small', view([1, 50, 10]));
    sizes.setView('large', view([1, 100, 30]));
    sizes.turnedTo('small', 1);
    sizes.setView('small', view([2, 80, 24]));
    expect(settle()).toEqual([
      [1, 100, 30],
      [2, 80, 24],
    ]);
    sizes.turnedTo('small', 2);
    sizes.leave('small');
    expect(sizes.sizeOf(2)).toBeNull();
  });

  it('that is pending comes at once when somebody is about to read', () => {
    sizes.setView('a', view([1, 100, 30]));
    sizes.setView('a', view([1, 90, 20]));
    sizes.settleNow();
    expect(applied.at(-1)).toEqual([1, 90, 20]);
    applied.length = 0;
    sizes.settleNow();
    expect(settle()).toEqual([]);
  });

  it('goes to the one that typed before when a client leaves', () => {
    sizes.setView('a', view([1, 100, 30]));
    sizes.setView('b', view([1, 50, 10]));
    settle();
    sizes.leave('b');
    expect(settle()).toEqual([[1, 100, 30]]);
  });

  it('of a pane that the last typist does not show is that of one who does', () => {
    sizes.setView('all', view([1, 40, 10], [2, 40, 10]));
    sizes.setView('zoomed', view([2, 120, 40]));
    expect(settle()).toEqual([
      [1, 40, 10],
      [2, 120, 40],
    ]);
  });

  it('is no longer pending when a key comes', () => {
    sizes.setView('a', view([1, 100, 30]));
    sizes.setView('a', view([1, 50, 10]));
    sizes.typed('a');
    expect(applied.at(-1)).toEqual([1, 50, 10]);
  });

  it('changes few times while a window is dragged', () => {
    let calls = 0;
    const counted = createPaneSizes<string>(() => calls++);
    for (let i = 0; i < 100; i++) {
      counted.setView('a', view([1, 80 + i, 24]));
      vi.advanceTimersByTime(2);
    }
    vi.advanceTimersByTime(100);
    expect(calls).toBeGreaterThan(1);
    expect(calls).toBeLessThan(10);
    expect(counted.sizeOf(1)).toEqual({ cols: 179, rows: 24 });
  });
});
