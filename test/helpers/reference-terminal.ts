import fs from 'node:fs';
import { createRequire } from 'node:module';
import { Ghostty } from 'ghostty-web';
import { createSequenceScanner, type Sequence } from './sequence-scanner.ts';

/**
 * A terminal that shares no code with nonet: Ghostty's VT core as wasm. The screen of every end-to-end test is read from it.
 */
export type ReferenceTerminal = {
  readonly cols: number;
  readonly rows: number;
  write(bytes: Uint8Array | string): void;
  resize(cols: number, rows: number): void;
  /** The rows of the screen, trimmed on the right. */
  text(): string[];
  row(y: number): string;
  cell(x: number, y: number): ReferenceCell;
  cursor(): { x: number; y: number; visible: boolean };
  /** A DEC private mode. */
  mode(number: number): boolean;
  /** What programs leave behind when they do not clean up. */
  modes(): ReferenceModes;
  title(): string;
  dispose(): void;
};

/** `chars` is one grapheme, a space for a blank cell, empty for the right half of a wide one. Colours are 0xRRGGBB. */
export type ReferenceCell = {
  chars: string;
  width: number;
  fg: number;
  bg: number;
  flags: CellFlag[];
  link: number;
};

export type CellFlag = 'bold' | 'italic' | 'underline' | 'strikethrough' | 'inverse' | 'invisible' | 'blink' | 'faint';

export type ReferenceModes = {
  alternateScreen: boolean;
  cursorVisible: boolean;
  autowrap: boolean;
  applicationCursorKeys: boolean;
  bracketedPaste: boolean;
  focusEvents: boolean;
  synchronizedOutput: boolean;
  colorSchemeReports: boolean;
  /** The mouse modes that are on. */
  mouse: number[];
  /** Flags on top of the kitty keyboard stack of the screen in use, and how many entries it has. */
  kittyFlags: number;
  kittyDepth: number;
  modifyOtherKeys: number;
};

export type ReferenceTerminalOptions = {
  cols: number;
  rows: number;
  /** `all`: queries are answered as a modern terminal does. `none`: a mute terminal. */
  answers?: 'all' | 'none';
  onReply?: (bytes: string) => void;
};

const FOREGROUND = 0xd0d0d0;
const BACKGROUND = 0x101010;
const FLAG_NAMES: readonly CellFlag[] = [
  'bold',
  'italic',
  'underline',
  'strikethrough',
  'inverse',
  'invisible',
  'blink',
  'faint',
];
const MOUSE_MODES = [9, 1000, 1001, 1002, 1003, 1005, 1006, 1015, 1016];
/** Modes that DECRQM calls set or reset; all others are unknown to this terminal. */
const KNOWN_MODES = new Set([1, 5, 6, 7, 12, 25, 45, 66, 1000, 1002, 1003, 1004, 1006, 1007, 1049, 2004, 2026, 2031]);

// The compiler's library has WebAssembly only together with the browser's world.
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => object;
};

const wasm = new WebAssembly.Module(
  fs.readFileSync(createRequire(import.meta.url).resolve('ghostty-web/ghostty-vt.wasm')),
);

