import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COLOR_16, COLOR_256, COLOR_DEFAULT, COLOR_RGB } from '../../src/core/cell.ts';
import { reduceColor } from '../../src/terminal/color-depth.ts';
import { type SgrLook, sgrOf } from '../../src/terminal/sgr.ts';
import { createReferenceTerminal } from '../helpers/reference-terminal.ts';

const rgb = fc.integer({ min: 0, max: 0xffffff });

/** The colours of the palette from 16 up are the same everywhere. */
function paletteColor(index: number): [number, number, number] {
  if (index >= 232) return [8 + 10 * (index - 232), 8 + 10 * (index - 232), 8 + 10 * (index - 232)];
  const level = (step: number) => (step === 0 ? 0 : 55 + 40 * step);
  const cube = index - 16;
  return [level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6)];
}
const distance = (color: number, [r, g, b]: [number, number, number]) =>
  ((color >> 16) - r) ** 2 + (((color >> 8) & 255) - g) ** 2 + ((color & 255) - b) ** 2;

describe('a colour', () => {
  it('stays what it is where all colours can be shown, and where it is none', () => {
    fc.assert(fc.property(rgb, (color) => reduceColor(COLOR_RGB | color, 'rgb') === (COLOR_RGB | color)));
    for (const depth of ['rgb', '256', '16', 'none'] as const) expect(reduceColor(COLOR_DEFAULT, depth)).toBe(0);
  });

  it('of 24 bits becomes about the nearest of 256, never one of the person’s own sixteen', () => {
    fc.assert(
      fc.property(rgb, (color) => {
        const reduced = reduceColor(COLOR_RGB | color, '256');
        expect(reduced & ~0xff).toBe(COLOR_256);
        expect(reduced & 0xff).toBeGreaterThanOrEqual(16);
        const all = Array.from({ length: 240 }, (_, i) => distance(color, paletteColor(i + 16)));
        // tmux looks at one grey and one colour of the cube: never far from the best.
        expect(Math.sqrt(distance(color, paletteColor(reduced & 0xff)))).toBeLessThan(Math.sqrt(Math.min(...all)) + 25);
      }),
    );
  });

  it.each([
    [0x000000, 16],
    [0xffffff, 231],
    [0xff0000, 196],
    [0x5f87af, 67],
    [0x080808, 232],
    [0x767676, 243],
    [0xeeeeee, 255],
  ])('%i is %i of 256', (color, index) => {
    expect(reduceColor(COLOR_RGB | color, '256')).toBe(COLOR_256 | index);
  });

  it.each([
    [COLOR_RGB | 0xff0000, 9],
    [COLOR_RGB | 0x0000f0, 4],
    [COLOR_RGB | 0xffffff, 15],
    [COLOR_256 | 196, 9],
    [COLOR_256 | 232, 0],
    [COLOR_256 | 3, 3],
    [COLOR_16 | 12, 12],
  ])('%i is %i of 16', (color, index) => {
    expect(reduceColor(color, '16')).toBe(COLOR_16 | index);
  });

  it('of the palette keeps its number', () => {
    expect(reduceColor(COLOR_16 | 5, '256')).toBe(COLOR_16 | 5);
    expect(reduceColor(COLOR_256 | 200, '256')).toBe(COLOR_256 | 200);
  });

  it('is none on a terminal that has none', () => {
    for (const color of [COLOR_16 | 5, COLOR_256 | 5, COLOR_RGB | 5]) expect(reduceColor(color, 'none')).toBe(0);
  });
});

describe('the look of a cell', () => {
  const look = (changes: Partial<SgrLook>): SgrLook => ({
    depth: 'rgb',
    underlineStyles: true,
    underlineColors: true,
    ...changes,
  });
  const curly = { underlineStyle: 3, underlineColor: COLOR_RGB | 0xff8000 };
  const underlined = 0x10000000;

  it('has curly and coloured underlines only where the terminal knows them', () => {
    expect(sgrOf(underlined, 0, curly)).toBe('0;4:3;58:2::255:128:0');
    expect(sgrOf(underlined, 0, curly, look({ underlineColors: false }))).toBe('0;4:3');
    expect(sgrOf(underlined, 0, curly, look({ underlineStyles: false, underlineColors: false }))).toBe('0;4');
    expect(sgrOf(underlined, 0, curly, look({ depth: '256' }))).toBe('0;4:3;58:5:208');
  });

  it('has its colours in the terminal’s depth', () => {
    const [fg, bg] = [COLOR_RGB | 0xff0000, COLOR_256 | 196];
    expect(sgrOf(fg, bg, undefined, look({ depth: '256' }))).toBe('0;38;5;196;48;5;196');
    expect(sgrOf(fg, bg, undefined, look({ depth: '16' }))).toBe('0;91;101');
    expect(sgrOf(fg | underlined, bg, undefined, look({ depth: 'none' }))).toBe('0;4');
  });

  it.each([
    ['bold', 0x8000000, 0, 'bold'],
    ['underline', 0x10000000, 0, 'underline'],
    ['blink', 0x20000000, 0, 'blink'],
    ['invisible', 0x40000000, 0, 'invisible'],
    ['strikethrough', 0x80000000, 0, 'strikethrough'],
    ['inverse', 0x4000000, 0, 'inverse'],
    ['italic', 0, 0x4000000, 'italic'],
    ['dim', 0, 0x8000000, 'faint'],
  ] as const)('%s is seen by a terminal that is not ours', (_, fg, bg, flag) => {
    const terminal = createReferenceTerminal({ cols: 10, rows: 2 });
    terminal.write(`\x1b[${sgrOf(fg, bg, undefined)}mx`);
    expect(terminal.cell(0, 0).flags).toEqual([flag]);
    terminal.dispose();
  });

  it('has an overline, which the reference terminal draws without telling', () => {
    expect(sgrOf(0, 0x40000000, undefined)).toBe('0;53');
  });
});
