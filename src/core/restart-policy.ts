import type { BackoffSettings, RestartSettings } from './layout.ts';
import type { Exit } from './session.ts';

/** What a pane remembers of its restarts. Cleared by a person's start or restart. */
export type RestartMemory = {
  /** Failures in a row, the exponent of the next delay. */
  attempt: number;
  /** When the automatic restarts inside the window were, in monotonic ms. */
  recentRestarts: number[];
};

/**
 * How a run ended. `uptimeMs` is null when there was no run to speak of: nothing could be started, its host died under it, or nonet ended
 * it. `readyMs`: for how long it had been ready, which is the uptime that counts; null when it never was.
 */
export type RunEnd = { exit: Exit | null; uptimeMs: number | null; readyMs: number | null; reason: string };

export type Verdict =
  | { next: 'exited'; reason: string }
  | { next: 'fatal'; reason: string }
  | { next: 'backoff'; reason: string; delayMs: number; memory: RestartMemory };

/**
 * What follows the end of a run that nobody asked for. Failure is a signal or a code outside `success_exit_codes`. Every automatic restart
 * counts in the sliding window, however long the run before was; the delay grows with failures in a row and starts anew after
 * `reset_after` of being ready. `random` is in [0, 1).
 */
export function judgeRunEnd(
  end: RunEnd,
  memory: RestartMemory,
  settings: RestartSettings,
  { nowMs, random }: { nowMs: number; random: number },
): Verdict {
  const failure = end.exit === null || isFailure(end.exit, settings.successExitCodes);
  const early = end.readyMs === null || end.readyMs < settings.minUptimeMs;
  const reason =
    failure && early && end.uptimeMs !== null ? `${end.reason} after ${durationWords(end.uptimeMs)}` : end.reason;

  if (isStopCode(end.exit, settings.stopExitCodes)) {
    return { next: 'exited', reason: `${end.reason}, which is not restarted` };
  }

  // A shell's and env's way to say that there is no such program. Only at the start of a run: an interactive shell also leaves with 127
  // when the last thing typed into it was a slip of the fingers.
  const young = end.uptimeMs === null || end.uptimeMs < settings.minUptimeMs;
  const cause = failure && young ? MISSING_PROGRAM.get(end.exit?.code ?? -1) : undefined;
  if (cause) return { next: 'fatal', reason: `exited with code ${end.exit?.code}: ${cause}` };

  if (settings.policy === 'no' || (settings.policy === 'on-failure' && !failure)) return { next: 'exited', reason };

  const recentRestarts = restartsInWindow(memory.recentRestarts, nowMs, settings.windowMs);
  if (recentRestarts.length >= settings.maxRestarts) {
    const count = settings.maxRestarts === 1 ? 'once' : `${settings.maxRestarts} times`;
    return { next: 'fatal', reason: `restarted ${count} in ${durationWords(settings.windowMs)}: gave up (${reason})` };
  }
  const stable = end.readyMs !== null && end.readyMs >= settings.backoff.resetAfterMs;
  // With policy `always`, a program that runs and ends well is not failing: it comes back after the first delay every time.
  const attempt = stable || !(failure || early) ? 0 : memory.attempt;
  return {
    next: 'backoff',
    reason,
    delayMs: settings.delayMs ?? backoffDelayMs(settings.backoff, attempt, random),
    memory: { attempt: failure || early ? attempt + 1 : 0, recentRestarts },
  };
}

const MISSING_PROGRAM = new Map([
  [126, 'command found but not executable'],
  [127, 'command not found'],
]);

export function isFailure(exit: Exit, successExitCodes: readonly number[]): boolean {
  return exit.signal !== null || exit.code === null || !successExitCodes.includes(exit.code);
}

/** A program's word that it is done for good. A death by signal is nobody's word. */
function isStopCode(exit: Exit | null, stopExitCodes: readonly number[]): boolean {
  return exit !== null && exit.signal === null && exit.code !== null && stopExitCodes.includes(exit.code);
}

/** `initial × factor^attempt`, spread by the jitter to both sides, and below `max` where that would go beyond it. `attempt` counts from 0. */
export function backoffDelayMs(backoff: BackoffSettings, attempt: number, random: number): number {
  // Finite, because zero times infinity is not a number.
  const growth = Math.min(backoff.factor ** attempt, Number.MAX_VALUE);
  const plainMs = Math.min(backoff.initialMs * growth, backoff.maxMs);
  const shortestMs = plainMs * (1 - backoff.jitter);
  // Not cut off at the longest: panes that wait that long would all come back at once.
  const longestMs = Math.min(plainMs * (1 + backoff.jitter), backoff.maxMs);
  return Math.round(shortestMs + (longestMs - shortestMs) * random);
}

/** Those of `times` that still count at `nowMs`. */
export function restartsInWindow(times: readonly number[], nowMs: number, windowMs: number): number[] {
  return times.filter((time) => nowMs - time < windowMs);
}

export function describeExit({ code, signal }: Exit): string {
  return signal === null ? `exited with code ${code}` : `killed by ${signal}`;
}

/** One line for `show`. */
export function describePolicy({ policy, maxRestarts, windowMs }: RestartSettings): string {
  return policy === 'no' ? 'no' : `${policy}, at most ${maxRestarts} in ${durationWords(windowMs)}`;
}

/** A duration for people: `0.2 s`, `45 s`, `10 min`, `2 h`. */
export function durationWords(ms: number): string {
  const round = (value: number) => String(Math.round(value * 10) / 10);
  if (ms < 60_000) return `${round(ms / 1000)} s`;
  if (ms < 3_600_000) return `${round(ms / 60_000)} min`;
  return `${round(ms / 3_600_000)} h`;
}
