import type { LineAllowance } from './line-allowance.ts';
import type { LineHistory } from './line-history.ts';
import type { RecentLines } from './recent-lines.ts';

/** Reads the alternate screen for the log: rows that say something new, without the frames around them. */
export type AlternateText = {
  /** `all`: nothing is being drawn; else only rows count that are as they were the last time. `final`: it is the last look. */
  settle(all: boolean, final: boolean): void;
  /** What comes next is another picture. */
  clear(): void;
};

export type AlternateTextDeps = {
  history: Pick<LineHistory, 'alternateRow'>;
  rows: () => number;
  recent: RecentLines;
  allowance: LineAllowance;
  write: (text: string) => void;
};

type Row = { text: string; written: string | null };

export function createAlternateText({ history, rows, recent, allowance, write }: AlternateTextDeps): AlternateText {
  let shown: Row[] = [];

  return {
    settle(all, final) {
      for (let row = 0; row < rows(); row++) {
        const text = withoutFrame(history.alternateRow(row) ?? '');
        const known = shown[row];
        const now: Row = { text, written: known?.written ?? null };
        shown[row] = now;
        if (text === now.written || !(all || known?.text === text)) continue;
        if (!/[\p{L}\p{N}]/u.test(text)) continue;
        if (!recent.isNew(text, { before: now.written, final })) continue;
        if (!allowance.take()) return;
        write(text);
        recent.add(text);
        now.written = text;
      }
    },
    clear() {
      shown = [];
    },
  };
}

/** Frames around text are for eyes. */
function withoutFrame(text: string): string {
  return text.replace(/^[\s\u2500-\u259f]+|[\s\u2500-\u259f]+$/gu, '');
}
