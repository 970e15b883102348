import type { DiskUsage, Usage } from './usage.ts';

/**
 * What a pane used, in three lengths: seconds for five minutes, ten seconds for an hour, minutes for a day. Of memory the longer ones keep
 * the least of each step: what stays when the collector has run. 90 KB a pane, whatever happens.
 */
export type UsageHistory = {
  add(sample: Usage & DiskUsage): void;
  /** The latest `count` steps, the newest last; null where nothing was measured. */
  read(span: HistorySpan, count: number): UsageSeries;
  /** The least memory of each full minute since the last `restart`, at most the last hour; up to a minute in which nothing was measured. */
  minuteMinima(): number[];
  /** Another program runs: what it uses is no continuation of what the one before used. */
  restart(): void;
};

const HISTORY_SPANS = {
  '5m': { stepMs: 1_000, steps: 300 },
  '1h': { stepMs: 10_000, steps: 360 },
  '24h': { stepMs: 60_000, steps: 1440 },
} as const;
export type HistorySpan = keyof typeof HISTORY_SPANS;

export type UsageSeries = {
  stepMs: number;
  cpuPercent: (number | null)[];
  rssBytes: (number | null)[];
  readBytes: (number | null)[];
  writtenBytes: (number | null)[];
};

const GROWTH_MINUTES = 60;

/** `nowMs`: monotonic. */
export function createUsageHistory(nowMs: () => number): UsageHistory {
  const rings = {
    '5m': createRing(HISTORY_SPANS['5m'], nowMs),
    '1h': createRing(HISTORY_SPANS['1h'], nowMs),
    '24h': createRing(HISTORY_SPANS['24h'], nowMs),
  };
  let startedAtMs = nowMs();

  return {
    add(sample) {
      for (const ring of Object.values(rings)) ring.add(sample);
    },
    read: (span, count) => rings[span].read(count),
    minuteMinima() {
      const { stepMs } = HISTORY_SPANS['24h'];
      // The minute that lasts has not had its least yet, and in the first one the program was still starting.
      const full = Math.floor(nowMs() / stepMs) - Math.floor(startedAtMs / stepMs) - 1;
      if (full <= 0) return [];
      const values = rings['24h'].read(Math.min(full, GROWTH_MINUTES) + 1).rssBytes.slice(0, -1);
      return values.slice(values.lastIndexOf(null) + 1).filter((value) => value !== null);
    },
    restart() {
      startedAtMs = nowMs();
    },
  };
}

function createRing({ stepMs, steps }: { stepMs: number; steps: number }, nowMs: () => number) {
  const cpu = new Float32Array(steps).fill(Number.NaN);
  const rss = new Float64Array(steps).fill(Number.NaN);
  const reads = new Float32Array(steps).fill(Number.NaN);
  const writes = new Float32Array(steps).fill(Number.NaN);
  const all = [cpu, rss, reads, writes];
  let last = Math.floor(nowMs() / stepMs) - 1;
  /** Samples in the step that lasts. */
  let count = 0;

  /** Forgets what has become too old. */
  function advance(): number {
    const step = Math.floor(nowMs() / stepMs);
    if (step > last) {
      for (let i = Math.max(last + 1, step - steps + 1); i <= step; i++)
        for (const ring of all) ring[i % steps] = Number.NaN;
      last = step;
      count = 0;
    }
    return last % steps;
  }

  return {
    add({ cpuPercent, rssBytes, readBytes, writtenBytes }: Usage & DiskUsage): void {
      const at = advance();
      const mean = (ring: Float32Array, value: number): void => {
        ring[at] = count === 0 ? value : (ring[at]! * count + value) / (count + 1);
      };
      mean(cpu, cpuPercent);
      mean(reads, readBytes);
      mean(writes, writtenBytes);
      rss[at] = count === 0 ? rssBytes : Math.min(rss[at]!, rssBytes);
      count++;
    },
    read(wanted: number): UsageSeries {
      advance();
      const length = Math.min(wanted, steps);
      const values = (ring: Float32Array | Float64Array): (number | null)[] =>
        Array.from({ length }, (_, i) => {
          const step = last - length + 1 + i;
          const value = step < 0 ? Number.NaN : ring[step % steps]!;
          return Number.isNaN(value) ? null : Math.round(value * 10) / 10;
        });
      return {
        stepMs,
        cpuPercent: values(cpu),
        rssBytes: values(rss),
        readBytes: values(reads),
        writtenBytes: values(writes),
      };
    },
  };
}
