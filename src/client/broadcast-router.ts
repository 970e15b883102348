import type { Keymap } from '../core/keymap.ts';
import { selectReceivers } from './broadcast.ts';
import { changeView, type Effect, showNotice } from './input-effect.ts';
import { MAX_BROADCAST_PASTE } from './reduce-held-input.ts';
import { acceptsInput, selectPane } from './selectors.ts';
import type { ClientState } from './store.ts';
import type { PasteTarget } from './view-state.ts';

/** A paste into a broadcast is all there: now somebody has to say yes. `last`: what came with its end. */
export function endBroadcastPaste(
  state: ClientState,
  { text, tooLong }: Extract<PasteTarget, { to: 'broadcast' }>,
  last: string,
): Effect[] {
  return askToPaste(state, text + last, tooLong);
}

/** Asks before a text goes into every pane that a broadcast reaches. */
export function askToPaste(state: ClientState, text: string, tooLong = false): Effect[] {
  const panes = selectReceivers(state);
  if (tooLong || text.length > MAX_BROADCAST_PASTE) {
    return [
      showNotice(
        `more than ${MAX_BROADCAST_PASTE.toLocaleString('en')} characters: too many for a broadcast`,
        'warning',
      ),
    ];
  }
  // They may have ended since the paste began.
  if (panes.length === 0) return [showNotice('nothing was pasted: no pane receives', 'warning')];
  return [changeView({ type: 'paste-asked', panes, text })];
}

export function answerPaste(state: ClientState, answer: 'yes' | 'no'): Effect[] {
  const left = changeView({ type: 'mode-left' });
  const { heldPaste } = state.view;
  if (answer === 'no' || !heldPaste) return [left, showNotice('nothing was pasted', 'info')];
  const panes = heldPaste.panes.filter((number) => {
    const pane = selectPane(state, number);
    return pane && acceptsInput(pane);
  });
  return [left, { type: 'paste-into', panes, text: heldPaste.text }];
}

/** Why nobody gets what is typed, and what ends that. */
export function noReceivers(state: ClientState, keymap: Keymap): string {
  const key = keymap.pressFor('broadcast');
  const who = state.view.marks.size > 0 ? 'none of the marked panes' : 'no pane';
  return `${who} reads keys now${key ? `: ${key} ends the broadcast` : ''}`;
}
