import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createScreen } from '../../src/terminal/screen.ts';

const piece = fc.oneof(
  fc.stringMatching(/^[ -~]{0,12}$/),
  fc.constantFrom('漢字', '日', '😀', '👩‍👩‍👧', 'e\u0301', 'ÿ', 'ﬁ', '𝒳', '❤️', '─│', '\u00a0', '   '),
  fc.constantFrom('\r\n', '\r\n', '\x1b[5C', '\x1b[K', '\x1b[2D', '\x1b[1K', '\x1b[41m', '\x1b[0m', '\x1b[2P', '\t'),
);

it('the text of a row is what xterm makes of its cells', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), fc.integer({ min: 2, max: 30 }), (pieces, cols) => {
      const screen = createScreen({ cols, rows: 4, scrollback: 20 });
      screen.write(pieces.join(''));
      for (let row = -screen.scrollbackLines; row < screen.rows; row++) {
        const { text, wrapped } = screen.textLine(row)!;
        const line = screen.line(row)!;
        expect(wrapped).toBe(line.wrapped);
        const goesOn = screen.line(row + 1)?.wrapped === true;
        if (!goesOn) expect(text).toBe(line.text);
        else expect(text.trimEnd()).toBe(line.text.trimEnd());
      }
      expect(screen.textLine(screen.rows)).toBeNull();
      expect(screen.textLine(-screen.scrollbackLines - 1)).toBeNull();
      screen.dispose();
    }),
    { numRuns: 300 },
  );
});

it('a row that goes on is there to its edge, but for the cell that a wide character did not fit into', () => {
  const screen = createScreen({ cols: 5, rows: 5, scrollback: 0 });
  screen.write('ab  日日\r\nabcd日');
  expect([0, 1, 2, 3].map((row) => screen.textLine(row)!.text)).toEqual(['ab  ', '日日', 'abcd', '日']);
  screen.write('\x1b[H\x1b[2Jab   c');
  expect([0, 1].map((row) => screen.textLine(row)!.text)).toEqual(['ab   ', 'c']);
  screen.dispose();
});
