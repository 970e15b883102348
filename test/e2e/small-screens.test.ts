import { expect, test } from 'vitest';
import { createNonet } from '../helpers/nonet-session.ts';
import { cursorPane, nineShells, paneText, shell, showsPrompts, statusText, titleText } from '../helpers/panes.ts';

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
    await terminal.waitFor('nine prompts again', (screen) => showsPrompts(screen));
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

test('a phone of 40×12: a line of all states, a tap and a key to go by it, and every dialog fits', async () => {
  const nonet = createNonet();
  const ends = { name: 'ends', command: ['sh', '-c', 'exit 3'], restart: 'no' };
  const layout = { grid: '3x3', panes: [shell(1), ends, ...[3, 4, 5, 6, 7, 8, 9].map(shell)] };
  const terminal = nonet.up(layout, { cols: 40, rows: 12 });
  await terminal.waitFor('all states', (screen) => /^ 1● +2■ +3● +4● +5● +6● +7● +8● +9●$/.test(screen.row(0)));
  await terminal.waitFor('the first prompt', (screen) => paneText(screen, 1)[0]?.startsWith('p1$') ?? false);
  await nonet.run(['send', '3', "printf '\\a'", '-s', nonet.name]);
  await terminal.waitFor('the call', (screen) => screen.row(0).includes('3●! '));
  // The place of 5 on the strip, as a terminal reports a tap.
  const column = terminal.screen.row(0).indexOf('5') + 1;
  terminal.type(`\x1b[<0;${column};1M\x1b[<0;${column};1m`);
  await terminal.waitFor('pane 5', (screen) => paneText(screen, 5)[0]?.startsWith('p5$') ?? false);
  terminal.type('echo $COLUMNS x $LINES\r');
  await terminal.waitFor('its size', (screen) => paneText(screen, 5).includes('40 x 9'));
  terminal.press('ctrl+b', '3');
  await terminal.waitFor('the call seen', (screen) => /3● /.test(screen.row(0)) && titleText(screen, 3).includes('▶3'));

  const whole = (text: RegExp) =>
    terminal.waitFor(String(text), (screen) => {
      const lines = screen.text();
      const top = lines.findIndex((line) => line.includes('┏'));
      const bottom = lines.findIndex((line) => line.includes('┗'));
      return (
        top >= 0 &&
        bottom > top &&
        lines[top]!.includes('┓') &&
        lines[bottom]!.includes('┛') &&
        text.test(lines.join('\n'))
      );
    });
  terminal.press('ctrl+b', 'x');
  await whole(/Stop 3 sh3\?[\s\S]*y enter[\s\S]*n esc/);
  await terminal.waitFor('the mode', (screen) => /CONFIRM.*y or n\?/.test(statusText(screen)));
  terminal.press('n', 'ctrl+b', 'Q');
  await whole(/Quit nonet\?[\s\S]*d enter[\s\S]*s [\s\S]*c esc/);
  terminal.press('esc', 'ctrl+b', '?');
  await whole(/Keys after ctrl\+b[\s\S]*filter: /);
  terminal.type('scroll');
  await whole(/filter: scroll[\s\S]*open the/);
  terminal.press('esc', 'ctrl+b', '[');
  await terminal.waitFor('copy mode', (screen) => / COPY .*q leaves/.test(statusText(screen)) || statusText(screen));
  terminal.press('q', 'ctrl+b', 'z');
  await terminal.waitFor('the row of the strip', (screen) => screen.row(0).startsWith('━▶3 sh3'));
});

test('a screen of 60×19 has six panes to a page, and turns it with the focus', async () => {
  const nonet = createNonet();
  const terminal = nonet.up(nineShells(), { cols: 60, rows: 19 });
  await terminal.waitFor('six prompts', (screen) => showsPrompts(screen, [1, 2, 3, 4, 5, 6]));
  await terminal.waitFor('the page', (screen) => statusText(screen).includes('page 1/2'));
  terminal.press('ctrl+b', '8');
  const second = { focused: 8 };
  await terminal.waitFor('the second page', (screen) => paneText(screen, 9, second)[0]?.startsWith('p9$') ?? false);
  await terminal.waitFor('its number', (screen) => statusText(screen).includes('page 2/2'));
});
