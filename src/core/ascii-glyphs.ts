import type { BorderChoice } from './settings.ts';

/** Each mark and line of the chrome in ASCII, one cell for one cell. Marks stay different from each other. */
const GLYPHS: Readonly<Record<string, string>> = {
  '─': '-',
  '━': '=',
  '│': '|',
  '┃': '|',
  '┆': '|',
  '║': '|',
  '═': '=',
  '▶': '>',
  '▸': '>',
  '►': '>',
  '◀': '<',
  '◂': '<',
  '●': '*',
  '○': 'o',
  '◌': '.',
  '◍': ',',
  '↻': '~',
  '✕': 'x',
  '■': '#',
  '✓': '+',
  '◆': '@',
  '▓': '#',
  '█': '#',
  '░': '.',
  '▒': ':',
  '▏': '_',
  '▌': '|',
  '…': '.',
  '–': '-',
  '—': '-',
  '‘': "'",
  '’': "'",
  '“': '"',
  '”': '"',
  '×': 'x',
  '·': '.',
  '•': '*',
  '←': '<',
  '→': '>',
  '↑': '^',
  '↓': 'v',
  '⇧': '^',
  '⌘': '#',
};
const FIRST_CORNER = 0x250c;
const LAST_CORNER = 0x254b;

const codes = new Map(Object.entries(GLYPHS).map(([glyph, ascii]) => [glyph.codePointAt(0)!, ascii.codePointAt(0)!]));
const PLUS = 0x2b;

/** The code point to draw instead; the same where none is better, as for letters of people's names. */
export function asciiCodePoint(codePoint: number): number {
  if (codePoint < 0x80) return codePoint;
  const known = codes.get(codePoint);
  if (known !== undefined) return known;
  // Corners, tees and crosses, of any weight.
  return codePoint >= FIRST_CORNER && codePoint <= LAST_CORNER ? PLUS : codePoint;
}

/** Where no variable says what the locale is, a terminal of these days has UTF-8. */
export function usesAscii(choice: BorderChoice, env: Readonly<Record<string, string | undefined>>): boolean {
  if (choice !== 'auto') return choice === 'ascii';
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  return locale !== '' && !/utf-?8/i.test(locale);
}
