import { BLANK_CONTENT, COLOR_MASK, COLOR_MODE_MASK, WIDTH_MASK, WIDTH_SHIFT, WORDS_PER_CELL } from '../core/cell.ts';
import type { XtermCore } from './xterm-core.ts';

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
const NARROW = 2;
const WIDE = 4;
const JOINED = 1;

/** Of `charProperties` bit 0 says that it joins the character before, bits 1 and 2 the width. */
export function widenNewCharacters(core: XtermCore): void {
  const { unicodeService: service } = core;
  const provider = service._activeProvider;
  service.charProperties = (codepoint, preceding) => {
    const properties = provider.charProperties(codepoint, preceding);
    if (codepoint < 0x2630 || (properties & (WIDTH_BITS | JOINED)) !== NARROW || !isNewWide(codepoint))
      return properties;
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
  const { _bufferService: service } = core;
  const parser = core._inputHandler._parser;
  const print = parser._printHandler;

  function printJoined(data: Uint32Array, start: number, end: number): void {
    let from = start;
    while (from < end && parser.precedingJoinState === 0 && data[from]! >= 0x300 && isMark(core, data[from]!)) {
      const state = joinStateLeftOfCursor(core);
      if (state === null) from++;
      else parser.precedingJoinState = state;
    }
    if (from >= end) return;
    if (core.coreService.modes.insertMode) splitWideCharacter(core);
    blankHalf(core, service.buffer.x - 1, 2);
    print(data, from, end);
    blankHalf(core, service.buffer.x, 1);
  }

  parser.setPrintHandler((data, start, end) => {
    let from = start;
    for (let pos = start; pos <= end; pos++) {
      if (pos < end && !isIgnored(data[pos]!)) continue;
      if (pos > from) printJoined(data, from, pos);
      from = pos + 1;
    }
    if (!core.coreService.decPrivateModes.wraparound) blankCutHalf(core);
  });
}

/** Without autowrap the last column is written over and over, and what was there may have been half of a wide character. */
function blankCutHalf({ _inputHandler: handler, _bufferService: { buffer, cols } }: XtermCore): void {
  const line = buffer.lines.get(buffer.ybase + buffer.y)!;
  if (buffer.x < cols - 1 || line.getWidth(cols - 2) !== 2 || line.getWidth(cols - 1) === 0) return;
  const { _data: words } = line;
  const at = (cols - 2) * WORDS_PER_CELL;
  words[at] = BLANK_CONTENT;
  words[at + 1] = 0;
  words[at + 2] = handler._curAttrData.bg & (COLOR_MASK | COLOR_MODE_MASK);
}

/** U+00AD keeps its cell, as in every wcwidth; joiners and variation selectors belong to the character before. */
function isIgnored(codepoint: number): boolean {
  if (codepoint < 0x61c || codepoint > 0x206f) return codepoint === 0xe0001;
  return (
    codepoint === 0x61c ||
    codepoint === 0x180e ||
    codepoint === 0x200b ||
    codepoint === 0x200e ||
    codepoint === 0x200f ||
    (codepoint >= 0x2028 && codepoint <= 0x202e) ||
    codepoint >= 0x2060
  );
}

/** What joins any character before; skin tones stand for themselves where they follow no emoji. */
function isMark({ unicodeService }: XtermCore, codepoint: number): boolean {
  if (codepoint >= 0x1f3fb && codepoint <= 0x1f3ff) return false;
  return (unicodeService.charProperties(codepoint, NARROW) & JOINED) !== 0;
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
 * xterm leaves it the colours it had); 6.0.0 underlines, inverts and links it as the text that is written beside it. `width` 2: the left
 * half, before printing; 1: the right half, after it, told from other blanks by the pen that erasing never leaves.
 */
function blankHalf(
  { _inputHandler: handler, _bufferService: { buffer, cols } }: XtermCore,
  col: number,
  width: number,
): void {
  if (col < 0 || col >= cols) return;
  const { fg, bg } = handler._curAttrData;
  const background = bg & (COLOR_MASK | COLOR_MODE_MASK);
  if (fg === 0 && bg === background) return;
  const words = buffer.lines.get(buffer.ybase + buffer.y)!._data;
  const at = col * WORDS_PER_CELL;
  const isHalf =
    width === 2
      ? (words[at]! & WIDTH_MASK) === 2 << WIDTH_SHIFT
      : words[at] === BLANK_CONTENT && words[at + 1] === fg >>> 0 && words[at + 2] === bg >>> 0;
  if (!isHalf) return;
  words[at] = BLANK_CONTENT;
  words[at + 1] = 0;
  words[at + 2] = background;
}

/** Inserting between the halves of a wide character blanks both (Ghostty, xterm); 6.0.0 moves the right one along, a half of nothing. */
export function splitWideCharacter({ _inputHandler: handler, _bufferService: { buffer, cols } }: XtermCore): void {
  const { x } = buffer;
  const { _data: words } = buffer.lines.get(buffer.ybase + buffer.y)!;
  if (x === 0 || x >= cols || (words[x * WORDS_PER_CELL]! & WIDTH_MASK) !== 0) return;
  const background = handler._curAttrData.bg & (COLOR_MASK | COLOR_MODE_MASK);
  for (let at = (x - 1) * WORDS_PER_CELL; at <= x * WORDS_PER_CELL; at += WORDS_PER_CELL) {
    words[at] = BLANK_CONTENT;
    words[at + 1] = 0;
    words[at + 2] = background;
  }
}
