import { COLOR_16, COLOR_256, COLOR_DEFAULT, COLOR_MASK, COLOR_MODE_MASK, COLOR_RGB } from '../core/cell.ts';

/** How many colours a terminal shows; `none`: only weight, underline and inverse. */
export type ColorDepth = 'rgb' | '256' | '16' | 'none';

/** A program draws with few colours; one that draws a photograph must not fill the memory. */
const MAX_CACHED = 4096;

const toPalette = new Map<number, number>();

/**
 * Colour bits of a cell (value and mode), as near as a terminal of this depth can show them. Palette colours 0–15 stay what they are:
 * they are the person's own.
 */
export function reduceColor(color: number, depth: ColorDepth): number {
  const mode = color & COLOR_MODE_MASK;
  if (depth === 'rgb' || mode === COLOR_DEFAULT) return color;
  if (depth === 'none') return COLOR_DEFAULT;
  if (mode === COLOR_16) return color;
  const index = mode === COLOR_RGB ? nearestOf256(color & COLOR_MASK) : color & 0xff;
  return depth === '256' ? COLOR_256 | index : COLOR_16 | (index < 16 ? index : nearestOf16[index]!);
}

function nearestOf256(rgb: number): number {
  const known = toPalette.get(rgb);
  if (known !== undefined) return known;
  if (toPalette.size >= MAX_CACHED) toPalette.clear();
  const index = findInPalette(rgb);
  toPalette.set(rgb, index);
  return index;
}

/** Levels of the 6×6×6 cube in xterm's palette. */
const CUBE = [0x00, 0x5f, 0x87, 0xaf, 0xd7, 0xff];

/** The nearest of the cube and the greys, as tmux finds it (colour.c, colour_find_rgb). */
function findInPalette(rgb: number): number {
  const [r, g, b] = [rgb >> 16, (rgb >> 8) & 255, rgb & 255];
  const [red, green, blue] = [cubeStep(r), cubeStep(g), cubeStep(b)];
  const inCube = 16 + 36 * red + 6 * green + blue;
  const average = Math.floor((r + g + b) / 3);
  const step = average > 238 ? 23 : Math.max(0, Math.floor((average - 3) / 10));
  const gray = 8 + 10 * step;
  const cubeDistance = distance(r, g, b, CUBE[red]!, CUBE[green]!, CUBE[blue]!);
  return distance(r, g, b, gray, gray, gray) < cubeDistance ? 232 + step : inCube;
}

function cubeStep(value: number): number {
  return value < 48 ? 0 : value < 114 ? 1 : Math.floor((value - 35) / 40);
}

/** xterm's first sixteen colours: of all terminals’, those that most others are near to. */
const BASIC = [
  ...[0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5],
  ...[0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff],
];

const nearestOf16 = Uint8Array.from({ length: 256 }, (_, index) => {
  if (index < 16) return index;
  const gray = 8 + 10 * (index - 232);
  const cube = index - 16;
  const [r, g, b] =
    index >= 232
      ? [gray, gray, gray]
      : [CUBE[Math.floor(cube / 36)]!, CUBE[Math.floor(cube / 6) % 6]!, CUBE[cube % 6]!];
  const distances = BASIC.map((rgb) => distance(r, g, b, rgb >> 16, (rgb >> 8) & 255, rgb & 255));
  return distances.indexOf(Math.min(...distances));
});

function distance(r: number, g: number, b: number, r2: number, g2: number, b2: number): number {
  return (r - r2) ** 2 + (g - g2) ** 2 + (b - b2) ** 2;
}
