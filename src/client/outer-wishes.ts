import { cutText, sanitizeText } from '../core/display-text.ts';
import type { Progress } from '../core/pane-signal.ts';
import type { PaneView } from '../core/session.ts';
import { wantsMouse } from '../core/settings.ts';
import { selectReceivers } from './broadcast.ts';
import type { OuterTerminal } from './outer-terminal.ts';
import { acceptsInput, isCopying, selectFocusedPane, selectPaneModes } from './selectors.ts';
import type { ClientState } from './store.ts';

/** How the outer terminal is to be, besides what is drawn on it: what the focused pane asks of a terminal, as far as this one can. */
export type OuterWishes = {
  /** Flags of the kitty keyboard protocol; null where the terminal does not know it. */
  kittyFlags: number | null;
  /** xterm's modifyOtherKeys, level 2. */
  modifyOtherKeys: boolean;
  /** `any`: also moves without a button. */
  mouse: 'off' | 'buttons' | 'any';
  /** `0xRRGGBB`, null for the terminal's own. */
  cursorColor: number | null;
  /** Empty until there is one to show. */
  title: string;
  progress: Progress | null;
};

/** Disambiguate, and alternate keys: Escape, Shift+Enter, Ctrl+I … are told apart, and bindings match on every keyboard layout. */
const KITTY_BASE = 1 | 4;
/** Event types, all keys as escape codes, associated text: only where the program asks, they make every key longer. */
const KITTY_ON_REQUEST = 2 | 8 | 16;

const MAX_TITLE_CELLS = 200;

export function outerWishes(state: ClientState, outer: OuterTerminal): OuterWishes {
  const { view, session } = state;
  const pane = selectFocusedPane(state);
  const modes = selectPaneModes(state, view.focused);
  // The prefix is one key long: not worth a change and another back.
  const typing = (view.mode === 'normal' || view.mode === 'prefix') && !isCopying(state, view.focused);
  // Each program that a broadcast reaches is to get the keys that it asks for.
  const asked = selectReceivers(state).reduce(
    (flags, other) => flags | selectPaneModes(state, other).kittyFlags,
    modes.kittyFlags,
  );
  const runs = pane !== null && acceptsInput(pane);
  return {
    kittyFlags: outer.kitty ? KITTY_BASE | (typing ? asked & KITTY_ON_REQUEST : 0) : null,
    // A terminal that tells its version reads sequences by the rules: one that it does not know does nothing.
    modifyOtherKeys: outer.kitty === false && outer.version !== null,
    mouse: !hasMouse(state) ? 'off' : typing && modes.mouseProtocol === 'any' ? 'any' : 'buttons',
    cursorColor: runs ? (view.screens.get(view.focused)?.cursorColor ?? null) : null,
    title: pane ? titleOf(pane, session.snapshot?.session ?? '') : '',
    progress: outer.features.progress ? (view.news.get(view.focused)?.progress ?? null) : null,
  };
}

function hasMouse({ session, view }: ClientState): boolean {
  return session.snapshot !== null && wantsMouse(view.settings, session.snapshot.layout);
}

const titles = new WeakMap<PaneView, string>();

function titleOf(pane: PaneView, session: string): string {
  let title = titles.get(pane);
  if (title === undefined) {
    const own = sanitizeText(pane.title).trim() || sanitizeText(pane.name);
    title = `${cutText(own, MAX_TITLE_CELLS)} — ${sanitizeText(session)} (nonet)`;
    titles.set(pane, title);
  }
  return title;
}
