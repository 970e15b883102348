import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { lineStart } from '../../src/core/copy-mode/lines.ts';
import { createFinder } from '../../src/core/copy-mode/search.ts';
import { compileQuery } from '../../src/core/query-pattern.ts';
import { createScreen, type Screen } from '../../src/terminal/screen.ts';
import { createScreenSearch, type ScreenSearch } from '../../src/terminal/screen-search.ts';
import { snapshotOf } from '../helpers/history.ts';

const screens: Screen[] = [];
afterEach(() => {
  for (const screen of screens.splice(0)) screen.dispose();
});

function screenOf(text: string, { cols = 20, rows = 4, scrollback = 1000 } = {}): Screen {
  const screen = createScreen({ cols, rows, scrollback });
  screens.push(screen);
  screen.write(text.replaceAll('\n', '\r\n'));
  return screen;
}

function patternOf(text: string, regex = false): RegExp {
  const compiled = compileQuery({ text, regex });
  if (!compiled || 'problem' in compiled) throw new Error(`not a pattern: ${text}`);
  return compiled.pattern;
}

function searchAll(screen: Screen, text: string, regex = false): ScreenSearch {
  const search = createScreenSearch(screen, patternOf(text, regex), 100);
  search.step(Infinity);
  return search;
}

/** Each line as it is told, with its matches in brackets. */
function told({ found }: ScreenSearch): [line: number, text: string][] {
  return found.map(({ line, text, matches }) => {
    let shown = text;
    for (const [from, to] of matches.toReversed())
      shown = `${shown.slice(0, from)}[${shown.slice(from, to)}]${shown.slice(to)}`;
    return [line, shown];
  });
}

describe('a search through a screen', () => {
  it('tells lines with a match, the newest first, with all matches of each', () => {
    const screen = screenOf('one two\nthree\ntwo two\nfour\nfive\nTwo\nlast');
    expect(told(searchAll(screen, 'two'))).toEqual([
      [5, '[Two]'],
      [2, '[two] [two]'],
      [0, 'one [two]'],
    ]);
    expect(searchAll(screen, 'absent').count).toBe(0);
  });

  it('finds what the edge has broken, and tells the row where it begins', () => {
    const screen = screenOf(`${'x'.repeat(17)}needle in it\nshort\n${'y'.repeat(45)}needle`);
    expect(told(searchAll(screen, 'needle'))).toEqual([
      [5, `${'y'.repeat(45)}[needle]`],
      [0, `${'x'.repeat(17)}[needle] in it`],
    ]);
  });

  it('keeps blanks inside a broken line and none at the end of one', () => {
    const screen = screenOf(`${'a'.repeat(18)}  b   \nc   `);
    expect(told(searchAll(screen, 'a {2}b$', true))).toEqual([[0, `${'a'.repeat(17)}[a  b]`]]);
    expect(told(searchAll(screen, 'c$', true))).toEqual([[2, '[c]']]);
  });

  it('finds wide characters and marks, also over the cell that was left empty at the edge', () => {
    const screen = screenOf(`${'x'.repeat(19)}日本 cafe\u0301 ☕️\n`);
    expect(told(searchAll(screen, 'x日本'))[0]![1]).toContain('[x日本]');
    expect(told(searchAll(screen, 'caf\u00e9'))[0]![1]).toContain('[cafe\u0301]');
    expect(told(searchAll(screen, '☕️'))[0]![0]).toBe(1);
  });

  it('tells what is around the first match of a long line, and no half characters', () => {
    const screen = screenOf(`${'🙂'.repeat(300)}needle${'🙂'.repeat(300)}`, { cols: 50, rows: 40 });
    const [line] = searchAll(screen, 'needle').found;
    expect(line!.text).toMatch(/^(🙂){20}needle(🙂)+$/u);
    expect(line!.text.length).toBeLessThanOrEqual(240);
    expect(line!.skipped).toBe(560);
  });

  it('counts on when there is no more room', () => {
    const screen = screenOf(Array.from({ length: 500 }, (_, i) => `line ${i}`).join('\n'));
    const search = createScreenSearch(screen, patternOf('line'), 10);
    search.step(Infinity);
    expect(search.count).toBe(500);
    expect(told(search).map(([line]) => line)).toEqual([499, 498, 497, 496, 495, 494, 493, 492, 491, 490]);
  });

  it('numbers lines so that they stay the same while output goes on, and ends where they have left', () => {
    const screen = screenOf(Array.from({ length: 300 }, (_, i) => `line ${i}`).join('\n'), { scrollback: 96 });
    const search = createScreenSearch(screen, patternOf('line 2.0', true), 100);
    search.step(0);
    screen.write('\r\nmore'.repeat(50));
    search.step(Infinity);
    expect(told(search)).toEqual([
      [290, '[line 290]'],
      [280, '[line 280]'],
      [270, '[line 270]'],
      [260, '[line 260]'],
      [250, '[line 250]'],
    ]);
  });

  it('begins again when the pane gets another width', () => {
    const screen = screenOf(Array.from({ length: 100 }, (_, i) => `a rather long line ${i}`).join('\n'), { cols: 40 });
    const search = createScreenSearch(screen, patternOf('line'), 100);
    search.step(0);
    expect(search.done).toBe(false);
    screen.resize(10, 4);
    search.step(Infinity);
    expect([search.count, search.cols]).toEqual([100, 10]);
  });

  it('is in pieces as short as wanted', () => {
    const screen = screenOf('x\n'.repeat(900));
    const search = createScreenSearch(screen, patternOf('x'), 10_000);
    let pieces = 0;
    for (; !search.done; pieces++) search.step(0);
    expect(pieces).toBeGreaterThan(50);
    expect(search.count).toBe(900);
  });

  it('goes through a line without an end in parts', () => {
    const screen = screenOf('ab'.repeat(20_000), { cols: 10, scrollback: 5000 });
    const search = createScreenSearch(screen, patternOf('a'), 100);
    let pieces = 0;
    for (; !search.done; pieces++) search.step(0);
    expect([pieces, search.count]).toEqual([1, 4]);
  });

  it('and the search of copy mode find the same lines at the same places', () => {
    const piece = fc.oneof(
      fc.constantFrom('a', 'b', 'ab', ' ', '   ', 'é', 'e\u0301', '日', '本日', '🙂', '👩‍👩‍👧', 'ﬁ'),
      fc.constantFrom('\n', '\n', '\x1b[3C', '\x1b[K', '\x1b[41m', '\x1b[0m', '\t'),
    );
    const query = fc.constantFrom('a', 'ab', 'b a', 'é', '日', '日a', '🙂', 'e', 'ba', '  ');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 80 }), fc.integer({ min: 2, max: 9 }), query, (pieces, cols, text) => {
        const screen = screenOf(pieces.join(''), { cols, rows: 3, scrollback: 12 });
        const snapshot = snapshotOf(screen);
        const search = searchAll(screen, text);
        const finder = createFinder(snapshot, patternOf(text));
        const wanted: number[] = [];
        for (let row = snapshot.count - 1; row >= 0; row--) {
          if (lineStart(snapshot, row) !== row) continue;
          const [first] = finder.matchesAt(row);
          if (first) wanted.push(first.start.row + snapshot.departed!);
        }
        expect(search.found.map(({ line }) => line)).toEqual(wanted);
        screen.dispose();
        screens.length = 0;
      }),
      // Blanks that nothing was printed into, up to a wide character that had no room in the last of them.
      { numRuns: 400, examples: [[['\t', '日'], 2, '  ']] },
    );
  });
});
