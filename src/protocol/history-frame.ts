import {
  BLANK_CONTENT,
  type CellExtra,
  CODEPOINT_MASK,
  HAS_STYLE,
  HAS_TEXT,
  WIDTH_MASK,
  WIDTH_SHIFT,
  WORDS_PER_CELL,
} from '../core/cell.ts';
import { packExtras, unpackExtras } from './history-extras.ts';

/**
 * A piece of a pane's history: consecutive lines, numbered from the oldest that there was when the client asked. Layout
 * (little-endian): u32 id, u16 cols, u32 total, u32 first, u32 count, u8 flags, u16 screen rows, u16 cursor row, u16 cursor col,
 * u32 prompts and that many u32, then the lines: u32 bytes, u8 flags, u16 cells, u16 runs, each run u16 cells and two words of style; one
 * byte of content for a plain cell; the extras as JSON. Behind the lines, if a flag says so: f64 departed.
 */
export type HistoryHeader = {
  /** As the client asked. */
  id: number;
  cols: number;
  /** Lines of scrollback and screen together. */
  total: number;
  /** The number of the first line in this frame. */
  first: number;
  /** No more will come. If `first` is not 0, what is older has been lost meanwhile. */
  last: boolean;
  /** Rows of the screen, the last ones of all lines, and where the cursor is in it. */
  rows: number;
  cursorRow: number;
  cursorCol: number;
  /** Lines on which a prompt begins; told with the first frame only. */
  prompts: number[];
  /** How many lines the pane had had before the oldest of these; null from a host that does not tell. */
  departed?: number | null;
};

/** A line to be sent: all cells of a row, as a screen has them. */
export type HistorySource = {
  wrapped: boolean;
  words: Uint32Array;
  extraAt(col: number): CellExtra | undefined;
};

/** A line as it came: decoded when somebody looks at it. */
export type PackedLine = { bytes: Buffer; at: number };

export type HistoryCells = { cells: number; words: Uint32Array; extras: [col: number, extra: CellExtra][] };

const HEADER_BYTES = 29;
const FRAME_LAST = 1;
const FRAME_DEPARTED = 2;
const DEPARTED_BYTES = 8;
const LINE_BYTES = 9;
const RUN_BYTES = 10;
const LINE_WRAPPED = 1;
/** One byte of ASCII a cell. */
const LINE_PLAIN = 2;
const LINE_EXTRAS = 4;
// Above ASCII a byte tells how the content of its cell goes on.
const RIGHT_HALF = 0x80;
const NARROW = 0x81;
const WIDE = 0x82;
const WORD = 0x83;
const WIDE_CONTENT = 2 << WIDTH_SHIFT;

export type HistoryFrameWriter = {
  /** Of the frame so far. */
  readonly bytes: number;
  begin(header: HistoryHeader): void;
  /** Lines from `header.first` on. */
  line(line: HistorySource): void;
  /** The finished payload: a copy. */
  finish(): Buffer;
};

