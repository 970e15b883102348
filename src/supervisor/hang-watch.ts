import { durationWords } from '../core/restart-policy.ts';
import { MAX_TIMER_MS } from '../core/timer-limit.ts';
import type { SleepWatch } from './sleep-watch.ts';

/** How long a run has neither drawn nor been typed into; null for each that has not happened yet. Of the host's monotonic clock. */
export type Activity = { outputAgeMs: number | null; inputAgeMs: number | null };

/** Watches one run for a silence that is too long. Only where it is asked for: an agent that waits for its person is silent too. */
export type HangWatch = { dispose(): void };

export type HangWatchOptions = {
  afterMs: number;
  /** Monotonic ms. */
  startedAtMs: number;
  nowMs: () => number;
  sleep: SleepWatch;
  /** Null when the host cannot say. */
  readActivity: () => Promise<Activity | null>;
  onHang: (reason: string) => void;
  /** It has drawn something again, or somebody has typed. */
  onBack: () => void;
};

/** While a pane hangs, and while nobody can say. */
const RETRY_MS = 2_000;

export function watchForHang(options: HangWatchOptions): HangWatch {
  const { afterMs, startedAtMs, nowMs, sleep, readActivity, onHang, onBack } = options;
  let disposed = false;
  let hangs = false;
  let timer = arm(afterMs - (nowMs() - startedAtMs));

  /** At the first moment at which it could have been silent for long enough: an idle pane costs nothing. */
  function arm(delayMs: number): NodeJS.Timeout {
    return setTimeout(() => void look(), Math.min(Math.max(delayMs, 20), MAX_TIMER_MS));
  }

  async function look(): Promise<void> {
    const activity = await readActivity().catch(() => null);
    if (disposed) return;
    if (!activity) {
      timer = arm(RETRY_MS);
      return;
    }
    // What slept could not draw.
    const since = Math.max(startedAtMs, sleep.wokeAtMs());
    const ages = [nowMs() - since, activity.outputAgeMs, activity.inputAgeMs].filter((age) => age !== null);
    const silentMs = Math.min(...ages);
    const isSilent = silentMs >= afterMs;
    timer = arm(isSilent ? RETRY_MS : afterMs - silentMs);
    if (isSilent === hangs) return;
    hangs = isSilent;
    if (hangs) onHang(`hangs: no output and no input for ${durationWords(afterMs)}`);
    else onBack();
  }

  return {
    dispose() {
      disposed = true;
      clearTimeout(timer);
    },
  };
}
