/**
 * Schedules as crontab(5) writes them: minute hour day-of-month month day-of-week, with names, lists, ranges and steps, or a macro like
 * `@daily`. Times are local. As in Vixie cron a day matches either day field when both are restricted, and both when one begins with `*`.
 */
export type CronSchedule = {
  minutes: ReadonlySet<number>;
  hours: ReadonlySet<number>;
  days: ReadonlySet<number>;
  months: ReadonlySet<number>;
  weekdays: ReadonlySet<number>;
  /** Both day fields are restricted: one of them is enough. */
  eitherDay: boolean;
};

export type CronResult = { ok: true; schedule: CronSchedule } | { ok: false; message: string };

const MACROS: Record<string, string> = {
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
};

const MONTH_NAMES = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAY_NAMES = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

type Field = { label: string; min: number; max: number; names: readonly string[]; nameBase: number };

const FIELDS = [
  { label: 'minute', min: 0, max: 59, names: [], nameBase: 0 },
  { label: 'hour', min: 0, max: 23, names: [], nameBase: 0 },
  { label: 'day of the month', min: 1, max: 31, names: [], nameBase: 0 },
  { label: 'month', min: 1, max: 12, names: MONTH_NAMES, nameBase: 1 },
  // 7 is Sunday, too.
  { label: 'day of the week', min: 0, max: 7, names: WEEKDAY_NAMES, nameBase: 0 },
] as const satisfies readonly Field[];

/** A sentence when the text is no schedule, or one that never comes. */
export function parseCron(text: string): CronResult {
  const trimmed = text.trim();
  const macro = trimmed.startsWith('@') ? MACROS[trimmed.toLowerCase()] : undefined;
  if (trimmed.startsWith('@') && macro === undefined)
    return bad(`unknown macro "${trimmed.slice(0, 20)}": ${Object.keys(MACROS).join(', ')}`);
  const parts = (macro ?? trimmed).split(/\s+/);
  if (parts.length !== 5)
    return bad(`a schedule has five fields (minute hour day month weekday), not ${trimmed === '' ? 0 : parts.length}`);
  const sets: ReadonlySet<number>[] = [];
  for (const [index, field] of FIELDS.entries()) {
    const values = parseField(parts[index]!, field);
    if (typeof values === 'string') return bad(values);
    sets.push(values);
  }
  const [minutes, hours, days, months, weekdayNumbers] = sets as [
    Set<number>,
    Set<number>,
    Set<number>,
    Set<number>,
    Set<number>,
  ];
  const weekdays = new Set([...weekdayNumbers].map((day) => day % 7));
  const eitherDay = !parts[2]!.startsWith('*') && !parts[4]!.startsWith('*');
  const schedule: CronSchedule = { minutes, hours, days, months, weekdays, eitherDay };
  if (!eitherDay && !daysExist(schedule)) return bad('there is no such day in these months');
  return { ok: true, schedule };
}

function bad(message: string): CronResult {
  return { ok: false, message };
}

