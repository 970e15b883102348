import { ALT, CTRL, HYPER, type KeyEvent, META, SHIFT, SUPER } from './input-event.ts';
import {
  isOneCharacter,
  keyAliases,
  keyNames,
  keypadCharacter,
  lowerCaseOf,
  needsShiftOnUs,
  upperCaseOf,
  usShiftedCharacter,
} from './key-names.ts';

/**
 * A key as people write it: `ctrl+b`, `shift+enter`, `alt+x`, `R`, `?`. `key` is as in KeyEvent (the name, or the character; letters in
 * lower case), `modifiers` are SHIFT, ALT, CTRL, SUPER and HYPER. A character that needs shift anyway has no SHIFT: `?`, never `shift+?`.
 */
export type Chord = { key: string; modifiers: number };

const CHORD_MODIFIERS = SHIFT | ALT | CTRL | SUPER | HYPER;

/** Modifier words before `+` or `-`. What Emacs and readline call Meta is the Alt key. */
const modifierWords: Readonly<Record<string, number>> = {
  ctrl: CTRL,
  control: CTRL,
  alt: ALT,
  meta: ALT,
  option: ALT,
  opt: ALT,
  shift: SHIFT,
  super: SUPER,
  cmd: SUPER,
  command: SUPER,
  win: SUPER,
  hyper: HYPER,
};
/** tmux's letters, before `-` only. */
const modifierLetters: Readonly<Record<string, number>> = { c: CTRL, m: ALT, s: SHIFT };

/**
 * Reads a chord: `ctrl+b`, `ctrl-b`, tmux's `C-b`, `M-x`, `S-Up` and `^b`, names in any case (`PageUp`, `page_up`, `pgup`, `BTab`),
 * or one character, where the case of a letter matters (`R` is shift+r). Null for anything else.
 */
export function parseChord(text: string): Chord | null {
  let rest = text;
  let modifiers = 0;
  if (/^\^[^^]$/u.test(rest)) {
    modifiers = CTRL;
    rest = rest.slice(1);
  }
  for (;;) {
    const match = /^([a-z]+)([+-])(?=.)/isu.exec(rest);
    if (!match) break;
    const word = match[1]!.toLowerCase();
    const modifier = modifierWords[word] ?? (match[2] === '-' ? modifierLetters[word] : undefined);
    if (modifier === undefined) break;
    modifiers |= modifier;
    rest = rest.slice(match[0].length);
  }
  if (isOneCharacter(rest)) return characterChord(rest, modifiers);
  const name = rest.toLowerCase();
  const compact = name.replaceAll(/[_-]/g, '');
  if (compact === 'btab' || compact === 'backtab') return { key: 'tab', modifiers: modifiers | SHIFT };
  const key = keyNames.has(name)
    ? name
    : ((Object.hasOwn(keyAliases, compact) ? keyAliases[compact] : undefined) ?? compactNames.get(compact));
  return key === undefined ? null : { key, modifiers };
}

const compactNames = new Map([...keyNames].map((name) => [name.replaceAll('_', ''), name]));

function characterChord(character: string, modifiers: number): Chord | null {
  if (character === ' ') return { key: 'space', modifiers };
  if (/\p{C}/u.test(character)) return null;
  const lower = lowerCaseOf(character);
  if (lower !== null) return { key: lower, modifiers: modifiers | SHIFT };
  return { key: character, modifiers: needsShiftOnUs(character) ? modifiers & ~SHIFT : modifiers };
}

/** The one way a chord is shown; parseChord reads it back. */
export function formatChord({ key, modifiers }: Chord): string {
  if (modifiers === SHIFT && upperCaseOf(key) !== null && isOneCharacter(key)) return upperCaseOf(key)!;
  const words = [
    modifiers & CTRL ? 'ctrl+' : '',
    modifiers & ALT ? 'alt+' : '',
    modifiers & SHIFT ? 'shift+' : '',
    modifiers & SUPER ? 'super+' : '',
    modifiers & HYPER ? 'hyper+' : '',
  ];
  return words.join('') + key;
}

/**
 * The character that a key types with shift: as the terminal told it, or as the key's text shows, or the upper case, or what a US
 * keyboard has. Undefined for keys without one.
 */
export function shiftedCharacter(event: Pick<KeyEvent, 'key' | 'modifiers' | 'text' | 'shifted'>): string | undefined {
  if (event.shifted !== undefined) return event.shifted;
  if (!isOneCharacter(event.key)) return undefined;
  const shiftOnly = (event.modifiers & CHORD_MODIFIERS) === SHIFT;
  if (shiftOnly && event.text !== event.key && isOneCharacter(event.text)) return event.text;
  return upperCaseOf(event.key) ?? usShiftedCharacter(event.key);
}

/**
 * Does this key press mean this chord? The same key reaches us in many forms: `R` as a letter or as shift+r, `?` as a letter or as
 * shift+/, ctrl+c on a Cyrillic keyboard as ctrl+с with base `c`; all match. Releases never do; Caps Lock and Num Lock are ignored.
 */
export function matchesChord(event: KeyEvent, chord: Chord): boolean {
  if (event.action === 'release') return false;
  let modifiers = event.modifiers & CHORD_MODIFIERS;
  if (event.modifiers & META) modifiers |= ALT;
  if (event.key === chord.key && modifiers === chord.modifiers) return true;
  if (!isOneCharacter(chord.key) && chord.key !== 'space') return false;

  if (modifiers & SHIFT) {
    const character = shiftedCharacter(event);
    if (character === chord.key && (modifiers & ~SHIFT) === chord.modifiers) return true;
  } else if (chord.modifiers & SHIFT && (chord.modifiers & ~SHIFT) === modifiers) {
    // `shift+/` in the keymap, `?` from a terminal that tells characters only.
    if (usShiftedCharacter(chord.key) === event.key) return true;
  }
  if (modifiers === CTRL && chord.modifiers === CTRL) {
    const aliases = controlAliases[event.key];
    if (aliases?.includes(chord.key)) return true;
  }
  // The physical key counts where the layout has no Latin letters; elsewhere (Dvorak) the letter on the key does.
  if (modifiers & ~SHIFT && event.base !== undefined && event.key.charCodeAt(0) > 0x7f) {
    return matchesChord({ type: 'key', key: event.base, modifiers, action: 'press', text: '' }, chord);
  }
  return false;
}

/** Without the kitty protocol several keys arrive as one control byte; the tokenizer names it after the first of them. */
const controlAliases: Readonly<Record<string, string>> = { space: '@2', '\\': '4', ']': '5', '^': '6', _: '/7' };

/** The press of a chord, as a keyboard would make it: for `send-keys`. */
export function keyEventOfChord({ key, modifiers }: Chord): KeyEvent {
  const event: KeyEvent = { type: 'key', key, modifiers, action: 'press', text: '' };
  const shifted = modifiers & SHIFT ? shiftedCharacter(event) : undefined;
  if (shifted !== undefined) event.shifted = shifted;
  if ((modifiers & ~SHIFT) === 0) event.text = shifted ?? typedCharacter(key);
  return event;
}

/** What a key types without modifiers, empty for nothing. */
export function typedCharacter(key: string): string {
  if (key === 'space') return ' ';
  return keypadCharacter(key) ?? (isOneCharacter(key) ? key : '');
}
