import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { regularGrid } from '../../src/core/regular-grid.ts';
import { NODE, PROJECT } from '../helpers/fixture.ts';
import { createNonet } from '../helpers/nonet-session.ts';
import { paneWords, shell, statusText } from '../helpers/panes.ts';
import { waitUntil } from '../helpers/wait-until.ts';

const TWO = { grid: regularGrid(1, 2), paneCount: 2 };

test('without a layout there are nine shells, and one line says how to get help', async () => {
  const nonet = createNonet();
  const terminal = nonet.open(['-s', nonet.name], { cols: 120, rows: 40 });
  const line = 'typing goes to pane 1; ctrl+b ? shows all keys, ctrl+b d leaves';
  await terminal.waitFor('the line', (screen) => statusText(screen).includes(line) || statusText(screen));
  await terminal.waitFor('nine shells', (screen) => statusText(screen).includes('●9 running') || statusText(screen));
  await terminal.waitFor('prompts', (screen) => [1, 5, 9].every((pane) => paneWords(screen, pane) !== ''));
  terminal.press('ctrl+b', '?');
  await terminal.waitForText('Keys after ctrl+b');
  expect(statusText(terminal.screen)).not.toContain(line);
  terminal.press('f5');
  await terminal.waitFor('why not', (screen) => statusText(screen).includes('f5 does nothing in the help'));
  terminal.press('esc', 'ctrl+b', 'd');
  await terminal.waitForExit();

  const again = nonet.attach({ cols: 120, rows: 40 });
  await again.waitFor('the bar', (screen) => statusText(screen).includes('●9 running'));
  expect(statusText(again.screen)).not.toContain('typing goes');
});

test('the line names the prefix that there is, and keys that are of no use say so everywhere', async () => {
  const nonet = createNonet();
  const gone = { name: 'gone', command: 'true', restart: 'no' };
  const layout = { grid: '1x2', panes: [gone, shell(2)], keys: { prefix: 'ctrl+a' } };
  const terminal = nonet.up(layout, { cols: 120, rows: 12 });
  const says = (text: string) =>
    terminal.waitFor(text, (screen) => statusText(screen).includes(text) || statusText(screen));
  await says('ctrl+a ? shows all keys');
  await terminal.waitFor('its end', (screen) => paneWords(screen, 1, TWO).includes('exited with code 0'));
  terminal.press('x');
  await says('1 gone does not run (exited): ctrl+a r restarts it');
  terminal.press('ctrl+a', 'f5');
  await says('ctrl+a f5 is not bound: ctrl+a ? shows the keys');
  terminal.press('ctrl+a', '2', 'ctrl+a', '[');
  await says('COPY');
  terminal.press('f5');
  await says('f5 does nothing here: q leaves copy mode');
  terminal.press('q', 'ctrl+a', 'X', 'z');
  await says('z is no answer here: press y or n');
  terminal.press('esc');
  await terminal.waitFor('the question gone', (screen) => !screen.text().join().includes('Kill 2'));
});

test('a slow end and a daemon that does not answer show what is waited for', async () => {
  const nonet = createNonet();
  const stubborn = {
    name: 'stubborn',
    shell: 'trap : TERM; echo STUBBORN; until [ -e enough ]; do sleep 0.1; done',
    stop: { timeout: '1h' },
  };
  await nonet.start({ panes: [stubborn] });
  process.kill(nonet.daemonPid(), 'SIGSTOP');
  // One that had got further before the daemon stopped.
  const sockets = path.join(nonet.env['XDG_RUNTIME_DIR']!, 'nonet', nonet.name);
  const inside = nonet.openProgram([NODE, path.join(PROJECT, 'test/fixtures/bare-client.ts'), nonet.name, sockets]);
  await inside.waitForText('waiting for session e2e to answer; ctrl+b d leaves …');
  inside.press('ctrl+b', 'd');
  await inside.waitForText('detached from session e2e');
  const waiting = nonet.attach({ cols: 100, rows: 12 });
  await waiting.waitForText('connecting to session e2e …');
  process.kill(nonet.daemonPid(), 'SIGCONT');
  await waiting.waitFor('the pane', (screen) => statusText(screen).includes('●1 running'));
  await waiting.waitForText('STUBBORN');
  waiting.press('ctrl+b', 'd');
  await waiting.waitForExit();

  const down = nonet.open(['down', '-s', nonet.name], { cols: 100, rows: 12 });
  await down.waitForText('taking session e2e down, 1 of 1 to go: 1 stubborn ◍ stopping');
  fs.writeFileSync(path.join(nonet.directory, 'enough'), '');
  const { code } = await down.waitForExit();
  expect(code).toBe(0);
  expect(down.screen.text().join('')).toBe('');
  await waitUntil('every process to be gone', () => nonet.processes().length === 0);
});
