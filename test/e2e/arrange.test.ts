import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { arrangedGrid } from '../../src/core/arrangement.ts';
import type { Grid } from '../../src/core/layout.ts';
import { regularGrid } from '../../src/core/regular-grid.ts';
import { fixture } from '../helpers/fixture.ts';
import { createNonet } from '../helpers/nonet-session.ts';
import {
  cursorPane,
  paneRect,
  paneText,
  QUICK_STOP,
  shell,
  statusText,
  titleText,
  type View,
} from '../helpers/panes.ts';
import type { TerminalSession } from '../helpers/terminal-session.ts';
import { waitUntil } from '../helpers/wait-until.ts';

const counter = (name: string) => ({ name, command: fixture('count-resizes'), stop: QUICK_STOP });

/** Where the panes are: their numbers in the order of their places, in this grid. */
const view = (grid: Grid, panes: number[] = [1, 2, 3, 4]): View => ({ grid, panes, paneCount: panes.length });

const startLine = (terminal: TerminalSession, pane: number, where: View) =>
  paneText(terminal.screen, pane, where)[0] ?? '';

/** Waits until the pane shows that its program has the size of its place; tells how often it has been resized. */
async function settled(terminal: TerminalSession, pane: number, where: View): Promise<number> {
  await terminal.waitFor(`pane ${pane} to have its size`, (screen) => {
    const { width, height } = paneRect(screen, pane, where);
    const line = startLine(terminal, pane, where);
    return line.startsWith(`size ${width}x${height} `) || line;
  });
  return Number(/resizes (\d+)/.exec(startLine(terminal, pane, where))![1]);
}

test('swaps, arrangements, sizes and zoom resize a program only when its size is another, once for a drag', async () => {
  const nonet = createNonet();
  // Every place of two by two is as large as every other.
  const size = { cols: 121, rows: 41 };
  const terminal = nonet.up({ grid: '2x2', panes: [counter('one'), shell(2), shell(3), counter('four')] }, size);
  const square = regularGrid(2, 2);
  await terminal.waitFor('a shell', (screen) => paneText(screen, 2, view(square))[0]?.startsWith('p2$') ?? false);
  expect(await settled(terminal, 1, view(square))).toBe(0);
  expect(await settled(terminal, 4, view(square))).toBe(0);

  terminal.press('ctrl+b', '}');
  const swapped = view(square, [2, 1, 3, 4]);
  await terminal.waitFor('pane 1 in the second place', (screen) => titleText(screen, 1, swapped).includes('1 one'));
  await terminal.waitFor('the cursor with it', (screen) => paneText(screen, 2, swapped)[0]?.startsWith('p2$') ?? false);
  terminal.press('ctrl+b', '{');
  await terminal.waitFor('pane 1 in the first place', (screen) => titleText(screen, 1, view(square)).includes('1 one'));
  terminal.type('x');
  await terminal.waitFor('the answer to a key', () =>
    startLine(terminal, 1, view(square)).endsWith('resizes 0 keys 1'),
  );

  // In main-left, pane 4 gets another size, as pane 1 does.
  const main = arrangedGrid('main-left', 4);
  terminal.press('ctrl+b', 'space');
  await terminal.waitFor('its name', (screen) => statusText(screen).includes('arrangement: main-left'));
  expect(await settled(terminal, 1, view(main))).toBe(1);
  expect(await settled(terminal, 4, view(main))).toBe(1);

  // The line between the columns, dragged by eleven cells in many steps.
  const { x, width } = paneRect(terminal.screen, 1, view(main));
  const line = x + width;
  const report = (code: number, col: number, final = 'M') => terminal.type(`\x1b[<${code};${col + 1};9${final}`);
  report(0, line);
  for (let col = line + 1; col <= line + 11; col++) report(32, col);
  const dragged = { ...main, rowShares: [14, 13, 13], colShares: [71, 49] };
  await terminal.waitFor('the line to follow', (screen) => titleText(screen, 2, view(dragged)).startsWith('─ 2 sh2'));
  terminal.type('x');
  await terminal.waitFor('a key after it', () => startLine(terminal, 1, view(dragged)).endsWith('resizes 1 keys 2'));
  report(0, line + 11, 'm');
  expect(await settled(terminal, 1, view(dragged))).toBe(2);
  expect(await settled(terminal, 4, view(dragged))).toBe(2);

  // A row is lower: the program in the other column does not notice.
  terminal.press('ctrl+b', '4', 'ctrl+b');
  terminal.press('ctrl+up');
  await terminal.waitFor('the mode', (screen) => statusText(screen).includes('RESIZE'));
  terminal.press('up', 'up');
  const lower = { ...dragged, rowShares: [14, 10, 16] };
  await terminal.waitFor('pane 4 higher', (screen) => titleText(screen, 4, view(lower)).startsWith('━▶4 four'));
  terminal.press('q');
  await settled(terminal, 4, view(lower));
  terminal.press('ctrl+b', '1');
  await terminal.waitFor('focus on 1', (screen) => titleText(screen, 1, view(lower)).startsWith('━▶1'));
  terminal.type('x');
  await terminal.waitFor('the answer', () => startLine(terminal, 1, view(lower)).endsWith('resizes 2 keys 3'));

  // A zoom and back are two sizes; an arrangement ends it.
  terminal.press('ctrl+b', 'z');
  expect(await settled(terminal, 1, { ...view(lower), focused: 1, zoomed: true })).toBe(3);
  terminal.press('ctrl+b', 'E');
  await terminal.waitFor('why not', (screen) => statusText(screen).includes('this pane is zoomed'));
  terminal.press('ctrl+b', 'space');
  expect(await settled(terminal, 1, view(arrangedGrid('main-top', 4)))).toBe(4);
  await terminal.waitFor('no zoom', (screen) => !statusText(screen).includes('ZOOM'));
});

