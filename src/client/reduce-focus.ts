import { assertNever } from '../core/assert-never.ts';
import { NOTHING_INSPECTED } from './inspect/inspect-view.ts';
import { asSeen, withoutStaleNews } from './reduce-news.ts';
import { NOTICE_MS, type ViewContext, type ViewState } from './view-state.ts';

/** Which panes this person means: the one in focus, alone or among the others, and those that are marked for a broadcast. */
export type FocusAction =
  | { type: 'focused'; pane: number }
  | { type: 'zoom-toggled' }
  | { type: 'outer-focus-changed'; focused: boolean }
  /** A click on a pane's title: focus, and twice in a row zoom. */
  | { type: 'title-pressed'; pane: number }
  | { type: 'broadcast-switched'; on: boolean }
  | { type: 'mark-toggled'; pane: number }
  /** The session's panes are now these: focus, news and questions about others end. `resting`: those in which nothing runs. */
  | { type: 'panes-changed'; resting: readonly number[] };

const DOUBLE_CLICK_MS = 400;

/** The same object when nothing changes. */
export function reduceFocus(view: ViewState, action: FocusAction, context: ViewContext): ViewState {
  switch (action.type) {
    case 'focused':
      if (action.pane === view.focused || !context.panes.includes(action.pane)) return view;
      return asSeen({ ...view, focused: action.pane, lastFocused: view.focused });
    case 'zoom-toggled':
      return { ...view, zoomed: !view.zoomed };
    case 'outer-focus-changed':
      return action.focused === view.outerFocused ? view : asSeen({ ...view, outerFocused: action.focused });
    case 'title-pressed':
      return pressTitle(view, action.pane, context);
    case 'broadcast-switched':
      return view.broadcast === action.on ? view : { ...view, broadcast: action.on };
    case 'mark-toggled': {
      const marks = new Set(view.marks);
      if (!marks.delete(action.pane) && context.panes.includes(action.pane)) marks.add(action.pane);
      return withMarks(view, marks, context);
    }
    case 'panes-changed': {
      const { panes } = context;
      const kept = withoutStaleInput(withoutStaleScreens(withoutStaleMarks(view, context), panes), panes);
      return asSeen(settleOnPanes(withoutStaleNews(kept, panes, action.resting), panes));
    }
    default:
      return assertNever(action);
  }
}

function pressTitle(view: ViewState, pane: number, context: ViewContext): ViewState {
  const focused = reduceFocus(view, { type: 'focused', pane }, context);
  const { titlePress } = view;
  const isSecond = titlePress?.pane === pane && context.nowMs - titlePress.atMs <= DOUBLE_CLICK_MS;
  if (isSecond) return { ...focused, zoomed: !focused.zoomed, titlePress: null };
  return { ...focused, titlePress: { pane, atMs: context.nowMs } };
}

/** With the last mark goes the broadcast: nobody meant it to reach all panes from then on. */
function withMarks(view: ViewState, marks: ReadonlySet<number>, { nowMs }: ViewContext): ViewState {
  const ends = view.broadcast && view.marks.size > 0 && marks.size === 0;
  if (!ends) return { ...view, marks };
  const text = 'broadcast is off: no pane is marked any more';
  return { ...view, marks, broadcast: false, notice: { text, kind: 'warning', until: nowMs + NOTICE_MS } };
}

function withoutStaleMarks(view: ViewState, context: ViewContext): ViewState {
  if ([...view.marks].every((pane) => context.panes.includes(pane))) return view;
  return withMarks(view, new Set([...view.marks].filter((pane) => context.panes.includes(pane))), context);
}

function withoutStaleScreens(view: ViewState, panes: readonly number[]): ViewState {
  if ([...view.screens.keys()].every((pane) => panes.includes(pane))) return view;
  return { ...view, screens: new Map([...view.screens].filter(([pane]) => panes.includes(pane))) };
}

/** What has begun in a pane that is gone is not to end in the next one of its number. */
function withoutStaleInput(view: ViewState, panes: readonly number[]): ViewState {
  const isGone = (pane: number | null | undefined): boolean =>
    pane !== null && pane !== undefined && !panes.includes(pane);
  let next = view;
  if ([...view.held.values()].some((by) => typeof by === 'number' && isGone(by))) {
    const held = [...view.held].map(([key, by]) => [key, typeof by === 'number' && isGone(by) ? null : by] as const);
    next = { ...next, held: new Map(held) };
  }
  const { paste, pointer } = view;
  if (paste && 'pane' in paste && isGone(paste.pane)) next = { ...next, paste: { to: 'nobody' } };
  if (isGone(pointer?.pane) || isGone(pointer?.selecting)) next = { ...next, pointer: null };
  return next;
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
