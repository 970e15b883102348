import {
  charAt,
  charEnd,
  charStart,
  type Lines,
  lastCol,
  lineEnd,
  lineStart,
  type Position,
  stepBack,
  stepForward,
} from './lines.ts';
import { nextWord, previousWord, wordEnd } from './words.ts';

/** What a motion starts from. `top`, `rows`: what is in view. `col`: the column that up and down keep to. */
export type MotionContext = { lines: Lines; at: Position; col: number; top: number; rows: number };
type Motion = (context: MotionContext, count: number | null) => Position;

const times =
  (step: (lines: Lines, at: Position) => Position): Motion =>
  ({ lines, at }, count) => {
    let place = at;
    for (let left = count ?? 1; left > 0; left--) {
      const next = step(lines, place);
      if (next.row === place.row && next.col === place.col) break;
      place = next;
    }
    return place;
  };

const vertical =
  (direction: 1 | -1): Motion =>
  ({ at, col }, count) => ({ row: at.row + direction * (count ?? 1), col });

/** To a row, its first character that is not blank. */
const toRow = (lines: Lines, row: number): Position => {
  const inside = Math.max(lines.first, Math.min(lines.count - 1, row));
  return { row: inside, col: firstText(lines, inside) };
};

/**
 * Every motion by name. Those of one line go by rows on the screen, as the eye does; `line-start` and `line-end` by the whole line. Results
 * may lie outside: the caller puts them back in.
 */
export const motionTable = {
  left: times((lines, at) => {
    const line = lines.text(at.row);
    const start = charStart(line, Math.min(at.col, line.cells));
    return start > 0 ? { row: at.row, col: charStart(line, start - 1) } : at;
  }),
  right: times((lines, at) => {
    const line = lines.text(at.row);
    return at.col < line.cells ? { row: at.row, col: charEnd(line, at.col) } : at;
  }),
  'char-forward': times((lines, at) => {
    const { cells } = lines.text(at.row);
    // Emacs has a place behind the last character.
    if (at.col < cells && charEnd(lines.text(at.row), at.col) === cells && !lines.wrapped(at.row + 1))
      return { row: at.row, col: cells };
    return stepForward(lines, at)?.at ?? at;
  }),
  'char-back': times((lines, at) => {
    const back = stepBack(lines, at);
    if (!back) return at;
    return back.newLine ? { row: back.at.row, col: lines.text(back.at.row).cells } : back.at;
  }),
  down: vertical(1),
  up: vertical(-1),
  'next-word': times((lines, at) => nextWord(lines, at, 'small')),
  'next-big-word': times((lines, at) => nextWord(lines, at, 'big')),
  'word-end': times((lines, at) => wordEnd(lines, at, 'small')),
  'big-word-end': times((lines, at) => wordEnd(lines, at, 'big')),
  'previous-word': times((lines, at) => previousWord(lines, at, 'small')),
  'previous-big-word': times((lines, at) => previousWord(lines, at, 'big')),
  'line-start': ({ lines, at }) => ({ row: lineStart(lines, at.row), col: 0 }),
  'line-text-start': ({ lines, at }) => {
    const row = lineStart(lines, at.row);
    return { row, col: firstText(lines, row) };
  },
  'line-end': ({ lines, at }, count) => {
    let row = lineEnd(lines, at.row);
    for (let left = (count ?? 1) - 1; left > 0 && row + 1 < lines.count; left--) row = lineEnd(lines, row + 1);
    return { row, col: lines.text(row).cells };
  },
  'next-line': ({ lines, at }, count) => toRow(lines, at.row + (count ?? 1)),
  'previous-line': ({ lines, at }, count) => toRow(lines, at.row - (count ?? 1)),
  'history-top': ({ lines }, count) => toRow(lines, count === null ? lines.first : lines.first + count - 1),
  'history-bottom': ({ lines }, count) => toRow(lines, count === null ? lines.count - 1 : lines.first + count - 1),
  'view-top': ({ lines, top, rows }, count) => toRow(lines, top + Math.min(rows, count ?? 1) - 1),
  'view-middle': ({ lines, top, rows }) => toRow(lines, top + ((Math.min(rows, lines.count - top) - 1) >> 1)),
  'view-bottom': ({ lines, top, rows }, count) =>
    toRow(lines, Math.min(top + rows, lines.count) - Math.min(rows, count ?? 1)),
  'next-paragraph': times((lines, at) => paragraph(lines, at, 1)),
  'previous-paragraph': times((lines, at) => paragraph(lines, at, -1)),
  'next-prompt': times((lines, at) => {
    const row = lines.prompts.find((prompt) => prompt > at.row);
    return row === undefined ? { row: lines.count - 1, col: 0 } : { row, col: 0 };
  }),
  'previous-prompt': times((lines, at) => {
    const row = lines.prompts.findLast((prompt) => prompt < at.row && prompt >= lines.first);
    return row === undefined ? { row: lines.first, col: 0 } : { row, col: 0 };
  }),
  'matching-bracket': ({ lines, at }) => matchingBracket(lines, at) ?? at,
} as const satisfies Record<string, Motion>;

