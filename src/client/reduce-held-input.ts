import { assertNever } from '../core/assert-never.ts';
import type { KeyHolder, PasteTarget, Pointer, ViewState } from './view-state.ts';

/** Input that has begun and not ended: keys and buttons that are down, and a paste that is coming in. */
export type HeldInputAction =
  | { type: 'key-pressed'; key: string; pane: KeyHolder }
  | { type: 'key-released'; key: string }
  | { type: 'paste-started'; target: PasteTarget }
  /** A piece of a paste into a broadcast. */
  | { type: 'paste-gathered'; text: string }
  | { type: 'paste-ended' }
  | { type: 'pointer-changed'; pointer: Pointer | null };

/** More than anybody wants to paste into nine programs at once, and the most that is kept in memory for it. */
export const MAX_BROADCAST_PASTE = 1_000_000;
/** A keyboard has about a hundred; a terminal that never reports releases must not let the table grow. */
const MAX_HELD_KEYS = 256;

/** The same object when nothing changes. */
export function reduceHeldInput(view: ViewState, action: HeldInputAction): ViewState {
  switch (action.type) {
    case 'key-pressed': {
      if (view.held.get(action.key) === action.pane) return view;
      const held = view.held.size < MAX_HELD_KEYS ? new Map(view.held) : new Map<string, KeyHolder>();
      return { ...view, held: held.set(action.key, action.pane) };
    }
    case 'key-released': {
      if (!view.held.has(action.key)) return view;
      const held = new Map(view.held);
      held.delete(action.key);
      return { ...view, held };
    }
    case 'paste-started':
      return { ...view, paste: action.target };
    case 'paste-gathered': {
      if (view.paste?.to !== 'broadcast' || view.paste.tooLong) return view;
      const text = view.paste.text + action.text;
      const tooLong = text.length > MAX_BROADCAST_PASTE;
      return { ...view, paste: { to: 'broadcast', text: tooLong ? '' : text, tooLong } };
    }
    case 'paste-ended':
      return view.paste === null ? view : { ...view, paste: null };
    case 'pointer-changed':
      return { ...view, pointer: action.pointer };
    default:
      return assertNever(action);
  }
}
