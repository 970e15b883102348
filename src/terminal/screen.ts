import { createRequire } from 'node:module';
import { type CellExtra, type CellGrid, WORDS_PER_CELL } from '../core/cell.ts';
import type { PaneModes } from '../core/pane-modes.ts';
import type { PaneSignal } from '../core/pane-signal.ts';
import type { InputModes } from './input-encoder.ts';
import { createKeyboardModes } from './keyboard-modes.ts';
import { countDepartures } from './line-departures.ts';
import { createLineHistory, type HistoryEvents, type LineHistory } from './line-history.ts';
import { readLineText, readWrappedText } from './line-text.ts';
import { NO_OUTER, type OuterSource } from './outer-facts.ts';
import { RESET_MODES, readCursorStyle, readInputModes } from './program-modes.ts';
import { createReplyQueue, type ReplyQueue } from './reply-queue.ts';
import { diffRow, type ExtraSource, extraOf, type OnRun } from './row-diff.ts';
import { connectProgram } from './screen-program.ts';
import type { BufferLine, XtermCore } from './xterm-core.ts';
import { keepWholeCursor } from './xterm-cursor-fixes.ts';
import {
  ignoreScreenTitles,
  keepScrolledUpLines,
  printPlainTextFast,
  recycleLinesInPlace,
  shareLineMemory,
  trackExtraModes,
} from './xterm-fixes.ts';
import { copyCombinedOfCellsAlone, resizeKeepingCursor } from './xterm-reflow.ts';
import { mendSequences } from './xterm-sequence-fixes.ts';
import { mendPrint, widenNewCharacters } from './xterm-width-fixes.ts';

