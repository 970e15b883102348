import { expect, test } from 'vitest';
import { copyCells } from '../helpers/compare-screens.ts';
import { fixture } from '../helpers/fixture.ts';
import { createNonet } from '../helpers/nonet-session.ts';
import {
  cursorPane,
  nineShells,
  paneRect,
  paneText,
  paneWords,
  QUICK_STOP,
  showsPrompts,
  statusText,
  titleText,
  withShells,
} from '../helpers/panes.ts';

const ALL = [1, 2, 3, 4, 5, 6, 7, 8, 9];

test('up shows nine panes with number, name and state, and a prompt in each', async () => {
  const nonet = createNonet();
  const terminal = nonet.up(nineShells());
  await terminal.waitFor('nine prompts', (screen) => showsPrompts(screen));
  await terminal.waitFor('nine titles', (screen) => {
    const wrong = ALL.find((pane) => !new RegExp(`${pane}.*sh${pane}.*● running`).test(titleText(screen, pane)));
    return wrong === undefined || `title ${wrong}: ${titleText(screen, wrong)}`;
  });
  await terminal.waitFor('the status bar', (screen) => statusText(screen).includes('e2e'));
  expect(terminal.screen.modes().alternateScreen).toBe(true);
  expect(cursorPane(terminal.screen)).toBe(1);
});

test('what is typed reaches the focused pane and no other', async () => {
  const nonet = createNonet();
  const terminal = nonet.up(nineShells());
  await terminal.waitFor('nine prompts', (screen) => showsPrompts(screen));
  terminal.press('ctrl+b', '5');
  await terminal.waitFor('the cursor in pane 5', (screen) => cursorPane(screen) === 5);
  const others = ALL.filter((pane) => pane !== 5);
  const before = others.map((pane) => copyCells(terminal.screen, paneRect(terminal.screen, pane)));
  terminal.type('echo "$NONET_PANE/$NONET_PANE_NAME/$NONET_SESSION/$TERM_PROGRAM" é日\r');
  await terminal.waitFor('the answer in pane 5', (screen) => paneWords(screen, 5).includes('5/sh5/e2e/nonet é日'));
  expect(others.map((pane) => copyCells(terminal.screen, paneRect(terminal.screen, pane)))).toEqual(before);
});

test('focus goes by number, direction, next, previous and last', async () => {
  const nonet = createNonet();
  const terminal = nonet.up(nineShells());
  await terminal.waitFor('nine prompts', (screen) => showsPrompts(screen));
  const steps: [key: string, pane: number][] = [
    ['9', 9],
    ['up', 6],
    ['left', 5],
    ['h', 4],
    ['j', 7],
    ['l', 8],
    ['k', 5],
    ['down', 8],
    ['right', 9],
    ['o', 1],
    ['O', 9],
    [';', 1],
    [';', 9],
    ['1', 1],
    ['o', 2],
  ];
  for (const [key, pane] of steps) {
    terminal.press('ctrl+b', key);
    await terminal.waitFor(
      `${key} to lead to pane ${pane}`,
      (screen) => cursorPane(screen) === pane || `${cursorPane(screen)}`,
    );
  }
});

test('zoom gives the focused pane the whole screen, and back', async () => {
  const nonet = createNonet();
  const terminal = nonet.up(nineShells());
  await terminal.waitFor('nine prompts', (screen) => showsPrompts(screen));
  terminal.press('ctrl+b', '5');
  await terminal.waitFor('the cursor in pane 5', (screen) => cursorPane(screen) === 5);
  const before = copyCells(terminal.screen, paneRect(terminal.screen, 1));
  terminal.press('ctrl+b', 'z');
  const zoomed = { focused: 5, zoomed: true };
  await terminal.waitFor('pane 5 alone', (screen) => paneText(screen, 5, zoomed)[0]?.startsWith('p5$') ?? false);
  const { width, height } = paneRect(terminal.screen, 5, zoomed);
  expect({ width, height }).toEqual({ width: 120, height: 38 });
  terminal.type('stty size\r');
  await terminal.waitFor('the new size', (screen) => paneText(screen, 5, zoomed).includes('38 120'));
  terminal.press('ctrl+b', 'z');
  await terminal.waitFor('the grid', (screen) => showsPrompts(screen, [1, 2, 3, 4, 6, 7, 8, 9]));
  expect(copyCells(terminal.screen, paneRect(terminal.screen, 1))).toEqual(before);
  const inner = paneRect(terminal.screen, 5);
  terminal.type('stty size\r');
  await terminal.waitFor('the old size', (screen) => paneText(screen, 5).includes(`${inner.height} ${inner.width}`));
});

