import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CellGrid,
  CODEPOINT_MASK,
  createCellGrid,
  HAS_STYLE,
  HAS_TEXT,
  WIDTH_SHIFT,
  WORDS_PER_CELL,
} from '../../src/core/cell.ts';
import { createPainter } from '../../src/terminal/painter.ts';
import { createScreen } from '../../src/terminal/screen.ts';
import type { XtermCore } from '../../src/terminal/xterm-core.ts';

const COLS = 24;
const ROWS = 6;
const CURSOR = { col: 3, row: 2, visible: true, style: 0 };

/** Programs whose pictures are painted: text, styles, wide and combined characters, links, erased cells with a background. */
const piece = fc.oneof(
  fc.constantFrom(
    'plain text',
    'x',
    '    ',
    '漢字',
    '😀',
    'e\u0301',
    '👩‍👩‍👧',
    '🇩🇪',
    '❤️',
    '\r\n',
    '\x1b[2J',
    '\x1b[K',
    '\x1b[44m\x1b[K',
    '\x1b[0m',
  ),
  fc.constantFrom(
    '\x1b[1;3m',
    '\x1b[4:3;58:5:9m',
    '\x1b[38;5;200m',
    '\x1b[48;2;9;8;7m',
    '\x1b[7m',
    '\x1b[9;53m',
    '\x1b[31;42m',
    '\x1b[4m',
    '\x1b[2;5;8m',
  ),
  fc.constantFrom('\x1b]8;id=1;https://a.example\x1b\\', '\x1b]8;;https://b.example\x1b\\', '\x1b]8;;\x1b\\'),
  fc
    .tuple(fc.integer({ min: 1, max: ROWS }), fc.integer({ min: 1, max: COLS }))
    .map(([row, col]) => `\x1b[${row};${col}H`),
);

function pictureOf(text: string): CellGrid {
  const screen = createScreen({ cols: COLS, rows: ROWS, scrollback: 0 });
  screen.write(text);
  const grid = createCellGrid(COLS, ROWS);
  screen.readGrid(grid);
  screen.dispose();
  return grid;
}

/** What a person sees of each cell: a blank is a blank, whether it was erased or written. */
function look(grid: CellGrid): string[] {
  const cells: string[] = [];
  for (let cell = 0; cell < grid.cols * grid.rows; cell++) {
    const at = cell * WORDS_PER_CELL;
    const content = grid.words[at]!;
    const extra = grid.extras.get(cell);
    const codepoint = content & CODEPOINT_MASK;
    const text =
      (content & HAS_TEXT) !== 0
        ? extra?.text
        : codepoint === 0 && content >> 22 !== 0
          ? ' '
          : String.fromCodePoint(codepoint);
    // Above a palette colour's index lie bits of older colours that nobody sees.
    const color = (word: number) => ((word & 0x3000000) === 0x3000000 ? word : (word & ~0xffff00) >>> 0);
    const style = [extra?.underlineStyle ?? 0, extra?.underlineColor ?? 0, extra?.link?.uri ?? ''];
    cells.push(
      JSON.stringify([
        text,
        content >> 22,
        color(grid.words[at + 1]!),
        color(grid.words[at + 2]! & ~HAS_STYLE),
        ...style,
      ]),
    );
  }
  return cells;
}

function outer(): { write(text: string): void; picture(): CellGrid } {
  const screen = createScreen({ cols: COLS, rows: ROWS, scrollback: 0 });
  screen.write('\x1b[?7l');
  return {
    write: (text) => void screen.write(text),
    picture() {
      const grid = createCellGrid(COLS, ROWS);
      screen.readGrid(grid);
      return grid;
    },
  };
}

/** A terminal with the widths of Unicode 6. */
function oldTerminal(text = ''): ReturnType<typeof outer> {
  const { Terminal } = createRequire(import.meta.url)('@xterm/headless') as typeof import('@xterm/headless');
  const terminal = new Terminal({ cols: COLS, rows: ROWS, scrollback: 0, allowProposedApi: true, logLevel: 'off' });
  const core = (terminal as unknown as { _core: XtermCore })._core;
  const write = (bytes: string): void => core._inputHandler.parse(Buffer.from(bytes));
  write(text === '' ? '\x1b[?7l' : text);
  return {
    write,
    picture() {
      const grid = createCellGrid(COLS, ROWS);
      for (let row = 0; row < ROWS; row++) {
        grid.words.set(
          core.buffer.lines.get(core.buffer.ybase + row)!._data.subarray(0, COLS * WORDS_PER_CELL),
          row * COLS * WORDS_PER_CELL,
        );
      }
      return grid;
    },
  };
}

