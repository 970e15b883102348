import type { Processes } from './processes.ts';
import { createStopLadder } from './stop-ladder.ts';

const GRACE_MS = 1_000;

/**
 * Daemon and host killed together leave behind what their panes' terminals could not end. Resolves when all with a mark that begins so are
 * gone, or no signal ends them.
 */
export function clearLeftovers(processes: Processes, mark: string, excluded: ReadonlySet<number>): Promise<unknown> {
  let onStuck: (pids: number[]) => void = () => {};
  const stuck = new Promise<number[]>((resolve) => {
    onStuck = resolve;
  });
  const { gone } = createStopLadder(processes, {
    root: null,
    isMarked: (row) => processes.markOf(row)?.startsWith(mark) ?? false,
    excluded,
    mode: 'graceful',
    signal: 'SIGTERM',
    graceMs: GRACE_MS,
    typeKeys: null,
    onStuck,
  });
  return Promise.race([gone, stuck]);
}
