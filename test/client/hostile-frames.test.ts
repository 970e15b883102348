import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCompositor } from '../../src/client/compositor.ts';
import { createCellGrid } from '../../src/core/cell.ts';
import { DEFAULT_PANE_MODES } from '../../src/core/pane-modes.ts';
import { createScreenFrameWriter } from '../../src/protocol/screen-frame.ts';
import { createScreen, type Screen } from '../../src/terminal/screen.ts';
import { findForbidden } from '../helpers/allowed-sequences.ts';
import { everyHostileSequence, hostilePiece } from '../helpers/hostile-pieces.ts';

const COLS = 30;
const ROWS = 8;
const writer = createScreenFrameWriter();

/** A pane as wide as the terminal, from its bytes to what is painted of them. */
function openPane(): { write(bytes: Buffer): boolean; paint(): string } {
  const screen: Screen = createScreen({ cols: COLS, rows: ROWS, scrollback: 20 });
  const known = createCellGrid(COLS, ROWS);
  const compositor = createCompositor({ chrome: createCellGrid(COLS, ROWS), synchronized: () => true });
  const rect = { x: 0, y: 0, width: COLS, height: ROWS };
  compositor.setScene({
    boxes: [{ pane: 1, outer: rect, inner: rect, title: rect } as never],
    masks: [],
    noticeRows: new Map(),
    cursorPane: 1,
  });
  let frame = 0;
  return {
    write: (bytes) => screen.write(bytes),
    paint() {
      const { col, row, visible, style, color } = screen.cursor();
      writer.begin(++frame);
      writer.pane({
        pane: 1,
        cols: COLS,
        rows: ROWS,
        cleared: frame === 1,
        cursorCol: col,
        cursorRow: row,
        cursorVisible: visible,
        cursorStyle: style,
        cursorColor: color,
        modes: DEFAULT_PANE_MODES,
      });
      screen.diffInto(known, (at, from, count, extras) => {
        writer.run({ row: at, col: from, count, words: known.words, offset: (at * COLS + from) * 3, extras });
      });
      compositor.applyFrame(writer.finish());
      return compositor.paint();
    },
  };
}

describe('what is painted of hostile output', () => {
  it('holds only the sequences that frames are made of, however it is cut into writes', () => {
    fc.assert(
      fc.property(fc.array(hostilePiece, { maxLength: 20 }), fc.integer({ min: 1, max: 40 }), (pieces, step) => {
        const pane = openPane();
        const bytes = Buffer.concat(pieces);
        for (let at = 0; at < bytes.length; at += step) {
          expect(pane.write(bytes.subarray(at, at + step))).toBe(true);
          expect(findForbidden(pane.paint(), 'frame')).toEqual([]);
        }
      }),
      { numRuns: 3000, interruptAfterTimeLimit: 20_000 },
    );
  });

  it('is clean after every hostile sequence there is', () => {
    const pane = openPane();
    const bytes = everyHostileSequence();
    for (let at = 0; at < bytes.length; at += 97) {
      expect(pane.write(bytes.subarray(at, at + 97))).toBe(true);
      expect(findForbidden(pane.paint(), 'frame')).toEqual([]);
    }
  });

  it('the check itself finds what must not come out', () => {
    for (const text of [
      '\x1b[5n',
      '\x1b]0;x\x07',
      '\x1bP$qm\x1b\\',
      'a\u009bb',
      '\x1b]8;;x\u009c\x1b\\',
      '\x1b[?1049h',
      '\x1b',
      '\r\n',
    ]) {
      expect(findForbidden(`ok${text}`, 'frame')).not.toEqual([]);
    }
    expect(findForbidden('\x1b[0;38;5;3m\x1b[3;4Htext 漢\x1b]8;id=7;https://x.example/;\x1b\\', 'frame')).toEqual([]);
  });
});
