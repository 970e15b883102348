import type { RestartSettings } from '../core/layout.ts';
import { type Pick, pickEither } from './levels.ts';
import type { Path } from './problem.ts';
import type { ResolveContext } from './resolve-context.ts';
import { hintDuration } from './unit-hints.ts';

/** Restart settings with the defaults filled in. A default gives way where a written value would contradict it. */
export function resolveRestart(pick: Pick, context: ResolveContext): RestartSettings {
  const { report, warn } = context;
  const policy = pick((input) => input.restart?.policy, 'restart', 'policy');
  const maxRestarts = pick((input) => long(input.restart)?.max_restarts, 'restart', 'max_restarts');
  const window = pick((input) => long(input.restart)?.window, 'restart', 'window');
  const minUptime = pick((input) => long(input.restart)?.min_uptime, 'restart', 'min_uptime');
  const exitCodes = pick((input) => long(input.restart)?.success_exit_codes, 'restart', 'success_exit_codes');
  const backoff = (key: 'initial' | 'factor' | 'max' | 'jitter' | 'reset_after') =>
    pick((input) => long(input.restart)?.backoff?.[key], 'restart', 'backoff', key);
  const stopExitCodes = pickEither(pick, {
    first: { read: (input) => long(input.restart)?.stop_exit_codes, keys: ['restart', 'stop_exit_codes'] },
    second: { read: (input) => input.stop_exit_codes, keys: ['stop_exit_codes'] },
    warn,
  });
  const delay = pickEither<number | null>(pick, {
    first: { read: (input) => long(input.restart)?.delay, keys: ['restart', 'delay'] },
    second: { read: (input) => input.restart_delay, keys: ['restart_delay'] },
    warn,
  });
  const initial = backoff('initial');
  const max = backoff('max');

  const initialMs = initial?.value ?? Math.min(1000, max?.value ?? 1000);
  const settings: RestartSettings = {
    policy: policy?.value ?? 'on-failure',
    maxRestarts: maxRestarts?.value ?? 5,
    windowMs: window?.value ?? 600_000,
    minUptimeMs: minUptime?.value ?? Math.min(5000, window?.value ?? 5000),
    successExitCodes: exitCodes?.value ?? [0],
    stopExitCodes: stopExitCodes?.value ?? [],
    delayMs: delay?.value ?? null,
    backoff: {
      initialMs,
      factor: backoff('factor')?.value ?? 2,
      maxMs: max?.value ?? Math.max(60_000, initialMs),
      jitter: backoff('jitter')?.value ?? 0.2,
      resetAfterMs: backoff('reset_after')?.value ?? 60_000,
    },
  };

  if (settings.minUptimeMs > settings.windowMs && minUptime)
    report(minUptime.path, `min_uptime (${settings.minUptimeMs} ms) is longer than window (${settings.windowMs} ms)`);
  if (initial && settings.backoff.initialMs > settings.backoff.maxMs)
    report(
      initial.path,
      `initial (${settings.backoff.initialMs} ms) is longer than max (${settings.backoff.maxMs} ms)`,
    );

  hintDuration(delay, context);
  const backoffBeside = pick((input) => long(input.restart)?.backoff, 'restart', 'backoff')?.path;
  if (delay && delay.value !== null && backoffBeside && isSameLevel(backoffBeside, delay.path))
    warn(backoffBeside, 'the delay takes the place of the backoff, which has no effect: keep one', 'key');

  const cause: Path | undefined = (delay ?? maxRestarts ?? window ?? initial ?? max ?? backoff('factor'))?.path;
  const totalMs = totalBackoffMs(settings);
  if (cause && settings.policy !== 'no' && totalMs > settings.windowMs) {
    warn(
      cause,
      `the delays of ${settings.maxRestarts} restarts add up to ${seconds(totalMs)}, more than the window of ${seconds(settings.windowMs)}: max_restarts is never reached`,
    );
  }
  return settings;
}

/** The short form has been made the long one with only a policy. */
type LongForm = {
  max_restarts?: number;
  window?: number;
  min_uptime?: number;
  success_exit_codes?: number[];
  stop_exit_codes?: number[];
  delay?: number | null;
  backoff?: { initial?: number; factor?: number; max?: number; jitter?: number; reset_after?: number };
};
function long(restart: object | undefined): LongForm | undefined {
  return restart;
}

/** Both stand below the same pane, defaults or profile. */
function isSameLevel(restartPath: Path, delayPath: Path): boolean {
  const level = restartPath.slice(0, restartPath.lastIndexOf('restart'));
  return delayPath.slice(0, level.length).join('\0') === level.join('\0');
}

function totalBackoffMs({ maxRestarts, windowMs, delayMs, backoff }: RestartSettings): number {
  if (delayMs !== null) return maxRestarts * delayMs;
  let total = 0;
  let delay = backoff.initialMs;
  // Past the window the rest does not matter; without delays the sum stays zero.
  for (let i = 0; i < maxRestarts && total <= windowMs; i++) {
    total += Math.min(delay, backoff.maxMs);
    delay = Math.min(delay * backoff.factor, backoff.maxMs);
  }
  return total;
}

function seconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`;
}
