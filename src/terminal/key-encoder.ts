import { ALT, CAPS_LOCK, CTRL, HYPER, type KeyEvent, META, NUM_LOCK, SHIFT, SUPER } from '../core/input-event.ts';
import { isOneCharacter, keypadCharacter, modifierKeys } from '../core/key-names.ts';
import { shiftedCharacter } from '../core/keys.ts';
import { keypadLetters, kittyNumbers, legacyTildeNumbers, letters, tildeNumbers } from './key-codes.ts';
import { isUnknownKey } from './unknown-input.ts';

/**
 * The modes that change what keys send. `kittyFlags`: 0–31, the progressive enhancements in force. `backarrowSendsBackspace`: DECBKM,
 * Backspace is 0x08 and not 0x7f. `newlineMode`: LNM, Enter is CR LF.
 */
export type KeyModes = {
  applicationCursor: boolean;
  applicationKeypad: boolean;
  kittyFlags: number;
  modifyOtherKeys: 0 | 1 | 2;
  newlineMode?: boolean;
  backarrowSendsBackspace?: boolean;
};

const LOCKS = CAPS_LOCK | NUM_LOCK;
/** Modifiers that no legacy encoding of a character can tell. */
const BEYOND_LEGACY = SUPER | HYPER;

/** The kitty protocol's progressive enhancements. */
const DISAMBIGUATE = 1;
const REPORT_EVENTS = 2;
const REPORT_ALTERNATES = 4;
const REPORT_ALL = 8;
const REPORT_TEXT = 16;

/** The bytes of a key for a program in these modes; empty for a key that it cannot be told of. */
export function encodeKey(event: KeyEvent, modes: KeyModes): string {
  if (isUnknownKey(event)) return event.text;
  if (modes.kittyFlags !== 0) return encodeKittyKey(event, modes);
  return event.action === 'release' ? '' : encodeLegacyKey(event, modes);
}

const lockAndModifierKeys = new Set([...modifierKeys, 'caps_lock', 'num_lock', 'scroll_lock']);

/**
 * The kitty keyboard protocol (https://sw.kovidgoyal.net/kitty/keyboard-protocol/), as kitty itself does where the text leaves room: a
 * press has no event type; Num Lock and Caps Lock do not change what Enter, Tab, Backspace and characters send.
 */
function encodeKittyKey(event: KeyEvent, modes: KeyModes): string {
  const { key, action, text } = event;
  const flags = modes.kittyFlags;
  const all = (flags & REPORT_ALL) !== 0;
  if (action === 'release' && !(flags & REPORT_EVENTS)) return '';
  if (!all) {
    if (lockAndModifierKeys.has(key)) return '';
    if (text !== '' && action !== 'release') return text;
    // A shell must stay usable when a program dies without resetting the flags.
    if (key === 'enter' || key === 'tab' || key === 'backspace') {
      if (action === 'release') return '';
      if ((event.modifiers & ~LOCKS) === 0) return encodeLegacyKey(event, modes);
    }
    if (!(flags & DISAMBIGUATE) && (action === 'press' || !(flags & REPORT_EVENTS))) {
      return encodeLegacyKey(event, modes);
    }
  }
  return kittySequence(event, flags);
}

function kittySequence(event: KeyEvent, flags: number): string {
  const { key, action } = event;
  const letter = letters.get(key);
  const tilde = tildeNumbers.get(key);
  const isCharacter = key === 'space' || isOneCharacter(key) || key === '';
  let code: string;
  if (letter !== undefined) code = '1';
  else if (tilde !== undefined) code = String(tilde);
  else {
    const number = kittyNumbers.get(key) ?? (isCharacter ? (key.codePointAt(0) ?? 0) : undefined);
    if (number === undefined) return '';
    code = String(number);
    if (flags & REPORT_ALTERNATES && isCharacter) code += alternates(event);
  }
  let modifiers = event.modifiers;
  if (isCharacter && !(flags & REPORT_ALL)) modifiers &= ~LOCKS;
  const suffix = flags & REPORT_EVENTS && action !== 'press' ? (action === 'repeat' ? ':2' : ':3') : '';
  const second = modifiers !== 0 || suffix !== '' ? `${modifiers + 1}${suffix}` : '';
  const third = flags & REPORT_TEXT && action !== 'release' ? textCodes(event.text) : '';
  const tail = third !== '' ? `;${second};${third}` : second !== '' ? `;${second}` : '';
  if (letter !== undefined && tail === '') return `\x1b[${letter}`;
  return `\x1b[${code}${tail}${letter ?? (tilde !== undefined ? '~' : 'u')}`;
}

function alternates(event: KeyEvent): string {
  const shifted = event.modifiers & SHIFT ? shiftedCharacter(event) : undefined;
  const first = shifted !== undefined && shifted !== event.key ? String(shifted.codePointAt(0)) : '';
  const base = event.base !== undefined && event.base !== event.key ? `:${event.base.codePointAt(0)}` : '';
  return first !== '' || base !== '' ? `:${first}${base}` : '';
}

function textCodes(text: string): string {
  if (/[\x00-\x1f\x7f-\x9f]/.test(text)) return '';
  return [...text].map((character) => character.codePointAt(0)).join(':');
}

