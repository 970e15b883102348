/**
 * What a terminal sends for a key, in the mode its program asked for: the legacy encoding of xterm or the kitty keyboard protocol
 * (https://sw.kovidgoyal.net/kitty/keyboard-protocol/).
 */
export type KeyboardModes = { kittyFlags: number; applicationCursorKeys: boolean };

const DISAMBIGUATE = 1;
const EVENT_TYPES = 2;
const ALL_KEYS = 8;
const ASSOCIATED_TEXT = 16;

const MODIFIERS: Record<string, number> = { shift: 1, alt: 2, ctrl: 4, super: 8 };
const CONTROLS: Record<string, number> = { enter: 13, tab: 9, backspace: 127, esc: 27, space: 32 };
const LETTERED: Record<string, string> = { up: 'A', down: 'B', right: 'C', left: 'D', home: 'H', end: 'F' };
const FUNCTION_LETTERED: Record<string, string> = { f1: 'P', f2: 'Q', f4: 'S' };
const NUMBERED: Record<string, number> = {
  insert: 2,
  delete: 3,
  pageup: 5,
  pagedown: 6,
  f3: 13,
  f5: 15,
  f6: 17,
  f7: 18,
  f8: 19,
  f9: 20,
  f10: 21,
  f11: 23,
  f12: 24,
};

/** `name`: `a`, `Q`, `?`, `enter`, `esc`, `ctrl+b`, `shift+enter`, `up`, `f5` … */
export function encodeKey(name: string, modes: KeyboardModes): string {
  const parts = name === '+' ? ['+'] : name.split('+');
  const key = parts.pop() || '+';
  const modifiers = parts.reduce((bits, part) => bits | (MODIFIERS[part] ?? fail(name)), 0);
  const press = encodePress(key, modifiers, modes, name);
  return (modes.kittyFlags & EVENT_TYPES) === 0 ? press : press + encodeRelease(key, modifiers, modes);
}

function encodePress(key: string, modifiers: number, modes: KeyboardModes, name: string): string {
  const parameter = modifiers + 1;
  const lettered = LETTERED[key];
  if (lettered) {
    if (modifiers) return `\x1b[1;${parameter}${lettered}`;
    return modes.applicationCursorKeys && modes.kittyFlags === 0 ? `\x1bO${lettered}` : `\x1b[${lettered}`;
  }
  const functionLetter = FUNCTION_LETTERED[key];
  if (functionLetter) {
    if (modifiers) return `\x1b[1;${parameter}${functionLetter}`;
    return modes.kittyFlags ? `\x1b[${functionLetter}` : `\x1bO${functionLetter}`;
  }
  const numbered = NUMBERED[key];
  if (numbered) return modifiers ? `\x1b[${numbered};${parameter}~` : `\x1b[${numbered}~`;

  const control = CONTROLS[key];
  const codepoint = control ?? ([...key].length === 1 ? key.codePointAt(0)! : fail(name));
  if (modes.kittyFlags & ALL_KEYS) return kittyKey(key, codepoint, modifiers, modes);
  if (modes.kittyFlags & DISAMBIGUATE) {
    const plain = modifiers === 0 || (modifiers === 1 && control === undefined);
    if (key === 'esc' || !plain) return kittyKey(key, codepoint, modifiers, modes);
  }
  return legacyKey(key, codepoint, modifiers);
}

function kittyKey(key: string, codepoint: number, modifiers: number, modes: KeyboardModes): string {
  const upper = /^\p{Lu}$/u.test(key);
  const code = upper ? key.toLowerCase().codePointAt(0)! : codepoint;
  const bits = upper ? modifiers | 1 : modifiers;
  const text = modes.kittyFlags & ASSOCIATED_TEXT && codepoint >= 32 && codepoint !== 127 && (bits & ~1) === 0;
  if (text) return `\x1b[${code};${bits + 1};${codepoint}u`;
  return bits ? `\x1b[${code};${bits + 1}u` : `\x1b[${code}u`;
}

function legacyKey(key: string, codepoint: number, modifiers: number): string {
  if (key === 'tab' && modifiers === 1) return '\x1b[Z';
  const prefix = modifiers & 2 ? '\x1b' : '';
  if (modifiers & 4) {
    const upper = key === 'space' ? 0x40 : key.toUpperCase().codePointAt(0)!;
    if (upper >= 0x40 && upper <= 0x5f) return prefix + String.fromCharCode(upper & 0x1f);
    if (key === '?') return `${prefix}\x7f`;
  }
  return prefix + String.fromCodePoint(codepoint);
}

/** Enter, tab and backspace have no release unless all keys are reported; nor have keys that come as text. */
function encodeRelease(key: string, modifiers: number, modes: KeyboardModes): string {
  const control = CONTROLS[key];
  const asText = (modes.kittyFlags & ALL_KEYS) === 0 && control === undefined && (modifiers & ~1) === 0;
  if (asText && [...key].length === 1) return '';
  if (['enter', 'tab', 'backspace'].includes(key) && (modes.kittyFlags & ALL_KEYS) === 0) return '';
  const letter = LETTERED[key] ?? FUNCTION_LETTERED[key];
  if (letter) return `\x1b[1;${modifiers + 1}:3${letter}`;
  const numbered = NUMBERED[key];
  if (numbered) return `\x1b[${numbered};${modifiers + 1}:3~`;
  return `\x1b[${control ?? key.toLowerCase().codePointAt(0)};${modifiers + 1}:3u`;
}

function fail(name: string): never {
  throw new Error(`unknown key: ${name}`);
}
