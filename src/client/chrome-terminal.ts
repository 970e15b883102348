import { Readable, Writable } from 'node:stream';
import {
  type CellGrid,
  CODEPOINT_MASK,
  createCellGrid,
  HAS_TEXT,
  WIDTH_MASK,
  WIDTH_SHIFT,
  WORDS_PER_CELL,
} from '../core/cell.ts';
import type { Rect } from '../core/geometry.ts';
import { createScreen } from '../terminal/screen.ts';
import { type ChromeStyle, isSameStyle, PLAIN_STYLE, styleRow } from './chrome-style.ts';

/**
 * The terminal that Ink draws the chrome into: none at all, but cells in memory that the compositor lays around the panes. It is made
 * of regions, one for each Ink root, because Ink composes all cells of a root for every change in it: a title costs it a hundredth
 * of a whole screen. Nothing written here reaches the outer terminal, and nothing typed there arrives here.
 */
export type ChromeTerminal = {
  readonly stderr: NodeJS.WriteStream;
  /** Never has anything to read. */
  readonly stdin: NodeJS.ReadStream;
  /** What is drawn; another object after each resize. */
  readonly grid: CellGrid;
  /** A new size. Regions stay where they are until they are placed again. */
  resize(cols: number, rows: number): void;
  /** Single cells below all regions, instead of those of the call before; on the grid of now. */
  setBackground(cells: readonly BackgroundCell[]): void;
  openRegion(options: RegionOptions): ChromeRegion;
  /** Of all that is drawn, now and from now on. */
  setStyle(style: ChromeStyle): void;
  dispose(): void;
};

/** `character` takes one cell; `foreground` is word 1 of a cell. */
export type BackgroundCell = { x: number; y: number; character: string; foreground: number };

/** `openEnd`: behind the text of a line and one blank, what is below shows through. Regions of a higher `layer` lie above. */
export type RegionOptions = { rect: Rect; layer?: number; openEnd?: boolean };

/**
 * A rectangle of the chrome with a stream of its own. Every chunk written to it is a whole frame, and what the frame lacks is blank. An
 * empty chunk is none: Ink writes that to learn when all before it is out.
 */
export type ChromeRegion = {
  /** Has `columns` and `rows` of the rectangle. Not a TTY: then Ink leaves cursor, modes and process exit alone. */
  readonly stdout: NodeJS.WriteStream;
  /** Moves it; the frame before stays as far as it fits. */
  place(rect: Rect): void;
  /** Gone from the grid; what is written later is ignored. */
  close(): void;
};

export type ChromeTerminalOptions = {
  cols: number;
  rows: number;
  /** Cells of the grid's rows `first` to `last` have changed. Called in a microtask, for all changes of these rows up to then. */
  onChange(first: number, last: number): void;
};

type Region = Required<RegionOptions> & { grid: CellGrid; frame: string };

/** No wrapping at the right edge: a character whose width Ink and the screen see differently must not push a whole row down. */
const PREPARE = '\x1b[?7l';

