import { describe, expect, it } from 'vitest';
import { COLOR_16, COLOR_RGB, createCellGrid, FG_BOLD } from '../../src/core/cell.ts';
import { formatColorSpec, parseColorSpec, usualPaletteColor } from '../../src/terminal/color-spec.ts';
import { openPaneScreen } from './pane-screen.ts';

describe('a colour as programs write it', () => {
  it.each([
    ['rgb:f/8/0', 0xff8800],
    ['rgb:ff/80/00', 0xff8000],
    ['rgb:fff/800/000', 0xff8000],
    ['rgb:ffff/8080/0000', 0xff8000],
    ['rgba:ff/80/00/40', 0xff8000],
    ['RGB:FF/80/00', 0xff8000],
    ['#f80', 0xff8800],
    ['#ff8000', 0xff8000],
    ['#fff888000', 0xff8800],
    ['#ffff80800000', 0xff8000],
    ['orange', 0xffa500],
    ['Dark Slate Grey', 0x2f4f4f],
    ['rgb:ff/80', null],
    ['rgb:fffff/0/0', null],
    ['#ff80', null],
    ['nocolour', null],
    ['', null],
  ])('%s', (text, color) => {
    expect(parseColorSpec(text)).toBe(color);
  });

  it('is answered in the form it can be set in again', () => {
    for (const color of [0, 0xffffff, 0x123456]) expect(parseColorSpec(formatColorSpec(color))).toBe(color);
  });

  it('beyond the first sixteen is that of xterm’s cube and greys', () => {
    expect([0, 16, 21, 196, 231, 232, 255].map(usualPaletteColor)).toEqual([
      null,
      0,
      0x0000ff,
      0xff0000,
      0xffffff,
      0x080808,
      0xeeeeee,
    ]);
  });
});

