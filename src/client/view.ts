import { assertNever } from '../core/assert-never.ts';
import { isTooSmall } from '../core/geometry.ts';
import type { Settings } from '../core/settings.ts';
import { type InspectAction, reduceInspect } from './inspect/inspect-view.ts';
import { type FocusAction, reduceFocus } from './reduce-focus.ts';
import { type HeldInputAction, reduceHeldInput } from './reduce-held-input.ts';
import { type NewsAction, reduceNews } from './reduce-news.ts';
import { type OverlayAction, reduceOverlay } from './reduce-overlay.ts';
import {
  type CopyView,
  NOTICE_MS,
  type NoticeKind,
  type PaneScreen,
  type ViewContext,
  type ViewState,
} from './view-state.ts';

/** All that can happen to what this client shows; each part of it has its own reducer, and what is left is here. */
export type ViewAction =
  | FocusAction
  | OverlayAction
  | InspectAction
  | HeldInputAction
  | NewsAction
  | { type: 'resized'; cols: number; rows: number }
  | { type: 'grid-previewed'; preview: ViewState['preview'] }
  | { type: 'notice-shown'; text: string; kind: NoticeKind; forMs?: number }
  | { type: 'notice-cleared' }
  | { type: 'host-status-changed'; status: ViewState['hostStatus'] }
  | { type: 'screen-changed'; pane: number; screen: PaneScreen }
  | { type: 'rows-used'; pane: number; rows: number }
  | { type: 'settings-changed'; settings: Settings }
  | { type: 'copy-changed'; pane: number; copy: CopyView | null };

const ERROR_MS = 8000;
const ASKING_MODES: ReadonlySet<ViewState['mode']> = new Set(['confirm', 'quit', 'paste'] as const);

/** The same object when nothing changes. */
export function reduceView(view: ViewState, action: ViewAction, context: ViewContext): ViewState {
  switch (action.type) {
    case 'resized':
      if (action.cols === view.cols && action.rows === view.rows) return view;
      // That a question needs a larger window is no longer so, and in its place is said which keys answer it.
      if (ASKING_MODES.has(view.mode) && isTooSmall(view) && !isTooSmall(action))
        return { ...view, cols: action.cols, rows: action.rows, notice: null };
      return { ...view, cols: action.cols, rows: action.rows };
    case 'grid-previewed':
      return action.preview === view.preview ? view : { ...view, preview: action.preview };
    case 'notice-shown': {
      const forMs = action.forMs ?? (action.kind === 'error' ? ERROR_MS : NOTICE_MS);
      return { ...view, notice: { text: action.text, kind: action.kind, until: context.nowMs + forMs } };
    }
    case 'notice-cleared':
      return view.notice === null ? view : { ...view, notice: null };
    case 'host-status-changed':
      return action.status === view.hostStatus ? view : { ...view, hostStatus: action.status };
    case 'screen-changed':
      return { ...view, screens: new Map(view.screens).set(action.pane, action.screen) };
    case 'rows-used':
      return { ...view, usedRows: new Map(view.usedRows).set(action.pane, action.rows) };
    case 'settings-changed':
      return { ...view, settings: action.settings };
    case 'copy-changed': {
      const copies = new Map(view.copies);
      if (action.copy) copies.set(action.pane, action.copy);
      else copies.delete(action.pane);
      return { ...view, copies };
    }
    case 'focused':
    case 'zoom-toggled':
    case 'outer-focus-changed':
    case 'title-pressed':
    case 'broadcast-switched':
    case 'mark-toggled':
    case 'panes-changed':
      return reduceFocus(view, action, context);
    case 'prefix-pressed':
    case 'confirm-asked':
    case 'quit-asked':
    case 'help-opened':
    case 'resize-opened':
    case 'prompt-opened':
    case 'prompt-edited':
    case 'help-filtered':
    case 'help-scrolled':
    case 'list-opened':
    case 'list-typed':
    case 'list-chosen':
    case 'list-regex-toggled':
    case 'list-accepting':
    case 'search-changed':
    case 'paste-asked':
    case 'mode-left':
      return reduceOverlay(view, action);
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
    case 'key-pressed':
    case 'key-released':
    case 'paste-started':
    case 'paste-gathered':
    case 'paste-ended':
    case 'pointer-changed':
      return reduceHeldInput(view, action);
    case 'pane-progressed':
    case 'pane-called':
      return reduceNews(view, action);
    default:
      return assertNever(action);
  }
}
