import { z } from 'zod';
import { ARRANGEMENTS, type Layout } from '../core/layout.ts';
import type { LayoutDiff } from '../core/layout-diff.ts';
import type { PaneSignal, Progress } from '../core/pane-signal.ts';
import type { Exit, PaneDetail, PaneInfo, PaneView } from '../core/session.ts';
import type { LogSettings } from '../core/supervision.ts';
import { MAX_TIMER_MS } from '../core/timer-limit.ts';
import { request } from './request-table.ts';

/**
 * Control: what command line and client ask of the daemon, what the daemon asks of the host, and what both tell. Requests are rows of
 * two tables (name → schema of the parameters, type of the result); unknown requests get an error reply, unknown events are ignored.
 */
export const PROTOCOL_VERSION = 1;

const size = z.object({ cols: z.int().min(1).max(2000), rows: z.int().min(1).max(1000) });
const nothing = z.object({});
const pane = z.int().min(1).max(10_000);
/** A name, a number, a glob, or `all`. */
const selector = z.string().min(1).max(500);
const action = z.object({
  panes: z.array(selector).min(1).max(1000),
  /** Reply only when the panes are where they should be. */
  wait: z.boolean(),
});

const paneLog = z.object({
  /** Absolute path of the files without their endings. */
  base: z.string(),
  paneName: z.string(),
  /** What is run, for the line that tells of a start. */
  command: z.string(),
  settings: z.custom<LogSettings>((value) => typeof value === 'object' && value !== null),
});

export type PaneLogRequest = z.infer<typeof paneLog>;
export type Size = z.infer<typeof size>;
export type ActionResult = { pane: number; name: string; ok: boolean; message: string }[];
export type CaptureFormat = 'text' | 'ansi' | 'json';

/** What every peer says first, both ways. */
export const helloSchema = z.object({
  protocol: z.int(),
  version: z.string(),
  role: z.enum(['cli', 'client', 'daemon', 'host']),
  session: z.string(),
  pid: z.int(),
});
export type Hello = z.infer<typeof helloSchema>;

const layout = z.custom<Layout>(
  (value) => typeof value === 'object' && value !== null && Array.isArray((value as Layout).panes),
);
/** Where a layout came from, for reading it again. */
export const layoutOrigin = z.object({
  preset: z.string().nullable(),
  profile: z.string().nullable(),
  cwd: z.string(),
  /** The numbers of panes that `scale` has set, by kind; the layout's own file does not know of them. */
  scaled: z.record(z.string(), z.int().min(1)).optional(),
});

/** `shares`: of every row and column of the grid that there is; a client that has another one is refused. */
const shares = z.array(z.int().min(1).max(10_000)).min(1).max(100);
const arrangement = z.discriminatedUnion('change', [
  z.object({ change: z.literal('swap'), panes: z.tuple([pane, pane]) }),
  /** Null: as the layout was read. */
  z.object({ change: z.literal('shape'), arrangement: z.enum(ARRANGEMENTS).nullable() }),
  z.object({ change: z.literal('sizes'), rows: shares, columns: shares }),
  z.object({ change: z.literal('equal') }),
]);

export type ArrangeRequest = z.infer<typeof arrangement>;
export type AddedPane = { pane: number; name: string; ok: boolean; message: string };
/** `exists`: nothing was written. `notes`: what a person should know of the file. */
export type SavedLayout = { status: 'written' | 'exists'; file: string; notes: string[] };
export type LayoutOrigin = z.infer<typeof layoutOrigin>;
/** What is different, and, but for a dry run, what became of each pane that it concerns. */
export type LayoutChange = { diff: LayoutDiff; results: ActionResult };
/** `back`: how many layouts ago. `at`: when another one took its place, ms since 1970. `diff`: what going back would change. */
export type PastLayoutInfo = { back: number; at: number; name: string; panes: number; diff: LayoutDiff };