/** As xterm does, with its modifyOtherKeys (https://invisible-island.net/xterm/modified-keys.html) as tmux narrows it. */
function encodeLegacyKey(event: KeyEvent, modes: KeyModes): string {
  const { key, text } = event;
  const modifiers = event.modifiers & ~LOCKS;
  if (text !== '' && !keypadLetters.has(key)) {
    return text === ' ' && modifiers === SHIFT && modes.modifyOtherKeys === 2 ? otherKey(modifiers, 32) : text;
  }
  switch (key) {
    case 'enter':
    case 'tab':
    case 'backspace':
    case 'escape':
      return encodeControlKey(key, modifiers, modes);
    default:
  }
  const letter = key === 'f3' ? 'R' : letters.get(key);
  if (letter !== undefined) {
    if (modifiers !== 0) return `\x1b[1;${modifiers + 1}${letter}`;
    const isCursorKey = letter < 'P';
    return (isCursorKey && !modes.applicationCursor ? '\x1b[' : '\x1bO') + letter;
  }
  const tilde = tildeNumbers.get(key) ?? legacyTildeNumbers.get(key);
  if (tilde !== undefined) return modifiers !== 0 ? `\x1b[${tilde};${modifiers + 1}~` : `\x1b[${tilde}~`;
  if (key.startsWith('kp_')) return encodeKeypadKey(event, modes);
  const character = key === 'space' ? ' ' : key;
  if (!isOneCharacter(character) || modifiers & BEYOND_LEGACY) return '';
  return encodeCharacter(event, character, modes);
}

function encodeControlKey(key: 'enter' | 'tab' | 'backspace' | 'escape', modifiers: number, modes: KeyModes): string {
  const level = modes.modifyOtherKeys;
  const meta = modifiers & (ALT | META) ? '\x1b' : '';
  const altOnly = (modifiers & ~(ALT | META)) === 0;
  if (level > 0 && modifiers !== 0 && !(level === 1 && altOnly)) {
    const legacyAnyway =
      (key === 'backspace' && (level === 1 || modifiers === CTRL)) ||
      (key === 'tab' && level === 1 && modifiers === SHIFT) ||
      (key === 'escape' && altOnly);
    if (!legacyAnyway) return otherKey(modifiers, kittyNumbers.get(key)!);
  }
  switch (key) {
    case 'enter':
      // Shift+Enter is a new line in every agent, and most do not ask for a protocol that can tell it.
      if (modifiers & SHIFT) return otherKey(modifiers, 13);
      return meta + (modes.newlineMode ? '\r\n' : '\r');
    case 'tab':
      return meta + (modifiers & SHIFT ? '\x1b[Z' : '\t');
    case 'backspace':
      return meta + (Boolean(modifiers & CTRL) !== Boolean(modes.backarrowSendsBackspace) ? '\b' : '\x7f');
    case 'escape':
      return `${meta}\x1b`;
  }
}

/** Keypad keys send what they show, or SS3 codes in application mode, which Num Lock switches off (xterm's mode 1035). */
function encodeKeypadKey(event: KeyEvent, modes: KeyModes): string {
  const { key } = event;
  const modifiers = event.modifiers & ~LOCKS;
  const letter = keypadLetters.get(key);
  if (letter !== undefined && modes.applicationKeypad && !(event.modifiers & NUM_LOCK)) {
    return `\x1bO${modifiers !== 0 ? modifiers + 1 : ''}${letter}`;
  }
  const character = event.text !== '' ? event.text : keypadCharacter(key);
  if (character === undefined) return encodeLegacyKey({ ...event, key: key.slice('kp_'.length) }, modes);
  // Neither Shift nor Ctrl changes what a keypad key sends, and modifyOtherKeys leaves the keypad out.
  return modifiers & BEYOND_LEGACY ? '' : (modifiers & (ALT | META) ? '\x1b' : '') + character;
}

/** A character with Ctrl or Alt, told by its shifted form where Shift is held: a legacy program sees the result, not the keys. */
function encodeCharacter(event: KeyEvent, key: string, modes: KeyModes): string {
  const modifiers = event.modifiers & ~LOCKS;
  const character = modifiers & SHIFT ? (shiftedCharacter(event) ?? key) : key;
  const control = modifiers & CTRL ? controlCodeOf(character, event.base) : undefined;
  if (modes.modifyOtherKeys === 2 && modifiers & (CTRL | ALT | META)) {
    return otherKey(modifiers, character.codePointAt(0)!);
  }
  if (modes.modifyOtherKeys === 1 && modifiers & CTRL && control === undefined) {
    return otherKey(modifiers, character.codePointAt(0)!);
  }
  return (modifiers & (ALT | META) ? '\x1b' : '') + (control ?? character);
}

/** The VT100's table with the aliases that X11 added: https://sw.kovidgoyal.net/kitty/keyboard-protocol/#ctrl-mapping. */
const CONTROL_ALIASES: Record<string, number> = {
  ' ': 0,
  '2': 0,
  '`': 0,
  '3': 27,
  '4': 28,
  '5': 29,
  '6': 30,
  '~': 30,
  '7': 31,
  '/': 31,
  '8': 127,
  '?': 127,
};

/** The control byte of Ctrl and a character; the key's place on a US keyboard where the layout is not Latin. */
function controlCodeOf(character: string, base: string | undefined): string | undefined {
  const code = character.charCodeAt(0);
  if (code > 0x7f) return base !== undefined && base.charCodeAt(0) <= 0x7f ? controlCodeOf(base, undefined) : undefined;
  const alias = CONTROL_ALIASES[character];
  if (alias !== undefined) return String.fromCharCode(alias);
  return (code >= 0x40 && code <= 0x5f) || (code >= 0x61 && code <= 0x7a)
    ? String.fromCharCode(code & 0x1f)
    : undefined;
}

/** xterm's `CSI 27 ; modifiers ; code ~`. */
function otherKey(modifiers: number, code: number): string {
  return `\x1b[27;${modifiers + 1};${code}~`;
}
