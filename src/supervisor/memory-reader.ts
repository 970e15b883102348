import { readFile } from 'node:fs/promises';

/**
 * Memory of a tree as limits mean it. Resident memory counts what processes share once for each: nine times Node's program for nine agents.
 * The proportional share does not, but reading it stops the process for as long as it takes (1 ms for 70 MB), so it is read only when the
 * cheap figure comes near the limit, and then every 10 s.
 */
export type MemoryReader = {
  /** `rssBytes`: of all together, at most a second old. Never more than that. */
  estimate(pids: readonly number[], rssBytes: number, limitBytes: number): number;
};

export type MemoryReaderDeps = {
  nowMs: () => number;
  /** The proportional set size in bytes; null where it cannot be had (other systems, other users' processes). */
  readPss?: (pid: number) => Promise<number | null>;
};

const NEAR = 0.8;
const INTERVAL_MS = 10_000;
/** A process can hold up whoever wants to read of it. */
const PATIENCE_MS = 5_000;

export function createMemoryReader({ nowMs, readPss = readLinuxPss }: MemoryReaderDeps): MemoryReader {
  let latest: { pssBytes: number; rssBytes: number } | null = null;
  let first = true;
  let readAtMs = Number.NEGATIVE_INFINITY;
  let reading = false;

  async function read(pids: readonly number[], rssBytes: number): Promise<void> {
    reading = true;
    readAtMs = nowMs();
    try {
      const parts = await Promise.all(pids.map(readPss));
      latest = parts.includes(null)
        ? null
        : { pssBytes: parts.reduce<number>((sum, part) => sum + (part ?? 0), 0), rssBytes };
    } finally {
      reading = false;
      first = false;
    }
  }

  return {
    estimate(pids, rssBytes, limitBytes) {
      if (rssBytes <= NEAR * limitBytes) return rssBytes;
      if (!reading && nowMs() - readAtMs >= INTERVAL_MS) void read(pids, rssBytes);
      // With the first reading under way it cannot be known.
      if (first && reading && nowMs() - readAtMs < PATIENCE_MS) return Math.min(rssBytes, limitBytes);
      if (!latest) return rssBytes;
      // What was added since is taken for the program's own.
      return Math.min(rssBytes, latest.pssBytes + Math.max(0, rssBytes - latest.rssBytes));
    },
  };
}

async function readLinuxPss(pid: number): Promise<number | null> {
  try {
    const kilobytes = /^Pss:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/smaps_rollup`, 'latin1'))?.[1];
    return kilobytes === undefined ? null : Number(kilobytes) * 1024;
  } catch (error) {
    // A process that has ended has none; one that may not be read makes the sum worthless.
    return (error as NodeJS.ErrnoException).code === 'EACCES' ? null : 0;
  }
}
