import { colOfOffset, comparePositions, type Lines, lineEnd, lineStart, type Position } from './lines.ts';

/** From the first cell of a match to the cell of its last character. */
export type Match = { start: Position; end: Position };

export type Finder = {
  /** The matches in the line that this row is a part of, in order. */
  matchesAt(row: number): readonly Match[];
  /** The next match after (or before) this place, around the end if there is none; null for no match at all. */
  find(from: Position, direction: Direction): { match: Match; wrapped: boolean } | null;
};
export type Direction = 'forward' | 'backward';

/**
 * A regular expression if it is a valid one, else the text as it is. Letters of either case match as long as the pattern has no
 * capital of its own. Null for an empty pattern.
 */
export function compilePattern(pattern: string): RegExp | null {
  if (pattern === '') return null;
  // `\S` and the like are no capitals.
  const flags = /\p{Lu}/u.test(pattern.replaceAll(/\\./gu, '')) ? 'g' : 'gi';
  for (const [source, unicode] of [
    [pattern, 'u'],
    [pattern, ''],
  ] as const) {
    try {
      return new RegExp(source, flags + unicode);
    } catch {
      // Half-typed, or meant as it is written.
    }
  }
  return new RegExp(pattern.replaceAll(/[\\^$.*+?()[\]{}|/]/gu, '\\$&'), `${flags}u`);
}

/** Finds in lines as the program wrote them, wherever the screen's edge broke them. What was found once is kept. */
export function createFinder(lines: Lines, pattern: RegExp): Finder {
  const found = new Map<number, readonly Match[]>();

  function matchesOfLine(start: number): readonly Match[] {
    const known = found.get(start);
    if (known) return known;
    const matches = findInLine(lines, start, pattern);
    // Most lines have none: those are found out again faster than remembered. A long line is not.
    if (matches.length > 0 || lines.wrapped(start + 1)) found.set(start, matches);
    return matches;
  }

  return {
    matchesAt: (row) => matchesOfLine(lineStart(lines, row)),
    find(from, direction) {
      const forward = direction === 'forward';
      const isBehind = (match: Match): boolean =>
        forward ? comparePositions(match.start, from) > 0 : comparePositions(match.start, from) < 0;
      const pick = (matches: readonly Match[]): Match | undefined => (forward ? matches[0] : matches.at(-1));
      const here = lineStart(lines, from.row);
      const near = pick(matchesOfLine(here).filter(isBehind));
      if (near) return { match: near, wrapped: false };
      let wrapped = false;
      for (let row = here; ; ) {
        row = forward ? lineEnd(lines, row) + 1 : row - 1;
        if (row >= lines.count || row < lines.first) {
          wrapped = true;
          row = forward ? lines.first : lines.count - 1;
        }
        row = lineStart(lines, row);
        const match = pick(matchesOfLine(row));
        if (match) return { match, wrapped: wrapped || row === here };
        if (row === here) return null;
      }
    },
  };
}

function findInLine(lines: Lines, start: number, pattern: RegExp): Match[] {
  const end = lineEnd(lines, start);
  if (start === end) {
    const line = lines.text(start);
    const place = (offset: number): Position => ({ row: start, col: colOfOffset(line, offset) });
    return matchText(line.text, pattern, place);
  }
  let text = '';
  const starts: number[] = [];
  for (let row = start; row <= end; row++) {
    starts.push(text.length);
    text += lines.text(row).text;
  }
  return matchText(text, pattern, (offset) => {
    let index = starts.length - 1;
    while (starts[index]! > offset) index--;
    return { row: start + index, col: colOfOffset(lines.text(start + index), offset - starts[index]!) };
  });
}

function matchText(text: string, pattern: RegExp, place: (offset: number) => Position): Match[] {
  const matches: Match[] = [];
  for (const { 0: found, index } of text.matchAll(pattern)) {
    if (found !== '') matches.push({ start: place(index), end: place(index + found.length - 1) });
  }
  return matches;
}
