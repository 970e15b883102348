import {
  BLANK_CONTENT,
  type CellGrid,
  COLOR_16,
  COLOR_MASK,
  COLOR_MODE_MASK,
  FG_BOLD,
  FG_INVERSE,
  FG_UNDERLINE,
  WIDTH_MASK,
  WORDS_PER_CELL,
} from '../../core/cell.ts';
import { type CopyState, selectionOf } from '../../core/copy-mode/copy-state.ts';
import { comparePositions, lineEnd } from '../../core/copy-mode/lines.ts';
import { selectedCells } from '../../core/copy-mode/selection.ts';
import type { Snapshot } from './snapshot.ts';

const BLACK_TEXT = COLOR_16;
const MATCH = COLOR_16 | 3;
const CURRENT_MATCH = COLOR_16 | 5;
const COLORS = COLOR_MASK | COLOR_MODE_MASK;

/** The rows in view, with what is selected and found: selections are inverse, matches underlined on a colour of their own. */
export function drawCopy(snapshot: Snapshot, state: CopyState, grid: CellGrid): void {
  for (let at = 0; at < grid.words.length; at += WORDS_PER_CELL) {
    grid.words[at] = BLANK_CONTENT;
    grid.words[at + 1] = 0;
    grid.words[at + 2] = 0;
  }
  grid.extras.clear();
  const selection = selectionOf(state);
  const rows = Math.min(grid.rows, state.rows);
  for (let y = 0; y < rows; y++) {
    const row = state.top + y;
    if (row >= snapshot.count) break;
    drawRow(snapshot, state, grid, y);
    const selected = selection && selectedCells(snapshot, selection, row);
    if (!selected) continue;
    // A whole line is shown as one, also where it is empty.
    const { cells } = snapshot.text(row);
    const shown = selection.kind === 'block' ? selected.to : Math.max(selected.from + 1, Math.min(selected.to, cells));
    eachCell(state, grid, { y, from: selected.from, to: shown }, (at) => {
      grid.words[at + 1] = (grid.words[at + 1]! ^ FG_INVERSE) >>> 0;
    });
  }
  drawMatches(snapshot, state, grid, rows);
}

function drawRow(snapshot: Snapshot, { top, left }: CopyState, grid: CellGrid, y: number): void {
  const { words, cells, extras } = snapshot.cells(top + y);
  const start = y * grid.cols;
  const count = Math.max(0, Math.min(cells - left, grid.cols));
  if (count === 0) return;
  grid.words.set(words.subarray(left * WORDS_PER_CELL, (left + count) * WORDS_PER_CELL), start * WORDS_PER_CELL);
  for (const [col, extra] of extras) {
    if (col >= left && col < left + count) grid.extras.set(start + col - left, extra);
  }
  // The right half of a character that begins to the left of the view.
  if ((grid.words[start * WORDS_PER_CELL]! & WIDTH_MASK) === 0) grid.words[start * WORDS_PER_CELL] = BLANK_CONTENT;
}

function drawMatches(snapshot: Snapshot, state: CopyState, grid: CellGrid, rows: number): void {
  const { search, top, cursor } = state;
  if (!search) return;
  const bottom = Math.min(top + rows, snapshot.count) - 1;
  for (let row = top; row <= bottom; row = lineEnd(snapshot, row) + 1) {
    for (const { start, end } of search.finder.matchesAt(row)) {
      if (end.row < top || start.row > bottom) continue;
      const current = comparePositions(start, cursor) <= 0 && comparePositions(cursor, end) <= 0;
      for (let part = Math.max(start.row, top); part <= Math.min(end.row, bottom); part++) {
        const from = part === start.row ? start.col : 0;
        const to = part === end.row ? end.col + 1 : snapshot.text(part).cells;
        eachCell(state, grid, { y: part - top, from, to }, (at) => {
          markCell(grid.words, at, current);
        });
      }
    }
  }
}

function markCell(words: Uint32Array, at: number, current: boolean): void {
  const fg = words[at + 1]! & ~(COLORS | FG_INVERSE);
  const selected = words[at + 1]! & FG_INVERSE;
  words[at + 1] = (fg | selected | BLACK_TEXT | FG_UNDERLINE | (current ? FG_BOLD : 0)) >>> 0;
  words[at + 2] = ((words[at + 2]! & ~COLORS) | (current ? CURRENT_MATCH : MATCH)) >>> 0;
}

type Span = { y: number; from: number; to: number };

/** Calls back with the first word of each cell, and of the right half of the last one. */
function eachCell({ left }: CopyState, grid: CellGrid, { y, from, to }: Span, visit: (at: number) => void): void {
  const start = y * grid.cols;
  const end = Math.min(grid.cols, to - left);
  for (let x = Math.max(0, from - left); x < grid.cols; x++) {
    const at = (start + x) * WORDS_PER_CELL;
    if (x >= end && (x !== end || (grid.words[at]! & WIDTH_MASK) !== 0)) break;
    visit(at);
  }
}
