import {
  charEnd,
  charStart,
  comparePositions,
  type Lines,
  type LineText,
  lineEnd,
  lineStart,
  type Position,
  sliceCells,
} from './lines.ts';

/** `head` is where the cursor is. `exclusive`: the character under the later end does not belong to it, as in Emacs. */
export type Selection = { kind: SelectionKind; anchor: Position; head: Position; exclusive: boolean };
export type SelectionKind = 'char' | 'line' | 'block';

/** The cells of a row that are selected: `from` to before `to`; null for none. `to` may be beyond the row's text. */
export function selectedCells(lines: Lines, selection: Selection, row: number): { from: number; to: number } | null {
  const [start, end] = selectedRange(lines, selection);
  if (row < start.row || row > end.row) return null;
  if (selection.kind === 'line') return { from: 0, to: Number.POSITIVE_INFINITY };
  const line = lines.text(row);
  if (selection.kind === 'block') {
    const left = Math.min(selection.anchor.col, selection.head.col);
    const right = Math.max(selection.anchor.col, selection.head.col);
    const to = selection.exclusive ? right : right + 1;
    return left >= to ? null : widen(line, left, to);
  }
  const from = row === start.row ? start.col : 0;
  if (row !== end.row) return widen(line, from, Number.POSITIVE_INFINITY);
  const to = selection.exclusive ? end.col : end.col + 1;
  return from >= to ? null : widen(line, from, to);
}

/** Whole characters only. */
function widen(line: LineText, from: number, to: number): { from: number; to: number } {
  return {
    from: charStart(line, Math.min(from, line.cells)) + Math.max(0, from - line.cells),
    to: to > line.cells ? to : charEnd(line, to - 1),
  };
}

/** In order; whole lines for `line`. */
function selectedRange(lines: Lines, { kind, anchor, head }: Selection): [Position, Position] {
  const [start, end] = comparePositions(anchor, head) <= 0 ? [anchor, head] : [head, anchor];
  if (kind !== 'line') return [start, end];
  return [
    { row: lineStart(lines, start.row), col: 0 },
    { row: lineEnd(lines, end.row), col: 0 },
  ];
}

/**
 * The selected text. A line that the screen's edge broke is one line again, blanks behind the end of a line are not there, and no
 * newline follows the last one. A block has a line for each row.
 */
export function selectedText(lines: Lines, selection: Selection): string {
  const [start, end] = selectedRange(lines, selection);
  let text = '';
  let line = '';
  for (let row = start.row; row <= end.row; row++) {
    const cells = selectedCells(lines, selection, row);
    line += cells ? sliceCells(lines.text(row), cells.from, cells.to) : '';
    const goesOn = selection.kind !== 'block' && row + 1 < lines.count && lines.wrapped(row + 1);
    if (goesOn && row < end.row) continue;
    // Where nothing but blanks has come over the edge, those before it are at the end of the line, too.
    const isWhole = selection.kind === 'block' || (!goesOn && lines.text(row).cells === 0);
    text += isWhole ? line.trimEnd() : line;
    if (row < end.row) text += '\n';
    line = '';
  }
  return text;
}
