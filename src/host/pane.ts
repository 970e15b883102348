import { NonetError } from '../core/errors.ts';
import type { InputEvent } from '../core/input-event.ts';
import type { PaneSignal, Progress } from '../core/pane-signal.ts';
import type { Exit } from '../core/session.ts';
import type { HostPaneFact, PaneLogRequest, Size } from '../protocol/control.ts';
import type { OuterSource } from '../terminal/outer-facts.ts';
import { createReplyQueue } from '../terminal/reply-queue.ts';
import { createScreen, type Screen } from '../terminal/screen.ts';
import type { LogCompressor } from './log-compressor.ts';
import type { OutputPacer } from './output-pacer.ts';
import type { OutputScheduler } from './output-scheduler.ts';
import { createPaneInput } from './pane-input.ts';
import { createPaneLogging } from './pane-logging.ts';
import { type ProgramRun, runProgram } from './program-run.ts';

/** A pane's facts: its screen, which outlives programs, and the pty of the program that runs in it now, if one does. */
export type Pane = {
  readonly number: number;
  readonly screen: Screen;
  readonly alive: boolean;
  /** Bytes of output read and not yet parsed. */
  readonly backlogBytes: number;
  /** Starts a program. Throws NonetError if one is alive or none can be started. */
  spawn(request: { epoch: number; argv: readonly string[]; cwd: string; env: Record<string, string> }): {
    pid: number;
    startTime: string;
  };
  input(events: readonly InputEvent[]): void;
  keys(chords: readonly string[]): void;
  write(text: string, paste: boolean): void;
  /** Shows an earlier screen, text with SGR, above everything that is to come. */
  restore(text: string): void;
  resize(size: Size): void;
  /** What is true now of what its program signalled: for whoever begins to listen. */
  currentSignals(): PaneSignal[];
  facts(): HostPaneFact | null;
  /** The log under `from` is this one's from now on. */
  moveLog(from: string, wanted: PaneLogRequest): Promise<void>;
  /** How the next program is logged; null for not at all. */
  setLog(wanted: PaneLogRequest | null): void;
  /** Another pane takes this one's number, and this one that pane's: nothing of its program is logged any more. Returns how it was. */
  stepAside(number: number): PaneLogRequest | null;
  /** Its number is this one from now on, and its program is logged, beginning with what it has shown. */
  step(number: number, wanted: PaneLogRequest | null): void;
  emptyLog(): Promise<void>;
  dispose(): Promise<void>;
};

export type PaneEvents = {
  /** The screen may have changed. `echo`: in answer to a key, so show it at once. */
  onOutput(pane: number, echo: boolean): void;
  /** The program finished a synchronized frame (mode 2026). */
  onFrameEnd(pane: number): void;
  onExit(pane: number, epoch: number, exit: Exit): void;
  onSignal(pane: number, signal: PaneSignal): void;
};

export type PaneOptions = {
  number: number;
  size: Size;
  scrollback: number;
  scheduler: OutputScheduler;
  pacer: OutputPacer;
  outer: OuterSource;
  compressor: LogCompressor;
  version: string;
  events: PaneEvents;
};

/** Answers to queries that the program does not read are dropped beyond this: it asks in a loop. */
const MAX_QUEUED_REPLIES = 64 * 1024;
/** What a program has shown before it took the place of another, as far as it is logged. */
const STEPPED_LINES = 1_000;
const NO_PROGRESS: Progress = { state: 'none', percent: null };

