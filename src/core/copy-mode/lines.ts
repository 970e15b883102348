/**
 * What copy mode works on: lines that do not change while it lasts. They are numbered from the oldest; while they are still
 * being fetched, those before `first` are not there yet.
 */
export type Lines = {
  readonly first: number;
  /** One more than the number of the newest line. */
  readonly count: number;
  /** The width that they were drawn for. */
  readonly cols: number;
  text(row: number): LineText;
  /** Whether this row goes on from the one above: a long line of the program's, broken at the screen's edge. */
  wrapped(row: number): boolean;
  /** Rows on which a shell's prompt begins, ascending. */
  readonly prompts: readonly number[];
};

/**
 * The text of a row, without blanks at its end where the line ends. `offsets[col]` is where in `text` the character of a cell begins, with
 * one more entry for the end; null where every character is one code unit in one cell.
 */
export type LineText = { text: string; cells: number; offsets: Uint32Array | null };

/** A cell; `col` may be anywhere in a wide character. */
export type Position = { row: number; col: number };

export function comparePositions(a: Position, b: Position): number {
  return a.row - b.row || a.col - b.col;
}

/** The first cell of the character that covers this one. */
export function charStart({ offsets }: LineText, col: number): number {
  let start = col;
  if (offsets) while (start > 0 && offsets[start] === offsets[start - 1]) start--;
  return start;
}

/** The cell after the character that covers this one. */
export function charEnd({ offsets, cells }: LineText, col: number): number {
  let end = col + 1;
  if (offsets) while (end < cells && offsets[end] === offsets[end - 1]) end++;
  return end;
}

/** The characters of cells `from` to before `to`; one that is cut by an edge is whole. */
export function sliceCells(line: LineText, from: number, to: number): string {
  const end = Math.min(to, line.cells);
  if (from >= end) return '';
  const { text, offsets } = line;
  if (!offsets) return text.slice(from, end);
  return text.slice(offsets[from], offsets[charEnd(line, end - 1)]);
}

/** The cell in which the character at this place of the text begins. */
export function colOfOffset(line: LineText, offset: number): number {
  const { offsets, cells } = line;
  if (!offsets) return Math.min(offset, cells);
  let low = 0;
  let high = cells;
  // The first cell whose character does not end before the place.
  while (low < high) {
    const middle = (low + high) >> 1;
    if (offsets[middle + 1]! <= offset) low = middle + 1;
    else high = middle;
  }
  return charStart(line, low);
}

/** The character at a place; empty behind the end of its row. */
export function charAt(lines: Lines, { row, col }: Position): string {
  const line = lines.text(row);
  return col < line.cells ? sliceCells(line, charStart(line, col), col + 1) : '';
}

/** The first row of the line that this row is a part of. */
export function lineStart(lines: Lines, row: number): number {
  let start = row;
  while (start > lines.first && lines.wrapped(start)) start--;
  return start;
}

/** The last row of the line that this row is a part of. */
export function lineEnd(lines: Lines, row: number): number {
  let end = row;
  while (end + 1 < lines.count && lines.wrapped(end + 1)) end++;
  return end;
}

/** The last character of a row; column 0 of an empty one. */
export function lastCol(line: LineText): number {
  return line.cells === 0 ? 0 : charStart(line, line.cells - 1);
}

export type Step = { at: Position; newLine: boolean };

/** To the next character, over the ends of rows. `newLine`: another line begins there. Null at the end of everything. */
export function stepForward(lines: Lines, { row, col }: Position): Step | null {
  const line = lines.text(row);
  const next = line.cells === 0 ? 1 : charEnd(line, col);
  if (next < line.cells) return { at: { row, col: next }, newLine: false };
  if (row + 1 >= lines.count) return null;
  return { at: { row: row + 1, col: 0 }, newLine: !lines.wrapped(row + 1) };
}

export function stepBack(lines: Lines, { row, col }: Position): Step | null {
  const line = lines.text(row);
  const start = charStart(line, Math.min(col, line.cells));
  if (start > 0) return { at: { row, col: charStart(line, start - 1) }, newLine: false };
  if (row <= lines.first) return null;
  return { at: { row: row - 1, col: lastCol(lines.text(row - 1)) }, newLine: !lines.wrapped(row) };
}
