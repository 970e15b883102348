import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadLayout } from '../../src/config/load-layout.ts';
import { formatProblem } from '../../src/config/problem.ts';
import type { Layout } from '../../src/core/layout.ts';
import type { PaneInfo } from '../../src/core/session.ts';
import { type DaemonEvent, daemonRequests, type LayoutChange } from '../../src/protocol/control.ts';
import { waitUntil } from '../helpers/wait-until.ts';
import { type DaemonSession, startSession } from './daemon-session.ts';

const LAYOUTS = 8;

/** Says what it is on its screen, then sleeps. */
const sleeps = (text: string): string => `shell: "echo ${text}; exec sleep 600"`;

function load(session: DaemonSession, text: string): Layout {
  const loaded = loadLayout({
    source: { file: path.join(session.directory, 'team.yaml') },
    text,
    env: session.env,
    cwd: session.directory,
  });
  if (!loaded.ok) throw new Error(loaded.problems.map(formatProblem).join('\n'));
  return loaded.layout;
}

async function start(text: string): Promise<DaemonSession> {
  const session = await startSession();
  await session.up([], { layout: load(session, text) });
  return session;
}

function apply(session: DaemonSession, text: string, dryRun = false): Promise<LayoutChange> {
  return session.request('apply', { layout: load(session, text), env: session.env, size: null, dryRun });
}

async function rows(session: DaemonSession): Promise<[number, string, string][]> {
  return (await session.list()).map(({ pane, name, state }) => [pane, name, state]);
}

function pids(panes: PaneInfo[]): Record<string, number | null> {
  return Object.fromEntries(panes.map(({ name, pid }) => [name, pid]));
}

/** Resolves when another daemon serves the session in the place of the one that was killed. */
async function replaceDaemon(session: DaemonSession): Promise<void> {
  const daemon = await session.pidOf('daemon');
  process.kill(daemon, 'SIGKILL');
  session.disconnect();
  await waitUntil('another daemon', async () => (await session.pidOf('daemon')) !== daemon);
}

const three = `panes:
  - {name: a, ${sleeps('I am a')}}
  - {name: b, ${sleeps('I am b')}}
  - {name: c, ${sleeps('I am c')}}
`;

