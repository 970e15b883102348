import { charAt, type Lines, type Position, stepBack, stepForward } from './lines.ts';

/** `small`: letters and digits apart from other characters, as vi's w, b and e; `big`: everything between blanks, as W, B and E. */
export type WordSize = 'small' | 'big';
type Kind = 'blank' | 'empty' | 'word' | 'other';

export function nextWord(lines: Lines, from: Position, size: WordSize): Position {
  let at = from;
  const kind = kindAt(lines, at, size);
  let step = stepForward(lines, at);
  while (step && !step.newLine && kind !== 'blank' && kindAt(lines, step.at, size) === kind) {
    at = step.at;
    step = stepForward(lines, at);
  }
  while (step) {
    at = step.at;
    // An empty line is a word too.
    if (kindAt(lines, at, size) !== 'blank') return at;
    step = stepForward(lines, at);
  }
  return at;
}

export function wordEnd(lines: Lines, from: Position, size: WordSize): Position {
  let at = from;
  let step = stepForward(lines, at);
  while (step && ['blank', 'empty'].includes(kindAt(lines, step.at, size))) {
    at = step.at;
    step = stepForward(lines, at);
  }
  if (!step) return at;
  at = step.at;
  const kind = kindAt(lines, at, size);
  for (step = stepForward(lines, at); step && !step.newLine; step = stepForward(lines, at)) {
    if (kindAt(lines, step.at, size) !== kind) break;
    at = step.at;
  }
  return at;
}

export function previousWord(lines: Lines, from: Position, size: WordSize): Position {
  let step = stepBack(lines, from);
  while (step && kindAt(lines, step.at, size) === 'blank') {
    const back = stepBack(lines, step.at);
    if (!back) return step.at;
    step = back;
  }
  if (!step) return from;
  let { at } = step;
  const kind = kindAt(lines, at, size);
  if (kind === 'empty') return at;
  for (step = stepBack(lines, at); step; step = stepBack(lines, at)) {
    if (leavesLine(lines, at, step.at) || kindAt(lines, step.at, size) !== kind) break;
    at = step.at;
  }
  return at;
}

/** From the place before `from` the way to it leads into another line. */
function leavesLine(lines: Lines, from: Position, back: Position): boolean {
  return back.row !== from.row && !lines.wrapped(from.row);
}

/** What a double click takes: a name, a path, an address. Null where there is none. */
export function wordAround(lines: Lines, at: Position): { start: Position; end: Position } | null {
  const kind = clickKind(lines, at);
  if (kind === 'empty' || kind === 'blank') return null;
  let start = at;
  for (let step = stepBack(lines, start); step; step = stepBack(lines, start)) {
    if (leavesLine(lines, start, step.at) || clickKind(lines, step.at) !== kind) break;
    start = step.at;
  }
  let end = at;
  for (let step = stepForward(lines, end); step && !step.newLine; step = stepForward(lines, end)) {
    if (clickKind(lines, step.at) !== kind) break;
    end = step.at;
  }
  return { start, end };
}

function kindAt(lines: Lines, at: Position, size: WordSize): Kind {
  return kindOf(charAt(lines, at), size === 'big' ? /\S/u : /[\p{L}\p{N}\p{M}_]/u);
}

/** kitty's characters of a word, and the colon: addresses and `file:line` are one. */
function clickKind(lines: Lines, at: Position): Kind {
  return kindOf(charAt(lines, at), /[\p{L}\p{N}\p{M}@\-./_~?&=%+#:]/u);
}

function kindOf(character: string, word: RegExp): Kind {
  if (character === '') return 'empty';
  if (word.test(character)) return 'word';
  return /^\s+$/u.test(character) ? 'blank' : 'other';
}
