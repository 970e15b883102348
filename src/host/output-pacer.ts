/**
 * Nine working agents redraw a spinner twenty times a second each, and every one of those little writes would wake the host. A pane that
 * has been busy in small pieces for a while, and that nobody types into, is looked at twenty-five times a second instead, all such panes
 * in one go. A key, a flood or silence ends that.
 */
export type OutputPacer = {
  add(source: PacedSource): PacedPane;
  dispose(): void;
};

export type PacedSource = {
  /** Reads what is there; the number of bytes, or null when the other side is gone. */
  poll(): number | null;
  /** Ends and begins the telling of each piece as it comes. */
  stop(): void;
  start(): void;
};

export type PacedPane = {
  /** A piece came by itself. */
  sawChunk(bytes: number): void;
  /** Somebody types into the pane: from now on each piece counts. */
  wake(): void;
  remove(): void;
};

const INTERVAL_MS = 40;
/** A larger piece is no spinner; a kernel's buffer that was full when we looked kept its program waiting. */
const SMALL_BYTES = 1024;
const FULL_BYTES = 4000;
/** This many small pieces within a second make a busy pane. */
const BUSY_CHUNKS = 10;
const WINDOW_MS = 1000;
/** A pane is left alone for this long after a key. */
const TYPING_MS = 2000;
/** Looks in vain before a pane is told of by itself again. */
const MAX_IDLE_POLLS = 10;

type Entry = {
  source: PacedSource;
  polled: boolean;
  chunks: number;
  windowStart: number;
  typedAt: number;
  idle: number;
};

export function createOutputPacer(now: () => number = () => performance.now()): OutputPacer {
  const polled = new Set<Entry>();
  let timer: NodeJS.Timeout | null = null;

  function tick(): void {
    timer = null;
    for (const entry of polled) {
      const bytes = entry.source.poll();
      entry.idle = bytes === 0 ? entry.idle + 1 : 0;
      if (bytes === null || bytes >= FULL_BYTES || entry.idle >= MAX_IDLE_POLLS) release(entry);
    }
    if (polled.size > 0) timer = setTimeout(tick, INTERVAL_MS);
  }

  function release(entry: Entry): void {
    if (!entry.polled) return;
    entry.polled = false;
    entry.chunks = 0;
    polled.delete(entry);
    entry.source.start();
  }

  return {
    add(source) {
      const entry: Entry = {
        source,
        polled: false,
        chunks: 0,
        windowStart: 0,
        typedAt: Number.NEGATIVE_INFINITY,
        idle: 0,
      };
      return {
        sawChunk(bytes) {
          if (entry.polled) return;
          const time = now();
          if (time - entry.windowStart > WINDOW_MS || bytes > SMALL_BYTES) {
            entry.windowStart = time;
            entry.chunks = 0;
          }
          entry.chunks++;
          if (entry.chunks < BUSY_CHUNKS || time - entry.typedAt < TYPING_MS) return;
          entry.polled = true;
          entry.idle = 0;
          source.stop();
          polled.add(entry);
          timer ??= setTimeout(tick, INTERVAL_MS);
        },
        wake() {
          entry.typedAt = now();
          release(entry);
        },
        remove() {
          entry.polled = false;
          polled.delete(entry);
        },
      };
    },
    dispose() {
      if (timer) clearTimeout(timer);
      polled.clear();
    },
  };
}
