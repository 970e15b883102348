import { parseDuration } from '../config/duration.ts';
import type { LogLine, LogSource } from '../config/log-files.ts';
import { type LogPosition, NOTHING_READ, readAppended, readBytes, readLinesBackwards } from '../config/log-reader.ts';
import type { SessionPaths } from '../config/paths.ts';
import { displayWidth, padText, sanitizeText } from '../core/display-text.ts';
import { NonetError } from '../core/errors.ts';
import { findPaneLogs, ownLogs } from './log-sources.ts';
import { wantsColor } from './output.ts';
import { sleep } from './session-daemon.ts';

/** `nonet logs`: read from the files, so that neither daemon nor host is needed for it. */
export type LogsOptions = {
  selectors: string[];
  follow: boolean;
  lines: number | undefined;
  since: string | undefined;
  grep: string | undefined;
  raw: boolean;
  time: boolean;
  daemon: boolean;
  json: boolean;
};

const DEFAULT_LINES = 50;
const POLL_MS = 150;

type Entry = LogLine & { source: LogSource; at: number };
type Filter = { lines: number; since: number; grep: RegExp | null };

export async function printLogs(paths: SessionPaths, options: LogsOptions): Promise<number> {
  const filter = filterOf(options);
  if (options.daemon && (options.raw || options.selectors.length > 0)) {
    throw new NonetError('usage', '--daemon goes with neither --raw nor panes');
  }
  if (options.raw) return printRaw(paths, options, filter);
  const sources = options.daemon ? ownLogs(paths) : await findPaneLogs(paths, options.selectors, 'log');
  const print = createPrinter(sources, options);
  const positions = new Map<LogSource, LogPosition>();
  const entries = sources.flatMap((source) =>
    lastEntries(source, filter, (position) => positions.set(source, position)),
  );
  const merged = inOrder(entries);
  await print(merged.slice(Math.max(0, merged.length - filter.lines)));
  if (!options.follow) return 0;
  const rests = new Map<LogSource, Buffer>();
  for (;;) {
    await sleep(POLL_MS);
    const fresh = sources.flatMap((source) => {
      const { bytes, position } = readAppended(source.file, positions.get(source)!);
      positions.set(source, position);
      const data = Buffer.concat([rests.get(source) ?? Buffer.alloc(0), bytes]);
      const end = data.lastIndexOf(10) + 1;
      rests.set(source, data.subarray(end));
      return entriesOf(source, data.subarray(0, end).toString('utf8').split('\n').slice(0, -1), filter);
    });
    await print(inOrder(fresh));
  }
}

/** Bytes as they are, one pane after the other. */
async function printRaw(paths: SessionPaths, options: LogsOptions, { lines }: Filter): Promise<number> {
  if (options.since !== undefined || options.grep !== undefined || options.json) {
    throw new NonetError(
      'usage',
      '--raw goes with neither --since, --grep nor --json: raw bytes have no times and no lines',
    );
  }
  const sources = await findPaneLogs(paths, options.selectors, 'raw');
  if (options.follow && sources.length > 1) throw new NonetError('usage', '--raw --follow takes one pane');
  for (const source of sources) {
    let position = NOTHING_READ;
    const remember = (found: LogPosition): void => {
      position = found;
    };
    if (options.lines === undefined) for (const bytes of readBytes(source.file, remember)) await write(bytes);
    else {
      const last: Buffer[] = [];
      for (const { line } of readLinesBackwards(source.file, remember)) {
        if (last.length >= lines) break;
        last.push(line);
      }
      for (const line of last.reverse()) await write(Buffer.concat([line, NEWLINE]));
    }
    while (options.follow) {
      await sleep(POLL_MS);
      const appended = readAppended(source.file, position);
      position = appended.position;
      if (appended.bytes.length > 0) await write(appended.bytes);
    }
  }
  return 0;
}

const NEWLINE = Buffer.from('\n');

