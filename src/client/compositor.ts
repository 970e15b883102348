import { BLANK_CONTENT, type CellGrid, createCellGrid, WIDTH_MASK, WIDTH_SHIFT, WORDS_PER_CELL } from '../core/cell.ts';
import type { PaneBox, Rect } from '../core/geometry.ts';
import { type PaneHeader, readScreenFrame } from '../protocol/screen-frame.ts';
import { createPainter, type PaintedCursor } from '../terminal/painter.ts';
import type { SgrLook } from '../terminal/sgr.ts';
import type { PaneScreen } from './view-state.ts';

/**
 * Lays the panes' cells into their boxes, chrome around and overlays above, and draws what changed. Rows are composed again only when
 * something in them changed; the painter then compares cells.
 */
export type Compositor = {
  /** Takes a frame from the host; returns its number, to be acknowledged when it is painted. */
  applyFrame(payload: Buffer): number;
  setScene(scene: Scene): void;
  /** These are the panes there are: cells of others are forgotten, for their numbers will be other panes'. */
  setPanes(panes: readonly number[]): void;
  /** Shows these cells in place of the pane's own, until null; to be called again after each change of them. */
  setStandIn(pane: number, image: StandIn | null): void;
  /** Rows `first` to `last` of the chrome have changed. */
  chromeChanged(first: number, last: number): void;
  /** What to write to bring the terminal up to date; empty if it is. */
  paint(): string;
  /** A new size, or a redraw from nothing; `chrome` has that size. */
  reset(chrome: CellGrid): void;
};

export type Scene = {
  boxes: readonly PaneBox[];
  /** Chrome that lies over panes: overlays, and the notices of panes that do not run. */
  masks: readonly Rect[];
  /** Rows that the notice at the bottom of a pane takes: its content moves up by as many as it needs. */
  noticeRows: ReadonlyMap<number, number>;
  /** The pane that gets the keys and shows the cursor; null while an overlay has them. */
  cursorPane: number | null;
};

/** As large as the pane's box, without the rows of a notice. */
export type StandIn = { grid: CellGrid; cursor: PaintedCursor };

type PaneImage = { grid: CellGrid; cursor: PaintedCursor; screen: PaneScreen };

export type CompositorOptions = {
  chrome: CellGrid;
  synchronized: () => boolean;
  /** What the outer terminal can show; after a change `reset`. Default: all. */
  look?: () => SgrLook;
  /** After a frame with which something about a pane has changed that is not cells. */
  onScreenChanged?(pane: number, screen: PaneScreen): void;
  /** Of a pane with a notice: down to which row it shows anything. After every change of that. */
  onUsedRows?(pane: number, rows: number): void;
};

