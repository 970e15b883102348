import type { Size } from '../protocol/control.ts';

/**
 * Whose screen decides a pane's size: that of the client that typed last or has since turned to this pane (tmux's `window-size latest`, but
 * for one pane); the newest one until somebody does.
 * A burst of changes (a window dragged larger) becomes few resizes: programs redraw everything at each.
 */
export type PaneSizes<Client> = {
  /** The client's sizes have changed. */
  setView(client: Client, sizes: ReadonlyMap<number, Size>): void;
  /** The client types: from now on its sizes count, and none is pending, so that no key reaches a program before its size. */
  typed(client: Client): void;
  /** The client has turned to this pane, to look at it or to type: from now on its size of this pane counts. */
  turnedTo(client: Client, pane: number): void;
  leave(client: Client): void;
  /** What is pending comes now: somebody is about to read lines that are to have their last size. */
  settleNow(): void;
  /** The size a pane is to have, if a client shows it. */
  sizeOf(pane: number): Size | null;
  dispose(): void;
};

/** Fast enough to look immediate, slow enough for a program that redraws 10,000 cells. */
const SETTLE_MS = 40;

export function createPaneSizes<Client>(apply: (pane: number, size: Size) => void): PaneSizes<Client> {
  const views = new Map<Client, ReadonlyMap<number, Size>>();
  /** Most recently active last. */
  let order: Client[] = [];
  /** Those who turned to a pane after whoever is the last of the order had typed. */
  const turned = new Map<number, Client>();
  let timer: NodeJS.Timeout | null = null;
  let appliedAt = Number.NEGATIVE_INFINITY;

  function applyAll(): void {
    timer = null;
    appliedAt = performance.now();
    const seen = new Set<number>();
    for (const client of order.toReversed()) {
      for (const [pane, shown] of views.get(client) ?? []) {
        if (seen.has(pane)) continue;
        seen.add(pane);
        apply(pane, sizeForTurned(pane) ?? shown);
      }
    }
  }

  function sizeForTurned(pane: number): Size | null {
    const client = turned.get(pane);
    return (client !== undefined && views.get(client)?.get(pane)) || null;
  }

  function applyNow(): void {
    if (timer) clearTimeout(timer);
    applyAll();
  }

  function settle(): void {
    if (timer) return;
    const wait = appliedAt + SETTLE_MS - performance.now();
    if (wait <= 0) applyAll();
    else timer = setTimeout(applyAll, wait);
  }

  return {
    setView(client, sizes) {
      if (!views.has(client)) order.push(client);
      views.set(client, sizes);
      settle();
    },
    typed(client) {
      const latest = order[order.length - 1] === client;
      const alone = turned.size === 0 || [...turned.values()].every((other) => other === client);
      if (latest && alone && !timer) return;
      if (!latest) order = [...order.filter((other) => other !== client), client];
      turned.clear();
      applyNow();
    },
    turnedTo(client, pane) {
      const wasFirst = turned.get(pane) === client || (!turned.has(pane) && order[order.length - 1] === client);
      turned.set(pane, client);
      if (!wasFirst || timer) applyNow();
    },
    leave(client) {
      views.delete(client);
      for (const [pane, other] of turned) if (other === client) turned.delete(pane);
      order = order.filter((other) => other !== client);
      settle();
    },
    settleNow() {
      if (timer) applyNow();
    },
    sizeOf(pane) {
      const turnedSize = sizeForTurned(pane);
      if (turnedSize) return turnedSize;
      for (const client of order.toReversed()) {
        const size = views.get(client)?.get(pane);
        if (size) return size;
      }
      return null;
    },
    dispose() {
      if (timer) clearTimeout(timer);
    },
  };
}
