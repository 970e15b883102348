import type { KeyEvent } from '../core/input-event.ts';

/** A complete sequence without a private prefix or intermediates, which is what keys look like. */
const KEY_LIKE = /^\x1b\[[\d;:]*[A-Za-z~^@]$/;
/** Final bytes of answers, of mouse and focus reports: nobody has typed those. */
const NOT_KEYS = 'ctnyxRMIO';

/**
 * A key for a sequence that looks like one but that nobody here knows: the program may know it, so it gets the bytes as they came.
 * Null for everything else that is unknown: beginnings of answers and mouse reports, pieces of overlong strings, bytes that are no
 * UTF-8.
 */
export function keyOfUnknown(bytes: Uint8Array): KeyEvent | null {
  const text = String.fromCharCode(...bytes.subarray(0, 64));
  if (bytes.length > 64 || !KEY_LIKE.test(text) || NOT_KEYS.includes(text.at(-1)!)) return null;
  return { type: 'key', key: '', modifiers: 0, action: 'press', text };
}

/** A key made by keyOfUnknown: to be passed on as it is, bound to nothing and held by nobody. */
export function isUnknownKey(event: KeyEvent): boolean {
  return event.key === '' && event.text.startsWith('\x1b');
}
