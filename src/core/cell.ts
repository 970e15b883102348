/**
 * A cell on the wire, in a client's grids and in the painter: three 32-bit words, laid out as @xterm/headless 6.0.0
 * keeps them (src/common/buffer/Constants.ts there), so that the host copies rows instead of translating them.
 *
 * word 0  content: bits 0–20 code point, bit 21 "text is in the cell's extra", bits 22–23 width (0 = right half of a wide cell)
 * word 1  foreground: bits 0–23 colour, 24–25 colour mode, 26 inverse, 27 bold, 28 underline, 29 blink, 30 invisible, 31 strikethrough
 * word 2  background: bits 0–23 colour, 24–25 colour mode, 26 italic, 27 dim, 28 "style is in the cell's extra", 30 overline
 */
export const WORDS_PER_CELL = 3;

export const CODEPOINT_MASK = 0x1fffff;
export const HAS_TEXT = 0x200000;
export const WIDTH_SHIFT = 22;
export const WIDTH_MASK = 0xc00000;

export const COLOR_MASK = 0xffffff;
export const COLOR_MODE_MASK = 0x3000000;
export const COLOR_DEFAULT = 0;
export const COLOR_16 = 0x1000000;
export const COLOR_256 = 0x2000000;
export const COLOR_RGB = 0x3000000;

export const FG_INVERSE = 0x4000000;
export const FG_BOLD = 0x8000000;
export const FG_UNDERLINE = 0x10000000;
export const FG_BLINK = 0x20000000;
export const FG_INVISIBLE = 0x40000000;
export const FG_STRIKETHROUGH = 0x80000000;

export const BG_ITALIC = 0x4000000;
export const BG_DIM = 0x8000000;
export const HAS_STYLE = 0x10000000;
export const BG_PROTECTED = 0x20000000;
export const BG_OVERLINE = 0x40000000;

/** A blank cell of width 1 in default colours. */
export const BLANK_CONTENT = 1 << WIDTH_SHIFT;

/**
 * What does not fit into three words. `text` is set when HAS_TEXT is, `underline…` and `link` when HAS_STYLE is.
 * `underlineStyle`: 0 none, 1 single, 2 double, 3 curly, 4 dotted, 5 dashed (SGR 4:n). `underlineColor`: a colour with its
 * mode bits as in words 1 and 2. `link`: an OSC 8 hyperlink; cells of one link share `id`.
 */
export type CellExtra = {
  text?: string;
  underlineStyle: number;
  underlineColor: number;
  link?: { id: string; uri: string };
};

/** A rectangle of cells. `words` has cols × rows × 3 entries, row after row; `extras` is keyed by cell index (row × cols + col). */
export type CellGrid = {
  cols: number;
  rows: number;
  words: Uint32Array;
  extras: Map<number, CellExtra>;
};

/** A blank grid in default colours. */
export function createCellGrid(cols: number, rows: number): CellGrid {
  const words = new Uint32Array(cols * rows * WORDS_PER_CELL);
  for (let i = 0; i < words.length; i += WORDS_PER_CELL) words[i] = BLANK_CONTENT;
  return { cols, rows, words, extras: new Map() };
}

export function equalExtras(a: CellExtra | undefined, b: CellExtra | undefined): boolean {
  if (a === b) return true;
  if (!a || !b) return false;
  return (
    a.text === b.text &&
    a.underlineStyle === b.underlineStyle &&
    a.underlineColor === b.underlineColor &&
    a.link?.id === b.link?.id &&
    a.link?.uri === b.link?.uri
  );
}
