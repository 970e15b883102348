import fs from 'node:fs';
import os from 'node:os';
import { type IPty, spawn } from 'node-pty';
import type { Exit } from '../core/session.ts';
import { withoutGaps } from './dense-descriptors.ts';

/**
 * One pseudo-terminal and the process in it. The one file that knows node-pty (1.2.0-beta.15 exactly: it reaches for the socket
 * behind a pty), and the cure for four of its faults on Linux: output lost when a child exits with more than 4095 bytes unread
 * (node-pty#72), a core burnt while a child does not read its input (#956), input written into whatever file got the fd number
 * of a pty that is gone, and terminals that programs of other panes inherit (dense-descriptors.ts).
 */
export type Pty = {
  readonly pid: number;
  /** Bytes of input the program has not taken yet. */
  readonly queuedInputBytes: number;
  /** Queues input, in order. False when the program has not read for so long that the queue is full: nothing was queued. */
  write(data: string | Uint8Array): boolean;
  resize(cols: number, rows: number): void;
  /** Stops reading the program's output, now: the program blocks once the kernel's buffer is full. */
  pause(): void;
  resume(): void;
  /** While paused: reads what is there and hands it to onData. The number of bytes; null when the other side is gone. */
  poll(): number | null;
  /** Closes the terminal: what still runs in it gets SIGHUP. */
  close(): void;
};

export type PtyOptions = {
  argv: readonly string[];
  cwd: string;
  env: Record<string, string>;
  cols: number;
  rows: number;
  onData: (chunk: Buffer) => void;
  /** After the last onData. */
  onExit: (exit: Exit) => void;
};

/** A program that reads nothing for this many bytes is stuck; more input would only cost memory. */
const MAX_QUEUED_INPUT = 16 * 1024 * 1024;
/** Input written in one go before others get their turn. */
const WRITE_BUDGET = 256 * 1024;
const MAX_RETRY_MS = 20;
/** More than the kernel holds for a pty. */
const MAX_DRAIN = 4 * 1024 * 1024;

/** node-pty's own socket on the master side; not in its typings. */
type PtySocket = {
  /** Reading is stopped and started here: the stream's own pause() goes on reading until its buffer is full. */
  _handle: { readStop(): void; readStart(): void } | null;
  read(): unknown;
  _destroy(error: Error | null, callback: (error: Error | null) => void): void;
};

const masters = new Set<number>();

/** Throws when no pty can be had (too many files, ptys or processes): the message says only `forkpty(3) failed.` */
export function openPty(options: PtyOptions): Pty {
  const [file, ...args] = options.argv;
  const child = withoutGaps(Math.max(0, ...masters), () =>
    spawn(file!, args, {
      cwd: options.cwd,
      env: options.env,
      name: options.env['TERM'] ?? 'xterm-256color',
      cols: options.cols,
      rows: options.rows,
      // Buffers: text is decoded by the screen, which keeps halves of characters.
      encoding: null,
    }),
  );
  const { fd, _socket: socket } = child as IPty & { fd: number; _socket: PtySocket };
  masters.add(fd);

  let open = true;
  const queue: Uint8Array[] = [];
  let queuedBytes = 0;
  let offset = 0;
  let timer: NodeJS.Timeout | null = null;
  let retryMs = 1;

  // Runs for end of file, EIO, node-pty's 200 ms timer after an exit, and close(): the last moment at which the fd is still ours.
  const destroy = socket._destroy;
  socket._destroy = (error, callback) => {
    if (open) {
      // Reading to null hands what the stream has buffered to onData.
      while (socket.read() !== null);
      drain(fd, options.onData);
      fence();
    }
    destroy.call(socket, error, callback);
    masters.delete(fd);
  };
  child.onData((data) => options.onData(data as unknown as Buffer));
  child.onExit(({ exitCode, signal }) => {
    fence();
    options.onExit(signal ? { code: null, signal: signalName(signal) } : { code: exitCode, signal: null });
  });

  function fence(): void {
    open = false;
    queue.length = 0;
    queuedBytes = 0;
    if (timer) clearTimeout(timer);
    timer = null;
  }

  function pump(): void {
    timer = null;
    let budget = WRITE_BUDGET;
    while (open && queue.length > 0 && budget > 0) {
      const head = queue[0]!;
      let written: number;
      try {
        written = fs.writeSync(fd, head, offset, Math.min(head.length - offset, budget));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EAGAIN') {
          // The program is not reading; nobody tells when it does, so ask again, ever more rarely.
          timer = setTimeout(pump, retryMs);
          retryMs = Math.min(retryMs * 2, MAX_RETRY_MS);
        } else {
          // EIO: the other side is gone, the exit follows.
          queue.length = 0;
          queuedBytes = 0;
        }
        return;
      }
      retryMs = 1;
      budget -= written;
      queuedBytes -= written;
      offset += written;
      if (offset >= head.length) {
        queue.shift();
        offset = 0;
      }
    }
    if (open && queue.length > 0) timer = setTimeout(pump, 0);
  }

  return {
    pid: child.pid,
    get queuedInputBytes() {
      return queuedBytes;
    },
    write(data) {
      if (!open) return false;
      const bytes = typeof data === 'string' ? Buffer.from(data) : data;
      if (bytes.length === 0) return true;
      if (queuedBytes + bytes.length > MAX_QUEUED_INPUT) return false;
      queue.push(bytes);
      queuedBytes += bytes.length;
      if (!timer) pump();
      return true;
    },
    resize(cols, rows) {
      if (!open) return;
      try {
        child.resize(cols, rows);
      } catch {
        // EBADF or ENOTTY: the process has just gone, its exit follows.
      }
    },
    pause() {
      if (open) socket._handle?.readStop();
    },
    resume() {
      if (open) socket._handle?.readStart();
    },
    poll() {
      return open ? readAvailable(fd, options.onData) : null;
    },
    close() {
      if (open) (child as IPty & { destroy(): void }).destroy();
    },
  };
}

function drain(fd: number, onData: (chunk: Buffer) => void): void {
  for (let total = 0; total < MAX_DRAIN; ) {
    const count = readAvailable(fd, onData);
    if (!count) return;
    total += count;
  }
}

const readBuffer = Buffer.allocUnsafe(64 * 1024);

/** One read without waiting: the bytes it gave, 0 when there are none now, null when there will be none any more (EIO). */
function readAvailable(fd: number, onData: (chunk: Buffer) => void): number | null {
  let count: number;
  try {
    count = fs.readSync(fd, readBuffer, 0, readBuffer.length, null);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EAGAIN' ? 0 : null;
  }
  if (count > 0) onData(Buffer.from(readBuffer.subarray(0, count)));
  return count > 0 ? count : null;
}

function signalName(signal: number): string {
  const entry = Object.entries(os.constants.signals).find(([, number]) => number === signal);
  return entry?.[0] ?? `signal ${signal}`;
}
