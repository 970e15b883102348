import { ALT, CTRL, HYPER, type KeyEvent, SUPER } from './input-event.ts';
import { matchesChord } from './keys.ts';

/** A line of text that a person types. `cursor`: in front of which character (code point) it stands. */
export type EditedLine = { text: string; cursor: number };

const MAX_CHARACTERS = 4_000;

export function startLine(text: string): EditedLine {
  return { text, cursor: [...text].length };
}

/** What a key does to the line, with the keys of readline; null for a key that does nothing in it. */
export function editLine(line: EditedLine, event: KeyEvent, maxLength = MAX_CHARACTERS): EditedLine | null {
  for (const [key, modifiers, edit] of EDITS) if (matchesChord(event, { key, modifiers })) return edit(line);
  const typed = typedText(event);
  return typed === '' ? null : insertText(line, typed, maxLength);
}

/** Line breaks and what else cannot be shown become blanks. */
export function insertText({ text, cursor }: EditedLine, inserted: string, maxLength = MAX_CHARACTERS): EditedLine {
  const characters = [...text];
  const clean = [...inserted.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ')].slice(
    0,
    Math.max(0, maxLength - characters.length),
  );
  characters.splice(cursor, 0, ...clean);
  return { text: characters.join(''), cursor: cursor + clean.length };
}

/** What to say when so much text and what is added to it is more than its line takes; empty when all of it has room. */
export function excessWords(text: string, added: string, max: number): string {
  return [...text].length + [...added].length <= max ? '' : `no more than ${max} characters fit here`;
}

type Edit = (line: EditedLine) => EditedLine;

const toStart: Edit = ({ text }) => ({ text, cursor: 0 });
const toEnd: Edit = ({ text }) => startLine(text);
const left: Edit = ({ text, cursor }) => ({ text, cursor: Math.max(0, cursor - 1) });
const right: Edit = ({ text, cursor }) => ({ text, cursor: Math.min([...text].length, cursor + 1) });
const backspace: Edit = (line) => cut(line, line.cursor - 1, line.cursor);
const deleteNext: Edit = (line) => cut(line, line.cursor, line.cursor + 1);
const deleteToStart: Edit = (line) => cut(line, 0, line.cursor);
const deleteToEnd: Edit = (line) => cut(line, line.cursor, Infinity);
const deleteWord: Edit = (line) => {
  const before = [...line.text].slice(0, line.cursor).join('');
  return cut(line, [...before.replace(/\S+\s*$/u, '')].length, line.cursor);
};

const EDITS: readonly (readonly [key: string, modifiers: number, edit: Edit])[] = [
  ['left', 0, left],
  ['b', CTRL, left],
  ['right', 0, right],
  ['f', CTRL, right],
  ['home', 0, toStart],
  ['a', CTRL, toStart],
  ['end', 0, toEnd],
  ['e', CTRL, toEnd],
  ['backspace', 0, backspace],
  ['h', CTRL, backspace],
  ['delete', 0, deleteNext],
  ['d', CTRL, deleteNext],
  ['u', CTRL, deleteToStart],
  ['k', CTRL, deleteToEnd],
  ['w', CTRL, deleteWord],
];

function cut({ text }: EditedLine, from: number, to: number): EditedLine {
  const characters = [...text];
  const start = Math.max(0, from);
  characters.splice(start, Math.max(0, Math.min(to, characters.length) - start));
  return { text: characters.join(''), cursor: start };
}

/** The character that a key types, empty for none. */
export function typedText(event: KeyEvent): string {
  if (event.modifiers & (CTRL | ALT | SUPER | HYPER)) return '';
  return event.text || (event.key === 'space' ? ' ' : [...event.key].length === 1 ? event.key : '');
}
