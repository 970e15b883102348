import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pressCopyKey } from '../../../src/core/copy-mode/copy-commands.ts';
import { type CopyKeys, copiedText, createCopyState, resizeCopy } from '../../../src/core/copy-mode/copy-state.ts';
import type { CopyStep } from '../../../src/core/copy-mode/copy-step.ts';
import { charStart } from '../../../src/core/copy-mode/lines.ts';
import { keyEventOfChord, parseChord } from '../../../src/core/keys.ts';
import { snapshotOfText } from '../../helpers/history.ts';

const TEXT = [
  'first line, (with [brackets] in) it',
  '',
  'foo.bar baz_qux 日本語 end',
  '   indented',
  '\x1b]133;A\x1b\\$ prompt one',
  'output',
  '',
  'more output',
  '\x1b]133;A\x1b\\$ prompt two',
  'last',
].join('\n');

/** Copy mode at a place of TEXT, forty columns wide with four rows in view. */
function play(keys: string, at: [number, number], { kind = 'vi' as CopyKeys, text = TEXT } = {}) {
  const lines = snapshotOfText(text, { cols: 40 });
  let state = createCopyState(lines, { row: at[0], col: at[1] }, { rows: 4, cols: 40 }, kind);
  // The view is where the cursor is, not the other way round.
  state = {
    ...state,
    cursor: { row: at[0], col: at[1] },
    wantedCol: at[1],
    top: Math.max(0, Math.min(at[0] - 1, lines.count - 4)),
  };
  const effects: CopyStep['effects'] = [];
  for (const key of keys.split(' ')) {
    const step = pressCopyKey(state, lines, keyEventOfChord(parseChord(key)!));
    state = step.state;
    effects.push(...step.effects);
  }
  return { state, lines, effects, place: [state.cursor.row, state.cursor.col] };
}