export const daemonRequests = {
  /** Starts the layout's panes; does nothing (`started: false`) when the session already has panes. */
  up: request<{ started: boolean }>()(
    z.object({
      layout,
      /** The environment of the one who asks: what panes start from. */
      env: z.record(z.string(), z.string()),
      /** The terminal of the one who asks, for the panes' first size; null without one. */
      size: size.nullable(),
      /** Where the layout came from, for coming back after a reboot. */
      origin: layoutOrigin.optional(),
      /** What panes of the layout were renamed to; the layout has these names already. */
      renames: z.record(z.string(), z.string()).optional(),
      /** Panes of a session that is brought back: those that were wanted up start by themselves only where they say so. */
      resurrect: z
        .array(z.object({ name: z.string(), wanted: z.enum(['up', 'down']), restarts: z.int().min(0) }))
        .optional(),
    }),
  ),
  /** The layout that the session has now. */
  layout: request<{ layout: Layout; origin: LayoutOrigin | null }>()(nothing),
  /** Makes the session what another layout says, touching only what is different. */
  apply: request<LayoutChange>()(
    z.object({
      layout,
      env: z.record(z.string(), z.string()),
      size: size.nullable(),
      origin: layoutOrigin.optional(),
      /** Only say what would change. */
      dryRun: z.boolean(),
    }),
  ),
  /** The layouts that the session had before, the latest first. */
  'past-layouts': request<PastLayoutInfo[]>()(nothing),
  /** Goes back to one of them. */
  rollback: request<LayoutChange>()(z.object({ back: z.int().min(1) })),
  /** Another number of panes of a kind. */
  scale: request<LayoutChange>()(z.object({ pane: selector, count: z.int().min(1).max(99) })),
  /** Another arrangement of the same panes, for every client. */
  arrange: request<Record<never, never>>()(arrangement),
  /** A pane more, in the last place. An empty command is the shell, in the directory where the program of pane `beside` is now. */
  'add-pane': request<AddedPane>()(z.object({ command: z.string().max(100_000), beside: pane.nullable() })),
  /** Stops the pane's programs and takes it out of the layout. */
  'close-pane': request<LayoutChange>()(z.object({ pane: selector })),
  /** Writes a layout file that brings up what the session has now. `file`: absolute. One that is there is written over only if told. */
  'save-layout': request<SavedLayout>()(z.object({ file: z.string().min(1).max(4096), overwrite: z.boolean() })),
  /** Snapshot now, `session-changed` events from then on. */
  subscribe: request<SessionSnapshot>()(nothing),
  list: request<PaneInfo[]>()(nothing),
  /** What the panes used lately: the newest `points` steps of the span, the newest last. */
  usage: request<PaneUsage[]>()(
    z.object({
      panes: z.array(selector).min(1).max(1000),
      span: z.enum(['5m', '1h', '24h']),
      points: z.int().min(0).max(1440),
    }),
  ),
  show: request<PaneDetail>()(z.object({ pane: selector })),
  start: request<ActionResult>()(action),
  stop: request<ActionResult>()(action),
  /** `now`: SIGKILL at once instead of signal and grace. */
  restart: request<ActionResult>()(action.extend({ now: z.boolean() })),
  kill: request<ActionResult>()(action),
  /** Restarts one after the other, each when the one before is ready again. */
  reload: request<ActionResult>()(action),
  /** Replies when everybody knows the pane by its new name. */
  rename: request<{ pane: number; before: string; name: string }>()(
    z.object({ pane: selector, name: z.string().max(500) }),
  ),
  send: request<Record<never, never>>()(
    z.object({ pane: selector, text: z.string().max(1_000_000), enter: z.boolean() }),
  ),
  'send-keys': request<Record<never, never>>()(z.object({ pane: selector, keys: z.array(z.string()).max(1000) })),
  capture: request<CaptureResult>()(
    z.object({ pane: selector, format: z.enum(['text', 'ansi', 'json']), scrollback: z.int().min(0).max(1_000_000) }),
  ),
  /** Empties the panes' logs. */
  flush: request<{ panes: string[] }>()(z.object({ panes: z.array(selector).min(1).max(1000) })),
  /** Writes session and screens to disk now. */
  save: request<{ panes: number }>()(nothing),
  /** The daemon makes room for another one, started from `entry`; host and panes stay. Replies before it leaves. */
  'hand-over': request<HandOver>()(z.object({ execPath: z.string().min(1), entry: z.string().min(1) })),
  /** Replies when every pane is stopped; daemon and host leave right after. */
  down: request<{ stuck: number[] }>()(z.object({ timeoutMs: z.number().min(0).max(MAX_TIMER_MS).nullable() })),
} as const;

/** Who is there now: versions of the daemon that leaves and of the host that stays. */
export type HandOver = { daemonVersion: string; hostVersion: string; pid: number };

/** Bytes of disks are a second; a step of `history` in which nothing was measured is null. */
export type PaneUsage = PaneInfo & {
  readBytes: number;
  writtenBytes: number;
  history: {
    stepMs: number;
    cpuPercent: (number | null)[];
    rssBytes: (number | null)[];
    readBytes: (number | null)[];
    writtenBytes: (number | null)[];
  };
};

/** `json` has one entry a line of the screen: its text and whether it continues the line before. */
export type CaptureResult = {
  text: string;
  lines?: { text: string; wrapped: boolean }[];
  cols?: number;
  rows?: number;
  cursor?: { col: number; row: number; visible: boolean };
  title?: string;
  /** How many of the oldest lines that were asked for are not in it: they would be too much for one reply. */
  omittedLines?: number;
};

