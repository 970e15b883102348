import type { TerminalReply } from '../core/input-event.ts';

type Rgb = { r: number; g: number; b: number };

/** The answers of a terminal that are strings. `body` is what stands between the introducer and ST; OSC, DCS or APC. */
export function interpretString(kind: 'osc' | 'dcs' | 'apc', body: string, bytes: Uint8Array): TerminalReply {
  if (kind === 'osc') return oscReply(body) ?? { kind: 'other', bytes };
  if (kind === 'dcs' && body.startsWith('>|')) return { kind: 'version', text: body.slice(2) };
  const capability = kind === 'dcs' ? /^([01])\+r((?:[0-9a-f]{2})+)/i.exec(body) : null;
  if (capability) return { kind: 'capability', name: nameOfHex(capability[2]!), known: capability[1] === '1' };
  return { kind: 'other', bytes };
}

function nameOfHex(digits: string): string {
  return digits.replace(/../g, (pair) => String.fromCharCode(Number.parseInt(pair, 16)));
}

const DYNAMIC_COLORS: Record<string, 'foreground' | 'background' | 'cursor'> = {
  '10': 'foreground',
  '11': 'background',
  '12': 'cursor',
};

function oscReply(body: string): TerminalReply | null {
  const [number = '', second = '', third = ''] = body.split(';');
  const dynamic = Object.hasOwn(DYNAMIC_COLORS, number) ? DYNAMIC_COLORS[number] : undefined;
  const what = dynamic ?? (number === '4' && /^\d{1,3}$/.test(second) ? Number(second) : null);
  if (what === null) return null;
  const rgb = parseXColor(dynamic ? second : third);
  return rgb && { kind: 'color', what: what, rgb };
}

/** XParseColor's forms that terminals answer in: `rgb:r/g/b`, `rgba:r/g/b/a` with 1 to 4 hex digits each, `#rgb` to `#rrrrggggbbbb`. */
function parseXColor(text: string): Rgb | null {
  const parts = /^rgba?:([0-9a-f]{1,4})\/([0-9a-f]{1,4})\/([0-9a-f]{1,4})(?:\/[0-9a-f]{1,4})?$/i
    .exec(text)
    ?.slice(1, 4);
  if (parts) return rgbOf(parts.map((part) => (Number.parseInt(part, 16) / (16 ** part.length - 1)) * 255));
  const digits = /^#((?:[0-9a-f]{3}){1,4})$/i.exec(text)?.[1];
  if (!digits) return null;
  const size = digits.length / 3;
  // With `#` the digits are the most significant ones, by X's rules; with a single one each, what CSS does is what terminals mean.
  return rgbOf(
    [0, 1, 2].map((i) => {
      const part = digits.slice(i * size, (i + 1) * size);
      return Number.parseInt(size === 1 ? part + part : part.slice(0, 2), 16);
    }),
  );
}

function rgbOf([r, g, b]: number[]): Rgb {
  return { r: Math.round(r!), g: Math.round(g!), b: Math.round(b!) };
}
