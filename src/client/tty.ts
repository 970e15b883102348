import fs from 'node:fs';
import { createTerminalOutput, type TerminalOutput } from './terminal-output.ts';

/**
 * The outer terminal: raw mode and alternate screen on the way in, everything back on every way out. `restore` runs at process exit
 * whatever the reason; only SIGKILL can keep it from running.
 */
export type Tty = {
  readonly cols: number;
  readonly rows: number;
  readonly output: TerminalOutput;
  /** Leaves the terminal as it was found for a program that wants it, and calls back when that may start. */
  suspend(then: () => void): void;
  resume(): void;
  /** Takes the terminal as it is now: others may have used it, and left it in any mode. */
  retake(): void;
  restore(): void;
};

export type TtyEvents = {
  onInput(bytes: Buffer): void;
  /** What was typed before this process was there to read it; before any other input, and not before `openTty` has returned. */
  onTypedAhead(bytes: Buffer): void;
  /** The window has changed its size, perhaps to the same one; its content must be drawn again. */
  onResize(cols: number, rows: number): void;
  /** The terminal is gone: closed window, dropped link. */
  onGone(): void;
  /** What else has to be put back on the way out: modes that were set meanwhile. */
  resetText(): string;
};

/** Alternate screen, cleared; no autowrap, so that the last cell can be drawn; bracketed paste; reports of focus and colours. */
const ENTER = '\x1b[?1049h\x1b[0m\x1b[2J\x1b[H\x1b[?7l\x1b[?2004h\x1b[?1004h\x1b[?2031h';
const BREAK_OFF = '\x1b[?2026l\x1b]8;;\x1b\\\x1b[0m';
const LEAVE = '\x1b[?2031l\x1b[?1004l\x1b[?2004l\x1b[?7h\x1b[0 q\x1b[?25h\x1b[?1049l';
const RESTORE_TIMEOUT_MS = 200;

export function openTty(events: TtyEvents): Tty {
  const { stdin, stdout } = process;
  const output = createTerminalOutput(events.onGone);
  let open = true;
  let suspended = false;

  const onResize = (): void => events.onResize(stdout.columns, stdout.rows);
  const onEnd = (): void => events.onGone();
  stdin.setRawMode(true);
  const typedAhead = readTypedAhead();
  if (typedAhead.length > 0) queueMicrotask(() => open && events.onTypedAhead(typedAhead));
  stdin.on('data', events.onInput);
  stdin.on('end', onEnd);
  stdin.on('error', onEnd);
  // Not stdout's own 'resize': a window that shrinks and grows back in one breath has the same size and another content.
  process.on('SIGWINCH', onResize);
  output.write(ENTER);

  /** False when there is no terminal any more. */
  function setRaw(): boolean {
    try {
      stdin.setRawMode(true);
      return true;
    } catch {
      events.onGone();
      return false;
    }
  }

  /** Only who is in the foreground is told of a new size; stdout looks for it when it is told. */
  function refreshSize(): void {
    process.emit('SIGWINCH', 'SIGWINCH');
  }

  function restore(): void {
    if (!open) return;
    open = false;
    process.off('exit', restore);
    process.off('SIGWINCH', onResize);
    stdin.off('data', events.onInput);
    stdin.off('end', onEnd);
    stdin.pause();
    output.finish(`${BREAK_OFF}${events.resetText()}${LEAVE}`, RESTORE_TIMEOUT_MS);
    try {
      stdin.setRawMode(false);
    } catch {
      // The terminal is gone: there is nothing to put back.
    }
  }
  process.on('exit', restore);

  return {
    get cols() {
      return stdout.columns;
    },
    get rows() {
      return stdout.rows;
    },
    output,
    suspend(then) {
      output.write(`${BREAK_OFF}${events.resetText()}${LEAVE}`);
      output.onDrained(() => {
        if (!open) return;
        suspended = true;
        stdin.off('data', events.onInput);
        stdin.pause();
        stdin.setRawMode(false);
        then();
      });
    },
    resume() {
      if (!open || !suspended) return;
      suspended = false;
      if (!setRaw()) return;
      stdin.on('data', events.onInput);
      stdin.resume();
      output.write(ENTER);
      refreshSize();
    },
    retake() {
      if (!open || suspended) return;
      stdin.setRawMode(false);
      if (!setRaw()) return;
      output.write(`${BREAK_OFF}${events.resetText()}${ENTER}`);
      refreshSize();
    },
    restore,
  };
}

/**
 * What waits in the kernel just after the terminal has left its line mode, which keeps what was typed in it. Nothing has been asked of the
 * terminal yet, so that none of it is an answer. Empty where it cannot be read: then it comes as other input does.
 */
function readTypedAhead(): Buffer {
  const { O_RDONLY, O_NONBLOCK, O_NOCTTY } = fs.constants;
  const pieces: Buffer[] = [];
  let fd: number | null = null;
  try {
    fd = fs.openSync(process.platform === 'linux' ? '/proc/self/fd/0' : '/dev/tty', O_RDONLY | O_NONBLOCK | O_NOCTTY);
    const piece = Buffer.alloc(4096);
    for (let length = 1; length > 0; ) {
      length = fs.readSync(fd, piece);
      pieces.push(Buffer.from(piece.subarray(0, length)));
    }
  } catch {
    // EAGAIN: that was all of it. Any other error is met again by whoever reads on.
  }
  if (fd !== null) fs.closeSync(fd);
  return Buffer.concat(pieces);
}