describe('applying a layout', () => {
  test('touches only what is different: what stays keeps its program and number, what is new takes the lowest free one', async () => {
    const session = await start(three);
    const before = pids(await session.list());
    const text = `panes:
  - {name: c, ${sleeps('I am c')}, restart: always, memory: {warn: 1G}}
  - {name: new, ${sleeps('I am new')}}
  - {name: a, ${sleeps('I am a')}}
`;
    expect((await apply(session, text, true)).results).toEqual([]);
    expect(pids(await session.list())).toEqual(before);

    const { diff, results } = await apply(session, text);
    expect(diff).toMatchObject({ added: ['new'], removed: ['b'], changed: [{ name: 'c', restart: false }] });
    expect(results).toEqual([
      { pane: 2, name: 'b', ok: true, message: 'removed' },
      { pane: 2, name: 'new', ok: true, message: 'added: running' },
      { pane: 3, name: 'c', ok: true, message: 'changed: running' },
    ]);
    expect(await rows(session)).toEqual([
      [3, 'c', 'running'],
      [2, 'new', 'running'],
      [1, 'a', 'running'],
    ]);
    const after = pids(await session.list());
    expect([after['a'], after['c']]).toEqual([before['a'], before['c']]);
    expect(session.processesOf('b')).toEqual([]);
    // A number that is used again shows nothing of the pane before.
    await session.waitForText('new', 'I am new');
    expect(await session.capture('2')).not.toContain('I am b');
    expect((await session.request('show', { pane: 'c' })).restart).toContain('always');
    expect(await apply(session, text)).toMatchObject({ results: [] });
  });

  test('restarts what has another command, keeps its number and history, and starts nothing that is stopped', async () => {
    const session = await start(three);
    await session.act('stop', 'b');
    const before = await session.list();
    const { results } = await apply(session, three.replace('I am a', 'now A').replace('I am b', 'now B'));
    expect(results.map(({ name, message }) => [name, message])).toEqual([
      ['a', 'restarted: running'],
      ['b', 'changed: stopped'],
    ]);
    await session.waitForText('a', 'now A');
    const [a, , c] = await session.list();
    expect(a!.pid).not.toBe(before[0]!.pid);
    expect(a!.epoch).toBe(before[0]!.epoch + 1);
    expect(c!.pid).toBe(before[2]!.pid);
    await session.act('start', 'b');
    await session.waitForText('b', 'now B');
  });

  test('gives a pane that goes on its new restart policy, which its next end follows', async () => {
    const session = await start(`panes:\n  - {name: a, ${sleeps('x')}, restart: no}\n`);
    const { pid } = await session.pane('a');
    await apply(session, `panes:\n  - {name: a, ${sleeps('x')}, restart: {policy: always, delay: 0}}\n`);
    expect((await session.pane('a')).pid).toBe(pid);
    process.kill(pid!, 'SIGKILL');
    await waitUntil('another program', async () => {
      const row = await session.pane('a');
      return (row.state === 'running' && row.pid !== pid && row.restarts === 1) || row;
    });
  });

  test('starts a pane that gave up when its command has been put right', async () => {
    const session = await start('panes:\n  - {name: a, command: no-such-program-here}\n');
    await session.waitForState('a', 'fatal');
    const { results } = await apply(session, `panes:\n  - {name: a, ${sleeps('right')}}\n`);
    expect(results).toEqual([{ pane: 1, name: 'a', ok: true, message: 'restarted: running' }]);
  });

  test('changes a pane that waits for another one, and lets it go on waiting for what the new layout says', async () => {
    const waiting = (on: string) => `panes:
  - {name: a, ${sleeps('up')}, depends_on: {${on}: exited_ok}}
  - {name: slow, ${sleeps('slow')}}
  - {name: quick, shell: "true", restart: no}
`;
    const session = await start(waiting('slow'));
    expect((await session.pane('a')).state).toBe('starting');
    await apply(session, waiting('quick'));
    await session.waitForState('a', 'running');
  });

  test('one after the other: two that come at once both happen', async () => {
    const session = await start(three);
    const add = (name: string) => `${three}  - {name: ${name}, ${sleeps(name)}}\n`;
    const [first, second] = await Promise.all([apply(session, add('d')), apply(session, add('e'))]);
    expect([first.diff.added, second.diff.added, second.diff.removed]).toEqual([['d'], ['e'], ['d']]);
    expect((await rows(session)).map(([pane, name]) => `${pane}${name}`)).toEqual(['1a', '2b', '3c', '4e']);
  });

  test('is told to those who look, as a new snapshot', async () => {
    const session = await start(three);
    const events: DaemonEvent[] = [];
    const connection = await session.connect((event) => events.push(event));
    await connection.request(daemonRequests, 'subscribe', {});
    await apply(session, three.replace('panes:', 'grid: 1x3\npanes:').replace('name: b', 'name: z'));
    await waitUntil('the snapshot', () => {
      const snapshots = events.flatMap((event) => (event.event === 'session' ? [event.snapshot] : []));
      const [latest] = snapshots.slice(-1);
      return latest?.layout.grid.cols === 3 && latest.panes.map(({ name }) => name).join() === 'a,z,c';
    });
  });

  test('leads from any layout to any other, and what both have in the same way goes on', async () => {
    const pane = fc.record({
      name: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
      words: fc.constantFrom('x', 'y'),
      retain: fc.constantFrom(1, 2),
      autostart: fc.boolean(),
    });
    const layouts = fc.uniqueArray(pane, { minLength: 1, selector: ({ name }) => name });
    const textOf = (panes: { name: string; words: string; retain: number; autostart: boolean }[]): string =>
      `panes:\n${panes.map(({ name, words, retain, autostart }) => `  - {name: ${name}, ${sleeps(words)}, log: {retain: ${retain}}, autostart: ${autostart}}\n`).join('')}`;
    const [first, ...others] = fc.sample(layouts, { numRuns: LAYOUTS, seed: 9 });
    const session = await start(textOf(first!));
    let before = await session.list();
    let present = first!;
    for (const next of others) {
      const { results } = await apply(session, textOf(next));
      expect(results.filter(({ ok }) => !ok)).toEqual([]);
      const after = await session.list();
      expect(after.map(({ name }) => name)).toEqual(next.map(({ name }) => name));
      expect(new Set(after.map(({ pane: number }) => number)).size).toBe(after.length);
      for (const row of after) {
        const old = before.find(({ name }) => name === row.name);
        const isNew =
          present.find(({ name }) => name === row.name)?.words !== next.find(({ name }) => name === row.name)!.words;
        if (!old) {
          expect(row.state).toBe(next.find(({ name }) => name === row.name)!.autostart ? 'running' : 'stopped');
          continue;
        }
        expect([row.pane, row.state]).toEqual([old.pane, old.state]);
        expect(row.pid === old.pid).toBe(!isNew || old.pid === null);
      }
      before = after;
      present = next;
    }
    const running = before.filter(({ state }) => state === 'running').length;
    // A shell that has just been started has yet to become its program.
    await waitUntil('one program in each pane that runs, and none besides', () => {
      const programs = session.processes().filter(({ argv }) => argv[0] === 'sleep' || argv[1] === '-c');
      return programs.length === running || programs;
    });
  });

  test('is given up when the session is taken down meanwhile, and starts nothing any more', async () => {
    const session = await start(
      `panes:\n  - {name: slow, shell: "trap 'until test -e may-end; do sleep 0.05; done; exit' TERM; echo slow; while :; do sleep 0.1; done", stop: {timeout: 60s}}\n`,
    );
    await session.waitForText('slow', 'slow');
    const applying = apply(session, `panes:\n  - {name: other, ${sleeps('other')}}\n`);
    const refused = expect(applying).rejects.toMatchObject({ message: 'the session is being taken down' });
    await session.waitForState('slow', 'stopping');
    const connection = await session.connect();
    const down = connection.request(daemonRequests, 'down', { timeoutMs: null });
    // Answered when the other has been heard.
    await connection.request(daemonRequests, 'list', {});
    fs.writeFileSync(path.join(session.directory, 'may-end'), '');
    await Promise.all([down, refused]);
    await waitUntil('everything to be gone', () => session.processes().length === 0);
    expect(session.logText()).not.toContain('"name":"other","state":"running"');
  });

  test('before there are panes is refused', async () => {
    const session = await startSession();
    await expect(apply(session, three)).rejects.toMatchObject({ code: 'no-such-session' });
    await session.up([], { layout: load(session, three) });
  });
});