/** At most `lines` that match, in the order of the file. */
function lastEntries(source: LogSource, filter: Filter, onStart: (position: LogPosition) => void): Entry[] {
  const found: Entry[] = [];
  let at = Number.POSITIVE_INFINITY;
  for (const { line, mtimeMs } of readLinesBackwards(source.file, onStart)) {
    if (found.length >= filter.lines) break;
    at = Math.min(at, mtimeMs);
    const parsed = source.parse(line.toString('utf8'), at);
    // A line that does not tell is as old as the one after it.
    at = parsed.time ?? at;
    // Times are written to the second, as a rule: this one may have been any time within it.
    if (at + 999 < filter.since) break;
    if (!filter.grep || filter.grep.test(parsed.text)) found.push({ ...parsed, source, at });
  }
  return found.reverse();
}

function entriesOf(source: LogSource, lines: readonly string[], { grep }: Filter): Entry[] {
  const now = Date.now();
  const entries = lines.map((line) => {
    const parsed = source.parse(line, now);
    return { ...parsed, source, at: parsed.time ?? now };
  });
  return grep ? entries.filter(({ text }) => grep.test(text)) : entries;
}

/** By time; lines of one log stay in their order also when the clock was set back. */
function inOrder(entries: Entry[]): Entry[] {
  const latest = new Map<LogSource, number>();
  const keyed = entries.map((entry) => {
    const key = Math.max(entry.at, latest.get(entry.source) ?? Number.NEGATIVE_INFINITY);
    latest.set(entry.source, key);
    return { entry, key };
  });
  return keyed.sort((a, b) => a.key - b.key).map(({ entry }) => entry);
}

const COLORS = [36, 33, 32, 35, 34, 31, 96, 93, 92] as const;

function createPrinter(
  sources: readonly LogSource[],
  { time, json }: LogsOptions,
): (entries: Entry[]) => Promise<void> {
  const color = wantsColor();
  const terminal = process.stdout.isTTY === true;
  const width = Math.max(...sources.map(({ name }) => displayWidth(sanitizeText(name))));
  const prefixes = new Map(
    sources.map((source, index) => {
      const label = `${padText(sanitizeText(source.name), width)} |`;
      return [source, color ? `\x1b[${COLORS[index % COLORS.length]}m${label}\x1b[0m ` : `${label} `];
    }),
  );

  function format({ source, stamp, text, time: known }: Entry): string {
    if (json)
      return JSON.stringify({
        pane: source.pane,
        name: source.name,
        time: known === null ? null : new Date(known).toISOString(),
        text,
      });
    const line = time && stamp !== '' ? `${stamp} ${text}` : text;
    return (sources.length > 1 ? prefixes.get(source)! : '') + (terminal ? sanitizeText(line) : line);
  }

  return async (entries) => {
    if (entries.length > 0) await write(entries.map((entry) => `${format(entry)}\n`).join(''));
  };
}

function filterOf({ lines, since, grep, raw }: LogsOptions): Filter {
  const all = since !== undefined || raw;
  return {
    lines: lines ?? (all ? Number.POSITIVE_INFINITY : DEFAULT_LINES),
    since: since === undefined ? Number.NEGATIVE_INFINITY : parseSince(since),
    grep: grep === undefined ? null : parseExpression(grep),
  };
}

function parseSince(text: string): number {
  const days = /^(\d+)d$/.exec(text)?.[1];
  if (days !== undefined) return Date.now() - Number(days) * 86_400_000;
  const duration = parseDuration(text);
  if (duration.ok) return Date.now() - duration.ms;
  // Without a time of day JavaScript would take a date for UTC's.
  const date = /^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00` : text;
  const time = /^\d{4}-\d\d-\d\d/.test(date) ? Date.parse(date) : Number.NaN;
  if (!Number.isNaN(time)) return time;
  throw new NonetError(
    'usage',
    `--since takes a duration like 10m or 2h, or a time like 2026-01-31T12:00, not ${JSON.stringify(text)}`,
  );
}

function parseExpression(source: string): RegExp {
  try {
    return new RegExp(source, 'u');
  } catch (error) {
    throw new NonetError('usage', `--grep: ${(error as Error).message}`);
  }
}

/** Waits for whoever reads us: nothing is heaped up for a slow one. */
async function write(data: string | Uint8Array): Promise<void> {
  if (!process.stdout.write(data)) await new Promise<void>((resolve) => process.stdout.once('drain', resolve));
}
