import { NonetError } from '../core/errors.ts';
import type { InputEvent } from '../core/input-event.ts';
import { keyEventOfChord, parseChord } from '../core/keys.ts';
import { createPasteSanitizer, encodeInput } from '../terminal/input-encoder.ts';
import type { Screen } from '../terminal/screen.ts';
import type { ProgramRun } from './program-run.ts';

/** What is typed into a pane, as its program wants to be told of it, and which output is taken for the answer. */
export type PaneInput = {
  /** When the present program was last given something, by performance.now(); null before. */
  readonly atMs: number | null;
  take(events: readonly InputEvent[]): void;
  /** Throws NonetError `bad-key` before the first is typed. */
  keys(chords: readonly string[]): void;
  write(text: string, asPaste: boolean): void;
  /** Whether output at this time is the echo of a key. Only the first is, and a synchronized frame until it is complete. */
  isEcho(nowMs: number): boolean;
  /** Another program is to come, which has been given nothing yet. */
  forget(): void;
};

export type PaneInputDeps = {
  screen: Screen;
  /** The program that takes the input; null while there is none, and then it is lost. */
  live: () => ProgramRun | null;
};

/** Output this soon after a key is taken for its echo. */
const ECHO_WINDOW_MS = 100;

export function createPaneInput({ screen, live }: PaneInputDeps): PaneInput {
  const paste = createPasteSanitizer();
  let atMs: number | null = null;
  let echoUntil = 0;

  function type(data: string | Uint8Array): void {
    const running = live();
    if (!running) return;
    atMs = performance.now();
    echoUntil = atMs + ECHO_WINDOW_MS;
    running.type(data);
  }

  return {
    get atMs() {
      return atMs;
    },
    take(events) {
      for (const event of events) {
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
    isEcho(nowMs) {
      const echo = nowMs < echoUntil;
      if (echo && !screen.synchronized) echoUntil = 0;
      return echo;
    },
    forget() {
      atMs = null;
    },
  };
}
