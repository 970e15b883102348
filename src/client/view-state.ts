import type { Border } from '../core/borders.ts';
import type { KeyCommandName } from '../core/commands.ts';
import type { MouseEvent } from '../core/input-event.ts';
import type { Grid } from '../core/layout.ts';
import type { PaneModes } from '../core/pane-modes.ts';
import type { Progress } from '../core/pane-signal.ts';
import type { Query } from '../core/query-pattern.ts';
import { DEFAULT_SETTINGS, type Settings } from '../core/settings.ts';
import { type InspectView, NOTHING_INSPECTED } from './inspect/inspect-view.ts';
import type { ListView } from './lists/list-view.ts';
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
  /** Down to which row panes that do not run show anything. */
  usedRows: ReadonlyMap<number, number>;
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
/** `position`: where in the history, `[120/10000]`; empty until the first lines are here. `prompt`: the search that is being typed. */
export type CopyView = { position: string; prompt: string | null; selecting: boolean };
/** `unseen`: a bell or notification came while nobody looked at the pane. */
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

/** `panes`: numbers of the panes there are, ascending. */
export type ViewContext = { panes: readonly number[]; nowMs: number };

export const NOTICE_MS = 4000;

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
    usedRows: new Map(),
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
