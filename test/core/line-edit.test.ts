import { expect, test } from 'vitest';
import { editLine, insertText, lineOf } from '../../src/core/line-edit.ts';
import { key } from '../client/sample-session.ts';

/** The line after keys, with `|` where the cursor is. */
function typed(start: string, ...names: string[]): string {
  let line = lineOf(start);
  for (const name of names) line = editLine(line, key(name)) ?? line;
  const characters = [...line.text];
  return [...characters.slice(0, line.cursor), '|', ...characters.slice(line.cursor)].join('');
}

test.each([
  ['typing goes in at the cursor', ['left', 'x'], 'ax|b'],
  ['backspace takes what is before', ['left', 'backspace'], '|b'],
  ['delete takes what is behind', ['home', 'delete'], '|b'],
  ['nothing is taken at the edges', ['delete', 'home', 'backspace'], '|ab'],
  ['ctrl+a and ctrl+e go to the ends', ['ctrl+a', 'x', 'ctrl+e', 'y'], 'xaby|'],
  ['ctrl+u clears to the start, ctrl+k to the end', ['left', 'ctrl+k', 'ctrl+u'], '|'],
])('%s', (_, names, expected) => {
  expect(typed('ab', ...names)).toBe(expected);
});

test('ctrl+w takes the word before, and characters of two units are one', () => {
  expect(typed('one two ', 'ctrl+w')).toBe('one |');
  expect(typed('a😀b', 'left', 'backspace')).toBe('a|b');
});

test('a key that edits nothing is null, and no line grows beyond its length', () => {
  expect(editLine(lineOf('a'), key('up'))).toBeNull();
  expect(editLine(lineOf('a'), key('ctrl+x'))).toBeNull();
  expect(insertText(lineOf('abc'), 'defg\x1b', 5)).toEqual({ text: 'abcde', cursor: 5 });
});
