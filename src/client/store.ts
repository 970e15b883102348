import type { PaneView } from '../core/session.ts';
import type { Settings } from '../core/settings.ts';
import type { DaemonEvent, SessionSnapshot } from '../protocol/control.ts';
import type { Clock } from './clock.ts';
import { reduceView, type ViewAction } from './view.ts';
import { createView, type ViewState } from './view-state.ts';

/** All that a client knows, in one place: `session` mirrors the daemon, `view` is the client's own. */
export type ClientState = { session: SessionState; view: ViewState };

export type SessionState = {
  status: 'connecting' | 'live' | 'reconnecting';
  /** The last one known, also while the daemon is away: panes go on without it. */
  snapshot: SessionSnapshot | null;
  /** Why the session ends, once the daemon has said so. */
  closing: string | null;
};

export type Store = {
  getState(): ClientState;
  /** Called after every change; the returned function ends that. */
  subscribe(listener: () => void): () => void;
  dispatch(action: ViewAction): void;
  /** The answer to `subscribe`: from now on the mirror is live. */
  applySnapshot(snapshot: SessionSnapshot): void;
  applyEvent(event: DaemonEvent): void;
  /** The daemon is away. */
  connectionLost(): void;
};

/** Of the daemon: nobody waits for it, so it stays long enough to be found. */
const NOTICE_MS = 15_000;

export type StoreOptions = { cols: number; rows: number; clock: Pick<Clock, 'now'>; settings?: Settings };

export function createStore(options: StoreOptions): Store {
  let state: ClientState = {
    session: { status: 'connecting', snapshot: null, closing: null },
    view: createView(options.cols, options.rows, options.settings),
  };
  const listeners = new Set<() => void>();

  function set(next: ClientState): void {
    if (next.session === state.session && next.view === state.view) return;
    state = next;
    for (const listener of [...listeners]) listener();
  }

  function reduce(action: ViewAction, session: SessionState): ViewState {
    const panes = session.snapshot?.panes.map(({ pane }) => pane) ?? [];
    return reduceView(state.view, action, { panes, nowMs: options.clock.now() });
  }

  function setSession(session: SessionState): void {
    if (session.snapshot === state.session.snapshot) {
      set({ session, view: state.view });
      return;
    }
    const resting = session.snapshot?.panes.filter(({ pid }) => pid === null).map(({ pane }) => pane) ?? [];
    const view = reduce({ type: 'panes-changed', resting }, session);
    set({ session, view });
  }

  return {
    getState: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    dispatch(action) {
      set({ session: state.session, view: reduce(action, state.session) });
    },
    applySnapshot(snapshot) {
      setSession({ ...state.session, status: 'live', snapshot });
    },
    applyEvent(event) {
      if (event.event === 'notice') {
        const action: ViewAction = { type: 'notice-shown', text: event.text, kind: event.kind, forMs: NOTICE_MS };
        set({ session: state.session, view: reduce(action, state.session) });
        return;
      }
      setSession(reduceSession(state.session, event));
    },
    connectionLost() {
      if (state.session.status === 'live') setSession({ ...state.session, status: 'reconnecting' });
    },
  };
}

/** The same object when nothing changes. Events of a newer daemon that we do not know are ignored. */
function reduceSession(session: SessionState, event: DaemonEvent): SessionState {
  switch (event.event) {
    case 'panes': {
      // Before the snapshot there is nothing to change; it will have all of it.
      if (!session.snapshot || event.panes.length === 0) return session;
      return { ...session, snapshot: { ...session.snapshot, panes: mergePanes(session.snapshot.panes, event.panes) } };
    }
    case 'session':
      return { ...session, snapshot: event.snapshot };
    case 'closing':
      return { ...session, closing: event.reason };
    case 'notice':
      return session;
    default:
      event satisfies never;
      return session;
  }
}

/** In their places. Panes that did not change stay the same objects, so that nobody draws them again. */
function mergePanes(panes: PaneView[], changed: PaneView[]): PaneView[] {
  const byNumber = new Map(changed.map((pane) => [pane.pane, pane]));
  const merged = panes.map((pane) => byNumber.get(pane.pane) ?? pane);
  const known = new Set(panes.map(({ pane }) => pane));
  const fresh = changed.filter(({ pane }) => !known.has(pane));
  // Places are told by snapshots; before one comes, a new pane is best off by its number.
  return fresh.length === 0 ? merged : [...merged, ...fresh].sort((a, b) => a.pane - b.pane);
}
