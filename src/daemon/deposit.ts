import { z } from 'zod';
import type { Layout } from '../core/layout.ts';
import { PANE_STATES } from '../core/session.ts';
import type { Size } from '../protocol/control.ts';
import type { SavedPane } from '../supervisor/pane-supervisor.ts';

/** What was asked for with `up`. `env`: of the one who asked; `size`: of the terminal in front of them, if there was one. */
export type SessionWish = { layout: Layout; env: Record<string, string>; size: Size | null };

/** What a daemon leaves with the host for the next one: what was asked for, and every pane's state. It is never on disk. */
export type SavedSession = SessionWish & {
  panes: SavedPane[];
  /** The session was asked to go down. `killAtMs`: when its grace is over, on the monotonic clock; null for the panes' own. */
  closing?: { killAtMs: number | null } | undefined;
};

const DEPOSIT_VERSION = 1;

const exit = z.object({ code: z.int().nullable(), signal: z.string().nullable() });

const paneState = z.object({
  name: z.enum(PANE_STATES),
  wanted: z.enum(['up', 'down']),
  epoch: z.int().min(0),
  restarts: z.int().min(0),
  attempt: z.int().min(0),
  recentRestarts: z.array(z.number()),
  exit: exit.nullable(),
  reason: z.string(),
  hint: z.string(),
  startedAtMs: z.number().nullable(),
  nextRestartAtMs: z.number().nullable(),
  stop: z
    .object({
      mode: z.enum(['graceful', 'kill']),
      spawnPending: z.boolean(),
      programGone: z.boolean(),
      treeGone: z.boolean(),
      stuck: z.boolean(),
    })
    .nullable(),
});

const depositSchema = z.object({
  version: z.literal(DEPOSIT_VERSION),
  // A layout that a daemon of this version has taken before.
  layout: z.custom<Layout>((value) => Array.isArray((value as Layout | null)?.panes)),
  env: z.record(z.string(), z.string()),
  size: z.object({ cols: z.int(), rows: z.int() }).nullable(),
  closing: z.object({ killAtMs: z.number().nullable() }).optional(),
  panes: z.array(
    z.object({
      state: paneState,
      program: z.object({ epoch: z.int(), pid: z.int(), startTime: z.string(), startedAt: z.number() }).nullable(),
      exits: z.array(
        z.object({ epoch: z.int(), at: z.number(), uptimeMs: z.number(), exit: exit.nullable(), reason: z.string() }),
      ),
    }),
  ),
});

export function formatDeposit(saved: SavedSession): string {
  return JSON.stringify({ version: DEPOSIT_VERSION, ...saved });
}

/** Null for what this version cannot read. */
export function parseDeposit(text: string): SavedSession | null {
  try {
    const deposit = depositSchema.parse(JSON.parse(text));
    return deposit.layout.panes.length === deposit.panes.length ? deposit : null;
  } catch {
    return null;
  }
}