test('every client has the same arrangement, on a page and screen of its own, and so has the next daemon', async () => {
  const nonet = createNonet();
  const panes = [1, 2, 3, 4, 5].map(shell);
  const one = nonet.up({ grid: '1x2', panes }, { cols: 121, rows: 30 });
  const all = [1, 2, 3, 4, 5];
  const where = (focused: number, grid: Grid = regularGrid(1, 2)): View => ({ ...view(grid, all), focused });
  const shows = (terminal: TerminalSession, pane: number, grid?: Grid) =>
    terminal.waitFor(`pane ${pane} in its place`, (screen) => {
      const text = paneText(screen, pane, where(pane, grid))[0] ?? '';
      return text.startsWith(`p${pane}$`) || text;
    });
  await shows(one, 2);
  await one.waitFor('the page', (screen) => statusText(screen).includes('page 1/3'));
  const other = nonet.attach({ cols: 200, rows: 40 });
  await shows(other, 2);

  one.press('ctrl+b', 'n');
  await shows(one, 4);
  await one.waitFor('the page', (screen) => statusText(screen).includes('page 2/3'));
  one.press('ctrl+b', '5');
  await one.waitFor('the last page', (screen) => statusText(screen).includes('page 3/3'));
  await shows(one, 5);
  one.press('ctrl+b', 'p', 'ctrl+b', 'p');
  await shows(one, 1);
  await shows(one, 2);
  await other.waitFor('its own page', (screen) => statusText(screen).includes('page 1/3') || statusText(screen));

  one.press('ctrl+b', 'ctrl+right');
  for (let i = 0; i < 3; i++) one.press('shift+right');
  const wider = { ...regularGrid(1, 2), rowShares: [29], colShares: [76, 44] };
  await shows(one, 2, wider);
  await shows(other, 2, wider);
  one.press('esc');
  other.press('ctrl+b', 'n');
  await shows(other, 4, wider);

  process.kill(nonet.daemonPid(), 'SIGKILL');
  await one.waitFor('the next daemon', (screen) => !statusText(screen).includes('RECONNECTING') || statusText(screen));
  await waitUntil('its answer', () =>
    nonet.list().then(
      (rows) => rows.length === 5,
      () => false,
    ),
  );
  const third = nonet.attach({ cols: 121, rows: 30 });
  await shows(third, 2, wider);
  expect(paneRect(third.screen, 1, where(1, wider)).width).toBe(76);

  // All of it gone at once, as after a reboot.
  third.press('ctrl+b', '{');
  await waitUntil('the swap', async () => (await nonet.list())[0]?.name === 'sh5');
  await nonet.run(['save', '-s', nonet.name]);
  for (const terminal of [one, other, third]) {
    terminal.press('ctrl+b', 'd');
    await terminal.waitForExit();
  }
  const pids = [await nonet.soleDaemon(), nonet.hostPid()];
  for (const pid of pids) process.kill(pid, 'SIGKILL');
  await waitUntil('everything to be gone', () => nonet.processes().length === 0);
  await nonet.run(['resurrect', '-s', nonet.name]);
  const back = nonet.attach({ cols: 121, rows: 30 });
  const order = { ...where(2, wider), panes: [1, 2, 3, 4, 5] };
  await back.waitFor(
    'the line where it was',
    (screen) => /^.▶1 sh5.*─?$/.test(titleText(screen, 1, order)) || titleText(screen, 1, order),
  );
  await back.waitFor('the pane beside it', (screen) => titleText(screen, 2, order).startsWith('─ 2 sh2'));
});

