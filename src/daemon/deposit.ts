import { z } from 'zod';
import type { Layout } from '../core/layout.ts';
import type { Renames } from '../core/layout-rename.ts';
import { CAUSES } from '../core/pane-life.ts';
import { EXIT_KINDS, PANE_STATES } from '../core/session.ts';
import { DEFAULT_SUPERVISION } from '../core/supervision.ts';
import { type LayoutOrigin, layoutOrigin, type Size } from '../protocol/control.ts';
import type { SavedPane } from '../supervisor/pane-supervisor.ts';
import type { PastLayout } from './past-layouts.ts';

/** What was asked for with `up`. `env`: of the one who asked; `size`: of the terminal in front of them, if there was one. */
export type SessionWish = {
  layout: Layout;
  env: Record<string, string>;
  size: Size | null;
  /** Where the layout came from, for reading it again. */
  origin?: LayoutOrigin | undefined;
  /** What panes are called by now, by their names in the layout's file. */
  renames?: Renames | undefined;
};

/** What a daemon leaves with the host for the next one: what was asked for, and every pane's state. It is never on disk. */
export type SavedSession = SessionWish & {
  panes: SavedPane[];
  /** The panes' numbers, in the same order. */
  numbers: number[];
  past: PastLayout[];
  /** The session was asked to go down. `killAtMs`: when its grace is over, on the monotonic clock; null for the panes' own. */
  closing?: { killAtMs: number | null } | undefined;
};

const DEPOSIT_VERSION = 1;

const exit = z.object({ code: z.int().nullable(), signal: z.string().nullable() });

const paneState = z.object({
  name: z.enum(PANE_STATES),
  wanted: z.enum(['up', 'down']),
  asks: z.boolean().default(false),
  epoch: z.int().min(0),
  restarts: z.int().min(0),
  attempt: z.int().min(0),
  recentRestarts: z.array(z.number()),
  exit: exit.nullable(),
  reason: z.string(),
  hint: z.string(),
  startedAtMs: z.number().nullable(),
  // What an earlier version did not write has a value that fits what it did.
  readyAtMs: z.number().nullable().optional(),
  hold: z.object({ blocked: z.boolean() }).nullable().default(null),
  nextRestartAtMs: z.number().nullable(),
  stop: z
    .object({
      mode: z.enum(['graceful', 'kill']),
      spawnPending: z.boolean(),
      programGone: z.boolean(),
      treeGone: z.boolean(),
      stuck: z.boolean(),
      because: z
        .object({ kind: z.enum(CAUSES), reason: z.string(), failure: z.boolean() })
        .nullable()
        .default(null),
      readyMs: z.number().nullable().default(null),
    })
    .nullable(),
});

const exitRecord = z.object({
  epoch: z.int(),
  at: z.number(),
  uptimeMs: z.number(),
  exit: exit.nullable(),
  reason: z.string(),
  kind: z.enum(EXIT_KINDS).catch('crash'),
  tail: z.array(z.string()).default([]),
});

/** A layout that a daemon has taken before, of this version or an earlier one, which knew fewer settings. */
const layout = z
  .custom<Layout>((value) => Array.isArray((value as Layout | null)?.panes))
  .transform(
    (value): Layout => ({
      ...value,
      reload: value.reload ?? 'manual',
      panes: value.panes.map((spec) => ({
        ...DEFAULT_SUPERVISION,
        ...spec,
        restart: {
          ...spec.restart,
          stopExitCodes: spec.restart.stopExitCodes ?? [],
          delayMs: spec.restart.delayMs ?? null,
        },
      })),
    }),
  );

const depositSchema = z.object({
  version: z.literal(DEPOSIT_VERSION),
  layout,
  env: z.record(z.string(), z.string()),
  size: z.object({ cols: z.int(), rows: z.int() }).nullable(),
  origin: layoutOrigin.optional(),
  renames: z.record(z.string(), z.string()).optional(),
  closing: z.object({ killAtMs: z.number().nullable() }).optional(),
  panes: z.array(
    z.object({
      state: paneState.transform((state) => ({
        ...state,
        readyAtMs: state.readyAtMs === undefined ? state.startedAtMs : state.readyAtMs,
      })),
      program: z.object({ epoch: z.int(), pid: z.int(), startTime: z.string(), startedAt: z.number() }).nullable(),
      exits: z.array(exitRecord),
    }),
  ),
  numbers: z.array(z.int().min(1)).optional(),
  past: z.array(z.object({ layout, at: z.number() })).default([]),
});

export function formatDeposit(saved: SavedSession): string {
  return JSON.stringify({ version: DEPOSIT_VERSION, ...saved });
}

/** Null for what this version cannot read. */
export function parseDeposit(text: string): SavedSession | null {
  try {
    const deposit = depositSchema.parse(JSON.parse(text));
    const { length } = deposit.layout.panes;
    const numbers = deposit.numbers ?? deposit.panes.map((_, index) => index + 1);
    return deposit.panes.length === length && numbers.length === length ? { ...deposit, numbers } : null;
  } catch {
    return null;
  }
}