/**
 * The screen behind a pane (and behind Ink's chrome): bytes in, cells out. The one file that makes an @xterm/headless; what is
 * used of its insides is in xterm-core.ts, what is mended there in xterm-fixes.ts.
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
  /** Cursor in 0-based cells; `style` as DECSCUSR (0 default … 6); `color` is `0xRRGGBB`, null for the terminal's own. */
  cursor(): { col: number; row: number; visible: boolean; style: number; color: number | null };
  /** What clients must know of the program's modes. */
  modes(): PaneModes;
  /** What keys, pastes and mouse reports are encoded for. */
  inputModes(): InputModes;
  /** Copies the visible rows into a grid of the same size. */
  readGrid(grid: CellGrid): void;
  /**
   * Compares the visible rows with `known` (same size), brings `known` up to date and reports each changed run of cells, with the
   * extras of those cells that have some. `extras` is keyed by index within the run.
   */
  diffInto(known: CellGrid, onRun: OnRun): void;
  /** Lines of scrollback above the screen. */
  readonly scrollbackLines: number;
  /**
   * Lines that have left the top of the scrollback so far. All that were there when a reset or the other screen's turn throws them
   * away count too: a line that is still there is where it was, moved up by as many as have left since.
   */
  readonly departedLines: number;
  /** Row `row` counted from the top of the screen; negative ones are scrollback. Null outside. */
  line(row: number): ScreenLine | null;
  /** Only what `line` has as text, for readers of many: all of a row that goes on in the next one, else without what was never printed. */
  textLine(row: number): { text: string; wrapped: boolean } | null;
  /** Numbers its lines from now on: for one reader, which is told what is about to be lost. */
  trackLines(events: HistoryEvents): LineHistory;
  /** Rows on which a shell's prompt begins (OSC 133), counted as for `line`, ascending; none in the alternate screen. */
  promptRows(): number[];
  /** Whether the pane has somebody's attention: told to a program that asked for it (mode 1004). */
  setFocused(focused: boolean): void;
  /** What `outer` tells has changed: colours, scheme or the size of a cell. */
  outerChanged(): void;
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
  onSignal?: (signal: PaneSignal) => void;
  /** The program ended a synchronized frame (`CSI ? 2026 l`); what it drew is complete at this moment. */
  onFrameEnd?: () => void;
  /** What programs are told of the terminal: colours, light or dark, pixels of a cell. */
  outer?: OuterSource;
  version?: string;
  /** Goes before the ids of links, so that links of several screens never join where they meet. */
  linkPrefix?: string;
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
    reflowCursorLine: true,
    allowProposedApi: true,
    // Without these flags xterm does not even call our handlers for `CSI t`.
    windowOptions: {
      getWinSizePixels: true,
      getCellSizePixels: true,
      getWinSizeChars: true,
      getScreenSizeChars: true,
      pushTitle: true,
      popTitle: true,
    },
    // Its log goes to the console, which is somebody's screen.
    logLevel: 'off',
  });
  terminal.loadAddon(new UnicodeGraphemesAddon());
  const core = (terminal as unknown as { _core: XtermCore })._core;
  ignoreScreenTitles(core);
  recycleLinesInPlace(core);
  shareLineMemory(core);
  copyCombinedOfCellsAlone(core);
  widenNewCharacters(core);
  mendPrint(core);
  printPlainTextFast(core);
  keepWholeCursor(core);
  mendSequences(core);
  const keyboard = createKeyboardModes(terminal.parser, () => terminal.buffer.active.type === 'alternate');
  const extraModes = trackExtraModes(terminal.parser);
  keepScrolledUpLines(terminal.parser, core);
  const departures = countDepartures(core);
  let untouched = true;

  const { colors, links, prompts, reports, resetModes, ...program } = connectProgram({
    terminal,
    core,
    keyboard,
    extraModes,
    replies: options.replies ?? createReplyQueue(() => {}),
    outer: options.outer ?? NO_OUTER,
    version: options.version ?? '',
    convertEol: options.convertEol ?? false,
    cursorStyle: () => readCursorStyle(core),
    onSignal: options.onSignal ?? (() => {}),
  });
  const extraSource: ExtraSource = { links, linkPrefix: options.linkPrefix ?? '', colors };
  /** A row as it is to be seen, where that differs from how it is kept. */
  let recolored = new Uint32Array(0);

  if (options.onFrameEnd) {
    const { onFrameEnd } = options;
    terminal.parser.registerCsiHandler({ prefix: '?', final: 'l' }, (params) => {
      if (params.includes(2026) && core.coreService.decPrivateModes.synchronizedOutput) onFrameEnd();
      return false;
    });
  }

  /** A row's cells as people see them; valid until the next call. */
  function wordsOf(line: BufferLine, cols: number): Uint32Array {
    if (!colors.active) return line._data;
    if (recolored.length < cols * WORDS_PER_CELL) recolored = new Uint32Array(cols * WORDS_PER_CELL);
    colors.recolor(line._data, recolored, cols);
    return recolored;
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
    get departedLines() {
      return departures.count();
    },
    write(data) {
      untouched = false;
      try {
        core._inputHandler.parse(typeof data === 'string' ? Buffer.from(data) : data);
        return true;
      } catch {
        // A defect in the parser (xterm.js#6063 is one) costs this pane its picture, and nobody else anything.
        terminal.reset();
        resetModes();
        return false;
      }
    },
    resize(cols, rows) {
      if (cols === terminal.cols && rows === terminal.rows) return;
      resizeKeepingCursor(core, () => terminal.resize(cols, rows));
      reports.resized();
    },
    cursor() {
      return {
        col: Math.min(core.buffer.x, terminal.cols - 1),
        row: core.buffer.y,
        visible: !core.coreService.isCursorHidden,
        style: readCursorStyle(core),
        color: colors.own('cursor'),
      };
    },
    modes() {
      const { kittyFlags, modifyOtherKeys, mouseProtocol, alternateScreen, alternateScroll } = screen.inputModes();
      return { kittyFlags, modifyOtherKeys, mouseProtocol, alternateScreen, alternateScroll };
    },
    inputModes() {
      return readInputModes(core, keyboard, extraModes.alternateScroll());
    },
    readGrid(grid) {
      const width = Math.min(grid.cols, terminal.cols);
      grid.extras.clear();
      for (let row = 0; row < Math.min(grid.rows, terminal.rows); row++) {
        const line = lineAt(row);
        if (!line) continue;
        const start = row * grid.cols;
        grid.words.set(wordsOf(line, width).subarray(0, width * WORDS_PER_CELL), start * WORDS_PER_CELL);
        for (let col = 0; col < width; col++) {
          const extra = extraOf(line, col, extraSource);
          if (extra) grid.extras.set(start + col, extra);
        }
      }
    },
    diffInto(known, onRun) {
      const { cols, rows } = known;
      for (let row = 0; row < rows; row++) {
        const line = lineAt(row);
        if (line) diffRow({ line, data: wordsOf(line, cols), known, row, cols, source: extraSource }, onRun);
      }
    },
    line(row) {
      if (row < -core.buffer.ybase || row >= terminal.rows) return null;
      const line = lineAt(row);
      if (!line) return null;
      return {
        wrapped: line.isWrapped,
        // Only when asked for: it takes longer than all the rest.
        get text() {
          return line.translateToString(true, 0, Math.min(line.length, terminal.cols));
        },
        words: (colors.active ? wordsOf(line, terminal.cols).slice() : line._data).subarray(
          0,
          terminal.cols * WORDS_PER_CELL,
        ),
        extraAt: (col) => extraOf(line, col, extraSource),
      };
    },
    textLine(row) {
      const line = row < -core.buffer.ybase || row >= terminal.rows ? undefined : lineAt(row);
      if (!line) return null;
      const next = row + 1 < terminal.rows ? lineAt(row + 1) : undefined;
      const width = Math.min(line.length, terminal.cols);
      const text = next?.isWrapped ? readWrappedText(line, next, width) : readLineText(line, width, true);
      return { text, wrapped: line.isWrapped };
    },
    trackLines: (events) => createLineHistory(core, terminal.parser, events),
    promptRows: prompts.rows,
    setFocused: reports.focusChanged,
    outerChanged: reports.outerChanged,
    prepareForProgram() {
      if (untouched) return;
      // CAN ends whatever sequence the last program left open.
      screen.write('\x18\x1b[?1049l\x1b[?47l');
      let used = terminal.rows;
      while (used > 0 && screen.line(used - 1)?.text === '') used--;
      screen.write(`\x1b[r\x1b[0m${used > 0 ? `\x1b[${used}S` : ''}`);
      screen.write(RESET_MODES);
      program.reset();
      untouched = true;
    },
    dispose() {
      program.dispose();
      terminal.dispose();
    },
  };
  return screen;
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
