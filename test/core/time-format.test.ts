import { describe, expect, test } from 'vitest';
import { createTimeFormat } from '../../src/core/time-format.ts';

const date = new Date(2026, 1, 3, 14, 5, 9, 42);

describe('a time', () => {
  test.each([
    ['%Y-%m-%dT%H:%M:%S', '2026-02-03T14:05:09'],
    ['%F %T.%L', '2026-02-03 14:05:09.042'],
    ['%d/%b/%Y %I:%M:%S %p', '03/Feb/2026 02:05:09 PM'],
    ['%a %e %B %k', 'Tue  3 February 14'],
    ['[%s] 100%% %q %j', `[${Math.floor(date.getTime() / 1000)}] 100% %q 034`],
    ['', ''],
    ['a\tb\n', 'a b '],
  ])('is written as %j says', (format, expected) => {
    expect(createTimeFormat(format).format(date)).toBe(expected);
  });

  test.each(['%Y-%m-%dT%H:%M:%S', '%F %T.%L%z', '%c', '%s', '[%d/%b/%Y %r]', '(%T) {%F}', '%m-%d %T'])(
    'written as %j is read again, with the text after it',
    (format) => {
      const time = createTimeFormat(format);
      const line = `${time.format(date)} some text`;
      const found = time.parse(line, new Date(2026, 2, 1));
      expect(line.slice(found?.end)).toBe('some text');
      expect(Math.floor(found!.time / 1000)).toBe(Math.floor(date.getTime() / 1000));
    },
  );

  test('without a day is of the day it is read near, or of the one before', () => {
    const time = createTimeFormat('%H:%M');
    expect(time.parse('14:05 x', new Date(2026, 1, 3, 20, 0))?.time).toBe(new Date(2026, 1, 3, 14, 5).getTime());
    expect(time.parse('14:05 x', new Date(2026, 1, 3, 9, 0))?.time).toBe(new Date(2026, 1, 2, 14, 5).getTime());
  });

  test('is not read from text that only looks like it', () => {
    const time = createTimeFormat('%F %T');
    const near = new Date();
    for (const line of ['', 'x 2026-02-03 14:05:09', '2026-02-03 14:05', '2026-02-03 14:05:09x', '2026-02-03']) {
      expect(time.parse(line, near), line).toBe(null);
    }
    expect(createTimeFormat('').parse('2026-02-03', near)).toBe(null);
    expect(createTimeFormat('%Y').parse('2026 x', near)).toBe(null);
  });
});
