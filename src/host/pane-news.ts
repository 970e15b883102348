import type { PaneSignal } from '../core/pane-signal.ts';

/**
 * What a program says about itself besides its output. It can say so a hundred thousand times a second; the others hear the newest of each
 * kind a few times a second for each pane. Notifications are not replaced by newer ones, but beyond a few they are dropped.
 */
export type PaneNews = {
  offer(pane: number, signal: PaneSignal): void;
  /** The pane is gone: nothing that waits is told, for its number may be another's by then. */
  forget(pane: number): void;
  dispose(): void;
};

const INTERVAL_MS = 100;
/** Waiting notifications of one pane; nobody reads more. */
const MAX_NOTIFICATIONS = 10;

export function createPaneNews(tell: (pane: number, signal: PaneSignal) => void): PaneNews {
  /** What was told about within the interval, with what came since. */
  const resting = new Map<string, { timer: NodeJS.Timeout; next: PaneSignal[] }>();

  function offer(pane: number, signal: PaneSignal): void {
    const key = `${pane} ${signalKind(signal)}`;
    const rest = resting.get(key);
    if (!rest) {
      tell(pane, signal);
      wait(pane, key, []);
      return;
    }
    if (signal.type !== 'notification') rest.next = [signal];
    else if (rest.next.length < MAX_NOTIFICATIONS) rest.next.push(signal);
  }

  function wait(pane: number, key: string, next: PaneSignal[]): void {
    const timer = setTimeout(() => {
      const [first, ...others] = resting.get(key)?.next ?? [];
      resting.delete(key);
      if (!first) return;
      tell(pane, first);
      wait(pane, key, others);
    }, INTERVAL_MS);
    resting.set(key, { timer, next });
  }

  return {
    offer,
    forget(pane) {
      for (const [key, { timer }] of resting) {
        if (!key.startsWith(`${pane} `)) continue;
        clearTimeout(timer);
        resting.delete(key);
      }
    },
    dispose() {
      for (const { timer } of resting.values()) clearTimeout(timer);
      resting.clear();
    },
  };
}

/** Of two signals of one kind the newer one says all. */
export function signalKind(signal: PaneSignal): string {
  return signal.type === 'prompt' ? `prompt ${signal.mark}` : signal.type;
}
