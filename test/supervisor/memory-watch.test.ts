import { describe, expect, it } from 'vitest';
import { DEFAULT_SUPERVISION, type LimitSettings, type MemorySettings } from '../../src/core/supervision.ts';
import type { Activity } from '../../src/supervisor/hang-watch.ts';
import { createPaneLimits } from '../../src/supervisor/limits.ts';
import { createMemoryReader } from '../../src/supervisor/memory-reader.ts';
import { createMemoryWatch } from '../../src/supervisor/memory-watch.ts';
import { createUsageHistory } from '../../src/supervisor/usage-history.ts';

const MB = 1024 ** 2;

function createWorld(memory: Partial<MemorySettings> | null, limits: Partial<LimitSettings> = {}) {
  let nowMs = 1_000_000_000;
  const restarts: string[] = [];
  let activity: Activity | null = { outputAgeMs: 0, inputAgeMs: null };
  const history = createUsageHistory(() => nowMs);
  const settings = { ...DEFAULT_SUPERVISION.limits, ...limits };
  const polled = createPaneLimits({ limits: settings, means: { kind: 'polling' }, name: 'none' });
  const watch = createMemoryWatch(
    {
      nowMs: () => nowMs,
      limits: () => polled,
      history,
      readActivity: async () => activity,
      restart: (reason, mode) => restarts.push(`${mode}: ${reason}`),
      // No memory is shared here.
      readPss: async () => null,
    },
    {
      memory: memory && { warnBytes: null, maxBytes: null, sustainMs: 0, action: 'restart', ...memory },
      limits: settings,
    },
  );
  return {
    restarts,
    setActivity: (next: Activity | null) => {
      activity = next;
    },
    async use(seconds: number, megabytes: number, more: { processes?: number; cpuPercent?: number } = {}) {
      const { processes = 1, cpuPercent = 0 } = more;
      let words: string[] = [];
      for (let i = 0; i < seconds; i++) {
        nowMs += 1_000;
        const pids = Array.from({ length: processes }, (_, index) => 100 + index);
        const usage = { cpuPercent, rssBytes: megabytes * MB, readBytes: 0, writtenBytes: 0 };
        history.add(usage);
        words = watch.sampled({ ...usage, pid: 100, pids });
        await new Promise((resolve) => setImmediate(resolve));
      }
      return words;
    },
  };
}

describe('memory above the most', () => {
  it('for long enough restarts the pane, once', async () => {
    const { use, restarts } = createWorld({ maxBytes: 500 * MB, sustainMs: 10_000 });
    await use(30, 400);
    await use(8, 600);
    await use(1, 400);
    await use(10, 600);
    expect(restarts).toEqual([]);
    await use(20, 600);
    expect(restarts).toEqual(['graceful: memory is 600M, above 500M for 10 s']);
  });

  it('is only told where that is set, and told in the same words', async () => {
    const { use, restarts } = createWorld({ warnBytes: 300 * MB, maxBytes: 500 * MB, action: 'notify' });
    expect(await use(5, 200)).toEqual([]);
    expect(await use(2, 310)).toEqual(['memory is 310M, above 300M']);
    expect(await use(5, 320)).toEqual(['memory is 310M, above 300M']);
    expect(await use(5, 510)).toEqual(['memory is 510M, above 500M']);
    expect(await use(1, 100)).toEqual([]);
    expect(restarts).toEqual([]);
  });

  it('waits for a quiet moment where that is set', async () => {
    const { use, restarts, setActivity } = createWorld({ maxBytes: 500 * MB, action: 'restart_when_quiet' });
    expect(await use(60, 600)).toEqual(['memory is 600M, above 500M; restarts when it is quiet']);
    setActivity({ outputAgeMs: 9_000, inputAgeMs: null });
    await use(5, 600);
    setActivity(null);
    await use(5, 600);
    expect(restarts).toEqual([]);
    setActivity({ outputAgeMs: 11_000, inputAgeMs: null });
    await use(5, 600);
    expect(restarts).toEqual(['graceful: memory is 600M, above 500M']);
  });
});

describe('limits that no kernel enforces', () => {
  it('memory: three samples above, or one far above, and the pane is killed', async () => {
    const slow = createWorld(null, { memoryMaxBytes: 100 * MB });
    await slow.use(2, 110);
    await slow.use(1, 90);
    await slow.use(2, 110);
    expect(slow.restarts).toEqual([]);
    await slow.use(2, 110);
    expect(slow.restarts).toEqual(['kill: memory is 110M, above its limit of 100M']);
    const fast = createWorld(null, { memoryMaxBytes: 100 * MB });
    await fast.use(2, 1_000);
    expect(fast.restarts).toEqual(['kill: memory is 1.0G, above its limit of 100M']);
  });

  it('processes and CPU are told', async () => {
    const { use, restarts } = createWorld(null, { maxProcesses: 10, cpuPercent: 50 });
    expect(await use(60, 10, { processes: 10, cpuPercent: 49 })).toEqual([]);
    expect(await use(1, 10, { processes: 10, cpuPercent: 100 })).not.toEqual([]);
    expect(await use(60, 10, { processes: 11, cpuPercent: 20 })).toEqual(['has more processes than max_processes 10']);
    expect(await use(60, 10, { processes: 3, cpuPercent: 90 })).toEqual(['uses more CPU than cpu_percent 50']);
    expect(restarts).toEqual([]);
  });
});

describe('growth', () => {
  it('is told after half an hour of it, and never restarts', async () => {
    const { use, restarts } = createWorld({ maxBytes: 10_000 * MB });
    let words: string[] = [];
    for (let minute = 0; minute < 62; minute++) words = await use(60, 200 + 4 * minute);
    expect(words).toEqual([expect.stringMatching(/^suspected growth: \d+M in \d+ min, 4M a minute$/)]);
    expect(restarts).toEqual([]);
  });
});

describe('shared memory', () => {
  it('counts once: the proportional share is read when the sum comes near the limit, and seldom', async () => {
    let nowMs = 0;
    let reads = 0;
    const reader = createMemoryReader({
      nowMs: () => nowMs,
      readPss: async () => {
        reads++;
        return 40 * MB;
      },
    });
    const pids = [1, 2, 3];
    expect(reader.estimate(pids, 300 * MB, 400 * MB)).toBe(300 * MB);
    expect(reads).toBe(0);
    // While it is being read nothing is exceeded.
    expect(reader.estimate(pids, 450 * MB, 400 * MB)).toBe(400 * MB);
    await new Promise((resolve) => setImmediate(resolve));
    expect(reader.estimate(pids, 450 * MB, 400 * MB)).toBe(120 * MB);
    // What comes on top is the program's own.
    expect(reader.estimate(pids, 800 * MB, 400 * MB)).toBe(470 * MB);
    expect(reads).toBe(3);
    nowMs += 10_000;
    reader.estimate(pids, 800 * MB, 400 * MB);
    expect(reads).toBe(6);
  });
});
