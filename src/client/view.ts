import { assertNever } from '../core/assert-never.ts';
import type { Border } from '../core/borders.ts';
import type { KeyCommandName } from '../core/commands.ts';
import type { MouseEvent } from '../core/input-event.ts';
import type { Grid } from '../core/layout.ts';
import type { EditedLine } from '../core/line-edit.ts';
import type { PaneModes } from '../core/pane-modes.ts';
import type { Progress } from '../core/pane-signal.ts';
import type { Query } from '../core/query-pattern.ts';
import { DEFAULT_SETTINGS, type Settings } from '../core/settings.ts';
import { type InspectAction, type InspectView, NOTHING_INSPECTED, reduceInspect } from './inspect/inspect-view.ts';
import { type ListAction, type ListView, openList, reduceList, searchedFor } from './lists/list-view.ts';
import type { Prompt } from './prompt.ts';

/** What this client shows and where its keys go; nobody else knows or cares. Changed by `reduceView` alone. */
export type ViewState = InspectView & {
  cols: number;
  rows: number;
  /** 1-based number of a pane; 1 before there are any. */
  focused: number;
  lastFocused: number | null;
  zoomed: boolean;
  /** `prefix`: the next key is a command. The others are open overlays. */
  mode: 'normal' | 'prefix' | 'confirm' | 'quit' | 'paste' | 'help' | 'list' | 'resize' | 'prompt' | keyof InspectView;
  /** What is open in mode `list`. */
  list: ListView | null;
  lastSearch: Query | null;
  confirm: { command: KeyCommandName; pane: number } | null;
  help: { filter: string; scroll: number };
  /** Not null in mode `prompt`. */
  prompt: Prompt | null;
  /** A grid that the daemon has not said yes to. `held`: it is being dragged, and programs are not told their sizes before its end. */
  preview: { grid: Grid; held: boolean } | null;
  notice: Notice | null;
  /** Whether the window that we are drawn in has the focus. */
  outerFocused: boolean;
  hostStatus: 'live' | 'reconnecting';
  /** Keys that are down and who got the press. A release goes where its press went. */
  held: ReadonlyMap<string, KeyHolder>;
  /** Who gets the paste that is coming in; null while none is. */
  paste: PasteTarget | null;
  /** Mouse buttons that are down, and who gets their drags and releases; null while none is. */
  pointer: Pointer | null;
  /** The last press on a pane's title: a second one on the same is a double click. */
  titlePress: { pane: number; atMs: number } | null;
  /** What the host tells of the panes' screens besides their cells. */
  screens: ReadonlyMap<number, PaneScreen>;
  /** What programs have signalled and is still to be shown. */
  news: ReadonlyMap<number, PaneNews>;
  /** What is typed goes to the marked panes, or to all if none is marked. Nobody else's, and gone with this client. */
  broadcast: boolean;
  marks: ReadonlySet<number>;
  /** A paste into a broadcast, while `mode` is `paste`: it waits for the answer. */
  heldPaste: { panes: readonly number[]; text: string } | null;
  /** Panes in copy mode: while one has the focus, keys are copy mode's. */
  copies: ReadonlyMap<number, CopyView>;
  /** The person's own, as their configuration says now. */
  settings: Settings;
};

/** A pane, those that a broadcast went to, or null if the key was for us. */
export type KeyHolder = number | readonly number[] | null;
/** `pane`: null when the press was for us; then it may be `selecting` in a pane. */
export type Pointer = { pane: number | null; buttons: readonly MouseButton[]; selecting?: number; border?: HeldBorder };
/** A border between panes, and the cell it was taken at. */
export type HeldBorder = Border & { col: number; row: number };
export type MouseButton = MouseEvent['button'];
/** `cursorColor`: `0xRRGGBB` where the program chose one. */
export type PaneScreen = { cols: number; rows: number; cursorColor: number | null; modes: PaneModes };
/** `unseen`: a bell or notification came while nobody looked at the pane. */
/** `position`: where in the history, `[120/10000]`; empty until the first lines are here. `prompt`: the search that is being typed. */
export type CopyView = { position: string; prompt: string | null; selecting: boolean };
export type PaneNews = { progress: Progress | null; unseen: boolean };