function parseField(text: string, field: Field): Set<number> | string {
  const values = new Set<number>();
  for (const item of text.split(',')) {
    const match = /^(\*|[^-/*]+(?:-[^-/*]+)?)(?:\/(\d{1,4}))?$/.exec(item);
    if (!match) return `${field.label}: "${item.slice(0, 20)}" is not a number, name, range or step`;
    const [, range, stepText] = match as unknown as [string, string, string | undefined];
    const step = stepText === undefined ? 1 : Number(stepText);
    if (step === 0) return `${field.label}: a step of 0 goes nowhere`;
    const [first, last] = range === '*' ? [field.min, field.max] : bounds(range, field, stepText !== undefined);
    if (first === null || last === null) {
      const names = field.names.length > 0 ? ` or ${field.names[0]}-${field.names.at(-1)}` : '';
      return `${field.label}: "${range.slice(0, 20)}" is not within ${field.min}-${field.max}${names}`;
    }
    if (first > last) return `${field.label}: the range "${range}" is the wrong way round`;
    for (let value = first; value <= last; value += step) values.add(value);
  }
  return values;
}

/** `5/10` means from 5 on. */
function bounds(range: string, field: Field, stepped: boolean): [number | null, number | null] {
  const [from, to] = range.split('-') as [string, string | undefined];
  const first = numberOf(from, field);
  if (to === undefined) return [first, stepped ? field.max : first];
  const last = numberOf(to, field);
  // fri-sun: Sunday as the end of a week.
  if (field.max === 7 && last === 0 && first !== null && first > 0) return [first, 7];
  return [first, last];
}

function numberOf(text: string, { min, max, names, nameBase }: Field): number | null {
  const named = names.indexOf(text.toLowerCase());
  if (named >= 0) return named + nameBase;
  if (!/^\d{1,2}$/.test(text)) return null;
  const value = Number(text);
  return value >= min && value <= max ? value : null;
}

const LONGEST_MONTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function daysExist({ days, months }: CronSchedule): boolean {
  return [...months].some((month) => [...days].some((day) => day <= LONGEST_MONTHS[month - 1]!));
}

const HOUR_MS = 3_600_000;
/** February 29 may be eight years away (1896–1904, 2096–2104); one that must fall on a weekday, forty. */
const MAX_YEARS = 41;

/**
 * The next time strictly after `afterMs`, both in ms since 1970; null when there is none. Where the clock is put forward, a time that the day
 * leaves out comes as soon as the clock goes on; where it is put back, a time that comes twice counts the first time, unless the hours are
 * `*`: those go by hours that pass (as Vixie cron does).
 */
function nextCronTime(schedule: CronSchedule, afterMs: number): number | null {
  const { minutes, hours } = schedule;
  const everyHour = hours.size === 24;
  const after = new Date(afterMs);
  const sortedHours = [...hours].sort((a, b) => a - b);
  const sortedMinutes = [...minutes].sort((a, b) => a - b);
  let day = new Date(after.getFullYear(), after.getMonth(), after.getDate());
  const lastYear = after.getFullYear() + MAX_YEARS;
  while (day.getFullYear() <= lastYear) {
    if (!schedule.months.has(day.getMonth() + 1)) {
      day = new Date(day.getFullYear(), day.getMonth() + 1, 1);
      continue;
    }
    if (isDay(schedule, day)) {
      const found = everyHour
        ? nextByPassingTime(sortedMinutes, day, afterMs)
        : nextByClock({ sortedHours, sortedMinutes }, day, afterMs);
      if (found !== null) return found;
    }
    day = new Date(day.getFullYear(), day.getMonth(), day.getDate() + 1);
  }
  return null;
}

/** The next time of a schedule as text; null when there is none or it is not one. */
export function nextTime(text: string, afterMs: number): number | null {
  const parsed = parseCron(text);
  return parsed.ok ? nextCronTime(parsed.schedule, afterMs) : null;
}

function isDay({ days, weekdays, eitherDay }: CronSchedule, date: Date): boolean {
  const isDayOfMonth = days.has(date.getDate());
  const isWeekday = weekdays.has(date.getDay());
  return eitherDay ? isDayOfMonth || isWeekday : isDayOfMonth && isWeekday;
}

function nextByClock(
  { sortedHours, sortedMinutes }: { sortedHours: number[]; sortedMinutes: number[] },
  day: Date,
  afterMs: number,
): number | null {
  let best: number | null = null;
  for (const hour of sortedHours) {
    for (const minute of sortedMinutes) {
      const time = firstMoment(day, hour, minute);
      if (time > afterMs && (best === null || time < best)) best = time;
    }
    if (best !== null) return best;
  }
  return best;
}

/** Of a wall clock time: `Date` takes the first of two, and puts one that is left out as much later as the clock was put forward. */
function firstMoment(day: Date, hour: number, minute: number): number {
  const date = new Date(day.getFullYear(), day.getMonth(), day.getDate(), hour, minute);
  if (date.getHours() === hour && date.getMinutes() === minute) return date.getTime();
  // Left out: the first moment after the gap, which is where the offset changes.
  let before = date.getTime() - 3 * HOUR_MS;
  let behind = date.getTime();
  const offset = new Date(behind).getTimezoneOffset();
  while (behind - before > 1) {
    const middle = Math.floor((before + behind) / 2);
    if (new Date(middle).getTimezoneOffset() === offset) behind = middle;
    else before = middle;
  }
  return behind;
}

/** Minute by matching minute through the hours of a day that pass, be they 23, 24 or 25. */
function nextByPassingTime(sortedMinutes: number[], day: Date, afterMs: number): number | null {
  const endMs = new Date(day.getFullYear(), day.getMonth(), day.getDate() + 1).getTime();
  const wanted = new Set(sortedMinutes);
  let time = Math.max(day.getTime(), Math.floor(afterMs / 60_000) * 60_000 + 60_000);
  for (; time < endMs; time += 60_000) if (wanted.has(new Date(time).getMinutes())) return time;
  return null;
}
