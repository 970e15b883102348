import type { Picked } from './levels.ts';
import type { ResolveContext } from './resolve-context.ts';

/**
 * Warnings of bare numbers that look as if they were meant in another unit. PM2 counts durations in ms, a layout in seconds; only the names
 * that are PM2's count as PM2 does.
 */
const PM2_NAMES = ['restart_delay', 'listen_timeout'];

/** Nobody waits for as long, or as short, as this. */
const LONG_MS = 1_000_000;
const SHORT_MS = 100;
/** No program that runs, and no log worth keeping, is as small. */
const SMALL_BYTES = 65_536;

type NumberFound = Picked<number | null | undefined> | undefined;

export function hintDuration(found: NumberFound, context: ResolveContext): void {
  const written = bareNumber(found, context);
  if (!found?.value || written === undefined) return;
  const name = String(found.path.at(-1));
  if (PM2_NAMES.includes(name)) {
    if (found.value < SHORT_MS)
      context.warn(
        found.path,
        `${name} counts as PM2 does: ${written} is ${written} ms; for seconds write ${written}s`,
      );
  } else if (found.value >= LONG_MS)
    context.warn(found.path, `${name}: ${written} is ${written} seconds; for milliseconds write ${written}ms`);
}

export function hintSize(found: NumberFound, context: ResolveContext): void {
  const written = bareNumber(found, context);
  if (found?.value && found.value < SMALL_BYTES && written !== undefined)
    context.warn(found.path, `${String(found.path.at(-1))}: ${written} is ${written} bytes; for MiB write ${written}M`);
}

function bareNumber(found: NumberFound, { plainSource }: ResolveContext): string | undefined {
  const written = found && plainSource(found.path);
  return written !== undefined && /^\d+(\.\d+)?$/.test(written) ? written : undefined;
}
