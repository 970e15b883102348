import { BLANK_CONTENT, COLOR_MASK, COLOR_MODE_MASK, WIDTH_MASK, WORDS_PER_CELL } from '../core/cell.ts';
import type { BufferLine, XtermCore } from './xterm-core.ts';

/**
 * Wide characters (EastAsianWidth.txt of Unicode 17) that grapheme addon 0.4.0 takes for narrow: emoji since version 14, hexagrams and
 * counting rods, Kana supplements. A test compares with the emoji in Node's own tables.
 */
const NEW_WIDE_RANGES: readonly [first: number, last: number][] = [
  [0x2630, 0x2637],
  [0x268a, 0x268f],
  [0x4dc0, 0x4dff],
  [0x1aff0, 0x1b122],
  [0x1b132, 0x1b132],
  [0x1b155, 0x1b155],
  [0x1d300, 0x1d356],
  [0x1d360, 0x1d376],
  [0x1f6d8, 0x1f6d8],
  [0x1f6dc, 0x1f6df],
  [0x1f7f0, 0x1f7f0],
  [0x1f979, 0x1f979],
  [0x1f9cc, 0x1f9cc],
  [0x1fa70, 0x1fa7c],
  [0x1fa80, 0x1fa8a],
  [0x1fa8e, 0x1fac6],
  [0x1fac8, 0x1fac8],
  [0x1facd, 0x1fadc],
  [0x1fadf, 0x1faea],
  [0x1faef, 0x1faf8],
];

const WIDTH_BITS = 6;
const WIDE = 4;
const JOINED = 1;
const LETTER_STATE = 2;

/** Of `charProperties` bit 0 says that it joins the character before, bits 1 and 2 the width. */
export function widenNewCharacters(core: XtermCore): void {
  const { unicodeService: service } = core;
  const charProperties = service.charProperties.bind(service);
  service.charProperties = (codepoint, preceding) => {
    const properties = charProperties(codepoint, preceding);
    if (codepoint < 0x2630 || (properties & JOINED) !== 0 || !isNewWide(codepoint)) return properties;
    return (properties & ~WIDTH_BITS) | WIDE;
  };
}

function isNewWide(codepoint: number): boolean {
  if (codepoint > 0x268f && codepoint < 0x1aff0) return codepoint >= 0x4dc0 && codepoint <= 0x4dff;
  return NEW_WIDE_RANGES.some(([first, last]) => codepoint >= first && codepoint <= last);
}

/**
 * Two things that printing in 6.0.0 does otherwise than terminals do. Characters that only direct the text around them (zero width
 * space, directional marks, invisible operators: default-ignorable, category Cf) take a cell; here they are left out, as in kitty. And a
 * combining mark behind a control sequence gets a cell of its own; here it belongs to the character left of the cursor, as in xterm,
 * kitty and Ghostty, and to nobody where there is none.
 */
export function mendPrint(core: XtermCore): void {
  const parser = core._inputHandler._parser;
  const print = parser._printHandler;

  function printJoined(data: Uint32Array, start: number, end: number): void {
    let from = start;
    while (from < end && parser.precedingJoinState === 0 && data[from]! >= 0x300 && isMark(core, data[from]!)) {
      const state = joinStateLeftOfCursor(core);
      if (state === null) from++;
      else parser.precedingJoinState = state;
    }
    if (from < end) print(data, from, end);
  }

  parser.setPrintHandler((data, start, end) => {
    let from = start;
    for (let pos = start; pos <= end; pos++) {
      if (pos < end && !isIgnored(data[pos]!)) continue;
      if (pos > from) printJoined(data, from, pos);
      from = pos + 1;
    }
  });
}

/** U+00AD keeps its cell, as in every wcwidth; joiners and variation selectors belong to the character before. */
function isIgnored(codepoint: number): boolean {
  if (codepoint < 0x61c) return false;
  return (
    codepoint === 0x61c ||
    codepoint === 0x180e ||
    codepoint === 0x200b ||
    codepoint === 0x200e ||
    codepoint === 0x200f ||
    (codepoint >= 0x2028 && codepoint <= 0x202e) ||
    (codepoint >= 0x2060 && codepoint <= 0x206f) ||
    codepoint === 0xe0001
  );
}

/** What joins any character before; skin tones stand for themselves where they follow no emoji. */
function isMark({ unicodeService }: XtermCore, codepoint: number): boolean {
  if (codepoint >= 0x1f3fb && codepoint <= 0x1f3ff) return false;
  return (unicodeService.charProperties(codepoint, LETTER_STATE) & JOINED) !== 0;
}

function joinStateLeftOfCursor({ unicodeService, _bufferService: { buffer } }: XtermCore): number | null {
  const line = buffer.lines.get(buffer.ybase + buffer.y)!;
  const col = buffer.x - 1;
  const base = col > 0 && line.getWidth(col) === 0 ? col - 1 : col;
  if (base < 0 || !line.hasContent(base)) return null;
  const state = unicodeService.charProperties(line.getCodePoint(base), 0);
  return (state & ~WIDTH_BITS) | (line.getWidth(base) << 1);
}

/**
 * What is left of a wide character that is half overwritten is a blank with the background colour and nothing else of the pen (Ghostty;
 * xterm leaves it the colours it had); 6.0.0 underlines, inverts and links it as the text that is written beside it.
 */
export function blankHalves(core: XtermCore): void {
  const prototype = Object.getPrototypeOf(core.buffer.lines.get(0)) as BufferLine;
  if (mended.has(prototype)) return;
  mended.add(prototype);
  const { setCellFromCodepoint } = prototype;
  prototype.setCellFromCodepoint = function (this: BufferLine, col, codepoint, width, attributes) {
    const at = col * WORDS_PER_CELL;
    const isHalf = codepoint === 0 && width === 1 && (this._data[at]! & WIDTH_MASK) !== BLANK_CONTENT;
    if (!isHalf) {
      setCellFromCodepoint.call(this, col, codepoint, width, attributes);
      return;
    }
    this._data[at] = BLANK_CONTENT;
    this._data[at + 1] = 0;
    this._data[at + 2] = attributes.bg & (COLOR_MASK | COLOR_MODE_MASK);
  };
}
const mended = new WeakSet<BufferLine>();