describe('going back', () => {
  test('returns to any of the layouts before, also after another daemon took over', async () => {
    const session = await start(three);
    const only = (name: string) => `panes:\n  - {name: ${name}, ${sleeps(`I am ${name}`)}}\n`;
    await apply(session, only('c'));
    await apply(session, only('d'));
    const [row] = await session.list();
    expect(row).toMatchObject({ pane: 1, name: 'd' });

    await replaceDaemon(session);
    const past = await session.request('past-layouts', {});
    expect(past.map(({ back, panes, diff }) => [back, panes, diff.added])).toEqual([
      [1, 1, ['c']],
      [2, 3, ['a', 'b', 'c']],
    ]);
    expect((await session.pane('d')).pid).toBe(row!.pid);
    await session.request('rollback', { back: 2 });
    expect((await rows(session)).map(([, name]) => name)).toEqual(['a', 'b', 'c']);
    // Going back is a change like any other.
    await session.request('rollback', { back: 1 });
    expect((await rows(session)).map(([, name]) => name)).toEqual(['d']);
    await expect(session.request('rollback', { back: 9 })).rejects.toMatchObject({ code: 'usage' });
  });

  test('numbers with gaps outlive the daemon', async () => {
    const session = await start(three);
    await apply(session, three.replace(/ {2}- \{name: a.*\n/, ''));
    const before = await session.list();
    expect(before.map(({ pane }) => pane)).toEqual([2, 3]);
    await replaceDaemon(session);
    const after = await session.list();
    expect(after.map(({ pane, name, pid }) => [pane, name, pid])).toEqual(
      before.map(({ pane, name, pid }) => [pane, name, pid]),
    );
    await session.act('restart', '3');
    await session.waitForText('c', 'I am c');
  });
});

test('scaling starts and stops panes of a kind and leaves the others alone', async () => {
  const session = await start(
    `panes:\n  - {name: db, ${sleeps('db')}}\n  - {name: web, shell: "echo instance $NONET_INSTANCE; exec sleep 600", instances: 2}\n`,
  );
  const before = pids(await session.list());
  await session.request('scale', { pane: 'web', count: 3 });
  await session.waitForText('web-3', 'instance 2');
  const scaled = pids(await session.list());
  expect(scaled).toMatchObject(before);
  await session.request('scale', { pane: 'web-1', count: 1 });
  expect(Object.keys(pids(await session.list()))).toEqual(['db', 'web-1']);
  expect(pids(await session.list())).toMatchObject({ db: before['db'], 'web-1': before['web-1'] });
  await expect(session.request('scale', { pane: 'wbe', count: 2 })).rejects.toMatchObject({ code: 'no-such-pane' });
});

describe('a layout with reload: auto', () => {
  test('is applied when its file changes; one with mistakes changes nothing and is told', async () => {
    const session = await startSession();
    const file = path.join(session.directory, 'team.yaml');
    const text = `reload: auto\n${three}`;
    fs.writeFileSync(file, text);
    await session.up([], { layout: load(session, text) });
    const before = pids(await session.list());
    const events: DaemonEvent[] = [];
    const connection = await session.connect((event) => events.push(event));
    await connection.request(daemonRequests, 'subscribe', {});

    fs.writeFileSync(file, text.replace('name: b', 'nmae: b'));
    const notices = () => events.flatMap((event) => (event.event === 'notice' ? [event.text] : []));
    const mistake = /layout not applied: .*team\.yaml:4:6: unknown key "nmae"; did you mean "name"\?/;
    await waitUntil('the mistake to be told', () => notices().some((text) => mistake.test(text)) || notices());
    expect(pids(await session.list())).toEqual(before);
    expect(session.logText()).toContain('unknown key');

    // As editors do: another file takes its place.
    fs.writeFileSync(`${file}.new`, text.replace('name: b', 'name: other'));
    fs.renameSync(`${file}.new`, file);
    await waitUntil('the changed layout', async () => {
      const found = await rows(session);
      return found.map(([, name, state]) => `${name} ${state}`).join() === 'a running,other running,c running' || found;
    });
    const after = pids(await session.list());
    expect([after['a'], after['c']]).toEqual([before['a'], before['c']]);
  });
});
