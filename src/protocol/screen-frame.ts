import { type CellExtra, WORDS_PER_CELL } from '../core/cell.ts';
import { MOUSE_PROTOCOL_NAMES, type PaneModes } from '../core/pane-modes.ts';

/**
 * Changed cells of any number of panes in one binary frame: what the host sends to a client instead of the panes' own bytes. Layout
 * (little-endian): u32 number, then sections: u8 1 + pane header, or u8 2 + run of cells of the pane before.
 */
export type PaneHeader = {
  pane: number;
  cols: number;
  rows: number;
  /** Start from a blank grid of this size; the runs that follow hold everything that is not blank. */
  cleared: boolean;
  cursorCol: number;
  cursorRow: number;
  cursorVisible: boolean;
  /** DECSCUSR: 0 default, 1 and 2 block, 3 and 4 underline, 5 and 6 bar; odd ones blink. */
  cursorStyle: number;
  /** `0xRRGGBB` where the program chose one (OSC 12), else null. */
  cursorColor: number | null;
  modes: PaneModes;
};

const SECTION_PANE = 1;
const SECTION_RUN = 2;
const PANE_BYTES = 18;
const RUN_BYTES = 9;
const FLAG_CLEARED = 1;
const FLAG_CURSOR_VISIBLE = 2;
const NO_COLOR = 0xffffffff;

/** Longer texts in one cell are cut: a million combining marks are one character nobody can read. */
const MAX_TEXT_UNITS = 64;
const MAX_LINK_BYTES = 4096;

export type ScreenFrameWriter = {
  begin(frame: number): void;
  pane(header: PaneHeader): void;
  /** `count` cells of row `row` from column `col`, taken from `words` at word `offset`; `extraAt(i)` is asked for cells with extra bits. */
  run(run: {
    row: number;
    col: number;
    count: number;
    words: Uint32Array;
    offset: number;
    extras: [index: number, extra: CellExtra][];
  }): void;
  /** The finished payload: a copy. */
  finish(): Buffer;
};

/** One writer serves a whole process: its buffer grows to the largest frame and is used again. */
export function createScreenFrameWriter(): ScreenFrameWriter {
  let buffer = Buffer.allocUnsafe(256 * 1024);
  let at = 0;

  function reserve(bytes: number): void {
    if (at + bytes <= buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(buffer.length * 2, at + bytes));
    buffer.copy(larger, 0, 0, at);
    buffer = larger;
  }
  function string(text: string, maxBytes: number): void {
    const bytes = Buffer.from(text).subarray(0, maxBytes);
    reserve(2 + bytes.length);
    at = buffer.writeUInt16LE(bytes.length, at);
    at += bytes.copy(buffer, at);
  }

  return {
    begin(frame) {
      at = buffer.writeUInt32LE(frame >>> 0, 0);
    },
    pane(header) {
      reserve(1 + PANE_BYTES);
      at = buffer.writeUInt8(SECTION_PANE, at);
      at = buffer.writeUInt16LE(header.pane, at);
      at = buffer.writeUInt16LE(header.cols, at);
      at = buffer.writeUInt16LE(header.rows, at);
      at = buffer.writeUInt16LE(header.cursorCol, at);
      at = buffer.writeUInt16LE(header.cursorRow, at);
      at = buffer.writeUInt8(
        (header.cleared ? FLAG_CLEARED : 0) | (header.cursorVisible ? FLAG_CURSOR_VISIBLE : 0),
        at,
      );
      at = buffer.writeUInt8(header.cursorStyle, at);
      at = buffer.writeUInt16LE(packModes(header.modes), at);
      at = buffer.writeUInt32LE(header.cursorColor === null ? NO_COLOR : header.cursorColor, at);
    },
    run({ row, col, count, words, offset, extras }) {
      const bytes = count * WORDS_PER_CELL * 4;
      reserve(RUN_BYTES + bytes);
      at = buffer.writeUInt8(SECTION_RUN, at);
      at = buffer.writeUInt16LE(row, at);
      at = buffer.writeUInt16LE(col, at);
      at = buffer.writeUInt16LE(count, at);
      at = buffer.writeUInt16LE(extras.length, at);
      buffer.set(new Uint8Array(words.buffer, words.byteOffset + offset * 4, bytes), at);
      at += bytes;
      for (const [index, extra] of extras) {
        reserve(8);
        at = buffer.writeUInt16LE(index, at);
        at = buffer.writeUInt8((extra.text === undefined ? 0 : 1) | (extra.link ? 2 : 0), at);
        at = buffer.writeUInt8(extra.underlineStyle, at);
        at = buffer.writeUInt32LE(extra.underlineColor >>> 0, at);
        if (extra.text !== undefined) string(extra.text.slice(0, MAX_TEXT_UNITS), MAX_TEXT_UNITS * 4);
        if (extra.link) {
          string(extra.link.id, MAX_LINK_BYTES);
          string(extra.link.uri, MAX_LINK_BYTES);
        }
      }
    },
    finish() {
      return Buffer.from(buffer.subarray(0, at));
    },
  };
}

