import { once } from 'node:events';
import fs from 'node:fs';
import { expect, it } from 'vitest';
import { fixture } from '../helpers/fixture.ts';
import { isAlive } from '../helpers/process-list.ts';
import { waitUntil } from '../helpers/wait-until.ts';
import { sh, shell, sleeper, spec, startSession } from './daemon-session.ts';

const NO_ANSWER = { code: 'timed-out', message: 'the host does not answer', hint: '`nonet down` ends it' };

it('what needs a host that is stuck fails in time, and down ends everything', async () => {
  const session = await startSession();
  await session.up([shell('shell'), sh('deaf', 'trap "" HUP; echo ready; while :; do sleep 1000; done')]);
  await session.waitForText('deaf', 'ready');
  process.kill(await session.pidOf('host'), 'SIGSTOP');
  const asked = [
    session.request('capture', { pane: 'shell', format: 'text', scrollback: 10 }),
    session.request('send', { pane: 'shell', text: 'x', enter: true }),
    session.request('show', { pane: 'shell' }),
    session.request('up', { layout: { name: 'x', panes: [] } as never, env: {}, size: null }),
  ];
  await Promise.all(asked.map((request) => expect(request).rejects.toMatchObject(NO_ANSWER)));
  expect(await session.list()).toHaveLength(2);
  const exited = once(session.child, 'exit');
  expect(await session.request('down', { timeoutMs: null })).toEqual({ stuck: [] });
  expect(await exited).toEqual([0, null]);
  expect(session.processes()).toEqual([]);
  expect(fs.existsSync(session.paths.hostSocket)).toBe(false);
});

it('a daemon that finds a stuck host says so, does not end its panes unasked, and ends them when asked', async () => {
  const session = await startSession();
  await session.up([sleeper('one'), sh('deaf', 'trap "" HUP TERM; echo ready; while :; do sleep 1000; done')]);
  await session.waitForText('deaf', 'ready');
  const pids = (await session.list()).map((row) => row.pid!);
  process.kill(await session.pidOf('host'), 'SIGSTOP');
  process.kill(await session.pidOf('daemon'), 'SIGKILL');
  await once(session.child, 'exit');
  session.disconnect();
  const next = session.startDaemon();
  await expect(session.list()).rejects.toMatchObject(NO_ANSWER);
  await expect(session.list()).rejects.toMatchObject(NO_ANSWER);
  expect(pids.every(isAlive)).toBe(true);
  const exited = once(next, 'exit');
  await session.request('down', { timeoutMs: 1000 });
  expect(await exited).toEqual([0, null]);
  expect(session.processes()).toEqual([]);
});

it('stop keys that a stuck host does not type hold up no signal', async () => {
  const session = await startSession();
  await session.up([sleeper('one', { stop: { keys: ['ctrl+c'], timeoutMs: 1000 } })]);
  const pid = (await session.pane('one')).pid!;
  process.kill(await session.pidOf('host'), 'SIGSTOP');
  const before = performance.now();
  const down = session.request('down', { timeoutMs: null });
  await waitUntil('the program to be gone', () => !isAlive(pid));
  // Three seconds for the screens that the host does not give, and half of the grace; the keys would take ten seconds more.
  expect(performance.now() - before).toBeLessThan(8000);
  expect(await down).toEqual({ stuck: [] });
});

it('the next daemon goes on taking the session down', async () => {
  const session = await startSession();
  await session.up([spec('stubborn', fixture('ignore-term'), { stop: { timeoutMs: 6000 } }), sleeper('one')]);
  await session.waitForText('stubborn', 'STUBBORN');
  const down = session.request('down', { timeoutMs: null }).catch(() => {});
  await session.waitForText('stubborn', 'ignoring SIGTERM');
  process.kill(await session.pidOf('daemon'), 'SIGKILL');
  await down;
  await waitUntil('everything to be gone', () => session.processes().length === 0);
});
