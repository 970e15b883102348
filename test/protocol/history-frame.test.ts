import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSnapshot } from '../../src/client/copy-mode/snapshot.ts';
import { BLANK_CONTENT, createCellGrid, WORDS_PER_CELL } from '../../src/core/cell.ts';
import {
  createHistoryFrameWriter,
  isWrappedLine,
  readHistoryFrame,
  unpackLine,
} from '../../src/protocol/history-frame.ts';
import { createScreen } from '../../src/terminal/screen.ts';
import { historyFrames } from '../helpers/history.ts';

/** Everything that a cell can be: looks, widths, marks, links, gaps, colours to the edge. */
const piece = fc.oneof(
  fc.string({ maxLength: 12 }).map((text) => text.replaceAll(/\p{C}/gu, '')),
  fc.constantFrom('日本', 'e\u0301', '👨‍👩‍👧', '❤️', '한', '─│┌', 'é', '𝒳', ' ', '   '),
  fc.constantFrom('\r\n', '\r\n', '\x1b[5C', '\x1b[K', '\x1b[2D', '\x1b[1K'),
  fc.constantFrom('\x1b[0m', '\x1b[1;31m', '\x1b[44m', '\x1b[38;2;1;2;3m', '\x1b[4:3m', '\x1b[58;5;9m', '\x1b[7m'),
  fc.constantFrom('\x1b]8;;http://example.org/\x1b\\', '\x1b]8;id=x;http://example.org/b\x1b\\', '\x1b]8;;\x1b\\'),
);

describe('a history frame', () => {
  it('carries every line as the screen has it', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), fc.integer({ min: 2, max: 30 }), (pieces, cols) => {
        const screen = createScreen({ cols, rows: 3, scrollback: 50 });
        screen.write(pieces.join(''));
        const [frame] = historyFrames(screen);
        const { header, lines } = readHistoryFrame(frame!);
        expect(header).toMatchObject({ id: 1, cols, rows: 3, first: 0, last: true, total: lines.length });
        expect(header.departed).toBe(screen.departedLines);
        expect(lines).toHaveLength(screen.scrollbackLines + 3);
        for (const [number, line] of lines.entries()) {
          const wanted = screen.line(number - screen.scrollbackLines)!;
          expect(isWrappedLine(line)).toBe(wanted.wrapped);
          const { words, cells, extras } = unpackLine(line);
          const grid = createCellGrid(cols, 1);
          grid.words.set(words);
          // A cell that was never written is a blank in a line of plain text; both look the same.
          for (let col = 0; col < cols; col++) {
            const at = col * WORDS_PER_CELL;
            const [own, other] = [grid.words[at]!, wanted.words[at]!];
            if (own === (0x20 | BLANK_CONTENT) && other === BLANK_CONTENT) grid.words[at] = other;
          }
          expect(grid.words).toEqual(wanted.words);
          for (let col = 0; col < cells; col++) {
            expect(extras.find(([at]) => at === col)?.[1]).toEqual(wanted.extraAt(col));
          }
        }
        screen.dispose();
      }),
      { numRuns: 150 },
    );
  });

  it('of a host that does not number its lines is read all the same', () => {
    const writer = createHistoryFrameWriter();
    const header = {
      id: 1,
      cols: 5,
      total: 0,
      first: 0,
      last: true,
      rows: 0,
      cursorRow: 0,
      cursorCol: 0,
      prompts: [7],
    };
    writer.begin(header);
    expect(readHistoryFrame(writer.finish()).header).toEqual({ ...header, departed: null });
    writer.begin({ ...header, departed: 2 ** 40 });
    expect(readHistoryFrame(writer.finish()).header.departed).toBe(2 ** 40);
  });

  it('that is broken throws a RangeError or a SyntaxError, and never hangs', () => {
    const screen = createScreen({ cols: 12, rows: 4, scrollback: 10 });
    screen.write('plain\r\n\x1b[4:3mcurly\x1b[0m 日本\r\n\x1b]8;;http://example.org/\x1b\\link');
    const [frame] = historyFrames(screen);
    fc.assert(
      fc.property(fc.nat(frame!.length - 1), fc.nat(255), fc.nat(frame!.length), (at, byte, length) => {
        const broken = Buffer.from(frame!);
        broken[at] = byte;
        try {
          const snapshot = createSnapshot(1);
          snapshot.take(broken.subarray(0, length));
          for (let row = snapshot.first; row < Math.min(snapshot.count, 1000); row++) {
            snapshot.text(row);
            snapshot.cells(row);
          }
        } catch (error) {
          expect(error instanceof RangeError || error instanceof SyntaxError || error instanceof TypeError).toBe(true);
        }
      }),
    );
  });
});
