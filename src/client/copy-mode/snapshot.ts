import { BLANK_CONTENT, CODEPOINT_MASK, HAS_TEXT, WIDTH_MASK } from '../../core/cell.ts';
import type { Lines, LineText, Position } from '../../core/copy-mode/lines.ts';
import {
  type HistoryCells,
  isWrappedLine,
  type PackedLine,
  plainText,
  readHistoryFrame,
  unpackContents,
  unpackLine,
} from '../../protocol/history-frame.ts';

/** A pane's lines as they were at one moment, as far as they have come: the newest are there first. */
export type Snapshot = Lines & {
  readonly id: number;
  /** Nothing more will come. */
  readonly complete: boolean;
  /** Where the screen's cursor was, and how many rows the screen had. */
  readonly cursor: Position;
  readonly screenRows: number;
  /** How many lines the pane had had before the oldest of these; null if that is not known. */
  readonly departed: number | null;
  cells(row: number): HistoryCells;
  take(payload: Buffer): void;
  /** The host is gone: what is there is all there will be. */
  end(): void;
};

/** As many lines as a large scrollback has, several times over. */
const MAX_LINES = 5_000_000;
const EMPTY: LineText = { text: '', cells: 0, offsets: null };
const NO_CELLS: HistoryCells = { cells: 0, words: new Uint32Array(0), extras: [] };

export function createSnapshot(id: number): Snapshot {
  let lines: (PackedLine | undefined)[] = [];
  const texts = new Map<number, LineText>();
  let first = 0;
  let cols = 1;
  let complete = false;
  let begun = false;
  let prompts: readonly number[] = [];
  let cursor: Position = { row: 0, col: 0 };
  let screenRows = 0;
  let departed: number | null = null;

  const snapshot: Snapshot = {
    id,
    prompts,
    get first() {
      return first;
    },
    get count() {
      return lines.length;
    },
    get cols() {
      return cols;
    },
    get complete() {
      return complete;
    },
    get cursor() {
      return cursor;
    },
    get screenRows() {
      return screenRows;
    },
    get departed() {
      return departed;
    },
    wrapped(row) {
      const line = lines[row];
      return row > first && line !== undefined && isWrappedLine(line);
    },
    text(row) {
      const known = texts.get(row);
      if (known) return known;
      const line = lines[row];
      if (!line) return EMPTY;
      const text = decodeText(line, snapshot.wrapped(row + 1) ? { cols, next: lines[row + 1]! } : null);
      texts.set(row, text);
      return text;
    },
    cells(row) {
      const line = lines[row];
      return line ? unpackLine(line) : NO_CELLS;
    },
    take(payload) {
      const frame = readHistoryFrame(payload);
      const { header } = frame;
      if (header.total > MAX_LINES || header.first + frame.lines.length > header.total)
        throw new RangeError('history frame: more lines than there are');
      if (!begun) {
        begun = true;
        lines = new Array<PackedLine | undefined>(header.total);
        cols = header.cols;
        prompts = header.prompts;
        screenRows = header.rows;
        departed = header.departed ?? null;
        cursor = { row: header.total - header.rows + header.cursorRow, col: header.cursorCol };
      }
      for (const [index, line] of frame.lines.entries()) lines[header.first + index] = line;
      first = header.first;
      complete = header.last;
    },
    end() {
      complete = true;
    },
  };
  return Object.defineProperty(snapshot, 'prompts', { get: () => prompts });
}

/**
 * `goesOn`: the line that this one goes on in. Then all cells to the edge belong to it, but for the one that was left empty because a wide
 * character did not fit; else it ends with the last cell that shows something.
 */
function decodeText(line: PackedLine, goesOn: { cols: number; next: PackedLine } | null): LineText {
  const plain = plainText(line);
  if (plain !== null) {
    const text = goesOn ? padTo(plain, plain.length, goesOn) : plain.trimEnd();
    return { text, cells: text.length, offsets: null };
  }
  const { contents, extras } = unpackContents(line);
  const cells = contents.length;
  const { text, offsets, used } = readContents(contents, extras);
  if (!goesOn) return lineText(text.slice(0, offsets[used]), used, offsets);
  // A coloured cell that was left empty is there, but says nothing.
  const edge = cells === goesOn.cols ? contents[cells - 1]! : 0;
  const kept = edge === BLANK_CONTENT && startsWide(goesOn.next) ? cells - 1 : cells;
  const padded = padTo(text.slice(0, offsets[kept]), cells, goesOn);
  const total = kept + padded.length - offsets[kept]!;
  const all = new Uint32Array(total + 1);
  all.set(offsets.subarray(0, kept + 1));
  for (let col = kept + 1; col <= total; col++) all[col] = all[col - 1]! + 1;
  return lineText(padded, total, all);
}

/** `used`: cells up to the last one that shows something. */
function readContents(contents: Uint32Array, extras: () => HistoryCells['extras']) {
  const offsets = new Uint32Array(contents.length + 1);
  let texts: Map<number, string | undefined> | null = null;
  let text = '';
  let used = 0;
  for (let col = 0; col < contents.length; col++) {
    const content = contents[col]!;
    if ((content & WIDTH_MASK) === 0 && col > 0) {
      offsets[col] = offsets[col - 1]!;
      if (used === col) used = col + 1;
      continue;
    }
    offsets[col] = text.length;
    const codepoint = content & CODEPOINT_MASK;
    if ((content & HAS_TEXT) !== 0) {
      texts ??= new Map(extras().map(([at, extra]) => [at, extra.text]));
      text += texts.get(col) ?? ' ';
      used = col + 1;
    } else if (codepoint === 0 || codepoint === 0x20) text += ' ';
    else {
      text += codepoint < 0x10000 ? String.fromCharCode(codepoint) : String.fromCodePoint(codepoint);
      used = col + 1;
    }
  }
  offsets[contents.length] = text.length;
  return { text, offsets, used };
}

function lineText(text: string, cells: number, offsets: Uint32Array): LineText {
  let single = text.length === cells;
  for (let col = 0; single && col < cells; col++) single = offsets[col] === col;
  return { text, cells, offsets: single ? null : offsets.subarray(0, cells + 1) };
}

/** With blanks up to the edge; the last cell before a wide character is none. */
function padTo(text: string, cells: number, { cols, next }: { cols: number; next: PackedLine }): string {
  const missing = cols - cells;
  return missing > 0 ? text + ' '.repeat(startsWide(next) ? missing - 1 : missing) : text;
}

function startsWide(line: PackedLine): boolean {
  if (plainText(line) !== null) return false;
  return (unpackContents(line).contents[0]! & WIDTH_MASK) > BLANK_CONTENT;
}
