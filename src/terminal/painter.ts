import {
  BG_DIM,
  BLANK_CONTENT,
  type CellExtra,
  type CellGrid,
  CODEPOINT_MASK,
  createCellGrid,
  equalExtras,
  HAS_STYLE,
  HAS_TEXT,
  WIDTH_MASK,
  WIDTH_SHIFT,
  WORDS_PER_CELL,
} from '../core/cell.ts';
import { FULL_LOOK, type SgrLook, sgrOf } from './sgr.ts';

/**
 * Turns a picture into the fewest bytes that bring the outer terminal from what it shows to that picture. Only SGR, cursor moves, erase
 * characters, OSC 8 links and text ever come out: nothing a pane wrote passes through as it was.
 */
export type Painter = {
  /** Escape text for the rows in `rows` that differ, and the cursor; empty when nothing changed. */
  paint(target: CellGrid, rows: Iterable<number>, cursor: PaintedCursor): string;
  /** Forget what is on the terminal: the next paint draws everything. */
  invalidate(cols: number, rows: number): void;
};

/** Where the real cursor is to be, in 0-based cells; `style` as DECSCUSR. */
export type PaintedCursor = { col: number; row: number; visible: boolean; style: number };

/** A shorter blank run costs less as spaces than as ECH and a cursor move. */
const MIN_ERASE = 8;

/**
 * Characters that every terminal gives the width we do. About all others they disagree: the column after one is set, not assumed, and the
 * cell after it is drawn again, because the terminal may have drawn over it.
 */
const CERTAIN_RANGES: readonly [first: number, last: number][] = [
  [0x00, 0xac],
  [0xae, 0x2ff],
  [0x370, 0x377],
  [0x37a, 0x482],
  [0x48a, 0x52f],
  [0x2010, 0x2027],
  [0x2030, 0x205e],
  [0x2190, 0x21ff],
  [0x2500, 0x259f],
  [0x2800, 0x28ff],
  [0x3041, 0x3096],
  [0x30a0, 0x30ff],
  [0x4e00, 0x9fff],
  [0xac00, 0xd7a3],
];

/** A frame assumes nothing of what was written before it: default look, no open link. */
const FRESH_PEN = '\x1b[0m\x1b]8;;\x1b\\';

export type PainterOptions = {
  cols: number;
  rows: number;
  synchronized: () => boolean;
  /** What the terminal can show; after a change everything must be drawn again. Default: all. */
  look?: () => SgrLook;
};

