import { ALT, CTRL, HYPER, type KeyEvent, SUPER } from './input-event.ts';
import { matchesChord } from './keys.ts';

/** A line of text that a person types. `cursor`: in front of which character (code point) it stands. */
export type EditedLine = { text: string; cursor: number };

const MAX_CHARACTERS = 4000;

export function startLine(text: string): EditedLine {
  return { text, cursor: [...text].length };
}

/** What a key does to the line, with the keys of readline; null for a key that does nothing in it. */
export function editLine(line: EditedLine, event: KeyEvent): EditedLine | null {
  for (const [key, modifiers, edit] of EDITS) if (matchesChord(event, { key, modifiers })) return edit(line);
  const typed = event.modifiers & (CTRL | ALT | SUPER | HYPER) ? '' : event.text || plainCharacter(event.key);
  return typed === '' ? null : insertText(line, typed);
}

/** Line breaks and what else cannot be shown become blanks. */
export function insertText({ text, cursor }: EditedLine, inserted: string): EditedLine {
  const characters = [...text];
  const clean = [...inserted.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ')].slice(
    0,
    Math.max(0, MAX_CHARACTERS - characters.length),
  );
  characters.splice(cursor, 0, ...clean);
  return { text: characters.join(''), cursor: cursor + clean.length };
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

function plainCharacter(key: string): string {
  return key === 'space' ? ' ' : [...key].length === 1 ? key : '';
}
