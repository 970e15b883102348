import { NonetError } from '../core/errors.ts';
import type { InputEvent } from '../core/input-event.ts';
import { keyEventOfChord, parseChord } from '../core/keys.ts';
import type { PaneSignal, Progress } from '../core/pane-signal.ts';
import type { Exit } from '../core/session.ts';
import type { HostPaneFact, PaneLogRequest, Size } from '../protocol/control.ts';
import { capturePiece } from '../terminal/capture.ts';
import { createPasteSanitizer, encodeInput } from '../terminal/input-encoder.ts';
import type { OuterSource } from '../terminal/outer-facts.ts';
import { createReplyQueue } from '../terminal/reply-queue.ts';
import { createScreen, type Screen } from '../terminal/screen.ts';
import type { LogCompressor } from './log-compressor.ts';
import { movePaneLog } from './log-move.ts';
import type { OutputPacer, PacedPane } from './output-pacer.ts';
import type { OutputQueue, OutputScheduler } from './output-scheduler.ts';
import { createPaneLog, type PaneLog } from './pane-log.ts';
import { readStartTime } from './process-identity.ts';
import { openPty, type Pty } from './pty.ts';

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

/** Output this soon after a key is taken for its echo. */
const ECHO_WINDOW_MS = 100;
/** Answers to queries that the program does not read are dropped beyond this: it asks in a loop. */
const MAX_QUEUED_REPLIES = 64 * 1024;
/** What a program has shown before it took the place of another, as far as it is logged. */
const STEPPED_LINES = 1_000;
const NO_PROGRESS: Progress = { state: 'none', percent: null };

