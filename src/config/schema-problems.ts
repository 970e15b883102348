import { z } from 'zod';
import { didYouMean } from './did-you-mean.ts';
import { nameHere } from './names-elsewhere.ts';
import { type Path, quote, type ReportAt } from './problem.ts';

type Issue = z.core.$ZodIssue;
type Found = { issue: Issue; value: unknown };

export type Checked<T> = {
  /** The valid part of the input; null when what is wrong leaves nothing to work with. */
  value: T | null;
  /** True when something at or below `path` was wrong and has been left out. */
  damaged(path: Path): boolean;
};

/**
 * Validates `input` and reports every issue where it is. What is wrong is left out and the rest is checked again, so that a
 * person sees all problems of a file at once. `input` is changed. `otherReading`: what else the text of the file may mean at a place, for a value that the schema does not take;
 * `plainSource`: how an unquoted value was written.
 */
export function checkAgainstSchema<S extends z.ZodType>(
  schema: S,
  input: unknown,
  options: {
    report: ReportAt;
    otherReading: (path: Path) => { value: unknown } | null;
    plainSource: (path: Path) => string | undefined;
  },
): Checked<z.output<S>> {
  const { report, otherReading, plainSource } = options;
  const damage = new Set<string>();
  const firstReadings = new Map<string, Found>();
  const damaged = (path: Path) => damage.has(JSON.stringify(path));
  /** True when there is another reading that has not been tried, which now stands there. */
  const rereads = (found: Found): boolean => {
    const path = found.issue.path as Path;
    const place = JSON.stringify(path);
    const other = firstReadings.has(place) ? null : otherReading(path);
    if (!other || !replace(input, path, other.value)) return false;
    firstReadings.set(place, found);
    return true;
  };
  for (;;) {
    const parsed = schema.safeParse(input);
    if (parsed.success) return { value: parsed.data, damaged };
    let progress = false;
    // The values as they were checked: the first wrong entry of a list takes the list away.
    const found = parsed.error.issues
      .flatMap((issue) => flatten(issue, input))
      .map((issue): Found => ({ issue, value: valueAt(input, issue.path as Path) }));
    // Before anything is left out: what is beside it may go with it.
    if (found.filter(rereads).length > 0) continue;
    for (const { issue, value } of found) {
      const path = issue.path as Path;
      if (issue.code === 'unrecognized_keys') {
        for (const key of issue.keys) {
          report([...path, key], unknownKey(key, path, schema), 'key');
          progress = remove(input, [...path, key], damage) || progress;
        }
        continue;
      }
      // A consequence of what has been left out before.
      if (damaged(path) && valueAt(input, path) === undefined) continue;
      const { issue: told, value: toldOf } = betterTold(firstReadings.get(JSON.stringify(path)), { issue, value });
      report(path, messageOf(told, toldOf, plainSource(path)), issue.code === 'invalid_key' ? 'key' : 'value');
      progress = remove(input, path, damage) || progress;
    }
    if (!progress) return { value: null, damaged };
  }
}

/** Of two readings that are both wrong, the one of the kind that is wanted there, else the first. */
function betterTold(first: Found | undefined, second: Found): Found {
  return first && (!isOtherKind(first) || isOtherKind(second)) ? first : second;
}

function isOtherKind({ issue, value }: Found): boolean {
  if (issue.code === 'invalid_type') return !(issue.expected === 'int' && typeof value === 'number');
  return issue.code === 'invalid_union' || (issue.code === 'invalid_value' && typeof value !== typeof issue.values[0]);
}

/** Issues of a union are those of the branch that the input was meant for; without one, the union's own. */
function flatten(issue: Issue, input: unknown, base: Path = []): Issue[] {
  const path = [...base, ...(issue.path as Path)];
  const here = { ...issue, path } as Issue;
  if (issue.code !== 'invalid_union') return [here];
  const value = valueAt(input, path);
  const meant = issue.errors.find((branch) => branch.every((inner) => !isWrongKind(inner as Issue, value)));
  // A message of the schema's own says it better than any branch.
  if (issue.message !== 'Invalid input' || !meant) return [here];
  return meant.flatMap((inner) => flatten(inner as Issue, input, path));
}

/** The branch takes something else altogether: a map where text stands, one of some words where a map stands. */
function isWrongKind(issue: Issue, value: unknown): boolean {
  if (issue.path.length > 0) return false;
  if (issue.code === 'invalid_union')
    return issue.errors.every((branch) => branch.some((inner) => isWrongKind(inner as Issue, value)));
  return issue.code === 'invalid_type' || (issue.code === 'invalid_value' && typeof value !== typeof issue.values[0]);
}

