/**
 * The names of keys that type no character, and what a key types. Names are those of the kitty keyboard protocol
 * (https://sw.kovidgoyal.net/kitty/keyboard-protocol/#functional-key-definitions), lower case; the space bar is `space`.
 */
const numbered = (prefix: string, from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => `${prefix}${from + i}`);

const KEYPAD_NAMES =
  'decimal divide multiply subtract add enter equal separator left right up down page_up page_down home end insert delete begin';
const MEDIA_NAMES =
  'media_play media_pause media_play_pause media_reverse media_stop media_fast_forward media_rewind media_track_next media_track_previous media_record lower_volume raise_volume mute_volume';
const MODIFIER_NAMES =
  'left_shift left_control left_alt left_super left_hyper left_meta right_shift right_control right_alt right_super right_hyper right_meta iso_level3_shift iso_level5_shift';

/** In the order of kitty's private code points, which run without a gap from 57358 for the locks and from 57376 for f13. */
export const lockAndMiscKeys = ['caps_lock', 'scroll_lock', 'num_lock', 'print_screen', 'pause', 'menu'];
export const highFunctionKeys = numbered('f', 13, 35);
export const keypadKeys = [...numbered('kp_', 0, 9), ...KEYPAD_NAMES.split(' ').map((name) => `kp_${name}`)];
export const mediaKeys = MEDIA_NAMES.split(' ');
export const modifierKeys = MODIFIER_NAMES.split(' ');

export const keyNames: ReadonlySet<string> = new Set([
  ...'enter escape tab backspace space insert delete home end page_up page_down up down left right'.split(' '),
  ...numbered('f', 1, 12),
  ...highFunctionKeys,
  ...keypadKeys,
  ...lockAndMiscKeys,
  ...mediaKeys,
  ...modifierKeys,
]);

/** Other ways to write a name, without `_` and `-`; tmux's names (BSpace, DC, IC, NPage, PPage, KPEnter) among them. */
export const keyAliases: Readonly<Record<string, string>> = {
  esc: 'escape',
  return: 'enter',
  ret: 'enter',
  cr: 'enter',
  bspace: 'backspace',
  bs: 'backspace',
  spc: 'space',
  del: 'delete',
  dc: 'delete',
  ins: 'insert',
  ic: 'insert',
  pgup: 'page_up',
  ppage: 'page_up',
  prior: 'page_up',
  pgdn: 'page_down',
  pgdown: 'page_down',
  npage: 'page_down',
  next: 'page_down',
  arrowup: 'up',
  arrowdown: 'down',
  arrowleft: 'left',
  arrowright: 'right',
  prtsc: 'print_screen',
  plus: '+',
  minus: '-',
};

const UNSHIFTED = "`1234567890-=[]\\;',./";
const SHIFTED = '~!@#$%^&*()_+{}|:"<>?';
const usShift = new Map([...UNSHIFTED].map((character, i) => [character, SHIFTED[i]!]));
const usShifted = new Set(SHIFTED);

/** What the character keys of a US keyboard type with shift; undefined for letters and for what needs shift already. */
export function usShiftedCharacter(character: string): string | undefined {
  return usShift.get(character);
}

/** True for characters that a US keyboard types with shift only, other than letters. */
export function needsShiftOnUs(character: string): boolean {
  return usShifted.has(character);
}

/** `R` → `r`; null for what is not the upper case of exactly one other character. */
export function lowerCaseOf(character: string): string | null {
  const lower = character.toLowerCase();
  return lower !== character && isOneCharacter(lower) && lower.toUpperCase() === character ? lower : null;
}

/** `r` → `R`; null for what has no upper case of exactly one character. */
export function upperCaseOf(character: string): string | null {
  const upper = character.toUpperCase();
  return upper !== character && isOneCharacter(upper) ? upper : null;
}

export function isOneCharacter(text: string): boolean {
  return text.length === 1 || (text.length === 2 && text.codePointAt(0)! > 0xffff);
}

const KEYPAD_CHARACTERS: Record<string, string> = {
  kp_decimal: '.',
  kp_divide: '/',
  kp_multiply: '*',
  kp_subtract: '-',
  kp_add: '+',
  kp_equal: '=',
  kp_separator: ',',
};

/** The character on a key of the keypad, undefined for its other keys: `kp_7` → `7`, `kp_home` → undefined. */
export function keypadCharacter(key: string): string | undefined {
  if (!key.startsWith('kp_')) return undefined;
  return key.length === 4 ? key[3] : KEYPAD_CHARACTERS[key];
}
