import { afterEach, describe, expect, it, vi } from 'vitest';
import { type ChromeTerminal, createChromeTerminal } from '../../src/client/chrome-terminal.ts';
import { cellText, gridText } from '../ui/chrome-harness.ts';

let terminal: ChromeTerminal;
afterEach(() => terminal.dispose());

function open(cols = 10, rows = 3) {
  const onChange = vi.fn();
  terminal = createChromeTerminal({ cols, rows, onChange });
  return onChange;
}

function region(
  x: number,
  y: number,
  width: number,
  height: number,
  options: { layer?: number; openEnd?: boolean } = {},
) {
  return terminal.openRegion({ rect: { x, y, width, height }, ...options });
}

const rule = (y: number) => Array.from({ length: 10 }, (_, x) => ({ x, y, character: '-', foreground: 0 }));

async function text(): Promise<string> {
  await Promise.resolve();
  return gridText(terminal.grid);
}

describe('the chrome’s terminal', () => {
  it('shows what is written in a region at its place, and tells which rows have changed once for many writes', async () => {
    const onChange = open();
    const { stdout } = region(2, 1, 8, 2);
    await text();
    onChange.mockClear();
    stdout.write('one\ntwo');
    stdout.write('one\nthree');
    expect(await text()).toBe('\n  one\n  three');
    expect(onChange.mock.calls).toEqual([[1, 2]]);
  });

  it('tells rows that lie apart one by one', async () => {
    const onChange = open(10, 5);
    const [top, bottom] = [region(0, 0, 10, 1), region(0, 4, 10, 1)];
    await text();
    onChange.mockClear();
    top.stdout.write('top');
    bottom.stdout.write('bottom');
    expect(await text()).toBe('top\n\n\n\nbottom');
    expect(onChange.mock.calls).toEqual([
      [0, 0],
      [4, 4],
    ]);
  });

  it('says nothing when the cells are the same in the end', async () => {
    const onChange = open();
    const { stdout } = region(0, 0, 10, 3);
    stdout.write('one');
    await text();
    onChange.mockClear();
    stdout.write('\x1b[31m\x1b[39mone\n\n');
    stdout.write('');
    await text();
    expect(onChange).not.toHaveBeenCalled();
  });

  it('takes every chunk for a whole frame: what it lacks is blank', async () => {
    open();
    const { stdout } = region(0, 0, 10, 3);
    stdout.write('\x1b[41mone\ntwo\nthree');
    stdout.write('1\n2');
    expect(await text()).toBe('1\n2\n');
  });

  it('keeps what is too long within the region', async () => {
    open();
    region(1, 0, 4, 2).stdout.write('0123456789abc\n日本語\nthree\nfour');
    expect(await text()).toBe(' 0123\n 日本\n');
  });

  it('keeps the frame of a region that moves or changes its size', async () => {
    open();
    const { stdout, place } = region(0, 0, 5, 1);
    stdout.write('hello');
    place({ x: 4, y: 2, width: 5, height: 1 });
    expect(await text()).toBe('\n\n    hello');
    place({ x: 0, y: 1, width: 3, height: 2 });
    expect(await text()).toBe('\nhel\n');
    expect([stdout.columns, stdout.rows]).toEqual([3, 2]);
  });

  it('shows upper layers above lower ones, and what was below when they go', async () => {
    open();
    const above = region(2, 0, 4, 1, { layer: 1 });
    above.stdout.write('[ ]');
    region(0, 0, 10, 1).stdout.write('0123456789');
    expect(await text()).toBe('01[ ] 6789\n\n');
    above.close();
    expect(await text()).toBe('0123456789\n\n');
  });

  it('shows the background around regions, and behind the text of those with an open end', async () => {
    const onChange = open();
    terminal.setBackground([...rule(0), ...rule(1), ...rule(2)]);
    region(0, 0, 8, 1, { openEnd: true }).stdout.write('日本 \x1b[32mx\x1b[39m');
    region(0, 1, 8, 1).stdout.write('x');
    region(0, 2, 8, 1, { openEnd: true }).stdout.write('日本日本日本');
    expect(await text()).toBe('日本 x ---\nx       --\n日本日本--');
    onChange.mockClear();
    terminal.setBackground([...rule(0), ...rule(2)]);
    expect(await text()).toBe('日本 x ---\nx\n日本日本--');
    expect(onChange.mock.calls).toEqual([[1, 1]]);
  });

  it('keeps combined characters with their cells', async () => {
    open();
    const { stdout } = region(3, 0, 5, 1);
    stdout.write('e\u0301a');
    await text();
    expect(cellText(terminal.grid, 3)).toBe('e\u0301');
    stdout.write('ea');
    await text();
    expect([cellText(terminal.grid, 3), terminal.grid.extras.size]).toEqual(['e', 0]);
  });

  it('ignores what is written into a region that is closed', async () => {
    open();
    const { stdout, close } = region(0, 0, 10, 1);
    stdout.on('error', () => {});
    stdout.write('one');
    close();
    stdout.write('two');
    expect(await text()).toBe('\n\n');
  });

  it('has another grid after a resize, with what still fits', async () => {
    open();
    const { grid } = terminal;
    region(0, 0, 10, 1).stdout.write('0123456789');
    region(0, 2, 10, 1).stdout.write('below');
    terminal.resize(5, 2);
    expect(await text()).toBe('01234\n');
    expect(terminal.grid).not.toBe(grid);
  });
});
