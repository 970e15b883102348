import { createAlternateText } from './alternate-text.ts';
import { createLineAllowance } from './line-allowance.ts';
import type { HistoryEvents, LineHistory } from './line-history.ts';
import { createRecentLines } from './recent-lines.ts';

/**
 * What a pane shows, as text to be read later: one record for each line, written when the line is done. Read from the screen's lines and
 * not from bytes, so carriage returns, colours and cursor movements have had their effect: a progress bar is its last state.
 *
 * A line is done when the cursor has gone on to another one and it stays as it is; or when it leaves the screen; or when the program ends. A
 * program that goes back and draws over what it has shown (most agents), or that uses the alternate screen, is a screen program: of
 * it, lines that have changed are written when it pauses, every few seconds at most, and not what was written just before.
 */
export type ReadableText = {
  /** After each piece of output. Cheap unless lines have left the screen. */
  wrote(): void;
  /** To be called a few times a second while there is output, and once `quietMs` after it. */
  settle(quietMs: number): void;
  /** Around a change of size: before it, and the returned function after it. */
  resizing(): () => void;
  /** The program has ended: what is on the screen is what it leaves. */
  finish(): void;
  /** Another program is about to begin; the screen is its own. */
  restart(): void;
  dispose(): void;
};

export type ReadableTextDeps = {
  track: (events: HistoryEvents) => LineHistory;
  rows: () => number;
  /** A line of output; `screen`: of the alternate screen. Without control characters. */
  onLine: (text: string, screen: boolean) => void;
  /** This many lines went by too fast to be written, before the next onLine. */
  onSkipped: (count: number) => void;
  /** Monotonic. */
  nowMs: () => number;
};

/** Lines that have left the screen are taken in portions. */
const PORTION = 256;
/** Screen programs are read when they pause this long, this often at most. */
const SCREEN_PAUSE_MS = 1_000;
const SCREEN_INTERVAL_MS = 3_000;
/** Screens are read before they are erased, so many of them a second. */
const MAX_ERASES = 4;
const ERASE_INTERVAL_MS = 500;
/** Output that pauses this long is done with what it has shown. */
const PAUSE_MS = 150;
/** A program that has drawn over nothing for this long prints like any other. */
const FORGET_REDRAW_MS = 10_000;
/** A longer line is broken: so much text without an end is not one record. */
const MAX_LINE_LENGTH = 64 * 1024;

type Look = {
  /** Nothing has been drawn for a moment; else only lines count that are as they were the last time. */
  all: boolean;
  /** Also lines that the program may draw over. */
  screen: boolean;
  /** Also the cursor's line and those below. */
  cursorToo: boolean;
  /** Nothing comes after it. */
  final: boolean;
};

type Row = { text: string; written: string | null };