describe('a pane with colours of its own', () => {
  function cells(pane: ReturnType<typeof openPaneScreen>) {
    const grid = createCellGrid(20, 5);
    pane.screen.readGrid(grid);
    const known = createCellGrid(20, 5);
    pane.screen.diffInto(known, () => {});
    expect(known.words).toEqual(grid.words);
    expect(known.extras).toEqual(grid.extras);
    return {
      fg: (row: number, col: number) => grid.words[(row * 20 + col) * 3 + 1]!,
      bg: (row: number, col: number) => grid.words[(row * 20 + col) * 3 + 2]!,
      extra: (row: number, col: number) => grid.extras.get(row * 20 + col),
    };
  }

  it('shows default colours as RGB, also where nothing was ever written and where it was erased', () => {
    const pane = openPaneScreen();
    pane.screen.write('\x1b]10;#010203\x07\x1b]11;#040506\x07a\x1b[2;1Hbc\x1b[2K');
    const { fg, bg } = cells(pane);
    expect(fg(0, 0)).toBe(COLOR_RGB | 0x010203);
    for (const [row, col] of [
      [0, 0],
      [1, 0],
      [4, 19],
    ] as const)
      expect(bg(row, col)).toBe(COLOR_RGB | 0x040506);
  });

  it('shows palette colours as RGB, of either depth, with their look, and others as they are', () => {
    const pane = openPaneScreen();
    pane.screen.write(
      '\x1b]4;1;rgb:11/22/33;200;#445566\x07\x1b[1;31ma\x1b[0;38;5;200;41mb\x1b[0;32mc\x1b[38;2;9;9;9md',
    );
    const { fg, bg } = cells(pane);
    expect(fg(0, 0)).toBe((COLOR_RGB | 0x112233 | FG_BOLD) >>> 0);
    expect(fg(0, 1)).toBe(COLOR_RGB | 0x445566);
    expect(bg(0, 1)).toBe(COLOR_RGB | 0x112233);
    expect(fg(0, 2) & 0x30000ff).toBe(COLOR_16 | 2);
    expect(fg(0, 3)).toBe(COLOR_RGB | 0x090909);
    expect(bg(0, 0)).toBe(0);
  });

  it('shows an underline’s palette colour as RGB', () => {
    const pane = openPaneScreen();
    pane.screen.write('\x1b]4;5;#112233\x07\x1b[4:3;58:5:5mu');
    expect(cells(pane).extra(0, 0)).toMatchObject({ underlineStyle: 3, underlineColor: COLOR_RGB | 0x112233 });
  });

  it('tells its own colours when it asks, and the terminal’s again after taking them back', () => {
    const pane = openPaneScreen(
      {},
      { foreground: '#aaaaaa', background: '#bbbbbb', cursor: '#cccccc', palette: ['#dddddd'] },
    );
    const ask = () =>
      pane
        .ask('\x1b]10;?;?;?\x07\x1b]4;0;?\x07')
        .match(/rgb:../g)
        ?.join(' ');
    expect(ask()).toBe('rgb:aa rgb:bb rgb:cc rgb:dd');
    pane.screen.write('\x1b]10;#111111;#222222;#333333\x07\x1b]4;0;#444444\x07');
    expect(ask()).toBe('rgb:11 rgb:22 rgb:33 rgb:44');
    pane.screen.write('\x1b]110\x07\x1b]111;\x07\x1b]112\x1b\\\x1b]104;0\x07');
    expect(ask()).toBe('rgb:aa rgb:bb rgb:cc rgb:dd');
  });

  it('has the terminal’s again after a reset of all, a full reset, and for the next program', () => {
    const undo: ((pane: ReturnType<typeof openPaneScreen>) => void)[] = [
      (pane) => pane.screen.write('\x1b]104\x07\x1b]110\x07\x1b]111\x07\x1b]112\x07\x1b[?5l'),
      (pane) => pane.screen.write('\x1bc'),
      (pane) => pane.screen.prepareForProgram(),
    ];
    for (const way of undo) {
      const pane = openPaneScreen();
      pane.screen.write('\x1b]10;red;green;blue\x07\x1b]4;1;#123456;2;#123456\x07\x1b[?5h');
      expect(pane.screen.cursor().color).toBe(0x0000ff);
      way(pane);
      pane.screen.write('\x1b[31mx');
      const { fg, bg } = cells(pane);
      expect([fg(0, 0) & 0x30000ff, bg(0, 0), fg(1, 1)]).toEqual([COLOR_16 | 1, 0, 0]);
      expect(pane.screen.cursor().color).toBeNull();
    }
  });

  it('shows reverse video in the terminal’s colours, its own, or plain black and white', () => {
    const told = openPaneScreen({}, { foreground: '#111111', background: '#222222' });
    told.screen.write('\x1b[?5hx');
    expect([cells(told).fg(0, 0), cells(told).bg(3, 3)]).toEqual([COLOR_RGB | 0x222222, COLOR_RGB | 0x111111]);
    told.screen.write('\x1b]11;#333333\x07');
    expect([cells(told).fg(0, 0), cells(told).bg(3, 3)]).toEqual([COLOR_RGB | 0x333333, COLOR_RGB | 0x111111]);
    const silent = openPaneScreen();
    silent.screen.write('\x1b[?5hx');
    expect([cells(silent).fg(0, 0), cells(silent).bg(0, 0)]).toEqual([COLOR_16, COLOR_16 | 7]);
  });

  it('sends changed cells when only a colour changed, and nothing when none did', () => {
    const pane = openPaneScreen();
    const known = createCellGrid(20, 5);
    let runs = 0;
    const diff = () => {
      runs = 0;
      pane.screen.diffInto(known, () => runs++);
      return runs;
    };
    pane.screen.write('text');
    diff();
    pane.screen.write('\x1b]11;#000001\x07');
    expect(diff()).toBe(5);
    expect(diff()).toBe(0);
    pane.screen.write('\x1b]111\x07');
    expect(diff()).toBe(5);
  });
});
