import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PaneView } from '../../src/core/session.ts';
import { fixture } from '../helpers/fixture.ts';
import { isAlive } from '../helpers/process-list.ts';
import { waitUntil } from '../helpers/wait-until.ts';
import { type DaemonSession, layoutOf, sh, shell, sleeper, spec, startSession } from './daemon-session.ts';

/** What is over within this time has not waited for a grace of a minute. */
const WELL_BELOW_A_MINUTE_MS = 15_000;

describe('a session', () => {
  it('starts its panes at once, each with its size, its environment and its place', async () => {
    const session = await startSession();
    const before = Date.now();
    const print = 'stty size; echo "$NONET_SESSION $NONET_PANE $NONET_PANE_NAME $TERM [$GONE] $HERE"; exec sleep 1000';
    const panes = Array.from({ length: 9 }, (_, i) => sh(`p${i + 1}`, print, { env: { HERE: 'yes', GONE: null } }));
    await session.up(panes, { env: { ...session.env, GONE: 'no' }, size: { cols: 125, rows: 34 } });
    for (let i = 1; i <= 9; i++) await session.waitForText(`p${i}`, `test ${i} p${i} xterm-256color [] yes`);
    // 125 columns less two separators, 34 rows less the status bar, and a title each.
    expect(await session.capture('p1')).toContain('10 41');
    const rows = await session.list();
    expect(rows.map((row) => [row.state, row.wanted, row.epoch, row.restarts])).toEqual(
      Array.from({ length: 9 }, () => ['running', 'up', 1, 0]),
    );
    expect(rows.every((row) => row.pid !== null && isAlive(row.pid))).toBe(true);
    expect(rows[0]!.startedAt).toBeGreaterThanOrEqual(before);
    expect(rows[0]!.startedAt).toBeLessThanOrEqual(Date.now());
    await waitUntil('memory to be measured', async () => (await session.list()).every((row) => row.rssBytes > 0));
  });

  it('is started by one of two who ask at the same time', async () => {
    const session = await startSession();
    const request = { layout: layoutOf([sleeper('one')]), env: session.env, size: null };
    const replies = await Promise.all([session.request('up', request), session.request('up', request)]);
    expect(replies.map((reply) => reply.started).sort()).toEqual([false, true]);
    expect(await session.list()).toHaveLength(1);
    await waitUntil('one program', () => session.processesOf('one').length === 1);
  });

  it('does not start a pane without autostart until it is asked to', async () => {
    const session = await startSession();
    await session.up([sleeper('later', { autostart: false })]);
    expect(await session.pane('later')).toMatchObject({ state: 'stopped', wanted: 'down', pid: null, epoch: 0 });
    expect(await session.capture('later')).toBe('');
    expect(await session.act('start', 'later')).toEqual([{ pane: 1, name: 'later', ok: true, message: 'running' }]);
  });

  it('leaves nothing behind when it is taken down, however its programs take it', async () => {
    const session = await startSession();
    await session.up([
      sleeper('plain'),
      shell('shell', { stop: { timeoutMs: 60_000 } }),
      spec('stubborn', fixture('ignore-term'), { stop: { timeoutMs: 400 } }),
      spec('litter', fixture('leave-behind'), { stop: { timeoutMs: 400 } }),
      sh('loop', 'exit 1', { restart: { backoff: { initialMs: 60_000 } } }),
    ]);
    await session.waitForText('stubborn', 'STUBBORN');
    await session.waitForText('litter', 'LEFT-BEHIND');
    await session.waitForText('shell', '$');
    await session.waitForState('loop', 'backoff');
    const exited = once(session.child, 'exit');
    const before = performance.now();
    expect(await session.request('down', { timeoutMs: null })).toEqual({ stuck: [] });
    expect(performance.now() - before).toBeLessThan(WELL_BELOW_A_MINUTE_MS);
    expect(await exited).toEqual([0, null]);
    expect(session.processes()).toEqual([]);
    expect(fs.existsSync(session.paths.daemonSocket) || fs.existsSync(session.paths.hostSocket)).toBe(false);
  });

  it('taken down with a time limit kills what is left by then', async () => {
    const session = await startSession();
    await session.up([spec('stubborn', fixture('ignore-term'), { stop: { timeoutMs: 60_000 } })]);
    await session.waitForText('stubborn', 'STUBBORN');
    const before = performance.now();
    await session.request('down', { timeoutMs: 300 });
    expect(performance.now() - before).toBeLessThan(WELL_BELOW_A_MINUTE_MS);
  });

  it('ends gracefully on SIGTERM, and at once on the second; SIGHUP is nothing to it', async () => {
    const session = await startSession();
    await session.up([spec('stubborn', fixture('ignore-term'), { stop: { timeoutMs: 60_000 } })]);
    await session.waitForText('stubborn', 'STUBBORN');
    const exited = once(session.child, 'exit');
    session.child.kill('SIGHUP');
    expect(await session.list()).toHaveLength(1);
    session.child.kill('SIGTERM');
    await session.waitForText('stubborn', 'ignoring SIGTERM');
    expect(await session.pane('stubborn')).toMatchObject({ state: 'stopping', wanted: 'down' });
    await expect(session.act('start', 'stubborn')).rejects.toMatchObject({ code: 'failed' });
    session.child.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
    expect(session.processes()).toEqual([]);
  });

  it('has one daemon: another one leaves at once and quietly', async () => {
    const session = await startSession();
    await session.up([sleeper('one')]);
    const others = [session.startDaemon(), session.startDaemon()];
    const exits = await Promise.all(others.map((other) => once(other, 'exit')));
    expect(exits.map(([code]) => code)).toEqual([0, 0]);
    expect(await session.list()).toHaveLength(1);
  });

  it('that cannot be reached says why and leaves no host behind', async () => {
    const session = await startSession({ start: false });
    fs.mkdirSync(session.paths.daemonSocket, { recursive: true, mode: 0o700 });
    const child = session.startDaemon();
    let talk = '';
    child.stderr!.on('data', (data: Buffer) => {
      talk += data.toString();
    });
    const [code] = await once(child, 'close');
    expect(code).toBe(1);
    expect(talk).toContain(`${session.paths.daemonSocket} is in the way: it is not a socket`);
    expect(session.logText()).toContain('is in the way');
    await waitUntil('the host to leave', () => session.processes().length === 0);
    fs.rmdirSync(session.paths.daemonSocket);
  });

  it('that nobody starts goes away by itself', async () => {
    const session = await startSession();
    const [code] = await once(session.child, 'exit');
    expect(code).toBe(0);
    expect(session.processes()).toEqual([]);
  });
});

