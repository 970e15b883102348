import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { fixture } from '../helpers/fixture.ts';
import { isAlive } from '../helpers/process-list.ts';
import { waitUntil } from '../helpers/wait-until.ts';
import { type DaemonSession, sh, sleeper, spec, startSession } from './daemon-session.ts';

/** Kills the daemon and waits until the host has started another one that answers. */
async function killDaemon(session: DaemonSession): Promise<void> {
  const pid = await session.pidOf('daemon');
  process.kill(pid, 'SIGKILL');
  await waitUntil('the daemon to be gone', () => !isAlive(pid));
  session.disconnect();
  await session.list();
  expect(await session.pidOf('daemon')).not.toBe(pid);
}

describe('when the daemon is killed', () => {
  it('its panes go on, and the next one takes them over as they are', async () => {
    const session = await startSession();
    const kinds = [
      sleeper('plain'),
      sh('nohup', 'exec nohup sleep 1000'),
      sh('deaf', 'trap "" HUP; echo ready; while :; do sleep 1000; done'),
      spec('litter', fixture('leave-behind')),
      sh('done', 'exit 0'),
    ];
    await session.up(kinds);
    await session.waitForText('deaf', 'ready');
    await session.waitForText('litter', 'LEFT-BEHIND');
    await session.waitForState('done', 'exited');
    const sleepers = () =>
      kinds.map(({ name }) => session.processesOf(name).filter((row) => row.argv[0] === 'sleep').length);
    await waitUntil('all of them to be there', () => sleepers().join() === '1,1,1,3,0' || sleepers());
    const facts = async () =>
      (await session.list()).map(({ name, state, pid, epoch, restarts, startedAt, reason }) => {
        return { name, state, pid, epoch, restarts, startedAt, reason };
      });
    const before = await facts();
    const trees = kinds.map((kind) =>
      session
        .processesOf(kind.name)
        .map((row) => row.pid)
        .sort(),
    );
    const uptime = (await session.pane('plain')).uptimeMs!;

    await killDaemon(session);
    expect(await facts()).toEqual(before);
    expect(
      kinds.map((kind) =>
        session
          .processesOf(kind.name)
          .map((row) => row.pid)
          .sort(),
      ),
    ).toEqual(trees);
    expect((await session.pane('plain')).uptimeMs).toBeGreaterThan(uptime);
    // The second and third time it is no different, and what was taken over can be stopped.
    await killDaemon(session);
    await killDaemon(session);
    expect(await facts()).toEqual(before);
    await session.act('stop', 'all');
    expect(kinds.flatMap((kind) => session.processesOf(kind.name))).toEqual([]);
  });

  it('a backoff goes on where it was, and its counters too', async () => {
    const session = await startSession();
    await session.up([sh('loop', 'exit 3', { restart: { maxRestarts: 2, backoff: { initialMs: 100, factor: 100 } } })]);
    await waitUntil('the second backoff', async () => {
      const row = await session.pane('loop');
      return (row.restarts === 1 && row.state === 'backoff') || row;
    });
    await killDaemon(session);
    expect(await session.pane('loop')).toMatchObject({
      state: 'backoff',
      restarts: 1,
      exit: { code: 3, signal: null },
    });
    expect(await session.waitForState('loop', 'fatal')).toMatchObject({
      restarts: 2,
      reason: expect.stringContaining('restarted 2 times'),
    });
  });

  it('what ended meanwhile is handled by its policy, and what should be down is stopped', async () => {
    const session = await startSession();
    await session.up([
      sleeper('crashed', { restart: { backoff: { initialMs: 60_000 } } }),
      sh('finished', 'read line; exit 0'),
      spec('stubborn', fixture('ignore-term'), { stop: { timeoutMs: 1500 } }),
    ]);
    await session.waitForText('stubborn', 'STUBBORN');
    const pids = (await session.list()).map((row) => row.pid!);
    const stopping = session.act('stop', 'stubborn').catch(() => {});
    await session.waitForText('stubborn', 'ignoring SIGTERM');
    const daemon = await session.pidOf('daemon');
    // Stopped first, so that the programs end while nobody listens.
    process.kill(daemon, 'SIGSTOP');
    process.kill(pids[0]!, 'SIGKILL');
    process.kill(pids[1]!, 'SIGKILL');
    await waitUntil('both to be gone', () => !isAlive(pids[0]!) && !isAlive(pids[1]!));
    process.kill(daemon, 'SIGKILL');
    await stopping;
    expect(await session.waitForState('crashed', 'backoff')).toMatchObject({
      exit: { code: null, signal: 'SIGKILL' },
      restarts: 0,
    });
    await waitUntil('the second to come back', async () => (await session.pane('finished')).epoch === 2);
    await session.waitForState('stubborn', 'stopped');
    expect(isAlive(pids[2]!)).toBe(false);
  });

  it('in the middle of many starts and stops, no pane ever has two programs', async () => {
    const session = await startSession();
    const names = ['one', 'two', 'three'];
    await session.up(names.map((name) => sleeper(name)));
    for (let round = 0; round < 3; round++) {
      const asked = names.map((name, i) =>
        session.act((['restart', 'stop', 'kill'] as const)[(round + i) % 3]!, name).catch(() => {}),
      );
      await killDaemon(session);
      await Promise.all(asked);
      const rows = await session.list();
      for (const { name } of rows) expect(session.processesOf(name).length, name).toBeLessThanOrEqual(1);
      await session.act('start', 'all');
    }
    // A program that was started a moment ago has its environment only when it runs.
    for (const name of names) await waitUntil(`one ${name}`, () => session.processesOf(name).length === 1);
    expect((await session.list()).map((row) => row.state)).toEqual(['running', 'running', 'running']);
  });
});