export function createCompositor(options: CompositorOptions): Compositor {
  let chrome = options.chrome;
  let target = createCellGrid(chrome.cols, chrome.rows);
  let dirty = new Uint8Array(chrome.rows).fill(1);
  let scene: Scene = { boxes: [], masks: [], noticeRows: new Map(), cursorPane: null };
  let panes: ReadonlySet<number> | null = null;
  const images = new Map<number, PaneImage>();
  const standIns = new Map<number, StandIn>();
  const toldRows = new Map<number, number>();
  let hasFrames = false;
  const { synchronized, look } = options;
  const painter = createPainter({ cols: chrome.cols, rows: chrome.rows, synchronized, ...(look ? { look } : {}) });

  function boxOf(pane: number): PaneBox | undefined {
    return scene.boxes.find((box) => box.pane === pane);
  }

  function imageOf(pane: number): StandIn | undefined {
    return standIns.get(pane) ?? images.get(pane);
  }

  /** Rows of the pane's content hidden above, so that its last lines stay visible over a notice. */
  function shiftOf(box: PaneBox, image: StandIn): number {
    if (standIns.has(box.pane)) return 0;
    const notice = scene.noticeRows.get(box.pane) ?? 0;
    if (notice === 0) return 0;
    return Math.max(0, Math.min(notice, usedRows(image.grid) + notice - box.inner.height));
  }

  /** To be called last: whoever hears it may change the scene. */
  function tellUsedRows(): void {
    for (const pane of [...scene.noticeRows.keys()]) {
      const image = images.get(pane);
      // What never ran has no cells; before the first frame nobody has.
      const rows = image ? usedRows(image.grid) : 0;
      if (!hasFrames || toldRows.get(pane) === rows) continue;
      toldRows.set(pane, rows);
      options.onUsedRows?.(pane, rows);
    }
  }

  function markPane(pane: number): void {
    const box = boxOf(pane);
    if (box) dirty.fill(1, box.inner.y, box.inner.y + box.inner.height);
  }

  function composeRow(y: number): void {
    copyCells({ from: chrome, fromRow: y, fromCol: 0, toRow: y, toCol: 0, count: chrome.cols });
    for (const box of scene.boxes) {
      const { inner } = box;
      if (y < inner.y || y >= inner.y + inner.height) continue;
      const image = imageOf(box.pane);
      if (!image) continue;
      const row = y - inner.y + shiftOf(box, image);
      const count = row < image.grid.rows ? Math.min(inner.width, image.grid.cols) : 0;
      if (count > 0) copyCells({ from: image.grid, fromRow: row, fromCol: 0, toRow: y, toCol: inner.x, count });
      blankCells(y, inner.x + count, inner.width - count);
      if (count > 0) cutWideCells(y, inner.x, count);
    }
    for (const mask of scene.masks) {
      if (y < mask.y || y >= mask.y + mask.height) continue;
      cutWideCells(y, mask.x - 1, 1);
      copyCells({ from: chrome, fromRow: y, fromCol: mask.x, toRow: y, toCol: mask.x, count: mask.width });
      // The right half of a character whose left half is now under the overlay.
      const after = (y * target.cols + mask.x + mask.width) * WORDS_PER_CELL;
      if (mask.x + mask.width < target.cols && (target.words[after]! & WIDTH_MASK) === 0)
        blankCells(y, mask.x + mask.width, 1);
    }
  }

  type Copy = { from: CellGrid; fromRow: number; fromCol: number; toRow: number; toCol: number; count: number };
  function copyCells({ from, fromRow, fromCol, toRow, toCol, count }: Copy): void {
    const source = fromRow * from.cols + fromCol;
    const destination = toRow * target.cols + toCol;
    target.words.set(
      from.words.subarray(source * WORDS_PER_CELL, (source + count) * WORDS_PER_CELL),
      destination * WORDS_PER_CELL,
    );
    if (target.extras.size === 0 && from.extras.size === 0) return;
    for (let i = 0; i < count; i++) {
      const extra = from.extras.get(source + i);
      if (extra) target.extras.set(destination + i, extra);
      else target.extras.delete(destination + i);
    }
  }

  function blankCells(y: number, x: number, count: number): void {
    for (let cell = y * target.cols + x, end = cell + count; cell < end; cell++) {
      target.words[cell * WORDS_PER_CELL] = BLANK_CONTENT;
      target.words[cell * WORDS_PER_CELL + 1] = 0;
      target.words[cell * WORDS_PER_CELL + 2] = 0;
      target.extras.delete(cell);
    }
  }

  /** A wide character whose right half falls outside the `count` cells from `x` becomes a blank. */
  function cutWideCells(y: number, x: number, count: number): void {
    const col = x + count - 1;
    if (count <= 0 || col < 0 || col >= target.cols) return;
    const at = (y * target.cols + col) * WORDS_PER_CELL;
    if ((target.words[at]! & WIDTH_MASK) >> WIDTH_SHIFT > 1) blankCells(y, col, 1);
  }

  function cursor(): PaintedCursor {
    const box = scene.cursorPane === null ? undefined : boxOf(scene.cursorPane);
    const image = box && imageOf(box.pane);
    if (!box || !image) return { col: 0, row: Math.max(0, chrome.rows - 1), visible: false, style: 0 };
    const row = image.cursor.row - shiftOf(box, image);
    const inside = row >= 0 && row < box.inner.height && image.cursor.col < box.inner.width;
    return {
      col: box.inner.x + Math.min(image.cursor.col, Math.max(0, box.inner.width - 1)),
      row: box.inner.y + Math.max(0, Math.min(row, box.inner.height - 1)),
      visible: image.cursor.visible && inside,
      style: image.cursor.style,
    };
  }

  return {
    applyFrame(payload) {
      let box: PaneBox | undefined;
      let image: PaneImage;
      let shift = 0;
      let underNotice = !hasFrames;
      hasFrames = true;
      const changed: [pane: number, screen: PaneScreen][] = [];
      const frame = readScreenFrame(payload, {
        pane(header) {
          box = boxOf(header.pane);
          const old = images.get(header.pane);
          const fits = old && !header.cleared && old.grid.cols === header.cols && old.grid.rows === header.rows;
          image = {
            grid: fits ? old.grid : createCellGrid(header.cols, header.rows),
            cursor: {
              col: header.cursorCol,
              row: header.cursorRow,
              visible: header.cursorVisible,
              style: header.cursorStyle,
            },
            screen: old && sameScreen(old.screen, header) ? old.screen : screenOf(header),
          };
          // A last frame may be on its way when its pane is gone.
          if (panes && !panes.has(header.pane)) return image.grid;
          if (image.screen !== old?.screen) changed.push([header.pane, image.screen]);
          images.set(header.pane, image);
          shift = box ? shiftOf(box, image) : 0;
          const hasNotice = scene.noticeRows.has(header.pane);
          underNotice ||= hasNotice;
          if (!fits || hasNotice) markPane(header.pane);
          return image.grid;
        },
        run(row) {
          const y = box ? box.inner.y + row - shift : -1;
          if (box && y >= box.inner.y && y < box.inner.y + box.inner.height) dirty[y] = 1;
        },
      });
      // Not before: whoever hears it may change the scene.
      for (const [pane, screen] of changed) options.onScreenChanged?.(pane, screen);
      if (underNotice) tellUsedRows();
      return frame;
    },
    setScene(next) {
      scene = next;
      dirty.fill(1);
      tellUsedRows();
    },
    setPanes(next) {
      panes = new Set(next);
      for (const pane of [...images.keys(), ...standIns.keys()]) {
        if (panes.has(pane)) continue;
        images.delete(pane);
        standIns.delete(pane);
        markPane(pane);
      }
    },
    setStandIn(pane, image) {
      if (image) standIns.set(pane, image);
      else standIns.delete(pane);
      markPane(pane);
    },
    chromeChanged(first, last) {
      dirty.fill(1, first, last + 1);
    },
    paint() {
      const rows: number[] = [];
      for (let y = 0; y < dirty.length; y++) {
        if (dirty[y] === 0) continue;
        dirty[y] = 0;
        composeRow(y);
        rows.push(y);
      }
      return painter.paint(target, rows, cursor());
    },
    reset(next) {
      chrome = next;
      target = createCellGrid(chrome.cols, chrome.rows);
      dirty = new Uint8Array(chrome.rows).fill(1);
      painter.invalidate(chrome.cols, chrome.rows);
    },
  };
}

function screenOf({ cols, rows, cursorColor, modes }: PaneHeader): PaneScreen {
  return { cols, rows, cursorColor, modes };
}

function sameScreen(a: PaneScreen, b: PaneHeader): boolean {
  return (
    a.cols === b.cols &&
    a.rows === b.rows &&
    a.cursorColor === b.cursorColor &&
    a.modes.kittyFlags === b.modes.kittyFlags &&
    a.modes.modifyOtherKeys === b.modes.modifyOtherKeys &&
    a.modes.mouseProtocol === b.modes.mouseProtocol &&
    a.modes.alternateScreen === b.modes.alternateScreen &&
    a.modes.alternateScroll === b.modes.alternateScroll
  );
}

/** Rows down to the last one that shows anything. */
function usedRows(grid: CellGrid): number {
  const rowWords = grid.cols * WORDS_PER_CELL;
  for (let row = grid.rows - 1; row >= 0; row--) {
    for (let at = row * rowWords; at < (row + 1) * rowWords; at += WORDS_PER_CELL) {
      if (grid.words[at] !== BLANK_CONTENT || grid.words[at + 2] !== 0) return row + 1;
    }
  }
  return 0;
}
