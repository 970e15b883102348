import { ALT, CTRL, type InputEvent, type KeyEvent, SHIFT, type TerminalReport } from '../core/input-event.ts';
import { lowerCaseOf } from '../core/key-names.ts';
import { typedCharacter } from '../core/keys.ts';
import { type CsiContext, interpretCsi, mouse } from './csi-events.ts';
import { keyOfKeypadLetter, keyOfLetter } from './key-codes.ts';
import { interpretString } from './string-replies.ts';
import { decodeUtf8Step } from './utf8.ts';

export const ESC = 0x1b;
const BEL = 0x07;
const DEL = 0x7f;
const MAX_CSI_BYTES = 1024;
/** No answer that is asked for comes near; more would be kept, and searched again for its end with every read. */
const MAX_STRING_BYTES = 16 * 1024;

/**
 * One event and how many bytes it took; null when it takes more bytes to know. `enters`: what follows is not a token: the body of a
 * paste, or more of a string that is too long to be kept.
 */
export type Token = { event: InputEvent | TerminalReport; length: number; enters?: 'paste' | 'overlong-string' } | null;

/** Reads what stands at `at`. With `final` no more bytes will come: the result is then never null. */
export function readToken(bytes: Uint8Array, at: number, final: boolean, context: CsiContext): Token {
  const byte = bytes[at]!;
  if (byte === ESC) return readEscape(bytes, at, final, context);
  if (byte < 0x20 || byte === DEL) return { event: controlKey(byte), length: 1 };
  const step = decodeUtf8Step(bytes, at);
  if (step.kind === 'character') return { event: textKey(step.text), length: step.length };
  if (step.kind === 'incomplete' && !final) return null;
  return { event: unknown(bytes, at, at + 1), length: 1 };
}

function readEscape(bytes: Uint8Array, at: number, final: boolean, context: CsiContext): Token {
  const next = bytes[at + 1];
  if (next === undefined) return final ? { event: key('escape'), length: 1 } : null;
  switch (next) {
    // Twice Escape, not Alt+Escape: agents take it for "go back", and no terminal can tell the two apart.
    case ESC:
      return { event: key('escape'), length: 1 };
    case 0x5b:
      return readCsi(bytes, at, final, context);
    case 0x4f:
      return readSs3(bytes, at, final);
    case 0x5d:
    case 0x50:
    case 0x5f:
      return readString(bytes, at, final);
    default: {
      if (next < 0x20 || next === DEL) return { event: withAlt(controlKey(next)), length: 2 };
      const step = decodeUtf8Step(bytes, at + 1);
      if (step.kind === 'character') return { event: withAlt(textKey(step.text)), length: 1 + step.length };
      if (step.kind === 'incomplete' && !final) return null;
      return { event: key('escape'), length: 1 };
    }
  }
}

/** What looked like a sequence is Alt and a key, and whatever follows is on its own. */
function altOnly(bytes: Uint8Array, at: number): Token {
  return { event: withAlt(textKey(String.fromCharCode(bytes[at + 1]!))), length: 2 };
}

function readCsi(bytes: Uint8Array, at: number, final: boolean, context: CsiContext): Token {
  const start = at + 2;
  const first = bytes[start];
  if (first === 0x4d) return readX10Mouse(bytes, at, final);
  if (first === 0x5b) {
    // Linux console: f1–f5 are CSI [ A … CSI [ E.
    const letter = bytes[start + 1];
    if (letter === undefined && !final) return null;
    const number = (letter ?? 0) - 0x40;
    return number >= 1 && number <= 5 ? { event: key(`f${number}`), length: 4 } : altOnly(bytes, at);
  }
  let end = start;
  const limit = Math.min(bytes.length, at + MAX_CSI_BYTES);
  while (end < limit && isParameter(bytes[end]!)) end++;
  let last = bytes[end];
  // rxvt ends shifted keys with `$`, in the place of an intermediate. DECRPM, which has one there, has two parameters.
  const isRxvt = last === 0x24 && end > start && isNumber(bytes, start, end);
  if (!isRxvt) {
    while (end < limit && isIntermediate(bytes[end]!)) end++;
    last = bytes[end];
  }
  if (end - at === MAX_CSI_BYTES) return { event: unknown(bytes, at, end), length: end - at };
  if (last === undefined && !final) return null;
  const isComplete = last !== undefined && (isRxvt || (last >= 0x40 && last <= 0x7e));
  if (!isComplete) {
    // `?`, `<`, `>`, `=`: the beginning of an answer or a mouse report, which nobody typed.
    const typed = first === undefined || first < 0x3c || first > 0x3f;
    return typed ? altOnly(bytes, at) : { event: unknown(bytes, at, end), length: end - at };
  }
  const length = end + 1 - at;
  const rest = latin1(bytes, start, end);
  const letter = String.fromCharCode(last!);
  if (letter === '~' && rest === '200')
    return { event: { type: 'paste', phase: 'start', text: '' }, length, enters: 'paste' };
  const csi = { rest, final: letter, bytes: bytes.slice(at, end + 1) };
  return { event: interpretCsi(csi, context), length };
}

/** `CSI M` and three bytes: button, column, row, each plus 32. */
function readX10Mouse(bytes: Uint8Array, at: number, final: boolean): Token {
  if (bytes.length < at + 6) {
    return final ? { event: unknown(bytes, at, bytes.length), length: bytes.length - at } : null;
  }
  const [button, x, y] = [bytes[at + 3]! - 32, bytes[at + 4]! - 32, bytes[at + 5]! - 32];
  return { event: mouse(button, x, y, false) ?? unknown(bytes, at, at + 6), length: 6 };
}

