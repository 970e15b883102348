import fs from 'node:fs';
import * as nodePty from 'node-pty';
import { encodeKey } from './encode-key.ts';
import { createReferenceTerminal, type ReferenceTerminal } from './reference-terminal.ts';
import { PATIENCE_MS } from './wait-until.ts';

/**
 * A program in a real pty, as a person at a terminal has it: its output feeds a reference terminal, keys go in as that terminal would
 * send them, and tests wait for what the screen shows.
 */
export type TerminalSession = {
  readonly pid: number;
  readonly screen: ReferenceTerminal;
  /** Bytes the program has written so far, and in how many reads they came. */
  readonly byteCount: number;
  readonly readCount: number;
  /** The last megabyte of them. */
  raw(): Buffer;
  /** Types text (or raw bytes) as is. */
  type(input: string | Uint8Array): void;
  /** Presses keys by name, in the encoding that the program asked for. */
  press(...keys: string[]): void;
  resize(cols: number, rows: number): void;
  /**
   * Resolves as soon as the predicate is true; it is asked after every piece of output, never inside a synchronized update. A text
   * instead of `false` says in the error what was seen. With `alsoOn` it is asked after the output of that terminal, too.
   */
  waitFor(
    description: string,
    predicate: (screen: ReferenceTerminal) => boolean | string,
    options?: { timeoutMs?: number; alsoOn?: TerminalSession },
  ): Promise<void>;
  /** Calls back after every piece of output, and at the exit; returns how to stop that. */
  onOutput(listener: () => void): () => void;
  waitForText(text: string | RegExp, options?: { timeoutMs?: number }): Promise<void>;
  waitForExit(options?: { timeoutMs?: number }): Promise<TerminalExit>;
  readonly exit: TerminalExit | null;
  /** A terminal that does not read: the program's writes block when the kernel's buffer is full. */
  pause(): void;
  resume(): void;
  kill(signal: NodeJS.Signals): void;
  /** The terminal goes away: the program gets what a closed window gives it. */
  hangUp(): void;
  /** The device, to ask `stty` about the terminal from outside. */
  ttyPath(): string;
  close(): Promise<void>;
};

export type TerminalExit = { code: number; signal: number };

export type TerminalSessionOptions = {
  argv: [string, ...string[]];
  cols?: number;
  rows?: number;
  env?: Record<string, string>;
  cwd?: string;
  answers?: 'all' | 'none';
};

const RAW_LIMIT_BYTES = 1_000_000;

