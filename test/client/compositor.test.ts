import { describe, expect, it } from 'vitest';
import { createCompositor, type Scene } from '../../src/client/compositor.ts';
import { createCellGrid } from '../../src/core/cell.ts';
import { DEFAULT_PANE_MODES } from '../../src/core/pane-modes.ts';
import { createScreenFrameWriter, type PaneHeader } from '../../src/protocol/screen-frame.ts';
import { createScreen } from '../../src/terminal/screen.ts';
import type { SgrLook } from '../../src/terminal/sgr.ts';
import { captureScreen } from '../helpers/capture-screen.ts';

const COLS = 20;
const ROWS = 6;

/** A chrome of dots, and the outer terminal that everything is painted on. */
function stage() {
  const chromeScreen = createScreen({ cols: COLS, rows: ROWS, scrollback: 0 });
  chromeScreen.write(`\x1b[?7l${Array.from({ length: ROWS }, () => '.'.repeat(COLS)).join('\r\n')}`);
  const chrome = createCellGrid(COLS, ROWS);
  chromeScreen.readGrid(chrome);
  const usedRows: [pane: number, rows: number][] = [];
  const compositor = createCompositor({
    chrome,
    synchronized: () => true,
    onUsedRows: (pane, rows) => usedRows.push([pane, rows]),
  });
  const outer = createScreen({ cols: COLS, rows: ROWS, scrollback: 0 });
  outer.write('\x1b[?7l');
  return {
    compositor,
    usedRows,
    outer,
    paint() {
      const text = compositor.paint();
      outer.write(text);
      return text;
    },
    rows: () => captureScreen(outer, { scrollback: 0, ansi: false }).lines.map(({ text }) => text),
  };
}

/** The frame that a host sends for a pane of this size that shows this. */
function frameOf(pane: number, cols: number, rows: number, text: string, changes: Partial<PaneHeader> = {}): Buffer {
  const screen = createScreen({ cols, rows, scrollback: 0 });
  screen.write(text);
  const known = createCellGrid(cols, rows);
  const writer = createScreenFrameWriter();
  const cursor = screen.cursor();
  writer.begin(7);
  writer.pane({
    pane,
    cols,
    rows,
    cleared: true,
    cursorCol: cursor.col,
    cursorRow: cursor.row,
    cursorVisible: cursor.visible,
    cursorStyle: cursor.style,
    cursorColor: null,
    modes: DEFAULT_PANE_MODES,
    ...changes,
  });
  screen.diffInto(known, (row, col, count, extras) =>
    writer.run({ row, col, count, words: known.words, offset: (row * cols + col) * 3, extras }),
  );
  return writer.finish();
}

const box = (pane: number, x: number, y: number, width: number, height: number) => ({
  pane,
  title: { x, y: y - 1, width, height: 1 },
  inner: { x, y, width, height },
});
const scene = (parts: Partial<Scene>): Scene => ({
  boxes: [],
  masks: [],
  noticeRows: new Map(),
  cursorPane: null,
  ...parts,
});