describe('vi keys', () => {
  it.each<[string, [number, number], [number, number]]>([
    ['l', [0, 0], [0, 1]],
    ['h', [0, 0], [0, 0]],
    ['3 l', [0, 0], [0, 3]],
    ['1 0 l', [0, 0], [0, 10]],
    ['$', [0, 0], [0, 34]],
    ['0', [0, 9], [0, 0]],
    ['^', [3, 9], [3, 3]],
    ['j', [0, 30], [1, 0]],
    ['j j', [0, 12], [2, 12]],
    ['$ j j', [0, 0], [2, 25]],
    ['k', [0, 3], [0, 3]],
    ['w', [0, 0], [0, 6]],
    ['w w', [0, 0], [0, 10]],
    ['w', [2, 0], [2, 3]],
    ['W', [2, 0], [2, 8]],
    ['w', [0, 33], [1, 0]],
    ['w', [1, 0], [2, 0]],
    ['3 w', [2, 8], [3, 3]],
    ['b', [2, 8], [2, 4]],
    ['B', [2, 8], [2, 0]],
    ['b', [2, 0], [1, 0]],
    ['b', [3, 3], [2, 23]],
    ['e', [2, 0], [2, 2]],
    ['E', [2, 0], [2, 6]],
    ['e', [2, 25], [3, 10]],
    // On a wide character the cursor is on its left half.
    ['l', [2, 16], [2, 18]],
    ['h', [2, 18], [2, 16]],
    ['f 本', [2, 0], [2, 18]],
    ['f b', [2, 0], [2, 4]],
    ['f b ;', [2, 0], [2, 8]],
    ['f b ; ,', [2, 0], [2, 4]],
    ['2 f b', [2, 0], [2, 8]],
    ['t b ;', [2, 0], [2, 7]],
    ['F f', [2, 8], [2, 0]],
    ['T f', [2, 8], [2, 1]],
    ['f !', [2, 5], [2, 5]],
    ['%', [0, 0], [0, 31]],
    ['% %', [0, 0], [0, 12]],
    ['%', [0, 18], [0, 27]],
    ['}', [0, 0], [1, 0]],
    ['}', [2, 0], [6, 0]],
    ['{', [8, 0], [6, 0]],
    ['{', [2, 0], [1, 0]],
    ['[ [', [9, 0], [8, 0]],
    ['2 [ [', [9, 0], [4, 0]],
    ['] ]', [0, 0], [4, 0]],
    ['g', [7, 0], [0, 0]],
    ['G', [0, 0], [9, 0]],
    ['6 G', [0, 0], [5, 0]],
    ['+', [2, 5], [3, 3]],
  ])('%s from %j to %j', (keys, from, to) => {
    expect(play(keys, from).place).toEqual(to);
  });

  it('move the view', () => {
    expect(play('H', [5, 0]).place).toEqual([4, 0]);
    expect(play('M', [5, 0]).place).toEqual([5, 0]);
    expect(play('L', [5, 0]).place).toEqual([7, 0]);
    expect(play('ctrl+e', [5, 0]).state).toMatchObject({ top: 5, cursor: { row: 5, col: 0 } });
    expect(play('2 ctrl+e', [5, 0]).state).toMatchObject({ top: 6, cursor: { row: 6, col: 0 } });
    expect(play('ctrl+y', [5, 0]).state).toMatchObject({ top: 3, cursor: { row: 5, col: 0 } });
    expect(play('ctrl+d', [2, 0]).state).toMatchObject({ top: 3, cursor: { row: 4, col: 0 } });
    expect(play('ctrl+u', [5, 0]).state).toMatchObject({ top: 2, cursor: { row: 3, col: 0 } });
    expect(play('ctrl+f', [1, 0]).state.top).toBe(2);
    expect(play('z t', [5, 0]).state.top).toBe(5);
    expect(play('z b', [5, 0]).state.top).toBe(2);
    expect(play('ctrl+d ctrl+d ctrl+d ctrl+d ctrl+d', [0, 0]).place).toEqual([9, 0]);
  });

  it('select and copy characters, lines and blocks', () => {
    const copied = (keys: string, at: [number, number]) => play(keys, at).effects.find(({ type }) => type === 'copied');
    expect(copied('v e y', [2, 0])).toEqual({ type: 'copied', text: 'foo' });
    expect(copied('V j y', [2, 9])).toEqual({ type: 'copied', text: 'foo.bar baz_qux 日本語 end\n   indented' });
    expect(copied('ctrl+v j j l y', [2, 4])).toEqual({ type: 'copied', text: 'ba\nnd\nom' });
    expect(copied('v l l o h y', [2, 5])).toEqual({ type: 'copied', text: 'bar ' });
    expect(copied('Y', [3, 5])).toEqual({ type: 'copied', text: '   indented' });
    expect(copied('D', [3, 5])).toEqual({ type: 'copied', text: 'dented' });
    expect(copied('y', [3, 5])).toBe(undefined);
    expect(play('v l escape', [2, 0]).effects).toEqual([]);
    expect(play('v l escape q', [2, 0]).effects).toEqual([{ type: 'left' }]);
    expect(play('v e y', [2, 0]).effects.at(-1)).toEqual({ type: 'left' });
  });

  it('search while they are typed, back to where they were when they are cancelled, and around the end with a word about it', () => {
    expect(play('/ o u t', [0, 0]).place).toEqual([5, 0]);
    expect(play('/ o u t escape', [2, 3]).place).toEqual([2, 3]);
    expect(play('/ o u t backspace backspace backspace backspace', [2, 3]).state).toMatchObject({ typing: null });
    expect(play('/ o u t enter n', [0, 0]).place).toEqual([7, 5]);
    const around = play('/ o u t enter n n', [0, 0]);
    expect(around.place).toEqual([5, 0]);
    expect(around.effects).toEqual([{ type: 'said', text: 'the search went on from the other end' }]);
    expect(play('/ o u t enter N', [6, 0]).place).toEqual([5, 0]);
    expect(play('? o u t enter', [6, 0]).place).toEqual([5, 0]);
    expect(play('? o u t enter n', [8, 0]).place).toEqual([5, 0]);
    expect(play('/ z z z enter', [2, 3])).toMatchObject({ place: [2, 3], effects: [{ text: 'not found: zzz' }] });
    expect(play('/ o u t enter g / enter', [0, 0]).place).toEqual([5, 0]);
    expect(play('*', [5, 2]).place).toEqual([7, 5]);
    expect(play('n', [5, 2]).effects).toEqual([{ type: 'said', text: 'nothing has been searched for yet' }]);
  });

  it('that do nothing say so', () => {
    expect(play('x', [0, 0]).effects).toEqual([{ type: 'said', text: 'x does nothing here: q leaves copy mode' }]);
  });
});

