import { createRequire } from 'node:module';
import type { IDisposable, IParser, Terminal } from '@xterm/headless';
import { BLANK_CONTENT, type CellExtra, type CellGrid, HAS_STYLE, HAS_TEXT, WORDS_PER_CELL } from '../core/cell.ts';
import type { InputModes } from './input-encoder.ts';
import { createKeyboardModes } from './keyboard-modes.ts';
import { type ColorSource, installQueryResponder } from './query-responder.ts';
import type { ReplyQueue } from './reply-queue.ts';

/**
 * The screen behind a pane (and behind Ink's chrome): bytes in, cells out. The one file that knows @xterm/headless, and the only
 * one that reads its insides; 6.0.0 exactly, because cells, modes and the synchronous parse are not in its public API.
 */
export type Screen = {
  readonly cols: number;
  readonly rows: number;
  /** True while the program draws a frame that is not finished (mode 2026). */
  readonly synchronized: boolean;
  /** Everything ever written since the last reset was empty: nothing to keep. */
  readonly untouched: boolean;
  /** Parses at once. Never throws: a sequence that breaks the parser resets the screen and returns false. */
  write(data: string | Uint8Array): boolean;
  resize(cols: number, rows: number): void;
  /** Cursor in 0-based cells; `style` as DECSCUSR (0 default … 6). */
  cursor(): { col: number; row: number; visible: boolean; style: number };
  /** What keys, pastes and mouse reports are encoded for. */
  inputModes(): InputModes;
  /** Copies the visible rows into a grid of the same size. */
  readGrid(grid: CellGrid): void;
  /**
   * Compares the visible rows with `known` (same size), brings `known` up to date and reports each changed run of cells, with the
   * extras of those cells that have some. `extras` is keyed by index within the run.
   */
  diffInto(
    known: CellGrid,
    onRun: (row: number, col: number, count: number, extras: [number, CellExtra][]) => void,
  ): void;
  /** Lines of scrollback above the screen. */
  readonly scrollbackLines: number;
  /** Row `row` counted from the top of the screen; negative ones are scrollback. Null outside. */
  line(row: number): ScreenLine | null;
  /** Puts what is on the screen into the scrollback and the modes back to their defaults: for the next program in this pane. */
  prepareForProgram(): void;
  dispose(): void;
};

export type ScreenLine = {
  wrapped: boolean;
  /** Without trailing blanks. */
  text: string;
  words: Uint32Array;
  extraAt(col: number): CellExtra | undefined;
};

export type ScreenOptions = {
  cols: number;
  rows: number;
  scrollback: number;
  /** LF also returns to column 0: for programs that write to a stream instead of a terminal. */
  convertEol?: boolean;
  /** Answers to the program's queries, in order. Without it queries stay unanswered. */
  replies?: ReplyQueue;
  onTitle?: (title: string) => void;
  onBell?: () => void;
  /** The program ended a synchronized frame (`CSI ? 2026 l`); what it drew is complete at this moment. */
  onFrameEnd?: () => void;
  /** Colours of the outer terminal for OSC 10/11/12 queries. */
  colors?: ColorSource;
  version?: string;
};

const require = createRequire(import.meta.url);
const { Terminal: HeadlessTerminal } = require('@xterm/headless') as typeof import('@xterm/headless');
const { UnicodeGraphemesAddon } = requireUnpooled(
  '@xterm/addon-unicode-graphemes',
) as typeof import('@xterm/addon-unicode-graphemes');

