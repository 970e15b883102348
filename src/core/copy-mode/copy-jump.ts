import type { FoundLine } from '../found-lines.ts';
import type { CopyState } from './copy-state.ts';
import { moveCursor } from './copy-state.ts';
import { type CopyStep, only, said } from './copy-step.ts';
import { type Lines, lineEnd, lineStart, type Position } from './lines.ts';
import { createFinder, type Finder } from './search.ts';

/** `text`: of the query; `cols` and `rank` as FoundTarget in the client has them. */
export type CopyJump = { pattern: RegExp; text: string; cols: number; rank: number; found: FoundLine };

/** Lines of which it is known how many the pane had had before the first of them; null where nobody says. */
type NumberedLines = Lines & { readonly departed: number | null };

/**
 * To a line that a search through all panes has found, in the middle of the view, with the pattern as copy mode's own search. The line's
 * number tells which it is, as long as the pane has kept its width; else the line that reads the same and comes in the same order.
 */
export function jumpToFound(state: CopyState, lines: NumberedLines, jump: CopyJump): CopyStep {
  const finder = createFinder(lines, jump.pattern);
  const search = { text: jump.text, direction: 'forward' as const, finder };
  const place = placeByNumber(lines, finder, jump) ?? placeByOrder(lines, finder, jump);
  const searching = { ...state, search, typing: null, selection: null };
  if (!place) return said(searching, 'that line is gone: erased, or too old for the scrollback');
  return only(moveCursor({ ...searching, top: place.row - (state.rows >> 1) }, lines, place));
}

function placeByNumber(lines: NumberedLines, finder: Finder, { cols, found }: CopyJump): Position | null {
  if (lines.departed === null || lines.cols !== cols) return null;
  const row = found.line - lines.departed;
  if (row < lines.first || row >= lines.count) return null;
  const match = finder.matchesAt(row).find(({ start }) => start.row === row);
  return match && wholeLine(lines, row).includes(found.text) ? match.start : null;
}

function placeByOrder(lines: Lines, finder: Finder, { found, rank }: CopyJump): Position | null {
  let best: { place: Position; distance: number } | null = null;
  let order = 0;
  for (let row = lines.count - 1; row >= lines.first; row = lineStart(lines, row) - 1) {
    const match = finder.matchesAt(row)[0];
    if (!match) continue;
    const distance = Math.abs(order++ - rank);
    // From here on they are further and further away.
    if (best && distance > best.distance && order > rank) break;
    if ((!best || distance < best.distance) && wholeLine(lines, row).includes(found.text))
      best = { place: match.start, distance };
  }
  return best?.place ?? null;
}

function wholeLine(lines: Lines, row: number): string {
  let text = '';
  const end = lineEnd(lines, row);
  for (let part = lineStart(lines, row); part <= end; part++) text += lines.text(part).text;
  return text;
}
