import type { LogLine, LogSource } from '../../config/log-files.ts';
import { NOTHING_READ, readAppended, readLinesBackwards } from '../../config/log-reader.ts';

/**
 * The lines of a log that have been read so far, oldest first: from its end backwards, as far as somebody looks, and what has come since.
 * Only lines that match are kept. Holds files open until it is disposed of.
 */
export type LogWindow = {
  readonly lines: readonly LogLine[];
  /** Nothing older is there, or more has been read than is kept. */
  readonly complete: boolean;
  /** So many lines are kept that older ones are only in the files. */
  readonly full: boolean;
  /** Reads older lines until `count` more are kept or so much time is over. Returns how many were added. */
  readOlder(count: number): number;
  /** Reads what has been logged since. Returns how many lines were added. */
  readNewer(): number;
  dispose(): void;
};

/** Of one log: some 20 MB. */
const MAX_LINES = 100_000;
/** So long may it take before panes and keys have their turn. */
const SLICE_MS = 8;
/** Looking at the clock costs as much as a few lines. */
const LINES_A_LOOK = 64;

export function createLogWindow(source: LogSource, filter: RegExp | null, maxLines = MAX_LINES): LogWindow {
  let position = NOTHING_READ;
  const older = readLinesBackwards(source.file, (found) => {
    position = found;
  });
  let lines: LogLine[] = [];
  let complete = false;
  let near = Number.POSITIVE_INFINITY;
  let rest = Buffer.alloc(0);

  function matches({ text }: LogLine): boolean {
    if (!filter) return true;
    filter.lastIndex = 0;
    return filter.test(text);
  }

  const window: LogWindow = {
    get lines() {
      return lines;
    },
    get complete() {
      return complete;
    },
    get full() {
      return lines.length >= maxLines;
    },
    readOlder(count) {
      const fresh: LogLine[] = [];
      const wanted = Math.min(count, maxLines - lines.length);
      const start = performance.now();
      for (let looked = 1; !complete && fresh.length < wanted; looked++) {
        const { value, done } = older.next();
        if (done) complete = true;
        else {
          near = Math.min(near, value.mtimeMs);
          const line = source.parse(value.line.toString('utf8'), near);
          near = line.time ?? near;
          if (matches(line)) fresh.push(line);
        }
        if (looked % LINES_A_LOOK === 0 && performance.now() - start > SLICE_MS) break;
      }
      lines = [...fresh.reverse(), ...lines];
      if (lines.length >= maxLines) complete = true;
      return fresh.length;
    },
    readNewer() {
      const appended = readAppended(source.file, position);
      position = appended.position;
      if (appended.bytes.length === 0) return 0;
      const data = Buffer.concat([rest, appended.bytes]);
      const end = data.lastIndexOf(10) + 1;
      rest = Buffer.from(data.subarray(end));
      const now = Date.now();
      const fresh = data
        .subarray(0, end)
        .toString('utf8')
        .split('\n')
        .slice(0, -1)
        .map((line) => source.parse(line, now))
        .filter(matches);
      for (const line of fresh) lines.push(line);
      return fresh.length;
    },
    dispose() {
      older.return(undefined);
    },
  };
  // Where the log ends now is known once the first line is read.
  window.readOlder(1);
  return window;
}
