import { asciiCodePoint } from '../core/ascii-glyphs.ts';
import {
  type CellGrid,
  CODEPOINT_MASK,
  COLOR_16,
  COLOR_256,
  COLOR_MASK,
  COLOR_MODE_MASK,
  HAS_TEXT,
  WORDS_PER_CELL,
} from '../core/cell.ts';

/**
 * How all chrome looks, whatever drew it: applied to its cells when they are done, so that no component has to know. `palette`: what
 * stands for each of the 16 colours, 0 for the colour itself.
 */
export type ChromeStyle = { ascii: boolean; palette: Uint32Array };

export const PLAIN_STYLE: ChromeStyle = { ascii: false, palette: new Uint32Array(16) };

export function isSameStyle(a: ChromeStyle, b: ChromeStyle): boolean {
  return a.ascii === b.ascii && a.palette.every((color, index) => color === b.palette[index]);
}

/** Changes the cells of a row in place. */
export function styleRow({ cols, words }: CellGrid, row: number, { ascii, palette }: ChromeStyle): void {
  for (let at = row * cols * WORDS_PER_CELL, end = at + cols * WORDS_PER_CELL; at < end; at += WORDS_PER_CELL) {
    const content = words[at]!;
    if (ascii && (content & CODEPOINT_MASK) >= 0x80 && (content & HAS_TEXT) === 0) {
      words[at] = (content & ~CODEPOINT_MASK) | asciiCodePoint(content & CODEPOINT_MASK);
    }
    words[at + 1] = styleColor(words[at + 1]!, palette);
    words[at + 2] = styleColor(words[at + 2]!, palette);
  }
}

/** `word`: 1 or 2 of a cell. */
function styleColor(word: number, palette: Uint32Array): number {
  const mode = word & COLOR_MODE_MASK;
  const index = word & COLOR_MASK;
  if ((mode !== COLOR_16 && mode !== COLOR_256) || index > 15) return word;
  const color = palette[index]!;
  return color === 0 ? word : ((word & ~(COLOR_MASK | COLOR_MODE_MASK)) | color) >>> 0;
}
