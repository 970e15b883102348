import { createRequire } from 'node:module';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type CellGrid, createCellGrid } from '../../src/core/cell.ts';
import { createScreen } from '../../src/terminal/screen.ts';
import type { XtermCore } from '../../src/terminal/xterm-core.ts';
import { keepWholeCursor } from '../../src/terminal/xterm-cursor-fixes.ts';
import { mendSequences } from '../../src/terminal/xterm-sequence-fixes.ts';
import { mendPrint, widenNewCharacters } from '../../src/terminal/xterm-width-fixes.ts';
import { captureScreen } from '../helpers/capture-screen.ts';

// xterm with the same widths and mends, and without our short cuts: what they must not change.
const require = createRequire(import.meta.url);
const { Terminal } = require('@xterm/headless') as typeof import('@xterm/headless');
const { poolSize } = Buffer;
Buffer.poolSize = 0;
const { UnicodeGraphemesAddon } =
  require('@xterm/addon-unicode-graphemes') as typeof import('@xterm/addon-unicode-graphemes');
Buffer.poolSize = poolSize;

const COLS = 13;
const ROWS = 4;

const piece = fc.oneof(
  fc.stringMatching(/^[ -~]{0,30}$/),
  fc.constantFrom('漢', '字字字', '😀', '👩‍👩‍👧', '🇩🇪', 'e\u0301', '\u0600a', '\u200d', '❤️x', '한글', '\u00ad', '\x7f'),
  fc.constantFrom(
    '\r\n',
    '\n',
    '\r',
    '\b',
    '\t',
    '\x1b[K',
    '\x1b[2J',
    '\x1b[4h',
    '\x1b[4l',
    '\x1b[?7l',
    '\x1b[?7h',
    '\x1b(0',
    '\x1b(B',
    '\x0e',
    '\x0f',
  ),
  fc.constantFrom(
    '\x1b[31;1m',
    '\x1b[48;2;1;2;3m',
    '\x1b[4:3m',
    '\x1b[0m',
    '\x1b[3b',
    '\x1b]8;;https://x.example\x1b\\',
    '\x1b]8;;\x1b\\',
    '\x1b[2;3r',
    '\x1b[r',
  ),
  fc
    .tuple(fc.integer({ min: 1, max: ROWS }), fc.integer({ min: 1, max: COLS }))
    .map(([row, col]) => `\x1b[${row};${col}H`),
);

it('text of any kind ends up in the same cells as in xterm itself, however it is cut into chunks', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), fc.integer({ min: 1, max: 50 }), (pieces, step) => {
      const bytes = Buffer.from(pieces.join(''));
      const screen = createScreen({ cols: COLS, rows: ROWS, scrollback: 5 });
      const plain = new Terminal({ cols: COLS, rows: ROWS, scrollback: 5, allowProposedApi: true, logLevel: 'off' });
      plain.loadAddon(new UnicodeGraphemesAddon());
      const core = (plain as unknown as { _core: XtermCore })._core;
      widenNewCharacters(core);
      mendPrint(core);
      keepWholeCursor(core);
      mendSequences(core);
      for (let at = 0; at < bytes.length; at += step) {
        screen.write(bytes.subarray(at, at + step));
        core._inputHandler.parse(bytes.subarray(at, at + step));
      }
      const { active } = plain.buffer;
      const expected: string[] = [];
      for (let row = 0; row < ROWS; row++) {
        const line = active.getLine(active.baseY + row)!;
        for (let col = 0; col < COLS; col++) {
          const cell = line.getCell(col)!;
          expected.push(
            [cell.getChars(), cell.getWidth(), cell.getFgColor(), cell.getBgColor(), cell.isBold() > 0].join(),
          );
        }
      }
      expect(cellsOf(screen, expected.length)).toEqual(expected);
      expect([screen.cursor().col, screen.cursor().row]).toEqual([Math.min(active.cursorX, COLS - 1), active.cursorY]);
      const history = Array.from({ length: active.baseY }, (_, row) => active.getLine(row)!.translateToString(true));
      expect(
        captureScreen(screen, { scrollback: 5, ansi: false })
          .lines.slice(0, history.length)
          .map(({ text }) => text),
      ).toEqual(history);
    }),
    { numRuns: 400 },
  );
});

function cellsOf(screen: ReturnType<typeof createScreen>, count: number): string[] {
  const grid: CellGrid = createCellGrid(COLS, ROWS);
  screen.readGrid(grid);
  const color = (word: number) => {
    const mode = word & 0x3000000;
    return mode === 0 ? -1 : mode === 0x3000000 ? word & 0xffffff : word & 0xff;
  };
  return Array.from({ length: count }, (_, cell) => {
    const [content, fg, bg] = [grid.words[cell * 3]!, grid.words[cell * 3 + 1]!, grid.words[cell * 3 + 2]!];
    const codepoint = content & 0x1fffff;
    const text =
      (content & 0x200000) !== 0 ? grid.extras.get(cell)?.text : codepoint === 0 ? '' : String.fromCodePoint(codepoint);
    return [text, (content >> 22) & 3, color(fg), color(bg), (fg & 0x8000000) !== 0].join();
  });
}
