import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type LogDescription, type LogKind, logBaseName } from '../core/log-names.ts';
import { DEFAULT_LOG_SETTINGS } from '../core/supervision.ts';
import { createTimeFormat } from '../core/time-format.ts';

/** A log that lines are read from: where it is and how its lines are taken apart. */
export type LogSource = {
  pane: number;
  name: string;
  /** The newest file; rotated ones are beside it. */
  file: string;
  /** `time` is null when the line does not tell. `near`: it is not later than this. */
  parse(line: string, near: number): LogLine;
};

/** `stamp`: the time as it is written in the line. */
export type LogLine = { time: number | null; stamp: string; text: string };

/** A pane without a number of its own: its log has outlived it. */
export const GONE = 1_000_000;

export function paneLogSource(
  directory: string,
  { pane, name, timeFormat }: LogDescription,
  kind: LogKind = 'log',
): LogSource {
  const format = createTimeFormat(timeFormat);
  return {
    pane,
    name,
    file: path.join(directory, `${logBaseName(name)}.${kind}`),
    parse(line, near) {
      const found = format.parse(line, new Date(near));
      if (!found) return { time: null, stamp: '', text: line };
      return { time: found.time, stamp: line.slice(0, found.end).trimEnd(), text: line.slice(found.end) };
    },
  };
}

/** What the log of this base name says of itself; without that, what can be guessed: a log is worth reading all the same. */
export function readLogDescription(directory: string, base: string): LogDescription {
  try {
    const content = readFileSync(path.join(directory, `${base}.json`), 'utf8');
    const { pane, name, timeFormat } = JSON.parse(content) as Partial<LogDescription>;
    if (typeof pane === 'number' && typeof name === 'string' && typeof timeFormat === 'string') {
      return { pane, name, timeFormat };
    }
  } catch {
    // Not there, or not ours.
  }
  return { pane: GONE, name: base, timeFormat: DEFAULT_LOG_SETTINGS.timeFormat };
}
