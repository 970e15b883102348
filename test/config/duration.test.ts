import { expect, test } from 'vitest';
import { parseDuration } from '../../src/config/duration.ts';

test.each<[string | number, number]>([
  ['500ms', 500],
  ['1s', 1000],
  ['10m', 600_000],
  ['1h', 3_600_000],
  ['1h30m', 5_400_000],
  ['0.5s', 500],
  ['0s', 0],
  [0, 0],
  [10, 10_000],
  [2.5, 2500],
])('%s is %i ms', (text, ms) => {
  expect(parseDuration(text)).toEqual({ ok: true, ms });
});

test.each(['', '10', '1 s', 's', '1d', '1s ', '-1s', '1e3s', '600h', -1, Number.NaN, Number.POSITIVE_INFINITY, 1e9])(
  '%s is no duration',
  (text) => {
    expect(parseDuration(text).ok).toBe(false);
  },
);
