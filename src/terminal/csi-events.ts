import type { InputEvent, KeyEvent, MouseEvent, TerminalReply, TerminalReport } from '../core/input-event.ts';
import { ALT, CAPS_LOCK, CTRL, NUM_LOCK, SHIFT } from '../core/input-event.ts';
import { keyNames, lowerCaseOf } from '../core/key-names.ts';
import { shiftedCharacter, typedCharacter } from '../core/keys.ts';
import { keyOfKittyNumber, keyOfLetter, keyOfTildeNumber } from './key-codes.ts';

/**
 * What complete control sequences (`CSI prefix parameters intermediates final`) from a terminal mean. `rest` is everything between `CSI` and
 * the final byte.
 */
export type Csi = { rest: string; final: string; bytes: Uint8Array };

export type CsiContext = {
  /** True once for each `CSI 6 n` that is unanswered: `CSI 1 ; 2 R` is then a position and not shift+F3. */
  takeExpectedCursorPosition(): boolean;
};

/** The event of a sequence; sequences nobody knows become `unknown`, queries' answers nobody asked about `other`. */
export function interpretCsi(csi: Csi, context: CsiContext): InputEvent | TerminalReport {
  const { rest, final, bytes } = csi;
  const prefix = rest.charCodeAt(0);
  if (prefix >= 0x3c && prefix <= 0x3f) return privateSequence(csi);
  const fields = rest.split(';').map((field) => field.split(':').map(parameter));
  const [first = [], second = []] = fields;
  switch (final) {
    case 'I':
    case 'O':
      return rest === '' ? { type: 'focus', focused: final === 'I' } : unknown(bytes);
    case 'Z':
      return functionalKey('tab', second) ?? unknown(bytes);
    case 'u':
      return /^[\d:;]+$/.test(rest) ? (kittyKey(fields) ?? unknown(bytes)) : unknown(bytes);
    case '~':
      if (fields.length === 3 && first[0] === 27) return otherKey(fields) ?? unknown(bytes);
      return tildeKey(fields, 0) ?? unknown(bytes);
    case '^':
      return tildeKey(fields, CTRL) ?? unknown(bytes);
    case '@':
      return tildeKey(fields, CTRL | SHIFT) ?? unknown(bytes);
    case '$':
      return tildeKey(fields, SHIFT) ?? unknown(bytes);
    case 'M': {
      const [button, col, row] = fields.map((field) => field[0]);
      return fields.length === 3 ? (mouse(button! - 32, col!, row!, false) ?? unknown(bytes)) : unknown(bytes);
    }
    case 't':
      return fields.length >= 2 ? reply({ kind: 'window-size', params: numbers(rest) }) : unknown(bytes);
    case 'R':
      if (fields.length === 2) {
        const expected = context.takeExpectedCursorPosition();
        if (expected || first[0] !== 1) return cursorPosition(rest);
      }
      return functionalKey('f3', second) ?? unknown(bytes);
    case 'y':
    case 'n':
      return reply({ kind: 'other', bytes });
    default:
      return letterKey(final, fields) ?? unknown(bytes);
  }
}

function privateSequence({ rest, final, bytes }: Csi): InputEvent | TerminalReport {
  const prefix = rest[0]!;
  const body = rest.slice(1);
  if (prefix === '<') {
    if (final !== 'M' && final !== 'm') return unknown(bytes);
    const [button, col, row, ...more] = numbers(body);
    if (row === undefined || more.length > 0) return unknown(bytes);
    return mouse(button!, col!, row, final === 'm') ?? unknown(bytes);
  }
  const params = numbers(body.replace(/[ -/]+$/, ''));
  if (prefix === '>' && final === 'c') return reply({ kind: 'secondary-attributes', params });
  if (prefix === '?') {
    if (final === 'c') return reply({ kind: 'device-attributes', params });
    if (final === 'u') return reply({ kind: 'kitty-flags', flags: params[0] ?? 0 });
    if (final === 'R') return cursorPosition(body);
    if (final === 'y' && body.endsWith('$') && params.length === 2) {
      return reply({ kind: 'mode', mode: params[0]!, value: params[1]! });
    }
    if (final === 'n' && params[0] === 997 && (params[1] === 1 || params[1] === 2)) {
      return reply({ kind: 'color-scheme', scheme: params[1] === 1 ? 'dark' : 'light' });
    }
  }
  return reply({ kind: 'other', bytes });
}

/** `CSI code : shifted : base ; modifiers : event ; text u`, kitty's; without sub-fields it is also what xterm sends on request. */
function kittyKey(fields: number[][]): KeyEvent | null {
  const [codes = [], second = [], texts = []] = fields;
  const [code = 0, shiftedCode, baseCode] = codes;
  const text = textOf(texts);
  const name = keyOfKittyNumber.get(code) ?? characterOf(code) ?? (code === 0 && text !== '' ? '' : null);
  const state = keyState(second);
  if (name === null || state === null) return null;
  const event: KeyEvent = { type: 'key', key: name, ...state, text: '' };
  const shifted = shiftedCode ? characterOf(shiftedCode) : undefined;
  const base = baseCode ? characterOf(baseCode) : undefined;
  if (shifted !== undefined) event.shifted = shifted;
  if (base !== undefined) event.base = base;
  const lower = shifted === undefined ? lowerCaseOf(name) : null;
  if (lower !== null && !keyNames.has(name)) {
    // The letter as xterm and older fixterms terminals tell it: with shift applied.
    event.key = lower;
    event.shifted = name;
    event.modifiers |= SHIFT;
  }
  if (event.action !== 'release') event.text = text !== '' ? text : textWithout(event);
  return event;
}

