import { NonetError } from '../core/errors.ts';
import type { Exit } from '../core/session.ts';
import type { OutputPacer } from './output-pacer.ts';
import type { OutputScheduler } from './output-scheduler.ts';
import { readStartTime } from './process-identity.ts';
import { openPty, type Pty, type PtyOptions } from './pty.ts';

/** One program in its pty, whose output is read as fast as it can be shown; what is known of it stays when it has ended. */
export type ProgramRun = {
  readonly epoch: number;
  readonly pid: number;
  readonly startTime: string;
  readonly startedAt: number;
  /** Null while it lives. */
  readonly exit: Exit | null;
  readonly exitedAt: number | null;
  /** Bytes of output read and not yet parsed. */
  readonly backlogBytes: number;
  /** Bytes of input that it has not taken yet. */
  readonly queuedInputBytes: number;
  /** Gives it what was typed, and its answer goes before the output of others. */
  type(data: string | Uint8Array): void;
  /** Gives it what nobody typed. */
  write(text: string): void;
  resize(cols: number, rows: number): void;
  /** Parses all that is read, now. */
  flush(): void;
  /** Nothing more of it is parsed. */
  drop(): void;
  /** Closes its terminal. */
  close(): void;
};

export type ProgramRunDeps = { scheduler: OutputScheduler; pacer: OutputPacer };

export type ProgramRunOptions = Pick<PtyOptions, 'argv' | 'cwd' | 'env' | 'cols' | 'rows'> & {
  pane: number;
  epoch: number;
  /** Output as it was read. */
  onBytes: (chunk: Uint8Array) => void;
  /** Output whose turn has come. */
  parse: (chunk: Buffer) => void;
  /** After the last output was parsed. */
  onExit: (exit: Exit) => void;
};

/** Throws NonetError `failed` when there is no terminal for it. */
export function runProgram({ scheduler, pacer }: ProgramRunDeps, options: ProgramRunOptions): ProgramRun {
  const { pane, epoch, onBytes, parse, onExit, ...command } = options;
  let exit: Exit | null = null;
  let exitedAt: number | null = null;
  // Two may want the pty unread, for reasons of their own.
  const heldBackBy = new Set<'flood' | 'pacer'>();
  const holdBack = (reason: 'flood' | 'pacer'): void => {
    heldBackBy.add(reason);
    pty.pause();
  };
  const letGo = (reason: 'flood' | 'pacer'): void => {
    heldBackBy.delete(reason);
    if (heldBackBy.size === 0) pty.resume();
  };
  const queue = scheduler.add({ parse, pause: () => holdBack('flood'), resume: () => letGo('flood') });
  const paced = pacer.add({ poll: () => pty.poll(), stop: () => holdBack('pacer'), start: () => letGo('pacer') });
  let pty: Pty;
  try {
    pty = openPty({
      ...command,
      onData(chunk) {
        paced.sawChunk(chunk.length);
        onBytes(chunk);
        queue.push(chunk);
      },
      onExit(outcome) {
        // What was read before the exit is on the screen before the exit is told.
        queue.flush();
        queue.remove();
        paced.remove();
        exit = outcome;
        exitedAt = Date.now();
        onExit(outcome);
      },
    });
  } catch (error) {
    queue.remove();
    throw new NonetError('failed', `no terminal for pane ${pane}: ${(error as Error).message}`, {
      hint: 'the machine may be out of processes, open files or pseudo-terminals (/proc/sys/kernel/pty)',
      cause: error,
    });
  }

  return {
    epoch,
    pid: pty.pid,
    startTime: readStartTime(pty.pid),
    startedAt: Date.now(),
    get exit() {
      return exit;
    },
    get exitedAt() {
      return exitedAt;
    },
    get backlogBytes() {
      return queue.bytes;
    },
    get queuedInputBytes() {
      return pty.queuedInputBytes;
    },
    type(data) {
      paced.wake();
      scheduler.expectEcho(queue);
      pty.write(data);
    },
    write(text) {
      pty.write(text);
    },
    resize: (cols, rows) => pty.resize(cols, rows),
    flush: () => queue.flush(),
    drop: () => queue.remove(),
    close: () => pty.close(),
  };
}
