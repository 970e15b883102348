import type { PaneView } from '../core/session.ts';
import type { Connection } from '../protocol/connection.ts';
import type { DaemonEvent, SessionSnapshot } from '../protocol/control.ts';

/**
 * Tells subscribers what changed: only the panes that did, at most twenty times a second, the first change at once. A subscriber that does
 * not read is told nothing more until it does, and then everything in one snapshot, so it costs no memory.
 */
export type Publisher = {
  subscribe(connection: Connection): void;
  /** The pane's view may have changed. */
  markChanged(pane: number): void;
  /** Other panes, or another layout: everybody gets everything. */
  publishSession(): void;
  publishNotice(kind: 'info' | 'warning' | 'error', text: string): void;
  publishClosing(reason: string): void;
  dispose(): void;
};

export type PublisherDeps = {
  /** Null when there is no such pane. `key`: what makes a view worth telling. */
  viewOf: (pane: number) => { view: PaneView; key: string } | null;
  snapshot: () => SessionSnapshot;
};

const MIN_INTERVAL_MS = 50;
/** More than this unread and a subscriber is behind. */
const BEHIND_BYTES = 256 * 1024;

export function createPublisher({ viewOf, snapshot }: PublisherDeps): Publisher {
  /** Value: behind, and waiting for a snapshot. */
  const subscribers = new Map<Connection, { behind: boolean }>();
  const changed = new Set<number>();
  const told = new Map<number, string>();
  let lastMs = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | null = null;

  function schedule(): void {
    // Never in the same turn: a snapshot that is on its way to a new subscriber arrives before events do.
    timer ??= setTimeout(flush, Math.max(0, lastMs + MIN_INTERVAL_MS - performance.now()));
  }

  function flush(): void {
    timer = null;
    lastMs = performance.now();
    const panes: PaneView[] = [];
    for (const pane of changed) {
      const current = viewOf(pane);
      if (!current || told.get(pane) === current.key) continue;
      told.set(pane, current.key);
      panes.push(current.view);
    }
    changed.clear();
    if (panes.length > 0) send({ event: 'panes', panes });
  }

  function send(event: DaemonEvent): void {
    for (const [connection, subscriber] of subscribers) {
      if (connection.queuedBytes > BEHIND_BYTES) subscriber.behind = true;
      if (!subscriber.behind) connection.sendEvent(event);
    }
  }

  return {
    subscribe(connection) {
      if (subscribers.has(connection)) return;
      subscribers.set(connection, { behind: false });
      // Its snapshot may hold what the others have not been told yet.
      told.clear();
      connection.onClose(() => subscribers.delete(connection));
      connection.onDrain(() => {
        const subscriber = subscribers.get(connection);
        if (!subscriber?.behind) return;
        subscriber.behind = false;
        told.clear();
        const event: DaemonEvent = { event: 'session', snapshot: snapshot() };
        connection.sendEvent(event);
      });
    },
    markChanged(pane) {
      changed.add(pane);
      if (subscribers.size > 0) schedule();
    },
    publishSession() {
      if (subscribers.size === 0) return;
      told.clear();
      changed.clear();
      send({ event: 'session', snapshot: snapshot() });
    },
    publishNotice(kind, text) {
      send({ event: 'notice', kind, text });
    },
    publishClosing(reason) {
      send({ event: 'closing', reason });
    },
    dispose() {
      if (timer) clearTimeout(timer);
      subscribers.clear();
    },
  };
}
