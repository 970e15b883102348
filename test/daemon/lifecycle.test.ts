import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { waitUntil } from '../helpers/wait-until.ts';
import { sh, sleeper, spec, startSession } from './daemon-session.ts';

test('a pane starts when the work that it needs is done, and goes down before it', async () => {
  const session = await startSession();
  const gate = path.join(session.directory, 'gate');
  const wait = `while [ ! -e ${gate} ]; do sleep 0.05; done`;
  await session.up([
    sleeper('api', { dependsOn: [{ pane: 'migrate', condition: 'exited_ok' }] }),
    sh('migrate', `${wait}; echo migrated`),
  ]);
  await session.waitForState('migrate', 'running');
  expect(await session.pane('api')).toMatchObject({
    state: 'starting',
    reason: 'waits for migrate to end well',
    pid: null,
  });
  fs.writeFileSync(gate, '');
  await session.waitForState('api', 'running');
  expect(await session.pane('migrate')).toMatchObject({ state: 'exited', exit: { code: 0, signal: null } });
});

test('a pane that waits for what it needs goes on to wait under the next daemon', async () => {
  const session = await startSession();
  await session.up([
    sleeper('api', { dependsOn: [{ pane: 'db', condition: 'exited_ok' }] }),
    sh('db', 'exit 3', { restart: { policy: 'no' } }),
  ]);
  await waitUntil('the reason', async () => {
    const { state, reason } = await session.pane('api');
    return (state === 'starting' && /which exited with code 3/.test(reason)) || `${state}: ${reason}`;
  });
  process.kill(await session.pidOf('daemon'), 'SIGKILL');
  session.disconnect();
  await waitUntil('the next daemon', async () => (await session.list().catch(() => [])).length === 2);
  expect(await session.pane('api')).toMatchObject({ state: 'starting', pid: null, epoch: 1 });
});