describe('Emacs keys', () => {
  const emacs = (keys: string, at: [number, number]) => play(keys, at, { kind: 'emacs' });

  it.each<[string, [number, number], [number, number]]>([
    ['ctrl+f', [0, 0], [0, 1]],
    ['ctrl+e', [0, 0], [0, 35]],
    ['ctrl+e ctrl+f', [0, 0], [1, 0]],
    ['ctrl+b', [1, 0], [0, 35]],
    ['ctrl+n', [2, 3], [3, 3]],
    ['ctrl+p', [3, 3], [2, 3]],
    ['ctrl+a', [0, 9], [0, 0]],
    ['alt+b', [2, 8], [2, 4]],
    ['alt+<', [9, 0], [0, 0]],
    ['alt+>', [0, 0], [9, 0]],
    ['ctrl+s o u t ctrl+s enter', [0, 0], [7, 5]],
    ['ctrl+s o u t ctrl+g', [0, 3], [0, 3]],
  ])('%s from %j to %j', (keys, from, to) => {
    expect(emacs(keys, from).place).toEqual(to);
  });

  it('copy from the mark to before the cursor', () => {
    expect(emacs('ctrl+space ctrl+f ctrl+f ctrl+f alt+w', [2, 0]).effects[0]).toEqual({ type: 'copied', text: 'foo' });
    expect(emacs('ctrl+space ctrl+e alt+w', [9, 0]).effects[0]).toEqual({ type: 'copied', text: 'last' });
  });
});

describe('whatever is pressed', () => {
  const keys =
    'h j k l w b e W B E 0 ^ $ g G H M L { } [ ] % f F t T ; , v V ctrl+v o n N / ? enter escape a 日 z 5 9 ctrl+u ctrl+d ctrl+f ctrl+e ctrl+y ctrl+space ctrl+a ctrl+n ctrl+p alt+f alt+b alt+v alt+< alt+> ctrl+s ctrl+r ctrl+g backspace pageup pagedown'.split(
      ' ',
    );
  const words = fc.constantFrom('ab', ' ', '日本', '(', ')', '[', '', '\n', '\n\n', 'e\u0301', '😀', 'word');

  it('cursor and view stay inside, on whole characters, and what is copied is of the text', () => {
    fc.assert(
      fc.property(
        fc.array(words, { maxLength: 40 }),
        fc.array(fc.constantFrom(...keys), { maxLength: 40 }),
        fc.constantFrom<CopyKeys>('vi', 'emacs'),
        fc.array(fc.record({ rows: fc.integer({ min: 1, max: 9 }), cols: fc.integer({ min: 1, max: 30 }) }), {
          minLength: 1,
          maxLength: 3,
        }),
        (parts, pressed, kind, sizes) => {
          const lines = snapshotOfText(parts.join(''), { cols: 11 });
          let state = createCopyState(lines, lines.cursor, sizes[0]!, kind);
          for (const [index, name] of pressed.entries()) {
            state = pressCopyKey(state, lines, keyEventOfChord(parseChord(name)!)).state;
            state = resizeCopy(state, lines, sizes[index % sizes.length]!);
            const { cursor, top, rows, left, cols } = state;
            expect(cursor.row).toBeGreaterThanOrEqual(Math.max(0, top));
            expect(cursor.row).toBeLessThan(Math.min(lines.count, top + rows));
            const line = lines.text(cursor.row);
            if (state.selection?.kind !== 'block') {
              expect(cursor.col).toBeLessThanOrEqual(Math.max(0, kind === 'vi' ? line.cells - 1 : line.cells));
              if (cursor.col < line.cells) expect(charStart(line, cursor.col)).toBe(cursor.col);
              expect(cursor.col).toBeGreaterThanOrEqual(left);
              expect(cursor.col).toBeLessThan(left + Math.max(cols, cols >= lines.cols ? lines.cols + 1 : 0));
            }
            expect(top).toBeGreaterThanOrEqual(0);
            const all = copiedText(state, lines).replaceAll('\n', '');
            expect(parts.join('').length).toBeGreaterThanOrEqual(all.length);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('a search that is being typed', () => {
  it('says so when it takes no more', () => {
    const full = play(`/ ${Array.from({ length: 500 }, () => 'x').join(' ')}`, [0, 0]);
    expect(full.effects).toEqual([]);
    expect(full.state.typing?.text).toBe('x'.repeat(500));
    const more = play(`/ ${Array.from({ length: 501 }, () => 'x').join(' ')}`, [0, 0]);
    expect(more.effects).toEqual([{ type: 'said', text: 'no more than 500 characters fit here' }]);
    expect(more.state.typing?.text).toBe('x'.repeat(500));
  });
});
