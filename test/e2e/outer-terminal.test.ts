import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { regularGrid } from '../../src/core/regular-grid.ts';
import { fixture } from '../helpers/fixture.ts';
import { createNonet, NONET, type NonetSession } from '../helpers/nonet-session.ts';
import {
  cursorPane,
  paneRect,
  paneWords,
  QUICK_STOP,
  shell,
  statusText,
  titleText,
  type View,
} from '../helpers/panes.ts';
import { createReferenceTerminal } from '../helpers/reference-terminal.ts';
import type { TerminalSession } from '../helpers/terminal-session.ts';

const VIEW: View = { grid: regularGrid(1, 2), paneCount: 2 };
const rawText = (terminal: TerminalSession) => terminal.raw().toString('latin1');

function openShells(nonet: NonetSession, options: Parameters<NonetSession['up']>[1] = {}): TerminalSession {
  return nonet.up({ grid: '1x2', panes: [shell(1), shell(2)] }, { cols: 200, rows: 24, ...options });
}

async function waitForShells(terminal: TerminalSession): Promise<void> {
  await terminal.waitFor('the shells and their titles', (screen) => {
    return [1, 2].every((pane) => {
      return (
        paneWords(screen, pane, VIEW).startsWith(`p${pane}$`) && titleText(screen, pane, VIEW).includes(`sh${pane}`)
      );
    });
  });
}

test('what a program in another pane signals is in its title, in the status bar, and heard', async () => {
  const nonet = createNonet();
  const terminal = openShells(nonet);
  await waitForShells(terminal);
  const go = path.join(nonet.directory, 'go');
  terminal.press('ctrl+b', '2');
  const script = path.join(nonet.directory, 'signal.sh');
  fs.writeFileSync(
    script,
    `until [ -e ${go} ]; do sleep 0.05; done
printf '\\033]9;4;1;40\\033\\\\'
printf '\\033]52;c;aGk=\\033\\\\'
printf '\\033]777;notify;Build;all done\\033\\\\'
read line
`,
  );
  terminal.type(`bash ${script}\r`);
  await terminal.waitFor('the command', (screen) => paneWords(screen, 2, VIEW).includes('signal.sh'));
  terminal.press('ctrl+b', '1');
  await terminal.waitFor('focus on 1', (screen) => cursorPane(screen, VIEW) === 1);
  expect(titleText(terminal.screen, 2, VIEW)).not.toContain('!');
  // It goes away, so nobody may be busy with the title when it comes.
  const notice = terminal.waitFor('the notice', (screen) => statusText(screen).includes('2 sh2: Build: all done'));
  fs.writeFileSync(go, '');
  await terminal.waitFor('the call and the progress', (screen) => {
    const title = titleText(screen, 2, VIEW);
    return (title.includes('! ●') && title.includes('▓▓░░ 40%')) || title;
  });
  await notice;
  // This terminal has no notifications that we know of.
  await terminal.waitFor('a bell', () => rawText(terminal).includes('\x07'));
  expect(rawText(terminal)).not.toContain('\x1b]52;c;aGk=');

  terminal.press('ctrl+b', '2');
  await terminal.waitFor('the call to be seen', (screen) => !titleText(screen, 2, VIEW).includes('!'));
});

test('the focused pane sets clipboard, window title and cursor colour, and all but the clipboard is put back', async () => {
  const nonet = createNonet();
  const untouched = createReferenceTerminal({ cols: 80, rows: 24 }).modes();
  const terminal = openShells(nonet);
  await waitForShells(terminal);
  await terminal.waitFor('a title', (screen) => /— e2e \(nonet\)$/.test(screen.title()) || screen.title());
  terminal.type(`printf '\\033]52;c;aGk=\\033\\\\\\033]12;#00ff7f\\033\\\\\\033]2;my title\\033\\\\\\033[4 q'\r`);
  await terminal.waitFor('the title', (screen) => screen.title() === 'my title — e2e (nonet)' || screen.title());
  await terminal.waitFor('clipboard and colour', () => {
    const raw = rawText(terminal);
    return raw.includes('\x1b]52;c;aGk=\x1b\\') && raw.includes('\x1b]12;#00ff7f\x1b\\') && raw.includes('\x1b[4 q');
  });
  // Another pane's cursor has the terminal's own colour.
  terminal.press('ctrl+b', '2');
  await terminal.waitFor('the colour to be taken back', () => rawText(terminal).includes('\x1b]112\x1b\\'));
  terminal.press('ctrl+b', '1');
  await terminal.waitFor('the colour again', () => rawText(terminal).split('\x1b]12;#00ff7f').length === 3);
  terminal.press('ctrl+b', 'd');
  await terminal.waitForExit();
  const end = rawText(terminal).slice(-400);
  for (const sequence of ['\x1b]112\x1b\\', '\x1b[23;0t', '\x1b[<u', '\x1b[?2031l', '\x1b[0 q'])
    expect(end).toContain(sequence);
  expect(terminal.screen.modes()).toEqual(untouched);
});