/** `until`: ms since 1970. */
export type Notice = { text: string; kind: NoticeKind; until: number };
export type NoticeKind = 'info' | 'warning' | 'error';
export type PasteTarget =
  | { to: 'pane'; pane: number }
  | { to: 'help' }
  | { to: 'list' }
  | { to: 'prompt' }
  /** The line that is being typed in an overlay. */
  | { to: 'line' }
  | { to: 'copy'; pane: number }
  /** All of it is gathered before anybody is asked; `tooLong`: it will not be, and what came is forgotten. */
  | { to: 'broadcast'; text: string; tooLong: boolean }
  | { to: 'nobody' };

export type ViewAction =
  | InspectAction
  | { type: 'resized'; cols: number; rows: number }
  | { type: 'focused'; pane: number }
  | { type: 'zoom-toggled' }
  | { type: 'prefix-pressed' }
  | { type: 'confirm-asked'; command: KeyCommandName; pane: number }
  | { type: 'quit-asked' }
  | { type: 'help-opened' }
  | { type: 'resize-opened' }
  | { type: 'prompt-opened'; prompt: Prompt }
  | { type: 'prompt-edited'; line: EditedLine }
  | { type: 'grid-previewed'; preview: ViewState['preview'] }
  | { type: 'help-filtered'; filter: string }
  | { type: 'help-scrolled'; scroll: number }
  | ListAction
  /** Back to normal mode, whatever was open. */
  | { type: 'mode-left' }
  | { type: 'notice-shown'; text: string; kind: NoticeKind; forMs?: number }
  | { type: 'notice-cleared' }
  | { type: 'outer-focus-changed'; focused: boolean }
  | { type: 'host-status-changed'; status: ViewState['hostStatus'] }
  | { type: 'key-pressed'; key: string; pane: KeyHolder }
  | { type: 'key-released'; key: string }
  | { type: 'paste-started'; target: PasteTarget }
  | { type: 'paste-ended' }
  | { type: 'pointer-changed'; pointer: Pointer | null }
  /** A click on a pane's title: focus, and twice in a row zoom. */
  | { type: 'title-pressed'; pane: number }
  | { type: 'screen-changed'; pane: number; screen: PaneScreen }
  | { type: 'broadcast-switched'; on: boolean }
  | { type: 'mark-toggled'; pane: number }
  /** A piece of a paste into a broadcast. */
  | { type: 'paste-gathered'; text: string }
  | { type: 'paste-asked'; panes: readonly number[]; text: string }
  | { type: 'settings-changed'; settings: Settings }
  | { type: 'copy-changed'; pane: number; copy: CopyView | null }
  | { type: 'pane-progressed'; pane: number; progress: Progress }
  /** A bell or a notification. */
  | { type: 'pane-called'; pane: number }
  /** The session's panes are now these: focus, news and questions about others end. `resting`: those in which nothing runs. */
  | { type: 'panes-changed'; resting: readonly number[] };

/** `panes`: numbers of the panes there are, ascending. */
export type ViewContext = { panes: readonly number[]; nowMs: number };

const NOTICE_MS = 4000;
const ERROR_MS = 8000;
const DOUBLE_CLICK_MS = 400;
/** More than anybody wants to paste into nine programs at once, and the most that is kept in memory for it. */
export const MAX_BROADCAST_PASTE = 1_000_000;
const NO_NEWS: PaneNews = { progress: null, unseen: false };
/** A keyboard has about a hundred; a terminal that never reports releases must not let the table grow. */
const MAX_HELD_KEYS = 256;

