import { HAS_TEXT, WIDTH_MASK, WIDTH_SHIFT, WORDS_PER_CELL } from '../core/cell.ts';
import type { BufferLine, XtermCore } from './xterm-core.ts';

/** Longest text of one cell. The longest emoji sequence has 15 units, a syllable with all its marks fewer; more is an attack on memory. */
const MAX_CELL_UNITS = 64;

/** Marks without end go into one cell without end in 6.0.0: all that a program prints stays in memory. */
export function limitCellText(core: XtermCore): void {
  const prototype = Object.getPrototypeOf(core.buffer.lines.get(0)) as BufferLine;
  if (limited.has(prototype)) return;
  limited.add(prototype);
  const { addCodepointToCell } = prototype;
  prototype.addCodepointToCell = function (this: BufferLine, col: number, codepoint: number, width: number): void {
    const at = col * WORDS_PER_CELL;
    const full = (this._data[at]! & HAS_TEXT) !== 0 && (this._combined[col]?.length ?? 0) >= MAX_CELL_UNITS;
    if (!full) addCodepointToCell.call(this, col, codepoint, width);
    else if (width) this._data[at] = (this._data[at]! & ~WIDTH_MASK) | (width << WIDTH_SHIFT);
  };
}
const limited = new WeakSet<BufferLine>();
