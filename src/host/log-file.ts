import fs from 'node:fs';
import { promisify } from 'node:util';
import { createBlockWriter, type Piece, release } from './block-pool.ts';
import type { LogCompressor } from './log-compressor.ts';
import { moveLogFiles } from './log-move.ts';
import { emptyLogFiles, rotateLogFiles } from './log-rotation.ts';
import { openLogFile } from './open-log-file.ts';

/**
 * A file that is appended to without ever making anybody wait: what is appended is kept in memory, at most so much, and written by
 * libuv's threads. When it cannot be written (disk full, directory gone) it is tried again every second; what does not fit into memory
 * meanwhile is dropped and counted, and a line in the file says so as soon as there can be one.
 */
export type LogFile = {
  /** `lines`: how many lines these bytes count for, should they be dropped. */
  append(bytes: Uint8Array, lines?: number): void;
  /** Bytes that are neither written nor dropped. */
  readonly pendingBytes: number;
  /** Dropped since the beginning. */
  readonly droppedBytes: number;
  /** When all that was appended is written or dropped, or nothing can be written. */
  flushed(): Promise<void>;
  /** Empties the file and removes the rotated ones. */
  empty(): Promise<void>;
  /** The file and the rotated ones have this path from now on; nothing that was appended is lost. */
  move(to: string): Promise<void>;
  /** Writes what is left and closes; nothing can be appended any more. */
  close(): Promise<void>;
};

export type LogFileOptions = {
  path: string;
  maxSizeBytes: number;
  intervalMs: number | null;
  retain: number;
  compressor: LogCompressor | null;
  /** The line that tells of dropped bytes, with its ending. */
  describeDrop: (drop: Drop) => string;
  maxPendingBytes?: number;
  /** How long small pieces may wait for each other. */
  gatherMs?: number;
  now?: () => number;
  /** Opens the file for appending; the default makes its directory. */
  open?: (file: string) => Promise<number>;
};

export type Drop = { bytes: number; lines: number; reason: string };

const MAX_PENDING_BYTES = 1024 * 1024;
/** One write for many small pieces: nobody reads a log faster than this. */
const GATHER_MS = 100;
const GATHER_BYTES = 64 * 1024;
/** A file is rotated between pieces. */
const MAX_PIECE_BYTES = 32 * 1024;
const MAX_BATCH_BYTES = 256 * 1024;
const RETRY_MS = 1_000;
/** How often the name is looked at: whether it is still this file's. */
const IDENTITY_CHECK_MS = 1_000;

const writev = promisify(fs.writev);
const closeFile = promisify(fs.close);
const fstat = promisify(fs.fstat);
const stat = promisify(fs.stat);

type OpenFile = { fd: number; size: number; bornAt: number; dev: number; ino: number; checkedAt: number };

