import { BLANK_CONTENT, CODEPOINT_MASK, HAS_TEXT, WIDTH_MASK, WIDTH_SHIFT, WORDS_PER_CELL } from '../core/cell.ts';
import type { BufferLine } from './xterm-core.ts';

/**
 * The text of a line's first `width` cells; `trim`: without those at its end that nothing was printed into. What translateToString gives,
 * several times as fast: xterm puts a string together cell by cell, and most of its time goes into garbage.
 */
export function readLineText(line: BufferLine, width: number, trim: boolean): string {
  const { _data: words } = line;
  if (bytes.length < width) bytes = Buffer.allocUnsafeSlow(width * 2);
  let end = 0;
  for (let col = 0; col < width; col++) {
    const content = words[col * WORDS_PER_CELL]!;
    const codepoint = content & CODEPOINT_MASK;
    // Latin-1 of one cell: half the memory, and what patterns are matched in fastest.
    if (codepoint > 0xff || (content & ~CODEPOINT_MASK) !== BLANK_CONTENT) return readAnyText(line, width, trim);
    bytes[col] = codepoint === 0 ? 0x20 : codepoint;
    if (codepoint !== 0) end = col + 1;
  }
  return bytes.toString('latin1', 0, trim ? end : width);
}

/** Of a line that goes on in `next`: all its cells, but for the last one where a wide character had no room there. */
export function readWrappedText(line: BufferLine, next: BufferLine, width: number): string {
  const isLeftOut =
    (line._data[(width - 1) * WORDS_PER_CELL]! & ~WIDTH_MASK) === 0 && (next._data[0]! & WIDTH_MASK) > BLANK_CONTENT;
  return readLineText(line, isLeftOut ? width - 1 : width, false);
}

function readAnyText(line: BufferLine, width: number, trim: boolean): string {
  const { _data: words } = line;
  const cells = trim ? printedCells(words, width) : width;
  reserve(cells * 2);
  let length = 0;
  for (let col = 0; col < cells; ) {
    const content = words[col * WORDS_PER_CELL]!;
    const text = (content & HAS_TEXT) === 0 ? undefined : line._combined[col];
    const codepoint = content & CODEPOINT_MASK || 0x20;
    if (text !== undefined) {
      reserve(length + text.length + (cells - col) * 2);
      for (let at = 0; at < text.length; at++) units[length++] = text.charCodeAt(at);
    } else if (codepoint < 0x10000) units[length++] = codepoint;
    else {
      units[length++] = 0xd7c0 + (codepoint >> 10);
      units[length++] = 0xdc00 + (codepoint & 0x3ff);
    }
    col += (content & WIDTH_MASK) >> WIDTH_SHIFT || 1;
  }
  return unitBytes.toString('utf16le', 0, length * 2);
}

function printedCells(words: Uint32Array, width: number): number {
  for (let col = width - 1; col >= 0; col--) {
    const content = words[col * WORDS_PER_CELL]!;
    if ((content & (CODEPOINT_MASK | HAS_TEXT)) !== 0)
      return Math.min(width, col + ((content & WIDTH_MASK) >> WIDTH_SHIFT));
  }
  return 0;
}

function reserve(length: number): void {
  if (units.length >= length) return;
  const larger = new Uint16Array(length * 2);
  larger.set(units);
  units = larger;
  unitBytes = Buffer.from(larger.buffer);
}

let bytes = Buffer.allocUnsafeSlow(512);
let units = new Uint16Array(512);
let unitBytes = Buffer.from(units.buffer);
