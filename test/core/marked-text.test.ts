import { describe, expect, it } from 'vitest';
import { rangesOf, splitMarks } from '../../src/core/marked-text.ts';

/** Marked pieces in brackets. */
const marked = (text: string, ...ranges: [number, number][]): string =>
  splitMarks(text, ranges)
    .map(({ text: part, marked: isMarked }) => (isMarked ? `[${part}]` : part))
    .join('');

describe('a marked text', () => {
  it.each<[string, [number, number][], string]>([
    ['one two', [[4, 7]], 'one [two]'],
    ['one two', [], 'one two'],
    [
      'abcd',
      [
        [0, 1],
        [2, 4],
      ],
      '[a]b[cd]',
    ],
    ['日本語', [[1, 2]], '日[本]語'],
    ['e\u0301a', [[0, 1]], '[e\u0301]a'],
    ['x👩‍👩‍👧y', [[3, 4]], 'x[👩‍👩‍👧]y'],
    ['ab', [[0, 9]], '[ab]'],
    ['', [[0, 1]], ''],
  ])('%s %j is %s', (text, ranges, wanted) => {
    expect(marked(text, ...ranges)).toBe(wanted);
  });

  it('has places next to each other as one range', () => {
    expect(rangesOf([0, 1, 2, 5, 7, 8])).toEqual([
      [0, 3],
      [5, 6],
      [7, 9],
    ]);
  });
});
