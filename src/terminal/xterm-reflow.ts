import { HAS_TEXT, WORDS_PER_CELL } from '../core/cell.ts';
import type { BufferLine, ScreenBuffer, XtermCore } from './xterm-core.ts';

/**
 * Resizes, and keeps the cursor on its character. 6.0.0 lays the lines out anew but leaves the cursor in its column, and by default cuts the
 * cursor's own line instead (option `reflowCursorLine`, xterm.js#5295): what a program had written there was lost.
 */
export function resizeKeepingCursor(core: XtermCore, resize: () => void): void {
  const { normal } = core.buffers;
  const place = placeOfCursor(normal, core._bufferService.cols);
  const whereIsFirst = followLine(normal, place.firstLine);
  setOnlyWhatIsThere(normal, resize);
  const firstLine = whereIsFirst();
  const { cols } = core._bufferService;
  // A line that is longer than all there is room for has lost its beginning; its end is where it was.
  const rest = firstLine === null ? textLength(normal, 0, cols) - place.length : 0;
  putCursor(normal, core._bufferService, { firstLine: firstLine ?? 0, offset: Math.max(0, place.offset + rest) });
}

/**
 * Where the row at `index` is after lines have been laid out anew; null when it was thrown away. The first row of a line stays the same
 * object. Markers of 6.0.0 stand too high then when the scrollback is full: they do not move down by rows that found no place in it.
 */
export function followLine({ lines }: ScreenBuffer, index: number): () => number | null {
  const row = index < lines.length ? lines.get(index) : undefined;
  return () => {
    for (let at = row ? lines.length - 1 : -1; at >= 0; at--) if (lines.get(at) === row) return at;
    return null;
  };
}

/**
 * Narrowing lays lines out from the last to the first. In a full scrollback 6.0.0 goes on with the rows of a line for which there is no room
 * any more, above the first, and the list, a ring, puts them over the last: what was on the screen was gone.
 */
function setOnlyWhatIsThere({ lines }: ScreenBuffer, resize: () => void): void {
  const { set } = lines;
  lines.set = (index, line) => {
    if (index >= 0) set.call(lines, index, line);
  };
  try {
    resize();
  } finally {
    lines.set = set;
  }
}

/**
 * Laying lines out anew copies cells from row to row. What does not fit into a cell (letters with marks, emoji of several parts) is kept beside
 * the cells by column, and 6.0.0 copies all of that from the first column on, however few cells it is asked for: what stood further right in
 * the other row became another letter.
 */
export function copyCombinedOfCellsAlone(core: XtermCore): void {
  const prototype = Object.getPrototypeOf(core.buffer.lines.get(0)) as BufferLine;
  if (copying.has(prototype)) return;
  copying.add(prototype);
  const { copyCellsFrom } = prototype;
  prototype.copyCellsFrom = function (this: BufferLine, source, from, to, length, inReverse): void {
    const { _data, _extendedAttrs, _combined } = source;
    const combined: [number, string][] = [];
    for (const [column, text] of Object.entries(_combined)) {
      const at = Number(column) - from;
      const isThere = at >= 0 && at < length && (_data[Number(column) * WORDS_PER_CELL]! & HAS_TEXT) !== 0;
      if (isThere) combined.push([to + at, text]);
    }
    copyCellsFrom.call(this, { _data, _extendedAttrs, _combined: {} } as BufferLine, from, to, length, inReverse);
    for (const [column, text] of combined) this._combined[column] = text;
  };
}
const copying = new WeakSet<BufferLine>();

/** The line of the buffer on which the cursor's text begins, and how many cells of that text are before the cursor. */
type Place = { firstLine: number; offset: number };

function placeOfCursor(buffer: ScreenBuffer, cols: number): Place & { length: number } {
  const cursorLine = buffer.ybase + buffer.y;
  let firstLine = cursorLine;
  while (firstLine > 0 && buffer.lines.get(firstLine)?.isWrapped) firstLine--;
  let offset = buffer.x;
  for (let line = firstLine; line < cursorLine; line++) offset += lengthOf(buffer, line, cols);
  return { firstLine, offset, length: textLength(buffer, firstLine, cols) };
}

function putCursor(
  buffer: ScreenBuffer,
  { cols, rows }: { cols: number; rows: number },
  { firstLine, offset }: Place,
): void {
  let line = firstLine;
  let rest = offset;
  // Behind its end the list still has lines of before.
  const last = buffer.lines.length - 1;
  while (line < last && buffer.lines.get(line + 1)!.isWrapped && rest >= lengthOf(buffer, line, cols)) {
    rest -= lengthOf(buffer, line, cols);
    line++;
  }
  // Where the text grew below the screen, the screen moves down over it.
  buffer.ybase = Math.max(buffer.ybase, line - rows + 1);
  buffer.ydisp = buffer.ybase;
  buffer.x = Math.min(rest, cols);
  buffer.y = Math.max(0, Math.min(line - buffer.ybase, rows - 1));
}

/** Cells of the text that begins on a line. */
function textLength(buffer: ScreenBuffer, firstLine: number, cols: number): number {
  let line = firstLine;
  let length = 0;
  for (; line + 1 < buffer.lines.length && buffer.lines.get(line + 1)!.isWrapped; line++)
    length += lengthOf(buffer, line, cols);
  return length + buffer.lines.get(line)!.getTrimmedLength();
}

/** Cells of a line that is continued on the next: one less where a wide character did not fit any more. */
function lengthOf(buffer: ScreenBuffer, line: number, cols: number): number {
  const row = buffer.lines.get(line)!;
  const next = buffer.lines.get(line + 1);
  const leftOut = cols > 1 && !row.hasContent(cols - 1) && row.getWidth(cols - 1) === 1 && next?.getWidth(0) === 2;
  return leftOut ? cols - 1 : cols;
}
