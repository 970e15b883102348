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

/** How a process ended. `signal` is a name (`SIGKILL`) or null; `code` is null when a signal ended it. */
export type Exit = { code: number | null; signal: string | null };

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
  /** Why the pane is in its state, in plain words; empty while it simply runs. */
  reason: string;
  title: string;
  command: string;
  cwd: string;
};

/** PaneInfo and what only a client needs. `nextRestartAt`: ms since 1970, in backoff. `hint`: the remedy in plain words (an install command), or empty. */
export type PaneView = PaneInfo & { nextRestartAt: number | null; hint: string };

/** `show PANE --json`. */
export type PaneDetail = PaneInfo & {
  argv: string[];
  agent: string;
  restart: string;
  cols: number;
  rows: number;
  /** Names only: values may be secrets. */
  envNames: string[];
  processes: { pid: number; command: string; cpuPercent: number; rssBytes: number }[];
  /** Newest first. */
  exits: { epoch: number; at: number; uptimeMs: number; exit: Exit | null; reason: string }[];
};