export function createChromeTerminal({ cols, rows, onChange }: ChromeTerminalOptions): ChromeTerminal {
  // Frames of all regions are parsed here, one at a time: it holds nothing between them, and a region needs no screen of its own.
  const screen = createScreen({ cols, rows: 1, scrollback: 0 });
  screen.write(PREPARE);
  let grid = createCellGrid(cols, rows);
  let background = createCellGrid(cols, rows);
  /** Lower layers first. */
  let regions: Region[] = [];
  let dirty = new Uint8Array(rows);
  let style = PLAIN_STYLE;
  let scheduled = false;
  let disposed = false;

  function markRows(first: number, count: number): void {
    dirty.fill(1, Math.max(0, first), Math.max(0, first + count));
    if (scheduled || disposed) return;
    scheduled = true;
    queueMicrotask(() => {
      scheduled = false;
      if (!disposed) composeRows();
    });
  }

  function composeRows(): void {
    let first = -1;
    for (let y = 0; y <= grid.rows; y++) {
      const changed = y < grid.rows && dirty[y] === 1;
      if (changed) {
        dirty[y] = 0;
        composeRow(y);
        if (first < 0) first = y;
      } else if (first >= 0) {
        onChange(first, y - 1);
        first = -1;
      }
    }
  }

  /** Where an upper region cuts a wide character in two, the compositor mends it: it covers panes by the same rectangles. */
  function composeRow(y: number): void {
    copyCells({ from: background, fromRow: y, toRow: y, toCol: 0, count: grid.cols });
    for (const { rect, openEnd, grid: from } of regions) {
      const fromRow = y - rect.y;
      if (fromRow < 0 || fromRow >= rect.height) continue;
      const width = Math.min(rect.width, grid.cols - rect.x);
      const count = openEnd ? Math.min(width, textCells(from, fromRow) + 1) : width;
      if (count > 0) copyCells({ from, fromRow, toRow: y, toCol: rect.x, count });
    }
    if (style !== PLAIN_STYLE) styleRow(grid, y, style);
  }

  type Copy = { from: CellGrid; fromRow: number; toRow: number; toCol: number; count: number };
  function copyCells({ from, fromRow, toRow, toCol, count }: Copy): void {
    const source = fromRow * from.cols;
    const target = toRow * grid.cols + toCol;
    grid.words.set(
      from.words.subarray(source * WORDS_PER_CELL, (source + count) * WORDS_PER_CELL),
      target * WORDS_PER_CELL,
    );
    if (from.extras.size === 0 && grid.extras.size === 0) return;
    for (let i = 0; i < count; i++) {
      const extra = from.extras.get(source + i);
      if (extra) grid.extras.set(target + i, extra);
      else grid.extras.delete(target + i);
    }
  }

  function parseFrame({ rect, grid: known, frame }: Region): void {
    if (rect.width > screen.cols || rect.height > screen.rows)
      screen.resize(Math.max(rect.width, screen.cols), Math.max(rect.height, screen.rows));
    const lines = frame.split('\n');
    let bytes = '';
    for (let row = 0; row < rect.height; row++) bytes += `\x1b[${row + 1}H\x1b[0m\x1b[K${lines[row] ?? ''}`;
    screen.write(bytes);
    screen.diffInto(known, (row) => markRows(rect.y + row, 1));
  }

  const stderr = createSink(() => {});
  const stdin = Object.assign(new Readable({ read() {} }), {
    isTTY: false,
    ref() {},
    unref() {},
  }) as unknown as NodeJS.ReadStream;

  return {
    stderr,
    stdin,
    get grid() {
      return grid;
    },
    resize(nextCols, nextRows) {
      grid = createCellGrid(nextCols, nextRows);
      background = createCellGrid(nextCols, nextRows);
      dirty = new Uint8Array(nextRows);
      markRows(0, nextRows);
    },
    setBackground(cells) {
      const next = createCellGrid(grid.cols, grid.rows);
      for (const { x, y, character, foreground } of cells) {
        const at = (y * next.cols + x) * WORDS_PER_CELL;
        next.words[at] = character.codePointAt(0)! | (1 << WIDTH_SHIFT);
        next.words[at + 1] = foreground;
      }
      for (let y = 0; y < next.rows; y++) if (!sameRow(background, next, y)) markRows(y, 1);
      background = next;
    },
    setStyle(next) {
      if (isSameStyle(style, next)) return;
      style = isSameStyle(next, PLAIN_STYLE) ? PLAIN_STYLE : next;
      markRows(0, grid.rows);
    },
    openRegion({ rect, layer = 0, openEnd = false }) {
      const region: Region = { rect, layer, openEnd, grid: createCellGrid(rect.width, rect.height), frame: '' };
      let closed = false;
      const stdout = createSink((frame) => {
        if (closed || disposed || frame === '') return;
        region.frame = frame;
        parseFrame(region);
      });
      Object.assign(stdout, { columns: rect.width, rows: rect.height });
      regions = [...regions, region].sort((a, b) => a.layer - b.layer);
      markRows(rect.y, rect.height);
      return {
        stdout,
        place(next) {
          const { rect: old } = region;
          const sameSize = old.width === next.width && old.height === next.height;
          if (sameSize && old.x === next.x && old.y === next.y) return;
          region.rect = next;
          markRows(old.y, old.height);
          markRows(next.y, next.height);
          if (sameSize) return;
          region.grid = createCellGrid(next.width, next.height);
          stdout.columns = next.width;
          stdout.rows = next.height;
          parseFrame(region);
        },
        close() {
          closed = true;
          // Ink would draw a last frame for it.
          stdout.destroy();
          regions = regions.filter((other) => other !== region);
          markRows(region.rect.y, region.rect.height);
        },
      };
    },
    dispose() {
      disposed = true;
      regions = [];
      screen.dispose();
    },
  };
}

/** Cells up to the last one that shows something. */
function textCells({ cols, words }: CellGrid, row: number): number {
  for (let col = cols - 1; col >= 0; col--) {
    const at = (row * cols + col) * WORDS_PER_CELL;
    const content = words[at]! & (CODEPOINT_MASK | HAS_TEXT);
    const rightHalf = (words[at]! & WIDTH_MASK) === 0;
    if ((content !== 0 && content !== 0x20) || rightHalf || words[at + 2] !== 0) return col + 1;
  }
  return 0;
}

function sameRow(a: CellGrid, b: CellGrid, row: number): boolean {
  const end = (row + 1) * a.cols * WORDS_PER_CELL;
  for (let at = row * a.cols * WORDS_PER_CELL; at < end; at++) if (a.words[at] !== b.words[at]) return false;
  return true;
}

function createSink(onText: (text: string) => void): NodeJS.WriteStream {
  const sink = new Writable({
    decodeStrings: false,
    write(chunk: string | Uint8Array, _encoding, callback) {
      onText(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString());
      callback();
    },
  });
  return Object.assign(sink, { isTTY: false }) as unknown as NodeJS.WriteStream;
}