describe('a program that cannot start', () => {
  it('is fatal at once, with the true cause and without a loop', async () => {
    const session = await startSession();
    const script = path.join(session.directory, 'script');
    fs.writeFileSync(script, '#!/bin/sh\n', { mode: 0o644 });
    await session.up([
      spec('missing', ['no-such-program-4711']),
      spec('agent', ['codex'], { env: { PATH: '/nowhere' } }),
      spec('closed', [script]),
      sleeper('nowhere', { cwd: path.join(session.directory, 'gone') }),
      sh('in-shell', 'no-such-program-4712'),
      sh('by-env', 'exec /usr/bin/env no-such-program-4713', { restart: { policy: 'always' } }),
    ]);
    await waitUntil('all to be fatal', async () => (await session.list()).every((row) => row.state === 'fatal'));
    const rows = await session.list();
    expect(rows.map((row) => row.reason)).toEqual([
      'command not found: no-such-program-4711',
      'command not found: codex',
      `command is not executable: ${script}`,
      `working directory not found: ${path.join(session.directory, 'gone')}`,
      'exited with code 127: command not found',
      'exited with code 127: command not found',
    ]);
    expect(rows.map((row) => [row.restarts, row.pid, row.wanted])).toEqual(rows.map(() => [0, null, 'up']));
    expect(await session.request('subscribe', {})).toMatchObject({
      panes: expect.arrayContaining([expect.objectContaining({ name: 'agent', hint: expect.stringContaining('npm') })]),
    });
    const [result] = await session.act('start', 'missing');
    expect(result).toMatchObject({ ok: false, message: expect.stringContaining('no-such-program-4711') });
  });
});

