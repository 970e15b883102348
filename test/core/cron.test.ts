import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { nextTime, parseCron } from '../../src/core/cron.ts';

const zoneBefore = process.env['TZ'];
afterEach(() => {
  if (zoneBefore === undefined) delete process.env['TZ'];
  else process.env['TZ'] = zoneBefore;
});

/** The next times after a local or UTC time, as the clock on the wall shows them. */
function timesIn(zone: string, schedule: string, after: string, count = 1): string[] {
  process.env['TZ'] = zone;
  const times: string[] = [];
  let atMs = new Date(after).getTime();
  for (let i = 0; i < count; i++) {
    const next = nextTime(schedule, atMs);
    if (next === null) break;
    expect(next).toBeGreaterThan(atMs);
    atMs = next;
    times.push(new Date(next).toISOString().replace(':00.000Z', 'Z'));
  }
  return times;
}

describe('the next time', () => {
  const table: [schedule: string, after: string, next: string][] = [
    ['* * * * *', '2026-03-01T10:00:00Z', '2026-03-01T10:01Z'],
    ['* * * * *', '2026-03-01T10:00:59.999Z', '2026-03-01T10:01Z'],
    ['30 4 * * *', '2026-03-01T04:30:00Z', '2026-03-02T04:30Z'],
    ['30 4 * * *', '2026-03-01T04:29:59Z', '2026-03-01T04:30Z'],
    ['*/15 * * * *', '2026-03-01T10:16:00Z', '2026-03-01T10:30Z'],
    ['5/20 * * * *', '2026-03-01T10:26:00Z', '2026-03-01T10:45Z'],
    ['0 9-17/4 * * *', '2026-03-01T13:00:00Z', '2026-03-01T17:00Z'],
    ['0 0 1,15 * *', '2026-03-02T00:00:00Z', '2026-03-15T00:00Z'],
    ['0 0 31 * *', '2026-04-01T00:00:00Z', '2026-05-31T00:00Z'],
    ['0 0 29 2 *', '2026-03-01T00:00:00Z', '2028-02-29T00:00Z'],
    ['0 12 * JAN-mar,Dec *', '2026-04-01T00:00:00Z', '2026-12-01T12:00Z'],
    // 2026-03-01 is a Sunday.
    ['0 0 * * mon-fri', '2026-03-01T00:00:00Z', '2026-03-02T00:00Z'],
    ['0 0 * * 7', '2026-03-01T00:00:00Z', '2026-03-08T00:00Z'],
    ['0 0 * * fri-sun', '2026-03-01T00:00:00Z', '2026-03-06T00:00Z'],
    // Either day field is enough when both are restricted.
    ['0 0 13 * fri', '2026-03-07T00:00:00Z', '2026-03-13T00:00Z'],
    ['0 0 13 * fri', '2026-03-13T00:00:00Z', '2026-03-20T00:00Z'],
    // One that begins with a star restricts the other.
    ['0 0 */2 * mon', '2026-03-01T00:00:00Z', '2026-03-09T00:00Z'],
    ['@hourly', '2026-03-01T10:00:00Z', '2026-03-01T11:00Z'],
    ['@daily', '2026-12-31T10:00:00Z', '2027-01-01T00:00Z'],
    ['@weekly', '2026-03-01T00:00:00Z', '2026-03-08T00:00Z'],
    ['@monthly', '2026-03-01T00:00:00Z', '2026-04-01T00:00Z'],
    ['@yearly', '2026-03-01T00:00:00Z', '2027-01-01T00:00Z'],
  ];
  test.each(table)('of "%s" after %s is %s', (schedule, after, next) => {
    expect(timesIn('UTC', schedule, after)).toEqual([next]);
  });

  test('is found in a zone whose offset is no whole number of hours', () => {
    expect(timesIn('Asia/Kathmandu', '0 * * * *', '2026-03-01T00:00:00Z', 2)).toEqual([
      '2026-03-01T00:15Z',
      '2026-03-01T01:15Z',
    ]);
  });
});