test('help opens and closes with escape or q, and no key reaches the pane meanwhile', async () => {
  const nonet = createNonet();
  const terminal = nonet.up(withShells({ name: 'keys', command: fixture('key-echo'), stop: QUICK_STOP }));
  await terminal.waitFor('the pane', (screen) => paneText(screen, 1)[0] === 'KEYS');
  for (const close of ['esc', 'q']) {
    terminal.press('ctrl+b', '?');
    await terminal.waitForText('zoom the pane');
    terminal.press('n', 'o', 'enter', 'up');
    terminal.press('esc');
    if (close === 'q') {
      await terminal.waitFor(
        'help to close',
        (screen) => !screen.text().some((line) => line.includes('zoom the pane')),
      );
      terminal.press('ctrl+b', '?');
      await terminal.waitForText('zoom the pane');
      terminal.press('q');
    }
    await terminal.waitFor('the panes again', (screen) => showsPrompts(screen, [2, 3, 4, 5, 6, 7, 8, 9]));
    await terminal.waitFor('help to close', (screen) => !screen.text().some((line) => line.includes('zoom the pane')));
  }
  // A round trip behind them: whatever had gone to the pane would stand before it.
  terminal.press('x');
  await terminal.waitFor('the next key', (screen) => paneText(screen, 1).includes('<78>'));
  expect(paneText(terminal.screen, 1).filter((line) => line !== '')).toEqual(['KEYS', '<78>']);
});

test('the prefix twice sends it through, and an unknown key after it is named and swallowed', async () => {
  const nonet = createNonet();
  const terminal = nonet.up(withShells({ name: 'keys', command: fixture('key-echo'), stop: QUICK_STOP }));
  await terminal.waitFor('the pane', (screen) => paneText(screen, 1)[0] === 'KEYS');
  terminal.press('ctrl+b', 'ctrl+b');
  await terminal.waitFor('ctrl+b in the pane', (screen) => paneText(screen, 1).includes('<02>'));
  terminal.press('ctrl+b', 'f9');
  await terminal.waitFor(
    'the unknown key to be named',
    (screen) => /f9/i.test(statusText(screen)) || statusText(screen),
  );
  terminal.press('x');
  await terminal.waitFor('the next key', (screen) => paneText(screen, 1).includes('<78>'));
  expect(paneText(terminal.screen, 1).filter((line) => line !== '')).toEqual(['KEYS', '<02>', '<78>']);
});

test('redraw repairs a screen that something else has written on', async () => {
  const nonet = createNonet();
  const terminal = nonet.up(nineShells());
  await terminal.waitFor('nine prompts', (screen) => showsPrompts(screen));
  const before = ALL.map((pane) => copyCells(terminal.screen, paneRect(terminal.screen, pane)));
  terminal.screen.write(`\x1b[?2026l\x1b[H${'#'.repeat(120 * 40)}\x1b[2;5H`);
  terminal.press('ctrl+b', 'ctrl+l');
  await terminal.waitFor('nine prompts again', (screen) => showsPrompts(screen));
  await terminal.waitFor('no rubbish', (screen) => !screen.text().some((line) => line.includes('##')));
  expect(ALL.map((pane) => copyCells(terminal.screen, paneRect(terminal.screen, pane)))).toEqual(before);
});

test('a terminal that answers no query gets the same screen', async () => {
  const nonet = createNonet();
  const terminal = nonet.up(nineShells(), { answers: 'none' });
  await terminal.waitFor('nine prompts', (screen) => showsPrompts(screen));
  terminal.press('ctrl+b', '2');
  await terminal.waitFor('the cursor in pane 2', (screen) => cursorPane(screen) === 2);
  terminal.type('echo mute-$((6*7))\r');
  await terminal.waitFor('the answer', (screen) => paneText(screen, 2).includes('mute-42'));
});
