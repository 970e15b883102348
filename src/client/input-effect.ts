import type { KeyCommandName } from '../core/commands.ts';
import type { InputEvent } from '../core/input-event.ts';
import type { ViewAction } from './view.ts';

/** What one input event means. To be carried out in order, before the next event is routed. */
export type Effect =
  | { type: 'pane-input'; pane: number; event: InputEvent }
  | { type: 'command'; command: KeyCommandName; pane: number; confirmed: boolean }
  | { type: 'quit'; choice: 'detach' | 'stop-all' }
  /** The wheel over a pane whose program takes none of it. `lines`: negative is back in time. */
  | { type: 'scroll-pane'; pane: number; lines: number }
  | { type: 'view'; action: ViewAction };