export function openTerminal(options: TerminalSessionOptions): TerminalSession {
  const { argv, cols = 80, rows = 24, env = {}, cwd, answers } = options;
  const pty = nodePty.spawn(argv[0], argv.slice(1), {
    cols,
    rows,
    cwd,
    name: 'xterm-256color',
    env: { ...baseEnvironment(), ...env },
    encoding: null,
  });
  const { fd, _socket: socket } = pty as unknown as PtyInternals;
  const screen = createReferenceTerminal({ cols, rows, answers, onReply: (bytes) => write(Buffer.from(bytes)) });
  const listeners = new Set<() => void>();
  const chunks: Buffer[] = [];
  let chunkBytes = 0;
  let byteCount = 0;
  let readCount = 0;
  let exit: TerminalExit | null = null;
  let closed = false;
  let queue: Buffer[] = [];
  let timer: NodeJS.Timeout | null = null;

  function onData(data: Buffer): void {
    byteCount += data.length;
    readCount++;
    chunks.push(data);
    chunkBytes += data.length;
    while (chunkBytes - chunks[0]!.length > RAW_LIMIT_BYTES) chunkBytes -= chunks.shift()!.length;
    screen.write(data);
    for (const listener of [...listeners]) listener();
  }

  // node-pty destroys the socket 200 ms after the exit, whatever is still unread; what the kernel holds is read here first.
  const destroy = socket._destroy;
  socket._destroy = function (error, callback) {
    if (!closed) {
      while (socket.read() !== null);
      drain(fd, onData);
      closed = true;
      queue = [];
      if (timer) clearTimeout(timer);
    }
    return destroy.call(this, error, callback);
  };
  pty.onData((data) => onData(data as unknown as Buffer));
  pty.onExit(({ exitCode, signal }) => {
    exit = { code: exitCode, signal: signal ?? 0 };
    for (const listener of [...listeners]) listener();
  });

  /** node-pty's own writer spins while the program does not read. */
  function write(bytes: Uint8Array): void {
    if (closed || bytes.length === 0) return;
    queue.push(Buffer.from(bytes));
    if (!timer) pump();
  }
  function pump(): void {
    timer = null;
    while (!closed && queue.length > 0) {
      const head = queue[0]!;
      try {
        const written = fs.writeSync(fd, head);
        if (written < head.length) queue[0] = head.subarray(written);
        else queue.shift();
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EAGAIN') timer = setTimeout(pump, 5);
        else queue = [];
        return;
      }
    }
  }

  const session: TerminalSession = {
    pid: pty.pid,
    screen,
    get byteCount() {
      return byteCount;
    },
    get readCount() {
      return readCount;
    },
    get exit() {
      return exit;
    },
    raw: () => Buffer.concat(chunks),
    type: (input) => write(typeof input === 'string' ? Buffer.from(input) : input),
    press(...keys) {
      for (const key of keys) write(Buffer.from(encodeKey(key, screen.modes())));
    },
    resize(newCols, newRows) {
      screen.resize(newCols, newRows);
      if (!closed) pty.resize(newCols, newRows);
    },
    waitFor(description, predicate, { timeoutMs = PATIENCE_MS, alsoOn } = {}) {
      return new Promise((resolve, reject) => {
        let scheduled = false;
        let settled = false;
        let seen: boolean | string = false;
        const check = (final = false): void => {
          scheduled = false;
          if (settled) return;
          // Half a frame is not on any screen; only a program that never ends its frame is looked at in the middle.
          if (screen.mode(2026) && !final) return;
          try {
            seen = predicate(screen);
          } catch (error) {
            settle(() => reject(error));
            return;
          }
          if (seen === true) settle(resolve);
          else if (final) settle(() => reject(new Error(failure(seen))));
        };
        const listener = (): void => {
          if (exit) check(true);
          else if (!scheduled) {
            scheduled = true;
            setImmediate(check);
          }
        };
        const deadline = setTimeout(() => check(true), timeoutMs);
        const settle = (finish: () => void): void => {
          settled = true;
          clearTimeout(deadline);
          for (const stop of stops) stop();
          finish();
        };
        const failure = (result: boolean | string): string =>
          [
            exit
              ? `the program ended (code ${exit.code}, signal ${exit.signal}) before: ${description}`
              : `waited ${timeoutMs} ms for: ${description}`,
            ...(typeof result === 'string' ? [`seen instead: ${result}`] : []),
            drawScreen(screen),
          ].join('\n');
        const stops = [session.onOutput(listener), ...(alsoOn ? [alsoOn.onOutput(listener)] : [])];
        listener();
      });
    },
    onOutput(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    waitForText(text, waitOptions) {
      const matches = (line: string) => (typeof text === 'string' ? line.includes(text) : text.test(line));
      return session.waitFor(`${text} on the screen`, () => screen.text().some(matches), waitOptions);
    },
    waitForExit({ timeoutMs = PATIENCE_MS } = {}) {
      return new Promise((resolve, reject) => {
        const listener = (): void => {
          if (!exit) return;
          clearTimeout(deadline);
          listeners.delete(listener);
          resolve(exit);
        };
        const deadline = setTimeout(() => {
          listeners.delete(listener);
          reject(new Error(`waited ${timeoutMs} ms for the program to end\n${drawScreen(screen)}`));
        }, timeoutMs);
        listeners.add(listener);
        listener();
      });
    },
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    kill(signal) {
      if (!exit) signalProcess(pty.pid, signal);
    },
    hangUp: () => socket.destroy(),
    ttyPath: () => (pty as unknown as { _pty: string })._pty,
    async close() {
      if (!exit) {
        signalProcess(pty.pid, 'SIGKILL');
        socket.resume();
        await session.waitForExit();
      }
      screen.dispose();
    },
  };
  return session;
}

type PtyInternals = {
  fd: number;
  _socket: {
    _destroy(error: Error | null, callback: (error?: Error | null) => void): void;
    read(): Buffer | null;
    pause(): void;
    resume(): void;
    destroy(): void;
  };
};

function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // It has ended and been waited for; the news is on its way.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function drain(fd: number, onData: (data: Buffer) => void): void {
  const buffer = Buffer.allocUnsafe(65_536);
  for (;;) {
    let length: number;
    try {
      length = fs.readSync(fd, buffer, 0, buffer.length, null);
    } catch {
      // EIO: the other side is closed; EAGAIN: nothing left.
      return;
    }
    if (length <= 0) return;
    onData(Buffer.from(buffer.subarray(0, length)));
  }
}

/** The same everywhere: none of the variables of the terminal that the tests run in. */
export function baseEnvironment(): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    LANG: 'C.UTF-8',
    SHELL: '/bin/bash',
    HOME: process.env['HOME'] ?? '/',
    USER: process.env['USER'] ?? 'user',
    TERM: 'xterm-256color',
    COLORTERM: 'truecolor',
  };
}

/** The screen in a box, the cursor marked at the border. */
export function drawScreen(screen: ReferenceTerminal): string {
  const cursor = screen.cursor();
  const edge = '─'.repeat(screen.cols);
  const lines = screen.text().map((line, y) => {
    const width = Array.from({ length: screen.cols }, (_, x) => screen.cell(x, y).chars || '').join('').length;
    return `│${line.padEnd(width)}${y === cursor.y && cursor.visible ? `◀ cursor at ${cursor.x},${cursor.y}` : '│'}`;
  });
  return [`┌${edge}┐`, ...lines, `└${edge}┘`].join('\n');
}
