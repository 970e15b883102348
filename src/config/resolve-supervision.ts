import {
  DEFAULT_LOG_SETTINGS,
  type LimitSettings,
  type LogSettings,
  type MemorySettings,
  type OnFatal,
  type SupervisionSettings,
  type WatchSettings,
} from '../core/supervision.ts';
import type { PaneInput } from './layout-schema.ts';
import { type Pick, pickEither } from './levels.ts';
import { resolveCommand } from './resolve-command.ts';
import type { ResolveContext } from './resolve-context.ts';
import { resolvePath } from './resolve-path.ts';
import { resolveHealth, resolveReady } from './resolve-probes.ts';
import { hintDuration, hintSize } from './unit-hints.ts';

/** What a change of these says nothing about the program: editors, tools and logs write them all the time. */
const DEFAULT_WATCH_IGNORE = ['.git', 'node_modules', 'dist', '*.log'];
const DEFAULT_WATCH_DELAY_MS = 500;

/** A pane's supervision with the defaults filled in, but for what takes the other panes to know: dependencies and instances. */
export function resolveSupervision(
  pick: Pick,
  { cwd, context }: { cwd: string; context: ResolveContext },
): Omit<SupervisionSettings, 'dependsOn' | 'instance'> {
  return {
    ready: resolveReady(pick, context),
    cronRestart: pick((input) => input.cron_restart, 'cron_restart')?.value ?? null,
    watch: resolveWatch(pick, cwd, context),
    onFatal: resolveOnFatal(pick, context),
    health: resolveHealth(pick, context),
    hang: resolveHang(pick, context),
    memory: resolveMemory(pick, context),
    limits: resolveLimits(pick, context),
    log: resolveLog(pick, context),
    resurrect: pick((input) => input.resurrect, 'resurrect')?.value ?? 'ask',
  };
}

function resolveWatch(pick: Pick, cwd: string, context: ResolveContext): WatchSettings | null {
  const nearest = pick((input) => input.watch, 'watch');
  if (!nearest || nearest.value === null || nearest.value === false) return null;
  const long = (input: PaneInput) => {
    const { watch } = input;
    if (typeof watch === 'string' || Array.isArray(watch)) return { paths: watch };
    return typeof watch === 'object' && watch !== null ? watch : undefined;
  };
  const paths = nearest.value === true ? undefined : pick((input) => long(input)?.paths, 'watch');
  const ignore = pick((input) => long(input)?.ignore, 'watch', 'ignore')?.value;
  const from = { ...context, directory: cwd };
  const delay = pick((input) => long(input)?.delay, 'watch', 'delay');
  hintDuration(delay, context);
  return {
    paths: paths ? listOf(paths.value).map((value) => resolvePath(value, paths.path, from)) : [cwd],
    ignore: ignore === undefined ? DEFAULT_WATCH_IGNORE : listOf(ignore),
    delayMs: delay?.value ?? DEFAULT_WATCH_DELAY_MS,
  };
}

function listOf(value: string | string[]): string[] {
  return typeof value === 'string' ? [value] : value;
}

function resolveOnFatal(pick: Pick, context: ResolveContext): OnFatal {
  const found = pick((input) => input.on_fatal, 'on_fatal');
  if (!found) return { action: 'notify' };
  if (typeof found.value === 'string') return { action: found.value };
  const command = resolveCommand(found.value.run, [...found.path, 'run'], context);
  return command ? { action: 'run', argv: command.argv } : { action: 'notify' };
}

function resolveHang(pick: Pick, { report, damaged }: ResolveContext): SupervisionSettings['hang'] {
  const found = pick((input) => input.hang, 'hang');
  if (!found?.value) return null;
  const after = pick(({ hang }) => hang?.after);
  if (!after) {
    if (found.path[0] !== 'defaults' && !damaged(found.path))
      report(found.path, '"hang" needs "after": how long without output and input, like 10m');
    return null;
  }
  if (after.value === 0) report([...after.path, 'hang'], 'a hang takes longer than 0');
  return { afterMs: after.value, action: pick(({ hang }) => hang?.action)?.value ?? 'notify' };
}

