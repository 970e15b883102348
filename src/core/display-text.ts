/**
 * Text from outside (names, titles, reasons) on a line of ours: made harmless, measured and cut in terminal cells. Widths are
 * those of the screen in terminal/; where Unicode versions disagree about a character it is replaced, so that a name can never
 * shift what stands to the right of it.
 */
const REPLACEMENT = '\ufffd';

let segmenter: Intl.Segmenter | undefined;
const plainText = /^[ -~]*$/;
/** Latin letters, dashes, arrows, rules and marks: one cell each, and nothing that joins. Spares the slow segmenter. */
const oneCellEach = /^[ -~\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2190-\u22ff\u2500-\u25fc\u2715]*$/;

/** East Asian Wide and Fullwidth, without emoji. */
const WIDE: readonly [number, number][] = [
  [0x1100, 0x115e],
  [0x2329, 0x232a],
  [0x2e80, 0x303e],
  [0x3041, 0x31ef],
  [0x31f0, 0x3247],
  [0x3250, 0x4dbf],
  [0x4e00, 0xa4c6],
  [0xa960, 0xa97c],
  [0xac00, 0xd7a3],
  [0xf900, 0xfad9],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6b],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x187f7],
  [0x18800, 0x18cd5],
  [0x18d00, 0x18d08],
  [0x1b000, 0x1b2fb],
  [0x1f200, 0x1f265],
  [0x20000, 0x3fffd],
];

/** Wide to newer versions of Unicode, narrow to older ones; and what has no width of its own. */
const DISPUTED: readonly [number, number][] = [
  [0x2630, 0x2637],
  [0x268a, 0x268f],
  [0x2ffc, 0x2fff],
  [0x302a, 0x302f],
  [0x3099, 0x309a],
  [0x31e4, 0x31ef],
  [0x4dc0, 0x4dff],
  [0xff9e, 0xff9f],
  [0x11a3a, 0x11a3a],
  [0x16ff0, 0x16fff],
  [0x187f8, 0x187ff],
  [0x18cff, 0x18cff],
  [0x18d09, 0x18dff],
  [0x1aff0, 0x1afff],
  [0x1b11f, 0x1b14f],
  [0x1b155, 0x1b163],
  [0x1d300, 0x1d37f],
  [0x1f1e6, 0x1f1ff],
  [0x1f3fb, 0x1f3ff],
  [0x1f6d8, 0x1f6df],
  [0x1f7f0, 0x1f7f0],
  [0x1f979, 0x1f979],
  [0x1f9cc, 0x1f9cc],
  [0x1fa75, 0x1fa77],
  [0x1fa7b, 0x1fa7f],
  [0x1fa87, 0x1fa8f],
  [0x1faa9, 0x1faaf],
  [0x1fab7, 0x1fabf],
  [0x1fac3, 0x1facf],
  [0x1fad7, 0x1faff],
];

/** Combining marks that every version draws over the letter before them; the newer ones are dropped. */
const KNOWN_MARKS: readonly [number, number][] = [
  [0x300, 0x896],
  [0x8d3, 0xc3b],
  [0xc3d, 0xecd],
  [0xecf, 0x1ac0],
  [0x1dc0, 0x1df9],
  [0x20d0, 0x20f0],
];
/** Enough for every written language; more of them only smear over the lines around. */
const MAX_MARKS = 2;

/** One line without control, bidi and other invisible characters, in which every character has a width that all agree on. */
export function sanitizeText(text: string): string {
  if (plainText.test(text)) return text;
  let result = '';
  const line = text.normalize('NFC').replaceAll(/[\s\p{Zl}\p{Zp}]/gu, ' ');
  for (const { segment } of graphemesOf(line)) result += sanitizeGrapheme(segment);
  return result;
}

function sanitizeGrapheme(grapheme: string): string {
  const first = grapheme.codePointAt(0)!;
  if (isEmoji(grapheme) && (isRegionalIndicator(first) || !within(first, DISPUTED))) return grapheme;
  let base = '';
  let marks = '';
  let markCount = 0;
  for (const character of grapheme) {
    if (/[\p{C}\p{Default_Ignorable_Code_Point}\p{Mc}\p{Me}]/u.test(character)) continue;
    if (/\p{Mn}/u.test(character)) {
      if (base !== '' && within(character.codePointAt(0)!, KNOWN_MARKS) && markCount++ < MAX_MARKS) marks += character;
    } else if (base === '') {
      base = within(character.codePointAt(0)!, DISPUTED) ? REPLACEMENT : character;
    }
  }
  return base + (base === REPLACEMENT ? '' : marks);
}

