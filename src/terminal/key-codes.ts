import { highFunctionKeys, keypadKeys, lockAndMiscKeys, mediaKeys, modifierKeys } from '../core/key-names.ts';

/**
 * The numbers and letters of functional keys in escape codes, shared by tokenizer and encoder. Sources: kitty's table
 * (https://sw.kovidgoyal.net/kitty/keyboard-protocol/#functional-key-definitions) and xterm's (ctlseqs, "PC-Style Function Keys").
 */

/** `CSI number u`, where the key has no letter and no tilde form in the kitty protocol. */
export const kittyNumbers: ReadonlyMap<string, number> = new Map([
  ['escape', 27],
  ['enter', 13],
  ['tab', 9],
  ['backspace', 127],
  ['space', 32],
  ...lockAndMiscKeys.map((name, i) => [name, 57358 + i] as const),
  ...highFunctionKeys.map((name, i) => [name, 57376 + i] as const),
  ...keypadKeys.map((name, i) => [name, 57399 + i] as const),
  ...mediaKeys.map((name, i) => [name, 57428 + i] as const),
  ...modifierKeys.map((name, i) => [name, 57441 + i] as const),
]);

/** `CSI 1 ; modifiers letter`, `SS3 letter` in application cursor mode. `f3` has `R` in legacy mode only: it reads like a CPR. */
export const letters: ReadonlyMap<string, string> = new Map([
  ['up', 'A'],
  ['down', 'B'],
  ['right', 'C'],
  ['left', 'D'],
  ['kp_begin', 'E'],
  ['end', 'F'],
  ['home', 'H'],
  ['f1', 'P'],
  ['f2', 'Q'],
  ['f4', 'S'],
]);

/** `CSI number ; modifiers ~`, in legacy mode and in the kitty protocol. */
export const tildeNumbers: ReadonlyMap<string, number> = new Map([
  ['insert', 2],
  ['delete', 3],
  ['page_up', 5],
  ['page_down', 6],
  ['f3', 13],
  ...[15, 17, 18, 19, 20, 21, 23, 24].map((number, i) => [`f${i + 5}`, number] as const),
]);

/** Further numbers of the VT220 and of xterm (f21 and up), with which legacy programs are told of keys beyond f12. */
export const legacyTildeNumbers: ReadonlyMap<string, number> = new Map([
  ...[25, 26, 28, 29, 31, 32, 33, 34].map((number, i) => [`f${i + 13}`, number] as const),
  ...Array.from({ length: 15 }, (_, i) => [`f${i + 21}`, 42 + i] as const),
  ['menu', 29],
]);

/** `SS3 letter` in application keypad mode. */
export const keypadLetters: ReadonlyMap<string, string> = new Map([
  ...Array.from({ length: 10 }, (_, i) => [`kp_${i}`, String.fromCharCode(0x70 + i)] as const),
  ['kp_multiply', 'j'],
  ['kp_add', 'k'],
  ['kp_separator', 'l'],
  ['kp_subtract', 'm'],
  ['kp_decimal', 'n'],
  ['kp_divide', 'o'],
  ['kp_enter', 'M'],
  ['kp_equal', 'X'],
]);

/** The other way round, for the tokenizer; with the variants of other terminals (VT220 and rxvt: home 1 or 7, end 4 or 8, f1–f4 11–14). */
export const keyOfKittyNumber: ReadonlyMap<number, string> = invert(kittyNumbers);
export const keyOfLetter: ReadonlyMap<string, string> = new Map([...invert(letters), ['R', 'f3']]);
export const keyOfKeypadLetter: ReadonlyMap<string, string> = invert(keypadLetters);
export const keyOfTildeNumber: ReadonlyMap<number, string> = new Map([
  ...[...invert(legacyTildeNumbers)].filter(([, key]) => key !== 'menu'),
  [29, 'f16'],
  ...invert(tildeNumbers),
  [1, 'home'],
  [7, 'home'],
  [4, 'end'],
  [8, 'end'],
  [11, 'f1'],
  [12, 'f2'],
  [14, 'f4'],
  [57427, 'kp_begin'],
]);

function invert<V>(map: ReadonlyMap<string, V>): Map<V, string> {
  return new Map([...map].map(([key, value]) => [value, key]));
}
