import { z } from 'zod';
import type { PaneFinds } from '../core/found-lines.ts';
import type { InputEvent } from '../core/input-event.ts';
import type { PaneSignal } from '../core/pane-signal.ts';
import { MAX_QUERY_LENGTH } from '../core/query-pattern.ts';

/** Of a text that clients share when it is copied, in UTF-16 units. */
export const MAX_COPIED_LENGTH = 1024 * 1024;

/** `#rrggbb`. */
const color = z.string().regex(/^#[0-9a-f]{6}$/);

/**
 * The short way between a client and the host: input in, screen frames out (screen-frame.ts). A client connects to the host's socket with
 * role `client`; what it says are events, so that a key never waits for an answer.
 */
export const clientEvents = {
  /**
   * What the client shows: the panes it draws and the size it has for each. Sent at attach and whenever it changes. A pane's
   * size is that of the client that typed last, or has turned to it since.
   */
  view: z.object({
    event: z.literal('view'),
    panes: z
      .array(
        z.object({ pane: z.int().min(1).max(10_000), cols: z.int().min(1).max(2000), rows: z.int().min(1).max(1000) }),
      )
      .max(1000),
  }),
  /** Keys, pastes and mouse reports for one pane, in order. */
  input: z.object({
    event: z.literal('input'),
    pane: z.int().min(1).max(10_000),
    input: z.array(z.custom<InputEvent>(isInputEvent)).max(100_000),
  }),
  /** The frame of this number is on the outer terminal: the next may come. */
  ack: z.object({ event: z.literal('ack'), frame: z.int() }),
  /** Send everything again. */
  refresh: z.object({ event: z.literal('refresh') }),
  /**
   * Which pane has this client's attention: its keys go there and the window it is drawn in has the focus. Null while that is so for
   * none. Programs that asked for it (mode 1004) are told.
   */
  focus: z.object({ event: z.literal('focus'), pane: z.int().min(1).max(10_000).nullable() }),
  /** The person has turned to this pane, by a key or a click: from now on it has the size that this client shows it in. */
  'turn-to': z.object({ event: z.literal('turn-to'), pane: z.int().min(1).max(10_000) }),
  /** The outer terminal as probed, null where it did not say: what panes are told when they ask. Sent again when it changes. */
  terminal: z.object({
    event: z.literal('terminal'),
    foreground: color.nullable(),
    background: color.nullable(),
    cursor: color.nullable(),
    /** The first colours of the palette, by number; those it did not tell are null. */
    palette: z.array(color.nullable()).max(256),
    scheme: z.enum(['dark', 'light']).nullable(),
    /** Pixels of one cell. */
    cell: z.object({ width: z.int().min(1).max(1000), height: z.int().min(1).max(1000) }).nullable(),
  }),
  /** All lines of a pane as they are now, the newest first, in frames of their own (history-frame.ts) that bear this id. */
  history: z.object({
    event: z.literal('history'),
    pane: z.int().min(1).max(10_000),
    id: z.int().min(0).max(0xffffffff),
  }),
  /** No more of them. */
  'history-end': z.object({ event: z.literal('history-end'), id: z.int().min(0).max(0xffffffff) }),
  /** Which lines of all panes match; answered by `found` events that bear this id. A client has one search: another ends it. */
  search: z.object({
    event: z.literal('search'),
    id: z.int().min(0).max(0xffffffff),
    text: z.string().min(1).max(MAX_QUERY_LENGTH),
    regex: z.boolean(),
  }),
  /** No more of them. */
  'search-end': z.object({ event: z.literal('search-end'), id: z.int().min(0).max(0xffffffff) }),
  /** A text was copied: every client pastes it from now on. */
  copied: z.object({ event: z.literal('copied'), text: z.string().min(1).max(MAX_COPIED_LENGTH) }),
} as const;

export const clientEventSchema = z.discriminatedUnion('event', [
  clientEvents.view,
  clientEvents.input,
  clientEvents.ack,
  clientEvents.refresh,
  clientEvents.focus,
  clientEvents['turn-to'],
  clientEvents.terminal,
  clientEvents.history,
  clientEvents['history-end'],
  clientEvents.search,
  clientEvents['search-end'],
  clientEvents.copied,
]);
export type ClientEvent = z.infer<typeof clientEventSchema>;
export type OuterTerminalFacts = Omit<Extract<ClientEvent, { event: 'terminal' }>, 'event'>;

/** Events from the host to every client, besides frames. Signals of one pane come in order. */
export type HostClientEvent =
  | { event: 'signal'; pane: number; signal: PaneSignal }
  | FoundEvent
  /** What was copied last in any client. */
  | { event: 'copied'; text: string };

/**
 * `panes`: those of which more is known than before, each with all of it. The last event of a search is `done`; `problem`: why not all has
 * been looked through.
 */
export type FoundEvent = { event: 'found'; id: number; panes: PaneFinds[]; done: boolean; problem: string };

/** A client's event, checked; null for one that is broken or that a newer client has. */
export function readClientEvent(event: { event: string }): ClientEvent | null {
  // What comes with every key and every frame is checked by hand: a schema takes longer than all else that is done with it.
  if (isAck(event) || isInput(event)) return event;
  const parsed = clientEventSchema.safeParse(event);
  return parsed.success ? parsed.data : null;
}

function isAck(event: { event: string; frame?: unknown }): event is Extract<ClientEvent, { event: 'ack' }> {
  return event.event === 'ack' && Number.isInteger(event.frame);
}

function isInput(event: {
  event: string;
  pane?: unknown;
  input?: unknown;
}): event is Extract<ClientEvent, { event: 'input' }> {
  if (event.event !== 'input' || !Number.isInteger(event.pane) || !Array.isArray(event.input)) return false;
  return event.input.every(isInputEvent);
}

function isInputEvent(value: unknown): value is InputEvent {
  if (typeof value !== 'object' || value === null || !('type' in value)) return false;
  return value.type === 'key' || value.type === 'paste' || value.type === 'mouse';
}
