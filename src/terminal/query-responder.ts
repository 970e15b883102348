import type { IParser } from '@xterm/headless';
import type { KeyboardModes } from './keyboard-modes.ts';
import type { ReplyQueue } from './reply-queue.ts';
import { sgrOfAttributes } from './sgr.ts';

/**
 * Answers what programs ask of their terminal and @xterm/headless 6.0.0 leaves unanswered or answers wrongly. Each pane answers for
 * itself, at once and in order; nothing reaches the outer terminal. Without XTVERSION Claude Code gives up synchronized output,
 * without any answers opencode waits four seconds.
 */
export type OuterColors = { foreground: string | null; background: string | null; cursor: string | null };

/** `current` is null until they are known; then `whenKnown` calls back once they are, or never will be. */
export type ColorSource = { current(): OuterColors | null; whenKnown(listener: () => void): void };

export type ResponderOptions = {
  parser: IParser;
  replies: ReplyQueue;
  /** `#rrggbb` as the outer terminal told, null where it did not: then the query stays unanswered, as there. */
  colors: ColorSource;
  version: string;
  keyboard: KeyboardModes;
  state: {
    cols: () => number;
    rows: () => number;
    cursor: () => { col: number; row: number };
    /** First row of the addressable area: the scroll region's top in origin mode. */
    scrollTop: () => number;
    scrollRegion: () => { top: number; bottom: number };
    attributes: () => { fg: number; bg: number; extended: { _ext: number } };
    cursorStyle: () => number;
  };
};

/** VT220 with ANSI colour and clipboard access (52): what programs may rely on here. */
const PRIMARY_ATTRIBUTES = '\x1b[?62;22;52c';

/** Pixels of a cell that we claim; there are none, but programs divide by them. */
const CELL_WIDTH = 8;
const CELL_HEIGHT = 16;

/** XTGETTCAP names (terminfo): true colour, clipboard, styled underlines. Hex in both directions. */
const CAPABILITIES: Record<string, string> = {
  TN: 'xterm-256color',
  Co: '256',
  colors: '256',
  RGB: '8/8/8',
  Tc: '',
  Ms: '\x1b]52;%p1%s;%p2%s\x1b\\',
  Smulx: '\x1b[4:%p1%dm',
  Setulc: '\x1b[58:2:%p1%{65536}%/%d:%p1%{256}%/%{255}%&%d:%p1%{255}%&%d%;m',
};

export function installQueryResponder({ parser, replies, colors, version, keyboard, state }: ResponderOptions): void {
  const { reply } = replies;

  /** `answer` gives the empty text for no answer. */
  function replyFromColors(answer: (known: OuterColors) => string): void {
    const known = colors.current();
    if (known) {
      const text = answer(known);
      if (text) reply(text);
      return;
    }
    const fill = replies.hold();
    colors.whenKnown(() => fill(answer(colors.current()!)));
  }

  parser.registerCsiHandler({ final: 'c' }, (params) => {
    if (Number(params[0] ?? 0) === 0) reply(PRIMARY_ATTRIBUTES);
    return true;
  });
  parser.registerCsiHandler({ prefix: '>', final: 'q' }, (params) => {
    if (Number(params[0] ?? 0) === 0) reply(`\x1bP>|nonet ${version}\x1b\\`);
    return true;
  });
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
      replyFromColors(({ background }) => {
        const scheme = colorScheme(background);
        return scheme ? `\x1b[?997;${scheme}n` : '';
      });
    }
    return kind === 6 || kind === 996;
  });
  parser.registerCsiHandler({ final: 't' }, (params) => {
    const kind = Number(params[0] ?? 0);
    if (kind === 14) reply(`\x1b[4;${state.rows() * CELL_HEIGHT};${state.cols() * CELL_WIDTH}t`);
    if (kind === 16) reply(`\x1b[6;${CELL_HEIGHT};${CELL_WIDTH}t`);
    if (kind === 18) reply(`\x1b[8;${state.rows()};${state.cols()}t`);
    return kind === 14 || kind === 16 || kind === 18;
  });
  // Pixel mouse positions cannot be told from cells: say "not recognised" so that nobody switches it on.
  parser.registerCsiHandler({ prefix: '?', intermediates: '$', final: 'p' }, (params) => {
    const mode = Number(params[0] ?? 0);
    if (mode === 1016) reply('\x1b[?1016;0$y');
    if (mode === 2027) reply('\x1b[?2027;3$y');
    return mode === 1016 || mode === 2027;
  });
  for (const [code, name] of [
    [10, 'foreground'],
    [11, 'background'],
    [12, 'cursor'],
  ] as const) {
    parser.registerOscHandler(code, (data) => {
      if (data !== '?') return false;
      replyFromColors((known) => {
        const color = known[name] ?? (name === 'cursor' ? known.foreground : null);
        return color ? `\x1b]${code};${xParseColor(color)}\x1b\\` : '';
      });
      return true;
    });
  }
  // Reading the clipboard is nobody's right; an empty answer keeps the asker from waiting.
  parser.registerOscHandler(52, (data) => {
    const [selection, content] = data.split(';');
    if (content === '?') reply(`\x1b]52;${selection?.replace(/[^a-z0-9]/g, '') || 'c'};\x1b\\`);
    return true;
  });
  parser.registerDcsHandler({ intermediates: '$', final: 'q' }, (data) => {
    reply(statusString(data));
    return true;
  });
  parser.registerDcsHandler({ intermediates: '+', final: 'q' }, (data) => {
    for (const hex of data.split(';').slice(0, 32)) reply(capability(hex));
    return true;
  });

  function cursorReport(): string {
    const { col, row } = state.cursor();
    return `${row - state.scrollTop() + 1};${Math.min(col, state.cols() - 1) + 1}`;
  }

  function statusString(request: string): string {
    const { top, bottom } = state.scrollRegion();
    const answers: Record<string, () => string> = {
      m: () => `${sgrOfAttributes(state.attributes())}m`,
      r: () => `${top + 1};${bottom + 1}r`,
      ' q': () => `${state.cursorStyle()} q`,
      '"p': () => '62;1"p',
      '"q': () => '0"q',
    };
    const answer = Object.hasOwn(answers, request) ? answers[request] : undefined;
    return answer ? `\x1bP1$r${answer()}\x1b\\` : '\x1bP0$r\x1b\\';
  }
}

function capability(hex: string): string {
  const name = /^([0-9a-fA-F]{2}){1,32}$/.test(hex) ? Buffer.from(hex, 'hex').toString('latin1') : '';
  const value = Object.hasOwn(CAPABILITIES, name) ? CAPABILITIES[name] : undefined;
  if (value === undefined) return `\x1bP0+r${name ? hex : ''}\x1b\\`;
  return `\x1bP1+r${hex}${value ? `=${Buffer.from(value, 'latin1').toString('hex').toUpperCase()}` : ''}\x1b\\`;
}

/** `#rrggbb` → `rgb:rrrr/gggg/bbbb`, the form X11 and every terminal answers in. */
function xParseColor(color: string): string {
  const part = (at: number): string => color.slice(at, at + 2).repeat(2);
  return `rgb:${part(1)}/${part(3)}/${part(5)}`;
}

/** Contour's mode 2031: 1 dark, 2 light. */
function colorScheme(background: string | null): 1 | 2 | null {
  if (!background) return null;
  const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(background.slice(at, at + 2), 16)) as [
    number,
    number,
    number,
  ];
  return 0.299 * r + 0.587 * g + 0.114 * b < 128 ? 1 : 2;
}
