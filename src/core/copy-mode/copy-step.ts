import { ALT, CTRL, HYPER, type KeyEvent, SUPER } from '../input-event.ts';
import type { CopyState } from './copy-state.ts';

/** What follows from a key besides another state. */
export type CopyEffect = { type: 'copied'; text: string } | { type: 'left' } | { type: 'said'; text: string };
export type CopyStep = { state: CopyState; effects: CopyEffect[] };

export function only(state: CopyState): CopyStep {
  return { state, effects: [] };
}

export function said(state: CopyState, text: string): CopyStep {
  return { state, effects: [{ type: 'said', text }] };
}

/** What a key types, empty for nothing. */
export function typedText(event: KeyEvent): string {
  if (event.modifiers & (CTRL | ALT | SUPER | HYPER)) return '';
  return event.text || (event.key === 'space' ? ' ' : [...event.key].length === 1 ? event.key : '');
}
