import type { InputEvent, TerminalReply, TerminalReport } from '../core/input-event.ts';
import { createInputTokenizer } from '../terminal/input-tokenizer.ts';
import { type Environment, isPlainTerminal } from './outer-features.ts';
import { createOuterTerminal, type OuterTerminal } from './outer-terminal.ts';

/**
 * Asks a terminal everything that can be asked, for a report: what a client asks at attach, the modes that it uses, and how many cells some
 * characters take. Nothing stays on the screen and no mode is changed.
 */
export type TerminalProbe = {
  /** What to write first. */
  readonly start: string;
  /** Takes what the terminal has sent; returns what to write next. */
  push(bytes: Uint8Array): string;
  readonly done: boolean;
  /** Something has been answered: a terminal that begins goes on, however slow the line is. */
  readonly talking: boolean;
  /** ctrl+c was pressed meanwhile. */
  readonly interrupted: boolean;
  result(): TerminalAbilities;
};

export type TerminalAbilities = {
  /** Nothing else means anything if it has not answered the last question. */
  answered: boolean;
  /** In its own words (XTVERSION). */
  version: string | null;
  cols: number;
  rows: number;
  kittyKeyboard: boolean;
  modifyOtherKeys: boolean;
  synchronizedOutput: boolean;
  colors: 'rgb' | '256' | '16' | 'none';
  /** OSC 52, as it tells itself; false where it does not say so. */
  clipboard: boolean;
  sixel: boolean;
  /** SGR coordinates; null where it does not tell. */
  mouse: boolean | null;
  focusReports: boolean | null;
  bracketedPaste: boolean | null;
  scheme: 'dark' | 'light' | null;
  foreground: string | null;
  background: string | null;
  widths: MeasuredWidth[];
};

/** `expected`: the cells that nonet counts. */
export type MeasuredWidth = { name: string; text: string; expected: number; measured: number };

/** Characters on whose width terminals disagree, one of each kind. */
const CLUSTERS: readonly Omit<MeasuredWidth, 'measured'>[] = [
  { name: 'CJK', text: '日', expected: 2 },
  { name: 'combining accent', text: 'e\u0301', expected: 1 },
  { name: 'emoji', text: '\u{1f600}', expected: 2 },
  { name: 'emoji by variation selector', text: '\u2764\ufe0f', expected: 2 },
  { name: 'joined emoji', text: '\u{1f469}\u200d\u{1f4bb}', expected: 2 },
  { name: 'emoji with skin tone', text: '\u{1f44d}\u{1f3fd}', expected: 2 },
  { name: 'flag', text: '\u{1f1e9}\u{1f1ea}', expected: 2 },
  { name: 'ambiguous', text: '\u25cf', expected: 1 },
];

const POSITION = '\x1b[6n';
const FENCE = '\x1b[c';
const MODES = { mouse: 1006, focusReports: 1004, bracketedPaste: 2004 } as const;
/** XTQMODKEYS; what takes it for an attribute is told to forget it. */
const KEY_PROBE = '\x1b[?4m\x1b[m';
/** XTGETTCAP of `Ms`, the capability to set the clipboard. */
const CLIPBOARD_PROBE = '\x1bP+q4D73\x1b\\';
const MODIFY_OTHER_KEYS = /^\x1b\[>4;\d+m$/;

export function createTerminalProbe(options: { env: Environment; cols: number; rows: number }): TerminalProbe {
  const { env, cols, rows } = options;
  const size = { cols, rows };
  const outer = createOuterTerminal({ env, size: () => size });
  const tokenizer = createInputTokenizer({ escapeTimeoutMs: 500 });
  const plain = isPlainTerminal(env);
  const asksIdentity = !plain && outer.probe.includes('\x1b[>q');
  const modes = new Map<number, number>();
  const positions: number[] = [];
  let phase: 'asking' | 'measuring' | 'done' = 'asking';
  let attributes: number[] = [];
  let modifyOtherKeys = false;
  let clipboard = false;
  let talking = false;
  let interrupted = false;

  const modeProbe = plain
    ? ''
    : Object.values(MODES)
        .map((mode) => `\x1b[?${mode}$p`)
        .join('');
  const start = `${asksIdentity ? KEY_PROBE + CLIPBOARD_PROBE : ''}${modeProbe}${plain ? '' : POSITION}${outer.probe}`;
  if (!plain) tokenizer.expectCursorPosition();

  function takeAll(events: (InputEvent | TerminalReport)[]): string {
    return events.map(take).join('');
  }

  function take(event: InputEvent | TerminalReport): string {
    if (event.type === 'key' && event.key === 'c' && event.modifiers === 4) interrupted = true;
    if (event.type !== 'reply') return '';
    talking = true;
    const { reply } = event;
    outer.learn(reply);
    if (reply.kind === 'device-attributes') return finishRound(reply);
    if (reply.kind === 'mode') modes.set(reply.mode, reply.value);
    if (reply.kind === 'capability' && reply.name === 'Ms') clipboard = reply.known;
    if (reply.kind === 'cursor-position') positions.push(reply.col);
    if (reply.kind === 'other' && MODIFY_OTHER_KEYS.test(Buffer.from(reply.bytes).toString('latin1')))
      modifyOtherKeys = true;
    return '';
  }

  function finishRound({ params }: Extract<TerminalReply, { kind: 'device-attributes' }>): string {
    if (phase === 'asking') attributes = params;
    // Where the cursor is not told, or there is no room, nothing can be measured.
    if (phase === 'measuring' || plain || positions.length === 0 || cols < 8) {
      phase = 'done';
      return '';
    }
    phase = 'measuring';
    // What somebody has left on this line stays.
    const ownLine = positions.splice(0)[0] === 0 ? '' : '\r\n';
    for (const _ of CLUSTERS) tokenizer.expectCursorPosition();
    return `${ownLine}${CLUSTERS.map(({ text }) => `\r${text}${POSITION}`).join('')}\r\x1b[K${FENCE}`;
  }

  return {
    start,
    push: (bytes) => takeAll(tokenizer.push(bytes)),
    get done() {
      return phase === 'done';
    },
    get talking() {
      return talking;
    },
    get interrupted() {
      return interrupted;
    },
    result: () => ({
      answered: outer.answered,
      version: outer.version,
      cols,
      rows,
      kittyKeyboard: outer.kitty === true,
      modifyOtherKeys,
      synchronizedOutput: outer.synchronized,
      colors: outer.look.depth,
      clipboard: clipboard || attributes.slice(1).includes(52),
      sixel: attributes.slice(1).includes(4),
      mouse: modeAbility(modes, MODES.mouse),
      focusReports: modeAbility(modes, MODES.focusReports),
      bracketedPaste: modeAbility(modes, MODES.bracketedPaste),
      ...colorsOf(outer),
      // All or none: with one missing nobody knows which.
      widths:
        phase === 'done' && positions.length === CLUSTERS.length
          ? CLUSTERS.map((cluster, i) => ({ ...cluster, measured: positions[i]! }))
          : [],
    }),
  };
}

/** DECRPM: 0 is unknown, 4 is off for good. */
function modeAbility(modes: ReadonlyMap<number, number>, mode: number): boolean | null {
  const value = modes.get(mode);
  return value === undefined ? null : value >= 1 && value <= 3;
}

function colorsOf({ facts }: OuterTerminal): Pick<TerminalAbilities, 'scheme' | 'foreground' | 'background'> {
  const { scheme, foreground, background } = facts;
  return { scheme, foreground, background };
}
