import path from 'node:path';
import { z } from 'zod';
import { ARRANGEMENTS } from '../core/layout.ts';
import { logBaseName } from '../core/log-names.ts';
import { PANE_STATES } from '../core/session.ts';
import { readFileOrBackup, writeFileAtomically } from './atomic-file.ts';

/**
 * What is left of a session when the machine, or host and daemon together, went away: where its layout came from and what every pane was
 * wanted to be. No environment and no values of variables: the layout is read again, with the environment of whoever asks.
 */
export type SavedSessionFile = z.infer<typeof schema>;

const shares = z.array(z.number().positive()).optional();
const grid = z.object({
  rows: z.int().min(1),
  cols: z.int().min(1),
  areas: z
    .array(z.object({ row: z.int().min(0), col: z.int().min(0), rowSpan: z.int().min(1), colSpan: z.int().min(1) }))
    .min(1),
  rowShares: shares,
  colShares: shares,
  arrangement: z.enum(ARRANGEMENTS).optional(),
});

const schema = z.object({
  version: z.literal(1),
  session: z.string(),
  /** ms since 1970. */
  savedAt: z.number(),
  /** Somebody took the session down: it is not to come back by itself. */
  closed: z.boolean(),
  /** A layout file, absolute, or a preset. */
  layout: z.object({ file: z.string().nullable(), preset: z.string().nullable() }),
  profile: z.string().nullable(),
  /** What panes have been renamed to, by their names in the layout. */
  renames: z.record(z.string(), z.string()).optional(),
  cwd: z.string(),
  /** What people have done to the layout since it was read; nothing when it is missing. */
  edits: z
    .object({
      grid,
      added: z.array(z.object({ name: z.string(), command: z.string(), cwd: z.string() })),
      closed: z.array(z.string()),
    })
    .optional(),
  /** Numbers of panes that are not those of the layout. */
  scaled: z.record(z.string(), z.int().min(1)).default({}),
  panes: z.array(
    z.object({
      name: z.string(),
      wanted: z.enum(['up', 'down']),
      state: z.enum(PANE_STATES),
      restarts: z.int().min(0),
      command: z.string(),
    }),
  ),
});

/** Null when there is none that this version can read, not even the one before. */
export function readSessionFile(directory: string): SavedSessionFile | null {
  return readFileOrBackup(sessionFileOf(directory), (content) => {
    try {
      return schema.parse(JSON.parse(content));
    } catch {
      return null;
    }
  });
}

/** Throws what the file system says; what was there before stays. */
export function writeSessionFile(directory: string, saved: SavedSessionFile): void {
  writeFileAtomically(sessionFileOf(directory), `${JSON.stringify(saved, null, 1)}\n`);
}

export function sessionFileOf(sessionStateDirectory: string): string {
  return path.join(sessionStateDirectory, 'session.json');
}

/** Where the last screen of a pane is kept, with its scrollback, as text with SGR. */
export function screenFileOf(sessionStateDirectory: string, paneName: string): string {
  return path.join(sessionStateDirectory, 'screens', `${logBaseName(paneName)}.ansi`);
}
