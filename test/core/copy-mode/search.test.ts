import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comparePositions, type Position } from '../../../src/core/copy-mode/lines.ts';
import { compilePattern, createFinder } from '../../../src/core/copy-mode/search.ts';
import { selectedText } from '../../../src/core/copy-mode/selection.ts';
import { snapshotOfText } from '../../helpers/history.ts';

describe('a pattern', () => {
  it.each([
    ['abc', 'xABCx', 'ABC'],
    ['Abc', 'xABCx', null],
    ['\\S+', 'Ab c', 'Ab'],
    ['a.c', 'abc', 'abc'],
    ['a(', 'fa(1)', 'a('],
    ['[', 'a[0]', '['],
    ['*', 'a*b', '*'],
    ['日.', 'x日本', '日本'],
    ['😀.', '😀!', '😀!'],
    ['c++', 'c++', 'c++'],
  ])('%s in %s finds %s', (pattern, text, found) => {
    expect(text.match(compilePattern(pattern)!)?.[0] ?? null).toBe(found);
  });

  it('of nothing is none', () => {
    expect(compilePattern('')).toBe(null);
  });
});

const words = fc.array(fc.constantFrom('ab', 'abc', 'b', '日本', 'é', ' ', 'x', 'e\u0301a'), { maxLength: 20 });
const patterns = ['ab', 'b', '日', 'a.', '[ab]+', 'x ?', 'é', 'a', 'ba', '本.', 'zz'];

describe('a search', () => {
  it('finds in the lines as they were written what String.match finds in them', () => {
    fc.assert(
      fc.property(
        fc.array(words, { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 2, max: 9 }),
        fc.constantFrom(...patterns),
        (written, cols, pattern) => {
          const lines = written.map((parts) => parts.join('').trimEnd());
          const snapshot = snapshotOfText(lines.join('\n'), { cols });
          const regex = compilePattern(pattern)!;
          const finder = createFinder(snapshot, regex);
          const found: string[] = [];
          for (let row = 0; row < snapshot.count; row++) {
            if (snapshot.wrapped(row)) continue;
            for (const { start, end } of finder.matchesAt(row)) {
              found.push(selectedText(snapshot, { kind: 'char', anchor: start, head: end, exclusive: false }));
            }
          }
          // A match that cuts a letter from its mark takes the mark too: it is one cell.
          const whole = (text: string, match: RegExpMatchArray): string =>
            match[0] + (/^\p{M}+/u.exec(text.slice(match.index! + match[0].length))?.[0] ?? '');
          expect(found).toEqual(
            lines.flatMap((line) =>
              [...line.matchAll(regex)].filter(([text]) => text !== '').map((match) => whole(line, match)),
            ),
          );
        },
      ),
    );
  });

  it('goes from match to match in order, all the way round, in both directions', () => {
    fc.assert(
      fc.property(fc.array(words, { minLength: 1, maxLength: 8 }), fc.integer({ min: 2, max: 9 }), (written, cols) => {
        const snapshot = snapshotOfText(written.map((parts) => parts.join('')).join('\n'), { cols });
        const finder = createFinder(snapshot, compilePattern('ab')!);
        const starts: Position[] = [];
        for (let row = 0; row < snapshot.count; row++) {
          if (!snapshot.wrapped(row)) starts.push(...finder.matchesAt(row).map(({ start }) => start));
        }
        expect(starts).toEqual(starts.toSorted(comparePositions));
        for (const direction of ['forward', 'backward'] as const) {
          const order = direction === 'forward' ? starts : starts.toReversed();
          if (order.length === 0) {
            expect(finder.find({ row: 0, col: 0 }, direction)).toBe(null);
            continue;
          }
          for (const [index, from] of order.entries()) {
            const hit = finder.find(from, direction)!;
            expect(hit.match.start).toEqual(order[(index + 1) % order.length]);
            expect(hit.wrapped).toBe(index === order.length - 1);
          }
        }
      }),
    );
  });
});