/** Cells that a sanitized text takes. */
export function displayWidth(text: string): number {
  if (oneCellEach.test(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemesOf(text)) width += graphemeWidth(segment);
  return width;
}

/** The text in at most `width` cells; what does not fit ends in `…`. */
export function cutText(text: string, width: number): string {
  if (width <= 0) return '';
  if (displayWidth(text) <= width) return text;
  return `${takeCells(text, width - 1)}…`;
}

/** The end of the text, in at most `width` cells. */
export function endOfText(text: string, width: number): string {
  if (width <= 0) return '';
  if (oneCellEach.test(text)) return text.slice(-width);
  let room = width;
  let from = text.length;
  for (const { segment, index } of [...graphemesOf(text)].reverse()) {
    room -= graphemeWidth(segment);
    if (room < 0) break;
    from = index;
  }
  return text.slice(from);
}

/** The text in at most `width` cells; of what does not fit the end, where one types, after `…`. */
export function cutStart(text: string, width: number): string {
  if (width <= 0) return '';
  return displayWidth(text) <= width ? text : `…${endOfText(text, width - 1)}`;
}

/** The text in exactly `width` cells, cut or with blanks behind. */
export function padText(text: string, width: number): string {
  const cut = cutText(text, width);
  return cut + ' '.repeat(Math.max(0, width - displayWidth(cut)));
}

/** The text in lines of at most `width` cells, broken where the width says and nowhere else; at most `maxLines`. */
export function breakText(text: string, width: number, maxLines: number): string[] {
  const lines: string[] = [];
  let rest = text;
  while (lines.length < maxLines && displayWidth(rest) > width) {
    // A character wider than the line: nothing of it can be shown.
    const head = takeCells(rest, width) || '?';
    lines.push(head);
    rest = rest.slice(head.length);
  }
  if (lines.length < maxLines) lines.push(rest);
  return lines;
}

/** The text in lines of at most `width` cells, broken at blanks where possible. */
export function wrapText(text: string, width: number): string[] {
  if (width <= 0) return [];
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').filter((part) => part !== '')) {
    let rest = word;
    if (line !== '' && displayWidth(line) + 1 + displayWidth(rest) <= width) {
      line += ` ${rest}`;
      continue;
    }
    if (line !== '') lines.push(line);
    while (displayWidth(rest) > width) {
      // A character wider than the line: nothing of it can be shown.
      const head = takeCells(rest, width) || '?';
      lines.push(head);
      rest = rest.slice(head.length);
    }
    line = rest;
  }
  if (line !== '') lines.push(line);
  return lines;
}

function takeCells(text: string, width: number): string {
  let taken = '';
  let used = 0;
  for (const { segment } of graphemesOf(text)) {
    used += graphemeWidth(segment);
    if (used > width) break;
    taken += segment;
  }
  return taken;
}

function graphemeWidth(grapheme: string): number {
  const first = grapheme.codePointAt(0)!;
  if (oneCellEach.test(grapheme)) return 1;
  if (within(first, WIDE) && !within(first, DISPUTED)) return 2;
  if (!isEmoji(grapheme)) return 1;
  // Alone, a character may be an emoji only when it asks for it: ❤ is a letter, ❤️ a picture.
  const isSequence = grapheme.length > String.fromCodePoint(first).length;
  return isSequence || /\p{Emoji_Presentation}/u.test(grapheme) ? 2 : 1;
}

function isRegionalIndicator(codePoint: number): boolean {
  return codePoint >= 0x1f1e6 && codePoint <= 0x1f1ff;
}

function within(codePoint: number, ranges: readonly [number, number][]): boolean {
  let low = 0;
  let high = ranges.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const [start, end] = ranges[middle]!;
    if (codePoint < start) high = middle - 1;
    else if (codePoint > end) low = middle + 1;
    else return true;
  }
  return false;
}

/** The first segmenter of a process takes 20 ms to make, and most text never needs one. */
function graphemesOf(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  return segmenter.segment(text);
}

/** Not a constant: this one costs 2 ms where it is loaded, and all of `nonet list` has 150. */
function isEmoji(grapheme: string): boolean {
  return /^\p{RGI_Emoji}$/v.test(grapheme);
}
