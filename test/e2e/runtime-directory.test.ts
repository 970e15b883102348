import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { createNonet } from '../helpers/nonet-session.ts';
import { isAlive } from '../helpers/process-list.ts';
import { waitUntil } from '../helpers/wait-until.ts';

/** What a cleaner of temporary files or a logout does to a session that lives. */
test.each<[string, { whole: boolean; daemonToo: boolean }]>([
  ['its sockets and locks', { whole: false, daemonToo: false }],
  ['the whole directory, and the daemon with it', { whole: true, daemonToo: true }],
])('a session that loses %s goes on with the same programs, and is not doubled', async (_what, how) => {
  const nonet = createNonet();
  const layout = {
    panes: [
      { name: 'one', command: 'sleep 1000' },
      { name: 'two', command: 'sleep 1001' },
    ],
  };
  await nonet.start(layout);
  const file = nonet.writeLayout(layout);
  const before = (await nonet.list()).map(({ pid }) => pid!);
  const host = nonet.hostPid();
  const daemon = nonet.daemonPid();

  const directory = path.join(nonet.env['XDG_RUNTIME_DIR']!, 'nonet');
  if (how.whole) fs.rmSync(directory, { recursive: true });
  else for (const name of fs.readdirSync(path.join(directory, 'e2e'))) fs.rmSync(path.join(directory, 'e2e', name));
  if (how.daemonToo) process.kill(daemon, 'SIGKILL');
  await Promise.all([1, 2, 3].map(() => nonet.run(['up', '-d', '-s', 'e2e', file])));

  await nonet.soleDaemon();
  await waitUntil('its list', async () => (await nonet.cli(['list', '-s', 'e2e'])).code === 0);
  expect((await nonet.list()).map(({ pid }) => pid)).toEqual(before);
  expect(before.every(isAlive)).toBe(true);
  expect(nonet.hostPid()).toBe(host);
  await waitUntil('everything to be back', () => fs.readdirSync(path.join(directory, 'e2e')).length === 4);
});
