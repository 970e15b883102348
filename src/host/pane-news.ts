import type { HostEvent } from '../protocol/control.ts';

/**
 * What a program says about itself besides its output: title and bell. A program can say so a hundred thousand times a second; the daemon
 * hears the newest title and that a bell rang, a few times a second for each pane.
 */
export type PaneNews = {
  title(pane: number, title: string): void;
  bell(pane: number): void;
  dispose(): void;
};

const INTERVAL_MS = 100;

export function createPaneNews(tell: (event: HostEvent) => void): PaneNews {
  /** Panes that were told about within the interval, with what came since. */
  const resting = new Map<string, { timer: NodeJS.Timeout; next: HostEvent | null }>();

  function offer(key: string, event: HostEvent): void {
    const rest = resting.get(key);
    if (rest) {
      rest.next = event;
      return;
    }
    tell(event);
    const timer = setTimeout(() => {
      const next = resting.get(key)?.next;
      resting.delete(key);
      if (next) offer(key, next);
    }, INTERVAL_MS);
    resting.set(key, { timer, next: null });
  }

  return {
    title: (pane, title) => offer(`title ${pane}`, { event: 'title', pane, title }),
    bell: (pane) => offer(`bell ${pane}`, { event: 'bell', pane }),
    dispose() {
      for (const { timer } of resting.values()) clearTimeout(timer);
      resting.clear();
    },
  };
}
