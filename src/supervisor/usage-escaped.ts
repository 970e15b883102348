import type { ProcessIdentity } from './processes.ts';

/** Asks for escaped processes now and then: often enough to be shown, and never so often that it would be felt. */
export type EscapeWatch = {
  /** By pane, when it was time to look; null otherwise. */
  look(): Map<number, ProcessIdentity[]> | null;
};

const INTERVAL_MS = 5_000;
/** At most this part of a core: on a machine with thousands of processes a look takes its time. */
const MOST_OF_A_CORE = 0.001;

export function createEscapeWatch(find: () => Iterable<ProcessIdentity & { pane: number }>): EscapeWatch {
  let nextMs = Number.NEGATIVE_INFINITY;
  return {
    look() {
      const beganMs = performance.now();
      if (beganMs < nextMs) return null;
      const found = new Map<number, ProcessIdentity[]>();
      for (const { pane, pid, startTime } of find()) {
        const list = found.get(pane);
        if (list) list.push({ pid, startTime });
        else found.set(pane, [{ pid, startTime }]);
      }
      const endMs = performance.now();
      nextMs = endMs + Math.max(INTERVAL_MS, (endMs - beganMs) / MOST_OF_A_CORE);
      return found;
    },
  };
}
