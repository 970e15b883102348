import { type CellExtra, type CellGrid, equalExtras, HAS_STYLE, HAS_TEXT, WORDS_PER_CELL } from '../core/cell.ts';
import type { LinkTable } from './link-table.ts';
import type { PaneColors } from './pane-colors.ts';
import type { BufferLine } from './xterm-core.ts';

/** A run of changed cells of a row; `extras` is keyed by index within the run. */
export type OnRun = (row: number, col: number, count: number, extras: [number, CellExtra][]) => void;

/** What a cell's extra is made from, besides its line. */
export type ExtraSource = { links: LinkTable; linkPrefix: string; colors: PaneColors };

/** `data` are the line's cells as they are to be seen. */
export type DiffRow = {
  line: BufferLine;
  data: Uint32Array;
  known: CellGrid;
  row: number;
  cols: number;
  source: ExtraSource;
};

/** One run a row, from the first changed cell to the last: cells between are cheaper to send than a second run. */
export function diffRow({ line, data, known, row, cols, source }: DiffRow, onRun: OnRun): void {
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
      changed ||= !equalExtras(extraOf(line, col, source), known.extras.get(start + col));
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
      const extra = extraOf(line, col, source);
      if (extra) {
        known.extras.set(start + col, extra);
        extras.push([col - first, extra]);
      } else known.extras.delete(start + col);
    }
  }
  onRun(row, first, count, extras);
}

/** A plain single underline needs no extra: FG_UNDERLINE alone says it. */
export function extraOf(
  line: BufferLine,
  col: number,
  { links, linkPrefix, colors }: ExtraSource,
): CellExtra | undefined {
  const at = col * WORDS_PER_CELL;
  const hasText = (line._data[at]! & HAS_TEXT) !== 0;
  const attrs = (line._data[at + 2]! & HAS_STYLE) !== 0 ? line._extendedAttrs[col] : undefined;
  if (!hasText && !attrs) return undefined;
  // `_ext`, not `ext`: the getter says "dashed" for every linked cell.
  const bits = attrs?._ext ?? 0;
  const underlineStyle = (bits >> 26) & 7;
  const underlineColor = colors.active ? colors.recolorUnderline(bits & 0x3ffffff) : bits & 0x3ffffff;
  const link = attrs && attrs._urlId > 0 ? links.get(attrs._urlId) : null;
  if (!hasText && underlineStyle <= 1 && underlineColor === 0 && !link) return undefined;
  return {
    ...(hasText ? { text: line._combined[col] ?? ' ' } : {}),
    underlineStyle,
    underlineColor,
    ...(link ? { link: { id: linkPrefix + link.id, uri: link.uri } } : {}),
  };
}
