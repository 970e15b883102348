import type { ExitRecord } from '../core/session.ts';

/** The ends of a pane's runs, newest first, the latest of them with what was on the screen. */
export type ExitLog = {
  readonly records: readonly ExitRecord[];
  /** Keeps a record; the last lines of the screen come to it as soon as the host has told them. */
  add(record: ExitRecord): void;
  /** Keeps a record that has its last lines. */
  insert(record: ExitRecord): void;
};

const MAX_RECORDS = 20;
/** Tails are a part of all that is handed to the next daemon, so only a few are kept, and none of them is long. */
const MAX_TAILS = 5;
const TAIL_LINES = 20;
const MAX_LINE = 200;

/** `readText`: the screen with that many lines above it. `onTail`: a tail has come to a record. */
export function createExitLog(
  saved: readonly ExitRecord[],
  { readText, onTail }: { readText: (scrollback: number) => Promise<string>; onTail: () => void },
): ExitLog {
  const records = [...saved];

  async function addTail(record: ExitRecord): Promise<void> {
    // A host that cannot be asked has taken the screen with it.
    const text = await readText(TAIL_LINES).catch(() => '');
    record.tail = lastLines(text);
    if (record.tail.length > 0) onTail();
  }

  function insert(record: ExitRecord): void {
    records.unshift(record);
    records.splice(MAX_RECORDS);
    for (const old of records.slice(MAX_TAILS)) old.tail = [];
  }

  return {
    records,
    insert,
    add(record) {
      insert(record);
      // Without a run nothing was shown.
      if (record.kind !== 'start-failure' && record.kind !== 'host-lost') void addTail(record);
    },
  };
}

/** The last lines that say something, without the blanks at their ends. */
function lastLines(text: string): string[] {
  const trimmed = text.trimEnd();
  if (trimmed === '') return [];
  const lines = trimmed.split('\n').slice(-TAIL_LINES);
  return lines.map((line) => line.trimEnd().slice(0, MAX_LINE));
}
