import fs from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import { fixture } from '../helpers/fixture.ts';
import { createNonet, NONET } from '../helpers/nonet-session.ts';
import { nineShells, paneText, paneWords, QUICK_STOP, showsPrompts } from '../helpers/panes.ts';
import { processBytesWritten, residentBytes } from '../helpers/process-list.ts';
import { waitUntil } from '../helpers/wait-until.ts';

test('when the client is killed, the panes live and attach shows them', async () => {
  const nonet = createNonet();
  const terminal = nonet.up(nineShells());
  await terminal.waitFor('nine prompts', (screen) => showsPrompts(screen));
  terminal.type('echo before-$((6*7))\r');
  await terminal.waitFor('the answer', (screen) => paneText(screen, 1).includes('before-42'));
  const pids = (await nonet.list()).map((row) => row.pid);
  terminal.kill('SIGKILL');
  await terminal.waitForExit();
  expect((await nonet.list()).map((row) => row.pid)).toEqual(pids);
  const second = nonet.attach();
  await second.waitFor('the old answer', (screen) => paneText(screen, 1).includes('before-42'));
});

test('when the terminal vanishes, the client ends and the panes live', async () => {
  const nonet = createNonet();
  const terminal = nonet.up(nineShells());
  await terminal.waitFor('nine prompts', (screen) => showsPrompts(screen));
  const pids = (await nonet.list()).map((row) => row.pid);
  terminal.hangUp();
  await waitUntil('the client to end', () => nonet.clientPids().length === 0);
  expect((await nonet.list()).map((row) => row.pid)).toEqual(pids);
  const second = nonet.attach();
  await second.waitFor('nine prompts', (screen) => showsPrompts(screen));
});

test('a client that is stopped gives the terminal back, and takes it as it is then when it goes on', async () => {
  const nonet = createNonet();
  await nonet.start(nineShells());
  const terminal = nonet.openProgram(['bash', '--norc', '--noprofile'], { env: { PS1: 'outer$ ' } });
  await terminal.waitForText('outer$');
  const before = terminal.screen.modes();
  terminal.type(`${NONET.join(' ')} attach -s ${nonet.name}\r`);
  await terminal.waitFor('nine prompts', (screen) => showsPrompts(screen));
  const [client] = nonet.clientPids();
  const answers = async (word: string) => {
    terminal.type(`echo ${word}-$((6*7))\r`);
    await terminal.waitFor(
      `${word} in pane 1`,
      (screen) => paneText(screen, 1).includes(`${word}-42`) || paneText(screen, 1).join('\n'),
    );
  };

  process.kill(client!, 'SIGTSTP');
  await terminal.waitFor('the shell', (screen) => screen.text().some((line) => /Stopped/.test(line)));
  await terminal.waitFor('its modes', (screen) => isDeepStrictEqual(screen.modes(), before));
  terminal.type('echo outside-$((6*7))\r');
  await terminal.waitFor('its line', (screen) => screen.text().includes('outside-42'));
  expect(terminal.screen.text()).toContain('outer$ echo outside-$((6*7))');
  terminal.resize(130, 44);
  terminal.type('fg\r');
  await terminal.waitFor('nine prompts in the new size', (screen) => showsPrompts(screen));
  await answers('continued');

  // Nothing can be given back before this, and the shell leaves the terminal in another state.
  process.kill(client!, 'SIGSTOP');
  await terminal.waitFor('the shell', (screen) => screen.text().some((line) => line.includes('outer$')));
  terminal.type("printf '\\033[?1049l\\033[?1000l'; stty sane; echo mess-$((6*7))\r");
  await terminal.waitFor('its line', (screen) => screen.text().includes('mess-42'));
  // A frame waits for the client: it must not be drawn into what the shell shows.
  await nonet.run(['send', '-s', nonet.name, '2', 'echo meanwhile']);
  terminal.type('fg\r');
  await terminal.waitFor(
    'the panes',
    (screen) => paneText(screen, 1).includes('continued-42') && showsPrompts(screen, [2, 9]),
  );
  await answers('again');
  expect(terminal.screen.text().join()).not.toContain('mess');
  terminal.press('ctrl+b', 'd');
  await terminal.waitFor('the shell', (screen) => screen.text().some((line) => line.startsWith('detached')));
  await terminal.waitFor('its modes', (screen) => isDeepStrictEqual(screen.modes(), before));
});

const PANES = [1, 2, 3, 4, 5, 6, 7, 8, 9];
const GROWTH_LIMIT_BYTES = 40e6;
/** So much takes seconds where nothing else is done. */
const VOLUME_PATIENCE_MS = 80_000;

test.for(['a stopped client', 'a terminal that does not read'])(
  '%s costs no memory while nine panes flood, and then shows the newest',
  async (kind) => {
    const nonet = createNonet();
    const file = path.join(nonet.directory, 'enough');
    const terminal = nonet.up({
      grid: '3x3',
      panes: PANES.map((pane) => ({
        name: `flood${pane}`,
        command: fixture('flood', `until:${file}`, `OVER${pane}`),
        stop: QUICK_STOP,
        scrollback: 500,
      })),
    });
    await terminal.waitFor('all to flood', (screen) =>
      PANES.every((pane) => /[!-z]{20}/.test(paneWords(screen, pane))),
    );
    await waitUntil('all running', async () => (await nonet.list()).every((row) => row.state === 'running'));
    const floods = (await nonet.list()).map((row) => row.pid!);
    const written = () => floods.reduce((sum, pid) => sum + processBytesWritten(pid), 0);
    const flow = async (bytes: number) => {
      const goal = written() + bytes;
      await waitUntil(`${bytes} bytes from the panes`, () => written() >= goal || `${goal - written()} to go`, {
        timeoutMs: VOLUME_PATIENCE_MS,
      });
    };
    const watched = { host: nonet.hostPid(), daemon: nonet.daemonPid(), client: terminal.pid };
    const memory = () => Object.entries(watched).map(([name, pid]) => ({ name, bytes: residentBytes(pid) }));

    // Scrollbacks and heaps reach their size first; that growth is meant.
    await flow(25e6);
    const before = memory();
    if (kind === 'a stopped client') terminal.kill('SIGSTOP');
    else terminal.pause();
    await flow(50e6);
    fs.writeFileSync(file, '');
    await waitUntil('the floods to be over', async () => (await nonet.capture(9)).includes('OVER9'));
    const during = memory();
    if (kind === 'a stopped client') terminal.kill('SIGCONT');
    else terminal.resume();

    await terminal.waitFor('the last words of all', (screen) => {
      const missing = PANES.filter((pane) => paneText(screen, pane)[0] !== `OVER${pane}`);
      return missing.length === 0 || `missing in ${missing}`;
    });
    const after = memory();
    for (const [i, { name, bytes }] of before.entries()) {
      const growth = Math.max(during[i]!.bytes, after[i]!.bytes) - bytes;
      expect(growth, `growth of the ${name}`).toBeLessThan(GROWTH_LIMIT_BYTES);
    }
  },
);
