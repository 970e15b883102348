import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FuzzyField, matchFuzzy, rankFuzzy } from '../../src/core/fuzzy.ts';

/** What is found, in brackets. */
function marked(word: string, text: string): string | null {
  const match = matchFuzzy(word, text);
  return match && [...text].map((unit, at) => (match.positions.includes(at) ? `[${unit}]` : unit)).join('');
}

const better = (word: string, first: string, second: string): void =>
  expect(matchFuzzy(word, first)!.score).toBeGreaterThan(matchFuzzy(word, second)?.score ?? -1000);

describe('a fuzzy match', () => {
  it.each([
    ['rn', 'restart-now', '[r]estart-[n]ow'],
    ['stop', 'set to stop', 'set to [s][t][o][p]'],
    ['gp', 'go to pane', '[g]o to [p]ane'],
    ['cm', 'copyMode', '[c]opy[M]ode'],
    ['p2', 'pane-2', '[p]ane-[2]'],
    ['ab', 'ba', null],
    ['aa', 'a', null],
    ['', 'x', 'x'],
    ['x', '', null],
    ['É', 'été Été', 'été [É]té'],
    ['é', 'Été', '[É]té'],
    ['日', '今日は', '今[日]は'],
  ])('of “%s” in “%s”', (word, text, wanted) => {
    expect(marked(word, text)).toBe(wanted);
  });

  it('is better together than apart, at the start of a word than inside, and where both are so', () => {
    better('abc', 'xabcx', 'xaxbxcx');
    better('st', 'restart stop', 'restart');
    better('go', 'go to pane', 'cargo');
    better('pane', 'pane 2', 'p a n e');
    better('fl', 'focus-last', 'conflict');
  });

  it('finds a word in every text that has its letters in order, and nowhere else', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '-', 'B', ' '), maxLength: 12 });
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'b', 'c', '-'), minLength: 1, maxLength: 4 }),
        letters,
        (word, text) => {
          const match = matchFuzzy(word, text);
          const pattern = new RegExp([...word].map((letter) => `[${letter}]`).join('.*'), 'i');
          expect(match !== null).toBe(pattern.test(text));
          if (!match) return;
          expect(match.positions.map((at) => text[at]!.toLowerCase()).join('')).toBe(word);
          expect([...match.positions].sort((a, b) => a - b)).toEqual(match.positions);
          expect(match.score).toBe(bestScore(word, text));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('takes no time for long texts and words', () => {
    const bestMs = (text: string): number => {
      const times = Array.from({ length: 20 }, () => {
        const startedAt = performance.now();
        matchFuzzy('a'.repeat(60), text);
        return performance.now() - startedAt;
      });
      return Math.min(...times);
    };
    expect(bestMs('ab'.repeat(100_000))).toBeLessThan(20 * bestMs('ab'.repeat(200)));
  });
});

describe('a list ranked by a query', () => {
  const rank = (query: string, ...items: FuzzyField[][]) =>
    rankFuzzy(query, items).map(({ index, positions }) => [index, ...positions]);

  it('has what every word is found in, the best first, else in order', () => {
    const items = [[{ text: 'conflict' }], [{ text: 'focus-last' }], [{ text: 'x' }], [{ text: 'focus-left' }]];
    expect(rank('fl', ...items)).toEqual([
      [1, [0, 6]],
      [3, [0, 6]],
      [0, [3, 4]],
    ]);
    expect(rank('', ...items).map(([index]) => index)).toEqual([0, 1, 2, 3]);
    expect(rank('foc  las', ...items)).toEqual([[1, [0, 1, 2, 6, 7, 8]]]);
  });

  it('finds each word in the field where it fits best, and in prose only as it stands', () => {
    const item = [{ text: 'web' }, { text: '/usr/bin/node dev-server.js', prose: true }];
    expect(rank('web node', item)).toEqual([[0, [0, 1, 2], [9, 10, 11, 12]]]);
    expect(rank('nds', item)).toEqual([]);
    expect(rank('Node', item)).toEqual([]);
    expect(rank('er', item)).toEqual([[0, [], [19, 20]]]);
    expect(rank('s', item)).toEqual([[0, [], [18]]]);
  });

  it('counts a field as much as it weighs', () => {
    const items = [[{ text: 'restart', weight: 0.5 }], [{ text: 'xrestart' }]];
    expect(rank('restart', ...items).map(([index]) => index)).toEqual([1, 0]);
  });
});

/** Of all ways to find the letters, tried one by one. */
function bestScore(word: string, text: string): number {
  const isPart = (at: number): boolean => /[\p{L}\p{N}]/u.test(text[at] ?? '');
  const bonusAt = (at: number): number => {
    if (!isPart(at)) return 0;
    if (!isPart(at - 1)) return 8;
    return /[a-z]/.test(text[at - 1]!) && /[A-Z]/.test(text[at]!) ? 7 : 0;
  };
  let best = -Infinity;
  const tryFrom = (index: number, at: number, score: number, run: number): void => {
    if (index === word.length) {
      best = Math.max(best, score);
      return;
    }
    for (let next = index === 0 ? 0 : at + 1; next < text.length; next++) {
      if (text[next]!.toLowerCase() !== word[index]) continue;
      const bonus = bonusAt(next);
      if (index === 0) tryFrom(1, next, 16 + 2 * bonus, bonus);
      else if (next === at + 1) tryFrom(index + 1, next, score + 16 + Math.max(4, bonus, run), Math.max(run, bonus));
      else tryFrom(index + 1, next, score + 16 + bonus - 3 - (next - at - 2), bonus);
    }
  };
  tryFrom(0, -1, 0, 0);
  return best;
}
