import { expect, test } from 'vitest';
import { copyCells } from '../helpers/compare-screens.ts';
import { createNonet, NONET, type NonetSession } from '../helpers/nonet-session.ts';
import { cursorPane, nineShells, paneRect, paneText, showsPrompts } from '../helpers/panes.ts';
import { createReferenceTerminal } from '../helpers/reference-terminal.ts';
import type { TerminalSession } from '../helpers/terminal-session.ts';

const untouched = createReferenceTerminal({ cols: 80, rows: 24 }).modes();

/** nonet as a command of a shell in the terminal; the shell says how it ended and how it left the tty. */
function openInShell(nonet: NonetSession, args: string[]): TerminalSession {
  const command = [...NONET, ...args].map((word) => `'${word}'`).join(' ');
  const script = `echo "TTY $(stty -g)"; ${command}; echo "CODE $?"; echo "TTY $(stty -g)"; exec sleep 1000`;
  return nonet.openProgram(['bash', '-c', script]);
}

async function expectRestored(terminal: TerminalSession): Promise<string> {
  await terminal.waitFor(
    'the shell behind nonet',
    (screen) => screen.text().filter((line) => line.startsWith('TTY')).length === 2,
  );
  const text = terminal.screen.text();
  const [before, after] = text.filter((line) => line.startsWith('TTY'));
  expect(after).toBe(before);
  expect(terminal.screen.modes()).toEqual(untouched);
  return text.find((line) => line.startsWith('CODE')) ?? '';
}

test('detach leaves the terminal as it was, and attach shows the same screen', async () => {
  const nonet = createNonet();
  const first = openInShell(nonet, ['up', nonet.writeLayout(nineShells()), '-s', 'e2e']);
  await first.waitFor('nine prompts', (screen) => showsPrompts(screen));
  expect(first.screen.modes()).toMatchObject({ alternateScreen: true });
  first.type('printf "\\e[31mred \\e[1;4mbold\\e[0m 日本\\n"\r');
  await first.waitFor('the output and the next prompt', (screen) => {
    const lines = paneText(screen, 1).filter((line) => line !== '');
    return lines.at(-2) === 'red bold 日本' && lines.at(-1) === 'p1$';
  });
  const panes = [1, 2, 3, 4, 5, 6, 7, 8, 9];
  const before = panes.map((pane) => copyCells(first.screen, paneRect(first.screen, pane)));

  first.press('ctrl+b', 'd');
  expect(await expectRestored(first)).toBe('CODE 0');
  expect((await nonet.list()).every((row) => row.state === 'running')).toBe(true);

  const second = nonet.attach();
  await second.waitFor('nine prompts', (screen) => showsPrompts(screen, [2, 3, 4, 5, 6, 7, 8, 9]));
  await second.waitFor('the output', (screen) => paneText(screen, 1).includes('red bold 日本'));
  expect(panes.map((pane) => copyCells(second.screen, paneRect(second.screen, pane)))).toEqual(before);
  second.type('echo still-$((6*7))\r');
  await second.waitFor('an answer', (screen) => paneText(screen, 1).includes('still-42'));
});

test.for(['SIGTERM', 'SIGHUP', 'SIGINT'] as const)(
  '%s ends the client, restores the terminal and leaves the panes',
  async (signal) => {
    const nonet = createNonet();
    await nonet.start(nineShells());
    const pids = (await nonet.list()).map((row) => row.pid);
    const terminal = openInShell(nonet, ['attach', '-s', 'e2e']);
    await terminal.waitFor('nine prompts', (screen) => showsPrompts(screen));
    const [client] = nonet.clientPids();
    process.kill(client!, signal);
    expect(await expectRestored(terminal)).toMatch(/^CODE \d+$/);
    expect((await nonet.list()).map((row) => row.pid)).toEqual(pids);
  },
);

test('quit asks: escape cancels, detach is the default, stop all ends everything', async () => {
  const nonet = createNonet();
  const terminal = openInShell(nonet, ['up', nonet.writeLayout(nineShells()), '-s', 'e2e']);
  await terminal.waitFor('nine prompts', (screen) => showsPrompts(screen));

  const dialog = () => terminal.waitFor('the dialog', (screen) => /stop all/i.test(screen.text().join('\n')));
  terminal.press('ctrl+b', 'Q');
  await dialog();
  terminal.press('esc');
  await terminal.waitFor('the dialog to close', (screen) => !/stop all/i.test(screen.text().join('\n')));
  terminal.type('echo cancelled-$((6*7))\r');
  await terminal.waitFor('the pane to get keys again', (screen) => paneText(screen, 1).includes('cancelled-42'));

  terminal.press('ctrl+b', 'Q');
  await dialog();
  terminal.press('enter');
  expect(await expectRestored(terminal)).toBe('CODE 0');
  expect((await nonet.list()).every((row) => row.state === 'running')).toBe(true);

  const second = openInShell(nonet, ['attach', '-s', 'e2e']);
  await second.waitFor(
    'the panes',
    (screen) => showsPrompts(screen, [2, 3, 4, 5, 6, 7, 8, 9]) === true && cursorPane(screen) === 1,
  );
  second.press('ctrl+b', 'Q');
  await second.waitFor('the dialog', (screen) => /stop all/i.test(screen.text().join('\n')));
  second.press('s');
  expect(await expectRestored(second)).toBe('CODE 0');
  expect((await nonet.cli(['list', '-s', 'e2e'])).code).toBe(3);
  expect(nonet.socketFiles()).toEqual([]);
});