/** `SS3 letter`; old xterms and ghostty put the modifiers before the letter. */
function readSs3(bytes: Uint8Array, at: number, final: boolean): Token {
  let end = at + 2;
  while (end < bytes.length && end < at + 6 && (isDigit(bytes[end]!) || bytes[end] === 0x3b)) end++;
  if (end === bytes.length) return final ? altOnly(bytes, at) : null;
  const letter = String.fromCharCode(bytes[end]!);
  const parameter = latin1(bytes, at + 2, end)
    .split(';')
    .at(-1)!;
  const modifiers = Math.max(1, Number(parameter)) - 1;
  const length = end + 1 - at;
  if (modifiers > 0xff) return altOnly(bytes, at);
  // rxvt: ctrl and an arrow.
  if (letter >= 'a' && letter <= 'd') return { event: key(keyOfLetter.get(letter.toUpperCase())!, CTRL), length };
  const keypad = keyOfKeypadLetter.get(letter);
  if (keypad !== undefined)
    return { event: key(keypad, modifiers, modifiers === 0 ? typedCharacter(keypad) : ''), length };
  const name = keyOfLetter.get(letter);
  return name !== undefined ? { event: key(name, modifiers), length } : altOnly(bytes, at);
}

const STRING_KINDS: Record<number, 'osc' | 'dcs' | 'apc'> = { 93: 'osc', 80: 'dcs', 95: 'apc' };

/**
 * OSC, DCS and APC up to ST or BEL. Terminals answer with nothing else, so PM and SOS are Alt+^ and Alt+X; and what cannot be an
 * answer's first byte makes the introducer a key at once.
 */
function readString(bytes: Uint8Array, at: number, final: boolean): Token {
  const kind = STRING_KINDS[bytes[at + 1]!]!;
  const first = bytes[at + 2];
  if (first === undefined) return final ? altOnly(bytes, at) : null;
  if (!beginsAnswer(kind, first)) return altOnly(bytes, at);
  let end = at + 2;
  while (end < bytes.length && bytes[end]! >= 0x20 && end - at < MAX_STRING_BYTES) end++;
  if (end - at === MAX_STRING_BYTES) {
    return { event: unknown(bytes, at, end), length: end - at, enters: 'overlong-string' };
  }
  const last = bytes[end];
  if (last === undefined) {
    return final ? { event: unknown(bytes, at, end), length: end - at } : null;
  }
  const isSt = last === ESC && bytes[end + 1] === 0x5c;
  if (last === ESC && bytes[end + 1] === undefined && !final) return null;
  // Interrupted by a key: not a string that anybody waits for.
  if (!isSt && last !== BEL) return { event: unknown(bytes, at, end), length: end - at };
  const length = end + (isSt ? 2 : 1) - at;
  const body = new TextDecoder().decode(bytes.subarray(at + 2, end));
  return { event: { type: 'reply', reply: interpretString(kind, body, bytes.slice(at, at + length)) }, length };
}

/** Where the rest of an overlong string ends: behind its terminator, or before a key. `done` is false when it goes on. */
export function endOfOverlongString(bytes: Uint8Array, from: number, final: boolean): { at: number; done: boolean } {
  let at = from;
  while (at < bytes.length && bytes[at]! >= 0x20) at++;
  if (bytes[at] === BEL) return { at: at + 1, done: true };
  if (bytes[at] !== ESC) return { at, done: at < bytes.length };
  if (bytes[at + 1] === undefined && !final) return { at, done: false };
  return { at: bytes[at + 1] === 0x5c ? at + 2 : at, done: true };
}

function beginsAnswer(kind: 'osc' | 'dcs' | 'apc', byte: number): boolean {
  if (kind === 'osc') return isDigit(byte);
  return kind === 'dcs' ? byte >= 0x20 && byte <= 0x3f : byte >= 0x20 && byte !== DEL;
}

/** Keys that are one control byte; several keys share some, and the one a keyboard has for it is named. */
function controlKey(byte: number): KeyEvent {
  switch (byte) {
    case 0x00:
      return key('space', CTRL);
    case 0x09:
      return key('tab');
    case 0x0d:
      return key('enter');
    case DEL:
      return key('backspace');
    default:
      return key(String.fromCharCode(byte <= 0x1a ? byte + 0x60 : byte + 0x40), CTRL);
  }
}

function textKey(character: string): KeyEvent {
  if (character === ' ') return key('space', 0, ' ');
  const lower = lowerCaseOf(character);
  return lower === null ? key(character, 0, character) : key(lower, SHIFT, character);
}

function withAlt(event: KeyEvent): KeyEvent {
  return { ...event, modifiers: event.modifiers | ALT, text: '' };
}

function key(name: string, modifiers = 0, text = ''): KeyEvent {
  return { type: 'key', key: name, modifiers, action: 'press', text };
}

function unknown(bytes: Uint8Array, from: number, to: number): TerminalReport {
  return { type: 'unknown', bytes: bytes.slice(from, to) };
}

function isParameter(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x3f;
}

function isIntermediate(byte: number): boolean {
  return byte >= 0x20 && byte <= 0x2f;
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

function isNumber(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (!isDigit(bytes[i]!)) return false;
  return true;
}

function latin1(bytes: Uint8Array, from: number, to: number): string {
  return String.fromCharCode(...bytes.subarray(from, to));
}