export function createReferenceTerminal(options: ReferenceTerminalOptions): ReferenceTerminal {
  // One instance for each terminal: its memory goes with it, and a trap in one cannot spoil another.
  const instance = new WebAssembly.Instance(wasm, { env: { log: () => {} } });
  const core = new Ghostty(instance).createTerminal(options.cols, options.rows, {
    scrollbackLimit: 0,
    fgColor: FOREGROUND,
    bgColor: BACKGROUND,
  });
  const scanner = createSequenceScanner();
  const kitty = { main: [] as number[], alternate: [] as number[] };
  let modifyOtherKeys = 0;
  let colorSchemeReports = false;
  let title = '';
  let snapshot: Snapshot | null = null;
  let broken: Error | null = null;

  const stack = () => (core.isAlternateScreen() ? kitty.alternate : kitty.main);
  const reply = (bytes: string) => {
    if (bytes && options.answers !== 'none') options.onReply?.(bytes);
  };

  function feed(bytes: Uint8Array): void {
    if (bytes.length === 0 || broken) return;
    try {
      core.write(bytes);
    } catch (error) {
      // The core is not made for noise: after a trap its memory means nothing, and no test may go on reading it.
      broken = new Error(
        `the reference terminal broke on ${JSON.stringify(Buffer.from(bytes).toString('latin1').slice(-200))}`,
        { cause: error },
      );
      return;
    }
    for (let answer = core.readResponse(); answer !== null; answer = core.readResponse()) reply(answer);
  }

  /** Runs behind the sequence's last byte, so that every answer is of that moment and in order. */
  function interpret(sequence: Sequence): void {
    if (sequence.kind !== 'csi') {
      const named = sequence.kind === 'osc' ? /^[02];(.*)$/s.exec(sequence.body) : null;
      if (named) title = named[1]!;
      reply(sequence.kind === 'osc' ? answerOsc(sequence.body, sequence.terminator) : answerDcs(sequence.body));
      return;
    }
    const { prefix, params, intermediates, final } = sequence;
    const numbers = params.split(';').map((text) => Number.parseInt(text, 10) || 0);
    const [first = 0, second] = numbers;
    switch (`${prefix}${intermediates}${final}`) {
      case 'c':
        reply('\x1b[?62;22;52c');
        break;
      case '>c':
        reply('\x1b[>1;10;0c');
        break;
      case '>q':
        reply('\x1bP>|reference 1.0\x1b\\');
        break;
      case '?$p': {
        const value = first === 2031 ? colorSchemeReports : core.getMode(first);
        reply(`\x1b[?${first};${KNOWN_MODES.has(first) ? (value ? 1 : 2) : 0}$y`);
        break;
      }
      case '?n':
        if (first === 996) reply('\x1b[?997;1n');
        break;
      case 't':
        if (first === 14) reply(`\x1b[4;${core.rows * 16};${core.cols * 8}t`);
        if (first === 16) reply('\x1b[6;16;8t');
        if (first === 18) reply(`\x1b[8;${core.rows};${core.cols}t`);
        break;
      case '?h':
      case '?l':
        if (numbers.includes(2031)) colorSchemeReports = final === 'h';
        break;
      case '?u':
        reply(`\x1b[?${stack().at(-1) ?? 0}u`);
        break;
      case '>u':
        stack().push(first);
        break;
      case '<u':
        stack().splice(-Math.max(1, first));
        break;
      case '=u':
        setKittyFlags(stack(), first, second ?? 1);
        break;
      case '>m':
        if (first === 4) modifyOtherKeys = second ?? 0;
        break;
      case '>n':
        if (first === 4) modifyOtherKeys = 0;
    }
  }

  const read = () => {
    if (broken) throw broken;
    snapshot ??= takeSnapshot(core);
    return snapshot;
  };

  return {
    get cols() {
      return core.cols;
    },
    get rows() {
      return core.rows;
    },
    write(input) {
      const bytes = typeof input === 'string' ? Buffer.from(input) : input;
      snapshot = null;
      let fed = 0;
      scanner.scan(bytes, (sequence, end) => {
        feed(bytes.subarray(fed, end));
        fed = end;
        interpret(sequence);
      });
      feed(bytes.subarray(fed));
    },
    resize(cols, rows) {
      snapshot = null;
      core.resize(cols, rows);
    },
    text: () => Array.from({ length: core.rows }, (_, y) => read().rowText(y).trimEnd()),
    row: (y) => read().rowText(y).trimEnd(),
    cell: (x, y) => read().cell(x, y),
    cursor() {
      const { x, y, visible } = core.getCursor();
      return { x, y, visible: Boolean(visible) };
    },
    mode: (number) => core.getMode(number),
    modes: () => ({
      alternateScreen: core.isAlternateScreen(),
      cursorVisible: core.getMode(25),
      autowrap: core.getMode(7),
      applicationCursorKeys: core.getMode(1),
      bracketedPaste: core.getMode(2004),
      focusEvents: core.getMode(1004),
      synchronizedOutput: core.getMode(2026),
      colorSchemeReports,
      mouse: MOUSE_MODES.filter((mode) => core.getMode(mode)),
      kittyFlags: stack().at(-1) ?? 0,
      kittyDepth: stack().length,
      modifyOtherKeys,
    }),
    title: () => title,
    dispose: () => core.free(),
  };
}

type Snapshot = { rowText(y: number): string; cell(x: number, y: number): ReferenceCell };

function takeSnapshot(core: ReturnType<Ghostty['createTerminal']>): Snapshot {
  core.update();
  const { cols } = core;
  const viewport = core.getViewport();
  /** The cell that a wide character at the edge has left blank, because it went to the next row, is a blank like any other. */
  const width = (index: number): number => {
    const own = viewport[index]!.width;
    // Ghostty forgets this half where the character after it, on the next row, is overwritten.
    if (index % cols !== 0 && viewport[index - 1]!.width === 2) return 0;
    return own === 0 && (index % cols === 0 || viewport[index - 1]!.width !== 2) ? 1 : own;
  };
  const chars = (index: number): string => {
    const cell = viewport[index]!;
    if (width(index) === 0) return '';
    if (cell.grapheme_len > 0) return core.getGraphemeString(Math.floor(index / cols), index % cols);
    return cell.codepoint === 0 ? ' ' : String.fromCodePoint(cell.codepoint);
  };
  return {
    rowText(y) {
      let text = '';
      for (let x = 0; x < cols; x++) text += chars(y * cols + x);
      return text;
    },
    cell(x, y) {
      const cell = viewport[y * cols + x];
      if (!cell || x >= cols || x < 0) throw new RangeError(`no cell at column ${x}, row ${y}`);
      return {
        chars: chars(y * cols + x),
        width: width(y * cols + x),
        fg: (cell.fg_r << 16) | (cell.fg_g << 8) | cell.fg_b,
        bg: (cell.bg_r << 16) | (cell.bg_g << 8) | cell.bg_b,
        flags: FLAG_NAMES.filter((_, bit) => cell.flags & (1 << bit)),
        link: cell.hyperlink_id,
      };
    },
  };
}

function setKittyFlags(stack: number[], flags: number, how: number): void {
  const now = stack.pop() ?? 0;
  stack.push(how === 2 ? now | flags : how === 3 ? now & ~flags : flags);
}

function answerOsc(body: string, terminator: string): string {
  const query = /^(1[0-2]|4;\d+);\?$/.exec(body);
  if (!query) return '';
  const color = query[1] === '11' ? BACKGROUND : FOREGROUND;
  const parts = [color >> 16, (color >> 8) & 255, color & 255].map((part) =>
    part.toString(16).padStart(2, '0').repeat(2),
  );
  return `\x1b]${query[1]};rgb:${parts.join('/')}${terminator}`;
}

function answerDcs(body: string): string {
  if (body.startsWith('+q')) return '\x1bP0+r\x1b\\';
  return body.startsWith('$q') ? '\x1bP0$r\x1b\\' : '';
}
