import type { InputEvent, TerminalReport } from '../core/input-event.ts';
import { ESC, endOfOverlongString, readToken } from './input-tokens.ts';

/**
 * The bytes that a terminal sends → keys, pastes, mouse reports and answers. Works on bytes, so a character or sequence may be split
 * anywhere; what comes out does not depend on it. Time is the caller's: after a push, `needsFlushIn` says how long to wait for the rest
 * of an unfinished sequence before `flush` takes it for what it looks like. Nothing is dropped: a broken sequence becomes the
 * keys whose bytes it has, or `unknown`.
 */
export type InputTokenizer = {
  push(bytes: Uint8Array): (InputEvent | TerminalReport)[];
  /** Gives up waiting. Harmless when nothing is pending. */
  flush(): (InputEvent | TerminalReport)[];
  /** Milliseconds after the last push at which to flush; null when nothing is pending. */
  needsFlushIn(): number | null;
  /**
   * Call for each `CSI 6 n` sent: its answer can look like a modified F3 and is only then taken for an answer. The answer to DA1 ends
   * the wait: terminals answer in order.
   */
  expectCursorPosition(): void;
  /**
   * For when it changes: longer while answers are due or over a slow link, and long where the kitty protocol is in force: there ESC
   * alone is never a key, so waiting costs nothing and a late rest of a sequence does no harm.
   */
  setEscapeTimeout(ms: number): void;
};

/** How long ESC may be alone before it is the Escape key. */
const DEFAULT_ESCAPE_TIMEOUT_MS = 25;
/** For the rest of what no key press alone begins with: sequences with parameters, characters. */
const SEQUENCE_TIMEOUT_MS = 500;
/** Some terminals lose the end of a paste; tmux waits as long. */
const PASTE_TIMEOUT_MS = 5000;

const PASTE_END = new TextEncoder().encode('\x1b[201~');

type Event = InputEvent | TerminalReport;

export function createInputTokenizer({
  escapeTimeoutMs = DEFAULT_ESCAPE_TIMEOUT_MS,
}: {
  escapeTimeoutMs?: number;
} = {}): InputTokenizer {
  let escapeTimeout = escapeTimeoutMs;
  let pending: Uint8Array = new Uint8Array(0);
  let paste: InstanceType<typeof TextDecoder> | null = null;
  let inOverlongString = false;
  let expectedPositions = 0;
  const context = {
    takeExpectedCursorPosition() {
      if (expectedPositions === 0) return false;
      expectedPositions--;
      return true;
    },
  };

  function run(bytes: Uint8Array, final: boolean): Event[] {
    const events: Event[] = [];
    let at = 0;
    while (at < bytes.length) {
      if (paste) {
        const rest = takePaste(bytes.subarray(at), events, final);
        at = bytes.length - rest.length;
        if (paste) break;
        continue;
      }
      if (inOverlongString) {
        const end = endOfOverlongString(bytes, at, final);
        if (end.at > at) events.push({ type: 'unknown', bytes: bytes.slice(at, end.at) });
        at = end.at;
        inOverlongString = !end.done;
        if (inOverlongString) break;
        continue;
      }
      const token = readToken(bytes, at, final, context);
      if (!token) break;
      at += token.length;
      if (token.event.type === 'reply' && token.event.reply.kind === 'device-attributes') expectedPositions = 0;
      events.push(token.event);
      if (token.enters === 'paste') paste = new TextDecoder('utf-8', { ignoreBOM: true });
      if (token.enters === 'overlong-string') inOverlongString = true;
    }
    pending = bytes.slice(at);
    if (final) inOverlongString = false;
    return events;
  }

  /** Adds one piece of the paste, and its end when that is there; returns the bytes it did not use. */
  function takePaste(bytes: Uint8Array, events: Event[], final: boolean): Uint8Array {
    const end = indexOfPasteEnd(bytes);
    const stop = end >= 0 ? end : final ? bytes.length : bytes.length - unfinishedPasteEnd(bytes);
    const done = end >= 0 || final;
    const text = paste!.decode(bytes.subarray(0, stop), { stream: !done });
    if (text !== '') events.push({ type: 'paste', phase: 'data', text });
    if (done) {
      events.push({ type: 'paste', phase: 'end', text: '' });
      paste = null;
    }
    return bytes.subarray(end >= 0 ? end + PASTE_END.length : stop);
  }

  return {
    push(input) {
      // A plain view: slice on a Buffer would share the memory of a caller that reuses it.
      const bytes = new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
      if (pending.length === 0) return run(bytes, false);
      const joined = new Uint8Array(pending.length + bytes.length);
      joined.set(pending);
      joined.set(bytes, pending.length);
      return run(joined, false);
    },
    flush() {
      const bytes = pending;
      if (paste && bytes.length === 0) {
        const events: Event[] = [];
        takePaste(bytes, events, true);
        return events;
      }
      return run(bytes, true);
    },
    needsFlushIn() {
      if (paste) return PASTE_TIMEOUT_MS;
      if (pending.length === 0) return inOverlongString ? SEQUENCE_TIMEOUT_MS : null;
      const mayBeKeys = pending[0] === ESC && (pending.length === 1 || (pending.length === 2 && pending[1]! < 0x80));
      return mayBeKeys ? escapeTimeout : Math.max(escapeTimeout, SEQUENCE_TIMEOUT_MS);
    },
    expectCursorPosition() {
      expectedPositions++;
    },
    setEscapeTimeout(ms) {
      escapeTimeout = ms;
    },
  };
}

function indexOfPasteEnd(bytes: Uint8Array): number {
  for (let at = bytes.indexOf(ESC); at >= 0; at = bytes.indexOf(ESC, at + 1)) {
    if (PASTE_END.every((byte, i) => bytes[at + i] === byte)) return at;
  }
  return -1;
}

/** Length of the longest end of `bytes` that may be the beginning of the paste's end. */
function unfinishedPasteEnd(bytes: Uint8Array): number {
  for (let length = Math.min(PASTE_END.length - 1, bytes.length); length > 0; length--) {
    if (PASTE_END.subarray(0, length).every((byte, i) => bytes[bytes.length - length + i] === byte)) return length;
  }
  return 0;
}