export function createView(cols: number, rows: number, settings: Settings = DEFAULT_SETTINGS): ViewState {
  return {
    cols,
    rows,
    focused: 1,
    lastFocused: null,
    zoomed: false,
    mode: 'normal',
    confirm: null,
    help: { filter: '', scroll: 0 },
    list: null,
    lastSearch: null,
    prompt: null,
    preview: null,
    notice: null,
    outerFocused: true,
    hostStatus: 'live',
    held: new Map(),
    paste: null,
    pointer: null,
    titlePress: null,
    screens: new Map(),
    news: new Map(),
    broadcast: false,
    marks: new Set(),
    heldPaste: null,
    copies: new Map(),
    settings,
    ...NOTHING_INSPECTED,
  };
}

/** Whether somebody can be taken to look at this pane: it has the focus, and so has the window. */
export function isWatched(view: ViewState, pane: number): boolean {
  return view.outerFocused && view.focused === pane;
}

/** The same object when nothing changes. */
export function reduceView(view: ViewState, action: ViewAction, context: ViewContext): ViewState {
  switch (action.type) {
    case 'resized':
      if (action.cols === view.cols && action.rows === view.rows) return view;
      return { ...view, cols: action.cols, rows: action.rows };
    case 'focused':
      if (action.pane === view.focused || !context.panes.includes(action.pane)) return view;
      return seen({ ...view, focused: action.pane, lastFocused: view.focused });
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
    case 'resize-opened':
      return view.mode === 'resize' ? view : { ...view, mode: 'resize', confirm: null };
    case 'prompt-opened':
      return { ...view, mode: 'prompt', confirm: null, prompt: action.prompt };
    case 'prompt-edited': {
      const { prompt } = view;
      return prompt && 'line' in prompt ? { ...view, prompt: { ...prompt, line: action.line } } : view;
    }
    case 'grid-previewed':
      return action.preview === view.preview ? view : { ...view, preview: action.preview };
    case 'help-filtered':
      return { ...view, help: { filter: action.filter, scroll: 0 } };
    case 'help-scrolled':
      return action.scroll === view.help.scroll ? view : { ...view, help: { ...view.help, scroll: action.scroll } };
    case 'list-opened':
      return { ...view, mode: 'list', confirm: null, list: openList(action.kind, view.lastSearch) };
    case 'list-typed':
    case 'list-chosen':
    case 'list-regex-toggled':
    case 'list-accepting':
    case 'search-changed': {
      const list = view.list && reduceList(view.list, action);
      return list === view.list ? view : { ...view, list };
    }
    case 'mode-left':
      if (view.mode === 'normal') return view;
      return {
        ...view,
        ...NOTHING_INSPECTED,
        mode: 'normal',
        confirm: null,
        list: null,
        prompt: null,
        heldPaste: null,
        lastSearch: searchedFor(view.list) ?? view.lastSearch,
      };
    case 'notice-shown': {
      const forMs = action.forMs ?? (action.kind === 'error' ? ERROR_MS : NOTICE_MS);
      return { ...view, notice: { text: action.text, kind: action.kind, until: context.nowMs + forMs } };
    }
    case 'notice-cleared':
      return view.notice === null ? view : { ...view, notice: null };
    case 'outer-focus-changed':
      return action.focused === view.outerFocused ? view : seen({ ...view, outerFocused: action.focused });
    case 'host-status-changed':
      return action.status === view.hostStatus ? view : { ...view, hostStatus: action.status };
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
    case 'paste-ended':
      return view.paste === null ? view : { ...view, paste: null };
    case 'pointer-changed':
      return { ...view, pointer: action.pointer };
    case 'title-pressed':
      return pressTitle(view, action.pane, context);
    case 'screen-changed':
      return { ...view, screens: new Map(view.screens).set(action.pane, action.screen) };
    case 'broadcast-switched':
      return view.broadcast === action.on ? view : { ...view, broadcast: action.on };
    case 'mark-toggled': {
      const marks = new Set(view.marks);
      if (!marks.delete(action.pane) && context.panes.includes(action.pane)) marks.add(action.pane);
      return withMarks(view, marks, context);
    }
    case 'paste-gathered': {
      if (view.paste?.to !== 'broadcast' || view.paste.tooLong) return view;
      const text = view.paste.text + action.text;
      const tooLong = text.length > MAX_BROADCAST_PASTE;
      return { ...view, paste: { to: 'broadcast', text: tooLong ? '' : text, tooLong } };
    }
    case 'paste-asked':
      return { ...view, mode: 'paste', confirm: null, heldPaste: { panes: action.panes, text: action.text } };
    case 'settings-changed':
      return { ...view, settings: action.settings };
    case 'copy-changed': {
      const copies = new Map(view.copies);
      if (action.copy) copies.set(action.pane, action.copy);
      else copies.delete(action.pane);
      return { ...view, copies };
    }
    case 'pane-progressed':
      return withNews(view, action.pane, { progress: action.progress.state === 'none' ? null : action.progress });
    case 'pane-called':
      return isWatched(view, action.pane) ? view : withNews(view, action.pane, { unseen: true });
    case 'panes-changed':
      return seen(
        settleOnPanes(withoutStaleNews(withoutStaleMarks(view, context), context.panes, action.resting), context.panes),
      );
    case 'info-opened':
    case 'info-loaded':
    case 'info-failed':
    case 'info-scrolled':
    case 'log-opened':
    case 'log-shown':
    case 'rename-opened':
    case 'rename-edited':
    case 'rename-asked':
    case 'rename-refused':
      return reduceInspect(view, action);
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
  // A log is worth reading also when its pane is gone.
  const inspected = next.info ?? next.rename;
  if (inspected && !exists(inspected.pane)) next = { ...next, ...NOTHING_INSPECTED, mode: 'normal' };
  return next;
}

function withoutStaleMarks(view: ViewState, context: ViewContext): ViewState {
  if ([...view.marks].every((pane) => context.panes.includes(pane))) return view;
  return withMarks(view, new Set([...view.marks].filter((pane) => context.panes.includes(pane))), context);
}

/** With the last mark goes the broadcast: nobody meant it to reach all panes from then on. */
function withMarks(view: ViewState, marks: ReadonlySet<number>, { nowMs }: ViewContext): ViewState {
  const ends = view.broadcast && view.marks.size > 0 && marks.size === 0;
  if (!ends) return { ...view, marks };
  const text = 'broadcast is off: no pane is marked any more';
  return { ...view, marks, broadcast: false, notice: { text, kind: 'warning', until: nowMs + NOTICE_MS } };
}

function pressTitle(view: ViewState, pane: number, context: ViewContext): ViewState {
  const focused = reduceView(view, { type: 'focused', pane }, context);
  const { titlePress } = view;
  const isSecond = titlePress?.pane === pane && context.nowMs - titlePress.atMs <= DOUBLE_CLICK_MS;
  if (isSecond) return { ...focused, zoomed: !focused.zoomed, titlePress: null };
  return { ...focused, titlePress: { pane, atMs: context.nowMs } };
}

/** Who looks at a pane has seen what it wanted to say. */
function seen(view: ViewState): ViewState {
  const { focused, news } = view;
  return isWatched(view, focused) && news.get(focused)?.unseen ? withNews(view, focused, { unseen: false }) : view;
}

function withNews(view: ViewState, pane: number, changes: Partial<PaneNews>): ViewState {
  const old = view.news.get(pane) ?? NO_NEWS;
  const next = { ...old, ...changes };
  const sameProgress = old.progress?.state === next.progress?.state && old.progress?.percent === next.progress?.percent;
  if (sameProgress && old.unseen === next.unseen) return view;
  const news = new Map(view.news);
  if (next.progress === null && !next.unseen) news.delete(pane);
  else news.set(pane, next);
  return { ...view, news };
}

/** What has ended makes no progress, but its last call is still to be seen. */
function withoutStaleNews(view: ViewState, panes: readonly number[], resting: readonly number[]): ViewState {
  let next = view;
  for (const pane of view.news.keys()) {
    if (!panes.includes(pane)) next = withNews(next, pane, NO_NEWS);
    else if (resting.includes(pane)) next = withNews(next, pane, { progress: null });
  }
  return next;
}