test('what a pane that gave up is to do is done: its dependents stop, or a command runs with the reason', async () => {
  const session = await startSession();
  const note = path.join(session.directory, 'note');
  const loop = { policy: 'always', maxRestarts: 2, backoff: { initialMs: 50 } } as const;
  const dead = path.join(session.directory, 'dead');
  await session.up([
    sh('db', `[ -e ${dead} ] && exit 5; sleep 1000 & wait $!`, {
      restart: loop,
      onFatal: { action: 'stop_dependents' },
    }),
    sleeper('api', { dependsOn: [{ pane: 'db', condition: 'started' }] }),
    sleeper('other'),
    sh('loud', 'exit 9', {
      restart: { ...loop, maxRestarts: 1 },
      onFatal: { action: 'run', argv: ['sh', '-c', `echo "$NONET_PANE_NAME: $NONET_REASON" >${note}; echo told`] },
    }),
  ]);
  await session.waitForState('api', 'running');
  fs.writeFileSync(dead, '');
  process.kill((await session.pane('db')).pid!, 'SIGKILL');
  await session.waitForState('db', 'fatal');
  expect(await session.waitForState('api', 'stopped')).toMatchObject({
    wanted: 'down',
    reason: 'stopped because db, which it depends on, gave up',
  });
  expect(await session.pane('other')).toMatchObject({ state: 'running' });
  await waitUntil('the note', () => fs.existsSync(note) && fs.readFileSync(note, 'utf8') !== '');
  expect(fs.readFileSync(note, 'utf8')).toMatch(/^loud: restarted once in .*gave up \(exited with code 9/);
  await waitUntil('the log', () => session.logText().includes('told'));
});

test('a pane whose files change is restarted for that reason, also after it gave up', async () => {
  const session = await startSession();
  const watched = path.join(session.directory, 'watched');
  fs.mkdirSync(watched);
  const watch = { paths: [watched], ignore: ['*.log'], delayMs: 50 };
  await session.up([sleeper('dev', { watch }), sh('broken', 'exit 1', { watch, restart: { maxRestarts: 0 } })]);
  await session.waitForState('broken', 'fatal');
  fs.writeFileSync(path.join(watched, 'noise.log'), 'x');
  // In one step: what is written in two may be told twice.
  fs.writeFileSync(path.join(session.directory, 'app.ts'), 'x');
  fs.renameSync(path.join(session.directory, 'app.ts'), path.join(watched, 'app.ts'));
  await waitUntil('the restart', async () => {
    const { epoch, state } = await session.pane('dev');
    return (epoch === 2 && state === 'running') || `${epoch} ${state}`;
  });
  await waitUntil('another try', async () => (await session.pane('broken')).epoch > 1);
  const { exits } = await session.request('show', { pane: 'dev' });
  expect(exits).toMatchObject([{ kind: 'by-nonet', reason: 'app.ts changed' }]);
  expect(await session.pane('dev')).toMatchObject({ restarts: 1 });
});

test('the ends of runs are kept with their kind and last words, and what they have in common is said', async () => {
  const session = await startSession();
  await session.up([
    sh('loop', 'echo "Error: no database"; exit 2', { restart: { maxRestarts: 3, backoff: { initialMs: 50 } } }),
    sh('enough', 'exit 4', { restart: { policy: 'always', stopExitCodes: [4] } }),
    sh('steady', 'exit 1', { restart: { policy: 'always', delayMs: 60_000 } }),
  ]);
  await session.waitForState('loop', 'fatal');
  await waitUntil('the last words', async () => {
    const { exits } = await session.request('show', { pane: 'loop' });
    return exits.length === 4 && exits[0]!.tail.includes('Error: no database');
  });
  const shown = await session.request('show', { pane: 'loop' });
  expect(shown.exits.map(({ kind }) => kind)).toEqual(['crash', 'crash', 'crash', 'crash']);
  expect(shown.repeats).toMatch(/^failed 4 times the same way: exit code 2 after/);
  expect(await session.waitForState('enough', 'exited')).toMatchObject({
    reason: 'exited with code 4, which is not restarted',
    restarts: 0,
  });
  expect(await session.waitForState('steady', 'backoff')).toMatchObject({ restarts: 0 });
});

test('a reload restarts one instance after the other', async () => {
  const session = await startSession();
  await session.up([0, 1, 2].map((instance) => spec(`worker-${instance + 1}`, ['sleep', '1000'], { instance })));
  const before = (await session.list()).map(({ pid }) => pid);
  const down: number[] = [];
  const connection = await session.connect((event) => {
    if (event.event === 'panes') down.push(event.panes.filter(({ state }) => state !== 'running').length);
  });
  const { daemonRequests } = await import('../../src/protocol/control.ts');
  await connection.request(daemonRequests, 'subscribe', {});
  const results = await session.request('reload', { panes: ['worker-*'], wait: true });
  expect(results.map(({ ok, message }) => `${ok} ${message}`)).toEqual([
    'true running',
    'true running',
    'true running',
  ]);
  const after = await session.list();
  expect(after.map(({ epoch }) => epoch)).toEqual([2, 2, 2]);
  expect(after.filter(({ pid }) => before.includes(pid))).toEqual([]);
  expect(Math.max(...down)).toBeLessThanOrEqual(1);
});

test('a pane is ready when its probe says so, others wait for that, and one that never is has failed', async () => {
  const session = await startSession();
  const flag = path.join(session.directory, 'flag');
  const probe = { kind: 'exec', argv: ['test', '-e', flag] } as const;
  await session.up([
    sleeper('db', { ready: { probe: { ...probe, argv: [...probe.argv] }, timeoutMs: 60_000 } }),
    sleeper('api', { dependsOn: [{ pane: 'db', condition: 'ready' }] }),
    sleeper('never', {
      ready: { probe: { kind: 'exec', argv: ['false'] }, timeoutMs: 2_500 },
      restart: { policy: 'no' },
    }),
  ]);
  expect(await session.waitForState('db', 'running')).toMatchObject({ ready: false });
  expect(await session.pane('api')).toMatchObject({
    state: 'starting',
    reason: 'waits for db to be ready',
    ready: null,
  });
  const starting = session.act('start', 'db');
  fs.writeFileSync(flag, '');
  expect(await starting).toMatchObject([{ ok: true }]);
  expect(await session.pane('db')).toMatchObject({ state: 'running', ready: true });
  await session.waitForState('api', 'running');
  const { reason } = await session.waitForState('never', 'fatal');
  expect(reason).toMatch(/^not ready within 2\.5 s: exit code 1/);
  // A pane that was ready stays so under the next daemon, without another look.
  fs.rmSync(flag);
  process.kill(await session.pidOf('daemon'), 'SIGKILL');
  session.disconnect();
  await waitUntil('the next daemon', async () => (await session.list().catch(() => [])).length === 3);
  expect(await session.pane('db')).toMatchObject({ state: 'running', ready: true, epoch: 1 });
});
