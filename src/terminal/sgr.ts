import {
  BG_DIM,
  BG_ITALIC,
  BG_OVERLINE,
  type CellExtra,
  COLOR_16,
  COLOR_256,
  COLOR_MASK,
  COLOR_MODE_MASK,
  COLOR_RGB,
  FG_BLINK,
  FG_BOLD,
  FG_INVERSE,
  FG_INVISIBLE,
  FG_STRIKETHROUGH,
  FG_UNDERLINE,
} from '../core/cell.ts';
import { type ColorDepth, reduceColor } from './color-depth.ts';

/** What a terminal can show. Without `underlineStyles` every underline is a plain one; `underlineColors`: SGR 58. */
export type SgrLook = { depth: ColorDepth; underlineStyles: boolean; underlineColors: boolean };

export const FULL_LOOK: SgrLook = { depth: 'rgb', underlineStyles: true, underlineColors: true };

/**
 * SGR parameters that set a cell's look from nothing: always begins with the reset `0`, so that the result depends on nothing before.
 * Palette colours stay palette colours.
 */
export function sgrOf(fg: number, bg: number, extra: CellExtra | undefined, look: SgrLook = FULL_LOOK): string {
  let sgr = '0';
  if (fg & FG_BOLD) sgr += ';1';
  if (bg & BG_DIM) sgr += ';2';
  if (bg & BG_ITALIC) sgr += ';3';
  if (fg & FG_UNDERLINE) {
    sgr += extra && extra.underlineStyle > 1 && look.underlineStyles ? `;4:${extra.underlineStyle}` : ';4';
  }
  if (fg & FG_BLINK) sgr += ';5';
  if (fg & FG_INVERSE) sgr += ';7';
  if (fg & FG_INVISIBLE) sgr += ';8';
  if (fg & FG_STRIKETHROUGH) sgr += ';9';
  if (bg & BG_OVERLINE) sgr += ';53';
  sgr += color(reduceColor(fg, look.depth), 30, 38) + color(reduceColor(bg, look.depth), 40, 48);
  if (extra && fg & FG_UNDERLINE && look.underlineColors)
    sgr += underlineColor(reduceColor(extra.underlineColor, look.depth));
  return sgr;
}

/** As sgrOf, from xterm's current attributes (DECRQSS). */
export function sgrOfAttributes({ fg, bg, extended }: { fg: number; bg: number; extended: { _ext: number } }): string {
  return sgrOf(fg, bg, { underlineStyle: (extended._ext >> 26) & 7, underlineColor: extended._ext & 0x3ffffff });
}

function color(word: number, base16: number, extended: number): string {
  const value = word & COLOR_MASK;
  // xterm leaves bits of an earlier RGB colour above the palette's index.
  const index = word & 0xff;
  switch (word & COLOR_MODE_MASK) {
    case COLOR_16:
      return `;${index < 8 ? base16 + index : base16 + 52 + index}`;
    case COLOR_256:
      return index < 8 ? `;${base16 + index}` : index < 16 ? `;${base16 + 52 + index}` : `;${extended};5;${index}`;
    case COLOR_RGB:
      return `;${extended};2;${value >> 16};${(value >> 8) & 255};${value & 255}`;
    default:
      return '';
  }
}

function underlineColor(word: number): string {
  const value = word & COLOR_MASK;
  switch (word & COLOR_MODE_MASK) {
    case COLOR_16:
    case COLOR_256:
      return `;58:5:${word & 0xff}`;
    case COLOR_RGB:
      return `;58:2::${value >> 16}:${(value >> 8) & 255}:${value & 255}`;
    default:
      return '';
  }
}
