/**
 * Times as strftime(3) writes them, in local time and without a locale, and back. Unknown conversions stand for themselves. `%L` is the
 * milliseconds, as in Ruby.
 */
export type TimeFormat = {
  format(date: Date): string;
  /**
   * The time at the beginning of a line and where the text after it begins; null when there is none. A format without a date gives a time
   * on the day of `near` or the one before, whichever is not after it.
   */
  parse(line: string, near: Date): { time: number; end: number } | null;
};

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = [
  ...['January', 'February', 'March', 'April', 'May', 'June'],
  ...['July', 'August', 'September', 'October', 'November', 'December'],
];

type Conversion = { write(date: Date): string; pattern: string; field?: Field };
type Field =
  | 'year'
  | 'month'
  | 'day'
  | 'hour'
  | 'hour12'
  | 'half'
  | 'minute'
  | 'second'
  | 'ms'
  | 'zone'
  | 'epoch'
  | 'monthName';

const two = (value: number): string => String(value).padStart(2, '0');
const number = (field: Field, digits: number, read: (date: Date) => number): Conversion => ({
  write: (date) => String(read(date)).padStart(digits, '0'),
  pattern: `(\\d{${digits}})`,
  field,
});
const spaced = (field: Field, read: (date: Date) => number): Conversion => ({
  write: (date) => String(read(date)).padStart(2, ' '),
  pattern: '([ \\d]\\d)',
  field,
});
const names = (list: readonly string[], read: (date: Date) => number, field?: Field): Conversion => ({
  write: (date) => list[read(date)]!,
  pattern: `(${list.join('|')})`,
  ...(field ? { field } : {}),
});
const short = (list: readonly string[]): string[] => list.map((name) => name.slice(0, 3));

const CONVERSIONS: Record<string, Conversion> = {
  Y: number('year', 4, (date) => date.getFullYear()),
  m: number('month', 2, (date) => date.getMonth() + 1),
  d: number('day', 2, (date) => date.getDate()),
  e: spaced('day', (date) => date.getDate()),
  H: number('hour', 2, (date) => date.getHours()),
  I: number('hour12', 2, (date) => date.getHours() % 12 || 12),
  k: spaced('hour', (date) => date.getHours()),
  l: spaced('hour12', (date) => date.getHours() % 12 || 12),
  M: number('minute', 2, (date) => date.getMinutes()),
  S: number('second', 2, (date) => date.getSeconds()),
  L: number('ms', 3, (date) => date.getMilliseconds()),
  p: names(['AM', 'PM'], (date) => (date.getHours() < 12 ? 0 : 1), 'half'),
  a: names(short(DAYS), (date) => date.getDay()),
  A: names(DAYS, (date) => date.getDay()),
  b: names(short(MONTHS), (date) => date.getMonth(), 'monthName'),
  h: names(short(MONTHS), (date) => date.getMonth(), 'monthName'),
  B: names(MONTHS, (date) => date.getMonth(), 'monthName'),
  s: { write: (date) => String(Math.floor(date.getTime() / 1000)), pattern: '(\\d+)', field: 'epoch' },
  z: { write: zoneOf, pattern: '([+-]\\d{4})', field: 'zone' },
  j: { write: (date) => String(dayOfYear(date)).padStart(3, '0'), pattern: '(\\d{3})' },
  y: { write: (date) => two(date.getFullYear() % 100), pattern: '(\\d{2})' },
};

const SHORTHANDS: Record<string, string> = {
  F: '%Y-%m-%d',
  T: '%H:%M:%S',
  R: '%H:%M',
  D: '%m/%d/%y',
  r: '%I:%M:%S %p',
  c: '%a %b %e %H:%M:%S %Y',
};

export function createTimeFormat(format: string): TimeFormat {
  const writers: ((date: Date) => string)[] = [];
  const fields: (Field | null)[] = [];
  let pattern = '';
  const expanded = format.replace(/%([FTRDrc])/g, (_, letter: string) => SHORTHANDS[letter]!);
  for (const [part, letter] of expanded.matchAll(/%(.)|[^%]+|%/gsu)) {
    const conversion = letter === undefined ? undefined : CONVERSIONS[letter];
    if (conversion) {
      writers.push(conversion.write);
      fields.push(conversion.field ?? null);
      pattern += conversion.pattern;
      continue;
    }
    const literal = letter === '%' ? '%' : letter === 'n' || letter === 't' ? ' ' : part;
    // A line is one record: nothing that ends a line belongs before its text.
    const clean = literal.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, ' ');
    writers.push(() => clean);
    pattern += clean.replace(/[\\^$.|+*?()[\]{}/]/g, '\\$&');
  }
  const expression = new RegExp(`^${pattern}(?: |$)`, 'u');
  return {
    format: (date) => writers.map((write) => write(date)).join(''),
    parse(line, near) {
      if (format === '') return null;
      const match = expression.exec(line);
      if (!match) return null;
      const values = new Map<Field, string>();
      for (const [index, field] of fields.entries()) if (field) values.set(field, match[index + 1]!);
      const time = timeOf(values, near);
      return time === null ? null : { time, end: match[0].length };
    },
  };
}

function timeOf(values: ReadonlyMap<Field, string>, near: Date): number | null {
  const epoch = values.get('epoch');
  if (epoch !== undefined) return Number(epoch) * 1000 + Number(values.get('ms') ?? 0);
  const hour = hourOf(values);
  if (hour === null) return null;
  const read = (field: Field): number | null => (values.has(field) ? Number(values.get(field)) : null);
  const monthName = values.get('monthName');
  const month = monthName === undefined ? read('month') : short(MONTHS).indexOf(monthName.slice(0, 3)) + 1;
  const [minute, second, ms] = [read('minute') ?? 0, read('second') ?? 0, read('ms') ?? 0];
  const day = read('day');
  const hasDate = month !== null && day !== null;
  const year = read('year') ?? near.getFullYear();
  const zone = values.get('zone');
  const at = (y: number, mo: number, d: number): number =>
    zone === undefined
      ? new Date(y, mo, d, hour, minute, second, ms).getTime()
      : Date.UTC(y, mo, d, hour, minute, second, ms) - zoneMs(zone);
  if (hasDate) {
    const time = at(year, month - 1, day);
    // Without a year: not in the future.
    return values.has('year') || time <= near.getTime() + DAY_MS ? time : at(year - 1, month - 1, day);
  }
  const today = at(near.getFullYear(), near.getMonth(), near.getDate());
  return today <= near.getTime() + 1000 ? today : at(near.getFullYear(), near.getMonth(), near.getDate() - 1);
}

const DAY_MS = 86_400_000;

function hourOf(values: ReadonlyMap<Field, string>): number | null {
  if (values.has('hour')) return Number(values.get('hour'));
  if (!values.has('hour12')) return null;
  return (Number(values.get('hour12')) % 12) + (values.get('half') === 'PM' ? 12 : 0);
}

function zoneOf(date: Date): string {
  const minutes = -date.getTimezoneOffset();
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}${two(size % 60)}`;
}

function zoneMs(zone: string): number {
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3, 5));
  return (zone[0] === '-' ? -minutes : minutes) * 60_000;
}

function dayOfYear(date: Date): number {
  return Math.round(
    (Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) - Date.UTC(date.getFullYear(), 0, 0)) / DAY_MS,
  );
}
