import { charEnd, charStart, type Lines, type LineText, lastCol, type Position } from './lines.ts';
import type { CharacterFind } from './motions.ts';
import { compilePattern, createFinder, type Direction, type Finder } from './search.ts';
import { type Selection, type SelectionKind, selectedText } from './selection.ts';
import { wordAround } from './words.ts';

/** Everything about one pane's copy mode but the lines themselves. Changed by the functions here and in copy-commands.ts alone. */
export type CopyState = {
  keys: CopyKeys;
  cursor: Position;
  /** The column that up and down keep to. */
  wantedCol: number;
  /** The first row and column in view, and how many there is room for. */
  top: number;
  left: number;
  rows: number;
  cols: number;
  selection: { kind: SelectionKind; anchor: Position } | null;
  search: Search | null;
  /** Being typed: the pattern, and where to go back to. */
  typing: { direction: Direction; text: string; before: Pick<CopyState, 'cursor' | 'top' | 'left' | 'search'> } | null;
  find: CharacterFind | null;
  /** Keys that wait for more: a count, and the first of two keys. */
  count: string;
  pending: '' | 'f' | 'F' | 't' | 'T' | '[' | ']' | 'z';
};

export type CopyKeys = 'vi' | 'emacs';
export type Search = { text: string; direction: Direction; finder: Finder };
export type ViewSize = { rows: number; cols: number };

/** At the cursor of the screen, with the newest rows in view. */
export function createCopyState(lines: Lines, cursor: Position, size: ViewSize, keys: CopyKeys): CopyState {
  const state: CopyState = {
    keys,
    cursor,
    wantedCol: cursor.col,
    top: lines.count - size.rows,
    left: 0,
    ...size,
    selection: null,
    search: null,
    typing: null,
    find: null,
    count: '',
    pending: '',
  };
  return settle(state, lines, 'cursor');
}

/** More room for the view, or less: what is at its top stays there, unless the cursor is where somebody has brought it. */
export function resizeCopy(state: CopyState, lines: Lines, size: ViewSize): CopyState {
  if (size.rows === state.rows && size.cols === state.cols) return state;
  if (isAtBottom(state, lines)) return settle({ ...state, ...size, top: lines.count - size.rows }, lines, 'view');
  return settle({ ...state, ...size }, lines, state.selection || state.search || state.typing ? 'view' : 'cursor');
}

export function moveCursor(state: CopyState, lines: Lines, to: Position, keepColumn = false): CopyState {
  const next = settle({ ...state, cursor: to }, lines, 'view');
  return keepColumn ? next : { ...next, wantedCol: next.cursor.col };
}

/** The view moves, and the cursor only as far as it must to stay in it. Negative is back in time. */
export function scrollView(state: CopyState, lines: Lines, by: number): CopyState {
  return settle({ ...state, top: state.top + by }, lines, 'cursor');
}

/** By pages: view and cursor move together. */
export function scrollPage(state: CopyState, lines: Lines, by: number): CopyState {
  const scrolled = scrollView(state, lines, by);
  const moved = scrolled.top === state.top;
  // At either end the cursor goes on.
  const row = state.cursor.row + (moved ? by : scrolled.top - state.top);
  return settle({ ...scrolled, cursor: { row, col: state.wantedCol } }, lines, 'view');
}

export function isAtBottom(state: CopyState, lines: Lines): boolean {
  return state.top >= Math.max(lines.first, lines.count - state.rows);
}

export function selectionOf(state: CopyState): Selection | null {
  const { selection, cursor, keys } = state;
  return selection && { ...selection, head: cursor, exclusive: keys === 'emacs' && selection.kind !== 'line' };
}

export function copiedText(state: CopyState, lines: Lines): string {
  const selection = selectionOf(state);
  return selection ? selectedText(lines, selection) : '';
}

/** A click of the mouse: once for nothing, twice for a word, three times for a line. */
export function selectAt(state: CopyState, lines: Lines, at: Position, clicks: number): CopyState {
  const placed = moveCursor({ ...state, selection: null }, lines, at);
  if (clicks <= 1) return placed;
  if (clicks >= 3) return { ...placed, selection: { kind: 'line', anchor: placed.cursor } };
  const word = wordAround(lines, placed.cursor);
  if (!word) return placed;
  return moveCursor(
    { ...placed, selection: { kind: 'char', anchor: word.start } },
    lines,
    after(state, lines, word.end),
  );
}

