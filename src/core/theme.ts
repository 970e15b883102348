import { COLOR_RGB } from './cell.ts';
import type { ThemeChoice } from './settings.ts';

/** Which colours the chrome may use on somebody's terminal so that all of it can be read there. */
export type Theme = 'dark' | 'light';

/** As far as the terminal has told; `#rrggbb`, the palette by number. */
export type TerminalColors = {
  background: string | null;
  scheme: Theme | null;
  palette: readonly (string | null)[];
};

/** By the background that is there, else what the terminal calls it, else COLORFGBG (`15;0`: rxvt and some that follow it). */
export function chooseTheme(choice: ThemeChoice, colors: TerminalColors, colorFgBg = ''): Theme {
  if (choice !== 'auto') return choice;
  if (colors.background !== null) return themeOf(colors.background);
  if (colors.scheme !== null) return colors.scheme;
  const index = /;(\d+)$/.exec(colorFgBg)?.[1];
  return index === '7' || index === '15' ? 'light' : 'dark';
}

/** Contrasts (WCAG 2, 1.4.3 and 1.4.11) that are asked of the person's own colours; the gray of lines may be fainter. */
const READABLE = 3;
const VISIBLE = 2;
const GRAY = 8;

/** Of 16 palette colours: red, green, yellow, blue, magenta, cyan, white, gray, for the backgrounds below. */
const OWN_COLORS: Record<Theme, readonly number[]> = {
  dark: [0xff6b6b, 0x5fd787, 0xe5c07b, 0x6cb6ff, 0xd2a8ff, 0x56d4dd, 0xd0d7de, 0x7d8590],
  light: [0xb3261e, 0x1a7f37, 0x8a6100, 0x0550ae, 0x8250df, 0x0e7490, 0x4b5563, 0x6b7280],
};
const BACKGROUNDS: Record<Theme, string> = { dark: '#000000', light: '#ffffff' };

/**
 * What stands for each of the 16 colours, as bits of a cell; 0 where the person's own is used, as it is wherever it can be read. What a
 * terminal does not tell is taken for good on dark ones, for which palettes are made, and not on light ones.
 */
export function chromePalette(theme: Theme, { background, palette }: TerminalColors): Uint32Array {
  const behind = background !== null && themeOf(background) === theme ? background : BACKGROUNDS[theme];
  return Uint32Array.from({ length: 16 }, (_, index) => {
    // Black is only ever a background.
    if (index === 0) return 0;
    const told = palette[index] ?? null;
    const keeps = told === null ? theme === 'dark' : contrast(told, behind) >= (index === GRAY ? VISIBLE : READABLE);
    if (keeps) return 0;
    const place = index === GRAY ? 7 : (index & 7) - 1;
    return COLOR_RGB | OWN_COLORS[theme][place]!;
  });
}

function themeOf(background: string): Theme {
  // Where black and white text are read equally well.
  return luminance(background) > 0.18 ? 'light' : 'dark';
}

export function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((one, other) => other - one) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** Relative luminance of `#rrggbb`, 0 to 1 (WCAG 2). */
function luminance(color: string): number {
  const value = Number.parseInt(color.slice(1), 16);
  const [red, green, blue] = [value >> 16, (value >> 8) & 255, value & 255].map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
