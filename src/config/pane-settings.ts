import type { PaneSpec } from '../core/layout.ts';
import type { Probe } from '../core/supervision.ts';
import { durationText, type Settings, type Value } from './import/imported-layout.ts';
import { formatSize } from './size.ts';
import { splitCommand } from './split-command.ts';

/**
 * A pane's settings as a layout file says them, without those that it would have anyway. `like`: a pane that says nothing but its command,
 * where this one is going to stand.
 */
export function paneSettings(spec: PaneSpec, like: PaneSpec): Settings {
  const all = settingsOf(spec);
  const usual = settingsOf(like);
  const kept = Object.entries(all).filter(([key, value]) => !isSame(value, usual[key]));
  const env = environmentBeside(spec.env, like.env);
  return {
    ...commandOf(spec),
    ...Object.fromEntries(kept.map(([key, value]) => [key, value === undefined ? null : value])),
    ...(Object.keys(env).length > 0 ? { env } : {}),
  };
}

/** A pane of several from one entry, as one of its own: the number that its program sees stays. */
export function withoutInstance(spec: PaneSpec): PaneSpec {
  if (spec.instance === null) return spec;
  return { ...spec, instance: null, env: { ...spec.env, NONET_INSTANCE: String(spec.instance) } };
}

function commandOf({ argv, command }: PaneSpec): Settings {
  if (argv.length === 3 && argv[0] === '/bin/sh' && argv[1] === '-c' && argv[2] === command) return { shell: command };
  // Without variables and home: what they have become is what is written.
  const { words, problems } = splitCommand(command, { variables: {}, home: '~' });
  const isPlain = problems.length === 0 && !/[$~]/.test(command) && isSame(words, [...argv]);
  return { command: isPlain ? command : [...argv] };
}

function environmentBeside(env: PaneSpec['env'], usual: PaneSpec['env']): Settings {
  const changed = Object.entries(env).filter(([name, value]) => !Object.hasOwn(usual, name) || usual[name] !== value);
  const missing = Object.keys(usual).filter((name) => !Object.hasOwn(env, name));
  return Object.fromEntries([...changed, ...missing.map((name) => [name, null] as const)]);
}

/** Undefined: off. */
function settingsOf(spec: PaneSpec): Settings {
  const { restart, stop, ready, watch, onFatal, health, hang, memory, limits, log } = spec;
  const policyOnly: Settings = {
    max_restarts: restart.maxRestarts,
    window: durationText(restart.windowMs),
    min_uptime: durationText(restart.minUptimeMs),
    success_exit_codes: restart.successExitCodes,
    stop_exit_codes: restart.stopExitCodes,
    delay: restart.delayMs === null ? null : durationText(restart.delayMs),
    backoff: {
      initial: durationText(restart.backoff.initialMs),
      factor: restart.backoff.factor,
      max: durationText(restart.backoff.maxMs),
      jitter: restart.backoff.jitter,
      reset_after: durationText(restart.backoff.resetAfterMs),
    },
  };
  return {
    agent: spec.agent,
    cwd: spec.cwd,
    autostart: spec.autostart,
    restart: { policy: restart.policy, ...policyOnly },
    stop: { keys: stop.keys, signal: stop.signal, timeout: durationText(stop.timeoutMs) },
    scrollback: spec.scrollback,
    ready: ready ? { ...probeOf(ready.probe), timeout: durationText(ready.timeoutMs) } : undefined,
    depends_on: spec.dependsOn.map(({ pane, condition }) => ({ pane, condition })),
    cron_restart: spec.cronRestart ?? undefined,
    watch: watch ? { paths: watch.paths, ignore: watch.ignore, delay: durationText(watch.delayMs) } : undefined,
    on_fatal: onFatal.action === 'run' ? { run: [...onFatal.argv] } : onFatal.action,
    health: health
      ? {
          ...probeOf(health.probe),
          interval: durationText(health.intervalMs),
          timeout: durationText(health.timeoutMs),
          failures: health.failures,
          successes: health.successes,
          start_period: durationText(health.startPeriodMs),
          action: health.action,
        }
      : undefined,
    hang: hang ? { after: durationText(hang.afterMs), action: hang.action } : undefined,
    memory: memory
      ? {
          warn: memory.warnBytes === null ? undefined : formatSize(memory.warnBytes),
          max: memory.maxBytes === null ? undefined : formatSize(memory.maxBytes),
          sustain: durationText(memory.sustainMs),
          action: memory.action,
        }
      : undefined,
    limits: {
      nice: limits.nice,
      max_processes: limits.maxProcesses,
      cpu_percent: limits.cpuPercent,
      memory_max: limits.memoryMaxBytes === null ? null : formatSize(limits.memoryMaxBytes),
    },
    log: {
      enabled: log.enabled,
      raw: log.raw,
      max_size: formatSize(log.maxSizeBytes),
      interval: log.intervalMs === null ? null : durationText(log.intervalMs),
      retain: log.retain,
      compress: log.compress,
      time_format: log.timeFormat,
    },
    resurrect: spec.resurrect,
  };
}

function probeOf(probe: Probe): Settings {
  switch (probe.kind) {
    case 'exec':
      return { exec: [...probe.argv] };
    case 'http':
      return { http: probe.url };
    case 'tcp':
      return { tcp: `${probe.host.includes(':') ? `[${probe.host}]` : probe.host}:${probe.port}` };
    case 'log_line':
      return { log_line: probe.pattern };
    case 'screen':
      return { screen: probe.pattern };
    case 'idle_screen':
      return { idle_screen: durationText(probe.quietMs) };
  }
}

/** Both are made in the same order. */
function isSame(one: Value | undefined, other: Value | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
