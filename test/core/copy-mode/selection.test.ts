import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { historyText, lineNumber } from '../../../src/core/copy-mode/history-text.ts';
import { selectedCells, selectedText } from '../../../src/core/copy-mode/selection.ts';
import { snapshotOfText } from '../../helpers/history.ts';

const select = (kind: 'char' | 'line' | 'block', from: [number, number], to: [number, number], exclusive = false) => ({
  kind,
  anchor: { row: from[0], col: from[1] },
  head: { row: to[0], col: to[1] },
  exclusive,
});

/** Characters with their widths, so that the model need not know any. */
const characters = [
  ...[...'abcXYZ019 .,/-_()'].map((text) => ({ text, width: 1 })),
  ...['日', '한', '中', '😀'].map((text) => ({ text, width: 2 })),
  { text: 'e\u0301', width: 1 },
  { text: 'é', width: 1 },
];
const line = fc.array(fc.constantFrom(...characters), { maxLength: 40 });
const lines = fc.array(line, { minLength: 1, maxLength: 12 });
const textOf = (cells: { text: string }[]) => cells.map(({ text }) => text).join('');

/** Where each character of a line comes to stand, by the rule of every terminal: what does not fit goes to the next row. */
function place(cells: { text: string; width: number }[], cols: number): { row: number; col: number; text: string }[] {
  let row = 0;
  let col = 0;
  return cells.map(({ text, width }) => {
    if (col + width > cols) [row, col] = [row + 1, 0];
    const at = { row, col, text };
    col += width;
    return at;
  });
}

describe('selected text', () => {
  it('of everything is what the program wrote, whole again, without blanks at the ends of lines', () => {
    fc.assert(
      fc.property(lines, fc.integer({ min: 2, max: 17 }), (written, cols) => {
        const text = written.map(textOf).join('\n');
        const snapshot = snapshotOfText(text, { cols });
        const wanted = text.split('\n').map((part) => part.trimEnd());
        expect(historyText(snapshot)).toBe(`${wanted.join('\n').trimEnd()}\n`.replace(/^\n$/, ''));
      }),
    );
  });

  it('from one character to another is what a model of the screen says', () => {
    fc.assert(
      fc.property(lines, fc.integer({ min: 2, max: 17 }), fc.nat(), fc.nat(), (written, cols, first, second) => {
        const snapshot = snapshotOfText(written.map(textOf).join('\n'), { cols });
        let row = 0;
        const all = written.flatMap((cells, index) => {
          const kept = cells.slice(0, cells.findLastIndex(({ text }) => text !== ' ') + 1);
          const placed = place(cells, cols);
          const own = placed.slice(0, kept.length).map((at) => ({ ...at, row: at.row + row, index }));
          row += (placed.at(-1)?.row ?? 0) + 1;
          return own;
        });
        fc.pre(all.length > 0);
        const [from, to] = [first % all.length, second % all.length].sort((a, b) => a - b) as [number, number];
        const [start, end] = [all[from]!, all[to]!];
        let wanted = '';
        for (let i = from; i <= to; i++) {
          if (i > from) wanted += '\n'.repeat(all[i]!.index - all[i - 1]!.index);
          wanted += all[i]!.text;
        }
        for (const [a, b] of [
          [start, end],
          [end, start],
        ] as const) {
          expect(selectedText(snapshot, select('char', [a.row, a.col], [b.row, b.col]))).toBe(wanted);
        }
      }),
    );
  });

  it('of a block has the characters of each row that its columns touch', () => {
    const snapshot = snapshotOfText('abcdefgh\n日本語日本\nab\n  x   y');
    expect(selectedText(snapshot, select('block', [0, 2], [3, 4]))).toBe('cde\n本語\n\nx');
    expect(selectedText(snapshot, select('block', [3, 4], [0, 2]))).toBe('cde\n本語\n\nx');
    // Columns 1 to 2: halves of two characters.
    expect(selectedText(snapshot, select('block', [1, 1], [1, 2]))).toBe('日本');
  });

  it('of a line is the whole line, however many rows it takes, and no newline follows it', () => {
    const snapshot = snapshotOfText('one\nthis line is longer than twenty\nthree');
    expect(selectedText(snapshot, select('line', [2, 3], [2, 3]))).toBe('this line is longer than twenty');
    expect(selectedText(snapshot, select('line', [2, 3], [0, 0]))).toBe('one\nthis line is longer than twenty');
    expect(selectedCells(snapshot, select('line', [2, 0], [2, 0]), 1)).not.toBe(null);
    expect(selectedCells(snapshot, select('line', [2, 0], [2, 0]), 3)).toBe(null);
  });

  it('ends before the cursor where that stands between characters', () => {
    const snapshot = snapshotOfText('abcdef');
    expect(selectedText(snapshot, select('char', [0, 1], [0, 4], true))).toBe('bcd');
    expect(selectedText(snapshot, select('char', [0, 1], [0, 1], true))).toBe('');
  });

  it('joins a row with the next although a wide character left its last cell empty', () => {
    const snapshot = snapshotOfText('abcd日本', { cols: 5 });
    expect(historyText(snapshot)).toBe('abcd日本\n');
    expect(historyText(snapshotOfText('\x1b[44mabcd日本', { cols: 5 }))).toBe('abcd日本\n');
    expect(historyText(snapshotOfText('日本語', { cols: 5 }))).toBe('日本語\n');
    expect(historyText(snapshotOfText('a\x1b[C\t日', { cols: 5 }))).toBe('a   日\n');
  });

  it('has no blanks at the end of a line either where the edge has broken them', () => {
    const snapshot = snapshotOfText('aa     \nb  c', { cols: 3 });
    expect(historyText(snapshot)).toBe('aa\nb  c\n');
    expect(selectedText(snapshot, select('char', [0, 0], [3, 2]))).toBe('aa\nb  ');
    expect(selectedText(snapshot, select('char', [0, 0], [0, 2]))).toBe('aa ');
  });

  it('knows the number of a line in the text of all', () => {
    const snapshot = snapshotOfText('one\nthis line is longer than twenty\nthree');
    expect([0, 1, 2, 3].map((row) => lineNumber(snapshot, row))).toEqual([1, 2, 2, 3]);
  });
});
