import type { KeyEvent } from '../core/input-event.ts';
import { changeView, type Effect, keepKey, showNotice } from './input-effect.ts';
import type { ClientState } from './store.ts';

/** The pane in copy mode that keys go to now; null while they go elsewhere. */
export function copyPane(state: ClientState): number | null {
  const { mode, focused, copies } = state.view;
  return mode === 'normal' && copies.has(focused) ? focused : null;
}

/** The key is ours: nothing of it reaches the program, not even its release after copy mode has been left. */
export function routeCopyKey(pane: number, event: KeyEvent): Effect[] {
  return [keepKey(event), { type: 'copy-key', pane, event }];
}

/** A paste in copy mode can only be meant for the search that is being typed. */
export function startCopyPaste(state: ClientState, pane: number): Effect[] {
  if (state.view.copies.get(pane)?.prompt != null) {
    return [changeView({ type: 'paste-started', target: { to: 'copy', pane } })];
  }
  return [
    changeView({ type: 'paste-started', target: { to: 'nobody' } }),
    showNotice('nothing is pasted in copy mode: q leaves it', 'warning'),
  ];
}
