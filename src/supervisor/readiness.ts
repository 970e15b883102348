import { durationWords } from '../core/restart-policy.ts';
import type { ReadySettings } from '../core/supervision.ts';
import type { ProbeRunner } from './probe.ts';

/** Looks at a program that has started until it is ready or its time is over, whichever comes first; then calls back once. */
export type Readiness = { dispose(): void };

export type ReadinessOptions = {
  pane: number;
  ready: ReadySettings;
  /** How long it has been running. */
  sinceStartMs: number;
  onReady: () => void;
  onTimeout: (reason: string) => void;
};

const INTERVAL_MS = 250;
/** One look, where many are taken. */
const MAX_LOOK_MS = 5_000;
/** A daemon that has just come back looks at least this long before it says that the time is over. */
const LATEST_LOOK_MS = 2_000;

export function watchReadiness(probes: ProbeRunner, options: ReadinessOptions): Readiness {
  const { pane, ready, sinceStartMs, onReady, onTimeout } = options;
  const { probe, timeoutMs } = ready;
  const off = new AbortController();
  const leftMs = Math.max(timeoutMs - sinceStartMs, Math.min(LATEST_LOOK_MS, timeoutMs));
  const untilMs = performance.now() + leftMs;
  let detail = '';
  let pause: NodeJS.Timeout | undefined;
  const deadline = setTimeout(() => {
    dispose();
    onTimeout(`not ready within ${durationWords(timeoutMs)}${detail === '' ? '' : `: ${detail}`}`);
  }, leftMs);
  void look();

  async function look(): Promise<void> {
    const restMs = untilMs - performance.now();
    // A line of the log is waited for; the rest is asked again and again.
    const lookMs = probe.kind === 'log_line' ? restMs : Math.min(restMs, MAX_LOOK_MS);
    const result = await probes.run(probe, { pane, timeoutMs: Math.max(1, Math.round(lookMs)), signal: off.signal });
    if (off.signal.aborted) return;
    if (result.ok) {
      dispose();
      onReady();
      return;
    }
    detail = result.detail;
    pause = setTimeout(() => void look(), INTERVAL_MS);
  }

  function dispose(): void {
    clearTimeout(deadline);
    clearTimeout(pause);
    off.abort();
  }

  return { dispose };
}
