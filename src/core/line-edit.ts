import { sanitizeText } from './display-text.ts';
import { ALT, CTRL, HYPER, type KeyEvent, SHIFT, SUPER } from './input-event.ts';

/** One line of text that is being typed. `cursor`: in characters (not UTF-16 units), 0 is before the first. */
export type EditedLine = { text: string; cursor: number };

export function lineOf(text: string): EditedLine {
  return { text, cursor: [...text].length };
}

/** What the line is after the key, as readline has it; null for a key that edits nothing. */
export function editLine(line: EditedLine, event: KeyEvent, maxLength = 200): EditedLine | null {
  const characters = [...line.text];
  const cursor = Math.min(line.cursor, characters.length);
  const remove = (from: number, to: number): EditedLine => ({
    text: [...characters.slice(0, from), ...characters.slice(to)].join(''),
    cursor: from,
  });
  const move = (to: number): EditedLine => ({ ...line, cursor: Math.max(0, Math.min(characters.length, to)) });
  const modifiers = event.modifiers & (CTRL | ALT | SUPER | HYPER | SHIFT);
  const key = modifiers === CTRL ? `ctrl+${event.key}` : modifiers === 0 ? event.key.replace(/^kp_/, '') : '';
  switch (key) {
    case 'backspace':
    case 'ctrl+h':
      return cursor > 0 ? remove(cursor - 1, cursor) : line;
    case 'delete':
    case 'ctrl+d':
      return remove(cursor, cursor + 1);
    case 'left':
      return move(cursor - 1);
    case 'right':
    case 'ctrl+f':
      return move(cursor + 1);
    case 'home':
    case 'ctrl+a':
      return move(0);
    case 'end':
    case 'ctrl+e':
      return move(characters.length);
    case 'ctrl+u':
      return remove(0, cursor);
    case 'ctrl+k':
      return remove(cursor, characters.length);
    case 'ctrl+w':
      return remove(wordStart(characters, cursor), cursor);
    default:
      break;
  }
  const typed = typedText(event);
  return typed === '' ? null : insertText({ ...line, cursor }, typed, maxLength);
}

/** The line with a text put in at the cursor, as far as it fits. */
export function insertText({ text, cursor }: EditedLine, added: string, maxLength = 200): EditedLine {
  const characters = [...text];
  const room = Math.max(0, maxLength - characters.length);
  const fresh = [...sanitizeText(added)].slice(0, room);
  return {
    text: [...characters.slice(0, cursor), ...fresh, ...characters.slice(cursor)].join(''),
    cursor: cursor + fresh.length,
  };
}

/** The character that a key types, empty for none. */
export function typedText(event: KeyEvent): string {
  if (event.modifiers & (CTRL | ALT | SUPER | HYPER)) return '';
  return event.text || (event.key === 'space' ? ' ' : [...event.key].length === 1 ? event.key : '');
}

function wordStart(characters: readonly string[], cursor: number): number {
  let at = cursor;
  while (at > 0 && characters[at - 1] === ' ') at--;
  while (at > 0 && characters[at - 1] !== ' ') at--;
  return at;
}
