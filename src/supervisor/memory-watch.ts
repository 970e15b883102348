import { formatMemory } from '../core/format-values.ts';
import { suspectGrowth } from '../core/growth.ts';
import type { PaneSpec } from '../core/layout.ts';
import type { StopMode } from '../core/pane-life.ts';
import type { Activity } from './hang-watch.ts';
import type { PaneLimits } from './limits.ts';
import { createMemoryReader } from './memory-reader.ts';
import { createMemoryRules } from './memory-rules.ts';
import type { Sample } from './usage.ts';
import type { UsageHistory } from './usage-history.ts';

/** Compares what one run uses with what its pane may use: the memory settings, growth, and limits that no kernel enforces here. */
export type MemoryWatch = {
  /** Once a second. Returns what somebody should know, in words. */
  sampled(sample: Sample): string[];
};

export type MemoryWatchDeps = {
  nowMs: () => number;
  limits: () => PaneLimits;
  history: UsageHistory;
  readActivity: () => Promise<Activity | null>;
  restart: (reason: string, mode: StopMode) => void;
  readPss?: (pid: number) => Promise<number | null>;
};

/** Without output for this long nobody loses a sentence. */
const QUIET_MS = 10_000;
const ASK_QUIET_MS = 2_000;
const GROWTH_INTERVAL_MS = 60_000;
/** So many samples in a row above a limit that only we enforce, or one far above it. */
const SUSTAINED_SAMPLES = 3;
const FAR_ABOVE = 1.2;
/** Share of the newest sample in the mean of the CPU: one second of work is nothing. */
const CPU_WEIGHT = 0.1;

export function createMemoryWatch(deps: MemoryWatchDeps, spec: Pick<PaneSpec, 'memory' | 'limits'>): MemoryWatch {
  const { nowMs, limits, history, readActivity, restart } = deps;
  const { memory } = spec;
  const { memoryMaxBytes, maxProcesses, cpuPercent } = spec.limits;
  const rules = memory && createMemoryRules(memory);
  const reader = createMemoryReader(deps);
  const lowest = Math.min(...[memory?.warnBytes, memory?.maxBytes, memoryMaxBytes].filter((bytes) => bytes != null));
  let restarted = false;
  let askedMs = Number.NEGATIVE_INFINITY;
  let growthAtMs = nowMs();
  let growth = '';
  let over = 0;
  let meanCpu = 0;

  function restartOnce(reason: string, mode: StopMode): void {
    if (restarted) return;
    restarted = true;
    restart(reason, mode);
  }

  function restartWhenQuiet(reason: string): void {
    if (nowMs() - askedMs < ASK_QUIET_MS) return;
    askedMs = nowMs();
    readActivity().then(
      (activity) => {
        if (activity && (activity.outputAgeMs ?? Number.POSITIVE_INFINITY) >= QUIET_MS) restartOnce(reason, 'graceful');
      },
      () => {
        // The host is away: asked again.
      },
    );
  }

  function judgeMemory(bytes: number): string {
    if (!rules || !memory) return '';
    const { level, words } = rules.judge({ nowMs: nowMs(), bytes });
    if (level !== 'exceeded' || memory.action === 'notify') return words;
    if (memory.action === 'restart') {
      restartOnce(words, 'graceful');
      return words;
    }
    restartWhenQuiet(words);
    return `${words}; restarts when it is quiet`;
  }

  function judgeGrowth(): string {
    if (nowMs() - growthAtMs < GROWTH_INTERVAL_MS) return growth;
    growthAtMs = nowMs();
    const found = suspectGrowth(history.minuteMinima());
    growth = found
      ? `suspected growth: ${formatMemory(found.grownBytes)} in ${found.minutes} min, ${formatMemory(found.bytesPerMinute)} a minute`
      : '';
    return growth;
  }

  /** The kernel would have refused the memory; we can only end the program afterwards. */
  function enforceMemory(bytes: number): void {
    if (memoryMaxBytes === null || limits().enforced.includes('memory')) return;
    over = bytes > memoryMaxBytes ? over + 1 : 0;
    if (over < SUSTAINED_SAMPLES && bytes <= FAR_ABOVE * memoryMaxBytes) return;
    restartOnce(`memory is ${formatMemory(bytes)}, above its limit of ${formatMemory(memoryMaxBytes)}`, 'kill');
  }

  function tellLimits({ pids, cpuPercent: now }: Sample): string[] {
    const told: string[] = [];
    if (maxProcesses !== null && pids.length > maxProcesses && !limits().enforced.includes('pids')) {
      told.push(`has more processes than max_processes ${maxProcesses}`);
    }
    meanCpu += CPU_WEIGHT * (now - meanCpu);
    if (cpuPercent !== null && meanCpu > cpuPercent && !limits().enforced.includes('cpu')) {
      told.push(`uses more CPU than cpu_percent ${cpuPercent}`);
    }
    return told;
  }

  return {
    sampled(sample) {
      const bytes = limits().usedBytes() ?? reader.estimate(sample.pids, sample.rssBytes, lowest);
      enforceMemory(bytes);
      return [judgeMemory(bytes), ...tellLimits(sample), judgeGrowth(), limits().problem].filter(
        (words) => words !== '',
      );
    },
  };
}