/** What a key types where the terminal did not say: nothing with Ctrl, Alt or Super, else its character in the right case. */
function textWithout(event: KeyEvent): string {
  const character = typedCharacter(event.key);
  if (character === '' || event.modifiers & ~(SHIFT | CAPS_LOCK | NUM_LOCK)) return '';
  if (event.modifiers & SHIFT) return shiftedCharacter(event) ?? character;
  return event.modifiers & CAPS_LOCK ? capitalOf(character) : character;
}

function capitalOf(character: string): string {
  const upper = character.toUpperCase();
  return lowerCaseOf(upper) === character ? upper : character;
}

/** `CSI 27 ; modifiers ; code ~`, xterm's modifyOtherKeys; `code` is the character with shift applied. */
function otherKey([, second = [], third = []]: number[][]): KeyEvent | null {
  const code = third[0]!;
  const character = keyOfKittyNumber.get(code) ?? characterOf(code) ?? (code === 8 ? 'backspace' : null);
  const state = keyState(second);
  if (character === null || state === null) return null;
  const lower = keyNames.has(character) ? null : lowerCaseOf(character);
  const event: KeyEvent = { type: 'key', key: lower ?? character, ...state, text: '' };
  if (event.modifiers & SHIFT && !keyNames.has(character)) event.shifted = character;
  event.text = textWithout(event);
  return event;
}

function letterKey(final: string, fields: number[][]): KeyEvent | null {
  const [first = [], second = []] = fields;
  // rxvt: shift and an arrow is `CSI a`.
  if (final >= 'a' && final <= 'd' && fields.length === 1 && Number.isNaN(first[0])) {
    return { type: 'key', key: keyOfLetter.get(final.toUpperCase())!, modifiers: SHIFT, action: 'press', text: '' };
  }
  const key = keyOfLetter.get(final);
  if (key === undefined || (first[0] !== 1 && !Number.isNaN(first[0]))) return null;
  return functionalKey(key, second);
}

function tildeKey([first = [], second = [], ...more]: number[][], modifiers: number): KeyEvent | null {
  const key = keyOfTildeNumber.get(first[0]!);
  if (key === undefined || more.length > 1) return null;
  const event = functionalKey(key, second);
  if (event) event.modifiers |= modifiers;
  return event;
}

function functionalKey(key: string, second: number[]): KeyEvent | null {
  const state = keyState(second);
  if (state === null) return null;
  return { type: 'key', key, ...state, modifiers: state.modifiers | (key === 'tab' ? SHIFT : 0), text: '' };
}

const ACTIONS = ['press', 'repeat', 'release'] as const;

function keyState([modifiers, action]: number[]): Pick<KeyEvent, 'modifiers' | 'action'> | null {
  const bits = modifiers ? modifiers - 1 : 0;
  const event = ACTIONS[(action || 1) - 1];
  return bits > 255 || event === undefined ? null : { modifiers: bits, action: event };
}

const BUTTONS = new Map<number, MouseEvent['button']>([
  [0, 'left'],
  [1, 'middle'],
  [2, 'right'],
  [3, 'none'],
  [64, 'wheel-up'],
  [65, 'wheel-down'],
  [66, 'wheel-left'],
  [67, 'wheel-right'],
  [128, 'button-8'],
  [129, 'button-9'],
]);

/** One report, with the code as xterm defines it (without the 32 of the older encodings) and 1-based coordinates. */
export function mouse(code: number, x: number, y: number, released: boolean): MouseEvent | null {
  const button = BUTTONS.get(code & ~(4 | 8 | 16 | 32));
  if (!(code >= 0) || button === undefined || !(x >= 0) || !(y >= 0)) return null;
  const modifiers = (code & 4 ? SHIFT : 0) | (code & 8 ? ALT : 0) | (code & 16 ? CTRL : 0);
  const moved = (code & 32) !== 0 && !button.startsWith('wheel');
  return {
    type: 'mouse',
    action: moved ? 'move' : released || button === 'none' ? 'release' : 'press',
    button,
    col: Math.max(0, x - 1),
    row: Math.max(0, y - 1),
    modifiers,
  };
}

function cursorPosition(body: string): TerminalReport {
  const [row = 1, col = 1] = numbers(body);
  return reply({ kind: 'cursor-position', row: Math.max(0, row - 1), col: Math.max(0, col - 1) });
}

/** The character of a code, undefined for controls and for what is no character. */
function characterOf(code: number): string | undefined {
  const valid = code >= 32 && code <= 0x10ffff && !(code >= 0x7f && code < 0xa0) && !(code >= 0xd800 && code < 0xe000);
  return valid ? String.fromCodePoint(code) : undefined;
}

function textOf(codes: number[]): string {
  return codes.map((code) => characterOf(code) ?? '').join('');
}

function parameter(text: string): number {
  return text === '' ? Number.NaN : Number(text);
}

function numbers(text: string): number[] {
  return text === '' ? [] : text.split(';').map((part) => Number.parseInt(part, 10) || 0);
}

function reply(content: TerminalReply): TerminalReport {
  return { type: 'reply', reply: content };
}

function unknown(bytes: Uint8Array): TerminalReport {
  return { type: 'unknown', bytes };
}