describe('a program that ends', () => {
  it('well is exited, and comes back with policy always', async () => {
    const session = await startSession();
    await session.up([
      sh('done', 'exit 0'),
      sh('expected', 'exit 3', { restart: { successExitCodes: [0, 3] } }),
      sh('once', 'exit 5', { restart: { policy: 'no' } }),
      sh('always', 'exit 0', { restart: { policy: 'always', backoff: { initialMs: 20 } } }),
    ]);
    expect(await session.waitForState('done', 'exited')).toMatchObject({
      exit: { code: 0, signal: null },
      reason: 'exited with code 0',
    });
    expect(await session.waitForState('expected', 'exited')).toMatchObject({ exit: { code: 3, signal: null } });
    expect(await session.waitForState('once', 'exited')).toMatchObject({ exit: { code: 5, signal: null } });
    expect(await session.waitForState('always', 'fatal')).toMatchObject({
      restarts: 5,
      epoch: 6,
      reason: 'restarted 5 times in 10 min: gave up (exited with code 0)',
    });
  });

  it('badly comes back after a growing delay until it has done so too often', async () => {
    const session = await startSession();
    await session.up([sh('loop', 'exit 9', { restart: { maxRestarts: 3, backoff: { initialMs: 60, factor: 2 } } })]);
    const row = await session.waitForState('loop', 'fatal');
    expect(row).toMatchObject({ restarts: 3, epoch: 4, exit: { code: 9, signal: null }, pid: null });
    const { exits } = await session.request('show', { pane: 'loop' });
    expect(exits.map((run) => run.epoch)).toEqual([4, 3, 2, 1]);
    const times = exits.map((run) => run.at).reverse();
    // 60, 120 and 240 ms between them, and what the starts took.
    expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(55);
    expect(times[3]! - times[2]!).toBeGreaterThanOrEqual(235);
    // A person's start clears the count.
    await session.act('start', 'loop');
    expect((await session.waitForState('loop', 'fatal')).restarts).toBe(6);
  });

  it('by a signal is told so, and not as code 0', async () => {
    const session = await startSession();
    await session.up([sleeper('victim', { restart: { backoff: { initialMs: 60_000 } } })]);
    process.kill((await session.pane('victim')).pid!, 'SIGKILL');
    expect(await session.waitForState('victim', 'backoff')).toMatchObject({
      exit: { code: null, signal: 'SIGKILL' },
      reason: expect.stringContaining('killed by SIGKILL'),
    });
  });

  it('is reported at once though a grandchild still holds the terminal, and that one is ended', async () => {
    const session = await startSession();
    const script = '(trap "" HUP TERM; exec sleep 1000) & echo started; exit 3';
    await session.up([sh('holder', script, { restart: { backoff: { initialMs: 60_000 } } })]);
    // Nobody ends the grandchild before that.
    await session.waitForState('holder', 'backoff');
    await waitUntil('the grandchild to be gone', () => session.processesOf('holder').length === 0);
  });

  it('is not started again beside what it left behind', async () => {
    const session = await startSession();
    await session.up([
      spec('litter', fixture('leave-behind', 5), {
        restart: { maxRestarts: 2, backoff: { initialMs: 10 } },
        stop: { timeoutMs: 300 },
      }),
    ]);
    const host = await session.pidOf('host');
    let most = 0;
    await waitUntil('fatal', async () => {
      most = Math.max(most, session.processesOf('litter').filter((row) => row.parentPid === host).length);
      return (await session.pane('litter')).state === 'fatal';
    });
    expect(most).toBe(1);
    await waitUntil('everything to be gone', () => session.processesOf('litter').length === 0);
  });
});

