import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadLayout } from '../../src/config/load-layout.ts';
import { readSessionFile } from '../../src/config/session-file.ts';
import { arrangedGrid } from '../../src/core/arrangement.ts';
import type { Layout } from '../../src/core/layout.ts';
import { type DaemonEvent, daemonRequests } from '../../src/protocol/control.ts';
import { isAlive } from '../helpers/process-list.ts';
import { waitUntil } from '../helpers/wait-until.ts';
import { type DaemonSession, startSession } from './daemon-session.ts';

const THREE = `# mine
grid: 2x2
panes:
  - {name: a, shell: "echo I am a; exec sleep 600"}
  - {name: b, shell: "trap 'until test -e may-end; do sleep 0.05; done; exit 0' TERM; echo I am b; while :; do sleep 0.1; done"}
  - {name: c, shell: "echo I am c; exec sleep 600", depends_on: [b]}
`;

async function start(): Promise<DaemonSession> {
  const session = await startSession();
  const file = path.join(session.directory, 'team.yaml');
  fs.writeFileSync(file, THREE);
  fs.writeFileSync(path.join(session.directory, 'may-end'), '');
  const loaded = loadLayout({ source: { file }, text: THREE, env: session.env, cwd: session.directory });
  if (!loaded.ok) throw new Error(loaded.problems[0]?.message);
  await session.up([], {
    layout: loaded.layout,
    origin: { preset: null, profile: null, cwd: session.directory },
    size: { cols: 120, rows: 40 },
  });
  // One waits for another.
  await waitUntil('all to run', async () => (await session.list()).every(({ pid }) => pid !== null));
  return session;
}

const layoutOf = async (session: DaemonSession): Promise<Layout> => (await session.request('layout', {})).layout;
const order = async (session: DaemonSession) => (await session.list()).map(({ pane, name }) => `${pane} ${name}`);

describe('panes moved about', () => {
  test('are where a client has been told they are, also when the daemon dies that moment', async () => {
    const session = await start();
    const daemon = await session.pidOf('daemon');
    const client = await session.connect((event) => {
      if (event.event === 'session') process.kill(daemon, 'SIGKILL');
    });
    await client.request(daemonRequests, 'subscribe', {});
    await client.request(daemonRequests, 'arrange', { change: 'swap', panes: [1, 3] }).catch(() => {});
    await waitUntil('its death', () => !isAlive(daemon));
    session.disconnect();
    expect(await order(session)).toEqual(['3 c', '2 b', '1 a']);
  });

  test('keep their programs and numbers, every client is told before the answer, and there is nothing to go back to', async () => {
    const session = await start();
    const pids = (await session.list()).map(({ pid }) => pid);
    const events: DaemonEvent[] = [];
    const client = await session.connect((event) => events.push(event));
    await client.request(daemonRequests, 'subscribe', {});
    events.length = 0;
    await client.request(daemonRequests, 'arrange', { change: 'swap', panes: [1, 3] });
    // What they hold in memory may be told at any time.
    expect(events.filter(({ event }) => event !== 'panes')).toMatchObject([
      { event: 'session', snapshot: { panes: [{ pane: 3 }, { pane: 2 }, { pane: 1 }] } },
    ]);
    expect(await order(session)).toEqual(['3 c', '2 b', '1 a']);
    await session.request('arrange', { change: 'shape', arrangement: 'main-left' });
    await session.request('arrange', { change: 'sizes', rows: [10, 29], columns: [80, 39] });
    expect((await layoutOf(session)).grid).toEqual({
      ...arrangedGrid('main-left', 3),
      rowShares: [10, 29],
      colShares: [80, 39],
    });
    expect((await session.list()).map(({ pid }) => pid)).toEqual([pids[2], pids[1], pids[0]]);
    expect(await session.request('past-layouts', {})).toEqual([]);
    await expect(session.request('arrange', { change: 'sizes', rows: [1], columns: [1] })).rejects.toThrow('meanwhile');
    await session.request('arrange', { change: 'shape', arrangement: null });
    await expect(session.request('arrange', { change: 'swap', panes: [1, 9] })).rejects.toThrow('no pane');
  });

  test('stay where they are when the daemon dies, and what was added or closed, too', async () => {
    const session = await start();
    await session.request('arrange', { change: 'shape', arrangement: 'main-top' });
    await session.request('arrange', { change: 'swap', panes: [1, 2] });
    const added = await session.request('add-pane', { command: 'sleep 601', beside: 1 });
    expect(added).toMatchObject({ pane: 4, name: 'sleep', ok: true });
    await session.request('close-pane', { pane: 'c' });
    const before = await layoutOf(session);
    await waitUntil('all to run', async () => (await session.list()).every(({ state }) => state === 'running'));
    const listed = (await session.list()).map(({ pane, pid }) => [pane, pid]);
    process.kill(await session.pidOf('daemon'), 'SIGKILL');
    session.disconnect();
    session.startDaemon();
    await waitUntil('the next daemon', () =>
      session.list().then(
        (panes) => panes.length === 3,
        () => false,
      ),
    );
    expect((await session.list()).map(({ pane, pid }) => [pane, pid])).toEqual(listed);
    expect(await layoutOf(session)).toEqual(before);
    expect(before.grid.arrangement).toBe('main-top');
    const read = () => readSessionFile(session.paths.sessionStateDirectory);
    await waitUntil('the file', () => (read()?.edits?.closed.length ?? 0) > 0);
    const saved = read();
    expect(saved?.edits).toMatchObject({
      grid: before.grid,
      added: [{ name: 'sleep', command: 'sleep 601', cwd: session.directory }],
      closed: ['c'],
    });
  });
});