export function createPainter(initial: PainterOptions): Painter {
  let shown = createCellGrid(initial.cols, initial.rows);
  let everything = true;
  let shownCursor: PaintedCursor | null = null;

  // The pen: what the outer terminal's SGR, link and cursor are. Unknown at the start of each frame, so that whatever another
  // program wrote to the same terminal cannot bend this one.
  let penFg = -1;
  let penBg = -1;
  let penExtra: CellExtra | undefined;
  let link = '';
  let col = -1;
  let row = -1;
  let out = '';
  let look = FULL_LOOK;

  function moveTo(toRow: number, toCol: number): void {
    if (row === toRow && col === toCol) return;
    if (row === toRow && col >= 0 && toCol > col && toCol - col < 4)
      out += toCol - col === 1 ? '\x1b[C' : `\x1b[${toCol - col}C`;
    else out += `\x1b[${toRow + 1};${toCol + 1}H`;
    row = toRow;
    col = toCol;
  }

  function setPen(fg: number, bg: number, extra: CellExtra | undefined): void {
    const background = bg & ~HAS_STYLE;
    if (fg !== penFg || background !== penBg || !sameStyle(extra, penExtra)) {
      out += `\x1b[${sgrOf(fg, bg, extra, look)}m`;
      penFg = fg;
      penBg = background;
      penExtra = extra;
    }
    const wanted = extra?.link ? `${extra.link.id};${extra.link.uri}` : '';
    if (wanted === link) return;
    out += extra?.link ? `\x1b]8;id=${extra.link.id};${extra.link.uri}\x1b\\` : '\x1b]8;;\x1b\\';
    link = wanted;
  }

  function paintRow(target: CellGrid, y: number): void {
    const { cols, words, extras } = target;
    const start = y * cols;
    let drawnOver = -1;
    for (let x = 0; x < cols; ) {
      const at = (start + x) * WORDS_PER_CELL;
      const width = Math.max(1, (words[at]! & WIDTH_MASK) >> WIDTH_SHIFT);
      const doubtful = isDoubtful(words[at]!);
      if (!everything && drawnOver !== x && !differs(target, start + x, width)) {
        // Drawing the cell after it may cut a character that is wider on the terminal than here.
        if (!doubtful || x + width >= cols || !differs(target, start + x + width, 1)) {
          x += width;
          continue;
        }
      }
      const blank = everything ? 0 : blankRun(target, y, x);
      if (blank >= MIN_ERASE) {
        moveTo(y, x);
        setPen(0, 0, undefined);
        out += x + blank >= cols ? '\x1b[K' : `\x1b[${blank}X`;
        copyCells(target, start + x, blank);
        x += blank;
        continue;
      }
      const content = words[at]!;
      const extra = extras.get(start + x);
      moveTo(y, x);
      setPen(words[at + 1]!, words[at + 2]!, extra);
      const codepoint = content & CODEPOINT_MASK;
      out +=
        (content & HAS_TEXT) !== 0 && extra?.text
          ? extra.text
          : codepoint === 0
            ? ' '
            : String.fromCodePoint(codepoint);
      copyCells(target, start + x, width);
      x += width;
      if (doubtful) drawnOver = x;
      // In the last column the terminal's cursor is in limbo between here and the next line.
      col = doubtful || x >= cols ? -1 : x;
    }
  }

  function differs(target: CellGrid, cell: number, width: number): boolean {
    const from = cell * WORDS_PER_CELL;
    const to = from + width * WORDS_PER_CELL;
    for (let i = from; i < to; i++) if (target.words[i] !== shown.words[i]) return true;
    if (target.extras.size === 0 && shown.extras.size === 0) return false;
    return !equalExtras(target.extras.get(cell), shown.extras.get(cell));
  }

  /** How many cells from here are blank in default colours and not yet so on the terminal (at least at both ends). */
  function blankRun(target: CellGrid, y: number, x: number): number {
    const start = y * target.cols;
    let end = x;
    let lastDifferent = x;
    while (end < target.cols) {
      const at = (start + end) * WORDS_PER_CELL;
      const content = target.words[at]!;
      const codepoint = content & (CODEPOINT_MASK | HAS_TEXT);
      const plain = (codepoint === 0 || codepoint === 32) && (content & WIDTH_MASK) === BLANK_CONTENT;
      if (!plain || target.words[at + 1] !== 0 || (target.words[at + 2]! & ~BG_DIM) !== 0) break;
      if (differs(target, start + end, 1)) lastDifferent = end;
      end++;
    }
    return lastDifferent - x + 1;
  }

  function copyCells(target: CellGrid, cell: number, count: number): void {
    shown.words.set(
      target.words.subarray(cell * WORDS_PER_CELL, (cell + count) * WORDS_PER_CELL),
      cell * WORDS_PER_CELL,
    );
    if (target.extras.size === 0 && shown.extras.size === 0) return;
    for (let i = cell; i < cell + count; i++) {
      const extra = target.extras.get(i);
      if (extra) shown.extras.set(i, extra);
      else shown.extras.delete(i);
    }
  }

  return {
    paint(target, rows, cursor) {
      out = '';
      look = initial.look?.() ?? FULL_LOOK;
      penFg = penBg = -1;
      penExtra = undefined;
      link = '';
      col = row = -1;
      if (everything) for (let y = 0; y < target.rows; y++) paintRow(target, y);
      else for (const y of rows) if (y < target.rows) paintRow(target, y);
      everything = false;
      if (link !== '') out += '\x1b]8;;\x1b\\';

      const cells = out;
      const before = shownCursor;
      const moved = !before || before.col !== cursor.col || before.row !== cursor.row;
      const restyled = before?.style !== cursor.style;
      const toggled = before?.visible !== cursor.visible;
      if (cells === '' && !moved && !restyled && !toggled) return '';
      shownCursor = { ...cursor };

      // Kept at the focused pane even while hidden: input methods open their window there.
      let frame = `${cells}\x1b[${cursor.row + 1};${cursor.col + 1}H`;
      if (restyled) frame += `\x1b[${cursor.style} q`;
      if (cells === '') return toggled ? `${frame}\x1b[?25${cursor.visible ? 'h' : 'l'}` : frame;
      if (initial.synchronized()) {
        return `\x1b[?2026h${FRESH_PEN}${frame}${toggled ? `\x1b[?25${cursor.visible ? 'h' : 'l'}` : ''}\x1b[?2026l`;
      }
      return `\x1b[?25l${FRESH_PEN}${frame}${cursor.visible ? '\x1b[?25h' : ''}`;
    },
    invalidate(cols, rows) {
      shown = createCellGrid(cols, rows);
      everything = true;
      shownCursor = null;
    },
  };
}

function sameStyle(a: CellExtra | undefined, b: CellExtra | undefined): boolean {
  return (a?.underlineStyle ?? 0) === (b?.underlineStyle ?? 0) && (a?.underlineColor ?? 0) === (b?.underlineColor ?? 0);
}

function isDoubtful(content: number): boolean {
  if ((content & HAS_TEXT) !== 0) return true;
  const codepoint = content & CODEPOINT_MASK;
  if (codepoint < 0xad) return false;
  return !CERTAIN_RANGES.some(([first, last]) => codepoint >= first && codepoint <= last);
}
