import { expect, test } from 'vitest';
import { createNonet, NONET, type NonetSession } from '../helpers/nonet-session.ts';
import { createReferenceTerminal } from '../helpers/reference-terminal.ts';
import type { TerminalSession } from '../helpers/terminal-session.ts';
import { waitUntil } from '../helpers/wait-until.ts';

const untouched = createReferenceTerminal({ cols: 80, rows: 24 }).modes();

const layout = {
  version: 1,
  panes: [
    { name: 'idle', command: 'sleep 1000', restart: { backoff: { initial: '60s' } } },
    { name: 'busy', shell: 'while :; do :; done' },
    { name: 'done', shell: 'exit 0' },
  ],
};

/** `nonet top` as a command of a shell, which says how it ended and how it left the tty. */
function openTop(nonet: NonetSession): TerminalSession {
  const command = [...NONET, 'top', '-s', 'e2e'].map((word) => `'${word}'`).join(' ');
  const script = `echo "TTY $(stty -g | cksum)"; ${command}; echo "CODE $?"; echo "TTY $(stty -g | cksum)"; exec sleep 1000`;
  return nonet.openProgram(['bash', '-c', script]);
}

async function expectRestored(terminal: TerminalSession, code: number): Promise<void> {
  await terminal.waitFor(
    'the shell behind',
    (screen) => screen.text().filter((line) => line.startsWith('TTY')).length === 2,
  );
  const text = terminal.screen.text();
  const [before, after] = text.filter((line) => line.startsWith('TTY'));
  expect(after).toBe(before);
  expect(text.find((line) => line.startsWith('CODE'))).toBe(`CODE ${code}`);
  expect(terminal.screen.modes()).toEqual(untouched);
}

const rowOf = (terminal: TerminalSession, name: string): number =>
  terminal.screen.text().findIndex((line) => new RegExp(`^ +\\d+ +${name} `).test(line));

test('top follows what panes use, sorts by key, and gives the terminal back', async () => {
  const nonet = createNonet();
  await nonet.start(layout);
  for (const [leave, code] of [
    ['q', 0],
    ['\x03', 0],
    ['\x1b', 0],
  ] as const) {
    const terminal = openTop(nonet);
    await terminal.waitForText('sort: number');
    expect(terminal.screen.modes()).toMatchObject({ alternateScreen: true });
    // The second sample has a share of a core.
    await terminal.waitFor('the busy pane to be seen', (screen) => /busy .* \d\d+%/.test(screen.text().join('\n')));
    expect(rowOf(terminal, 'idle')).toBeLessThan(rowOf(terminal, 'busy'));
    terminal.type('c');
    await terminal.waitFor('the busy one first', () => rowOf(terminal, 'busy') < rowOf(terminal, 'idle'));
    // An arrow is no escape.
    terminal.type('\x1b[A');
    terminal.resize(60, 10);
    await terminal.waitFor('the smaller table', (screen) => screen.text().join('\n').includes('sort: cpu'));
    terminal.resize(80, 24);
    terminal.type(leave);
    await expectRestored(terminal, code);
    await terminal.close();
  }
  const killed = openTop(nonet);
  await killed.waitForText('sort: number');
  const top = nonet.processes().find(({ argv }) => argv.includes('top'));
  process.kill(top!.pid, 'SIGTERM');
  await expectRestored(killed, 143);
  await killed.close();
});

test('without a terminal it is a table, once, and JSON where that is asked for', async () => {
  const nonet = createNonet();
  await nonet.start(layout);
  const plain = await nonet.run(['top', '-s', 'e2e']);
  expect(plain).toMatch(/^e2e: 3 panes, \d running/);
  expect(plain).not.toContain('\x1b');
  const panes = JSON.parse(await nonet.run(['top', '--json', '-s', 'e2e'])) as { name: string; history: object }[];
  expect(panes.map(({ name }) => name)).toEqual(['idle', 'busy', 'done']);
  expect(panes[0]!.history).toMatchObject({ stepMs: 1000 });
  expect(await nonet.cli(['top', '--sort', 'size', '-s', 'e2e'])).toMatchObject({ code: 2 });
});

test('health says for scripts whether all is as it should be', async () => {
  const nonet = createNonet();
  await nonet.start(layout);
  await waitUntil('what is to be done', async () => (await nonet.pane('done')).state === 'exited');
  expect(await nonet.cli(['health', 'idle', '-s', 'e2e'])).toMatchObject({ code: 0 });
  await nonet.run(['stop', 'busy', '-s', 'e2e']);
  // What is down because somebody wanted that is not asked about.
  const all = await nonet.cli(['health', '--all', '--json', '-s', 'e2e']);
  expect(all.code).toBe(0);
  expect(JSON.parse(all.stdout)).toMatchObject([
    { name: 'idle', ok: true, state: 'running' },
    { name: 'busy', ok: true, state: 'stopped' },
    { name: 'done', ok: true, state: 'exited' },
  ]);
  const before = await nonet.pane('idle');
  process.kill(before.pid!, 'SIGKILL');
  await waitUntil('the end to be known', async () => (await nonet.pane('idle')).state === 'backoff');
  const failed = await nonet.cli(['health', '-s', 'e2e']);
  expect(failed.code).toBe(1);
  expect(failed.stdout).toMatch(/idle +no +↻ backoff/);
  expect(await nonet.cli(['health', 'nobody', '-s', 'e2e'])).toMatchObject({ code: 1 });
});
