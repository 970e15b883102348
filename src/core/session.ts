/** What the daemon tells about a session: the rows of `list --json` and the snapshot a client mirrors. */
export type PaneStateName = 'stopped' | 'starting' | 'running' | 'backoff' | 'stopping' | 'exited' | 'fatal';

export const PANE_STATES = [
  'stopped',
  'starting',
  'running',
  'backoff',
  'stopping',
  'exited',
  'fatal',
] as const satisfies readonly PaneStateName[];

/** Nothing runs and nothing is awaited: there is nothing to stop. */
export const AT_REST: Record<PaneStateName, boolean> = {
  stopped: true,
  starting: false,
  running: false,
  backoff: false,
  stopping: false,
  exited: true,
  fatal: true,
};

/** States by mark and word, never by colour alone. */
export const STATE_MARKS: Record<PaneStateName, string> = {
  running: '●',
  stopped: '○',
  starting: '◌',
  stopping: '◍',
  backoff: '↻',
  fatal: '✕',
  exited: '■',
};

/** `running`, or `running (unready)` while its program is not ready yet. */
export function stateWord({ state, ready }: { state: PaneStateName; ready: boolean | null }): string {
  return state === 'running' && ready === false ? 'running (unready)' : state;
}

/** How a process ended. `signal` is a name (`SIGKILL`) or null; `code` is null when a signal ended it. */
export type Exit = { code: number | null; signal: string | null };

/** What kind of end a run came to. `by-nonet`: a person or a setting wanted it to end. */
export const EXIT_KINDS = [
  'clean',
  'crash',
  'signal',
  'out-of-memory',
  'by-nonet',
  'start-failure',
  'not-ready',
  'host-lost',
] as const;
export type ExitKind = (typeof EXIT_KINDS)[number];

/** How a run, or the attempt at one, ended. `at`: ms since 1970. `tail`: the last lines of its screen, the newest last. */
export type ExitRecord = {
  epoch: number;
  at: number;
  uptimeMs: number;
  exit: Exit | null;
  reason: string;
  kind: ExitKind;
  tail: string[];
};

/** One row of `list --json`. Times in ms; `startedAt` in ms since 1970; `cpuPercent` 100 = one core; `rssBytes` of the whole tree. */
export type PaneInfo = {
  pane: number;
  name: string;
  state: PaneStateName;
  wanted: 'up' | 'down';
  pid: number | null;
  epoch: number;
  restarts: number;
  startedAt: number | null;
  uptimeMs: number | null;
  cpuPercent: number;
  rssBytes: number;
  exit: Exit | null;
  /** The latest run has ended as its settings expect; null while one lasts. An earlier version does not tell. */
  succeeded?: boolean | null;
  /** Why the pane is in its state, in plain words; empty while it simply runs. */
  reason: string;
  title: string;
  command: string;
  cwd: string;
  /** Null for a pane without a `ready` setting. */
  ready: boolean | null;
  /** Null for a pane without a `health` setting; `unknown` until it has been looked at often enough. */
  health: Health | null;
  /** What nonet has noticed about the running program and somebody should know; empty for nothing. */
  warning: string;
};

export type Health = 'healthy' | 'unhealthy' | 'unknown';

/** PaneInfo and what only a client needs. `nextRestartAt`: ms since 1970, in backoff. `hint`: the remedy in plain words (an install command), or empty. `repeats`: what the latest failures have in common, or empty. `asks`: it ran when the session ended, and waits for somebody to say that it may run again. */
export type PaneView = PaneInfo & { nextRestartAt: number | null; hint: string; repeats: string; asks: boolean };

/** Why a pane that asks is stopped. */
export const ASKS_REASON = 'it ran when the session ended, and waits to be started again';

/** Before what somebody should know about a pane that runs. */
export const WARNING_MARK = '▲';

/** What is wrong with a pane that runs, in words; empty for nothing. */
export function warningWords({ warning, health }: Pick<PaneInfo, 'warning' | 'health'>): string {
  return warning !== '' ? warning : health === 'unhealthy' ? 'unhealthy' : '';
}

/** `show PANE --json`. */
export type PaneDetail = PaneInfo & {
  argv: string[];
  agent: string;
  restart: string;
  cols: number;
  rows: number;
  /** Names only: values may be secrets. */
  envNames: string[];
  /** What it may use, in words; empty for no limits. */
  limits: string;
  /** The remedy in plain words, or empty. */
  hint: string;
  /** ms since 1970, in backoff. */
  nextRestartAt: number | null;
  /** The whole tree, parents before their children. `depth`: 0 for the program itself and for what has lost its parent. */
  processes: { pid: number; command: string; cpuPercent: number; rssBytes: number; depth: number }[];
  /** How earlier runs ended, newest first. */
  exits: ExitRecord[];
  /** What the latest failures have in common, or empty. */
  repeats: string;
};
