import { compileQuery, type Query } from '../core/query-pattern.ts';
import type { FoundEvent } from '../protocol/data.ts';
import { createScreenSearch, type ScreenSearch } from '../terminal/screen-search.ts';
import { runLimited } from './limited-run.ts';
import type { Pane } from './pane.ts';

/**
 * Searches all panes' lines for one client, a piece in each turn of the event loop, so that no key and no frame waits for it. A new query
 * takes the place of the one before.
 */
export type SearchServer = {
  start(id: number, query: Query): void;
  cancel(id: number): void;
  /** The client has read what was sent. */
  drained(): void;
  dispose(): void;
};

export type SearchServerDeps = {
  panes: ReadonlyMap<number, Pane>;
  send(event: FoundEvent): void;
  /** False while the client does not read what it has been sent. */
  ready(): boolean;
};

/** A key may wait this long for a piece to end. */
const PIECE_MS = 4;
/**
 * Some patterns (`(a+)+b`) take for ever. One that takes this long for a piece twice is given up, and that is how long others have waited;
 * more often where the machine gives the time to others.
 */
const PATTERN_MS = 60;
/** What is known is told this often; the client draws it each time. */
const TELL_MS = 50;
/** More lines are counted only. */
const MAX_FOUND_A_PANE = 100;
const MAX_FOUND = 2000;

type Search = {
  id: number;
  pattern: RegExp;
  /** A regular expression of the user's own. */
  untrusted: boolean;
  /** The first of them is being looked through. */
  waiting: Pane[];
  lines: ScreenSearch | null;
  /** The last pane in which the pattern ran out of time. */
  stoppedIn: Pane | null;
  /** What it has computed there in pieces that were stopped. */
  spentMs: number;
  /** How many more lines may be told. */
  room: number;
  untold: FoundEvent['panes'];
  toldAt: number;
};

export function createSearchServer({ panes, send, ready }: SearchServerDeps): SearchServer {
  let search: Search | null = null;
  let scheduled: NodeJS.Immediate | null = null;

  function schedule(): void {
    if (scheduled || !search || !ready()) return;
    scheduled = setImmediate(() => {
      scheduled = null;
      if (search) goOn(search);
      schedule();
    });
  }

  function goOn(now: Search): void {
    const untilMs = performance.now() + PIECE_MS;
    const before = process.cpuUsage();
    try {
      if (!now.untrusted) lookOn(now, untilMs);
      else if (!runLimited(() => lookOn(now, untilMs), PATTERN_MS)) lookAgain(now, process.cpuUsage(before));
    } catch (error) {
      // The pattern is larger than what can be run, for one.
      end(now, (error as Error).message);
    }
    if (search !== now) return;
    if (now.waiting.length === 0) end(now, '');
    else if (performance.now() - now.toldAt >= TELL_MS) tell(now);
  }

  function lookOn(now: Search, untilMs: number): void {
    while (performance.now() < untilMs) {
      const pane = now.waiting[0];
      if (!pane) return;
      // Not one that has been taken out of the session.
      if (panes.get(pane.number) === pane) {
        now.lines ??= createScreenSearch(pane.screen, now.pattern, Math.min(MAX_FOUND_A_PANE, now.room));
        now.lines.step(untilMs);
        if (!now.lines.done) continue;
        if (now.lines.count > 0) now.untold.push(findsOf(pane, now.lines));
        now.room -= now.lines.found.length;
      }
      now.lines = null;
      now.waiting.shift();
    }
  }

  /** It may have been the machine that was slow: only what was computed counts, and the pane is looked through again from its start. */
  function lookAgain(now: Search, { user, system }: NodeJS.CpuUsage): void {
    const pane = now.waiting[0] ?? null;
    if (now.stoppedIn !== pane) now.spentMs = 0;
    now.spentMs += (user + system) / 1000;
    if (now.spentMs > PATTERN_MS * 1.5) end(now, 'this pattern takes too long');
    now.stoppedIn = pane;
    now.lines = null;
  }

  function findsOf({ number }: Pane, { cols, count, found }: ScreenSearch): FoundEvent['panes'][number] {
    return { pane: number, cols, count, found };
  }

  function tell(now: Search, done = false, problem = ''): void {
    const { waiting, lines, untold } = now;
    if (waiting[0] && lines && lines.count > 0) untold.push(findsOf(waiting[0], lines));
    now.untold = [];
    now.toldAt = performance.now();
    send({ event: 'found', id: now.id, panes: untold, done, problem });
  }

  function end(now: Search, problem: string): void {
    search = null;
    tell(now, true, problem);
  }

  return {
    start(id, query) {
      const compiled = compileQuery(query);
      search = null;
      if (!compiled || 'problem' in compiled) {
        send({ event: 'found', id, panes: [], done: true, problem: compiled?.problem ?? '' });
        return;
      }
      const waiting = [...panes.values()].sort((a, b) => a.number - b.number);
      const { pattern } = compiled;
      search = {
        id,
        pattern,
        untrusted: query.regex,
        waiting,
        lines: null,
        stoppedIn: null,
        spentMs: 0,
        room: MAX_FOUND,
        untold: [],
        toldAt: performance.now(),
      };
      schedule();
    },
    cancel(id) {
      if (search?.id === id) search = null;
    },
    drained: schedule,
    dispose() {
      if (scheduled) clearImmediate(scheduled);
      search = null;
    },
  };
}