test('a pane is added where the shell is, one is closed with all it ran, and what is saved comes up the same', async () => {
  const nonet = createNonet();
  fs.mkdirSync(path.join(nonet.directory, 'deep'));
  const terminal = nonet.up(
    { grid: '1x2', panes: [shell(1), shell(2)] },
    { cols: 120, rows: 30, env: { SHELL: '/bin/sh' } },
  );
  const two = view(regularGrid(1, 2), [1, 2]);
  await terminal.waitFor('shells', (screen) => paneText(screen, 2, two)[0]?.startsWith('p2$') ?? false);
  terminal.type('cd deep; sleep 987 &\r');
  await terminal.waitFor('the job', (screen) => paneText(screen, 1, two).some((line) => /^\[1\] \d+/.test(line)));

  terminal.press('ctrl+b', 'c');
  await terminal.waitForText('What to run in a new pane');
  terminal.type('echo "in $(basename $PWD)" | tr i I; exec sleep 986\r');
  const four = view(regularGrid(2, 2), [1, 2, 3]);
  await terminal.waitFor('the new pane', (screen) => paneText(screen, 3, four)[0] === 'In deep');
  await terminal.waitFor('its focus', (screen) => titleText(screen, 3, four).startsWith('━▶3 echo'));
  expect(cursorPane(terminal.screen, { ...four, paneCount: 3 })).toBe(3);

  terminal.press('ctrl+b', '1', 'ctrl+b', '&');
  await terminal.waitForText('Close 1 sh1?');
  terminal.press('y');
  const left = view(regularGrid(1, 2), [2, 3]);
  await terminal.waitFor('the rest', (screen) => paneText(screen, 3, left)[0] === 'In deep');
  expect(nonet.processes().filter(({ argv }) => argv.join(' ') === 'sleep 987')).toEqual([]);
  terminal.press('ctrl+b', 'space');
  await terminal.waitFor('one above the other', (screen) => statusText(screen).includes('arrangement: main-top'));

  terminal.press('ctrl+b', 'S');
  await terminal.waitForText('layout-1.yaml');
  terminal.press('enter');
  await terminal.waitForText('Write over the file?');
  terminal.press('n');
  await terminal.waitFor('the question to go', (screen) => !screen.text().join().includes('Write over'));
  terminal.press('ctrl+b', 'S');
  await terminal.waitForText('Save panes and arrangement');
  terminal.press('ctrl+u');
  terminal.type('saved\r');
  await terminal.waitFor('the word', (screen) => statusText(screen).includes('saved'));
  const file = path.join(nonet.directory, 'saved.yaml');
  await waitUntil('the file', () => fs.existsSync(file));
  await nonet.run(['check', 'saved.yaml']);
  expect(await nonet.run(['diff', 'saved.yaml', '-s', nonet.name])).toBe('~ session: name, file\n');
  terminal.press('ctrl+b', 'd');
  await terminal.waitForExit();
  await nonet.run(['down', '-s', nonet.name]);

  const again = nonet.open(['up', 'saved.yaml', '-s', nonet.name], { cols: 120, rows: 30 });
  const rows = view(arrangedGrid('main-top', 2), [1, 2]);
  await again.waitFor('the panes', (screen) => paneText(screen, 2, rows)[0] === 'In deep');
  expect((await nonet.list()).map(({ name, cwd }) => [name, path.basename(cwd)])).toEqual([
    ['sh2', 'e2e'],
    ['echo', 'deep'],
  ]);
});

test('a pane that takes the number of one that is gone shows nothing of it, in no client', async () => {
  const nonet = createNonet();
  const layout = (second: Record<string, unknown>) => ({ grid: '1x2', panes: [shell(1), second] });
  const one = nonet.up(layout(shell(2)), { cols: 120, rows: 30 });
  const two = view(regularGrid(1, 2), [1, 2]);
  // The host tells what is in the pane, the daemon that somebody reads there.
  const reads = (terminal: TerminalSession) =>
    terminal.waitFor('a shell', (screen) => {
      const title = titleText(screen, 2, two);
      return (paneText(screen, 2, two)[0]?.startsWith('p2$') && title.includes('sh2 ● running')) || title;
    });
  await reads(one);
  const other = nonet.attach({ cols: 100, rows: 26 });
  await reads(other);
  one.press('ctrl+b', '2');
  one.type('echo of-the-old-pane\r');
  const shows = (terminal: TerminalSession) => terminal.screen.text().join().includes('of-the-old-pane');
  const newPane = (terminal: TerminalSession, words: string) =>
    terminal.waitFor(words, (screen) => screen.text().join().includes(words));
  for (const terminal of [one, other]) await newPane(terminal, 'of-the-old-pane');

  one.press('ctrl+b', '&');
  await one.waitForText('Close 2 sh2?');
  one.press('y');
  await one.waitFor('one pane', (screen) => statusText(screen).includes('closed') || !shows(one));
  one.press('ctrl+b', 'c');
  await one.waitForText('What to run in a new pane');
  one.type('no-such-program\r');
  for (const terminal of [one, other]) {
    await newPane(terminal, 'command not found');
    expect(paneText(terminal.screen, 2, two)[0]).toBe('');
    expect(shows(terminal)).toBe(false);
  }

  // In one step: no client hears that the number was nobody's for a moment.
  nonet.writeLayout(layout(shell(2)));
  await nonet.run(['apply', 'layout-2.yaml', '-s', nonet.name]);
  for (const terminal of [one, other]) await reads(terminal);
  one.press('ctrl+b', '2');
  one.type('echo of-the-old-pane\r');
  for (const terminal of [one, other]) await newPane(terminal, 'of-the-old-pane');
  nonet.writeLayout(layout({ name: 'none', command: 'no-such-program' }));
  await nonet.cli(['apply', 'layout-3.yaml', '-s', nonet.name]);
  for (const terminal of [one, other]) {
    await newPane(terminal, 'command not found');
    await terminal.waitFor('nothing of the old pane', () => !shows(terminal));
  }
});