export function createPane({
  number: firstNumber,
  size,
  scrollback,
  scheduler,
  pacer,
  outer,
  compressor,
  version,
  events,
}: PaneOptions): Pane {
  let number = firstNumber;
  let program: ProgramRun | null = null;
  let title = '';
  let directory = '';
  let progress = NO_PROGRESS;
  /** Of the present program, by performance.now(). */
  let outputAtMs: number | null = null;
  const replies = createReplyQueue((text) => {
    if (program && !program.exit && program.queuedInputBytes < MAX_QUEUED_REPLIES) program.write(text);
  });

  const screen = createScreen({
    ...size,
    scrollback,
    version,
    outer,
    replies,
    linkPrefix: `${number}.`,
    onSignal(signal) {
      if (signal.type === 'title') title = signal.title;
      if (signal.type === 'directory') directory = signal.path;
      if (signal.type === 'progress') progress = { state: signal.state, percent: signal.percent };
      events.onSignal(number, signal);
    },
    onFrameEnd: () => events.onFrameEnd(number),
  });

  const input = createPaneInput({ screen, live });
  const logging = createPaneLogging({ pane: () => number, screen, compressor });

  function live(): ProgramRun | null {
    return program && !program.exit ? program : null;
  }

  function parse(chunk: Buffer): void {
    screen.write(chunk);
    logging.wroteScreen();
    outputAtMs = performance.now();
    events.onOutput(number, input.isEcho(outputAtMs));
  }

  function ended(epoch: number, exit: Exit): void {
    logging.exited(exit);
    // Nothing goes on any more, whatever the program said last.
    if (progress.state !== 'none') {
      progress = NO_PROGRESS;
      events.onSignal(number, { type: 'progress', ...progress });
    }
    events.onExit(number, epoch, exit);
  }

  return {
    get number() {
      return number;
    },
    screen,
    get alive() {
      return live() !== null;
    },
    get backlogBytes() {
      return program?.backlogBytes ?? 0;
    },
    spawn({ epoch, argv, cwd, env }) {
      if (live()) throw new NonetError('failed', `pane ${number} already runs a program (pid ${program!.pid})`);
      program?.drop();
      screen.prepareForProgram();
      const run = runProgram(
        { scheduler, pacer },
        {
          pane: number,
          epoch,
          argv,
          cwd,
          env,
          cols: screen.cols,
          rows: screen.rows,
          onBytes: logging.sawBytes,
          parse,
          onExit: (exit) => ended(epoch, exit),
        },
      );
      program = run;
      outputAtMs = null;
      input.forget();
      logging.started({ epoch, pid: run.pid, program: argv[0]! });
      events.onOutput(number, false);
      return { pid: run.pid, startTime: run.startTime };
    },
    input: input.take,
    keys: input.keys,
    write: input.write,
    restore(text) {
      // Without autowrap's doubt: every line of the text is a line of the screen.
      screen.write(text.replaceAll('\n', '\r\n'));
      events.onOutput(number, false);
    },
    resize({ cols, rows }) {
      if (cols === screen.cols && rows === screen.rows) return;
      // Bytes written for the old size are read at the old size.
      program?.flush();
      // First the terminal: a program that is told of the new size in band (mode 2048) may ask the kernel too.
      live()?.resize(cols, rows);
      const resized = logging.resizing();
      screen.resize(cols, rows);
      resized?.();
      events.onOutput(number, false);
    },
    currentSignals() {
      const signals: PaneSignal[] = [];
      if (title !== '') signals.push({ type: 'title', title });
      if (directory !== '') signals.push({ type: 'directory', path: directory });
      if (progress.state !== 'none') signals.push({ type: 'progress', ...progress });
      return signals;
    },
    facts() {
      if (!program) return null;
      const { epoch, pid, startTime, exit, startedAt, exitedAt } = program;
      const nowMs = performance.now();
      const outputAgeMs = outputAtMs === null ? null : nowMs - outputAtMs;
      return {
        pane: number,
        epoch,
        pid,
        startTime,
        alive: exit === null,
        exit,
        startedAt,
        exitedAt,
        title,
        directory,
        progress,
        cols: screen.cols,
        rows: screen.rows,
        ...(outputAgeMs === null ? {} : { lastOutputAt: Math.round(Date.now() - outputAgeMs) }),
        outputAgeMs,
        inputAgeMs: input.atMs === null ? null : nowMs - input.atMs,
      };
    },
    moveLog: logging.move,
    setLog: logging.set,
    stepAside(next) {
      const before = logging.wanted;
      logging.set(null);
      number = next;
      return before;
    },
    step(next, wanted) {
      number = next;
      logging.set(wanted);
      if (!program) return;
      const { epoch, pid, exit } = program;
      logging.started({ epoch, pid, program: '' }, shownLines(screen));
      if (exit) logging.exited(exit);
    },
    emptyLog: logging.empty,
    async dispose() {
      program?.drop();
      live()?.close();
      await logging.close();
      screen.dispose();
    },
  };
}

/** All at once, unlike a capture: what is shown a moment later is logged as it comes, and so must not be among them. */
function shownLines(screen: Screen): string[] {
  const lines: string[] = [];
  for (let row = -Math.min(STEPPED_LINES, screen.scrollbackLines); row < screen.rows; row++)
    lines.push(screen.line(row)?.text ?? '');
  return lines;
}
