import { assertNever } from '../core/assert-never.ts';
import type { Progress } from '../core/pane-signal.ts';
import { isWatched, type PaneNews, type ViewState } from './view-state.ts';

/** What programs have signalled and is still to be shown, until somebody looks. */
export type NewsAction =
  | { type: 'pane-progressed'; pane: number; progress: Progress }
  /** A bell or a notification. */
  | { type: 'pane-called'; pane: number };

const NO_NEWS: PaneNews = { progress: null, unseen: false };

/** The same object when nothing changes. */
export function reduceNews(view: ViewState, action: NewsAction): ViewState {
  switch (action.type) {
    case 'pane-progressed':
      return withNews(view, action.pane, { progress: action.progress.state === 'none' ? null : action.progress });
    case 'pane-called':
      return isWatched(view, action.pane) ? view : withNews(view, action.pane, { unseen: true });
    default:
      return assertNever(action);
  }
}

/** Who looks at a pane has seen what it wanted to say. */
export function asSeen(view: ViewState): ViewState {
  const { focused, news } = view;
  return isWatched(view, focused) && news.get(focused)?.unseen ? withNews(view, focused, { unseen: false }) : view;
}

/** What has ended makes no progress, but its last call is still to be seen. */
export function withoutStaleNews(view: ViewState, panes: readonly number[], resting: readonly number[]): ViewState {
  let next = view;
  for (const pane of view.news.keys()) {
    if (!panes.includes(pane)) next = withNews(next, pane, NO_NEWS);
    else if (resting.includes(pane)) next = withNews(next, pane, { progress: null });
  }
  return next;
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
