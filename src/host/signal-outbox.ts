import type { PaneSignal } from '../core/pane-signal.ts';
import { signalKind } from './pane-news.ts';

/**
 * Signals on their way to one peer. While it does not keep up they wait here, of each kind only the newest, so that a stopped client
 * costs the host a few kilobytes and hears what is still true when it goes on.
 */
export type SignalOutbox = {
  offer(pane: number, signal: PaneSignal): void;
  /** The pane is gone. */
  forget(pane: number): void;
  /** The peer may have caught up: sends what waits, if so. */
  flush(): void;
};

export type SignalOutboxDeps = {
  send(pane: number, signal: PaneSignal): void;
  /** Whether the peer takes what it is sent. */
  ready(): boolean;
};

/** For each pane; nobody reads more when coming back. */
const MAX_NOTIFICATIONS = 5;

/** A peer that has not read this much yet gets no more for now; a clipboard's is larger, one title is not. */
export const MAX_UNREAD_BYTES = 64 * 1024;

export function createSignalOutbox({ send, ready }: SignalOutboxDeps): SignalOutbox {
  /** In the order of their last change; notifications are not replaced but numbered. */
  const waiting = new Map<string, { pane: number; signal: PaneSignal }>();
  const notifications = new Map<number, number>();

  function flush(): void {
    for (const [key, { pane, signal }] of waiting) {
      if (!ready()) return;
      waiting.delete(key);
      if (waiting.size === 0) notifications.clear();
      send(pane, signal);
    }
  }

  return {
    offer(pane, signal) {
      if (waiting.size > 0) flush();
      if (waiting.size === 0 && ready()) {
        send(pane, signal);
        return;
      }
      let key = `${pane} ${signalKind(signal)}`;
      if (signal.type === 'notification') {
        const count = (notifications.get(pane) ?? 0) + 1;
        notifications.set(pane, count);
        waiting.delete(`${key} ${count - MAX_NOTIFICATIONS}`);
        key += ` ${count}`;
      }
      waiting.delete(key);
      waiting.set(key, { pane, signal });
    },
    forget(pane) {
      for (const [key, entry] of waiting) if (entry.pane === pane) waiting.delete(key);
      notifications.delete(pane);
    },
    flush,
  };
}
