import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { createNonet } from '../helpers/nonet-session.ts';
import { isAlive } from '../helpers/process-list.ts';
import { waitUntil } from '../helpers/wait-until.ts';

test('an upgrade replaces the daemon, and neither the host nor any pane', async () => {
  const nonet = createNonet();
  await nonet.start({
    panes: [
      { name: 'one', command: 'sleep 1000' },
      { name: 'two', command: 'sleep 1001' },
    ],
  });
  const [daemon, host, before] = [nonet.daemonPid(), nonet.hostPid(), await nonet.list()];
  const { code, stderr } = await nonet.cli(['upgrade', '-s', 'e2e']);
  expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining('2 of 2 panes run on untouched') });
  await waitUntil('the old daemon to be gone', () => !isAlive(daemon));
  expect(nonet.daemonPid()).not.toBe(daemon);
  expect(nonet.hostPid()).toBe(host);
  const identity = (rows: typeof before) => rows.map(({ pid, epoch, restarts }) => ({ pid, epoch, restarts }));
  expect(identity(await nonet.list())).toEqual(identity(before));
});

test('a session that lost daemon and host comes back with its screens, and runs only what it may', async () => {
  const nonet = createNonet();
  await nonet.start({
    panes: [
      { name: 'asks', shell: 'echo kept $((40+2)); exec sleep 1000' },
      { name: 'auto', shell: 'echo again; exec sleep 1000', resurrect: 'auto' },
      { name: 'down', command: 'sleep 1000', autostart: false },
    ],
  });
  await waitUntil('the output', async () => (await nonet.capture('asks')).includes('kept 42'));
  await nonet.run(['save', '-s', 'e2e']);
  const pids = (await nonet.list()).flatMap(({ pid }) => (pid === null ? [] : [pid]));
  const both = [nonet.daemonPid(), nonet.hostPid()];
  for (const pid of both) process.kill(pid, 'SIGKILL');
  await waitUntil('everything to be gone', () => [...both, ...pids].every((pid) => !isAlive(pid)));

  await nonet.run(['resurrect', '--all']);
  await waitUntil('auto to run', async () => (await nonet.pane('auto')).state === 'running');
  const [asks, , down] = await nonet.list();
  expect(asks).toMatchObject({ state: 'stopped', pid: null, reason: expect.stringContaining('waits to be started') });
  expect(down).toMatchObject({ state: 'stopped', pid: null });
  expect(await nonet.capture('asks')).toContain('kept 42');

  // Lost again before anybody has answered.
  await nonet.run(['save', '-s', 'e2e']);
  const again = [nonet.daemonPid(), nonet.hostPid()];
  for (const pid of again) process.kill(pid, 'SIGKILL');
  await waitUntil('everything to be gone again', () => again.every((pid) => !isAlive(pid)));
  const { stderr } = await nonet.cli(['resurrect', '--all']);
  expect(stderr).toContain('(resurrect: ask): asks;');
  expect(await nonet.pane('asks')).toMatchObject({ reason: expect.stringContaining('waits to be started') });
  expect(await nonet.capture('asks')).toContain('kept 42');
  await nonet.run(['start', '-s', 'e2e', 'asks']);
  await waitUntil('the words of both runs', async () => {
    const screen = await nonet.run(['capture', '-s', 'e2e', 'asks', '--scrollback', '100']);
    return /kept 42\n[\s\S]*kept 42\n/.test(screen) || screen;
  });
});

test('a session comes back with as many panes as it was scaled to', async () => {
  const nonet = createNonet();
  await nonet.start({
    panes: [
      { name: 'one', command: 'sleep 1000' },
      { name: 'many', command: 'sleep 1001', resurrect: 'auto' },
    ],
  });
  await nonet.run(['scale', '-s', 'e2e', 'many', '2']);
  await nonet.run(['scale', '-s', 'e2e', 'many-1', '3']);
  await nonet.run(['down', '-s', 'e2e']);
  await nonet.run(['resurrect', '-s', 'e2e']);
  expect((await nonet.list()).map(({ name, wanted }) => `${name} ${wanted}`)).toEqual([
    'one down',
    'many-1 up',
    'many-2 up',
    'many-3 up',
  ]);
  // What the file says counts again once it is applied.
  await nonet.run(['apply', '-s', 'e2e']);
  await nonet.run(['down', '-s', 'e2e']);
  await nonet.run(['resurrect', '-s', 'e2e']);
  expect((await nonet.list()).map(({ name }) => name)).toEqual(['one', 'many']);
});

test('a session that was taken down does not come back by itself, but when it is asked for', async () => {
  const nonet = createNonet();
  await nonet.start({ panes: [{ name: 'one', command: 'sleep 1000' }] });
  await nonet.run(['down', '-s', 'e2e']);
  expect((await nonet.cli(['resurrect', '--all'])).stderr).toContain('no session to bring back');
  await nonet.run(['resurrect', '-s', 'e2e']);
  expect(await nonet.pane('one')).toMatchObject({ state: 'stopped', wanted: 'down' });
});

test('nothing of the environment is in the saved state', async () => {
  const nonet = createNonet();
  const layout = nonet.writeLayout({
    panes: [{ name: 'one', command: 'sleep 1000', env: { KEY: 'planted-secret-1' } }],
  });
  await nonet.run(['up', '-d', '-s', 'e2e', layout], { env: { TOKEN: 'planted-secret-2' } });
  await nonet.run(['save', '-s', 'e2e']);
  const file = path.join(nonet.env['XDG_STATE_HOME']!, 'nonet', 'sessions', 'e2e', 'session.json');
  expect(existsSync(file)).toBe(true);
  expect(readFileSync(file, 'utf8')).not.toContain('planted-secret');
});

test('a saved session whose layout is broken by now says where', async () => {
  const nonet = createNonet();
  await nonet.start({ panes: [{ name: 'one', command: 'sleep 1000' }] });
  await nonet.run(['down', '-s', 'e2e']);
  writeFileSync(path.join(nonet.directory, 'layout-1.yaml'), 'panes:\n  - name: one\n    comand: sleep\n');
  const { code, stderr } = await nonet.cli(['resurrect', '-s', 'e2e']);
  expect(code).toBe(2);
  expect(stderr).toMatch(/yaml:3:5: .*comand/);
});
