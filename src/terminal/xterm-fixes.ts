import type { IParser } from '@xterm/headless';
import { BLANK_CONTENT, COLOR_MASK, COLOR_MODE_MASK, HAS_STYLE, WORDS_PER_CELL } from '../core/cell.ts';
import type { BufferLine, XtermCore } from './xterm-core.ts';

/** CSI S throws lines away in 6.0.0 (xterm.js#6010); scrolled off the top of the screen they belong in the scrollback. */
export function keepScrolledUpLines(parser: IParser, core: XtermCore): void {
  parser.registerCsiHandler({ final: 'S' }, (params) => {
    const count = Math.min(Math.max(1, Number(params[0] ?? 1) || 1), core.rows);
    for (let i = 0; i < count; i++) core._bufferService.scroll(core._inputHandler._eraseAttrData());
    return true;
  });
}

/** `ESC k title ESC \` (screen's title) prints its title in 6.0.0; here it is a string to be ignored, as SOS, PM and APC are. */
export function ignoreScreenTitles(core: XtermCore): void {
  const ESCAPE = 1;
  const SOS_PM_APC_STRING = 7;
  core._inputHandler._parser._transitions.add('k'.charCodeAt(0), ESCAPE, 0, SOS_PM_APC_STRING);
}

/**
 * A line that scrolls out of a full scrollback is used again for the new one. 6.0.0 gives it two new empty objects each time: old
 * objects pointing to new ones, which live until the next full collection. In a flood that was two thirds of the heap and a fifth of the time.
 */
export function recycleLinesInPlace(core: XtermCore): void {
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

const LINES_IN_BLOCK = 64;

/**
 * Lines that scroll in are clones of a screen's blank one, each with memory of its own, which costs nearly as much again as its cells: here
 * 64 share a piece. Nine panes with 10,000 lines are 30 MB smaller for it. xterm takes a line's memory to be all its own only where it
 * changes the line's width, and there it gets its own.
 */
export function shareLineMemory(core: XtermCore): void {
  const prototype = Object.getPrototypeOf(core.buffer.lines.get(0)) as BufferLine;
  if (sharing.has(prototype)) return;
  sharing.add(prototype);
  const { resize, constructor: Line } = prototype;
  /** By the line that is cloned, so that a screen's lines go with it; whatever is cloned only once needs no block. */
  const blocks = new WeakMap<BufferLine, { words: Uint32Array; used: number }>();
  const shared = new WeakSet<ArrayBufferLike>();

  function allocate(source: BufferLine): Uint32Array {
    const { length } = source._data;
    const block = blocks.get(source);
    if (!block) {
      blocks.set(source, { words: new Uint32Array(0), used: 0 });
      return new Uint32Array(length);
    }
    if (block.used + length > block.words.length) {
      block.words = new Uint32Array(length * LINES_IN_BLOCK);
      block.used = 0;
      shared.add(block.words.buffer);
    }
    block.used += length;
    return block.words.subarray(block.used - length, block.used);
  }

  prototype.clone = function (this: BufferLine): BufferLine {
    const line = new Line(0);
    line._data = allocate(this);
    line._data.set(this._data);
    line.length = this.length;
    Object.assign(line._combined, this._combined);
    Object.assign(line._extendedAttrs, this._extendedAttrs);
    line.isWrapped = this.isWrapped;
    return line;
  };

  prototype.resize = function (this: BufferLine, cols: number, fill: unknown): boolean {
    if (shared.has(this._data.buffer)) this._data = this._data.slice();
    return resize.call(this, cols, fill);
  };
}
const sharing = new WeakSet<BufferLine>();

/**
 * Most output is runs of ASCII that neither join, wrap nor wear a link: those go straight into the row. Everything else goes through
 * xterm's own print, one character at a line's end, whole runs otherwise; a test compares the two. Nearly twice the speed in a flood.
 */
export function printPlainTextFast(core: XtermCore): void {
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
    if (from > 0 && row.getWidth(from - 1) === 2) blankCell(row, from - 1, bg);
    const words = row._data;
    for (let pos = start, at = from * WORDS_PER_CELL; pos < stop; pos++) {
      words[at++] = data[pos]! | BLANK_CONTENT;
      words[at++] = fg;
      words[at++] = bg;
    }
    const to = from + stop - start;
    buffer.x = to;
    if (to < cols && row.getWidth(to) === 0 && !row.hasContent(to)) blankCell(row, to, bg);
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

/** With the background of the pen and nothing else. */
function blankCell({ _data: words }: BufferLine, col: number, bg: number): void {
  words[col * WORDS_PER_CELL] = BLANK_CONTENT;
  words[col * WORDS_PER_CELL + 1] = 0;
  words[col * WORDS_PER_CELL + 2] = bg & (COLOR_MASK | COLOR_MODE_MASK);
}

function isEmpty(record: object): boolean {
  for (const _key in record) return false;
  return true;
}

/** Modes that 6.0.0 does not know. 1007, wheel to arrows in the alternate screen, is on until a program says no. */
export function trackExtraModes(parser: IParser): { alternateScroll(): boolean; reset(): void } {
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