export function createReadableText(deps: ReadableTextDeps): ReadableText {
  const { rows, onLine, onSkipped, nowMs } = deps;
  const recent = createRecentLines(nowMs);
  const allowance = createLineAllowance(nowMs);
  /** The first line that has not been taken from above the screen. */
  let next = 0;
  /** The beginning of a line whose other half comes later. */
  let carried = '';
  /** Lines on the screen by number. */
  let shown = new Map<number, Row>();
  /** From this line on the program draws over what it has shown. */
  let redrawnFrom = Number.POSITIVE_INFINITY;
  let redrawnAt = 0;
  let erasedAt = Number.NEGATIVE_INFINITY;
  let eraseCredit = MAX_ERASES;
  let screenReadAt = Number.NEGATIVE_INFINITY;
  let skipped = 0;
  let blanks = 0;
  let anything = false;

  const history = deps.track({
    onDiscard() {
      takeScrolled(Math.max(history.top, history.first + 1), true);
    },
    onErase() {
      const time = nowMs();
      const again = time - erasedAt < FORGET_REDRAW_MS;
      if (again) markRedrawn(history.top);
      eraseCredit = Math.min(MAX_ERASES, eraseCredit + (time - erasedAt) / ERASE_INTERVAL_MS) - 1;
      erasedAt = time;
      // Some erase before every frame.
      if (eraseCredit < 0) {
        eraseCredit = 0;
        return;
      }
      if (history.alternate) {
        alternate.settle(true, false);
        return;
      }
      takeScrolled(history.top, false);
      settleNormal({ all: true, screen: true, cursorToo: true, final: false });
      blanks = 0;
      goOnAt(Math.max(next, history.top));
      carried = '';
      shown.clear();
    },
    onEraseScrollback: () => takeScrolled(history.top, true),
    onReset() {
      goOnAt(history.top);
      carried = '';
      shown.clear();
      alternate.clear();
    },
    onLeaveAlternate() {
      alternate.settle(true, true);
      alternate.clear();
    },
  });
  const alternate = createAlternateText({ history, rows, recent, allowance, write: (text) => write(text, true) });
  goOnAt(history.top);

  function goOnAt(number: number): void {
    next = number;
    history.keep(number);
  }

  function write(text: string, screen: boolean): void {
    if (skipped > 0) onSkipped(skipped);
    skipped = 0;
    anything = true;
    onLine(withoutControls(text), screen);
  }

  /** Blank lines part what stands around them: one between lines, none at an end. */
  function writeStream(text: string): void {
    if (text === '') {
      if (anything) blanks = 1;
      return;
    }
    if (blanks > 0) write('', false);
    blanks = 0;
    write(text, false);
  }

  /** Takes lines up to `limit` that have left the screen. `force`: also one that goes on below. */
  function takeScrolled(limit: number, force: boolean): void {
    const lost = history.first - next;
    if (lost > 0) {
      skipped += lost;
      goOnAt(history.first);
      carried = '';
    }
    while (next < limit) {
      if (!allowance.take()) {
        skipped += limit - next;
        forget(limit);
        goOnAt(limit);
        carried = '';
        return;
      }
      const start = next;
      const joined = joinFrom(start);
      const known = shown.get(start);
      if (joined.end > limit && known?.written !== joined.text) {
        if (!force) return;
        carried += joinFrom(start, limit).text;
        goOnAt(limit);
        forget(limit);
        if (carried.length > MAX_LINE_LENGTH) {
          writeStream(carried);
          carried = '';
        }
        return;
      }
      const text = carried + joined.text;
      carried = '';
      goOnAt(joined.end);
      if (known) forget(next);
      if (known?.written !== text) writeStream(text);
    }
  }

  function forget(limit: number): void {
    for (const number of shown.keys()) if (number < limit) shown.delete(number);
  }

  /** The text of the line that begins at `start`, with what continues it. */
  function joinFrom(start: number, limit = Number.POSITIVE_INFINITY): { text: string; end: number } {
    let text = history.line(start) ?? '';
    let end = start + 1;
    for (; end < limit && text.length < MAX_LINE_LENGTH; end++) {
      if (!history.continues(end)) break;
      text += history.line(end)!;
    }
    return { text: text.trimEnd(), end };
  }

  function markRedrawn(line: number): void {
    redrawnFrom = Math.min(redrawnFrom, line);
    redrawnAt = nowMs();
  }

  function settleNormal({ all, screen, cursorToo, final }: Look): void {
    const { cursor, end } = history;
    const seen = new Map<number, Row>();
    const last = cursorToo ? lastUsedLine(cursor, end) : cursor;
    // A line that has left the screen in part is still to be taken, and begins above it.
    let number = next;
    while (number < last) {
      const { text, end: after } = joinFrom(number);
      if (!cursorToo && after > cursor) break;
      const known = shown.get(number);
      if (known && known.text !== text && known.text !== '') markRedrawn(number);
      const row: Row = { text, written: known?.written ?? null };
      seen.set(number, row);
      if (text !== row.written && (all || known?.text === text)) writeRow(row, number, screen, final);
      number = after;
    }
    // Below the cursor a screen program has only gone up to draw again.
    for (const [line, row] of shown) if (line >= number && line < end) seen.set(line, row);
    shown = seen;
  }

  function writeRow(row: Row, number: number, screen: boolean, final: boolean): void {
    if (number < redrawnFrom) {
      if (!allowance.take()) return;
      writeStream(number === next ? carried + row.text : row.text);
      if (number === next) carried = '';
    } else {
      if (!screen) return;
      if (row.text !== '' && !recent.isNew(row.text, { before: row.written, final })) {
        if (recent.has(row.text)) row.written = row.text;
        return;
      }
      if (!allowance.take()) return;
      writeStream(row.text);
    }
    recent.add(row.text);
    row.written = row.text;
  }

  function lastUsedLine(cursor: number, end: number): number {
    let last = end;
    while (last > cursor + 1 && (history.line(last - 1) ?? '') === '') last--;
    return last;
  }

  return {
    wrote() {
      if (history.top - next >= PORTION) takeScrolled(history.top, false);
    },
    settle(quietMs) {
      const time = nowMs();
      if (redrawnFrom !== Number.POSITIVE_INFINITY && time - redrawnAt > FORGET_REDRAW_MS) {
        redrawnFrom = Number.POSITIVE_INFINITY;
      }
      takeScrolled(history.top, false);
      const screen = time - screenReadAt >= SCREEN_INTERVAL_MS || quietMs >= SCREEN_PAUSE_MS;
      if (screen) screenReadAt = time;
      settleNormal({ all: quietMs >= PAUSE_MS, screen, cursorToo: false, final: false });
      if (history.alternate && screen) alternate.settle(quietMs >= SCREEN_PAUSE_MS, false);
    },
    resizing() {
      takeScrolled(history.top, false);
      settleNormal({ all: true, screen: false, cursorToo: false, final: false });
      const pinned = history.pin(Math.max(next, history.first));
      const texts = new Map<string, number>();
      for (const { written } of shown.values()) if (written) texts.set(written, (texts.get(written) ?? 0) + 1);
      return () => {
        goOnAt(pinned() ?? history.top);
        shown = new Map();
        alternate.clear();
        // Lines have other numbers now, and are known again by what they say.
        for (let number = next; number < history.end; ) {
          const { text, end } = joinFrom(number);
          const count = texts.get(text) ?? 0;
          if (count > 0) texts.set(text, count - 1);
          shown.set(number, { text, written: count > 0 ? text : null });
          number = end;
        }
        if (redrawnFrom !== Number.POSITIVE_INFINITY) redrawnFrom = Math.min(redrawnFrom, history.top);
      };
    },
    finish() {
      takeScrolled(history.top, false);
      // What a program leaves on the screen is written whatever it printed before.
      allowance.grant(2 * rows());
      settleNormal({ all: true, screen: true, cursorToo: true, final: true });
      if (history.alternate) alternate.settle(true, true);
      if (skipped > 0) onSkipped(skipped);
      skipped = 0;
      blanks = 0;
      anything = false;
      carried = '';
    },
    restart() {
      goOnAt(history.cursor);
      shown = new Map();
      alternate.clear();
      redrawnFrom = Number.POSITIVE_INFINITY;
      erasedAt = Number.NEGATIVE_INFINITY;
      recent.clear();
    },
    dispose: () => history.dispose(),
  };
}

/** Cells hold no control characters, but line ends of Unicode's and marks that turn the direction of what follows. */
function withoutControls(text: string): string {
  return UNSAFE.test(text) ? text.replaceAll(EVERY_UNSAFE, ' ') : text;
}
const UNSAFE = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;
const EVERY_UNSAFE = new RegExp(UNSAFE, 'gu');
