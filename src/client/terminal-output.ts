import fs from 'node:fs';

/**
 * The outer terminal's output side. Written through an own non-blocking descriptor: a terminal that does not drain (a slow ssh
 * link, a stopped emulator) must not block the process that has to answer signals and the host.
 */
export type TerminalOutput = {
  /** True when all is out and a new frame may be made. */
  readonly drained: boolean;
  write(text: string): void;
  /** Calls back once, when everything written so far is out. */
  onDrained(listener: () => void): void;
  /** Last words, on the way out: finishes what was begun, then writes `text`, for at most `timeoutMs`. */
  finish(text: string, timeoutMs: number): void;
};

const RETRY_MS = 4;

/** `onGone`: the terminal cannot be written to any more. */
export function createTerminalOutput(onGone: () => void): TerminalOutput {
  const fd = openOwnDescriptor();
  let pending: Buffer | null = null;
  let timer: NodeJS.Timeout | null = null;
  let listeners: (() => void)[] = [];
  let gone = false;

  /** Writes what the terminal takes now; true when nothing is left. */
  function push(): boolean {
    while (pending && !gone) {
      try {
        const written = fs.writeSync(fd, pending);
        pending = written >= pending.length ? null : pending.subarray(written);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return false;
        // EIO, EPIPE, EBADF: there is no terminal any more.
        gone = true;
        pending = null;
        // Later: whoever writes may not be ready yet to leave.
        queueMicrotask(onGone);
      }
    }
    return true;
  }

  function pump(): void {
    timer = null;
    if (!push()) {
      timer = setTimeout(pump, RETRY_MS);
      return;
    }
    const ready = listeners;
    listeners = [];
    for (const listener of ready) listener();
  }

  return {
    get drained() {
      return pending === null;
    },
    write(text) {
      if (gone) return;
      const bytes = Buffer.from(text);
      pending = pending ? Buffer.concat([pending, bytes]) : bytes;
      if (!timer) pump();
    },
    onDrained(listener) {
      if (pending === null) listener();
      else listeners.push(listener);
    },
    finish(text, timeoutMs) {
      if (timer) clearTimeout(timer);
      timer = null;
      listeners = [];
      if (gone) return;
      pending = pending ? Buffer.concat([pending, Buffer.from(text)]) : Buffer.from(text);
      const end = performance.now() + timeoutMs;
      while (!push() && performance.now() < end) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
    },
  };
}

/** A new open of the same terminal: O_NONBLOCK here leaves the shell's own descriptor alone. */
function openOwnDescriptor(): number {
  const { O_WRONLY, O_NONBLOCK, O_NOCTTY } = fs.constants;
  const file = process.platform === 'linux' ? '/proc/self/fd/1' : '/dev/tty';
  try {
    return fs.openSync(file, O_WRONLY | O_NONBLOCK | O_NOCTTY);
  } catch {
    // No /proc: blocking writes are better than none.
    return 1;
  }
}
