import { expect, test } from 'vitest';
import { formatSize, parseSize } from '../../src/config/size.ts';

test.each([
  ['500M', 500 * 1024 ** 2],
  ['1.5G', 1.5 * 1024 ** 3],
  ['800 MiB', 800 * 1024 ** 2],
  ['64k', 65_536],
  ['10MB', 10_000_000],
  ['2T', 2 * 1024 ** 4],
  ['1024', 1024],
  ['512B', 512],
  [4096, 4096],
])('%s is %d bytes', (text, bytes) => {
  expect(parseSize(text)).toEqual({ ok: true, bytes });
});

test.each(['', 'M', '-5M', '1,5G', '5X', '5 iB', '5  M', '1e9', Number.POSITIVE_INFINITY, '9999T', '0', '0.1'])(
  '%s is no size',
  (text) => {
    expect(parseSize(text)).toMatchObject({ ok: false, message: expect.stringContaining('size') });
  },
);

test.each([1, 999, 1024, 1000, 500 * 1024 ** 2, 10_000_000, 1024 ** 3, 1_234_567])(
  '%d is written so that it reads as itself',
  (bytes) => {
    expect(parseSize(formatSize(bytes))).toEqual({ ok: true, bytes });
  },
);