describe('the compositor', () => {
  it('lays a pane into its box and nowhere else', () => {
    const { compositor, paint, rows } = stage();
    compositor.setScene(scene({ boxes: [box(1, 2, 1, 6, 2)] }));
    expect(compositor.applyFrame(frameOf(1, 6, 2, 'abcdef\r\nxy'))).toBe(7);
    paint();
    expect(rows()).toEqual([
      '....................',
      '..abcdef............',
      '..xy    ............',
      '....................',
      '....................',
      '....................',
    ]);
  });

  it('shows a stand-in in place of a pane, with its cursor, and the newest of the pane when it goes', () => {
    const { compositor, outer, paint, rows } = stage();
    compositor.setScene(scene({ boxes: [box(1, 2, 1, 6, 2)], cursorPane: 1 }));
    compositor.applyFrame(frameOf(1, 6, 2, 'live 1'));
    const screen = createScreen({ cols: 6, rows: 2, scrollback: 0 });
    screen.write('before\r\nthen');
    const grid = createCellGrid(6, 2);
    screen.readGrid(grid);
    compositor.setStandIn(1, { grid, cursor: { col: 3, row: 1, visible: true, style: 0 } });
    paint();
    expect(rows().slice(1, 3)).toEqual(['..before............', '..then  ............']);
    expect(outer.cursor()).toMatchObject({ col: 5, row: 2, visible: true });
    compositor.applyFrame(frameOf(1, 6, 2, 'live 2'));
    paint();
    expect(rows().slice(1, 3)).toEqual(['..before............', '..then  ............']);
    compositor.setStandIn(1, null);
    paint();
    expect(rows().slice(1, 3)).toEqual(['..live 2............', '..      ............']);
  });

  it('forgets a pane that is gone, also what still comes of it, and shows the next one of its number from nothing', () => {
    const { compositor, paint, rows } = stage();
    const gone = frameOf(1, 6, 2, 'gone');
    compositor.setPanes([1, 2]);
    compositor.setScene(scene({ boxes: [box(1, 2, 1, 6, 2), box(2, 10, 1, 6, 2)] }));
    compositor.applyFrame(gone);
    compositor.applyFrame(frameOf(2, 6, 2, 'stays'));
    paint();
    compositor.setPanes([2]);
    compositor.applyFrame(gone);
    compositor.setPanes([1, 2]);
    paint();
    expect(rows().slice(1, 3)).toEqual(['..........stays ....', '..........      ....']);
    // Only what has changed of it, as the host has it in mind.
    compositor.applyFrame(frameOf(1, 6, 2, 'next', { cleared: false }));
    paint();
    expect(rows()[1]).toBe('..next  ..stays ....');
  });

  it('cuts a pane that is larger than its box, and a wide character at the edge becomes a blank', () => {
    const { compositor, paint, rows } = stage();
    compositor.setScene(scene({ boxes: [box(1, 2, 1, 5, 1)] }));
    compositor.applyFrame(frameOf(1, 10, 3, 'abcd漢字\r\nsecond'));
    paint();
    expect(rows()[1]).toBe('..abcd .............');
    expect(rows()[2]).toBe('....................');
  });

  it('fills what a smaller pane leaves of its box with blanks', () => {
    const { compositor, paint, rows } = stage();
    compositor.setScene(scene({ boxes: [box(1, 2, 1, 8, 2)] }));
    compositor.applyFrame(frameOf(1, 3, 1, 'abc'));
    paint();
    expect(rows().slice(1, 3)).toEqual(['..abc     ..........', '..        ..........']);
  });

  it('puts an overlay above, blanks halves of wide characters at its sides, and brings the pane back after', () => {
    const { compositor, paint, rows } = stage();
    const boxes = [box(1, 0, 1, 20, 1)];
    compositor.setScene(scene({ boxes }));
    compositor.applyFrame(frameOf(1, 20, 1, '漢字漢字漢字漢字漢字'));
    paint();
    compositor.setScene(scene({ boxes, masks: [{ x: 3, y: 0, width: 6, height: 3 }] }));
    paint();
    expect(rows()[1]).toBe('漢 ...... 字漢字漢字');
    compositor.setScene(scene({ boxes }));
    paint();
    expect(rows()[1]).toBe('漢字漢字漢字漢字漢字');
  });

  it('moves the last lines of a pane up over its notice, and only as far as needed', () => {
    const { compositor, paint, rows } = stage();
    const boxes = [box(1, 0, 1, 20, 4)];
    const trimmed = () =>
      rows()
        .slice(1, 5)
        .map((row) => row.trimEnd());
    const masks = [{ x: 0, y: 4, width: 20, height: 1 }];
    compositor.setScene(scene({ boxes, masks, noticeRows: new Map([[1, 1]]) }));
    compositor.applyFrame(frameOf(1, 20, 4, 'one\r\ntwo'));
    paint();
    expect(trimmed()).toEqual(['one', 'two', '', '....................']);
    compositor.applyFrame(frameOf(1, 20, 4, 'one\r\ntwo\r\nthree\r\nfour'));
    paint();
    expect(trimmed()).toEqual(['two', 'three', 'four', '....................']);
  });

  it('tells how many rows a pane with a notice uses, of others nothing', () => {
    const { compositor, usedRows } = stage();
    const boxes = [box(1, 0, 1, 10, 4), box(2, 10, 1, 10, 4)];
    compositor.setScene(scene({ boxes, noticeRows: new Map([[3, 1]]) }));
    expect(usedRows).toEqual([]);
    compositor.setScene(scene({ boxes }));
    compositor.applyFrame(frameOf(1, 10, 4, 'one\r\ntwo'));
    compositor.applyFrame(frameOf(2, 10, 4, 'one'));
    expect(usedRows).toEqual([]);
    compositor.setScene(scene({ boxes, noticeRows: new Map([[1, 1]]) }));
    expect(usedRows).toEqual([[1, 2]]);
    compositor.applyFrame(frameOf(1, 10, 4, 'three\r\nfour'));
    compositor.applyFrame(frameOf(2, 10, 4, 'one\r\ntwo\r\nthree'));
    compositor.setScene(scene({ boxes, noticeRows: new Map([[1, 2]]) }));
    expect(usedRows).toEqual([[1, 2]]);
    compositor.applyFrame(frameOf(1, 10, 4, ''));
    compositor.setScene(scene({ boxes, noticeRows: new Map([[3, 2]]) }));
    expect(usedRows).toEqual([
      [1, 2],
      [1, 0],
      [3, 0],
    ]);
  });

  it('shows the cursor of the pane that gets the keys, and none while an overlay has them', () => {
    const { compositor, outer, paint } = stage();
    const boxes = [box(1, 2, 1, 6, 2)];
    compositor.setScene(scene({ boxes, cursorPane: 1 }));
    compositor.applyFrame(frameOf(1, 6, 2, 'ab\x1b[5 q'));
    paint();
    expect(outer.cursor()).toEqual({ col: 4, row: 1, visible: true, style: 5, color: null });
    compositor.setScene(scene({ boxes }));
    paint();
    expect(outer.cursor().visible).toBe(false);
  });

  it('writes nothing when nothing has changed', () => {
    const { compositor, paint } = stage();
    compositor.setScene(scene({ boxes: [box(1, 2, 1, 6, 2)] }));
    compositor.applyFrame(frameOf(1, 6, 2, 'ab'));
    expect(paint()).not.toBe('');
    compositor.setScene(scene({ boxes: [box(1, 2, 1, 6, 2)] }));
    compositor.chromeChanged(0, ROWS - 1);
    expect(paint()).toBe('');
  });
});

