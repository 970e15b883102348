import { selectPane } from '../client/selectors.ts';
import type { ClientState } from '../client/store.ts';
import type { PaneView } from '../core/session.ts';

const keys = new WeakMap<PaneView, string>();

/**
 * Changes when something about a pane changes that is to be drawn at once. CPU, memory and uptime are not in it: with every
 * sample of them all panes are new objects, and even a component that then draws the same makes Ink compose a whole frame.
 */
export function selectPaneKey(state: ClientState, number: number): string {
  const pane = selectPane(state, number);
  if (!pane) return '';
  let key = keys.get(pane);
  if (key === undefined) {
    const { name, state: status, pid, startedAt, restarts, exit, reason, hint, nextRestartAt } = pane;
    const { ready, health, warning, repeats, asks } = pane;
    key = JSON.stringify([
      ...[name, status, pid, startedAt, restarts, exit, reason, hint, nextRestartAt],
      ...[ready, health, warning, repeats, asks],
    ]);
    keys.set(pane, key);
  }
  return key;
}
