import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { splitTracks, trackMinimums } from '../../src/core/tracks.ts';

const sizes = (input: Parameters<typeof splitTracks>[0]) => splitTracks(input).map(({ start, end }) => end - start);

describe('tracks', () => {
  test('are equal without shares; the first ones get what is left over', () => {
    expect(splitTracks({ total: 12, parts: 3, gap: 1 })).toEqual([
      { start: 0, end: 4 },
      { start: 5, end: 8 },
      { start: 9, end: 12 },
    ]);
  });

  test('follow their shares; shares that are cells come out as they are', () => {
    expect(sizes({ total: 100, parts: 3, gap: 0, shares: [2, 1, 1] })).toEqual([50, 25, 25]);
    expect(sizes({ total: 102, parts: 3, gap: 1, shares: [61, 17, 22] })).toEqual([61, 17, 22]);
    expect(sizes({ total: 10, parts: 2, gap: 0, shares: [1, 2, 3] })).toEqual([5, 5]);
  });

  test('are no smaller than their minimums where there is room for them', () => {
    const minimums = [20, 0, 20];
    expect(sizes({ total: 100, parts: 3, gap: 0, shares: [8, 1, 1], minimums })).toEqual([71, 9, 20]);
    expect(sizes({ total: 30, parts: 3, gap: 0, shares: [8, 1, 1], minimums })).toEqual([24, 3, 3]);
    expect(
      trackMinimums(
        3,
        [
          { from: 0, span: 1 },
          { from: 1, span: 2 },
        ],
        20,
      ),
    ).toEqual([20, 0, 0]);
  });

  test('use every cell', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 500 }),
        fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 0, max: 40 }),
        (total, shares, least) => {
          const minimums = shares.map(() => least);
          const found = sizes({ total, parts: shares.length, gap: 0, shares, minimums });
          expect(found.reduce((all, size) => all + size, 0)).toBe(total);
          if (least * shares.length <= total) expect(Math.min(...found)).toBeGreaterThanOrEqual(least);
        },
      ),
    );
  });
});
