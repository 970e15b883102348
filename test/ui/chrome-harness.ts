import { createChromeTerminal } from '../../src/client/chrome-terminal.ts';
import { type CellGrid, FG_BOLD, HAS_TEXT, WIDTH_MASK, WORDS_PER_CELL } from '../../src/core/cell.ts';
import { createKeymap } from '../../src/core/keymap.ts';
import type { PaneView } from '../../src/core/session.ts';
import { loadChrome } from '../../src/ui/load-chrome.ts';
import { createTestClock, liveStore } from '../client/sample-session.ts';

type Options = { cols: number; rows: number; panes?: PaneView[]; color?: boolean };

/** The chrome of a live session, drawn into a terminal in memory. */
export async function openChrome({ cols, rows, panes, color }: Options) {
  const mountChrome = await loadChrome();
  const clock = createTestClock();
  const store = liveStore({ cols, rows, panes, clock });
  const keymap = createKeymap({});
  const changes: [number, number][] = [];
  const errors: unknown[] = [];
  const terminal = createChromeTerminal({ cols, rows, onChange: (first, last) => changes.push([first, last]) });
  const regions = { open: 0, frames: 0 };
  const { openRegion } = terminal;
  terminal.openRegion = (options) => {
    const region = openRegion(options);
    const { write } = region.stdout;
    regions.open++;
    region.stdout.write = (chunk: string | Uint8Array, ...rest: unknown[]) => {
      if (chunk.length > 0) regions.frames++;
      return (write as (...args: unknown[]) => boolean).call(region.stdout, chunk, ...rest);
    };
    return {
      ...region,
      close() {
        regions.open--;
        region.close();
      },
    };
  };
  const chrome = mountChrome({ store, keymap, terminal, clock, color, onError: (error) => errors.push(error) });
  return {
    store,
    keymap,
    clock,
    terminal,
    changes,
    /** How many there are, and how often one of them was drawn. */
    regions,
    errors,
    setKeymap: chrome.setKeymap,
    async text() {
      await chrome.flush();
      return gridText(terminal.grid);
    },
    async lines() {
      return (await this.text()).split('\n');
    },
    close() {
      chrome.unmount();
      terminal.dispose();
    },
  };
}

export function gridText(grid: CellGrid): string {
  return Array.from({ length: grid.rows }, (_, row) => rowText(grid, row).trimEnd()).join('\n');
}

function rowText(grid: CellGrid, row: number): string {
  let text = '';
  for (let cell = row * grid.cols; cell < (row + 1) * grid.cols; cell++) text += cellText(grid, cell);
  return text;
}

export function cellText(grid: CellGrid, cell: number): string {
  const word = grid.words[cell * WORDS_PER_CELL]!;
  if ((word & WIDTH_MASK) === 0) return '';
  if ((word & HAS_TEXT) !== 0) return grid.extras.get(cell)?.text ?? ' ';
  return String.fromCodePoint(word & 0x1fffff || 0x20);
}

export function isBold(grid: CellGrid, col: number, row: number): boolean {
  return (grid.words[(row * grid.cols + col) * WORDS_PER_CELL + 1]! & FG_BOLD) !== 0;
}
