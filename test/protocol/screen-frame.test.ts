import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CellExtra, createCellGrid } from '../../src/core/cell.ts';
import { DEFAULT_PANE_MODES } from '../../src/core/pane-modes.ts';
import { createScreenFrameWriter, readScreenFrame } from '../../src/protocol/screen-frame.ts';

const header = {
  pane: 3,
  cols: 10,
  rows: 4,
  cleared: true,
  cursorCol: 1,
  cursorRow: 2,
  cursorVisible: true,
  cursorStyle: 5,
  cursorColor: null,
  modes: DEFAULT_PANE_MODES,
};

describe('a screen frame', () => {
  it('carries cells, extras and the cursor as they were', () => {
    const words = Uint32Array.from({ length: 9 }, (_, i) => i * 0x10203);
    const extra: CellExtra = {
      text: '👩‍👩‍👧',
      underlineStyle: 3,
      underlineColor: 0x3010203,
      link: { id: '7', uri: 'https://example.org/?a;b' },
    };
    const writer = createScreenFrameWriter();
    writer.begin(42);
    writer.pane(header);
    writer.run({ row: 1, col: 4, count: 3, words, offset: 0, extras: [[2, extra]] });
    const grid = createCellGrid(10, 4);
    const seen: unknown[] = [];
    const frame = readScreenFrame(writer.finish(), {
      pane(got) {
        seen.push(got);
        return grid;
      },
      run: (...run) => seen.push(run),
    });
    expect(frame).toBe(42);
    expect(seen).toEqual([header, [1, 4, 3]]);
    expect([...grid.words.subarray(14 * 3, 17 * 3)]).toEqual([...words]);
    expect(grid.extras.get(16)).toEqual(extra);
  });

  it('drops the extras of cells that are overwritten', () => {
    const writer = createScreenFrameWriter();
    const grid = createCellGrid(10, 4);
    grid.extras.set(1, { text: 'x', underlineStyle: 0, underlineColor: 0 });
    writer.begin(1);
    writer.pane(header);
    writer.run({ row: 0, col: 0, count: 2, words: new Uint32Array(6), offset: 0, extras: [] });
    readScreenFrame(writer.finish(), { pane: () => grid, run: () => {} });
    expect(grid.extras.size).toBe(0);
  });

  it('refuses a run outside the pane and never throws anything else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const grid = createCellGrid(10, 4);
        try {
          readScreenFrame(Buffer.from(bytes), {
            pane: (got) => (got.cols === 10 && got.rows === 4 ? grid : null),
            run: () => {},
          });
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
    );
  });
});
