import { capturePiece } from '../../src/terminal/capture.ts';
import type { Screen } from '../../src/terminal/screen.ts';

export type Capture = {
  /** Lines joined by newlines, without trailing blanks and without blank lines at the end. */
  text: string;
  lines: { text: string; wrapped: boolean }[];
};

/** A screen as text, with up to `scrollback` lines above it; `ansi`: with SGR and links. */
export function captureScreen(screen: Screen, { scrollback, ansi }: { scrollback: number; ansi: boolean }): Capture {
  const lines = ansi ? styledLines(screen, scrollback) : plainLines(screen, scrollback);
  const used = lines.findLastIndex(({ text }) => text !== '') + 1;
  const text = lines.slice(0, used).map((line) => `${line.text}\n`);
  return { text: text.join(''), lines };
}

function styledLines(screen: Screen, scrollback: number): Capture['lines'] {
  const lines: Capture['lines'] = [];
  let piece = capturePiece(screen, { scrollback, ansi: true });
  for (;;) {
    lines.unshift(...piece.lines);
    if (!piece.more) return lines;
    piece = capturePiece(screen, { scrollback, ansi: true, from: piece.top, before: piece.first });
  }
}

function plainLines(screen: Screen, scrollback: number): Capture['lines'] {
  const lines: Capture['lines'] = [];
  for (let row = -Math.min(scrollback, screen.scrollbackLines); row < screen.rows; row++) {
    const line = screen.line(row);
    if (line) lines.push({ text: line.text, wrapped: line.wrapped });
  }
  return lines;
}