test('a program is told of the focus: of its pane, and of the window', async () => {
  const nonet = createNonet();
  const echo = { name: 'focus', command: fixture('key-echo', '?1004h'), stop: QUICK_STOP };
  const terminal = nonet.up({ grid: '1x2', panes: [echo, shell(2)] }, { cols: 160, rows: 24 });
  const read = () => {
    const hex = paneWords(terminal.screen, 1, VIEW)
      .replace('KEYS', '')
      .replaceAll(/[<>\s]/g, '');
    return Buffer.from(hex, 'hex').toString('latin1').replaceAll('\x1b[', '');
  };
  const last = (letters: string) =>
    terminal.waitFor(`focus reports ${letters}`, () => read().endsWith(letters) || read());
  await last('I');
  terminal.type('\x1b[O');
  await last('IO');
  terminal.type('\x1b[I');
  await last('IOI');
  terminal.press('ctrl+b', '2');
  await last('IOIO');
  terminal.press('ctrl+b', '1');
  await last('IOIOI');
});

test('a terminal that turns light is asked for its colours again, and programs that want to know are told', async () => {
  const nonet = createNonet();
  const echo = { name: 'scheme', command: fixture('key-echo', '?2031h'), stop: QUICK_STOP };
  const terminal = nonet.up({ grid: '1x2', panes: [echo, shell(2)] }, { cols: 160, rows: 24 });
  await terminal.waitFor('the program', (screen) => paneWords(screen, 1, VIEW).startsWith('KEYS'));
  await terminal.waitFor('the subscription', (screen) => screen.modes().colorSchemeReports);
  const queries = () => rawText(terminal).split('\x1b]11;?').length - 1;
  const before = queries();
  terminal.type('\x1b[?997;2n');
  await terminal.waitFor('another query', () => queries() === before + 1);
  const told = Buffer.from('\x1b[?997;2n').toString('hex');
  await terminal.waitFor(
    'the report',
    (screen) => paneWords(screen, 1, VIEW).includes(told) || paneWords(screen, 1, VIEW),
  );
});

test('what is typed while the client starts is treated in its order when the session is there', async () => {
  const nonet = createNonet();
  const saw = (terminal: TerminalSession, word: string) =>
    terminal.waitFor(`${word} in pane 2`, (screen) => {
      const words = paneWords(screen, 2, VIEW);
      return words.includes(`p2$ echo ${word}-$((6*7))`) && words.includes(`${word}-42p2$`) ? true : words;
    });
  // Before there is anybody to read it: the kernel keeps lines.
  const first = openShells(nonet);
  first.type('\x022echo up-$((6*7))\r');
  await saw(first, 'up');
  await nonet.run(['send', '2', 'clear', '-s', nonet.name]);
  const second = nonet.attach({ cols: 200, rows: 24 });
  second.type('\x022\x1b[200~echo \x1b[201~xy\x7f\x7fline-$((6*7))\n\x02z');
  await second.waitFor('the zoom that was typed last', (screen) => statusText(screen).includes('ZOOM'));
  second.press('ctrl+b', 'z');
  await saw(second, 'line');

  // When the terminal is the client's, and the session has not yet said what it is.
  await nonet.run(['send', '2', 'clear', '-s', nonet.name]);
  const third = nonet.attach({ cols: 200, rows: 24 });
  await third.waitFor('the other screen', () => rawText(third).includes('\x1b[?1049h'));
  third.type('\x022echo raw-$((6*7))\r');
  await saw(third, 'raw');
  for (const terminal of [first, second, third]) {
    terminal.press('ctrl+b', 'd');
    await terminal.waitForExit();
  }
  const fourth = nonet.attach({ cols: 200, rows: 24 });
  fourth.type('\x02d');
  expect((await fourth.waitForExit()).code).toBe(0);
});

test.for([
  [{ COLORTERM: 'truecolor' }, /^38;2;255;128;0$/],
  [{ COLORTERM: '', TERM: 'xterm-256color' }, /^38;5;208$/],
  [{ COLORTERM: '', TERM: 'xterm' }, /^(33|93|91)$/],
  [{ COLORTERM: '', TERM: 'vt100' }, /^$/],
] as const)('colours are drawn as the terminal of %j can show them', async ([env, expected]) => {
  const nonet = createNonet();
  const layout = nonet.writeLayout({ grid: '1x2', panes: [shell(1), shell(2)] });
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const argv: [string, ...string[]] = ['env', ...variables, ...NONET, 'up', layout, '-s', 'e2e'];
  const terminal = nonet.openProgram(argv, { cols: 200, rows: 24 });
  await waitForShells(terminal);
  terminal.type(`printf '\\033[38;2;255;128;0mORA''NGE\\033[m\\n'\r`);
  const { x } = paneRect(terminal.screen, 1, VIEW);
  await terminal.waitFor('the word', (screen) => screen.text().some((line) => line.slice(x).startsWith('ORANGE')));
  const sgr = /\x1b\[0;?([\d;:]*)mORANGE/.exec(rawText(terminal))?.[1];
  expect(sgr).toMatch(expected);
});
