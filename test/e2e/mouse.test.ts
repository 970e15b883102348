import { expect, test } from 'vitest';
import { regularGrid } from '../../src/core/regular-grid.ts';
import { fixture } from '../helpers/fixture.ts';
import { createNonet } from '../helpers/nonet-session.ts';
import { cursorPane, paneRect, paneWords, QUICK_STOP, shell, titleText, type View } from '../helpers/panes.ts';
import type { TerminalSession } from '../helpers/terminal-session.ts';

const VIEW: View = { grid: regularGrid(1, 2), paneCount: 2 };

/** An SGR report of a cell of a pane. */
function report(terminal: TerminalSession, pane: number, code: number, col: number, row: number, final = 'M'): string {
  const { x, y } = paneRect(terminal.screen, pane, VIEW);
  return `\x1b[<${code};${x + col + 1};${y + row + 1}${final}`;
}

function bytesRead(terminal: TerminalSession, pane: number): string {
  const hex = paneWords(terminal.screen, pane, VIEW)
    .replace('KEYS', '')
    .replaceAll(/[<>\s]/g, '');
  return Buffer.from(hex, 'hex').toString('latin1');
}

async function expectBytes(terminal: TerminalSession, pane: number, expected: string): Promise<void> {
  await terminal.waitFor(
    `pane ${pane} to read ${JSON.stringify(expected)}`,
    () => bytesRead(terminal, pane) === expected || JSON.stringify(bytesRead(terminal, pane)),
  );
}

test('the first click focuses, the next goes to the program in its own cells, and the wheel goes to the pane below it', async () => {
  const nonet = createNonet();
  const echo = { name: 'mouse', command: fixture('key-echo', '?1003h', '?1006h'), stop: QUICK_STOP };
  const terminal = nonet.up({ grid: '1x2', panes: [shell(1), echo] }, { cols: 161, rows: 24 });
  await terminal.waitFor('the programs', (screen) => {
    return paneWords(screen, 1, VIEW).startsWith('p1$') && paneWords(screen, 2, VIEW).startsWith('KEYS');
  });
  await terminal.waitFor('mouse reports', (screen) => screen.modes().mouse.join() === '1000,1002,1006');

  // A click on the other pane, with its drag and release, and the wheel over it before that.
  terminal.type(report(terminal, 2, 65, 7, 5));
  await expectBytes(terminal, 2, '\x1b[<65;8;6M');
  expect(cursorPane(terminal.screen, VIEW)).toBe(1);
  terminal.type(report(terminal, 2, 0, 3, 4) + report(terminal, 2, 32, 4, 4) + report(terminal, 2, 0, 4, 4, 'm'));
  await terminal.waitFor('the focus', (screen) => cursorPane(screen, VIEW) === 2);
  await terminal.waitFor('all moves', (screen) => screen.modes().mouse.join() === '1000,1002,1003,1006');

  terminal.type(report(terminal, 2, 0, 3, 4) + report(terminal, 1, 32, 0, 0) + report(terminal, 1, 0, 0, 0, 'm'));
  await expectBytes(terminal, 2, '\x1b[<65;8;6M\x1b[<0;4;5M\x1b[<32;1;1M\x1b[<0;1;1m');
  terminal.type(report(terminal, 1, 35, 5, 5) + report(terminal, 2, 35, 0, 0));
  await expectBytes(terminal, 2, '\x1b[<65;8;6M\x1b[<0;4;5M\x1b[<32;1;1M\x1b[<0;1;1m\x1b[<35;1;1M');

  // The shell did not ask: it gets nothing but the focus.
  terminal.type(report(terminal, 1, 0, 2, 2) + report(terminal, 1, 0, 2, 2, 'm') + report(terminal, 1, 0, 2, 2));
  await terminal.waitFor('the focus', (screen) => cursorPane(screen, VIEW) === 1);
  await terminal.waitFor('buttons only', (screen) => screen.modes().mouse.join() === '1000,1002,1006');
  terminal.type(`${report(terminal, 1, 0, 2, 2, 'm')}${report(terminal, 1, 64, 2, 2)}echo clean-$((6*7))\r`);
  await terminal.waitFor('an answer', (screen) => paneWords(screen, 1, VIEW).includes('clean-42'));
  expect(paneWords(terminal.screen, 1, VIEW)).toMatch(/^p1\$ echo clean-\$\(\(6\*7\)\)\s*clean-42/);
});

test('a double click on a title zooms its pane, and another one brings the grid back', async () => {
  const nonet = createNonet();
  const terminal = nonet.up({ grid: '1x2', panes: [shell(1), shell(2)] }, { cols: 160, rows: 24 });
  await terminal.waitFor('the shells and their titles', (screen) => {
    return paneWords(screen, 2, VIEW).startsWith('p2$') && titleText(screen, 2, VIEW).includes('sh2');
  });
  const click = (pane: number) => report(terminal, pane, 0, 4, -1) + report(terminal, pane, 0, 4, -1, 'm');
  terminal.type(click(2) + click(2));
  const zoomed: View = { ...VIEW, zoomed: true };
  await terminal.waitFor('pane 2 alone', (screen) => paneWords(screen, 2, zoomed).startsWith('p2$'));
  terminal.type('\x1b[<0;3;1M\x1b[<0;3;1m'.repeat(2));
  await terminal.waitFor('both panes', (screen) => {
    return paneWords(screen, 1, VIEW).startsWith('p1$') && cursorPane(screen, VIEW) === 2;
  });
});

test('with mouse: false the terminal keeps its mouse', async () => {
  const nonet = createNonet();
  const terminal = nonet.up({ grid: '1x2', mouse: false, panes: [shell(1), shell(2)] }, { cols: 160, rows: 24 });
  await terminal.waitFor('the titles', (screen) => titleText(screen, 2, VIEW).includes('sh2'));
  expect(terminal.screen.modes().mouse).toEqual([]);
});
