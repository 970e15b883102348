import type { InputEvent, TerminalReport } from '../core/input-event.ts';
import { createInputTokenizer } from '../terminal/input-tokenizer.ts';

/** The outer terminal's bytes as events; knows how long to wait for the rest of a sequence that has begun. */
export type OuterInput = {
  push(bytes: Uint8Array): void;
  /** What was typed while the terminal was still in the mode that the shell had left it in. All of it is there. */
  pushTypedAhead(bytes: Uint8Array): void;
  /** Questions have been asked: an ESC is now rather the beginning of an answer than a key. */
  expectAnswers(): void;
  /** The last answer is in. */
  answered(kitty: boolean): void;
  dispose(): void;
};

/** ESC alone is the Escape key after this long; over ssh the rest of a sequence may be late. */
const ESCAPE_MS = process.env['SSH_CONNECTION'] ? 50 : 25;
/** Where the kitty protocol is in force, Escape is a sequence of its own; and so is almost everything that comes while answers are due. */
const SEQUENCE_ESCAPE_MS = 500;
/** A terminal that has not answered by now does not. */
const ANSWER_PATIENCE_MS = 1000;

const ESCAPE = 0x1b;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

export function createOuterInput(onEvents: (events: (InputEvent | TerminalReport)[]) => void): OuterInput {
  const tokenizer = createInputTokenizer({ escapeTimeoutMs: ESCAPE_MS });
  let escapeTimer: NodeJS.Timeout | null = null;
  let patienceTimer: NodeJS.Timeout | null = null;
  let escapeMs = ESCAPE_MS;

  function settle(): void {
    if (patienceTimer) clearTimeout(patienceTimer);
    patienceTimer = null;
    tokenizer.setEscapeTimeout(escapeMs);
  }

  return {
    push(bytes) {
      if (escapeTimer) clearTimeout(escapeTimer);
      escapeTimer = null;
      onEvents(tokenizer.push(bytes));
      const ms = tokenizer.needsFlushIn();
      if (ms !== null) escapeTimer = setTimeout(() => onEvents(tokenizer.flush()), ms);
    },
    pushTypedAhead(bytes) {
      // In that mode Enter comes as a line feed (ICRNL); so would ctrl+j, which nobody types ahead.
      const events = tokenizer.push(bytes.map((byte) => (byte === LINE_FEED ? CARRIAGE_RETURN : byte)));
      // An ESC at the end is the key: what comes after it are answers, not the rest of a sequence.
      onEvents(bytes.at(-1) === ESCAPE ? [...events, ...tokenizer.flush()] : events);
    },
    expectAnswers() {
      if (patienceTimer) clearTimeout(patienceTimer);
      patienceTimer = setTimeout(settle, ANSWER_PATIENCE_MS);
      tokenizer.setEscapeTimeout(SEQUENCE_ESCAPE_MS);
    },
    answered(kitty) {
      escapeMs = kitty ? SEQUENCE_ESCAPE_MS : ESCAPE_MS;
      settle();
    },
    dispose() {
      if (escapeTimer) clearTimeout(escapeTimer);
      if (patienceTimer) clearTimeout(patienceTimer);
    },
  };
}