export function createScreen(options: ScreenOptions): Screen {
  const terminal = new HeadlessTerminal({
    cols: options.cols,
    rows: options.rows,
    scrollback: options.scrollback,
    convertEol: options.convertEol ?? false,
    allowProposedApi: true,
    // Without these flags xterm does not even call our handlers for `CSI t`.
    windowOptions: {
      getWinSizePixels: true,
      getCellSizePixels: true,
      getWinSizeChars: true,
      pushTitle: true,
      popTitle: true,
    },
    // Its log goes to the console, which is somebody's screen.
    logLevel: 'off',
  });
  terminal.loadAddon(new UnicodeGraphemesAddon());
  // What lies beyond the public API; checked by the tests of this file, and pinned by the exact version in package.json.
  const core = (terminal as unknown as { _core: XtermCore })._core;
  ignoreScreenTitles(core);
  recycleLinesInPlace(core);
  printPlainTextFast(core);
  const keyboard = createKeyboardModes(terminal.parser, () => terminal.buffer.active.type === 'alternate');
  const extraModes = trackExtraModes(terminal.parser);
  keepScrolledUpLines(terminal.parser, core);
  let untouched = true;

  const disposables: IDisposable[] = [];
  if (options.replies) {
    const { replies } = options;
    installQueryResponder({
      parser: terminal.parser,
      replies,
      colors: options.colors ?? NO_COLORS,
      version: options.version ?? '',
      keyboard,
      state: {
        cols: () => terminal.cols,
        rows: () => terminal.rows,
        cursor: () => ({ col: core.buffer.x, row: core.buffer.y }),
        scrollTop: () => (core.coreService.decPrivateModes.origin ? core.buffer.scrollTop : 0),
        scrollRegion: () => ({ top: core.buffer.scrollTop, bottom: core.buffer.scrollBottom }),
        attributes: () => core._inputHandler._curAttrData,
        cursorStyle: () => cursorStyle(core),
      },
    });
    disposables.push(terminal.onData(replies.reply));
  }
  if (options.onTitle) disposables.push(terminal.onTitleChange(options.onTitle));
  if (options.onBell) disposables.push(terminal.onBell(options.onBell));
  if (options.onFrameEnd) {
    const { onFrameEnd } = options;
    terminal.parser.registerCsiHandler({ prefix: '?', final: 'l' }, (params) => {
      if (params.includes(2026) && core.coreService.decPrivateModes.synchronizedOutput) onFrameEnd();
      return false;
    });
  }

  function lineAt(row: number): BufferLine | undefined {
    return core.buffer.lines.get(core.buffer.ybase + row);
  }

  const screen: Screen = {
    get cols() {
      return terminal.cols;
    },
    get rows() {
      return terminal.rows;
    },
    get synchronized() {
      return core.coreService.decPrivateModes.synchronizedOutput;
    },
    get untouched() {
      return untouched;
    },
    get scrollbackLines() {
      return core.buffer.ybase;
    },
    write(data) {
      untouched = false;
      try {
        core._inputHandler.parse(typeof data === 'string' ? Buffer.from(data) : data);
        return true;
      } catch {
        // A defect in the parser (xterm.js#6063 is one) costs this pane its picture, and nobody else anything.
        terminal.reset();
        return false;
      }
    },
    resize(cols, rows) {
      if (cols !== terminal.cols || rows !== terminal.rows) terminal.resize(cols, rows);
    },
    cursor() {
      return {
        col: Math.min(core.buffer.x, terminal.cols - 1),
        row: core.buffer.y,
        visible: !core.coreService.isCursorHidden,
        style: cursorStyle(core),
      };
    },
    inputModes() {
      const { applicationCursorKeys, applicationKeypad, bracketedPasteMode } = core.coreService.decPrivateModes;
      return {
        applicationCursor: applicationCursorKeys,
        applicationKeypad,
        bracketedPaste: bracketedPasteMode,
        kittyFlags: keyboard.kittyFlags(),
        modifyOtherKeys: keyboard.modifyOtherKeys(),
        mouseProtocol: MOUSE_PROTOCOLS[core.coreMouseService.activeProtocol] ?? 'none',
        mouseEncoding: MOUSE_ENCODINGS[core.coreMouseService.activeEncoding] ?? 'default',
        alternateScreen: terminal.buffer.active.type === 'alternate',
        alternateScroll: extraModes.alternateScroll(),
      };
    },
    readGrid(grid) {
      const width = Math.min(grid.cols, terminal.cols);
      grid.extras.clear();
      for (let row = 0; row < Math.min(grid.rows, terminal.rows); row++) {
        const line = lineAt(row);
        if (!line) continue;
        const start = row * grid.cols;
        grid.words.set(line._data.subarray(0, width * WORDS_PER_CELL), start * WORDS_PER_CELL);
        for (let col = 0; col < width; col++) {
          const extra = extraOf(line, col, core);
          if (extra) grid.extras.set(start + col, extra);
        }
      }
    },
    diffInto(known, onRun) {
      const { cols, rows } = known;
      for (let row = 0; row < rows; row++) {
        const line = lineAt(row);
        if (line) diffRow({ line, known, row, cols, core }, onRun);
      }
    },
    line(row) {
      if (row < -core.buffer.ybase || row >= terminal.rows) return null;
      const line = lineAt(row);
      if (!line) return null;
      return {
        wrapped: line.isWrapped,
        text: line.translateToString(true, 0, Math.min(line.length, terminal.cols)),
        words: line._data.subarray(0, terminal.cols * WORDS_PER_CELL),
        extraAt: (col) => extraOf(line, col, core),
      };
    },
    prepareForProgram() {
      if (untouched) return;
      // CAN ends whatever sequence the last program left open.
      screen.write('\x18\x1b[?1049l\x1b[?47l');
      let used = terminal.rows;
      while (used > 0 && screen.line(used - 1)?.text === '') used--;
      screen.write(`\x1b[r\x1b[0m${used > 0 ? `\x1b[${used}S` : ''}`);
      screen.write(RESET_MODES);
      keyboard.reset();
      extraModes.reset();
      untouched = true;
    },
    dispose() {
      for (const disposable of disposables.reverse()) disposable.dispose();
      terminal.dispose();
    },
  };
  return screen;
}

const NO_COLORS: ColorSource = {
  current: () => ({ foreground: null, background: null, cursor: null }),
  whenKnown: (listener) => listener(),
};

/** Everything a program may have switched, off again; DECSTR first, then what it leaves alone. */
const RESET_MODES =
  '\x1b[!p\x1b[?1;5;6;9;45;66;1000;1002;1003;1004;1005;1006;1015;1016;2004;2026l\x1b[?7;25h\x1b[4;20l\x1b>\x1b(B\x1b)B\x0f\x1b[0 q\x1b[H\x1b]8;;\x1b\\';

const MOUSE_PROTOCOLS: Record<string, InputModes['mouseProtocol']> = {
  NONE: 'none',
  X10: 'x10',
  VT200: 'vt200',
  DRAG: 'drag',
  ANY: 'any',
};
const MOUSE_ENCODINGS: Record<string, InputModes['mouseEncoding']> = {
  DEFAULT: 'default',
  SGR: 'sgr',
  SGR_PIXELS: 'sgr-pixels',
};

type DiffRow = { line: BufferLine; known: CellGrid; row: number; cols: number; core: XtermCore };

/** One run a row, from the first changed cell to the last: cells between are cheaper to send than a second run. */
function diffRow({ line, known, row, cols, core }: DiffRow, onRun: Parameters<Screen['diffInto']>[1]): void {
  const data = line._data;
  const words = known.words;
  const start = row * cols;
  const base = start * WORDS_PER_CELL;
  let first = -1;
  let last = -1;
  let special = false;
  for (let col = 0, from = 0, to = base; col < cols; col++, from += WORDS_PER_CELL, to += WORDS_PER_CELL) {
    const content = data[from]!;
    const background = data[from + 2]!;
    let changed = content !== words[to] || data[from + 1] !== words[to + 1] || background !== words[to + 2];
    if ((content & HAS_TEXT) !== 0 || (background & HAS_STYLE) !== 0) {
      special = true;
      // Combining marks, underlines and links can change while the words stay.
      changed ||= !sameExtra(line, col, core, known.extras.get(start + col));
    }
    if (!changed) continue;
    if (first < 0) first = col;
    last = col;
  }
  if (first < 0) return;
  const count = last - first + 1;
  words.set(data.subarray(first * WORDS_PER_CELL, (last + 1) * WORDS_PER_CELL), base + first * WORDS_PER_CELL);
  const extras: [number, CellExtra][] = [];
  if (special || known.extras.size > 0) {
    for (let col = first; col <= last; col++) {
      const extra = extraOf(line, col, core);
      if (extra) {
        known.extras.set(start + col, extra);
        extras.push([col - first, extra]);
      } else known.extras.delete(start + col);
    }
  }
  onRun(row, first, count, extras);
}

function sameExtra(line: BufferLine, col: number, core: XtermCore, known: CellExtra | undefined): boolean {
  const extra = extraOf(line, col, core);
  if (!extra || !known) return extra === known;
  return (
    extra.text === known.text &&
    extra.underlineStyle === known.underlineStyle &&
    extra.underlineColor === known.underlineColor &&
    extra.link?.id === known.link?.id &&
    extra.link?.uri === known.link?.uri
  );
}

/** A plain single underline needs no extra: FG_UNDERLINE alone says it. */
function extraOf(line: BufferLine, col: number, core: XtermCore): CellExtra | undefined {
  const at = col * WORDS_PER_CELL;
  const hasText = (line._data[at]! & HAS_TEXT) !== 0;
  const attrs = (line._data[at + 2]! & HAS_STYLE) !== 0 ? line._extendedAttrs[col] : undefined;
  if (!hasText && !attrs) return undefined;
  // `_ext`, not `ext`: the getter says "dashed" for every linked cell.
  const bits = attrs?._ext ?? 0;
  const underlineStyle = (bits >> 26) & 7;
  const underlineColor = bits & 0x3ffffff;
  const link = attrs && attrs._urlId > 0 ? core._oscLinkService.getLinkData(attrs._urlId) : undefined;
  if (!hasText && underlineStyle <= 1 && underlineColor === 0 && !link) return undefined;
  return {
    ...(hasText ? { text: line._combined[col] ?? ' ' } : {}),
    underlineStyle,
    underlineColor,
    ...(link ? { link: { id: String(attrs!._urlId), uri: link.uri } } : {}),
  };
}

function cursorStyle(core: XtermCore): number {
  const { cursorStyle: shape, cursorBlink } = core.coreService.decPrivateModes;
  if (shape === undefined) return 0;
  const base = shape === 'block' ? 1 : shape === 'underline' ? 3 : 5;
  return cursorBlink === false ? base + 1 : base;
}

/** CSI S throws lines away in 6.0.0 (xterm.js#6010); scrolled off the top of the screen they belong in the scrollback. */
function keepScrolledUpLines(parser: IParser, core: XtermCore): void {
  parser.registerCsiHandler({ final: 'S' }, (params) => {
    const count = Math.min(Math.max(1, Number(params[0] ?? 1) || 1), core.rows);
    for (let i = 0; i < count; i++) core._bufferService.scroll(core._inputHandler._eraseAttrData());
    return true;
  });
}

/** `ESC k title ESC \` (screen's title) prints its title in 6.0.0; here it is a string to be ignored, as SOS, PM and APC are. */
function ignoreScreenTitles(core: XtermCore): void {
  const ESCAPE = 1;
  const SOS_PM_APC_STRING = 7;
  core._inputHandler._parser._transitions.add('k'.charCodeAt(0), ESCAPE, 0, SOS_PM_APC_STRING);
}

/**
 * A line that scrolls out of a full scrollback is used again for the new one. 6.0.0 gives it two new empty objects each time: old
 * objects pointing to new ones, which live until the next full collection. In a flood that was two thirds of the heap and a fifth of the time.
 */
function recycleLinesInPlace(core: XtermCore): void {
  const prototype = Object.getPrototypeOf(core.buffer.lines.get(0)) as BufferLine;
  if (recycling.has(prototype)) return;
  recycling.add(prototype);
  const { copyFrom } = prototype;
  prototype.copyFrom = function (this: BufferLine, line: BufferLine): void {
    const plain =
      this.length === line.length &&
      isEmpty(this._combined) &&
      isEmpty(this._extendedAttrs) &&
      isEmpty(line._combined) &&
      isEmpty(line._extendedAttrs);
    if (!plain) {
      copyFrom.call(this, line);
      return;
    }
    this._data.set(line._data);
    this.isWrapped = line.isWrapped;
  };
}
const recycling = new WeakSet<BufferLine>();

/**
 * Most output is runs of ASCII that neither join, wrap nor wear a link: those go straight into the row. Everything else goes through
 * xterm's own print, one character at a line's end, whole runs otherwise; a test compares the two. Nearly twice the speed in a flood.
 */
function printPlainTextFast(core: XtermCore): void {
  const { _inputHandler: handler, _bufferService: service, _charsetService: charsets, coreService } = core;
  const parser = handler._parser;
  const print = parser._printHandler;
  const plainState = core.unicodeService.charProperties(0x61, 0);

  /** Writes as much of the text as is plain and fits into the row; the number of characters. */
  function printRun(data: Uint32Array, start: number, end: number): number {
    const { cols, buffer } = service;
    const from = buffer.x;
    const limit = Math.min(end, start + cols - from);
    let stop = start;
    while (stop < limit && data[stop]! >= 0x20 && data[stop]! < 0x7f) stop++;
    if (stop <= start) return 0;
    const row = buffer.lines.get(buffer.ybase + buffer.y)!;
    const attributes = handler._curAttrData;
    const { fg, bg } = attributes;
    // The halves of wide characters on both sides of the run.
    if (from > 0 && row.getWidth(from - 1) === 2) row.setCellFromCodepoint(from - 1, 0, 1, attributes);
    const words = row._data;
    for (let pos = start, at = from * WORDS_PER_CELL; pos < stop; pos++) {
      words[at++] = data[pos]! | BLANK_CONTENT;
      words[at++] = fg;
      words[at++] = bg;
    }
    const to = from + stop - start;
    buffer.x = to;
    if (to < cols && row.getWidth(to) === 0 && !row.hasContent(to)) row.setCellFromCodepoint(to, 0, 1, attributes);
    parser.precedingJoinState = plainState;
    return stop - start;
  }

  parser.setPrintHandler((data, start, end) => {
    const { bg, extended } = handler._curAttrData;
    if (charsets.charset || coreService.modes.insertMode || extended.urlId !== 0 || (bg & HAS_STYLE) !== 0) {
      print(data, start, end);
      return;
    }
    for (let pos = start; pos < end; ) {
      // Bits above 3: the kind of the character before, which this one might join.
      const count = parser.precedingJoinState >> 3 === 0 ? printRun(data, pos, end) : 0;
      pos += count;
      if (count > 0 || pos >= end) continue;
      let stop = pos + 1;
      while (stop < end && data[stop]! >= 0x7f) stop++;
      print(data, pos, stop);
      pos = stop;
    }
  });
}

function isEmpty(record: object): boolean {
  for (const _key in record) return false;
  return true;
}

/** Modes that 6.0.0 does not know. 1007, wheel to arrows in the alternate screen, is on until a program says no. */
function trackExtraModes(parser: IParser): { alternateScroll(): boolean; reset(): void } {
  let alternateScroll = true;
  for (const final of ['h', 'l'] as const) {
    parser.registerCsiHandler({ prefix: '?', final }, (params) => {
      if (params.includes(1007)) alternateScroll = final === 'h';
      return false;
    });
  }
  return {
    alternateScroll: () => alternateScroll,
    reset() {
      alternateScroll = true;
    },
  };
}

/** The addon decodes its table wrongly from a pooled Buffer (xterm.js#6079): every emoji would be one cell wide. */
function requireUnpooled(name: string): unknown {
  const { poolSize } = Buffer;
  Buffer.poolSize = 0;
  try {
    return require(name);
  } finally {
    Buffer.poolSize = poolSize;
  }
}

/** What is used of xterm's insides, version 6.0.0. */
type BufferLine = {
  length: number;
  isWrapped: boolean;
  _data: Uint32Array;
  _combined: Record<number, string>;
  _extendedAttrs: Record<number, { _ext: number; _urlId: number } | undefined>;
  copyFrom(line: BufferLine): void;
  getWidth(col: number): number;
  hasContent(col: number): number;
  setCellFromCodepoint(col: number, codepoint: number, width: number, attributes: Attributes): void;
  translateToString(trimRight: boolean, start: number, end: number): string;
};
type Attributes = { fg: number; bg: number; extended: { _ext: number; urlId: number } };
type Print = (data: Uint32Array, start: number, end: number) => void;
type ScreenBuffer = {
  lines: { get(index: number): BufferLine | undefined };
  x: number;
  y: number;
  ybase: number;
  scrollTop: number;
  scrollBottom: number;
};
type XtermCore = {
  rows: number;
  buffer: ScreenBuffer;
  _bufferService: { cols: number; buffer: ScreenBuffer; scroll(eraseAttributes: unknown): void };
  _charsetService: { charset: unknown };
  unicodeService: { charProperties(codepoint: number, preceding: number): number };
  _inputHandler: {
    parse(data: Uint8Array): void;
    _eraseAttrData(): unknown;
    _curAttrData: Attributes;
    _parser: {
      _transitions: { add(code: number, state: number, action: number, next: number): void };
      _printHandler: Print;
      setPrintHandler(print: Print): void;
      precedingJoinState: number;
    };
  };
  _oscLinkService: { getLinkData(id: number): { uri: string } | undefined };
  coreService: {
    isCursorHidden: boolean;
    modes: { insertMode: boolean };
    decPrivateModes: {
      applicationCursorKeys: boolean;
      applicationKeypad: boolean;
      bracketedPasteMode: boolean;
      cursorBlink: boolean | undefined;
      cursorStyle: 'block' | 'underline' | 'bar' | undefined;
      origin: boolean;
      synchronizedOutput: boolean;
    };
  };
  coreMouseService: { activeProtocol: string; activeEncoding: string };
};
export type HeadlessParser = Terminal['parser'];
