import { Readable, Writable } from 'node:stream';
import { type CellGrid, createCellGrid } from '../core/cell.ts';
import { createScreen } from '../terminal/screen.ts';

/**
 * The terminal that Ink draws the chrome into: none at all, but a screen in memory whose cells the compositor lays around the
 * panes. Nothing written here reaches the outer terminal, and nothing typed there arrives here.
 */
export type ChromeTerminal = {
  /** Has `columns` and `rows`. Not a TTY: then Ink leaves cursor, modes and process exit alone. */
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  /** Never has anything to read. */
  readonly stdin: NodeJS.ReadStream;
  /** What is drawn; another object after each resize. */
  readonly grid: CellGrid;
  /** A blank screen of the new size; all that was drawn is gone. */
  resize(cols: number, rows: number): void;
  dispose(): void;
};

export type ChromeTerminalOptions = {
  cols: number;
  rows: number;
  /** Cells of the grid's rows `first` to `last` have changed. Called once for all writes of one turn of the event loop. */
  onChange(first: number, last: number): void;
};

/** No wrapping at the right edge: a character whose width Ink and the screen see differently must not push a whole row down. */
const PREPARE = '\x1b[?7l';
const BLANK = '\x1b[0m\x1b[2J\x1b[H';
/** Ink ends every frame that is not on a TTY with a line feed; the row below keeps that from scrolling. */
const EXTRA_ROWS = 1;

export function createChromeTerminal({ cols, rows, onChange }: ChromeTerminalOptions): ChromeTerminal {
  const screen = createScreen({ cols, rows: rows + EXTRA_ROWS, scrollback: 0, convertEol: true });
  screen.write(PREPARE);
  let grid = createCellGrid(cols, rows);
  let scheduled = false;
  let disposed = false;

  /** Between erasing and drawing again the screen is blank: only what it shows in the end counts. */
  function schedule(): void {
    if (scheduled) return;
    scheduled = true;
    queueMicrotask(() => {
      scheduled = false;
      if (!disposed) readChanges();
    });
  }

  function readChanges(): void {
    let first = -1;
    let last = -1;
    screen.diffInto(grid, (row) => {
      if (first < 0) first = row;
      last = row;
    });
    if (first >= 0) onChange(first, last);
  }

  const sink = new Writable({
    decodeStrings: false,
    write(chunk: string | Uint8Array, _encoding, callback) {
      if (!disposed) {
        screen.write(chunk);
        schedule();
      }
      callback();
    },
  });
  const stdout = Object.assign(sink, { isTTY: false, columns: cols, rows }) as unknown as NodeJS.WriteStream;
  const stderr = new Writable({
    write(_chunk, _encoding, callback) {
      callback();
    },
  }) as unknown as NodeJS.WriteStream;
  const stdin = Object.assign(new Readable({ read() {} }), {
    isTTY: false,
    ref() {},
    unref() {},
  }) as unknown as NodeJS.ReadStream;

  return {
    stdout,
    stderr,
    stdin,
    get grid() {
      return grid;
    },
    resize(nextCols, nextRows) {
      screen.resize(nextCols, nextRows + EXTRA_ROWS);
      screen.write(BLANK);
      grid = createCellGrid(nextCols, nextRows);
      stdout.columns = nextCols;
      stdout.rows = nextRows;
    },
    dispose() {
      disposed = true;
      screen.dispose();
    },
  };
}