describe('requests at a bad time', () => {
  it('a stop during backoff ends it', async () => {
    const session = await startSession();
    await session.up([sh('loop', 'exit 1', { restart: { backoff: { initialMs: 5000 } } })]);
    await session.waitForState('loop', 'backoff');
    expect(await session.act('stop', 'loop')).toMatchObject([{ ok: true, message: 'stopped' }]);
    const { epoch } = await session.pane('loop');
    // A round of another pane's life later it is still down.
    await session.act('start', 'loop');
    await session.waitForState('loop', 'backoff');
    await session.act('stop', 'loop');
    expect(await session.pane('loop')).toMatchObject({ state: 'stopped', wanted: 'down', epoch: epoch + 1 });
  });

  it('a stop in the same moment as the start leaves nothing running', async () => {
    const session = await startSession();
    await session.up([sleeper('one', { autostart: false })]);
    for (let i = 0; i < 5; i++) {
      const [, stopped] = await Promise.all([session.act('start', 'one'), session.act('stop', 'one')]);
      expect(stopped).toMatchObject([{ ok: true }]);
      expect(await session.pane('one')).toMatchObject({ state: 'stopped', pid: null });
      expect(session.processesOf('one')).toEqual([]);
    }
  });

  it('two starts in one tick start one program', async () => {
    const session = await startSession();
    await session.up([sleeper('one', { autostart: false })]);
    const host = await session.pidOf('host');
    // It starts nothing before the daemon has heard all three.
    process.kill(host, 'SIGSTOP');
    const asked = [session.act('start', 'one'), session.act('start', 'one'), session.act('restart', 'one')];
    await session.list();
    process.kill(host, 'SIGCONT');
    await Promise.all(asked);
    expect(await session.pane('one')).toMatchObject({ state: 'running', epoch: 1, restarts: 0 });
    await waitUntil('one program', () => session.processesOf('one').length === 1);
  });

  it('a restart during a stop brings the pane back; the last request wins', async () => {
    const session = await startSession();
    const mayEnd = path.join(session.directory, 'may-end');
    const slow = `trap "until test -e ${mayEnd}; do sleep 0.05; done; exit 0" TERM; echo ready; while :; do sleep 0.01; done`;
    await session.up([sh('slow', slow)]);
    await session.waitForText('slow', 'ready');
    const first = (await session.pane('slow')).pid!;
    const stopping = session.act('stop', 'slow');
    await session.waitForState('slow', 'stopping');
    const restarting = session.act('restart', 'slow');
    // Asked for on the same connection, and answered when both have been heard.
    await session.list();
    fs.writeFileSync(mayEnd, '');
    expect(await restarting).toMatchObject([{ ok: true, message: 'running' }]);
    expect(await stopping).toMatchObject([{ ok: false }]);
    expect(isAlive(first)).toBe(false);
    expect(await session.pane('slow')).toMatchObject({ state: 'running', epoch: 2, restarts: 1 });
  });

  it('a stop of a stopped program wakes it, and it leaves gracefully', async () => {
    const session = await startSession();
    await session.up([
      sh('asleep', 'trap "exit 7" TERM; echo ready; while :; do sleep 0.01; done', { stop: { timeoutMs: 20_000 } }),
    ]);
    await session.waitForText('asleep', 'ready');
    process.kill((await session.pane('asleep')).pid!, 'SIGSTOP');
    await session.act('stop', 'asleep');
    expect(await session.pane('asleep')).toMatchObject({ state: 'stopped', exit: { code: 7, signal: null } });
  });

  it('a kill during the grace of a stop cuts it short', async () => {
    const session = await startSession();
    await session.up([spec('stubborn', fixture('ignore-term'), { stop: { timeoutMs: 60_000 } })]);
    await session.waitForText('stubborn', 'STUBBORN');
    const stopping = session.act('stop', 'stubborn');
    await session.waitForText('stubborn', 'ignoring SIGTERM');
    expect(await session.act('kill', 'stubborn')).toMatchObject([{ ok: true }]);
    expect(await stopping).toMatchObject([{ ok: true }]);
    expect(await session.pane('stubborn')).toMatchObject({ exit: { code: null, signal: 'SIGKILL' } });
  });

  it('the leader leaves on the signal while a member ignores it: the whole tree is gone in time', async () => {
    const session = await startSession();
    const script = '(trap "" TERM HUP; echo member; while :; do sleep 1000; done) & trap "exit 0" TERM; wait; wait';
    await session.up([sh('split', script, { stop: { timeoutMs: 400 } })]);
    await session.waitForText('split', 'member');
    const before = performance.now();
    await session.act('stop', 'split');
    expect(performance.now() - before).toBeLessThan(WELL_BELOW_A_MINUTE_MS);
    expect(session.processesOf('split')).toEqual([]);
  });

  it('stop keys are typed first', async () => {
    const session = await startSession();
    await session.up([shell('shell', { stop: { keys: ['ctrl+d'], timeoutMs: 20_000 } })]);
    await session.waitForText('shell', '$');
    await session.act('stop', 'shell');
    expect(await session.pane('shell')).toMatchObject({ state: 'stopped', exit: { code: 0, signal: null } });
  });
});