export type ScreenFrameVisitor = {
  /** Returns where the pane's words are to go, or null to skip its runs. */
  pane(header: PaneHeader): { words: Uint32Array; extras: Map<number, CellExtra> } | null;
  /** After a run was copied into the target of the pane before. */
  run(row: number, col: number, count: number): void;
};

/** Reads a frame's number, then copies its runs where the visitor says. Throws RangeError on a malformed frame. */
export function readScreenFrame(payload: Buffer, visitor: ScreenFrameVisitor): number {
  const frame = payload.readUInt32LE(0);
  let at = 4;
  let cols = 0;
  let rows = 0;
  let target: ReturnType<ScreenFrameVisitor['pane']> = null;

  function string(): string {
    const length = payload.readUInt16LE(at);
    const text = payload.toString('utf8', at + 2, at + 2 + length);
    at += 2 + length;
    return text;
  }

  while (at < payload.length) {
    const section = payload[at++];
    if (section === SECTION_PANE) {
      const flags = payload.readUInt8(at + 10);
      cols = payload.readUInt16LE(at + 2);
      rows = payload.readUInt16LE(at + 4);
      target = visitor.pane({
        pane: payload.readUInt16LE(at),
        cols,
        rows,
        cursorCol: payload.readUInt16LE(at + 6),
        cursorRow: payload.readUInt16LE(at + 8),
        cleared: (flags & FLAG_CLEARED) !== 0,
        cursorVisible: (flags & FLAG_CURSOR_VISIBLE) !== 0,
        cursorStyle: payload.readUInt8(at + 11),
        modes: unpackModes(payload.readUInt16LE(at + 12)),
        cursorColor: payload.readUInt32LE(at + 14) === NO_COLOR ? null : payload.readUInt32LE(at + 14) & 0xffffff,
      });
      at += PANE_BYTES;
      continue;
    }
    if (section !== SECTION_RUN) throw new RangeError(`screen frame: section ${section}`);
    const row = payload.readUInt16LE(at);
    const col = payload.readUInt16LE(at + 2);
    const count = payload.readUInt16LE(at + 4);
    const extraCount = payload.readUInt16LE(at + 6);
    at += RUN_BYTES - 1;
    const bytes = count * WORDS_PER_CELL * 4;
    if (row >= rows || col + count > cols || at + bytes > payload.length)
      throw new RangeError('screen frame: run out of bounds');
    const start = row * cols + col;
    if (target) {
      const { words, extras } = target;
      new Uint8Array(words.buffer, words.byteOffset, words.byteLength).set(
        payload.subarray(at, at + bytes),
        start * WORDS_PER_CELL * 4,
      );
      if (extras.size > 0) for (let i = 0; i < count; i++) extras.delete(start + i);
    }
    at += bytes;
    for (let i = 0; i < extraCount; i++) {
      const index = payload.readUInt16LE(at);
      const flags = payload.readUInt8(at + 2);
      const extra: CellExtra = {
        underlineStyle: payload.readUInt8(at + 3),
        underlineColor: payload.readUInt32LE(at + 4),
      };
      at += 8;
      if ((flags & 1) !== 0) extra.text = string();
      if ((flags & 2) !== 0) extra.link = { id: string(), uri: string() };
      if (index < count) target?.extras.set(start + index, extra);
    }
    if (target) visitor.run(row, col, count);
  }
  return frame;
}

/** Bits 0–4 kitty flags, 5–6 modifyOtherKeys, 7–9 mouse protocol, 10 alternate screen, 11 alternate scroll. */
function packModes(modes: PaneModes): number {
  return (
    modes.kittyFlags |
    (modes.modifyOtherKeys << 5) |
    (MOUSE_PROTOCOL_NAMES.indexOf(modes.mouseProtocol) << 7) |
    (modes.alternateScreen ? 1 << 10 : 0) |
    (modes.alternateScroll ? 1 << 11 : 0)
  );
}

function unpackModes(bits: number): PaneModes {
  const level = (bits >> 5) & 3;
  return {
    kittyFlags: bits & 31,
    modifyOtherKeys: level === 1 || level === 2 ? level : 0,
    mouseProtocol: MOUSE_PROTOCOL_NAMES[(bits >> 7) & 7] ?? 'none',
    alternateScreen: (bits & (1 << 10)) !== 0,
    alternateScroll: (bits & (1 << 11)) !== 0,
  };
}
