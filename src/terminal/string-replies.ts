import type { TerminalReply } from '../core/input-event.ts';
import { parseColorSpec } from './color-spec.ts';

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
  const color = parseColorSpec(dynamic ? second : third);
  if (color === null) return null;
  return { kind: 'color', what, rgb: { r: color >> 16, g: (color >> 8) & 255, b: color & 255 } };
}