describe('adding a pane', () => {
  test('runs a shell where the program beside it is now, and a command line as a shell would', async () => {
    const session = await start();
    fs.mkdirSync(path.join(session.directory, 'deep'));
    const one = await session.request('add-pane', { command: 'cd deep; echo moved; exec sleep 602', beside: 1 });
    await session.waitForText(one.name, 'moved');
    const two = await session.request('add-pane', { command: 'pwd | tr a-z A-Z; sleep 603', beside: one.pane });
    await session.waitForText(two.name, path.join(session.directory, 'deep').toUpperCase().slice(0, 20));
    expect((await session.request('show', { pane: two.name })).cwd).toBe(path.join(session.directory, 'deep'));
    expect((await order(session)).slice(3)).toEqual(['4 cd', '5 pwd']);
    const { grid } = await layoutOf(session);
    // It fits the panes that there are, as the one before did.
    expect([grid.rows, grid.cols]).toEqual([2, 3]);
  });

  test('says what is wrong with a command, and shows one that cannot run', async () => {
    const session = await start();
    await expect(session.request('add-pane', { command: 'echo "oops', beside: 1 })).rejects.toThrow('unbalanced quote');
    expect(await session.request('add-pane', { command: 'no-such-program', beside: null })).toMatchObject({
      name: 'no-such-program',
      ok: false,
    });
    expect(await session.pane('no-such-program')).toMatchObject({ state: 'fatal' });
  });
});

describe('closing a pane', () => {
  test('stops its tree first, keeps what was moved meanwhile, and can be taken back', async () => {
    const session = await start();
    await session.waitForText('b', 'I am b');
    const mayEnd = path.join(session.directory, 'may-end');
    fs.rmSync(mayEnd);
    const closing = session.request('close-pane', { pane: '2' });
    await session.waitForState('b', 'stopping');
    await session.request('arrange', { change: 'shape', arrangement: 'rows' });
    await session.request('arrange', { change: 'swap', panes: [1, 3] });
    fs.writeFileSync(mayEnd, '');
    expect((await closing).results).toEqual([
      { pane: 2, name: 'b', ok: true, message: 'removed' },
      { pane: 3, name: 'c', ok: true, message: 'changed: running' },
    ]);
    expect(await order(session)).toEqual(['3 c', '1 a']);
    expect((await layoutOf(session)).grid).toEqual(arrangedGrid('rows', 2));
    expect(session.processesOf('b')).toEqual([]);
    expect((await session.request('show', { pane: 'c' })).state).toBe('running');
    await session.request('rollback', { back: 1 });
    expect(await order(session)).toEqual(['3 c', '2 b', '1 a']);
  });

  test('is refused for the last one', async () => {
    const session = await start();
    await session.request('close-pane', { pane: 'a' });
    await session.request('close-pane', { pane: 'b' });
    await expect(session.request('close-pane', { pane: 'c' })).rejects.toThrow('last pane');
  });
});

test('what is saved brings up the same, and is not written over another file unasked', async () => {
  const session = await start();
  await session.request('add-pane', { command: 'sleep 604', beside: 1 });
  await session.request('arrange', { change: 'shape', arrangement: 'main-left' });
  const own = path.join(session.directory, 'team.yaml');
  expect(await session.request('save-layout', { file: own, overwrite: false })).toMatchObject({ status: 'exists' });
  const file = path.join(session.directory, 'saved.yaml');
  expect(await session.request('save-layout', { file, overwrite: false })).toEqual({
    status: 'written',
    file,
    notes: [],
  });
  const text = fs.readFileSync(file, 'utf8');
  expect(text).toContain('# mine');
  const loaded = loadLayout({ source: { file }, text, env: session.env, cwd: '/' });
  if (!loaded.ok) throw new Error(text);
  const diff = (await session.request('apply', { layout: loaded.layout, env: session.env, size: null, dryRun: true }))
    .diff;
  expect(diff).toMatchObject({ added: [], removed: [], changed: [], session: ['name', 'file'] });
});
