import type { SupervisionSettings } from './supervision.ts';

/**
 * A layout after validation: every default filled in, every path absolute, every variable expanded, every duration in
 * milliseconds. Made by config/ from YAML; the daemon runs it.
 */
export type Layout = {
  /** Default: the file's name without its ending. */
  name: string;
  /** Absolute path of the YAML it came from; null for a preset. */
  file: string | null;
  grid: Grid;
  panes: PaneSpec[];
  /** Command name → chords after the prefix (null unbinds), and `prefix` itself. Empty when the file says nothing. */
  keys: Record<string, string[] | null>;
  /** Null when the file says nothing: as the person has it. */
  mouse: boolean | null;
  /** Changes of the file while the session runs: applied by themselves, or when somebody says so. */
  reload: 'manual' | 'auto';
  clipboard: ClipboardPolicy;
  edits?: LayoutEdits;
};

/** What has become of the layout since it was read, by people who sit before it. `grid`: as it was read. Missing: nothing has. */
export type LayoutEdits = { grid: Grid; added: string[]; closed: string[] };

/** Which panes' programs may set the clipboard of the person's terminal (OSC 52). */
export const CLIPBOARD_POLICIES = ['focused', 'always', 'never'] as const;
export type ClipboardPolicy = (typeof CLIPBOARD_POLICIES)[number];

/**
 * Cells of the screen to panes: `areas[i]` is the rectangle, in grid cells, of the i-th pane of a page. More panes than
 * areas makes further pages of the same shape.
 */
export type Grid = {
  rows: number;
  cols: number;
  areas: GridArea[];
  /** What each row and column gets in proportion to the others, one for each; equal without. */
  rowShares?: number[];
  colShares?: number[];
  /** Made by this arrangement for the number of panes there are; see arrangement.ts. */
  arrangement?: ArrangementName;
};

/** Shapes of a page for however many panes there are. */
export const ARRANGEMENTS = ['grid', 'main-left', 'main-top', 'columns', 'rows'] as const;
export type ArrangementName = (typeof ARRANGEMENTS)[number];

export type GridArea = { row: number; col: number; rowSpan: number; colSpan: number };

export type AgentName = 'claude' | 'codex' | 'gemini' | 'opencode' | 'none';

export type PaneSpec = SupervisionSettings & {
  name: string;
  /** Program and arguments; a `shell:` pane is `[/bin/sh, -c, text]`. */
  argv: [string, ...string[]];
  /** The command as a person wrote it, for lists and titles. */
  command: string;
  agent: AgentName;
  /** Absolute; may not exist (pre-flight says so). */
  cwd: string;
  /** Added to the base environment; null removes a variable. */
  env: Record<string, string | null>;
  autostart: boolean;
  restart: RestartSettings;
  stop: StopSettings;
  /** Lines kept above the screen. */
  scrollback: number;
};

export type RestartSettings = {
  policy: 'no' | 'on-failure' | 'always';
  maxRestarts: number;
  windowMs: number;
  minUptimeMs: number;
  successExitCodes: number[];
  /** Codes after which the pane stays down whatever the policy says; never for a death by signal. */
  stopExitCodes: number[];
  /** A fixed delay before every restart in place of the backoff; null for the backoff. */
  delayMs: number | null;
  backoff: BackoffSettings;
};

/** `jitter`: a fraction; a delay d becomes a random one between d × (1 − jitter) and d × (1 + jitter). */
export type BackoffSettings = {
  initialMs: number;
  factor: number;
  maxMs: number;
  jitter: number;
  resetAfterMs: number;
};

/** `keys`: chords typed first, to ask a program to leave. */
export type StopSettings = { keys: string[]; signal: string; timeoutMs: number };
