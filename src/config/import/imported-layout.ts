import { MAX_TIMER_MS } from '../../core/timer-limit.ts';

/**
 * What the importers of other tools' files make: a layout as plain values, in the order in which it shall be written, with the remarks
 * that belong to its parts. `writeLayout` turns it into YAML.
 */
export type ImportedLayout = {
  /** At the head of the file. */
  notes: string[];
  /** The keys of the layout but `panes` and `profiles`. */
  head: Settings;
  /** By key of `head`, or `profiles`. */
  headNotes: Record<string, string[]>;
  panes: ImportedPane[];
  profiles: Record<string, { env?: Settings; panes: Record<string, Settings> }>;
};

export type ImportedPane = { name: string; settings: Settings; notes: string[] };

export type Value = string | number | boolean | null | Expandable | readonly Value[] | Settings;
/** What is undefined, or a record of nothing, is not written. */
export type Settings = { [key: string]: Value | undefined };

/** A text in which nonet shall expand `${VAR}`. Every other text means itself, whatever it holds. */
export type Expandable = { readonly expandable: string };

export function isExpandable(value: Value): value is Expandable {
  return typeof value === 'object' && value !== null && 'expandable' in value;
}

export function createImportedLayout(): ImportedLayout {
  return { notes: [], head: {}, headNotes: {}, panes: [], profiles: {} };
}

/** How every option that has no counterpart is told. */
export function notMapped(name: string, why: string): string {
  return `not mapped: ${name}: ${why}`;
}

export const UNKNOWN_OPTION = 'nonet import does not know it';

/** ms in the largest unit that says it without a fraction: 1600 → 1600ms, 10000 → 10s, 600000 → 10m. */
export function durationText(ms: number): string {
  const rounded = Math.min(Math.max(0, Math.round(ms)), MAX_TIMER_MS);
  if (rounded === 0) return '0s';
  if (rounded % 3_600_000 === 0) return `${rounded / 3_600_000}h`;
  if (rounded % 60_000 === 0) return `${rounded / 60_000}m`;
  return rounded % 1000 === 0 ? `${rounded / 1000}s` : `${rounded}ms`;
}

const DEFAULT_WINDOW_MS = 600_000;

/**
 * The `window` that a limit of restarts needs to be reached, when nonet's own is too short for it: nonet counts restarts in a window, the
 * others count them for ever. It is never shorter than the time after which a program counts as started.
 */
export function windowFor(
  maxRestarts: number,
  delays: { firstMs: number; factor: number; maxMs: number; uptimeMs?: number | undefined },
): string | undefined {
  let totalMs = delays.uptimeMs ?? 0;
  let delayMs = delays.firstMs;
  for (let count = 0; count < Math.min(maxRestarts, MAX_RESTARTS) && totalMs < MAX_WINDOW_MS; count++) {
    totalMs += Math.max(0, Math.min(delayMs, delays.maxMs));
    delayMs = Math.min(delayMs * delays.factor, delays.maxMs);
  }
  if (totalMs <= DEFAULT_WINDOW_MS) return undefined;
  // Twice: the program itself takes its time to fail.
  return durationText(Math.min(Math.ceil((2 * totalMs) / HOUR_MS) * HOUR_MS, MAX_WINDOW_MS));
}

const HOUR_MS = 3_600_000;
/** As many as a layout may say. */
export const MAX_RESTARTS = 100_000;
export const MAX_WINDOW_MS = 14 * 24 * HOUR_MS;

/** nonet's own delays between restarts, where the other file says none. */
export const OWN_DELAYS = { firstMs: 1000, factor: 2, maxMs: 60_000 };
