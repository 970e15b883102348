import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createScreen, type Screen } from '../../src/terminal/screen.ts';
import { captureScreen } from '../helpers/capture-screen.ts';

/** The lines as the program wrote them: rows that are continued on the next are joined. */
function logicalLines(screen: Screen): string[] {
  const lines: string[] = [];
  for (const { text, wrapped } of captureScreen(screen, { scrollback: 10_000, ansi: false }).lines) {
    if (wrapped && lines.length > 0) lines[lines.length - 1] += text;
    else lines.push(text);
  }
  while (lines.at(-1) === '') lines.pop();
  return lines;
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Each row's characters with their style and link. The cell that a wide character leaves at a line's end may have the style of either. */
function styledRows(screen: Screen): { wrapped: boolean; cells: string[] }[] {
  const rows = captureScreen(screen, { scrollback: 10_000, ansi: true }).lines.map(({ text, wrapped }) => {
    const cells: string[] = [];
    let [style, link] = ['', ''];
    for (const [, sgr, uri, plain] of text.matchAll(/\x1b\[([\d;:]*)m|\x1b\]8;[^;]*;([^\x1b]*)\x1b\\|([^\x1b]+)/g)) {
      style = sgr === '0' ? '' : (sgr ?? style);
      link = uri ?? link;
      for (const { segment } of graphemes.segment(plain ?? '')) cells.push(`${segment}|${style}|${link}`);
    }
    return { wrapped, cells };
  });
  while (rows.at(-1)?.cells.length === 0) rows.pop();
  for (const [index, { cells }] of rows.entries()) {
    if (rows[index + 1]?.wrapped && cells.at(-1)?.startsWith(' |')) cells.pop();
  }
  return rows;
}

const sizes = fc.array(fc.record({ cols: fc.integer({ min: 4, max: 60 }), rows: fc.integer({ min: 2, max: 20 }) }), {
  minLength: 1,
  maxLength: 8,
});
const words = fc.array(
  fc.constantFrom('abc', 'x', '你好', '😀', 'e\u0301', '🇩🇪', '👩‍💻', '✔️', 'I\u0308', '-----------', '12345678'),
  {
    minLength: 1,
    maxLength: 20,
  },
);

describe('a pane that is resized', () => {
  it('loses nothing of what was written, and goes on where its cursor was', () => {
    fc.assert(
      fc.property(fc.array(words, { minLength: 1, maxLength: 12 }), sizes, (texts, resizes) => {
        const screen = createScreen({ cols: 30, rows: 10, scrollback: 10_000 });
        const lines = texts.map((parts) => parts.join(''));
        screen.write(lines.join('\r\n'));
        for (const { cols, rows } of resizes) {
          screen.resize(cols, rows);
          expect(logicalLines(screen)).toEqual(lines);
        }
        screen.write('END');
        lines[lines.length - 1] += 'END';
        expect(logicalLines(screen)).toEqual(lines);
        screen.dispose();
      }),
      { numRuns: 300 },
    );
  });

  it('shows the same as if it had been written at that width: characters, styles and links', () => {
    const styles = ['', '\x1b[4:3m', '\x1b[58:2::1:2:3m', '\x1b[58;5;9m', '\x1b[1;31m', '\x1b[m'];
    const links = ['\x1b]8;;http://a/\x1b\\', '\x1b]8;;\x1b\\'];
    const styled = fc
      .array(fc.tuple(fc.constantFrom(...styles, ...links), words), { minLength: 1, maxLength: 5 })
      .map((parts) => parts.map(([style, texts]) => style + texts.slice(0, 4).join('')).join(''));
    const widths = fc.array(fc.integer({ min: 4, max: 60 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(fc.array(styled, { minLength: 1, maxLength: 6 }), widths, (lines, cols) => {
        const text = lines.join('\x1b]8;;\x1b\\\x1b[m\r\n');
        const [resized, written] = [30, cols.at(-1)!].map((width) => {
          const screen = createScreen({ cols: width, rows: 10, scrollback: 10_000 });
          screen.write(text);
          return screen;
        });
        for (const width of cols) resized!.resize(width, 10);
        expect(styledRows(resized!)).toEqual(styledRows(written!));
        resized!.dispose();
        written!.dispose();
      }),
      { numRuns: 150 },
    );
  });

  it('keeps its newest lines whole when its scrollback is full', () => {
    const many = fc.array(words, { minLength: 30, maxLength: 60 });
    fc.assert(
      fc.property(many, fc.integer({ min: 5, max: 30 }), sizes, (texts, scrollback, resizes) => {
        const screen = createScreen({ cols: 30, rows: 6, scrollback });
        const lines = texts.map((parts, i) => `${i}:${parts.join('')}`);
        screen.write(lines.join('\r\n'));
        for (const { cols, rows } of resizes) {
          screen.resize(cols, rows);
          const kept = logicalLines(screen);
          // Of the first there may be only the end.
          expect(lines.at(-kept.length)?.endsWith(kept[0]!)).toBe(true);
          expect(kept.slice(1)).toEqual(kept.length > 1 ? lines.slice(1 - kept.length) : []);
        }
        screen.write('END');
        expect(
          logicalLines(screen)
            .at(-1)
            ?.endsWith(`${texts.at(-1)!.join('')}END`.slice(-8)),
        ).toBe(true);
        screen.dispose();
      }),
      { numRuns: 300 },
    );
  });

  it('goes on in the middle of a line where its cursor was there', () => {
    const screen = createScreen({ cols: 20, rows: 5, scrollback: 100 });
    screen.write(`above\r\n${'0123456789'.repeat(3)}\x1b[1A\x1b[6G`);
    screen.resize(8, 5);
    screen.write('X');
    expect(logicalLines(screen)[1]).toBe('01234X678901234567890123456789');
    screen.resize(40, 5);
    screen.write('Y');
    expect(logicalLines(screen)[1]).toBe('01234XY78901234567890123456789');
  });

  it('finds its shell’s cursor again when a full-screen program ends', () => {
    const screen = createScreen({ cols: 20, rows: 5, scrollback: 100 });
    screen.write('prompt> a long line of input\x1b[?1049hfull screen');
    screen.resize(10, 5);
    screen.write('\x1b[?1049l!');
    expect(logicalLines(screen)).toEqual(['prompt> a long line of input!']);
  });
});
