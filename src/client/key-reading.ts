import { cutText, sanitizeText } from '../core/display-text.ts';
import { ALT, CTRL, HYPER, type KeyEvent, SHIFT, SUPER } from '../core/input-event.ts';
import { lockAndMiscKeys, modifierKeys } from '../core/key-names.ts';
import { formatChord, matchesChord } from '../core/keys.ts';
import { typedText } from '../core/line-edit.ts';

/** How the routers read a key that is ours: the same keys answer, leave and say nothing in everything that can be open. */

/** Keys that only change what other keys mean: pressing one says nothing yet. */
const silentKeys = new Set([...modifierKeys, ...lockAndMiscKeys.filter((key) => key.endsWith('_lock'))]);
const CHORD_MODIFIERS = SHIFT | ALT | CTRL | SUPER | HYPER;

export function isKey(event: KeyEvent, key: string, modifiers = 0): boolean {
  return matchesChord(event, { key, modifiers });
}

export function isEnter(event: KeyEvent): boolean {
  return isKey(event, 'enter') || isKey(event, 'kp_enter');
}

/** Closes whatever is open above the panes. */
export function isLeave(event: KeyEvent): boolean {
  return isKey(event, 'escape') || isKey(event, 'c', CTRL) || isKey(event, 'g', CTRL);
}

export function isSilent(event: KeyEvent): boolean {
  return silentKeys.has(event.key);
}

/** For a notice: what it types, or else its name. */
export function describeKey(event: KeyEvent): string {
  const modifiers = event.modifiers & CHORD_MODIFIERS;
  const text = typedText(event).trim();
  return cutText(sanitizeText(text || formatChord({ key: event.key, modifiers })), 20);
}