describe('when the host is killed', () => {
  it('what survived it is ended, a new one is started, and every pane is treated by its policy', async () => {
    const session = await startSession();
    await session.up([
      sleeper('plain'),
      sh('deaf', 'trap "" HUP; echo ready; while :; do sleep 1000; done'),
      sleeper('once', { restart: { policy: 'no' } }),
      sleeper('down'),
    ]);
    await session.waitForText('deaf', 'ready');
    await session.act('stop', 'down');
    const host = await session.pidOf('host');
    const before = await session.list();
    process.kill(host, 'SIGKILL');
    await waitUntil('both to run again', async () => {
      const rows = await session.list();
      return rows.slice(0, 2).every(({ epoch, state }) => epoch === 2 && state === 'running') || rows;
    });
    expect(await session.pidOf('host')).not.toBe(host);
    await waitUntil('the programs of before to be gone', () => !before.some(({ pid }) => pid !== null && isAlive(pid)));
    const rows = await session.list();
    expect(rows.map((row) => [row.state, row.restarts])).toEqual([
      ['running', 1],
      ['running', 1],
      ['exited', 0],
      ['stopped', 0],
    ]);
    expect(rows[2]!.reason).toBe('its host process died');
    // The deaf shell and its sleep, once.
    await session.waitForText('deaf', 'ready');
    const next = await session.pidOf('host');
    expect(session.processesOf('deaf').filter((row) => row.parentPid === next)).toHaveLength(1);
    expect((await session.request('show', { pane: 'plain' })).exits[0]).toMatchObject({ epoch: 1, exit: null });
    // And the new host keeps what a next daemon needs.
    await killDaemon(session);
    expect((await session.list()).map((row) => row.epoch)).toEqual([2, 2, 1, 1]);
  });

  it('together with the daemon, the session is over, and can be started again', async () => {
    const session = await startSession();
    await session.up([sleeper('one'), sh('deaf', 'trap "" HUP; echo ready; while :; do sleep 1000; done')]);
    await session.waitForText('deaf', 'ready');
    const deaf = (await session.pane('deaf')).pid!;
    const gone = once(session.child, 'exit');
    const host = await session.pidOf('host');
    // Stopped first, so that it cannot start another daemon.
    process.kill(host, 'SIGSTOP');
    process.kill(await session.pidOf('daemon'), 'SIGKILL');
    process.kill(host, 'SIGKILL');
    await gone;
    session.disconnect();
    expect(isAlive(deaf)).toBe(true);
    session.startDaemon();
    await session.up([sleeper('one'), sh('deaf', 'trap "" HUP; echo again; while :; do sleep 1000; done')]);
    await session.waitForText('deaf', 'again');
    // What the crash had left in the panes of this session is not left beside the new programs.
    expect(isAlive(deaf)).toBe(false);
  });
});
