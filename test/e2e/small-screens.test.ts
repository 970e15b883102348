import { expect, test } from 'vitest';
import { createNonet } from '../helpers/nonet-session.ts';
import { cursorPane, nineShells, paneText, showsPrompts, statusText } from '../helpers/panes.ts';

test('a terminal too small for anything says so, keeps running, and shows the grid when it grows', async () => {
  const nonet = createNonet();
  const terminal = nonet.up(nineShells(), { cols: 19, rows: 4 });
  await terminal.waitFor('a sentence', (screen) => /too small|20.*5/i.test(screen.text().join(' ')));
  expect(terminal.exit).toBe(null);
  terminal.resize(120, 40);
  await terminal.waitFor('nine prompts', (screen) => showsPrompts(screen));
  terminal.resize(5, 1);
  terminal.screen.write('\x1b[2J');
  await terminal.waitFor('something in the one row', (screen) => screen.row(0) !== '');
  terminal.resize(120, 40);
  await terminal.waitFor('nine prompts again', (screen) => showsPrompts(screen));
  terminal.type('echo whole-$((6*7))\r');
  await terminal.waitFor('an answer', (screen) => paneText(screen, 1).includes('whole-42'));
});

test('a terminal that shrinks and grows back before the client looks is painted as a whole', async () => {
  const nonet = createNonet();
  const terminal = nonet.up(nineShells());
  await terminal.waitFor('nine prompts', (screen) => showsPrompts(screen));
  for (let i = 0; i < 3; i++) {
    // What does not fit is lost to the terminal; the second size is the one the client knows already.
    terminal.resize(10, 3);
    terminal.resize(120, 40);
    await terminal.waitFor('nine prompts again', (screen) => showsPrompts(screen), { timeoutMs: 5000 });
  }
});

test.for([
  [20, 5],
  [40, 12],
] as const)('a terminal of %i×%i shows the focused pane alone', async ([cols, rows]) => {
  const nonet = createNonet();
  const terminal = nonet.up(nineShells(), { cols, rows });
  const view = (focused: number) => ({ focused });
  await terminal.waitFor('the first pane', (screen) => paneText(screen, 1, view(1))[0]?.startsWith('p1$') ?? false);
  terminal.press('ctrl+b', '9');
  await terminal.waitFor('the ninth pane', (screen) => paneText(screen, 9, view(9))[0]?.startsWith('p9$') ?? false);
  terminal.type('echo $((6*7))\r');
  await terminal.waitFor('the answer', (screen) => paneText(screen, 9, view(9)).includes('42'));
  expect(cursorPane(terminal.screen, { paneCount: 0 })).toBe(null);
  expect(statusText(terminal.screen)).not.toBe('');
  terminal.press('ctrl+b', 'd');
  expect((await terminal.waitForExit()).code).toBe(0);
});
