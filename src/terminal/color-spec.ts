/**
 * A colour as programs write it (XParseColor's forms): `rgb:r/g/b` and `rgba:r/g/b/a` with 1 to 4 hex digits each, `#rgb` to
 * `#rrrrggggbbbb`, or a name. Null for anything else.
 */
export function parseColorSpec(text: string): number | null {
  const parts = /^rgba?:([0-9a-f]{1,4})\/([0-9a-f]{1,4})\/([0-9a-f]{1,4})(?:\/[0-9a-f]{1,4})?$/i.exec(text);
  if (parts)
    return packed(parts.slice(1, 4).map((part) => (Number.parseInt(part, 16) / (16 ** part.length - 1)) * 255));
  const digits = /^#((?:[0-9a-f]{3}){1,4})$/i.exec(text)?.[1];
  if (digits) {
    const size = digits.length / 3;
    // With `#` the digits are the most significant ones, by X's rules; with a single one each, what CSS does is what people mean.
    return packed(
      [0, 1, 2].map((i) => {
        const part = digits.slice(i * size, (i + 1) * size);
        return Number.parseInt(size === 1 ? part + part : part.slice(0, 2), 16);
      }),
    );
  }
  const name = text.toLowerCase().replaceAll(' ', '').replace('grey', 'gray');
  return COLOR_NAMES.get(name) ?? null;
}

/** `rgb:rrrr/gggg/bbbb`, the form X11 and every terminal answers in. */
export function formatColorSpec(color: number): string {
  const part = (shift: number): string => ((color >> shift) & 255).toString(16).padStart(2, '0').repeat(2);
  return `rgb:${part(16)}/${part(8)}/${part(0)}`;
}

/** Of `#rrggbb`. */
export function colorOfHex(text: string): number {
  return Number.parseInt(text.slice(1), 16);
}

/** Colours 16 to 255 are the same everywhere: xterm's cube of 6×6×6 and 24 greys. Null for the first 16, which people choose. */
export function usualPaletteColor(index: number): number | null {
  if (index < 16) return null;
  if (index >= 232) return (8 + (index - 232) * 10) * 0x10101;
  const level = (step: number): number => (step === 0 ? 0 : 55 + step * 40);
  const at = index - 16;
  return (level(Math.floor(at / 36)) << 16) | (level(Math.floor(at / 6) % 6) << 8) | level(at % 6);
}

/** Whether text on it is to be light: the luma of Rec. 601 below a half. */
export function isDark(color: number): boolean {
  return 0.299 * (color >> 16) + 0.587 * ((color >> 8) & 255) + 0.114 * (color & 255) < 128;
}

function packed([r, g, b]: number[]): number {
  return (Math.round(r!) << 16) | (Math.round(g!) << 8) | Math.round(b!);
}

/** Of X11's rgb.txt those that stand in people's scripts. Where X11 and CSS differ (gray, green, maroon, purple), X11's. */
const COLOR_NAMES = new Map<string, number>([
  ['black', 0x000000],
  ['white', 0xffffff],
  ['red', 0xff0000],
  ['green', 0x00ff00],
  ['blue', 0x0000ff],
  ['yellow', 0xffff00],
  ['cyan', 0x00ffff],
  ['magenta', 0xff00ff],
  ['gray', 0xbebebe],
  ['lightgray', 0xd3d3d3],
  ['darkgray', 0xa9a9a9],
  ['dimgray', 0x696969],
  ['slategray', 0x708090],
  ['darkslategray', 0x2f4f4f],
  ['maroon', 0xb03060],
  ['purple', 0xa020f0],
  ['brown', 0xa52a2a],
  ['orange', 0xffa500],
  ['darkorange', 0xff8c00],
  ['gold', 0xffd700],
  ['pink', 0xffc0cb],
  ['hotpink', 0xff69b4],
  ['salmon', 0xfa8072],
  ['coral', 0xff7f50],
  ['tomato', 0xff6347],
  ['firebrick', 0xb22222],
  ['darkred', 0x8b0000],
  ['darkgreen', 0x006400],
  ['forestgreen', 0x228b22],
  ['seagreen', 0x2e8b57],
  ['limegreen', 0x32cd32],
  ['springgreen', 0x00ff7f],
  ['lightgreen', 0x90ee90],
  ['olivedrab', 0x6b8e23],
  ['khaki', 0xf0e68c],
  ['beige', 0xf5f5dc],
  ['ivory', 0xfffff0],
  ['lightyellow', 0xffffe0],
  ['navy', 0x000080],
  ['darkblue', 0x00008b],
  ['royalblue', 0x4169e1],
  ['steelblue', 0x4682b4],
  ['skyblue', 0x87ceeb],
  ['lightblue', 0xadd8e6],
  ['turquoise', 0x40e0d0],
  ['darkcyan', 0x008b8b],
  ['lightcyan', 0xe0ffff],
  ['darkmagenta', 0x8b008b],
  ['violet', 0xee82ee],
  ['orchid', 0xda70d6],
  ['indigo', 0x4b0082],
  ['lavender', 0xe6e6fa],
]);