/** A drag from one place to another, in any direction; `block` while the key for it is held. */
export function dragTo(state: CopyState, lines: Lines, to: Position, kind: SelectionKind): CopyState {
  const anchor = state.selection?.anchor ?? state.cursor;
  return moveCursor(
    { ...state, selection: { kind: state.selection?.kind === 'line' ? 'line' : kind, anchor } },
    lines,
    to,
  );
}

/** Where the cursor stands so that this character is the last one selected. */
function after(state: CopyState, lines: Lines, at: Position): Position {
  return state.keys === 'emacs' ? { row: at.row, col: charEnd(lines.text(at.row), at.col) } : at;
}

export function startSearch(state: CopyState, direction: Direction): CopyState {
  const { cursor, top, left, search } = state;
  return { ...state, typing: { direction, text: '', before: { cursor, top, left, search } } };
}

/** Another text in the search that is being typed: shows the first match from where it began. */
export function typeSearch(state: CopyState, lines: Lines, text: string): { state: CopyState; wrapped: boolean } {
  const { typing } = state;
  if (!typing) return { state, wrapped: false };
  const { before, direction } = typing;
  const back: CopyState = { ...state, ...before, typing: { ...typing, text } };
  const pattern = compilePattern(text);
  if (!pattern) return { state: { ...back, search: null }, wrapped: false };
  const search: Search = { text, direction, finder: createFinder(lines, pattern) };
  const hit = search.finder.find(before.cursor, direction);
  if (!hit) return { state: { ...back, search }, wrapped: false };
  return { state: moveCursor({ ...back, search }, lines, hit.match.start), wrapped: hit.wrapped };
}

export function cancelSearch(state: CopyState): CopyState {
  return state.typing ? { ...state, ...state.typing.before, typing: null } : state;
}

export type SearchOutcome = { state: CopyState; outcome: 'found' | 'wrapped' | 'none' | 'no-pattern' };

export function searchAgain(state: CopyState, lines: Lines, same: boolean, count = 1): SearchOutcome {
  const { search } = state;
  if (!search) return { state, outcome: 'no-pattern' };
  const direction = (search.direction === 'forward') === same ? 'forward' : 'backward';
  let next = state;
  let wrapped = false;
  for (let left = count; left > 0; left--) {
    const hit = search.finder.find(next.cursor, direction);
    if (!hit) return { state, outcome: 'none' };
    wrapped ||= hit.wrapped;
    next = moveCursor(next, lines, hit.match.start);
  }
  return { state: next, outcome: wrapped ? 'wrapped' : 'found' };
}

/**
 * Cursor on a character, rows within what there is, and the cursor in view: `cursor` moves it there, `view` moves the view. A view is never
 * scrolled beyond the newest row.
 */
function settle(state: CopyState, lines: Lines, gives: 'cursor' | 'view'): CopyState {
  const { rows, cols } = state;
  const lowest = Math.max(lines.first, lines.count - rows);
  let top = Math.max(lines.first, Math.min(lowest, state.top));
  let row = Math.max(lines.first, Math.min(lines.count - 1, state.cursor.row));
  if (gives === 'cursor') row = Math.max(top, Math.min(top + rows - 1, row));
  else top = Math.max(row - rows + 1, Math.min(row, top));
  const wanted = row === state.cursor.row ? state.cursor.col : state.wantedCol;
  const col = clampCol(state, lines.text(row), wanted);
  let left = cols >= lines.cols ? 0 : Math.max(0, Math.min(state.left, col));
  if (cols < lines.cols && col >= left + cols) left = col - cols + 1;
  const same = row === state.cursor.row && col === state.cursor.col;
  return { ...state, cursor: same ? state.cursor : { row, col }, top, left };
}

/** vi stands on characters, Emacs between them; a block may have its corner anywhere. */
function clampCol({ keys, selection }: CopyState, line: LineText, col: number): number {
  if (selection?.kind === 'block') return Math.max(0, Math.min(col, MAX_COL));
  if (keys === 'emacs' && col >= line.cells) return line.cells;
  return charStart(line, Math.max(0, Math.min(col, lastCol(line))));
}
const MAX_COL = 1999;
