import { capturePiece } from '../../src/terminal/capture.ts';
import type { Screen } from '../../src/terminal/screen.ts';

export type Capture = {
  /** Lines joined by newlines, without trailing blanks and without blank lines at the end. */
  text: string;
  lines: { text: string; wrapped: boolean }[];
};

/** A screen as text, with up to `scrollback` lines above it; `ansi`: with SGR and links, of no more lines than one piece takes. */
export function captureScreen(screen: Screen, { scrollback, ansi }: { scrollback: number; ansi: boolean }): Capture {
  const lines = ansi ? capturePiece(screen, { scrollback, ansi }).lines : plainLines(screen, scrollback);
  const used = lines.findLastIndex(({ text }) => text !== '') + 1;
  const text = lines.slice(0, used).map((line) => `${line.text}\n`);
  return { text: text.join(''), lines };
}

function plainLines(screen: Screen, scrollback: number): Capture['lines'] {
  const lines: Capture['lines'] = [];
  for (let row = -Math.min(scrollback, screen.scrollbackLines); row < screen.rows; row++) {
    const line = screen.line(row);
    if (line) lines.push({ text: line.text, wrapped: line.wrapped });
  }
  return lines;
}