type Program = {
  epoch: number;
  pty: Pty;
  queue: OutputQueue;
  paced: PacedPane;
  startTime: string;
  startedAt: number;
  exit: Exit | null;
  exitedAt: number | null;
};

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
  let program: Program | null = null;
  let title = '';
  let directory = '';
  let progress = NO_PROGRESS;
  let echoUntil = 0;
  /** Of the present program, by performance.now(). */
  let outputAtMs: number | null = null;
  let inputAtMs: number | null = null;
  let log: PaneLog | null = null;
  let logged: PaneLogRequest | null = null;
  const paste = createPasteSanitizer();
  const replies = createReplyQueue((text) => {
    if (program && !program.exit && program.pty.queuedInputBytes < MAX_QUEUED_REPLIES) program.pty.write(text);
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

  function live(): Program | null {
    return program && !program.exit ? program : null;
  }

  function type(data: string | Uint8Array): void {
    const running = live();
    if (!running) return;
    inputAtMs = performance.now();
    echoUntil = inputAtMs + ECHO_WINDOW_MS;
    running.paced.wake();
    scheduler.expectEcho(running.queue);
    running.pty.write(data);
  }

  function setLog(wanted: PaneLogRequest | null): void {
    if (JSON.stringify(wanted) === JSON.stringify(logged)) return;
    void log?.close();
    logged = wanted;
    log = null;
    if (!wanted?.settings.enabled) return;
    try {
      log = createPaneLog({ ...wanted, pane: number, screen, compressor });
    } catch (error) {
      // A program that is not logged is better than none.
      console.error(`pane ${number} is not logged:`, error);
    }
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
      return program?.queue.bytes ?? 0;
    },
    spawn({ epoch, argv, cwd, env }) {
      if (live()) throw new NonetError('failed', `pane ${number} already runs a program (pid ${program!.pty.pid})`);
      program?.queue.remove();
      screen.prepareForProgram();
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
      const queue = scheduler.add({
        parse(chunk) {
          screen.write(chunk);
          log?.wroteScreen();
          outputAtMs = performance.now();
          const echo = outputAtMs < echoUntil;
          if (echo && !screen.synchronized) echoUntil = 0;
          events.onOutput(number, echo);
        },
        pause: () => holdBack('flood'),
        resume: () => letGo('flood'),
      });
      const paced = pacer.add({ poll: () => pty.poll(), stop: () => holdBack('pacer'), start: () => letGo('pacer') });
      let pty: Pty;
      try {
        pty = openPty({
          argv,
          cwd,
          env,
          cols: screen.cols,
          rows: screen.rows,
          onData(chunk) {
            paced.sawChunk(chunk.length);
            log?.sawBytes(chunk);
            queue.push(chunk);
          },
          onExit(exit) {
            // What was read before the exit is on the screen before the exit is told.
            queue.flush();
            queue.remove();
            paced.remove();
            mine.exit = exit;
            mine.exitedAt = Date.now();
            log?.exited(exit);
            // Nothing goes on any more, whatever the program said last.
            if (progress.state !== 'none') {
              progress = NO_PROGRESS;
              events.onSignal(number, { type: 'progress', ...progress });
            }
            events.onExit(number, epoch, exit);
          },
        });
      } catch (error) {
        queue.remove();
        throw new NonetError('failed', `no terminal for pane ${number}: ${(error as Error).message}`, {
          hint: 'the machine may be out of processes, open files or pseudo-terminals (/proc/sys/kernel/pty)',
          cause: error,
        });
      }
      const mine: Program = {
        epoch,
        pty,
        queue,
        paced,
        startTime: readStartTime(pty.pid),
        startedAt: Date.now(),
        exit: null,
        exitedAt: null,
      };
      program = mine;
      outputAtMs = null;
      inputAtMs = null;
      log?.started({ name: logged?.command ?? argv[0]!, epoch, pid: pty.pid });
      events.onOutput(number, false);
      return { pid: pty.pid, startTime: mine.startTime };
    },
    input(inputs) {
      for (const event of inputs) {
        const modes = screen.inputModes();
        const clean = event.type === 'paste' ? paste(event) : event;
        const bytes = encodeInput(clean, modes);
        if (bytes.length > 0) type(bytes);
      }
    },
    keys(chords) {
      // All are read before the first is typed: half of a command would be worse than none.
      const parsed = chords.map((text) => {
        const chord = parseChord(text);
        if (!chord) throw new NonetError('bad-key', `${JSON.stringify(text)} is not a key`);
        return chord;
      });
      const modes = screen.inputModes();
      for (const chord of parsed) type(encodeInput(keyEventOfChord(chord), modes));
    },
    write(text, asPaste) {
      if (!asPaste) return type(text);
      const modes = screen.inputModes();
      const pieces = [
        { type: 'paste', phase: 'start', text: '' },
        { type: 'paste', phase: 'data', text },
        { type: 'paste', phase: 'end', text: '' },
      ] as const;
      for (const piece of pieces) type(encodeInput(paste(piece), modes));
    },
    restore(text) {
      // Without autowrap's doubt: every line of the text is a line of the screen.
      screen.write(text.replaceAll('\n', '\r\n'));
      events.onOutput(number, false);
    },
    resize({ cols, rows }) {
      if (cols === screen.cols && rows === screen.rows) return;
      // Bytes written for the old size are read at the old size.
      program?.queue.flush();
      // First the terminal: a program that is told of the new size in band (mode 2048) may ask the kernel too.
      live()?.pty.resize(cols, rows);
      const resized = log?.resizing();
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
      const { epoch, startTime, exit, startedAt, exitedAt } = program;
      const nowMs = performance.now();
      const outputAgeMs = outputAtMs === null ? null : nowMs - outputAtMs;
      return {
        pane: number,
        epoch,
        pid: program.pty.pid,
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
        inputAgeMs: inputAtMs === null ? null : nowMs - inputAtMs,
      };
    },
    setLog,
    stepAside(next) {
      const before = logged;
      setLog(null);
      number = next;
      return before;
    },
    step(next, wanted) {
      number = next;
      const { lines } = capturePiece(screen, { scrollback: STEPPED_LINES, ansi: false });
      setLog(wanted);
      if (!program) return;
      const { epoch, pty, exit } = program;
      log?.started(
        { name: logged?.command ?? '', epoch, pid: pty.pid },
        lines.map(({ text }) => text),
      );
      if (exit) log?.exited(exit);
    },
    async moveLog(from, wanted) {
      const goesOn = log !== null && logged?.base === from;
      if (!log || !goesOn) {
        await movePaneLog(from, wanted.base, wanted.paneName);
        return;
      }
      logged = { ...logged!, base: wanted.base, paneName: wanted.paneName };
      await log.move(wanted);
    },
    async emptyLog() {
      await log?.empty();
    },
    async dispose() {
      program?.queue.remove();
      live()?.pty.close();
      await log?.close();
      screen.dispose();
    },
  };
}
