import { expect, it } from 'vitest';
import { capturePiece } from '../../src/terminal/capture.ts';
import { createScreen, type Screen } from '../../src/terminal/screen.ts';
import { captureScreen } from '../helpers/capture-screen.ts';

function screenWith(count: number, scrollback = 20_000): Screen {
  const screen = createScreen({ cols: 40, rows: 5, scrollback });
  write(screen, 0, count);
  return screen;
}

function write(screen: Screen, from: number, to: number): void {
  for (let i = from; i < to; i++) screen.write(`${i > 0 ? '\r\n' : ''}line ${i}`);
}

/** All pieces, oldest first. */
function readAll(screen: Screen, scrollback: number, between = () => {}): string[][] {
  const pieces: string[][] = [];
  let piece = capturePiece(screen, { ansi: false, scrollback });
  for (;;) {
    pieces.unshift(piece.lines.map(({ text }) => text));
    if (!piece.more) return pieces;
    between();
    piece = capturePiece(screen, { ansi: false, scrollback, from: piece.top, before: piece.first });
  }
}

it('pieces of a capture are what a whole one is', () => {
  const screen = screenWith(9000);
  for (const scrollback of [0, 1, 3000, 1_000_000]) {
    const pieces = readAll(screen, scrollback);
    expect(pieces.flat()).toEqual(captureScreen(screen, { scrollback, ansi: false }).lines.map(({ text }) => text));
    for (const piece of pieces) expect(piece.length).toBeLessThanOrEqual(2000);
  }
  expect(readAll(screen, 1_000_000).length).toBeGreaterThanOrEqual(5);
});

it('a piece of long lines has few of them', () => {
  const screen = createScreen({ cols: 2000, rows: 5, scrollback: 2000 });
  for (let i = 0; i < 2000; i++) screen.write(`${'x'.repeat(2000)}`);
  const piece = capturePiece(screen, { ansi: false, scrollback: 2000 });
  expect(piece.lines.length).toBeLessThanOrEqual(250);
  expect(piece.more).toBe(true);
});

it('output between the pieces neither repeats nor loses a line', () => {
  const screen = screenWith(6000, 10_000);
  let written = 6000;
  const lines = readAll(screen, 1_000_000, () => {
    if (written >= 9000) return;
    write(screen, written, written + 700);
    written += 700;
  }).flat();
  expect(lines).toEqual(Array.from({ length: 6000 }, (_, i) => `line ${i}`));
});

it('lines that left the scrollback between the pieces are missing at the top, and the rest is in its place', () => {
  const screen = screenWith(5005, 5000);
  let written = 5005;
  const lines = readAll(screen, 1_000_000, () => {
    write(screen, written, written + 1000);
    written += 1000;
  }).flat();
  expect(lines.length).toBeLessThan(5005);
  expect(lines).toEqual(Array.from({ length: lines.length }, (_, i) => `line ${5005 - lines.length + i}`));
});
