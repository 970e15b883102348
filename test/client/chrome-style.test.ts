import { expect, onTestFinished, test } from 'vitest';
import { PLAIN_STYLE } from '../../src/client/chrome-style.ts';
import { createChromeTerminal } from '../../src/client/chrome-terminal.ts';
import { COLOR_16, COLOR_RGB, FG_BOLD, WORDS_PER_CELL } from '../../src/core/cell.ts';
import { gridText } from '../ui/chrome-harness.ts';

const RED = COLOR_16 | 1;

function open() {
  const changes: [number, number][] = [];
  const terminal = createChromeTerminal({ cols: 8, rows: 2, onChange: (first, last) => changes.push([first, last]) });
  onTestFinished(() => terminal.dispose());
  terminal.setBackground([{ x: 7, y: 0, character: '┼', foreground: RED }]);
  const region = terminal.openRegion({ rect: { x: 0, y: 0, width: 7, height: 1 } });
  region.stdout.write('\x1b[1;31m●é日\x1b[0;41m━\x1b[m x');
  const word = (cell: number, at: number) => terminal.grid.words[cell * WORDS_PER_CELL + at]!;
  return { terminal, changes, region, word };
}

/** Changes are told in a microtask. */
const settled = () => Promise.resolve();

test('a style holds for what is drawn already and for what is drawn later, and can be taken back', async () => {
  const { terminal, changes, region, word } = open();
  await settled();
  expect(gridText(terminal.grid).split('\n')[0]).toBe('●é日━ x┼');
  changes.length = 0;
  const palette = new Uint32Array(16);
  palette[1] = COLOR_RGB | 0xb3261e;
  terminal.setStyle({ ascii: true, palette });
  await settled();
  expect(changes).toEqual([[0, 1]]);
  // Letters are the person's own; only marks and lines are ours.
  expect(gridText(terminal.grid).split('\n')[0]).toBe('*é日= x+');
  expect(word(0, 1)).toBe((COLOR_RGB | 0xb3261e | FG_BOLD) >>> 0);
  expect(word(4, 2)).toBe(COLOR_RGB | 0xb3261e);
  expect(word(7, 1)).toBe(COLOR_RGB | 0xb3261e);
  expect(word(6, 1)).toBe(0);

  changes.length = 0;
  terminal.setStyle({ ascii: true, palette: palette.slice() });
  await settled();
  expect(changes).toEqual([]);
  region.stdout.write('\x1b[31m■\x1b[m');
  await settled();
  expect(gridText(terminal.grid).split('\n')[0]).toBe('#      +');

  terminal.setStyle(PLAIN_STYLE);
  await settled();
  expect(gridText(terminal.grid).split('\n')[0]).toBe('■      ┼');
  expect(word(0, 1)).toBe(RED);
});
