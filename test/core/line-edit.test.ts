import { describe, expect, test } from 'vitest';
import { keyEventOfChord, parseChord } from '../../src/core/keys.ts';
import { type EditedLine, editLine, insertText, startLine } from '../../src/core/line-edit.ts';

function press(line: EditedLine, ...keys: string[]): EditedLine {
  return keys.reduce((before, key) => editLine(before, keyEventOfChord(parseChord(key)!)) ?? before, line);
}

/** With `|` at the cursor. */
function shown({ text, cursor }: EditedLine): string {
  const characters = [...text];
  return [...characters.slice(0, cursor), '|', ...characters.slice(cursor)].join('');
}

describe('a line that is typed', () => {
  test.each([
    ['a b', ['c', 'space', 'D'], 'a bc D|'],
    ['日本', ['left', 'backspace', '語'], '語|本'],
    ['one two  three', ['ctrl+w'], 'one two  |'],
    ['one two', ['ctrl+w', 'ctrl+w', 'ctrl+w'], '|'],
    ['abc', ['home', 'delete', 'right', 'ctrl+k'], 'b|'],
    ['abc', ['left', 'ctrl+u'], '|c'],
    ['abc', ['ctrl+a', 'left', 'x', 'ctrl+e', 'y'], 'xabcy|'],
    ['', ['backspace', 'left', 'delete'], '|'],
  ] as const)('%j and %j make %j', (text, keys, expected) => {
    expect(shown(press(startLine(text), ...keys))).toBe(expected);
  });

  test('takes no key that means nothing in it, and no line break', () => {
    for (const key of ['ctrl+x', 'alt+b', 'f5', 'up'])
      expect(editLine(startLine('a'), keyEventOfChord(parseChord(key)!))).toBeNull();
    expect(shown(insertText({ text: 'ad', cursor: 1 }, 'b\r\nc\x1b'))).toBe('ab c |d');
  });
});
