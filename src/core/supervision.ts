/**
 * Settings of a pane's supervision beyond restart and stop, after validation: every default filled in, durations in ms, sizes in bytes,
 * paths absolute. A setting that is null is off.
 */
export type SupervisionSettings = {
  /** When the pane counts as ready. Without it, it is as soon as it runs. */
  ready: ReadySettings | null;
  dependsOn: Dependency[];
  /** Five fields (minute hour day month weekday) or a macro like `@daily`, in local time; restarts a running pane. */
  cronRestart: string | null;
  watch: WatchSettings | null;
  onFatal: OnFatal;
  health: HealthSettings | null;
  /** No output and no input for this long while running is a hang. */
  hang: { afterMs: number; action: HealthAction } | null;
  memory: MemorySettings | null;
  limits: LimitSettings;
  log: LogSettings;
  /** After the machine or the whole session went away: run the command again, or wait with the old screen for a person's start. */
  resurrect: 'ask' | 'auto';
  /** 0-based number among the panes that `instances: N` made of one entry; null for a pane of its own. In `NONET_INSTANCE`. */
  instance: number | null;
};

/** One look at a program from outside. */
export type Probe =
  /** Exit code 0 within the timeout. Runs with the pane's environment and cwd. */
  | { kind: 'exec'; argv: [string, ...string[]] }
  /** A GET that is answered with 200–399. */
  | { kind: 'http'; url: string }
  /** A connection that is accepted. */
  | { kind: 'tcp'; host: string; port: number }
  /** A line of the pane's readable log since its start that matches (JavaScript regular expression, flag u). */
  | { kind: 'log_line'; pattern: string }
  /** The visible screen as text matches. */
  | { kind: 'screen'; pattern: string }
  /** Nothing was drawn for this long, after something was. */
  | { kind: 'idle_screen'; quietMs: number };

/** A start that is not ready within the timeout has failed. */
export type ReadySettings = { probe: Probe; timeoutMs: number };

/** `started`: its program runs; `ready`: and is ready; `exited_ok`: it ran and ended with a success code. */
export type DependencyCondition = 'started' | 'ready' | 'exited_ok';
export type Dependency = { pane: string; condition: DependencyCondition };

/** Changed files below `paths` restart the pane, `delayMs` after the last change. `ignore`: globs relative to each path. */
export type WatchSettings = { paths: string[]; ignore: string[]; delayMs: number };

/** What a pane that gave up means for others, besides being shown. */
export type OnFatal =
  | { action: 'notify' }
  | { action: 'stop_dependents' }
  | { action: 'run'; argv: [string, ...string[]] };

export type HealthAction = 'notify' | 'restart';

export type HealthSettings = {
  probe: Probe;
  intervalMs: number;
  timeoutMs: number;
  /** Failures in a row that make the pane unhealthy. */
  failures: number;
  /** Successes in a row that make it healthy again. */
  successes: number;
  /** After a start, failures do not count for this long. */
  startPeriodMs: number;
  action: HealthAction;
};

/** Of the whole tree. Above `maxBytes` for `sustainMs` the action follows; above `warnBytes` the pane is marked. */
export type MemorySettings = {
  warnBytes: number | null;
  maxBytes: number | null;
  sustainMs: number;
  /** `restart_when_quiet`: as soon as the pane has drawn nothing for a while. */
  action: 'notify' | 'restart' | 'restart_when_quiet';
};

export type LimitSettings = {
  /** -20 … 19. */
  nice: number | null;
  maxProcesses: number | null;
  /** 100 = one core. */
  cpuPercent: number | null;
  memoryMaxBytes: number | null;
};

export type LogSettings = {
  enabled: boolean;
  /** Keep the raw stream beside the readable text. */
  raw: boolean;
  maxSizeBytes: number;
  /** A file older than this is rotated whatever its size; null: by size only. */
  intervalMs: number | null;
  /** Rotated files that are kept. */
  retain: number;
  compress: boolean;
  /** Before every line of readable text; as strftime knows it, empty for none. */
  timeFormat: string;
};

export const DEFAULT_LOG_SETTINGS: LogSettings = {
  enabled: true,
  raw: true,
  maxSizeBytes: 10_000_000,
  intervalMs: null,
  retain: 5,
  compress: true,
  timeFormat: '%Y-%m-%dT%H:%M:%S',
};

export const DEFAULT_SUPERVISION: SupervisionSettings = {
  ready: null,
  dependsOn: [],
  cronRestart: null,
  watch: null,
  onFatal: { action: 'notify' },
  health: null,
  hang: null,
  memory: null,
  limits: { nice: null, maxProcesses: null, cpuPercent: null, memoryMaxBytes: null },
  log: DEFAULT_LOG_SETTINGS,
  resurrect: 'ask',
  instance: null,
};
