import type { FoundLine } from '../core/found-lines.ts';
import type { Screen } from './screen.ts';

/**
 * Looks through a screen and its scrollback for a pattern, from the newest line to the oldest, a piece at a time. Lines that the screen's
 * edge broke are looked at as one.
 */
export type ScreenSearch = {
  readonly found: readonly FoundLine[];
  /** Lines with a match, also those that there was no room for in `found`. */
  readonly count: number;
  /** The width that the lines had. */
  readonly cols: number;
  readonly done: boolean;
  /** Goes on until this moment of `performance.now()`, with at least one line. A pattern may take as long as it likes for a line. */
  step(untilMs: number): void;
};

const LINES_PER_LOOK = 16;
/** A program that never ends its line makes all of the scrollback one; it is searched in parts of so many rows. */
const MAX_JOINED_ROWS = 1000;
const MAX_TEXT = 240;
/** Of that, before a first match that is further away. */
const TEXT_BEFORE = 40;
const MAX_MATCHES = 16;

/** `pattern` is global; `maxFound`: more lines than that are counted only. */
export function createScreenSearch(screen: Screen, pattern: RegExp, maxFound: number): ScreenSearch {
  let found: FoundLine[] = [];
  let count = 0;
  let cols = screen.cols;
  /** This line and those below it have been looked at. */
  let next = 0;
  let done = false;

  function begin(): void {
    found = [];
    count = 0;
    cols = screen.cols;
    next = screen.departedLines + screen.scrollbackLines + screen.rows;
    done = false;
  }

  function lookAtLine(): void {
    const oldest = screen.departedLines;
    const rowOf = (number: number): number => number - oldest - screen.scrollbackLines;
    const last = next - 1;
    let line = last < oldest ? null : screen.textLine(rowOf(last));
    if (!line) {
      done = true;
      return;
    }
    if (!line.wrapped) {
      next = last;
      look(trimBlanks(line.text), (offset) => [last, offset]);
      return;
    }
    const rows = [trimBlanks(line.text)];
    let first = last;
    while (line.wrapped && rows.length < MAX_JOINED_ROWS) {
      const above = first - 1 < oldest ? null : screen.textLine(rowOf(first - 1));
      if (!above) break;
      line = above;
      first--;
      rows.push(line.text);
    }
    rows.reverse();
    next = first;
    look(rows.join(''), (offset) => {
      let row = 0;
      let rest = offset;
      while (row < rows.length - 1 && rest >= rows[row]!.length) rest -= rows[row++]!.length;
      return [first + row, rest];
    });
  }

  function look(text: string, placeOf: (offset: number) => [line: number, offset: number]): void {
    const at = nextMatch(pattern, text, 0);
    if (!at) return;
    count++;
    if (found.length >= maxFound) return;
    const from = at[1] <= MAX_TEXT ? 0 : wholeCharacters(text, Math.max(0, at[0] - TEXT_BEFORE));
    const to = wholeCharacters(text, Math.min(text.length, from + MAX_TEXT));
    const matches: FoundLine['matches'] = [];
    let match: [number, number] | null = at;
    while (match && match[0] < to && matches.length < MAX_MATCHES) {
      matches.push([match[0] - from, Math.min(match[1], to) - from]);
      match = nextMatch(pattern, text, match[1]);
    }
    found.push({ line: placeOf(at[0])[0], text: text.slice(from, to), skipped: from, matches });
  }

  begin();
  return {
    get found() {
      return found;
    },
    get count() {
      return count;
    },
    get cols() {
      return cols;
    },
    get done() {
      return done;
    },
    step(untilMs) {
      // Every line has another number now.
      if (!done && screen.cols !== cols) begin();
      for (let lines = 0; !done; lines++) {
        if (lines > 0 && lines % LINES_PER_LOOK === 0 && performance.now() > untilMs) return;
        lookAtLine();
      }
    },
  };
}

/** The next one that is not empty. */
function nextMatch(pattern: RegExp, text: string, from: number): [from: number, to: number] | null {
  pattern.lastIndex = from;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    if (match[0] !== '') return [match.index, match.index + match[0].length];
    pattern.lastIndex = match.index + 1;
  }
  return null;
}

function trimBlanks(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 0x20) end--;
  return end === text.length ? text : text.slice(0, end);
}

/** Not in the middle of a surrogate pair. */
function wholeCharacters(text: string, at: number): number {
  const isInside = at > 0 && at < text.length && (text.charCodeAt(at) & 0xfc00) === 0xdc00;
  return isInside ? at - 1 : at;
}