export type MotionName = keyof typeof motionTable;

function firstText(lines: Lines, row: number): number {
  const line = lines.text(row);
  for (let col = 0; col < line.cells; col = charEnd(line, col))
    if (charAt(lines, { row, col }).trim() !== '') return col;
  return lastCol(line);
}

function isEmpty(lines: Lines, row: number): boolean {
  return lines.text(row).text.trim() === '';
}

/** To the next empty line after text; else to the end of everything. */
function paragraph(lines: Lines, { row }: Position, direction: 1 | -1): Position {
  const inside = (place: number): boolean => place >= lines.first && place < lines.count;
  let place = row;
  while (inside(place) && isEmpty(lines, place)) place += direction;
  while (inside(place) && !isEmpty(lines, place)) place += direction;
  if (inside(place)) return { row: place, col: 0 };
  return direction > 0
    ? { row: lines.count - 1, col: lines.text(lines.count - 1).cells }
    : { row: lines.first, col: 0 };
}

const BRACKETS = '()[]{}<>';

/** Of the bracket here, or of the next one in this line. */
function matchingBracket(lines: Lines, from: Position): Position | null {
  let at = from;
  while (charAt(lines, at) === '' || !BRACKETS.slice(0, 6).includes(charAt(lines, at))) {
    const step = stepForward(lines, at);
    if (!step || step.newLine) return null;
    at = step.at;
  }
  const own = charAt(lines, at);
  const index = BRACKETS.indexOf(own);
  const opens = index % 2 === 0;
  const other = BRACKETS[opens ? index + 1 : index - 1]!;
  const move = opens ? stepForward : stepBack;
  let depth = 1;
  for (let step = move(lines, at); step; step = move(lines, step.at)) {
    const character = charAt(lines, step.at);
    if (character === own) depth++;
    else if (character === other && --depth === 0) return step.at;
  }
  return null;
}

export type CharacterFind = { kind: 'f' | 'F' | 't' | 'T'; character: string };

/** `f`, `F`, `t` and `T` of vi, in the whole line. `again`: a `t` that stands before its character already goes to the next one. */
export function findCharacter(
  lines: Lines,
  from: Position,
  { kind, character }: CharacterFind,
  { count, again }: { count: number; again: boolean },
): Position | null {
  const forward = kind === 'f' || kind === 't';
  const till = kind === 't' || kind === 'T';
  const step = (at: Position): Position | null => {
    const next = forward ? stepForward(lines, at) : stepBack(lines, at);
    return next && !next.newLine ? next.at : null;
  };
  let left = count;
  let before = from;
  let at = step(from);
  if (again && till && at && charAt(lines, at) === character) [before, at] = [at, step(at)];
  for (; at; [before, at] = [at, step(at)]) {
    if (charAt(lines, at) === character && --left === 0) return till ? before : at;
  }
  return null;
}
