import type { InputEvent, KeyEvent } from '../core/input-event.ts';
import type { Keymap } from '../core/keymap.ts';
import { selectReceivers } from './broadcast.ts';
import { noReceivers } from './broadcast-router.ts';
import { changeView, type Effect, keepKey, showNotice } from './input-effect.ts';
import { isEnter, isSilent } from './key-reading.ts';
import { typingNotice } from './pane-notice.ts';
import { acceptsInput, selectPane } from './selectors.ts';
import type { ClientState } from './store.ts';

/** What is typed while nothing is open: who gets it, and what to say when nobody can. */
export type Router = { state: ClientState; keymap: Keymap };

/** A pane, or those that a broadcast reaches. */
export type TypingTarget = number | readonly number[];

/** Who gets what is typed: the focused pane, or those that a broadcast reaches. */
export function typingTarget(state: ClientState): TypingTarget {
  return state.view.broadcast ? selectReceivers(state) : state.view.focused;
}

export function typeInto({ state, keymap }: Router, event: KeyEvent, target: TypingTarget): Effect[] {
  const refusal = refuseTyping({ state, keymap }, target);
  // A pane that asks whether it may run again.
  if (typeof target === 'number' && event.action === 'press' && isEnter(event) && selectPane(state, target)?.asks) {
    return [keepKey(event), { type: 'command', command: 'start', pane: target, confirmed: false }];
  }
  if (refusal !== null) return isSilent(event) ? [keepKey(event)] : [keepKey(event), showNotice(refusal, 'warning')];
  const input = inputFor(state, event, target);
  // Only a first press is news: without key releases from the terminal the table stays as it is.
  if (state.view.held.get(event.key) === target) return input;
  return [...input, changeView({ type: 'key-pressed', key: event.key, pane: target })];
}

/** No key that could be held or bound: nobody here knows it, but the program may. */
export function typeUnknown(router: Router, event: KeyEvent): Effect[] {
  const target = typingTarget(router.state);
  return refuseTyping(router, target) === null ? inputFor(router.state, event, target) : [];
}

/** Why nothing can be typed into this pane now; null if it can. */
export function refuseTyping({ state, keymap }: Router, target: TypingTarget): string | null {
  if (!state.session.snapshot) return 'not connected yet: nothing to type into';
  if (state.view.hostStatus === 'reconnecting') return 'the panes cannot be reached just now: this key is lost';
  if (typeof target !== 'number') return target.length > 0 ? null : noReceivers(state, keymap);
  const pane = selectPane(state, target);
  if (!pane) return 'there is no pane to type into';
  return acceptsInput(pane) ? null : typingNotice(pane, keymap);
}

export function inputFor(state: ClientState, event: InputEvent, target: TypingTarget): Effect[] {
  const panes = typeof target === 'number' ? [target] : target;
  return panes.flatMap((number) => {
    const pane = selectPane(state, number);
    return pane && acceptsInput(pane) ? [{ type: 'pane-input', pane: number, event }] : [];
  });
}