/**
 * A part of a capture. Lines are numbered from the first that the pane ever had, so a number means the same line in the next request.
 * `text` has a line break after each line and is empty for `json`, which has `lines`. `top`: the oldest line wanted; `more`: it, or others
 * before `first`, can be asked for.
 */
export type CapturePiece = CaptureResult & { first: number; top: number; more: boolean };

export type SessionSnapshot = {
  session: string;
  version: string;
  layout: Layout;
  panes: PaneView[];
};

/** Events from daemon to subscribers. A `panes` event carries only panes that changed. */
export type DaemonEvent =
  | { event: 'panes'; panes: PaneView[] }
  | { event: 'session'; snapshot: SessionSnapshot }
  /** For whoever looks at the session. */
  | { event: 'notice'; kind: 'info' | 'warning' | 'error'; text: string }
  | { event: 'closing'; reason: string };

export const hostRequests = {
  /** Starts a process in a pane (a new pane, or one whose process has ended). Fails if one is still alive. */
  spawn: request<{ pid: number; startTime: string }>()(
    z.object({
      pane,
      epoch: z.int().min(1),
      argv: z.array(z.string()).min(1),
      cwd: z.string(),
      env: z.record(z.string(), z.string()),
      /** Used for a pane the host does not know yet; a known pane keeps its size. */
      size,
      scrollback: z.int().min(0).max(10_000_000),
      /** Where and how what the pane shows is logged; null for not at all. */
      log: paneLog.nullable().optional(),
    }),
  ),
  /** The log files of one base are another's from now on, unless that one has some; the pane, if it is known, goes on in them. */
  'move-log': request<Record<never, never>>()(z.object({ pane, from: z.string(), log: paneLog })),
  /** From now on what the pane shows is logged like this. */
  'set-log': request<Record<never, never>>()(z.object({ pane, log: paneLog.nullable() })),
  /** Each of the two takes the other's number; the first keeps its size and its log, whichever program it is that writes it. */
  'swap-panes': request<Record<never, never>>()(z.object({ pane, other: pane })),
  /** Forgets a pane and its screen. Fails while its program is alive. */
  'remove-pane': request<Record<never, never>>()(z.object({ pane })),
  /** Empties the logs of these panes. */
  'flush-logs': request<Record<never, never>>()(z.object({ panes: z.array(pane) })),
  /** Everything the host knows, and the daemon's own words as it left them. */
  facts: request<HostFacts>()(nothing),
  /** Keeps a text for the next daemon; the host does not read it. */
  deposit: request<Record<never, never>>()(z.object({ text: z.string() })),
  /** Types text; `paste` brackets it if the program asked for that. */
  write: request<Record<never, never>>()(z.object({ pane, text: z.string(), paste: z.boolean() })),
  keys: request<Record<never, never>>()(z.object({ pane, chords: z.array(z.string()) })),
  /** The newest lines that are no burden to send, or those before line `before` down to line `from`, where a reply before this one ended. */
  capture: request<CapturePiece>()(
    z.object({
      pane,
      format: z.enum(['text', 'ansi', 'json']),
      scrollback: z.int().min(0).max(1_000_000),
      from: z.int().min(0).optional(),
      before: z.int().min(0).optional(),
    }),
  ),
  /** Puts an earlier screen, as text with SGR, into a pane that has shown nothing yet. */
  'restore-screen': request<Record<never, never>>()(
    z.object({ pane, size, scrollback: z.int().min(0).max(10_000_000), text: z.string() }),
  ),
  /** From now on daemons are started from here: another version takes over. */
  'use-daemon': request<{ version: string }>()(z.object({ execPath: z.string().min(1), entry: z.string().min(1) })),
  /** Ends the host. Panes still alive get SIGHUP from the kernel. */
  shutdown: request<Record<never, never>>()(nothing),
} as const;

export type HostPaneFact = {
  pane: number;
  epoch: number;
  pid: number;
  /** Start time from /proc/PID/stat (or `ps` on macOS), with the pid an identity. */
  startTime: string;
  alive: boolean;
  exit: Exit | null;
  /** ms since 1970. */
  startedAt: number;
  exitedAt: number | null;
  title: string;
  /** As the program told (OSC 7); empty where it did not. */
  directory?: string;
  progress?: Progress;
  cols: number;
  rows: number;
  /** When the program last drew anything, ms since 1970. */
  lastOutputAt?: number;
  /** How long it has drawn nothing, and nobody has typed, in ms of the monotonic clock; null when that has not happened in this run. */
  outputAgeMs?: number | null;
  inputAgeMs?: number | null;
};
export type HostFacts = { pid: number; panes: HostPaneFact[]; deposit: string };

/** Events from host to daemon. */
export type HostEvent =
  | { event: 'exited'; pane: number; epoch: number; exit: Exit; at: number }
  | { event: 'signal'; pane: number; signal: PaneSignal };
