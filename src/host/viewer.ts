import { type CellGrid, createCellGrid } from '../core/cell.ts';
import { DEFAULT_PANE_MODES } from '../core/pane-modes.ts';
import { createScreenFrameWriter } from '../protocol/screen-frame.ts';
import type { Pane } from './pane.ts';

/**
 * What one client has on its screen, and what it is to get next. A client that does not read costs nothing: at most two frames are on
 * the way, each waits for an acknowledgement, and the next one holds the newest rows, however many were skipped.
 */
export type Viewer = {
  /** The panes this client draws; others cost it nothing. */
  setPanes(panes: ReadonlySet<number>): void;
  /** The pane's screen may have changed. `echo`: in answer to a key. */
  changed(pane: number, echo: boolean): void;
  /** The pane's synchronized frame is complete right now, and its next one may already begin. */
  frameEnded(pane: number): void;
  acknowledge(frame: number): void;
  /** Frames wait for an acknowledgement: the client does not keep up, for now or for long. */
  readonly busy: boolean;
  /** Forget what the client has: everything is sent again. */
  refresh(): void;
  dispose(): void;
};

export type ViewerDeps = {
  panes: ReadonlyMap<number, Pane>;
  send(payload: Buffer): void;
};

const FRAME_MS = 1000 / 60;
/** While nobody types: as smooth to the eye, half the work for everybody. */
const QUIET_FRAME_MS = 1000 / 30;
const TYPING_MS = 1000;
/** A pane that floods is shown this often: nobody reads faster, and parsing needs the time. */
const FLOOD_FRAME_MS = 50;
/** Frames on the way; one more is allowed for the echo of a key. */
const MAX_IN_FLIGHT = 2;
/** A program that never ends its synchronized frame is shown anyway; xterm.js and tmux wait as long. */
const SYNCHRONIZED_MAX_MS = 1000;
/** A pane that always draws has no moment between two frames: after this long it is shown at the end of one. */
const STARVED_MS = 30;
/** A backlog of unparsed output above this is a flood. */
const FLOOD_BYTES = 16 * 1024;

type Known = {
  grid: CellGrid;
  cursor: string;
  cleared: boolean;
  changedAt: number;
  synchronizedSince: number;
};

/** One for the whole process. */
const writer = createScreenFrameWriter();

