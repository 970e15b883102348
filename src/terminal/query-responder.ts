import type { IParser } from '@xterm/headless';
import type { KeyboardModes } from './keyboard-modes.ts';
import { type OuterFacts, type OuterSource, USUAL_CELL } from './outer-facts.ts';
import type { ReplyQueue } from './reply-queue.ts';

/**
 * Answers what programs ask of their terminal and @xterm/headless 6.0.0 leaves unanswered or answers wrongly. Each pane answers for
 * itself, at once and in order; nothing reaches the outer terminal. Without XTVERSION Claude Code gives up synchronized output,
 * without any answers opencode waits four seconds.
 */
export type ResponderOptions = {
  parser: IParser;
  replies: ReplyQueue;
  outer: OuterSource;
  version: string;
  keyboard: KeyboardModes;
  state: {
    cols: () => number;
    rows: () => number;
    cursor: () => { col: number; row: number };
    /** First row of the addressable area: the scroll region's top in origin mode. */
    scrollTop: () => number;
    /** A mode that xterm does not know, or knows wrongly; null for others. */
    mode: (number: number) => boolean | null;
    scheme: (facts: OuterFacts) => 'dark' | 'light' | null;
  };
};

/** VT220 with ANSI colour and clipboard access (52): what programs may rely on here. */
const PRIMARY_ATTRIBUTES = '\x1b[?62;22;52c';
/** A VT220; the number is read as xterm's patch: vim uses SGR mouse reports from 277 on, Emacs asks for colours from 242 on. */
const SECONDARY_ATTRIBUTES = '\x1b[>1;277;0c';
/** A unit's number in hex: "NONT". */
const TERTIARY_ATTRIBUTES = '\x1bP!|4E4F4E54\x1b\\';

/** Where xterm claims what is not so here: pixel mouse positions cannot be told from cells, and characters always join. */
const FIXED_MODES: Record<number, number> = { 1016: 0, 2027: 3 };

/** DSR of devices that a VT220 could have (VT510 manual): no printer, no keys to define, a keyboard, no locator. */
const DEVICE_STATUS: Record<number, string> = {
  15: '\x1b[?13n',
  25: '\x1b[?21n',
  26: '\x1b[?27;1;0;0n',
  53: '\x1b[?50n',
  55: '\x1b[?50n',
  56: '\x1b[?57;0n',
};

/** Answers as soon as the outer terminal is known, in the place where the question stood; the empty text for no answer. */
export type ReplyFromFacts = (answer: (facts: OuterFacts) => string) => void;

export function createReplyFromFacts(replies: ReplyQueue, outer: OuterSource): ReplyFromFacts {
  return (answer) => {
    const known = outer.current();
    if (known) {
      const text = answer(known);
      if (text) replies.reply(text);
      return;
    }
    const fill = replies.hold();
    if (fill) outer.whenKnown(() => fill(answer(outer.current()!)));
  };
}

export function installQueryResponder(options: ResponderOptions): void {
  const { parser, replies, outer, version, keyboard, state } = options;
  const { reply } = replies;
  const replyFromFacts = createReplyFromFacts(replies, outer);

  function answerWhenZero(id: { prefix?: string; final: string }, answer: string): void {
    parser.registerCsiHandler(id, (params) => {
      if (Number(params[0] ?? 0) === 0) reply(answer);
      return true;
    });
  }
  answerWhenZero({ final: 'c' }, PRIMARY_ATTRIBUTES);
  answerWhenZero({ prefix: '>', final: 'c' }, SECONDARY_ATTRIBUTES);
  answerWhenZero({ prefix: '=', final: 'c' }, TERTIARY_ATTRIBUTES);
  answerWhenZero({ prefix: '>', final: 'q' }, `\x1bP>|nonet ${version}\x1b\\`);

  parser.registerCsiHandler({ prefix: '?', final: 'u' }, () => {
    reply(`\x1b[?${keyboard.kittyFlags()}u`);
    return true;
  });
  parser.registerCsiHandler({ prefix: '?', final: 'm' }, (params) => {
    if (Number(params[0] ?? 0) === 4) reply(`\x1b[>4;${keyboard.modifyOtherKeys()}m`);
    return true;
  });
  // xterm reports the column after the last one while a wrap is pending, and absolute rows in origin mode.
  parser.registerCsiHandler({ final: 'n' }, (params) => {
    const kind = Number(params[0] ?? 0);
    if (kind === 6) reply(`\x1b[${cursorReport()}R`);
    return kind === 6;
  });
  parser.registerCsiHandler({ prefix: '?', final: 'n' }, (params) => {
    const kind = Number(params[0] ?? 0);
    if (kind === 6) reply(`\x1b[?${cursorReport()}R`);
    if (kind === 996) {
      replyFromFacts((facts) => {
        const scheme = state.scheme(facts);
        return scheme ? `\x1b[?997;${scheme === 'dark' ? 1 : 2}n` : '';
      });
    }
    const status = Object.hasOwn(DEVICE_STATUS, kind) ? DEVICE_STATUS[kind] : undefined;
    if (status) reply(status);
    return kind === 6 || kind === 996 || status !== undefined;
  });
  parser.registerCsiHandler({ final: 't' }, (params) => {
    switch (Number(params[0] ?? 0)) {
      case 14:
        replyFromFacts(({ cell }) => {
          const { width, height } = cell ?? USUAL_CELL;
          return `\x1b[4;${state.rows() * height};${state.cols() * width}t`;
        });
        return true;
      case 16:
        replyFromFacts(({ cell }) => `\x1b[6;${(cell ?? USUAL_CELL).height};${(cell ?? USUAL_CELL).width}t`);
        return true;
      case 18:
        reply(`\x1b[8;${state.rows()};${state.cols()}t`);
        return true;
      // The screen that the window is on: a pane has none larger than itself.
      case 19:
        reply(`\x1b[9;${state.rows()};${state.cols()}t`);
        return true;
      default:
        return false;
    }
  });
  parser.registerCsiHandler({ prefix: '?', intermediates: '$', final: 'p' }, (params) => {
    const mode = Number(params[0] ?? 0);
    const on = state.mode(mode);
    const value = FIXED_MODES[mode] ?? (on === null ? null : on ? 1 : 2);
    if (value !== null) reply(`\x1b[?${mode};${value}$y`);
    return value !== null;
  });

  function cursorReport(): string {
    const { col, row } = state.cursor();
    return `${row - state.scrollTop() + 1};${Math.min(col, state.cols() - 1) + 1}`;
  }
}
