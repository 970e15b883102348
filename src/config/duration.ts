import { MAX_TIMER_MS } from '../core/timer-limit.ts';

export const DURATION_PATTERN = /^(\d+(\.\d+)?(ms|s|m|h))+$/;

const UNIT_MS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** `500ms`, `1s`, `10m`, `1h30m`, or a number of seconds, in milliseconds; a sentence when it is none of these. */
export function parseDuration(value: string | number): { ok: true; ms: number } | { ok: false; message: string } {
  let ms: number;
  if (typeof value === 'number') ms = value * 1000;
  else {
    if (/^-/.test(value)) return { ok: false, message: 'a duration cannot be negative' };
    if (!DURATION_PATTERN.test(value))
      return { ok: false, message: 'a duration is written like 500ms, 10s, 5m, 1h, or as a number of seconds' };
    ms = 0;
    for (const [, count, , unit] of value.matchAll(/(\d+(\.\d+)?)(ms|s|m|h)/g)) ms += Number(count) * UNIT_MS[unit!]!;
  }
  if (!Number.isFinite(ms)) return { ok: false, message: 'a duration is a finite number' };
  if (ms < 0) return { ok: false, message: 'a duration cannot be negative' };
  if (ms > MAX_TIMER_MS) return { ok: false, message: 'a duration cannot be longer than 24 days' };
  return { ok: true, ms: Math.round(ms) };
}