/** One writer serves a whole process. */
export function createHistoryFrameWriter(): HistoryFrameWriter {
  let buffer = Buffer.allocUnsafe(128 * 1024);
  let at = 0;
  let count = 0;
  let departed: number | null = null;

  function reserve(bytes: number): void {
    if (at + bytes <= buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(buffer.length * 2, at + bytes));
    buffer.copy(larger, 0, 0, at);
    buffer = larger;
  }

  return {
    get bytes() {
      return at;
    },
    begin(header) {
      at = 0;
      count = 0;
      departed = header.departed ?? null;
      reserve(HEADER_BYTES + 4 * header.prompts.length);
      at = buffer.writeUInt32LE(header.id >>> 0, at);
      at = buffer.writeUInt16LE(header.cols, at);
      at = buffer.writeUInt32LE(header.total, at);
      at = buffer.writeUInt32LE(header.first, at);
      at = buffer.writeUInt32LE(0, at);
      at = buffer.writeUInt8((header.last ? FRAME_LAST : 0) | (departed === null ? 0 : FRAME_DEPARTED), at);
      at = buffer.writeUInt16LE(header.rows, at);
      at = buffer.writeUInt16LE(header.cursorRow, at);
      at = buffer.writeUInt16LE(header.cursorCol, at);
      at = buffer.writeUInt32LE(header.prompts.length, at);
      for (const row of header.prompts) at = buffer.writeUInt32LE(row, at);
    },
    line({ wrapped, words, extraAt }) {
      count++;
      const cells = usedCells(words);
      reserve(4 + LINE_BYTES + cells * (RUN_BYTES + 5));
      const start = at;
      at += LINE_BYTES;
      const { runs, plain, extras } = writeRuns(words, cells);
      if (plain) for (let i = 0; i < cells; i++) buffer[at++] = words[i * WORDS_PER_CELL]! & 0x7f || 0x20;
      else writeContents(words, cells);
      if (extras) {
        const json = Buffer.from(JSON.stringify(packExtras(words, cells, extraAt)));
        reserve(json.length);
        at += json.copy(buffer, at);
      }
      buffer.writeUInt32LE(at - start - 4, start);
      buffer[start + 4] = (wrapped ? LINE_WRAPPED : 0) | (plain ? LINE_PLAIN : 0) | (extras ? LINE_EXTRAS : 0);
      buffer.writeUInt16LE(cells, start + 5);
      buffer.writeUInt16LE(runs, start + 7);
    },
    finish() {
      buffer.writeUInt32LE(count, 14);
      if (departed !== null) {
        reserve(DEPARTED_BYTES);
        at = buffer.writeDoubleLE(departed, at);
      }
      return Buffer.from(buffer.subarray(0, at));
    },
  };

  function writeRuns(words: Uint32Array, cells: number): { runs: number; plain: boolean; extras: boolean } {
    let runs = 0;
    let plain = true;
    let extras = false;
    for (let col = 0; col < cells; ) {
      const from = col;
      const fg = words[col * WORDS_PER_CELL + 1]!;
      const bg = words[col * WORDS_PER_CELL + 2]!;
      if ((bg & HAS_STYLE) !== 0) extras = true;
      for (; col < cells; col++) {
        const word = col * WORDS_PER_CELL;
        if (words[word + 1] !== fg || words[word + 2] !== bg) break;
        const content = words[word]!;
        if ((content & HAS_TEXT) !== 0) extras = true;
        // An empty cell at the end is told from a blank: it may be one that a wide character did not fit into.
        if (!isPlain(content) || (content === BLANK_CONTENT && col === cells - 1)) plain = false;
      }
      at = buffer.writeUInt16LE(col - from, at);
      at = buffer.writeUInt32LE(fg, at);
      at = buffer.writeUInt32LE(bg, at);
      runs++;
    }
    return { runs, plain, extras };
  }

  function writeContents(words: Uint32Array, cells: number): void {
    for (let col = 0; col < cells; col++) {
      const content = words[col * WORDS_PER_CELL]!;
      const rest = content & ~WIDTH_MASK;
      const width = content & WIDTH_MASK;
      if (content === 0) buffer[at++] = RIGHT_HALF;
      else if (width === BLANK_CONTENT && rest < 0x80) buffer[at++] = rest;
      else if (width !== 0 && rest < 0x10000) {
        buffer[at++] = width === BLANK_CONTENT ? NARROW : WIDE;
        at = buffer.writeUInt16LE(rest, at);
      } else {
        buffer[at++] = WORD;
        at = buffer.writeUInt32LE(content >>> 0, at);
      }
    }
  }
}

/** Reads the header and finds the lines, without decoding them. Throws RangeError on a malformed frame. */
export function readHistoryFrame(payload: Buffer): { header: HistoryHeader; lines: PackedLine[] } {
  const promptCount = payload.readUInt32LE(25);
  let at = HEADER_BYTES;
  if (at + promptCount * 4 > payload.length) throw new RangeError('history frame: prompts out of bounds');
  const prompts: number[] = [];
  for (let i = 0; i < promptCount; i++, at += 4) prompts.push(payload.readUInt32LE(at));
  const header: HistoryHeader = {
    id: payload.readUInt32LE(0),
    cols: payload.readUInt16LE(4),
    total: payload.readUInt32LE(6),
    first: payload.readUInt32LE(10),
    last: (payload.readUInt8(18) & FRAME_LAST) !== 0,
    rows: payload.readUInt16LE(19),
    cursorRow: payload.readUInt16LE(21),
    cursorCol: payload.readUInt16LE(23),
    prompts,
    departed: null,
  };
  const count = payload.readUInt32LE(14);
  const lines: PackedLine[] = [];
  for (let i = 0; i < count; i++) {
    const end = at + 4 + payload.readUInt32LE(at);
    if (end > payload.length) throw new RangeError('history frame: line out of bounds');
    lines.push({ bytes: payload, at });
    at = end;
  }
  if ((payload.readUInt8(18) & FRAME_DEPARTED) !== 0) header.departed = payload.readDoubleLE(at);
  return { header, lines };
}

