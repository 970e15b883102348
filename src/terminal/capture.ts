import { type CellExtra, CODEPOINT_MASK, HAS_STYLE, HAS_TEXT, WIDTH_MASK, WORDS_PER_CELL } from '../core/cell.ts';
import type { Screen, ScreenLine } from './screen.ts';
import { sgrOf } from './sgr.ts';

/** A screen as text: what `nonet capture` prints. */
export type Capture = {
  /** Lines joined by newlines, without trailing blanks and without blank lines at the end. */
  text: string;
  lines: { text: string; wrapped: boolean }[];
};

/** `scrollback`: lines above the screen to include, at most as many as there are. `ansi`: with SGR and links. */
export function captureScreen(screen: Screen, options: { scrollback: number; ansi: boolean }): Capture {
  const first = -Math.min(options.scrollback, screen.scrollbackLines);
  const lines: Capture['lines'] = [];
  for (let row = first; row < screen.rows; row++) {
    const line = screen.line(row);
    if (line) lines.push({ text: options.ansi ? ansiText(line) : line.text, wrapped: line.wrapped });
  }
  let used = lines.length;
  while (used > 0 && lines[used - 1]!.text === '') used--;
  return {
    text: lines
      .slice(0, used)
      .map((line) => `${line.text}\n`)
      .join(''),
    lines,
  };
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