export function createLogFile(options: LogFileOptions): LogFile {
  let file = options.path;
  const { maxSizeBytes, intervalMs, retain, compressor, describeDrop } = options;
  const { maxPendingBytes = MAX_PENDING_BYTES, gatherMs = GATHER_MS, now = Date.now, open = openLogFile } = options;
  let queue: Piece[] = [];
  let gathering = createGathering();
  let pending = 0;
  let dropped = 0;
  let drop: Drop | null = null;
  let current: OpenFile | null = null;
  let timer: NodeJS.Timeout | null = null;
  let failing: string | null = null;
  let closed = false;
  /** One thing at a time happens to the file; failures of one do not stop the next. */
  let work: Promise<void> = Promise.resolve();
  let working = 0;

  function enqueue(task: () => Promise<void>): Promise<void> {
    working++;
    work = work
      .then(task)
      .catch(fail)
      .finally(() => {
        working--;
        // What came meanwhile.
        if (working === 0 && pending > 0) schedule(gatherMs);
      });
    return work;
  }

  function fail(error: unknown): void {
    failing = describeFailure(error as NodeJS.ErrnoException);
    const lost = current;
    current = null;
    if (lost) fs.close(lost.fd, () => {});
    schedule(RETRY_MS);
  }

  function schedule(delayMs: number): void {
    if (closed || timer) return;
    timer = setTimeout(flush, delayMs);
    // What is left when the process ends is written by close().
    timer.unref();
  }

  function flush(): void {
    if (timer) clearTimeout(timer);
    timer = null;
    if (working === 0) void enqueue(() => drain(GATHER_BYTES));
  }

  function createGathering() {
    return createBlockWriter(Math.min(MAX_PIECE_BYTES, Math.ceil(maxSizeBytes / 4)));
  }

  function put(bytes: Uint8Array): void {
    pending += bytes.length;
    gathering.put(bytes);
  }

  function closePiece(): void {
    queue.push(...gathering.take());
  }

  /** Goes on while at least `enough` bytes have come meanwhile: each write costs the same, whether of one piece or of sixty. */
  async function drain(enough: number): Promise<void> {
    closePiece();
    while (queue.length > 0) {
      await openCurrent();
      await rotateIfDue();
      await writeBatch();
      failing = null;
      if (drop) tellDrop();
      if (pending >= enough) closePiece();
    }
  }

  function tellDrop(): void {
    put(Buffer.from(describeDrop(drop!)));
    drop = null;
  }

  async function openCurrent(): Promise<void> {
    const time = now();
    if (current && time - current.checkedAt >= IDENTITY_CHECK_MS) {
      current.checkedAt = time;
      const named = await stat(file).catch(() => null);
      if (!named || named.ino !== current.ino || named.dev !== current.dev) {
        const gone = current;
        current = null;
        await closeFile(gone.fd).catch(() => {});
      }
    }
    if (current) return;
    const fd = await open(file);
    const { size, birthtimeMs, mtimeMs, dev, ino } = await fstat(fd);
    // Where the file system keeps no time of birth it is 0.
    current = { fd, size, bornAt: birthtimeMs || (size > 0 ? mtimeMs : time), dev, ino, checkedAt: time };
  }

  async function rotateIfDue(): Promise<void> {
    const { size, bornAt, fd } = current!;
    const tooBig = size + queue[0]!.bytes.length > maxSizeBytes;
    const tooOld = intervalMs !== null && now() - bornAt >= intervalMs;
    if (size === 0 || !(tooBig || tooOld)) return;
    current = null;
    await closeFile(fd);
    await compressor?.hold(file);
    try {
      await rotateLogFiles(file, retain);
    } finally {
      compressor?.release(file);
    }
    await openCurrent();
  }

  async function writeBatch(): Promise<void> {
    const target = current!;
    const batch: Uint8Array[] = [];
    let bytes = 0;
    for (const { bytes: piece } of queue) {
      if (bytes > 0 && (bytes + piece.length > MAX_BATCH_BYTES || target.size + bytes + piece.length > maxSizeBytes))
        break;
      batch.push(piece);
      bytes += piece.length;
    }
    const { bytesWritten } = await writev(target.fd, batch);
    // A full disk says so at the next attempt.
    target.size += bytesWritten;
    forget(bytesWritten);
  }

  /** A full disk may take half of a piece: the other half stays the first of the queue. */
  function forget(written: number): void {
    pending -= written;
    let left = written;
    let whole = 0;
    while (whole < queue.length && left >= queue[whole]!.bytes.length) left -= queue[whole++]!.bytes.length;
    for (const piece of queue.splice(0, whole)) release(piece);
    if (left > 0) queue[0]!.bytes = queue[0]!.bytes.subarray(left);
  }

  return {
    get pendingBytes() {
      return pending;
    },
    get droppedBytes() {
      return dropped;
    },
    append(bytes, lines = 1) {
      if (closed || bytes.length === 0) return;
      // Also while there is room again: what comes after a gap stands after the line that tells of it.
      if (drop || pending + bytes.length > maxPendingBytes) {
        drop ??= { bytes: 0, lines: 0, reason: '' };
        drop.bytes += bytes.length;
        drop.lines += lines;
        drop.reason = failing ?? 'too much at once';
        dropped += bytes.length;
        return;
      }
      put(bytes);
      if (failing) schedule(RETRY_MS);
      else if (pending >= GATHER_BYTES && working === 0) flush();
      else schedule(gatherMs);
    },
    async flushed() {
      await enqueue(() => drain(1));
    },
    empty: () =>
      enqueue(async () => {
        queue = [];
        gathering = createGathering();
        pending = 0;
        drop = null;
        await compressor?.hold(file);
        try {
          await emptyLogFiles(file);
        } finally {
          compressor?.release(file);
        }
        if (current) current.size = 0;
      }),
    move: (to) =>
      enqueue(async () => {
        const from = file;
        file = to;
        if (current) await closeFile(current.fd);
        current = null;
        await compressor?.hold(from);
        try {
          await moveLogFiles(from, to);
        } finally {
          compressor?.release(from);
        }
      }),
    async close() {
      if (closed) return;
      closed = true;
      if (timer) clearTimeout(timer);
      await enqueue(() => drain(1));
      await enqueue(async () => {
        if (current) await closeFile(current.fd);
        current = null;
      });
    },
  };
}

function describeFailure({ code, message }: NodeJS.ErrnoException): string {
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return 'disk full';
    case 'EFBIG':
      return 'file size limit';
    case 'ENOENT':
    case 'ENOTDIR':
      return 'log directory gone';
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return 'not allowed to write';
    case 'ELOOP':
      return 'the log file is a link';
    default:
      return code ?? message;
  }
}