export function isWrappedLine({ bytes, at }: PackedLine): boolean {
  return (bytes[at + 4]! & LINE_WRAPPED) !== 0;
}

/** The text of a line without wide characters, marks or anything else beyond ASCII: one character a cell. Null for others. */
export function plainText({ bytes, at }: PackedLine): string | null {
  if ((bytes[at + 4]! & LINE_PLAIN) === 0) return null;
  const start = at + LINE_BYTES + bytes.readUInt16LE(at + 7) * RUN_BYTES;
  return bytes.toString('latin1', start, start + bytes.readUInt16LE(at + 5));
}

export function unpackLine(line: PackedLine): HistoryCells {
  const { bytes, at } = line;
  const runs = bytes.readUInt16LE(at + 7);
  const { contents, extras } = unpackContents(line);
  const cells = contents.length;
  const words = new Uint32Array(cells * WORDS_PER_CELL);
  let read = at + LINE_BYTES;
  let col = 0;
  for (let run = 0; run < runs; run++, read += RUN_BYTES) {
    const fg = bytes.readUInt32LE(read + 2);
    const bg = bytes.readUInt32LE(read + 6);
    for (let n = bytes.readUInt16LE(read); n > 0 && col < cells; n--, col++) {
      words[col * WORDS_PER_CELL] = contents[col]!;
      words[col * WORDS_PER_CELL + 1] = fg;
      words[col * WORDS_PER_CELL + 2] = bg;
    }
  }
  return { cells, words, extras: extras() };
}

/** The first word of each cell, and what is beyond words when it is asked for. */
export function unpackContents({ bytes, at }: PackedLine): { contents: Uint32Array; extras(): HistoryCells['extras'] } {
  const cells = bytes.readUInt16LE(at + 5);
  const end = at + 4 + bytes.readUInt32LE(at);
  const contents = new Uint32Array(cells);
  let read = at + LINE_BYTES + bytes.readUInt16LE(at + 7) * RUN_BYTES;
  for (let col = 0; col < cells; col++) {
    const byte = bytes[read++]!;
    if (byte < RIGHT_HALF) contents[col] = byte | BLANK_CONTENT;
    else if (byte === WORD) {
      contents[col] = bytes.readUInt32LE(read);
      read += 4;
    } else if (byte !== RIGHT_HALF) {
      contents[col] = bytes.readUInt16LE(read) | (byte === WIDE ? WIDE_CONTENT : BLANK_CONTENT);
      read += 2;
    }
  }
  const hasExtras = (bytes[at + 4]! & LINE_EXTRAS) !== 0;
  return { contents, extras: () => (hasExtras ? unpackExtras(bytes.toString('utf8', read, end)) : []) };
}

/** Cells up to the last one that shows, or might show, anything. */
function usedCells(words: Uint32Array): number {
  let cells = Math.floor(words.length / WORDS_PER_CELL);
  for (; cells > 0; cells--) {
    const at = (cells - 1) * WORDS_PER_CELL;
    if (words[at] !== BLANK_CONTENT && words[at] !== 0) break;
    // The right half of a wide character.
    if (words[at] === 0 && cells > 1 && (words[at - WORDS_PER_CELL]! & WIDTH_MASK) === WIDE_CONTENT) break;
    if (words[at + 1] !== 0 || words[at + 2] !== 0) break;
  }
  return cells;
}

/** Printable ASCII of width 1, or a cell that was never written. */
function isPlain(content: number): boolean {
  const codepoint = content & CODEPOINT_MASK;
  return (content & ~CODEPOINT_MASK) === BLANK_CONTENT && (codepoint === 0 || (codepoint >= 0x20 && codepoint < 0x7f));
}
