import type { KeyCommandName } from '../core/commands.ts';
import type { InputEvent, KeyEvent, MouseEvent } from '../core/input-event.ts';
import type { ViewAction } from './view.ts';

/** What one input event means. To be carried out in order, before the next event is routed. */
export type Effect =
  | { type: 'pane-input'; pane: number; event: InputEvent }
  | { type: 'command'; command: KeyCommandName; pane: number; confirmed: boolean }
  | { type: 'quit'; choice: 'detach' | 'stop-all' }
  /** A key that has gone down in copy mode. */
  | { type: 'copy-key'; pane: number; event: KeyEvent }
  | { type: 'copy-paste'; pane: number; text: string }
  /** The left button over a pane whose program has no use for it, on the screen's cells; all that follows up to its release. */
  | { type: 'select'; pane: number; event: MouseEvent }
  /** The wheel over a pane whose program takes none of it. `lines`: negative is back in time. */
  | { type: 'scroll-pane'; pane: number; lines: number }
  /** A key that has gone down in the log, text that was pasted into its filter, and the wheel. */
  | { type: 'log-key'; event: KeyEvent }
  | { type: 'log-paste'; text: string }
  | { type: 'log-scroll'; lines: number }
  | { type: 'rename'; pane: number; name: string }
  | { type: 'view'; action: ViewAction };
