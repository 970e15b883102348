import type { ScreenBuffer, XtermCore } from './xterm-core.ts';

/**
 * Resizes, and keeps the cursor on its character. 6.0.0 lays the lines out anew but leaves the cursor in its column, and by default cuts the
 * cursor's own line instead (option `reflowCursorLine`, xterm.js#5295): what a program had written there was lost.
 */
export function resizeKeepingCursor(core: XtermCore, resize: () => void): void {
  const { normal } = core.buffers;
  const place = placeOfCursor(normal, core._bufferService.cols);
  const row = normal.addMarker(place.firstLine);
  resize();
  // Trimmed off the scrollback: what was there is gone, and the cursor with it at the top.
  if (!row.isDisposed && row.line >= 0)
    putCursor(normal, core._bufferService, { firstLine: row.line, offset: place.offset });
  row.dispose();
}

/** The line of the buffer on which the cursor's text begins, and how many cells of that text are before the cursor. */
type Place = { firstLine: number; offset: number };

function placeOfCursor(buffer: ScreenBuffer, cols: number): Place {
  const cursorLine = buffer.ybase + buffer.y;
  let firstLine = cursorLine;
  while (firstLine > 0 && buffer.lines.get(firstLine)?.isWrapped) firstLine--;
  let offset = buffer.x;
  for (let line = firstLine; line < cursorLine; line++) offset += lengthOf(buffer, line, cols);
  return { firstLine, offset };
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

/** Cells of a line that is continued on the next: one less where a wide character did not fit any more. */
function lengthOf(buffer: ScreenBuffer, line: number, cols: number): number {
  const row = buffer.lines.get(line)!;
  const next = buffer.lines.get(line + 1);
  const leftOut = cols > 1 && !row.hasContent(cols - 1) && row.getWidth(cols - 1) === 1 && next?.getWidth(0) === 2;
  return leftOut ? cols - 1 : cols;
}
