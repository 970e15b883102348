import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { createNonet, type NonetSession } from '../helpers/nonet-session.ts';
import { isAlive } from '../helpers/process-list.ts';
import { waitUntil } from '../helpers/wait-until.ts';

/** Prints who it is, is ready a moment later, and fails where a file says so. */
const SERVER =
  'echo "i am $$"; test -e bad && exit 3; while test -e wait; do sleep 0.05; done; echo ready; setsid sleep 1003 & exec cat';
const layout = {
  panes: [
    { name: 'web', shell: SERVER, cwd: '.', ready: { log_line: '^ready', timeout: '2m' } },
    { name: 'other', command: 'sleep 1001' },
    {
      name: 'port',
      shell: 'mkdir taken || exit 1; exec sleep 1004',
      cwd: '.',
      ready: { exec: ['true'], timeout: '2m' },
      // So long a new one has to find out that its place is taken.
      restart: { policy: 'on-failure', min_uptime: '20s' },
    },
  ],
};

/** Said before the program starts its child. */
async function waitUntilReady(nonet: NonetSession): Promise<void> {
  await waitUntil(
    'the pane to be ready',
    async () => JSON.parse(await nonet.run(['show', '-s', 'e2e', 'web', '--json'])).ready,
  );
}

const childrenOf = (nonet: NonetSession) => nonet.processes().filter(({ argv }) => argv.join(' ') === 'sleep 1003');

test('a reload replaces a program by one that is ready, and nobody misses anything', async () => {
  const nonet = createNonet();
  const client = nonet.up(layout, { cols: 100, rows: 30 });
  await client.waitForText(/i am \d/);
  await waitUntilReady(nonet);
  const before = await nonet.pane('web');
  const other = await nonet.pane('other');
  const flag = path.join(nonet.directory, 'wait');
  await waitUntil('what it starts', () => childrenOf(nonet).length === 1);
  const children = childrenOf(nonet);

  // The old one serves for as long as the new one takes.
  fs.writeFileSync(flag, '');
  const reload = nonet.cli(['reload', '-s', 'e2e', 'web', '--json']);
  await waitUntil(
    'the new program',
    () => nonet.processes().filter(({ argv }) => argv.join(' ').includes('test -e bad')).length >= 1,
  );
  expect(await nonet.pane('web')).toMatchObject({ pid: before.pid, state: 'running', restarts: 0 });
  fs.rmSync(flag);
  const result = await reload;
  expect(result).toMatchObject({ code: 0 });
  expect(JSON.parse(result.stdout)).toMatchObject([{ name: 'web', ok: true, message: 'running' }]);

  const after = await nonet.pane('web');
  expect(after).toMatchObject({ state: 'running', restarts: 1, epoch: before.epoch + 1, reason: '' });
  expect(after.pid).not.toBe(before.pid);
  expect(isAlive(before.pid!)).toBe(false);
  // With everything that it had started, and nothing of the new one.
  expect(children.filter(({ pid }) => isAlive(pid))).toEqual([]);
  await waitUntil('what the new one starts', () => childrenOf(nonet).length === 1);
  expect((await nonet.pane('other')).pid).toBe(other.pid);
  await client.waitForText(`i am ${after.pid}`);
  await nonet.run(['send', '-s', 'e2e', 'web', 'hear me']);
  await client.waitForText('hear me');
  const logs = await nonet.run(['logs', '-s', 'e2e', 'web', '-n', '100']);
  for (const { pid } of [before, after]) expect(logs).toContain(`i am ${pid}`);
  const show = JSON.parse(await nonet.run(['show', '-s', 'e2e', 'web', '--json']));
  expect(show.exits).toMatchObject([{ epoch: before.epoch }]);

  // It is the pane's program in every respect, also for the daemon after this one.
  process.kill(nonet.daemonPid(), 'SIGKILL');
  await waitUntil('the next daemon', async () => (await nonet.cli(['list', '-s', 'e2e'])).code === 0);
  expect(await nonet.pane('web')).toMatchObject({ pid: after.pid, state: 'running' });
  await nonet.run(['stop', '-s', 'e2e', 'web']);
  expect(nonet.processes().filter(({ argv }) => /^(cat|sleep 1003)$/.test(argv.join(' ')))).toEqual([]);
});

test('a reload whose new program is not fit leaves the old one as it was', async () => {
  const nonet = createNonet();
  await nonet.start(layout);
  await waitUntilReady(nonet);
  const before = await nonet.pane('web');
  fs.writeFileSync(path.join(nonet.directory, 'bad'), '');
  const failed = await nonet.cli(['reload', '-s', 'e2e', 'web']);
  expect(failed.stderr).toMatch(/left as it was, because the new one is not fit: exited with code 3/);
  expect(failed.code).toBe(1);
  expect(await nonet.pane('web')).toMatchObject({
    pid: before.pid,
    epoch: before.epoch,
    restarts: 0,
    state: 'running',
  });
  fs.rmSync(path.join(nonet.directory, 'bad'));

  // A probe that the old one may answer is not enough, while the new one finds its place taken.
  const port = await nonet.pane('port');
  const taken = await nonet.cli(['reload', '-s', 'e2e', 'port']);
  expect(taken.stderr).toMatch(/left as it was, because the new one is not fit: exited with code 1/);
  expect(await nonet.pane('port')).toMatchObject({ pid: port.pid, state: 'running', restarts: 0 });

  // A daemon that dies in the middle leaves no second program behind.
  fs.writeFileSync(path.join(nonet.directory, 'wait'), '');
  const shells = () => nonet.processes().filter(({ argv }) => argv.join(' ').includes('test -e bad'));
  const reload = nonet.cli(['reload', '-s', 'e2e', 'web']);
  await waitUntil('the new program', () => shells().length >= 1);
  process.kill(nonet.daemonPid(), 'SIGKILL');
  expect((await reload).code).toBe(1);
  await waitUntil('the new program to be gone', () => shells().length === 0);
  expect(await nonet.pane('web')).toMatchObject({ pid: before.pid, state: 'running' });

  // One that is asked to stop meanwhile stops.
  const late = nonet.cli(['reload', '-s', 'e2e', 'web']);
  await waitUntil('the new program', () => shells().length >= 1);
  await nonet.run(['stop', '-s', 'e2e', 'web']);
  fs.rmSync(path.join(nonet.directory, 'wait'));
  expect((await late).code).toBe(1);
  expect(await nonet.pane('web')).toMatchObject({ pid: null, state: 'stopped' });
  expect(nonet.processes().filter(({ argv }) => /^(cat|sleep 1003)$/.test(argv.join(' ')))).toEqual([]);
});
