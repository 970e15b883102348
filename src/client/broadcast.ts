import { acceptsInput, isCopying, selectGeometry, selectPanes } from './selectors.ts';
import type { ClientState } from './store.ts';

const NOBODY: readonly number[] = [];
let receivers: readonly number[] = NOBODY;

/**
 * The panes that get what is typed while broadcast is on: the marked ones if any is marked, else all; of them those in which something
 * reads. None while it is off. The same array as long as it is the same panes.
 */
export function selectReceivers(state: ClientState): readonly number[] {
  if (!state.view.broadcast) return NOBODY;
  const next = selectAudience(state).filter((pane) => !isCopying(state, pane.pane) && acceptsInput(pane));
  const same = next.length === receivers.length && next.every(({ pane }, i) => pane === receivers[i]);
  if (!same) receivers = next.map(({ pane }) => pane);
  return receivers;
}

/** Those whose frames say that they receive: none while the keys are copy mode's. */
export function selectRedPanes(state: ClientState): readonly number[] {
  return isCopying(state, state.view.focused) ? NOBODY : selectReceivers(state);
}

/** How many panes get what is typed, of how many that are meant. */
export function countReceivers(state: ClientState): { reached: number; meant: number } {
  return { reached: selectReceivers(state).length, meant: selectAudience(state).length };
}

/** `9 panes`, `7 of 9 panes`: how many get what is typed. */
export function describeReceivers(state: ClientState): string {
  const { reached, meant } = countReceivers(state);
  const count = reached === meant ? `${meant}` : `${reached} of ${meant}`;
  return `${count} pane${meant === 1 ? '' : 's'}`;
}

/** How many of them are not on the screen now. */
export function countHiddenReceivers(state: ClientState): number {
  const { boxes } = selectGeometry(state);
  return selectReceivers(state).filter((pane) => !boxes.some((box) => box.pane === pane)).length;
}

/** `\r\n`, `\r` and `\n` end a line; a last one without an end counts. */
export function countLines(text: string): number {
  const ends = text.match(/\r\n|\r|\n/g)?.length ?? 0;
  return text === '' || /[\r\n]$/.test(text) ? ends : ends + 1;
}

/** Meant, whether or not something reads there now. */
function selectAudience(state: ClientState) {
  const { marks } = state.view;
  const panes = selectPanes(state);
  return marks.size === 0 ? panes : panes.filter(({ pane }) => marks.has(pane));
}
