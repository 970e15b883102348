import { type CellExtra, CODEPOINT_MASK, HAS_STYLE, HAS_TEXT, WIDTH_MASK, WORDS_PER_CELL } from '../core/cell.ts';
import type { Screen, ScreenLine } from './screen.ts';
import { sgrOf } from './sgr.ts';

/**
 * `scrollback`: lines above the screen to include, at most as many as there are. A later piece is asked for with the `top` and the `first`
 * of the one before it, as `from` and `before`.
 */
export type CaptureRange = { scrollback: number; from?: number | undefined; before?: number | undefined };

/** What one request may cost everybody else who waits for this process: a key, or nine panes' output. */
const MAX_PIECE_LINES = 2_000;
const MAX_PIECE_LENGTH = 500_000;
const MAX_PIECE_MS = 4;
const LINES_PER_LOOK = 16;

/**
 * The newest lines of the range, as many as are no burden, oldest first. Lines are numbered from the first that ever was, so that pieces
 * fit together though output goes on between them; what has left the scrollback meanwhile is missing. `ansi`: with SGR and links.
 */
export function capturePiece(screen: Screen, { ansi, scrollback, from, before }: CaptureRange & { ansi: boolean }) {
  const oldest = screen.departedLines;
  const total = oldest + screen.scrollbackLines + screen.rows;
  const top = from ?? Math.max(oldest, total - screen.rows - scrollback);
  const last = Math.max(top, oldest);
  const end = Math.min(before ?? total, total);
  const lines: { text: string; wrapped: boolean }[] = [];
  const untilMs = performance.now() + MAX_PIECE_MS;
  let first = end;
  for (let length = 0; first > last && lines.length < MAX_PIECE_LINES && length < MAX_PIECE_LENGTH; first--) {
    if (lines.length > 0 && lines.length % LINES_PER_LOOK === 0 && performance.now() > untilMs) break;
    const line = screen.line(first - 1 - oldest - screen.scrollbackLines);
    const text = !line ? '' : ansi ? ansiText(line) : line.text;
    lines.push({ text, wrapped: line?.wrapped ?? false });
    length += text.length;
  }
  return { lines: lines.reverse(), first, top, more: first > last };
}

function ansiText({ words, extraAt }: ScreenLine): string {
  let out = '';
  let pen = '0';
  let link = '';
  let kept = 0;
  for (let at = 0, col = 0; at < words.length; at += WORDS_PER_CELL, col++) {
    const content = words[at]!;
    if ((content & WIDTH_MASK) === 0) continue;
    const fg = words[at + 1]!;
    const bg = words[at + 2]!;
    const special = (content & HAS_TEXT) !== 0 || (bg & HAS_STYLE) !== 0;
    const extra: CellExtra | undefined = special ? extraAt(col) : undefined;
    const sgr = sgrOf(fg, bg, extra);
    if (sgr !== pen) out += `\x1b[${sgr}m`;
    pen = sgr;
    const wanted = extra?.link ? `\x1b]8;id=${extra.link.id};${extra.link.uri}\x1b\\` : '';
    if (wanted !== link) out += wanted || '\x1b]8;;\x1b\\';
    link = wanted;
    const codepoint = content & CODEPOINT_MASK;
    out += extra?.text ?? (codepoint === 0 ? ' ' : String.fromCodePoint(codepoint));
    // Blanks at the end say nothing, unless they are coloured.
    if ((codepoint !== 0 && codepoint !== 32) || extra || sgr !== '0') kept = out.length;
  }
  out = out.slice(0, kept);
  if (link !== '') out += '\x1b]8;;\x1b\\';
  return pen === '0' || kept === 0 ? out : `${out}\x1b[0m`;
}