it('a frame tells what has changed about a pane besides its cells, once and when it is all in', () => {
  const told: string[] = [];
  const compositor = createCompositor({
    chrome: createCellGrid(COLS, ROWS),
    synchronized: () => true,
    onScreenChanged(pane, { cols, rows, cursorColor, modes }) {
      told.push(`${pane} ${cols}x${rows} ${cursorColor} ${modes.mouseProtocol} ${modes.kittyFlags}`);
      // Whoever hears it may do anything.
      compositor.setScene(scene({ boxes: [box(pane, 0, 1, cols, rows)] }));
    },
  });
  const apply = (changes: Partial<PaneHeader>, cols = 6) => {
    compositor.applyFrame(frameOf(1, cols, 2, 'text', changes));
    return told.splice(0);
  };
  const modes = { ...DEFAULT_PANE_MODES, mouseProtocol: 'any', kittyFlags: 5 } as const;
  expect(apply({})).toEqual(['1 6x2 null none 0']);
  expect(apply({ cursorCol: 3 })).toEqual([]);
  expect(apply({ modes })).toEqual(['1 6x2 null any 5']);
  expect(apply({ modes: { ...modes } })).toEqual([]);
  expect(apply({ modes, cursorColor: 255 })).toEqual(['1 6x2 255 any 5']);
  expect(apply({ modes, cursorColor: 255 }, 7)).toEqual(['1 7x2 255 any 5']);
});

it('everything is drawn again in the colours of a terminal that turns out to have others', () => {
  let look: SgrLook = { depth: '16', underlineStyles: false, underlineColors: false };
  const chrome = createCellGrid(COLS, ROWS);
  const compositor = createCompositor({ chrome, synchronized: () => true, look: () => look });
  compositor.setScene(scene({ boxes: [box(1, 0, 1, 6, 2)] }));
  compositor.applyFrame(frameOf(1, 6, 2, '\x1b[38;2;255;0;0;4:3mred'));
  expect(compositor.paint()).toContain('\x1b[0;4;91mred');
  look = { depth: 'rgb', underlineStyles: true, underlineColors: true };
  compositor.reset(chrome);
  expect(compositor.paint()).toContain('\x1b[0;4:3;38;2;255;0;0mred');
});
