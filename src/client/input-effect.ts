import type { KeyCommandName } from '../core/commands.ts';
import type { FoundLine } from '../core/found-lines.ts';
import type { InputEvent, KeyEvent, MouseEvent } from '../core/input-event.ts';
import { excessWords } from '../core/line-edit.ts';
import type { Query } from '../core/query-pattern.ts';
import type { ViewAction } from './view.ts';
import type { NoticeKind } from './view-state.ts';

/** What one input event means. To be carried out in order, before the next event is routed. */
export type Effect =
  | { type: 'pane-input'; pane: number; event: InputEvent }
  | { type: 'command'; command: KeyCommandName; pane: number; confirmed: boolean }
  | { type: 'quit'; choice: 'detach' | 'stop-all' }
  /** A key that has gone down in copy mode. */
  | { type: 'copy-key'; pane: number; event: KeyEvent }
  /** A whole text, as a paste into each of these. */
  | { type: 'paste-into'; panes: readonly number[]; text: string }
  | { type: 'copy-paste'; pane: number; text: string }
  /** The left button over a pane whose program has no use for it, on the screen's cells; all that follows up to its release. */
  | { type: 'select'; pane: number; event: MouseEvent }
  /** The wheel over a pane whose program takes none of it. `lines`: negative is back in time. */
  | { type: 'scroll-pane'; pane: number; lines: number }
  /** To a line that a search has found, which becomes the search of the pane's copy mode. */
  | { type: 'show-found'; target: FoundTarget }
  | { type: 'arrange'; action: ArrangeAction }
  /** A key that has gone down in the log, text that was pasted into its filter, and the wheel. */
  | { type: 'log-key'; event: KeyEvent }
  | { type: 'log-paste'; text: string }
  | { type: 'log-scroll'; lines: number }
  | { type: 'rename'; pane: number; name: string }
  | { type: 'view'; action: ViewAction };

/** `cols`: the width that the pane's rows had; `rank`: how many of its lines with a match are newer. */
export type FoundTarget = { pane: number; query: Query; cols: number; rank: number; found: FoundLine };

/** `move`: the border of the pane in focus, by so many cells. `commit`: what a drag has made of the grid counts from now on. */
export type ArrangeAction =
  | { do: 'move'; direction: 'left' | 'right' | 'up' | 'down'; cells: number }
  | { do: 'equalize' }
  | { do: 'commit' }
  | { do: 'add-pane'; command: string; beside: number }
  | { do: 'save-layout'; file: string; overwrite: boolean };

export function changeView(action: ViewAction): Effect {
  return { type: 'view', action };
}

export function showNotice(text: string, kind: NoticeKind): Effect {
  return changeView({ type: 'notice-shown', text, kind });
}

/** Says so when what is typed or pasted is more than its line takes; none when all of it has room. */
export function refuseExcess(text: string, added: string, max: number): Effect[] {
  const words = excessWords(text, added, max);
  return words === '' ? [] : [showNotice(words, 'warning')];
}

/** The key is ours: its repeats and its release must not reach a pane. */
export function keepKey(event: KeyEvent): Effect {
  return changeView({ type: 'key-pressed', key: event.key, pane: null });
}