const allRows = Array.from({ length: ROWS }, (_, i) => i);

describe('the painter', () => {
  it('brings the terminal from any picture to any other', () => {
    fc.assert(
      fc.property(fc.array(fc.array(piece, { maxLength: 30 }), { minLength: 1, maxLength: 5 }), (pictures) => {
        const terminal = outer();
        const painter = createPainter({ cols: COLS, rows: ROWS, synchronized: () => true });
        for (const picture of pictures) {
          const target = pictureOf(picture.join(''));
          terminal.write(painter.paint(target, allRows, CURSOR));
          expect(look(terminal.picture())).toEqual(look(target));
        }
      }),
      { numRuns: 150 },
    );
  });

  it('does not depend on the pen, link or cursor that something else left behind', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), fc.array(piece, { maxLength: 20 }), (first, second) => {
        const terminal = outer();
        const painter = createPainter({ cols: COLS, rows: ROWS, synchronized: () => false });
        terminal.write(painter.paint(pictureOf(first.join('')), allRows, CURSOR));
        terminal.write('\x1b[35;44;1;9m\x1b]8;;https://noise.example\x1b\\\x1b[6;24H');
        const target = pictureOf(second.join(''));
        terminal.write(painter.paint(target, allRows, CURSOR));
        expect(look(terminal.picture())).toEqual(look(target));
      }),
      { numRuns: 100 },
    );
  });

  it.each(['wider', 'narrower'])(
    'keeps every other cell right on a terminal that takes some characters for %s',
    (how) => {
      const text = fc.array(
        fc.constantFrom('ab', ' ', '😀', '🫠x', '⌚', 'z', '\u2b50', '\x1b[2;3H', '\x1b[1;9H', '\x1b[K'),
        { maxLength: 25 },
      );
      fc.assert(
        fc.property(fc.array(text, { minLength: 1, maxLength: 4 }), (pictures) => {
          // Without the addon xterm counts as Unicode 6 did: these are one cell wide.
          const old = oldTerminal();
          const fresh = outer();
          const terminal = how === 'wider' ? fresh : old;
          const painter = createPainter({ cols: COLS, rows: ROWS, synchronized: () => true });
          for (const picture of pictures) {
            const target = how === 'wider' ? oldTerminal(picture.join('')).picture() : pictureOf(picture.join(''));
            terminal.write(painter.paint(target, allRows, CURSOR));
            const shown = terminal.picture();
            for (let cell = 0; cell < COLS * ROWS; cell++) {
              const content = target.words[cell * WORDS_PER_CELL]!;
              const codepoint = content & CODEPOINT_MASK;
              // What is drawn of a doubtful character itself is the terminal's affair.
              if (codepoint > 0x7e || (content & HAS_TEXT) !== 0 || content >>> WIDTH_SHIFT !== 1) continue;
              const seen = shown.words[cell * WORDS_PER_CELL]! & CODEPOINT_MASK;
              expect([cell, seen || 32]).toEqual([cell, codepoint || 32]);
            }
          }
        }),
        { numRuns: 150 },
      );
    },
  );

  it('writes nothing when nothing changed', () => {
    const painter = createPainter({ cols: COLS, rows: ROWS, synchronized: () => true });
    const picture = pictureOf('hello 漢字 \x1b[4:3mu');
    expect(painter.paint(picture, allRows, CURSOR)).not.toBe('');
    expect(painter.paint(picture, allRows, CURSOR)).toBe('');
    expect(painter.paint(picture, allRows, { ...CURSOR, col: 4 })).toBe('\x1b[3;5H');
  });

  it('hides the cursor while it draws on a terminal without synchronized output', () => {
    const painter = createPainter({ cols: COLS, rows: ROWS, synchronized: () => false });
    const frame = painter.paint(pictureOf('x'), allRows, CURSOR);
    expect(frame.startsWith('\x1b[?25l')).toBe(true);
    expect(frame.endsWith('\x1b[?25h')).toBe(true);
  });

  it('lets out nothing but text, SGR, cursor moves, erasing and links', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const painter = createPainter({ cols: COLS, rows: ROWS, synchronized: () => true });
        const frame = painter.paint(pictureOf(pieces.join('')), allRows, CURSOR);
        const rest = frame.replace(
          /\x1b\[(?:\?2026[hl]|\?25[hl]|[\d;:]*m|\d+;\d+H|\d*C|\d*[XK]|\d q)|\x1b\]8;[^\x1b]*\x1b\\/g,
          '',
        );
        expect(rest).not.toMatch(/[\x00-\x1f\x7f-\x9f]/);
      }),
    );
  });
});
