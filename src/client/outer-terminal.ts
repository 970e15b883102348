import type { TerminalReply } from '../core/input-event.ts';

/**
 * What the outer terminal can do, asked once at attach and learnt whenever an answer comes: there is no deadline, because over a slow
 * link an answer may come at any time and must not be taken for typing.
 */
export type OuterTerminal = {
  /** Draws frames at once between `?2026h` and `?2026l`. */
  readonly synchronized: boolean;
  /** Understands the kitty keyboard protocol; null until it is known. */
  readonly kitty: boolean | null;
  /** All answers that will come have come: it has answered the last question. */
  readonly answered: boolean;
  readonly colors: { foreground: string | null; background: string | null; cursor: string | null };
  /** Takes an answer; true when it changed something. */
  learn(reply: TerminalReply): boolean;
};

/** Colours, kitty keyboard, synchronized output; the device attributes come last and tell that all answers are in. */
export const PROBE = '\x1b]10;?\x1b\\\x1b]11;?\x1b\\\x1b]12;?\x1b\\\x1b[?u\x1b[?2026$p\x1b[c';

export function createOuterTerminal(): OuterTerminal {
  let synchronized = false;
  let kitty: boolean | null = null;
  let answered = false;
  const colors: OuterTerminal['colors'] = { foreground: null, background: null, cursor: null };

  return {
    get synchronized() {
      return synchronized;
    },
    get kitty() {
      return kitty;
    },
    get answered() {
      return answered;
    },
    colors,
    learn(reply) {
      switch (reply.kind) {
        case 'mode':
          // DECRPM: 1 set, 2 reset, 3 permanently set; 0 and 4 mean it will not happen.
          if (reply.mode === 2026) synchronized = reply.value >= 1 && reply.value <= 3;
          return reply.mode === 2026;
        case 'kitty-flags':
          kitty = true;
          return true;
        case 'device-attributes':
          kitty ??= false;
          answered = true;
          return true;
        case 'color': {
          if (typeof reply.what === 'number') return false;
          const hex = (part: number): string => part.toString(16).padStart(2, '0');
          colors[reply.what] = `#${hex(reply.rgb.r)}${hex(reply.rgb.g)}${hex(reply.rgb.b)}`;
          return true;
        }
        default:
          return false;
      }
    },
  };
}