export function createViewer({ panes, send }: ViewerDeps): Viewer {
  const known = new Map<number, Known>();
  let shown: ReadonlySet<number> = new Set();
  let typedAt = Number.NEGATIVE_INFINITY;
  const dirty = new Set<number>();
  const inFlight = new Set<number>();
  let frame = 0;
  let lastFrameAt = 0;
  let timer: NodeJS.Timeout | null = null;
  let timerDue = 0;
  let immediate: NodeJS.Immediate | null = null;

  function schedule(): void {
    if (dirty.size === 0 || immediate || inFlight.size >= MAX_IN_FLIGHT) return;
    const now = performance.now();
    const due = lastFrameAt + interval();
    if (due <= now) {
      if (timer) clearTimeout(timer);
      timer = null;
      immediate = setImmediate(() => {
        immediate = null;
        flush();
      });
      return;
    }
    if (timer && timerDue <= due) return;
    if (timer) clearTimeout(timer);
    timerDue = due;
    timer = setTimeout(() => {
      timer = null;
      flush();
    }, due - now);
  }

  function interval(): number {
    const frameMs = performance.now() - typedAt < TYPING_MS ? FRAME_MS : QUIET_FRAME_MS;
    for (const number of dirty) if (!floods(number)) return frameMs;
    return FLOOD_FRAME_MS;
  }

  function floods(number: number): boolean {
    return (panes.get(number)?.backlogBytes ?? 0) >= FLOOD_BYTES;
  }

  function flush(): void {
    if (inFlight.size >= MAX_IN_FLIGHT) return;
    const now = performance.now();
    lastFrameAt = now;
    let later = false;
    const ready: number[] = [];
    for (const number of dirty) {
      const pane = panes.get(number);
      if (!shown.has(number)) dirty.delete(number);
      else if (!pane) ready.push(number);
      else if (mustWait(pane, now)) later = true;
      else ready.push(number);
    }
    sendPanes(ready);
    if (later) schedule();
  }

  /** In the middle of a synchronized frame, and not for too long. */
  function mustWait(pane: Pane, now: number): boolean {
    const entry = knownOf(pane);
    if (!pane.screen.synchronized) {
      entry.synchronizedSince = 0;
      return false;
    }
    if (entry.synchronizedSince === 0) entry.synchronizedSince = now;
    return now - entry.synchronizedSince < SYNCHRONIZED_MAX_MS;
  }

  function knownOf(pane: Pane): Known {
    const { cols, rows } = pane.screen;
    let entry = known.get(pane.number);
    if (!entry || entry.grid.cols !== cols || entry.grid.rows !== rows) {
      entry = {
        grid: createCellGrid(cols, rows),
        cursor: '',
        cleared: true,
        changedAt: 0,
        synchronizedSince: entry?.synchronizedSince ?? 0,
      };
      known.set(pane.number, entry);
    }
    return entry;
  }

  function sendPanes(numbers: readonly number[]): void {
    let started = false;
    const begin = (): void => {
      if (started) return;
      started = true;
      frame = (frame + 1) >>> 0;
      writer.begin(frame);
    };
    for (const number of numbers) {
      const pane = panes.get(number);
      dirty.delete(number);
      if (pane) writePane(pane, begin);
      else writeNothing(number, begin);
    }
    if (!started) return;
    inFlight.add(frame);
    send(writer.finish());
  }

  /** The pane is gone, and its number may be another's before that has anything to show. */
  function writeNothing(number: number, begin: () => void): void {
    const entry = known.get(number);
    if (!entry) return;
    known.delete(number);
    begin();
    writer.pane({
      pane: number,
      cols: entry.grid.cols,
      rows: entry.grid.rows,
      cleared: true,
      cursorCol: 0,
      cursorRow: 0,
      cursorVisible: false,
      cursorStyle: 0,
      cursorColor: null,
      modes: DEFAULT_PANE_MODES,
    });
  }

  function writePane(pane: Pane, begin: () => void): void {
    const entry = knownOf(pane);
    entry.changedAt = 0;
    entry.synchronizedSince = 0;
    const cursor = pane.screen.cursor();
    const modes = pane.screen.modes();
    const cursorText = JSON.stringify([cursor, modes]);
    let headed = false;
    const head = (): void => {
      if (headed) return;
      headed = true;
      begin();
      writer.pane({
        pane: pane.number,
        cols: entry.grid.cols,
        rows: entry.grid.rows,
        cleared: entry.cleared,
        cursorCol: cursor.col,
        cursorRow: cursor.row,
        cursorVisible: cursor.visible,
        cursorStyle: cursor.style,
        cursorColor: cursor.color,
        modes,
      });
    };
    if (entry.cleared || cursorText !== entry.cursor) head();
    pane.screen.diffInto(entry.grid, (row, col, count, extras) => {
      head();
      writer.run({ row, col, count, words: entry.grid.words, offset: (row * entry.grid.cols + col) * 3, extras });
    });
    entry.cleared = false;
    entry.cursor = cursorText;
  }

  return {
    setPanes(next) {
      for (const number of next) if (!shown.has(number)) dirty.add(number);
      // What is no longer drawn may be dropped by the client: when it comes back it starts from nothing.
      for (const number of shown) if (!next.has(number)) known.delete(number);
      shown = next;
      schedule();
    },
    changed(number, echo) {
      if (!shown.has(number)) return;
      dirty.add(number);
      if (echo) typedAt = performance.now();
      const entry = known.get(number);
      if (entry && entry.changedAt === 0) entry.changedAt = performance.now();
      const pane = panes.get(number);
      if (echo && pane && !pane.screen.synchronized && inFlight.size < MAX_IN_FLIGHT + 1) sendPanes([number]);
      else schedule();
    },
    frameEnded(number) {
      const entry = known.get(number);
      const pane = panes.get(number);
      if (!entry || !pane || !shown.has(number)) return;
      entry.synchronizedSince = 0;
      if (entry.changedAt === 0 || performance.now() - entry.changedAt < STARVED_MS || inFlight.size >= MAX_IN_FLIGHT)
        return;
      sendPanes([number]);
    },
    acknowledge(number) {
      inFlight.delete(number);
      schedule();
    },
    get busy() {
      return inFlight.size >= MAX_IN_FLIGHT;
    },
    refresh() {
      known.clear();
      inFlight.clear();
      for (const number of shown) dirty.add(number);
      schedule();
    },
    dispose() {
      if (timer) clearTimeout(timer);
      if (immediate) clearImmediate(immediate);
      known.clear();
    },
  };
}