const field = (min: number, max: number) =>
  fc.oneof(
    fc.constant('*'),
    fc.integer({ min, max }).map(String),
    fc.tuple(fc.integer({ min, max }), fc.integer({ min, max })).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`),
    fc.integer({ min: 1, max: 9 }).map((step) => `*/${step}`),
    fc.uniqueArray(fc.integer({ min, max }), { minLength: 1, maxLength: 3 }).map((values) => values.join()),
  );

test('the next time is the first minute that fits, for any schedule', () => {
  process.env['TZ'] = 'UTC';
  const schedules = fc.tuple(field(0, 59), field(0, 23), field(1, 31), field(1, 12), field(0, 7));
  const times = fc.date({ min: new Date('2026-01-01'), max: new Date('2030-01-01'), noInvalidDate: true });
  fc.assert(
    fc.property(schedules, times, (fields, after) => {
      const parsed = parseCron(fields.join(' '));
      if (!parsed.ok) return;
      const { minutes, hours, days, months, weekdays, eitherDay } = parsed.schedule;
      const fits = (date: Date): boolean => {
        const day = [days.has(date.getUTCDate()), weekdays.has(date.getUTCDay())];
        return (
          minutes.has(date.getUTCMinutes()) &&
          hours.has(date.getUTCHours()) &&
          months.has(date.getUTCMonth() + 1) &&
          (eitherDay ? day.includes(true) : !day.includes(false))
        );
      };
      const next = nextTime(fields.join(' '), after.getTime());
      if (next !== null) expect(fits(new Date(next)) && next % 60_000 === 0).toBe(true);
      // As far as a day: longer searches would test the same again.
      const end = Math.min(next ?? Number.POSITIVE_INFINITY, after.getTime() + 86_400_000);
      for (let ms = Math.floor(after.getTime() / 60_000) * 60_000 + 60_000; ms < end; ms += 60_000)
        if (fits(new Date(ms))) throw new Error(`${new Date(ms).toISOString()} comes before`);
    }),
    { numRuns: 300 },
  );
});

describe('where the clock is put forward', () => {
  // Berlin, 2026-03-29: 02:00 becomes 03:00, which is 01:00 UTC.
  test('a time that the day leaves out comes when the clock goes on', () => {
    expect(timesIn('Europe/Berlin', '30 2 * * *', '2026-03-28T12:00:00Z', 2)).toEqual([
      '2026-03-29T01:00Z',
      '2026-03-30T00:30Z',
    ]);
  });

  test('the times of a left out hour come as one', () => {
    expect(timesIn('Europe/Berlin', '*/20 2-3 * * *', '2026-03-28T12:00:00Z', 4)).toEqual([
      '2026-03-29T01:00Z',
      '2026-03-29T01:20Z',
      '2026-03-29T01:40Z',
      '2026-03-30T00:00Z',
    ]);
  });

  test('every hour is every hour that passes', () => {
    expect(timesIn('Europe/Berlin', '0 * * * *', '2026-03-28T23:30:00Z', 3)).toEqual([
      '2026-03-29T00:00Z',
      '2026-03-29T01:00Z',
      '2026-03-29T02:00Z',
    ]);
  });

  test('a midnight that does not exist comes with the first moment of the day', () => {
    // Santiago, 2026-09-06: 00:00 becomes 01:00, which is 04:00 UTC.
    expect(timesIn('America/Santiago', '@daily', '2026-09-05T12:00:00Z', 2)).toEqual([
      '2026-09-06T04:00Z',
      '2026-09-07T03:00Z',
    ]);
  });
});

describe('where the clock is put back', () => {
  // Berlin, 2026-10-25: 03:00 becomes 02:00, which is 01:00 UTC.
  test('no time of the hour that comes twice counts twice', () => {
    expect(timesIn('Europe/Berlin', '*/20 2 * * *', '2026-10-24T22:00:00Z', 4)).toEqual([
      '2026-10-25T00:00Z',
      '2026-10-25T00:20Z',
      '2026-10-25T00:40Z',
      '2026-10-26T01:00Z',
    ]);
    // Asked within the second of the two hours.
    expect(timesIn('Europe/Berlin', '30 2 * * *', '2026-10-25T01:10:00Z')).toEqual(['2026-10-26T01:30Z']);
    expect(timesIn('Europe/Berlin', '0 3 * * *', '2026-10-25T00:30:00Z')).toEqual(['2026-10-25T02:00Z']);
  });

  // New York, 2026-11-01: 02:00 becomes 01:00, which is 06:00 UTC.
  test('a time that comes twice counts once', () => {
    expect(timesIn('America/New_York', '30 1 * * *', '2026-10-31T12:00:00Z', 2)).toEqual([
      '2026-11-01T05:30Z',
      '2026-11-02T06:30Z',
    ]);
  });

  test('every half hour goes on through the hour that comes twice', () => {
    expect(timesIn('America/New_York', '*/30 * * * *', '2026-11-01T04:59:00Z', 5)).toEqual([
      '2026-11-01T05:00Z',
      '2026-11-01T05:30Z',
      '2026-11-01T06:00Z',
      '2026-11-01T06:30Z',
      '2026-11-01T07:00Z',
    ]);
  });
});

describe('refused with a sentence', () => {
  const table: [schedule: string, message: RegExp][] = [
    ['', /five fields .* not 0/],
    ['* * * *', /five fields .* not 4/],
    ['0 0 0 * * *', /five fields .* not 6/],
    ['60 * * * *', /minute: "60" is not within 0-59/],
    ['* 24 * * *', /hour: "24"/],
    ['* * 0 * *', /day of the month: "0"/],
    ['* * * 13 *', /month: "13" is not within 1-12 or jan-dec/],
    ['* * * * 8', /day of the week: "8"/],
    ['* * * * funday', /day of the week: "funday"/],
    ['*/0 * * * *', /step of 0/],
    ['30-10 * * * *', /the wrong way round/],
    ['1,,2 * * * *', /minute: "" is not/],
    ['-5 * * * *', /minute: "-5" is not/],
    ['0 0 30 2 *', /no such day/],
    ['@reboot', /unknown macro "@reboot": @hourly/],
  ];
  test.each(table)('"%s"', (schedule, message) => {
    const parsed = parseCron(schedule);
    expect(parsed.ok ? '' : parsed.message).toMatch(message);
    expect(nextTime(schedule, 0)).toBe(null);
  });
});
