import { z } from 'zod';
import type { InputEvent } from '../core/input-event.ts';

/**
 * The short way between a client and the host: input in, screen frames out (screen-frame.ts). A client connects to the host's socket with
 * role `client`; what it says are events, so that a key never waits for an answer.
 */
export const clientEvents = {
  /**
   * What the client shows: the panes it draws and the size it has for each. Sent at attach and whenever it changes. A pane's
   * size is that of the client that typed last.
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
  /** The outer terminal's colours as probed, `#rrggbb`: what panes are told when they ask. */
  colors: z.object({
    event: z.literal('colors'),
    foreground: z
      .string()
      .regex(/^#[0-9a-f]{6}$/)
      .nullable(),
    background: z
      .string()
      .regex(/^#[0-9a-f]{6}$/)
      .nullable(),
    cursor: z
      .string()
      .regex(/^#[0-9a-f]{6}$/)
      .nullable(),
  }),
} as const;

export const clientEventSchema = z.discriminatedUnion('event', [
  clientEvents.view,
  clientEvents.input,
  clientEvents.ack,
  clientEvents.refresh,
  clientEvents.colors,
]);
export type ClientEvent = z.infer<typeof clientEventSchema>;

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
