import { z } from 'zod';
import type { Layout } from '../core/layout.ts';
import type { PaneSignal, Progress } from '../core/pane-signal.ts';
import type { Exit, PaneDetail, PaneInfo, PaneView } from '../core/session.ts';

/**
 * Control: what command line and client ask of the daemon, what the daemon asks of the host, and what both tell. Requests are rows of
 * two tables (name → schema of the parameters, type of the result); unknown requests get an error reply, unknown events are ignored.
 */
export const PROTOCOL_VERSION = 1;

/** A row of a request table: the schema checks what enters, the phantom `result` types the reply. */
export type RequestRow<P extends z.ZodType, R> = { params: P; result?: R };

function request<R>() {
  return <P extends z.ZodType>(params: P): RequestRow<P, R> => ({ params });
}

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

export const daemonRequests = {
  /** Starts the layout's panes; does nothing (`started: false`) when the session already has panes. */
  up: request<{ started: boolean }>()(
    z.object({
      layout: z.custom<Layout>(
        (value) => typeof value === 'object' && value !== null && Array.isArray((value as Layout).panes),
      ),
      /** The environment of the one who asks: what panes start from. */
      env: z.record(z.string(), z.string()),
      /** The terminal of the one who asks, for the panes' first size; null without one. */
      size: size.nullable(),
    }),
  ),
  /** Snapshot now, `session-changed` events from then on. */
  subscribe: request<SessionSnapshot>()(nothing),
  list: request<PaneInfo[]>()(nothing),
  show: request<PaneDetail>()(z.object({ pane: selector })),
  start: request<ActionResult>()(action),
  stop: request<ActionResult>()(action),
  /** `now`: SIGKILL at once instead of signal and grace. */
  restart: request<ActionResult>()(action.extend({ now: z.boolean() })),
  kill: request<ActionResult>()(action),
  send: request<Record<never, never>>()(
    z.object({ pane: selector, text: z.string().max(1_000_000), enter: z.boolean() }),
  ),
  'send-keys': request<Record<never, never>>()(z.object({ pane: selector, keys: z.array(z.string()).max(1000) })),
  capture: request<CaptureResult>()(
    z.object({ pane: selector, format: z.enum(['text', 'ansi', 'json']), scrollback: z.int().min(0).max(1_000_000) }),
  ),
  /** Replies when every pane is stopped; daemon and host leave right after. */
  down: request<{ stuck: number[] }>()(z.object({ timeoutMs: z.number().min(0).nullable() })),
} as const;

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
    }),
  ),
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
};
export type HostFacts = { pid: number; panes: HostPaneFact[]; deposit: string };

/** Events from host to daemon. */
export type HostEvent =
  | { event: 'exited'; pane: number; epoch: number; exit: Exit; at: number }
  | { event: 'signal'; pane: number; signal: PaneSignal };

type Rows = Record<string, RequestRow<z.ZodType, unknown>>;
export type RequestName<T extends Rows> = Extract<keyof T, string>;
export type RequestParams<T extends Rows, N extends RequestName<T>> = z.infer<T[N]['params']>;
export type RequestResult<T extends Rows, N extends RequestName<T>> =
  T[N] extends RequestRow<z.ZodType, infer R> ? R : never;

/** Handlers for every row of a table: a row without one does not compile. */
export type RequestHandlers<T extends Rows, Context> = {
  [N in RequestName<T>]: (
    params: RequestParams<T, N>,
    context: Context,
  ) => Promise<RequestResult<T, N>> | RequestResult<T, N>;
};
