import { describe, expect, test } from 'vitest';
import { asciiCodePoint, usesAscii } from '../../src/core/ascii-glyphs.ts';
import { COLOR_MASK, COLOR_RGB } from '../../src/core/cell.ts';
import { PANE_STATES, STATE_MARKS } from '../../src/core/session.ts';
import { chooseTheme, chromePalette, contrast, type TerminalColors } from '../../src/core/theme.ts';

const UNKNOWN: TerminalColors = { background: null, scheme: null, palette: [] };
/** xterm's own: made for black, and half of it unreadable on white. */
const XTERM = [
  ...['#000000', '#cd0000', '#00cd00', '#cdcd00', '#0000ee', '#cd00cd', '#00cdcd', '#e5e5e5'],
  ...['#7f7f7f', '#ff0000', '#00ff00', '#ffff00', '#5c5cff', '#ff00ff', '#00ffff', '#ffffff'],
];

describe('the theme', () => {
  test.each([
    ['a dark background', { ...UNKNOWN, background: '#101010' }, '', 'dark'],
    ['a light background', { ...UNKNOWN, background: '#fdf6e3' }, '', 'light'],
    [
      'a background that says otherwise than its name',
      { ...UNKNOWN, background: '#ffffff', scheme: 'dark' },
      '',
      'light',
    ],
    ['a name alone', { ...UNKNOWN, scheme: 'light' }, '15;0', 'light'],
    ['COLORFGBG of a light terminal', UNKNOWN, '0;15', 'light'],
    ['COLORFGBG with a third figure', UNKNOWN, '0;default;7', 'light'],
    ['COLORFGBG of a dark one', UNKNOWN, '15;0', 'dark'],
    ['nothing known', UNKNOWN, '', 'dark'],
  ] as const)('after %s', (_what, colors, colorFgBg, theme) => {
    expect(chooseTheme('auto', colors, colorFgBg)).toBe(theme);
    expect(chooseTheme('dark', colors, colorFgBg)).toBe('dark');
    expect(chooseTheme('light', colors, colorFgBg)).toBe('light');
  });
});

describe('the palette', () => {
  test('is the person’s own as far as it can be read', () => {
    expect([...chromePalette('dark', { ...UNKNOWN, background: '#000000', palette: XTERM })].slice(5, 12)).toEqual(
      Array(7).fill(0),
    );
    const light = chromePalette('light', { ...UNKNOWN, background: '#ffffff', palette: XTERM });
    // Red and blue are dark enough; green, yellow and cyan are not.
    expect([...light].map((color) => color === 0).slice(1, 7)).toEqual([true, false, false, true, true, false]);
  });

  test('on a dark background that swallows gray, gray is another', () => {
    const solarized = [...XTERM.slice(0, 8), '#002b36', ...XTERM.slice(9)];
    const palette = chromePalette('dark', { ...UNKNOWN, background: '#002b36', palette: solarized });
    expect(palette[8]).not.toBe(0);
    expect(palette[2]).toBe(0);
  });

  test.each([
    ['light', '#ffffff'],
    ['light', '#fdf6e3'],
    ['dark', '#000000'],
    ['dark', '#282c34'],
  ] as const)('of %s on %s can be read, whatever the terminal’s own', (theme, background) => {
    const palette = chromePalette(theme, { ...UNKNOWN, background, palette: Array(16).fill(background) });
    for (const color of palette.slice(1)) {
      expect(color & COLOR_RGB).toBe(COLOR_RGB);
      expect(contrast(`#${(color & COLOR_MASK).toString(16).padStart(6, '0')}`, background)).toBeGreaterThan(3);
    }
  });

  test('of a terminal that tells nothing is its own when dark, and ours when light', () => {
    expect([...chromePalette('dark', UNKNOWN)]).toEqual(Array(16).fill(0));
    expect([...chromePalette('light', UNKNOWN)].filter((color) => color === 0)).toEqual([0]);
  });

  test('of a theme that was asked for does not go by a background of the other kind', () => {
    expect(chromePalette('light', { ...UNKNOWN, background: '#000000', palette: XTERM })[2]).not.toBe(0);
  });
});

describe('ASCII', () => {
  test('keeps the marks of states apart', () => {
    const marks = PANE_STATES.map((state) => asciiCodePoint(STATE_MARKS[state].codePointAt(0)!));
    expect(new Set(marks).size).toBe(PANE_STATES.length);
    expect(Math.max(...marks)).toBeLessThan(0x80);
  });

  test('draws corners and crosses as a plus, and leaves letters alone', () => {
    expect([...'┌┬┼┫┛┃━é日a'].map((text) => String.fromCodePoint(asciiCodePoint(text.codePointAt(0)!))).join('')).toBe(
      '+++++|=é日a',
    );
  });

  test('is chosen where the locale has no UTF-8, the strongest variable first', () => {
    expect(usesAscii('auto', { LANG: 'C.UTF-8' })).toBe(false);
    expect(usesAscii('auto', { LANG: 'en_US.utf8', LC_ALL: 'POSIX' })).toBe(true);
    expect(usesAscii('auto', { LANG: 'C', LC_CTYPE: 'de_DE.UTF-8' })).toBe(false);
    expect(usesAscii('auto', { LANG: 'de_DE.ISO-8859-1' })).toBe(true);
    expect(usesAscii('auto', {})).toBe(false);
    expect(usesAscii('ascii', { LANG: 'C.UTF-8' })).toBe(true);
    expect(usesAscii('unicode', { LANG: 'C' })).toBe(false);
  });
});