function resolveMemory(pick: Pick, context: ResolveContext): MemorySettings | null {
  const { report, warn, damaged } = context;
  const nearest = pick((input) => (input.memory === undefined ? input.max_memory_restart : input.memory));
  if (!nearest || nearest.value === null) return null;
  const max = pickEither(pick, {
    first: { read: ({ memory }) => memory?.max, keys: ['memory', 'max'] },
    second: { read: ({ max_memory_restart }) => max_memory_restart, keys: ['max_memory_restart'] },
    warn,
  });
  const value = <K extends keyof NonNullable<PaneInput['memory']>>(key: K) =>
    pick(({ memory }) => memory?.[key], 'memory', key);
  const warning = pick(({ memory }) => memory?.warn, 'memory', 'warn');
  const action = value('action');
  const restarts = max?.path.at(-1) === 'max_memory_restart';
  if (!warning && !max) {
    const path = [...nearest.path, 'memory'];
    if (path[0] !== 'defaults' && !damaged(path)) report(path, '"memory" needs "warn" or "max"');
    return null;
  }
  hintSize(warning, context);
  hintSize(max, context);
  if (warning && max && warning.value > max.value)
    report(warning.path, `warn (${warning.value} bytes) is more than max (${max.value} bytes)`);
  if (!max && action && action.value !== 'notify' && action.path[0] !== 'defaults')
    report(action.path, `"${action.value}" needs "max": the memory above which it happens`);
  const memoryMax = pick(({ limits }) => limits?.memory_max, 'limits', 'memory_max');
  if (max && memoryMax && memoryMax.value !== null && memoryMax.value < max.value)
    warn(
      memoryMax.path,
      'memory_max is less than memory.max: the system ends the program before anything else happens',
    );
  return {
    warnBytes: warning?.value ?? null,
    maxBytes: max?.value ?? null,
    sustainMs: value('sustain')?.value ?? 30_000,
    action: action?.value ?? (restarts ? 'restart' : 'notify'),
  };
}

function resolveLimits(pick: Pick, context: ResolveContext): LimitSettings {
  const value = <K extends keyof NonNullable<PaneInput['limits']>>(key: K) =>
    pick(({ limits }) => limits?.[key], 'limits', key);
  const nice = value('nice');
  if (nice?.value && nice.value < 0)
    context.warn(nice.path, 'a nice value below 0 needs a privilege that most users do not have');
  const memoryMax = value('memory_max');
  hintSize(memoryMax, context);
  return {
    nice: nice?.value ?? null,
    maxProcesses: value('max_processes')?.value ?? null,
    cpuPercent: value('cpu_percent')?.value ?? null,
    memoryMaxBytes: memoryMax?.value ?? null,
  };
}

type LogInput = {
  enabled?: boolean;
  raw?: boolean;
  max_size?: number;
  interval?: number | null;
  retain?: number;
  compress?: boolean;
  time_format?: string;
};

function resolveLog(pick: Pick, context: ResolveContext): LogSettings {
  const value = <K extends keyof LogInput>(key: K) =>
    pick((input) => (input.log as LogInput | undefined)?.[key], 'log', key)?.value;
  hintSize(
    pick((input) => (input.log as LogInput | undefined)?.max_size, 'log', 'max_size'),
    context,
  );
  return {
    enabled: value('enabled') ?? DEFAULT_LOG_SETTINGS.enabled,
    raw: value('raw') ?? DEFAULT_LOG_SETTINGS.raw,
    maxSizeBytes: value('max_size') ?? DEFAULT_LOG_SETTINGS.maxSizeBytes,
    // 0 as null: by size only.
    intervalMs: value('interval') || DEFAULT_LOG_SETTINGS.intervalMs,
    retain: value('retain') ?? DEFAULT_LOG_SETTINGS.retain,
    compress: value('compress') ?? DEFAULT_LOG_SETTINGS.compress,
    timeFormat: value('time_format') ?? DEFAULT_LOG_SETTINGS.timeFormat,
  };
}
