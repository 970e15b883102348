/**
 * Shares the host's time among panes that print. Small output is parsed the moment it is read; a pane that floods is queued, paused above
 * a high-water mark and parsed in slices, in turn with the others. A pane that was just typed into goes before everybody: until it
 * answers, or for a few milliseconds, floods wait.
 */
export type OutputScheduler = {
  add(source: OutputSource): OutputQueue;
  /** Somebody typed into this queue's pane. */
  expectEcho(queue: OutputQueue): void;
};

export type OutputSource = {
  parse(chunk: Buffer): void;
  pause(): void;
  resume(): void;
};

export type OutputQueue = {
  push(chunk: Buffer): void;
  /** Parses all that is queued, now. */
  flush(): void;
  /** Unparsed bytes. */
  readonly bytes: number;
  remove(): void;
};

/** Above HIGH the pty is paused, below LOW it goes on. Low numbers: the kernel buffers too, and ^C must not wait behind a queue. */
const HIGH_WATER = 64 * 1024;
const LOW_WATER = 16 * 1024;
/** Parsed directly within this time, per pane; more is a flood. Time and not turns of the event loop: a turn per chunk costs CPU. */
const DIRECT_BYTES = 8 * 1024;
const DIRECT_MS = 5;
/** A slice of parsing floods before timers, sockets and keys get their turn. */
const SLICE_MS = 2;
/** How long floods wait for the answer to a key. */
const ECHO_HOLD_MS = 8;

type Entry = {
  source: OutputSource;
  queue: Buffer[];
  bytes: number;
  direct: number;
  directSince: number;
  paused: boolean;
};

export function createOutputScheduler(now: () => number = () => performance.now()): OutputScheduler {
  const waiting: Entry[] = [];
  const entries = new WeakMap<OutputQueue, Entry>();
  let immediate: NodeJS.Immediate | null = null;
  let holdTimer: NodeJS.Timeout | null = null;
  let hold: { entry: Entry; until: number } | null = null;

  function holding(): boolean {
    if (hold && now() >= hold.until) hold = null;
    return hold !== null;
  }

  function schedule(): void {
    if (!immediate) immediate = setImmediate(turn);
  }

  function turn(): void {
    immediate = null;
    if (waiting.length === 0) return;
    if (hold && holding()) {
      const mine = waiting.indexOf(hold.entry);
      if (mine < 0) {
        if (!holdTimer) {
          holdTimer = setTimeout(
            () => {
              holdTimer = null;
              schedule();
            },
            Math.max(1, hold.until - now()),
          );
        }
        return;
      }
      waiting.unshift(...waiting.splice(mine, 1));
    }
    const end = now() + SLICE_MS;
    do {
      const entry = waiting.shift()!;
      parseOne(entry);
      if (entry.queue.length > 0) waiting.push(entry);
    } while (waiting.length > 0 && now() < end && !holding());
    if (waiting.length > 0) schedule();
  }

  function mayParseDirectly(entry: Entry, bytes: number): boolean {
    const time = now();
    if (time - entry.directSince > DIRECT_MS) {
      entry.directSince = time;
      entry.direct = 0;
    }
    entry.direct += bytes;
    return entry.direct <= DIRECT_BYTES;
  }

  function parseOne(entry: Entry): void {
    const chunk = entry.queue.shift()!;
    entry.bytes -= chunk.length;
    if (hold?.entry === entry) hold = null;
    entry.source.parse(chunk);
    if (entry.paused && entry.bytes < LOW_WATER) {
      entry.paused = false;
      entry.source.resume();
    }
  }

  return {
    add(source) {
      const entry: Entry = { source, queue: [], bytes: 0, direct: 0, directSince: 0, paused: false };
      const queue: OutputQueue = {
        get bytes() {
          return entry.bytes;
        },
        push(chunk) {
          const held = holding() && hold?.entry !== entry;
          if (entry.queue.length === 0 && !held && mayParseDirectly(entry, chunk.length)) {
            if (hold?.entry === entry) hold = null;
            source.parse(chunk);
            return;
          }
          if (entry.queue.length === 0) waiting.push(entry);
          entry.queue.push(chunk);
          entry.bytes += chunk.length;
          if (!entry.paused && entry.bytes > HIGH_WATER) {
            entry.paused = true;
            source.pause();
          }
          schedule();
        },
        flush() {
          while (entry.queue.length > 0) parseOne(entry);
          const at = waiting.indexOf(entry);
          if (at >= 0) waiting.splice(at, 1);
        },
        remove() {
          entry.queue.length = 0;
          entry.bytes = 0;
          const at = waiting.indexOf(entry);
          if (at >= 0) waiting.splice(at, 1);
          if (hold?.entry === entry) hold = null;
        },
      };
      entries.set(queue, entry);
      return queue;
    },
    expectEcho(queue) {
      const entry = entries.get(queue);
      // With nobody flooding there is nobody to hold back.
      if (entry && waiting.some((other) => other !== entry)) hold = { entry, until: now() + ECHO_HOLD_MS };
    },
  };
}
