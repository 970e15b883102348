import { afterEach, describe, expect, it } from 'vitest';
import { type CopyJump, jumpToFound } from '../../../src/core/copy-mode/copy-jump.ts';
import { createCopyState } from '../../../src/core/copy-mode/copy-state.ts';
import { sliceCells } from '../../../src/core/copy-mode/lines.ts';
import { compileQuery } from '../../../src/core/query-pattern.ts';
import { createScreen, type Screen } from '../../../src/terminal/screen.ts';
import { createScreenSearch } from '../../../src/terminal/screen-search.ts';
import { snapshotOf } from '../../helpers/history.ts';

const screens: Screen[] = [];
afterEach(() => {
  for (const screen of screens.splice(0)) screen.dispose();
});

function screenOf(text: string, { cols = 20, scrollback = 1000 } = {}): Screen {
  const screen = createScreen({ cols, rows: 6, scrollback });
  screens.push(screen);
  screen.write(text.replaceAll('\n', '\r\n'));
  return screen;
}

/** All lines of a screen that were found, as a client would go to them. */
function search(screen: Screen, text: string): CopyJump[] {
  const compiled = compileQuery({ text, regex: false });
  if (!compiled || 'problem' in compiled) throw new Error(text);
  const { pattern } = compiled;
  const lines = createScreenSearch(screen, pattern, 100);
  lines.step(Infinity);
  return lines.found.map((found, rank) => ({ pattern, text, cols: lines.cols, rank, found }));
}

function jump(screen: Screen, to: CopyJump) {
  const lines = snapshotOf(screen);
  const start = createCopyState(lines, lines.cursor, { rows: 6, cols: screen.cols }, 'vi');
  const { state, effects } = jumpToFound(start, lines, to);
  const line = lines.text(state.cursor.row);
  return {
    state,
    said: effects.flatMap((effect) => (effect.type === 'said' ? [effect.text] : [])),
    place: [state.cursor.row, state.cursor.col],
    under: sliceCells(line, state.cursor.col, state.cursor.col + 1),
    text: line.text,
    inView: state.cursor.row - state.top,
    matches: state.search?.finder.matchesAt(state.cursor.row).length,
    match: state.search?.finder.matchesAt(state.cursor.row)[0],
  };
}

const numbered = (count: number): string => Array.from({ length: count }, (_, i) => `line ${i}`).join('\n');

describe('a jump to a found line', () => {
  it('shows it in the middle, with the cursor on the match and the pattern as the search', () => {
    const screen = screenOf(numbered(100));
    const { text, inView, matches, state, place } = jump(screen, search(screen, 'e 42')[0]!);
    expect([text, inView, matches, place]).toEqual(['line 42', 3, 1, [42, 3]]);
    expect(state.search).toMatchObject({ text: 'e 42', direction: 'forward' });
  });

  it('finds the very line among many that read the same, also after more output', () => {
    const screen = screenOf('same\n'.repeat(50), { scrollback: 60 });
    const found = search(screen, 'same');
    expect(jump(screen, found[7]!).place).toEqual([42, 0]);
    screen.write('same\r\n'.repeat(40));
    // 25 lines have left the scrollback.
    expect(jump(screen, found[7]!).place).toEqual([17, 0]);
  });

  it('goes to the match in a line that the edge has broken, and in wide characters', () => {
    const screen = screenOf(`${'日本'.repeat(12)}目的\nx`);
    const { under, place, matches, match } = jump(screen, search(screen, '目的')[0]!);
    expect([under, place, matches]).toEqual(['目', [2, 8], 1]);
    // All cells of the first character, too.
    expect(match?.start).toEqual({ row: 2, col: 8 });
  });

  it('goes to the cell of a letter with its mark', () => {
    const screen = screenOf('xx cafe\u0301 y');
    const { under, place } = jump(screen, search(screen, 'é')[0]!);
    expect([under, place]).toEqual(['e\u0301', [0, 6]]);
  });

  it('finds the line again where another width has broken all of them elsewhere', () => {
    const screen = screenOf(Array.from({ length: 30 }, (_, i) => `a line of some length ${i % 3}`).join('\n'), {
      cols: 40,
    });
    const found = search(screen, 'length 1');
    expect(found).toHaveLength(10);
    screen.resize(9, 6);
    // Three rows each.
    for (const [rank, to] of found.entries()) {
      const { place } = jump(screen, to);
      expect(place).toEqual([(30 - 2 - 3 * rank) * 3 + 1, 6]);
    }
  });

  it('says that a line is gone, and still searches', () => {
    const screen = screenOf(numbered(100), { scrollback: 50 });
    const [to] = search(screen, 'line 60');
    screen.write('\r\nmore'.repeat(200));
    const { said, state } = jump(screen, to!);
    expect(said).toEqual(['that line is gone: erased, or too old for the scrollback']);
    expect(state.search?.text).toBe('line 60');
  });

  it('is not fooled by another line that has taken the place', () => {
    const screen = screenOf('first found\nsecond\nthird found');
    const [, to] = search(screen, 'found');
    screen.write('\x1b[H\x1b[2Jother found\r\n\r\nfirst found');
    const { text } = jump(screen, to!);
    expect(text).toBe('first found');
  });
});
