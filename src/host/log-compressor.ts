import fs from 'node:fs';
import { readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { rotatedLogs } from '../core/log-names.ts';

/**
 * Compresses rotated logs when there is time for it: one file after the other, in small pieces with pauses, and not while its log is being
 * rotated again and again. `.1` stays as it is, so that who follows a log finds the end of the file it was reading. Failures cost
 * nothing but room: the plain file goes only when its compressed copy is complete.
 */
export type LogCompressor = {
  /** Stops work on this log's files; they may be renamed when this resolves. */
  hold(file: string): Promise<void>;
  /** They have their new names: there may be something to do soon. */
  release(file: string): void;
  dispose(): void;
};

/** A log that was rotated within this time will be again: what is compressed now would be moved or deleted at once. */
const IDLE_MS = 2_000;
/** After each piece of 64 KB (some 2 ms of work): less than half of a core. */
const PAUSE_MS = 3;

export function createLogCompressor({ idleMs = IDLE_MS, pauseMs = PAUSE_MS } = {}): LogCompressor {
  const due = new Map<string, number>();
  const held = new Set<string>();
  let job: { file: string; abort: AbortController; done: Promise<void> } | null = null;
  let timer: NodeJS.Timeout | null = null;
  let disposed = false;

  function schedule(): void {
    if (timer || job || disposed || due.size === 0) return;
    const next = Math.min(...due.values());
    timer = setTimeout(start, Math.max(10, next - performance.now()));
    timer.unref();
  }

  function start(): void {
    timer = null;
    const time = performance.now();
    const file = [...due].find(([name, at]) => at <= time && !held.has(name))?.[0];
    if (file === undefined) {
      schedule();
      return;
    }
    due.delete(file);
    const abort = new AbortController();
    const done = compressAll(file, abort.signal, pauseMs)
      .catch(() => {
        // No room, no directory, or asked to stop: the next rotation tries again.
      })
      .finally(() => {
        job = null;
        schedule();
      });
    job = { file, abort, done };
  }

  return {
    async hold(file) {
      held.add(file);
      due.delete(file);
      if (job?.file !== file) return;
      job.abort.abort();
      await job.done;
    },
    release(file) {
      held.delete(file);
      due.set(file, performance.now() + idleMs);
      schedule();
    },
    dispose() {
      disposed = true;
      if (timer) clearTimeout(timer);
      job?.abort.abort();
    },
  };
}

async function compressAll(file: string, signal: AbortSignal, pauseMs: number): Promise<void> {
  const directory = path.dirname(file);
  const names = await readdir(directory);
  const plain = rotatedLogs(path.basename(file), names).filter(({ number, compressed }) => number > 1 && !compressed);
  for (const { file: name } of plain.reverse()) await compress(path.join(directory, name), signal, pauseMs);
}

async function compress(file: string, signal: AbortSignal, pauseMs: number): Promise<void> {
  const { O_RDONLY, O_NOFOLLOW } = fs.constants;
  const part = `${file}.gz.part`;
  await rm(part, { force: true });
  try {
    await pipeline(
      fs.createReadStream(file, { flags: (O_RDONLY | O_NOFOLLOW) as unknown as string, highWaterMark: 64 * 1024 }),
      pausing(pauseMs),
      createGzip(),
      fs.createWriteStream(part, { flags: 'wx', mode: 0o600 }),
      { signal },
    );
    signal.throwIfAborted();
    await rename(part, `${file}.gz`);
    await rm(file);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

function pausing(ms: number): Transform {
  return new Transform({
    transform(chunk, _encoding, callback) {
      setTimeout(callback, ms, null, chunk).unref();
    },
  });
}
