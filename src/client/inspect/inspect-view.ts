import { assertNever } from '../../core/assert-never.ts';
import type { EditedLine } from '../../core/line-edit.ts';
import type { PaneDetail } from '../../core/session.ts';

/** What is open above the panes to look at one of them, or to name it. */
export type InspectView = {
  info: InfoView | null;
  log: LogPage | null;
  rename: RenameView | null;
};

/** `detail`: null until the daemon has answered. `at`: when it did, ms since 1970. `problem`: why there is nothing newer. */
export type InfoView = { pane: number; detail: PaneDetail | null; at: number; problem: string; scroll: number };

/** `problem`: why the name cannot be; empty while nothing speaks against it. `busy`: the daemon has been asked. */
export type RenameView = { pane: number; line: EditedLine; problem: string; busy: boolean };

/** The part of a log that is on the screen, in rows as wide as it. */
export type LogPage = {
  pane: number;
  name: string;
  rows: LogRow[];
  /** Only lines with this; empty for all. */
  filter: string;
  /** The filter that is being typed. */
  prompt: EditedLine | null;
  /** New lines are shown as they come. */
  following: boolean;
  times: boolean;
  /** Older lines are being looked for. */
  busy: boolean;
  /** Lines that are below, of those that have been read. */
  below: number;
};

/** `own`: said by nonet, not by the program. `start`: the first row of a line. */
export type LogRow = { stamp: string; text: string; own: boolean; start: boolean };

export type InspectAction =
  | { type: 'info-opened'; pane: number }
  | { type: 'info-loaded'; detail: PaneDetail; at: number }
  | { type: 'info-failed'; problem: string }
  | { type: 'info-scrolled'; scroll: number }
  | { type: 'log-opened'; page: LogPage }
  | { type: 'log-shown'; page: LogPage }
  | { type: 'rename-opened'; pane: number; line: EditedLine }
  | { type: 'rename-edited'; line: EditedLine }
  | { type: 'rename-asked' }
  | { type: 'rename-refused'; problem: string };

export const NOTHING_INSPECTED: InspectView = { info: null, log: null, rename: null };

/** The same object when nothing changes. What comes for an overlay that has been closed is dropped. */
export function reduceInspect<T extends InspectView & { mode: string }>(
  view: T,
  action: InspectAction,
): T | (T & { mode: keyof InspectView }) {
  const { info, rename } = view;
  const open = (mode: keyof InspectView, changes: Partial<InspectView>) => ({
    ...view,
    ...NOTHING_INSPECTED,
    mode,
    ...changes,
  });
  switch (action.type) {
    case 'info-opened':
      return open('info', { info: { pane: action.pane, detail: null, at: 0, problem: '', scroll: 0 } });
    case 'info-loaded':
      return info ? { ...view, info: { ...info, detail: action.detail, at: action.at, problem: '' } } : view;
    case 'info-failed':
      return info ? { ...view, info: { ...info, problem: action.problem } } : view;
    case 'info-scrolled':
      return info && info.scroll !== action.scroll ? { ...view, info: { ...info, scroll: action.scroll } } : view;
    case 'log-opened':
      return open('log', { log: action.page });
    case 'log-shown':
      return view.log ? { ...view, log: action.page } : view;
    case 'rename-opened':
      return open('rename', { rename: { pane: action.pane, line: action.line, problem: '', busy: false } });
    case 'rename-edited':
      return rename && !rename.busy ? { ...view, rename: { ...rename, line: action.line, problem: '' } } : view;
    case 'rename-asked':
      return rename ? { ...view, rename: { ...rename, busy: true, problem: '' } } : view;
    case 'rename-refused':
      return rename ? { ...view, rename: { ...rename, busy: false, problem: action.problem } } : view;
    default:
      return assertNever(action);
  }
}