describe('what is told', () => {
  it('is the panes that changed, and nothing while nothing does', async () => {
    const session = await startSession();
    await session.up([sleeper('one'), sleeper('two')]);
    const told: PaneView[] = [];
    const connection = await session.connect((event) => {
      if (event.event === 'panes') told.push(...event.panes);
    });
    const { daemonRequests } = await import('../../src/protocol/control.ts');
    const snapshot = await connection.request(daemonRequests, 'subscribe', {});
    expect(snapshot.panes.map((pane) => pane.name)).toEqual(['one', 'two']);
    await session.act('restart', 'one');
    await waitUntil('the restart to be told', () => told.some((pane) => pane.epoch === 2 && pane.state === 'running'));
    await session.act('stop', 'two');
    await waitUntil('the stop to be told', () => told.some((pane) => pane.name === 'two' && pane.state === 'stopped'));
    // What it holds in memory is news at any time, but nothing is told twice.
    const ofOne = told.filter((pane) => pane.name === 'one').map(({ uptimeMs: _passes, ...news }) => news);
    for (const [index, news] of ofOne.entries()) expect(news).not.toEqual(ofOne[index - 1]);
  });

  it('is in the log, which others cannot read and in which no environment is', async () => {
    const session = await startSession();
    const env = { ...session.env, API_TOKEN: 'hunter2-base' };
    await session.up([sh('crash', 'exit 4', { env: { SECRET: 'hunter2-pane' } })], { env });
    await session.waitForState('crash', 'fatal');
    await waitUntil('the log', () => session.logText().includes('"state":"fatal"'));
    const entries = fs.readdirSync(session.paths.logDirectory, { recursive: true, withFileTypes: true });
    for (const entry of entries) {
      const full = path.join(entry.parentPath, entry.name);
      expect(fs.statSync(full).mode & 0o777, full).toBe(entry.isDirectory() ? 0o700 : 0o600);
      if (entry.isDirectory()) continue;
      expect(fs.readFileSync(full, 'utf8')).not.toContain('hunter2');
    }
    const { envNames } = await session.request('show', { pane: 'crash' });
    expect(envNames).toEqual(['SECRET']);
  });

  it('of a pane in full holds its processes and its settings', async () => {
    const session = await startSession();
    await session.up([sh('tree', 'sleep 1000 & wait')]);
    await waitUntil('both processes', async () => {
      const { processes } = await session.request('show', { pane: '1' });
      return processes.some((row) => row.command === 'sleep 1000') && processes.every((row) => row.rssBytes > 0);
    });
    expect(await session.request('show', { pane: 'tree' })).toMatchObject({
      argv: ['sh', '-c', 'sleep 1000 & wait'],
      restart: 'on-failure, at most 5 in 10 min',
      cols: 80,
      rows: 24,
    });
  });
});

describe('typing into panes', () => {
  async function shells(names: string[]): Promise<DaemonSession> {
    const session = await startSession();
    await session.up(names.map((name) => shell(name)));
    for (const name of names) await session.waitForText(name, '$');
    return session;
  }

  it('reaches the panes that are meant', async () => {
    const session = await shells(['api', 'web']);
    await session.request('send', { pane: 'api', text: 'echo only-$((40+2))', enter: true });
    await session.waitForText('api', 'only-42');
    await session.request('send', { pane: 'all', text: 'echo both-$((40+3))', enter: false });
    await session.request('send-keys', { pane: '*', keys: ['enter'] });
    for (const name of ['api', 'web']) await session.waitForText(name, 'both-43');
    expect(await session.capture('web')).not.toContain('only-42');
  });

  it('says which pane does not run, and which does not exist', async () => {
    const session = await shells(['api', 'web']);
    await session.act('stop', 'web');
    await expect(session.request('send', { pane: 'web', text: 'x', enter: true })).rejects.toMatchObject({
      code: 'not-running',
      message: 'not running: web (stopped)',
    });
    await expect(session.request('send', { pane: 'all', text: ':', enter: true })).rejects.toMatchObject({
      message: 'not running: web (stopped); the other 1 got it',
    });
    await expect(session.act('stop', 'wbe')).rejects.toMatchObject({
      code: 'no-such-pane',
      message: 'no pane "wbe"; did you mean "web"?',
    });
    await expect(session.request('send-keys', { pane: 'api', keys: ['no-such-key'] })).rejects.toMatchObject({
      code: 'bad-key',
    });
  });

  it('types nothing when one of the keys is none', async () => {
    const session = await shells(['api']);
    await expect(
      session.request('send-keys', { pane: 'api', keys: ['e', 'n', 'enter', 'nokey'] }),
    ).rejects.toMatchObject({
      code: 'bad-key',
    });
    await session.request('send-keys', { pane: 'api', keys: ['o', 'k'] });
    await session.waitForText('api', '$ ok');
  });
});

describe('a capture of a long scrollback', () => {
  it('holds every line once and in order, and typing goes on beside it', async () => {
    const session = await startSession();
    const count = 60_000;
    await session.up([
      sh('long', `seq -f 'a line of some length with its number %.0f' 1 ${count}; read x`, { scrollback: 100_000 }),
      shell('other'),
    ]);
    await session.waitForText('other', '$');
    await session.waitForText('long', `number ${count}`);
    const capturing = session.request('capture', { pane: 'long', format: 'text', scrollback: 1_000_000 });
    let done = false;
    void capturing.then(() => {
      done = true;
    });
    await session.request('send', { pane: 'other', text: 'echo typed-$((40+2))', enter: true });
    expect(done).toBe(false);
    await session.waitForText('other', 'typed-42');
    const { text, omittedLines } = await capturing;
    expect(omittedLines).toBeUndefined();
    expect(text.match(/\d+(?=\n)/g)).toEqual(Array.from({ length: count }, (_, i) => String(i + 1)));
  });
});
