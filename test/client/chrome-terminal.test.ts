import { afterEach, describe, expect, it, vi } from 'vitest';
import { type ChromeTerminal, createChromeTerminal } from '../../src/client/chrome-terminal.ts';
import { gridText } from '../ui/chrome-harness.ts';

let terminal: ChromeTerminal;
afterEach(() => terminal.dispose());

function open(cols = 10, rows = 3) {
  const onChange = vi.fn();
  terminal = createChromeTerminal({ cols, rows, onChange });
  return onChange;
}

describe('the chrome’s terminal', () => {
  it('shows what is written, and tells which rows have changed once for many writes', async () => {
    const onChange = open();
    terminal.stdout.write('one\ntwo\n');
    terminal.stdout.write('\x1b[2A\x1b[3Cx');
    await Promise.resolve();
    expect(gridText(terminal.grid)).toBe('onex\ntwo\n');
    expect(onChange.mock.calls).toEqual([[0, 1]]);
  });

  it('says nothing when the cells are the same in the end', async () => {
    const onChange = open();
    terminal.stdout.write('one\n');
    await Promise.resolve();
    onChange.mockClear();
    terminal.stdout.write('\x1b[H\x1b[2Kone\x1b[?25l');
    await Promise.resolve();
    expect(onChange).not.toHaveBeenCalled();
  });

  it('holds a frame of its full height with a line feed at the end', async () => {
    open();
    terminal.stdout.write('one\ntwo\nthree\n');
    await Promise.resolve();
    expect(gridText(terminal.grid)).toBe('one\ntwo\nthree');
  });

  it('cuts a line that is too long instead of wrapping it', async () => {
    open();
    terminal.stdout.write('0123456789abc\ntwo\n');
    await Promise.resolve();
    expect(gridText(terminal.grid)).toBe('012345678c\ntwo\n');
  });

  it('is blank after a resize', async () => {
    open();
    terminal.stdout.write('one\ntwo\nthree\n');
    terminal.resize(20, 2);
    await Promise.resolve();
    expect(gridText(terminal.grid)).toBe('\n');
    expect([terminal.stdout.columns, terminal.stdout.rows, terminal.grid.cols, terminal.grid.rows]).toEqual([
      20, 2, 20, 2,
    ]);
  });
});
