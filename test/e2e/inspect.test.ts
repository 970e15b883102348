import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { regularGrid } from '../../src/core/regular-grid.ts';
import { createNonet } from '../helpers/nonet-session.ts';
import { paneWords, QUICK_STOP, statusText, titleText, type View } from '../helpers/panes.ts';
import { isAlive } from '../helpers/process-list.ts';
import { waitUntil } from '../helpers/wait-until.ts';

const TWO: View = { grid: regularGrid(1, 2), paneCount: 2 };
/** Few enough that none is left out of the log. */
const ROWS = 200;

const panes = [
  {
    name: 'works',
    command: ['bash', '--norc', '--noprofile', '-c', 'echo READY; sleep 1000 & cat'],
    env: { PRIVATE_TOKEN: 'the-secret-value' },
    limits: { nice: 3 },
    health: { exec: 'false', interval: '1s', failures: 1 },
    stop: QUICK_STOP,
  },
  { name: 'failed', shell: `seq -f 'row %.0f' ${ROWS}; echo WHY IT ENDED; exit 3`, restart: 'no', stop: QUICK_STOP },
];

test('a pane in full, its log, and another name for it, all by keys', async () => {
  const nonet = createNonet();
  const terminal = nonet.up({ grid: '1x2', panes }, { cols: 110, rows: 30 });
  await terminal.waitFor('both panes', (screen) => titleText(screen, 2, TWO).includes('exited 3'), {
    timeoutMs: 60_000,
  });

  // What the supervisor has noticed is in the title and in the status bar.
  await terminal.waitFor('the warning', (screen) => statusText(screen).includes('▲ 1 works: unhealthy'));
  expect(titleText(terminal.screen, 1, TWO)).toContain('▲ ●');

  terminal.press('ctrl+b', 'i');
  await terminal.waitFor('the processes', (screen) => /process .*└ sleep 1000/.test(textOf(screen)));
  const info = textOf(terminal.screen);
  expect(statusText(terminal.screen)).toContain('INFO');
  for (const part of [
    '● running',
    'limits       nice 3',
    'PRIVATE_TOKEN',
    'policy on-failure',
    'warning      unhealthy',
  ])
    expect(info).toContain(part);
  expect(info).not.toContain('the-secret-value');
  const uptime = (): string => /uptime +(\w+)/.exec(textOf(terminal.screen))?.[1] ?? '';
  const before = uptime();
  // From a minute on it is told in minutes.
  await terminal.waitFor('a newer answer', () => uptime() !== before, { timeoutMs: 90_000 });
  terminal.resize(40, 12);
  await terminal.waitFor('the scroll hint', (screen) => /1–\d+ of \d+, j k scroll/.test(textOf(screen)));
  terminal.type('G');
  await terminal.waitFor('the last row', (screen) => /(\d+)–(\d+) of \2,/.test(textOf(screen)));
  terminal.type('q');
  await terminal.waitFor('the panes', (screen) => !statusText(screen).includes('INFO'));
  terminal.resize(110, 30);
  await terminal.waitFor('all of them', (screen) => titleText(screen, 2, TWO).includes('failed'));

  // The log of a pane in which nothing runs any more.
  terminal.press('ctrl+b', '2');
  terminal.press('ctrl+b', 'i');
  await terminal.waitFor('how it ended', (screen) => /exit .*crash: .*code 3/.test(textOf(screen)));
  terminal.type('G');
  await terminal.waitFor('the end of its screen', (screen) => textOf(screen).includes('| WHY IT ENDED'));
  terminal.press('esc');
  terminal.press('ctrl+b', 'L');
  await terminal.waitFor('the end of the log', (screen) => /\d\d:\d\d:\d\d WHY IT ENDED/.test(textOf(screen)));
  expect(statusText(terminal.screen)).toContain('LOG');
  terminal.type('/ROW 177');
  terminal.type('\x15row 1[7]7$');
  terminal.press('enter');
  await terminal.waitFor('the one line', (screen) => {
    const text = textOf(screen);
    return text.includes('row 177 ') && !text.includes('WHY IT ENDED') && text.includes('only row 1[7]7$');
  });
  terminal.press('esc');
  await terminal.waitFor('every line', (screen) => textOf(screen).includes('WHY IT ENDED'));
  terminal.type('g');
  await terminal.waitFor(
    'the first line',
    (screen) => /started/.test(textOf(screen)) && / row 1 /.test(textOf(screen)),
  );
  terminal.type('q');
  await terminal.waitFor('the panes', (screen) => !statusText(screen).includes('LOG'));

  // Another name: not one that is taken, and then everywhere.
  terminal.press('ctrl+b', '1');
  terminal.press('ctrl+b', ',');
  await terminal.waitFor('the name', (screen) => /Rename pane 1/.test(textOf(screen)));
  terminal.type('\x15failed');
  terminal.press('enter');
  await terminal.waitFor('the refusal', (screen) => textOf(screen).includes('pane 2 is called "failed" already'));
  terminal.type('\x15worker');
  terminal.press('enter');
  await terminal.waitFor('the new name', (screen) => titleText(screen, 1, TWO).includes('1 worker'));
  const { pid } = await nonet.pane('worker');
  await nonet.run(['send', 'worker', 'after the rename', '-s', nonet.name]);
  await waitUntil('its log to go on', async () => {
    const log = await nonet.run(['logs', 'worker', '-s', nonet.name]);
    return log.includes('READY') && log.includes('after the rename');
  });
  expect(fs.readdirSync(logsOf(nonet.env)).filter((file) => file.startsWith('works'))).toEqual([]);
  expect((await nonet.cli(['rename', 'worker', 'failed', '-s', nonet.name])).stderr).toContain('pane 2 is called');

  // It outlives the daemon, and `apply` of a file that knows only the old name.
  const daemon = nonet.daemonPid();
  process.kill(daemon, 'SIGKILL');
  await waitUntil('the daemon to be gone', () => !isAlive(daemon));
  await waitUntil('the next one', async () => (await nonet.cli(['list', '-s', nonet.name])).code === 0);
  expect(await nonet.pane('worker')).toMatchObject({ pid, pane: 1 });
  await nonet.run(['apply', nonet.writeLayout({ grid: '1x2', panes }), '-s', nonet.name]);
  expect(await nonet.pane('worker')).toMatchObject({ pid, pane: 1 });
});

