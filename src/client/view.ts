import { assertNever } from '../core/assert-never.ts';
import type { KeyCommandName } from '../core/commands.ts';

/** What this client shows and where its keys go; nobody else knows or cares. Changed by `reduceView` alone. */
export type ViewState = {
  cols: number;
  rows: number;
  /** 1-based number of a pane; 1 before there are any. */
  focused: number;
  lastFocused: number | null;
  zoomed: boolean;
  /** `prefix`: the next key is a command. The others are open overlays. */
  mode: 'normal' | 'prefix' | 'confirm' | 'quit' | 'help';
  confirm: { command: KeyCommandName; pane: number } | null;
  help: { filter: string; scroll: number };
  notice: Notice | null;
  /** Whether the window that we are drawn in has the focus. */
  outerFocused: boolean;
  hostStatus: 'live' | 'reconnecting';
  /** Keys that are down: the pane that got the press, or null if it was for us. A release goes where its press went. */
  held: ReadonlyMap<string, number | null>;
  /** Who gets the paste that is coming in; null while none is. */
  paste: PasteTarget | null;
};

/** `until`: ms since 1970. */
export type Notice = { text: string; kind: NoticeKind; until: number };
export type NoticeKind = 'info' | 'warning' | 'error';
export type PasteTarget = { to: 'pane'; pane: number } | { to: 'help' } | { to: 'nobody' };

export type ViewAction =
  | { type: 'resized'; cols: number; rows: number }
  | { type: 'focused'; pane: number }
  | { type: 'zoom-toggled' }
  | { type: 'prefix-pressed' }
  | { type: 'confirm-asked'; command: KeyCommandName; pane: number }
  | { type: 'quit-asked' }
  | { type: 'help-opened' }
  | { type: 'help-filtered'; filter: string }
  | { type: 'help-scrolled'; scroll: number }
  /** Back to normal mode, whatever was open. */
  | { type: 'mode-left' }
  | { type: 'notice-shown'; text: string; kind: NoticeKind; forMs?: number }
  | { type: 'notice-cleared' }
  | { type: 'outer-focus-changed'; focused: boolean }
  | { type: 'host-status-changed'; status: ViewState['hostStatus'] }
  | { type: 'key-pressed'; key: string; pane: number | null }
  | { type: 'key-released'; key: string }
  | { type: 'paste-started'; target: PasteTarget }
  | { type: 'paste-ended' }
  /** The session's panes are now these: focus and questions about others end. */
  | { type: 'panes-changed' };

/** `panes`: numbers of the panes there are, ascending. */
export type ViewContext = { panes: readonly number[]; nowMs: number };

const NOTICE_MS = 4000;
const ERROR_MS = 8000;
/** A keyboard has about a hundred; a terminal that never reports releases must not let the table grow. */
const MAX_HELD_KEYS = 256;

export function createView(cols: number, rows: number): ViewState {
  return {
    cols,
    rows,
    focused: 1,
    lastFocused: null,
    zoomed: false,
    mode: 'normal',
    confirm: null,
    help: { filter: '', scroll: 0 },
    notice: null,
    outerFocused: true,
    hostStatus: 'live',
    held: new Map(),
    paste: null,
  };
}

/** The same object when nothing changes. */
export function reduceView(view: ViewState, action: ViewAction, context: ViewContext): ViewState {
  switch (action.type) {
    case 'resized':
      if (action.cols === view.cols && action.rows === view.rows) return view;
      return { ...view, cols: action.cols, rows: action.rows };
    case 'focused':
      if (action.pane === view.focused || !context.panes.includes(action.pane)) return view;
      return { ...view, focused: action.pane, lastFocused: view.focused };
    case 'zoom-toggled':
      return { ...view, zoomed: !view.zoomed };
    case 'prefix-pressed':
      // What the last key had to say is read, or never will be.
      return { ...view, mode: 'prefix', notice: null };
    case 'confirm-asked':
      return { ...view, mode: 'confirm', confirm: { command: action.command, pane: action.pane } };
    case 'quit-asked':
      return { ...view, mode: 'quit', confirm: null };
    case 'help-opened':
      return { ...view, mode: 'help', confirm: null, help: { filter: '', scroll: 0 } };
    case 'help-filtered':
      return { ...view, help: { filter: action.filter, scroll: 0 } };
    case 'help-scrolled':
      return action.scroll === view.help.scroll ? view : { ...view, help: { ...view.help, scroll: action.scroll } };
    case 'mode-left':
      return view.mode === 'normal' ? view : { ...view, mode: 'normal', confirm: null };
    case 'notice-shown': {
      const forMs = action.forMs ?? (action.kind === 'error' ? ERROR_MS : NOTICE_MS);
      return { ...view, notice: { text: action.text, kind: action.kind, until: context.nowMs + forMs } };
    }
    case 'notice-cleared':
      return view.notice === null ? view : { ...view, notice: null };
    case 'outer-focus-changed':
      return action.focused === view.outerFocused ? view : { ...view, outerFocused: action.focused };
    case 'host-status-changed':
      return action.status === view.hostStatus ? view : { ...view, hostStatus: action.status };
    case 'key-pressed': {
      if (view.held.get(action.key) === action.pane) return view;
      const held = view.held.size < MAX_HELD_KEYS ? new Map(view.held) : new Map<string, number | null>();
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
    case 'paste-ended':
      return view.paste === null ? view : { ...view, paste: null };
    case 'panes-changed':
      return settleOnPanes(view, context.panes);
    default:
      return assertNever(action);
  }
}

/** Focus goes back to the pane before, else to the nearest number, and a question about a pane that is gone is dropped. */
function settleOnPanes(view: ViewState, panes: readonly number[]): ViewState {
  if (panes.length === 0) return view;
  const exists = (pane: number | null): pane is number => pane !== null && panes.includes(pane);
  let next = view;
  if (!exists(view.focused)) {
    const nearest = panes.findLast((pane) => pane < view.focused) ?? panes[0]!;
    next = { ...next, focused: exists(view.lastFocused) ? view.lastFocused : nearest, lastFocused: null };
  }
  if (next.lastFocused !== null && !exists(next.lastFocused)) next = { ...next, lastFocused: null };
  if (next.confirm && !exists(next.confirm.pane)) next = { ...next, mode: 'normal', confirm: null };
  return next;
}
