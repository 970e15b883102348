import type { HealthSettings, Probe, ReadySettings } from '../core/supervision.ts';
import type { PaneInput } from './layout-schema.ts';
import { type Pick, pickEither } from './levels.ts';
import type { Path } from './problem.ts';
import { resolveCommand } from './resolve-command.ts';
import type { ResolveContext } from './resolve-context.ts';
import { hintDuration } from './unit-hints.ts';

/** `ready` and `health`: which look at the program, and how often. What stands nearest says the look; the rest is set value by value. */
type ReadyInput = NonNullable<PaneInput['ready']>;
type HealthInput = NonNullable<PaneInput['health']>;
type ProbeInput = Partial<ReadyInput>;

const PROBE_KEYS = ['log_line', 'exec', 'http', 'tcp', 'screen', 'idle_screen'] as const;
const HEALTH_PROBE_KEYS = PROBE_KEYS.filter((key) => key !== 'idle_screen');

export function resolveReady(pick: Pick, context: ResolveContext): ReadySettings | null {
  const { report } = context;
  const timeout = pickEither(pick, {
    first: { read: ({ ready }) => ready?.timeout, keys: ['ready', 'timeout'] },
    second: { read: ({ listen_timeout }) => listen_timeout, keys: ['listen_timeout'] },
    warn: context.warn,
  });
  const waitReady = pick((input) => input.wait_ready, 'wait_ready');
  const found = findProbe(pick, 'ready', PROBE_KEYS, context);
  if (timeout?.value === 0) report(timeout.path, 'with a timeout of 0 nothing ever becomes ready');
  else hintDuration(timeout, context);
  if (!found) {
    const lost = pick((input) => input.listen_timeout, 'listen_timeout');
    if (lost && lost.path[0] !== 'defaults' && !waitReady?.value)
      context.warn(lost.path, 'listen_timeout has no effect without "ready", which says what to wait for', 'key');
    if (waitReady?.value && !context.damaged(waitReady.path)) {
      report(
        waitReady.path,
        'wait_ready needs to know what to wait for, since a pane has no process.send(\'ready\'): let the program print a line, and write ready: {log_line: "listening"}, or http, tcp, exec, screen',
      );
    }
    return null;
  }
  if (waitReady?.value === false) return null;
  const timeoutMs = timeout?.value ?? 30_000;
  const { probe, path } = found;
  if (probe.kind === 'idle_screen') {
    if (probe.quietMs === 0) report(path, 'idle_screen needs a time longer than 0');
    else if (timeoutMs > 0 && probe.quietMs >= timeoutMs)
      report(path, `idle_screen (${probe.quietMs} ms) is not shorter than the timeout (${timeoutMs} ms): never ready`);
  }
  return { probe, timeoutMs };
}

export function resolveHealth(pick: Pick, context: ResolveContext): HealthSettings | null {
  const { report } = context;
  const found = findProbe(pick, 'health', HEALTH_PROBE_KEYS, context);
  if (!found) return null;
  const value = <K extends keyof HealthInput>(key: K) => pick(({ health }) => health?.[key], 'health', key);
  const interval = value('interval');
  const timeout = value('timeout');
  hintDuration(timeout, context);
  const settings: HealthSettings = {
    probe: found.probe,
    intervalMs: interval?.value ?? Math.max(10_000, timeout?.value ?? 0),
    timeoutMs: timeout?.value ?? Math.min(1000, interval?.value ?? 1000),
    failures: value('failures')?.value ?? 3,
    successes: value('successes')?.value ?? 1,
    startPeriodMs: value('start_period')?.value ?? 0,
    action: value('action')?.value ?? 'notify',
  };
  if (interval && settings.intervalMs === 0) report(interval.path, 'an interval must be longer than 0');
  else if (timeout && settings.timeoutMs === 0) report(timeout.path, 'with a timeout of 0 every look fails');
  else if (settings.timeoutMs > settings.intervalMs)
    report(
      (timeout ?? interval)!.path,
      `timeout (${settings.timeoutMs} ms) is longer than interval (${settings.intervalMs} ms)`,
    );
  return settings;
}

/** Null without one, and when a nearer level switched it off. Several at one place, or none where one is needed, are reported. */
function findProbe(
  pick: Pick,
  name: 'ready' | 'health',
  keys: readonly (typeof PROBE_KEYS)[number][],
  context: ResolveContext,
): { probe: Probe; path: Path } | null {
  const nearest = pick((input) => input[name], name);
  if (!nearest || nearest.value === null) return null;
  const holder = pick((input) => {
    const value: ProbeInput | null | undefined = input[name];
    return value === null || (value && keys.some((key) => value[key] !== undefined)) ? { value } : undefined;
  }, name);
  const input = holder?.value.value;
  if (!holder || !input) {
    // Among the defaults, values may wait for the panes that say how to look.
    if (nearest.path[0] !== 'defaults' && !context.damaged(nearest.path))
      context.report(nearest.path, `"${name}" needs one of ${keys.join(', ')}`);
    return null;
  }
  const given = keys.filter((key) => input[key] !== undefined);
  const [key, second] = given as [(typeof PROBE_KEYS)[number], (typeof PROBE_KEYS)[number]?];
  if (second)
    context.report(
      [...holder.path, second],
      `"${key}" and "${second}" both say when it is ${name === 'ready' ? 'ready' : 'healthy'}: keep one`,
      'key',
    );
  const path = [...holder.path, key];
  const probe = probeOf(input, key, path, context);
  return probe && { probe, path };
}

function probeOf(
  input: ProbeInput,
  key: (typeof PROBE_KEYS)[number],
  path: Path,
  context: ResolveContext,
): Probe | null {
  switch (key) {
    case 'log_line':
      return { kind: 'log_line', pattern: input.log_line! };
    case 'screen':
      return { kind: 'screen', pattern: input.screen! };
    case 'http':
      return { kind: 'http', url: input.http! };
    case 'tcp':
      return { kind: 'tcp', ...input.tcp! };
    case 'idle_screen':
      return { kind: 'idle_screen', quietMs: input.idle_screen! };
    case 'exec': {
      const command = resolveCommand(input.exec!, path, context);
      return command && { kind: 'exec', argv: command.argv };
    }
  }
}