test('a session that comes back keeps its names, and a pane that asks starts at enter', async () => {
  const nonet = createNonet();
  await nonet.start({ grid: '1x2', panes });
  await waitUntil('its words', async () => (await nonet.capture('works')).includes('READY'));
  await nonet.run(['rename', 'works', 'worker', '-s', nonet.name]);
  await nonet.run(['save', '-s', nonet.name]);
  await nonet.run(['down', '-s', nonet.name, '--timeout', '3']);
  await waitUntil('everybody to leave', () => nonet.processes().length === 0);
  await nonet.run(['resurrect', '-s', nonet.name]);
  const terminal = nonet.attach({ cols: 110, rows: 30 });
  // The daemon tells the name and the question, the host what is in the pane.
  await terminal.waitFor('the question', (screen) => {
    const words = paneWords(screen, 1, TWO);
    return (
      words.includes('enter starts it') && words.includes('READY') && titleText(screen, 1, TWO).includes('1 worker')
    );
  });
  terminal.press('enter');
  await waitUntil('it to run', async () => (await nonet.pane('worker')).state === 'running');
});

function textOf(screen: { text(): string[] }): string {
  return screen.text().join('\n');
}

function logsOf(env: Record<string, string>): string {
  return path.join(env['XDG_STATE_HOME']!, 'nonet/sessions/e2e/logs/panes');
}
