import type { Health } from '../core/session.ts';
import type { HealthSettings } from '../core/supervision.ts';
import { MAX_TIMER_MS } from '../core/timer-limit.ts';
import type { ProbeRunner } from './probe.ts';
import type { SleepWatch } from './sleep-watch.ts';

/** Looks at one run of a pane again and again, one look at a time. */
export type HealthCheck = {
  readonly health: Health;
  /** What the latest look that counted found. */
  readonly detail: string;
  dispose(): void;
};

export type HealthCheckDeps = {
  probes: ProbeRunner;
  sleep: SleepWatch;
  /** Monotonic ms. */
  nowMs: () => number;
  random: () => number;
};

export type HealthCheckOptions = {
  pane: number;
  settings: HealthSettings;
  /** Monotonic ms. */
  startedAtMs: number;
  onChange: () => void;
  /** It has become unhealthy. */
  onUnhealthy: (reason: string) => void;
};

/** Nine panes with the same interval are not looked at in the same moment. */
const JITTER = 0.1;

export function createHealthCheck(
  { probes, sleep, nowMs, random }: HealthCheckDeps,
  options: HealthCheckOptions,
): HealthCheck {
  const { pane, settings, startedAtMs, onChange, onUnhealthy } = options;
  const { probe, intervalMs, timeoutMs, failures, successes, startPeriodMs } = settings;
  const off = new AbortController();
  let health: Health = 'unknown';
  let detail = '';
  let failed = 0;
  let succeeded = 0;
  let timer = setTimeout(() => void look(), intervalMs * random() * JITTER);

  async function look(): Promise<void> {
    const beganMs = nowMs();
    const result = await probes.run(probe, { pane, timeoutMs, signal: off.signal });
    if (off.signal.aborted) return;
    const wokeAtMs = sleep.wokeAtMs();
    // A look during which nobody looked says nothing; after that the program has one interval to come to itself.
    if (wokeAtMs < beganMs) count(result, nowMs() - wokeAtMs < intervalMs + timeoutMs);
    if (off.signal.aborted) return;
    const pauseMs = Math.max(0, intervalMs - (nowMs() - beganMs));
    timer = setTimeout(() => void look(), Math.min(pauseMs + intervalMs * JITTER * (random() - 0.5), MAX_TIMER_MS));
  }

  function count({ ok, detail: found }: { ok: boolean; detail: string }, justWoke: boolean): void {
    if (ok) {
      failed = 0;
      succeeded++;
      detail = found;
      // The first success after a start is enough: nothing was wrong before.
      if (health !== 'healthy' && (health === 'unknown' || succeeded >= successes)) change('healthy');
      return;
    }
    succeeded = 0;
    if (justWoke || (health === 'unknown' && nowMs() - startedAtMs < startPeriodMs)) return;
    detail = found;
    failed++;
    if (failed < failures || health === 'unhealthy') return;
    change('unhealthy');
    const times = failed === 1 ? '' : `${failed} times in a row, the last: `;
    onUnhealthy(`unhealthy: ${times}${found}`);
  }

  function change(next: Health): void {
    health = next;
    onChange();
  }

  return {
    get health() {
      return health;
    },
    get detail() {
      return detail;
    },
    dispose() {
      clearTimeout(timer);
      off.abort();
    },
  };
}
