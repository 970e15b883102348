import { assertNever } from '../core/assert-never.ts';
import type { InputEvent, PasteEvent } from '../core/input-event.ts';
import { encodeKey, type KeyModes } from './key-encoder.ts';
import { encodeMouse, type MouseModes } from './mouse-encoder.ts';

/** What a pane's program asked its terminal to send. */
export type InputModes = KeyModes & MouseModes & { bracketedPaste: boolean };

/**
 * The bytes of one input event for a program in these modes; empty when the program does not want it. A string is to be written as
 * UTF-8; bytes come only from mouse reports in the default encoding, which is not UTF-8. Pieces of a paste must have gone through
 * createPasteSanitizer.
 */
export function encodeInput(event: InputEvent, modes: InputModes): string | Uint8Array {
  switch (event.type) {
    case 'key':
      return encodeKey(event, modes);
    case 'mouse':
      return encodeMouse(event, modes);
    case 'paste':
      return encodePaste(event, modes.bracketedPaste);
    default:
      return assertNever(event);
  }
}

/** An empty paste is told too: agents take it for "look at the clipboard, there is an image" (microsoft/terminal#20037). */
function encodePaste({ phase, text }: PasteEvent, bracketed: boolean): string {
  if (!bracketed || phase === 'data') return text;
  return phase === 'start' ? `\x1b[200~${text}` : `${text}\x1b[201~`;
}

const PASTE_MARKER = /\x1b\[20[01]~/g;
/** What may be the beginning of a marker whose rest is in the next piece. */
const MARKER_BEGIN = /\x1b(?:\[(?:2(?:0[01]?)?)?)?$/;
const CONTROLS = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/g;

/**
 * Cleans the pieces of one pane's pastes, in order: a pasted text must not end the paste, nor press keys. Removes paste markers, also
 * those split between pieces, and all control characters but tab and newlines; newlines become CR, as in xterm. `end` brings what was
 * held back.
 */
export function createPasteSanitizer(): (event: PasteEvent) => PasteEvent {
  let held = '';
  let afterCr = false;
  return (event) => {
    if (event.phase === 'start') {
      held = '';
      afterCr = false;
    }
    let text = (held + event.text).replace(PASTE_MARKER, '');
    held = '';
    if (event.phase === 'data') {
      held = MARKER_BEGIN.exec(text)?.[0] ?? '';
      text = text.slice(0, text.length - held.length);
    }
    if (text === '') return { type: 'paste', phase: event.phase, text };
    text = text.replace(CONTROLS, '');
    const endsCrLf = afterCr && text.startsWith('\n');
    if (text !== '') afterCr = text.endsWith('\r');
    if (endsCrLf) text = text.slice(1);
    return { type: 'paste', phase: event.phase, text: text.replaceAll(/\r?\n/g, '\r') };
  };
}