/** `written`: how a value without quotes stands in the file. */
function messageOf(issue: Issue, value: unknown, written: string | undefined): string {
  const label = labelOf(issue.path as Path);
  if (value === undefined && (issue.code === 'invalid_type' || issue.code === 'invalid_union'))
    return `missing key ${label}`;
  const found = typeof value === 'number' ? (written ?? String(value)) : describe(value);
  switch (issue.code) {
    case 'invalid_type':
    case 'invalid_union': {
      const isOwn = !issue.message.startsWith('Invalid input');
      if (isOwn) return `${label}: ${issue.message}, not ${found}`;
      const wanted =
        issue.code === 'invalid_union' ? alternatives(issue) : (EXPECTED[issue.expected] ?? issue.expected);
      const isHome = value === null && written === '~' && wanted.startsWith('text');
      return `${label} must be ${wanted}, not ${found}${isHome ? ': ~ alone is nothing to YAML; write "~"' : ''}`;
    }
    case 'invalid_value': {
      const known = issue.values.map(String);
      // Both spellings of a signal are known; one is enough to read.
      const listed = known.filter((name) => !known.includes(`SIG${name}`));
      const close = typeof value === 'string' ? didYouMean(value, known) : '';
      return `${label} must be ${listed.length > 8 ? `one of ${listed.slice(0, 8).join(', ')} …` : listed.join(' | ')}, not ${found}${close}`;
    }
    case 'too_small':
    case 'too_big':
      return rangeMessage(issue, label, found);
    case 'invalid_key':
      return issue.issues[0]?.message ?? `${label} is not a good name`;
    default:
      return `${label}: ${issue.message}`;
  }
}

function rangeMessage(issue: Extract<Issue, { code: 'too_small' | 'too_big' }>, label: string, found: string): string {
  const limit = issue.code === 'too_small' ? issue.minimum : issue.maximum;
  const side = issue.code === 'too_small' ? 'at least' : 'at most';
  if (issue.origin === 'array') return `${label} must have ${side} ${limit} ${limit === 1 ? 'entry' : 'entries'}`;
  if (issue.origin === 'string') return `${label}: ${issue.message}`;
  return `${label} must be ${side} ${limit}, not ${found}`;
}

const EXPECTED: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
  record: 'a map',
  null: 'null',
};

/** What a union would have taken, in words. */
function alternatives(issue: Extract<Issue, { code: 'invalid_union' }>): string {
  const words = issue.errors.flatMap((branch) =>
    branch.flatMap((inner) => {
      if (inner.code === 'invalid_type') return [EXPECTED[inner.expected] ?? inner.expected];
      if (inner.code === 'invalid_value') return inner.values.map(String);
      return inner.code === 'invalid_union' ? [alternatives(inner)] : [];
    }),
  );
  const unique = [...new Set(words)];
  return unique.length > 1 ? `${unique.slice(0, -1).join(', ')} or ${unique.at(-1)}` : (unique[0] ?? 'something else');
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  return typeof value === 'string' ? quote(value) : String(value);
}

function labelOf(path: Path): string {
  let label = '';
  for (const part of path.slice(path.findLastIndex((part) => typeof part === 'string')))
    label += typeof part === 'number' ? `[${part}]` : part;
  return path.length === 0 ? 'a layout' : quote(label);
}

function unknownKey(key: string, path: Path, schema: z.ZodType): string {
  const kind = path.at(-1) === 'keys' && path.length === 1 ? 'unknown command' : 'unknown key';
  const known = keysAt(schema, path);
  const here = nameHere(key, known, keysAt(schema, ['defaults']));
  return `${kind} ${quote(key)}${here === undefined ? didYouMean(key, known) : `; here it is ${here}`}`;
}

/** The keys that the schema knows at `path`. */
function keysAt(schema: z.core.$ZodType, path: Path): string[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return keysAt(schema.unwrap(), path);
  if (schema instanceof z.ZodPipe) return keysAt(schema.in, path);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => keysAt(option, path));
  const [first, ...rest] = path;
  if (schema instanceof z.ZodArray) return path.length === 0 ? [] : keysAt(schema.element, rest);
  if (schema instanceof z.ZodRecord) return path.length === 0 ? [] : keysAt(schema.valueType, rest);
  if (!(schema instanceof z.ZodObject)) return [];
  if (first === undefined) return Object.keys(schema.shape);
  const next = Object.hasOwn(schema.shape, first) ? schema.shape[first as string] : undefined;
  return next ? keysAt(next, rest) : [];
}

type Container = Record<string | number, unknown>;

function valueAt(input: unknown, path: Path): unknown {
  let value = input;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Container)[key];
  }
  return value;
}

function replace(input: unknown, path: Path, value: unknown): boolean {
  const parent = valueAt(input, path.slice(0, -1));
  if (path.length === 0 || typeof parent !== 'object' || parent === null) return false;
  (parent as Container)[path.at(-1)!] = value;
  return true;
}

/**
 * Takes away the value at `path`, or, within a list, the list: places must not shift. A pane that is no map becomes an empty one, for
 * the same reason. Marks it and what it is in as damaged.
 */
function remove(input: unknown, path: Path, damage: Set<string>): boolean {
  for (let length = path.length; length >= 0; length--) damage.add(JSON.stringify(path.slice(0, length)));
  if (path.length === 2 && path[0] === 'panes') return replace(input, path, {});
  for (let length = path.length; length > 0; length--) {
    const key = path[length - 1]!;
    const parent = valueAt(input, path.slice(0, length - 1));
    if (typeof key !== 'string' || typeof parent !== 'object' || parent === null) continue;
    if (!Object.hasOwn(parent, key)) return false;
    damage.add(JSON.stringify(path.slice(0, length)));
    return delete (parent as Container)[key];
  }
  return false;
}
