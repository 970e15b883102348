import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { lookForLimitMeans } from '../../src/config/limit-means.ts';
import { controllersOf } from '../../src/core/limit-means.ts';
import type { HealthSettings, Probe } from '../../src/core/supervision.ts';
import type { DaemonEvent } from '../../src/protocol/control.ts';
import { daemonRequests } from '../../src/protocol/control.ts';
import { NODE } from '../helpers/fixture.ts';
import { waitUntil } from '../helpers/wait-until.ts';
import { sh, sleeper, spec, startSession } from './daemon-session.ts';

const hasMemoryGroups = controllersOf(await lookForLimitMeans()).includes('memory');

const health: HealthSettings = {
  probe: { kind: 'exec', argv: ['test', '-e', 'well'] },
  intervalMs: 100,
  timeoutMs: 5_000,
  failures: 2,
  successes: 1,
  startPeriodMs: 0,
  action: 'notify',
};

describe('a pane is ready', () => {
  const ready = (probe: Probe, timeoutMs = 60_000) => ({ ready: { probe, timeoutMs } });

  it('with a line of its log, with what its screen shows, or when it draws no more', async () => {
    const session = await startSession();
    await session.up([
      sh(
        'line',
        'sleep 0.3; seq 1 200; echo listening on 99; seq 1 200; sleep 1000',
        ready({ kind: 'log_line', pattern: '^listening on \\d+$' }),
      ),
      sh('screen', 'sleep 0.3; echo; echo "  > _"; sleep 1000', ready({ kind: 'screen', pattern: '^ +> _$' })),
      sh(
        'quiet',
        'for i in 1 2 3 4 5; do echo $i; sleep 0.1; done; sleep 1000',
        ready({ kind: 'idle_screen', quietMs: 700 }),
      ),
      sh('never', 'sleep 1000', ready({ kind: 'idle_screen', quietMs: 100 })),
    ]);
    for (const name of ['line', 'screen', 'quiet']) {
      await waitUntil(
        `${name} to be ready`,
        async () => (await session.pane(name)).ready === true || session.pane(name),
      );
    }
    expect(await session.pane('never')).toMatchObject({ state: 'running', ready: false });
  });

  it('only with a line of this run, not of the one before', async () => {
    const session = await startSession();
    const once = 'test -e ran || { touch ran; echo listening; }; sleep 1000';
    const probe: Probe = { kind: 'log_line', pattern: '^listening$' };
    await session.up([sh('one', once, { cwd: session.directory, ...ready(probe, 5_000), restart: { policy: 'no' } })]);
    await waitUntil('the first run to be ready', async () => (await session.pane('one')).ready === true);
    await session.request('restart', { panes: ['one'], wait: false, now: true });
    const row = await session.waitForState('one', 'fatal');
    expect(row.reason).toContain('not ready within 5 s');
  });
});

describe('a pane that is looked after', () => {
  it('is healthy and unhealthy as the probe says, in its own directory', async () => {
    const session = await startSession();
    const well = `${session.directory}/well`;
    fs.writeFileSync(well, '');
    await session.up([sleeper('one', { cwd: session.directory, health }), sleeper('two')]);
    await waitUntil('health', async () => (await session.pane('one')).health === 'healthy' || session.pane('one'));
    expect(await session.pane('two')).toMatchObject({ health: null, warning: '' });
    fs.rmSync(well);
    await waitUntil('illness', async () => (await session.pane('one')).health === 'unhealthy' || session.pane('one'));
    const ill = await session.pane('one');
    expect(ill).toMatchObject({ state: 'running', epoch: 1, warning: expect.stringContaining('exit code 1') });
    fs.writeFileSync(well, '');
    await waitUntil('health again', async () => (await session.pane('one')).health === 'healthy');
    expect(await session.pane('one')).toMatchObject({ warning: '', restarts: 0 });
  });

  it('is restarted for its health where that is set, with backoff, until it has been too often', async () => {
    const session = await startSession();
    const never = {
      ...health,
      action: 'restart' as const,
      probe: { kind: 'tcp' as const, host: '127.0.0.1', port: 1 },
    };
    await session.up([sleeper('one', { health: never, restart: { maxRestarts: 2 } })]);
    const row = await session.waitForState('one', 'fatal');
    expect(row.reason).toContain('unhealthy: 2 times in a row, the last:');
    expect(row.epoch).toBe(3);
    expect(row.health).toBe('unknown');
  });

  it('that hangs is restarted, and one that draws is not', async () => {
    const session = await startSession();
    const hang = { afterMs: 4_000, action: 'restart' as const };
    await session.up([sleeper('silent', { hang }), sh('chatty', 'while :; do echo word; sleep 0.1; done', { hang })]);
    await waitUntil('a restart', async () => (await session.pane('silent')).restarts > 0 || session.pane('silent'));
    expect(await session.pane('chatty')).toMatchObject({ restarts: 0, state: 'running' });
  });

  it('is warned of, and restarted for, what it holds in memory', async () => {
    const session = await startSession();
    const hold = (megabytes: number) =>
      `globalThis.held = Buffer.alloc(${megabytes} << 20, 1); setInterval(() => {}, 1e6)`;
    const memory = { warnBytes: 150 << 20, maxBytes: 400 << 20, sustainMs: 0, action: 'restart' as const };
    await session.up([
      spec('noticed', [NODE, '-e', hold(200)], { memory }),
      spec('ended', [NODE, '-e', hold(600)], { memory, restart: { maxRestarts: 0 } }),
    ]);
    await waitUntil('a warning', async () => (await session.pane('noticed')).warning.includes('above 150M'));
    const row = await session.waitForState('ended', 'fatal');
    expect(row.reason).toMatch(/memory is \d+M, above 400M/);
    expect(await session.pane('noticed')).toMatchObject({ state: 'running', restarts: 0 });
  });

  it.skipIf(!hasMemoryGroups)(
    `that takes more than the kernel gives it has run out of memory, alone${hasMemoryGroups ? '' : ' (skipped: no memory group can be made here)'}`,
    async () => {
      const session = await startSession();
      const greedy = 'const all = []; for (;;) all.push(Buffer.alloc(50 << 20, 1));';
      const limits = { nice: 3, maxProcesses: null, cpuPercent: null, memoryMaxBytes: 120 << 20 };
      await session.up([
        spec('greedy', [NODE, '-e', greedy], { limits, restart: { policy: 'no' } }),
        sleeper('beside'),
      ]);
      const row = await session.waitForState('greedy', 'exited');
      expect(row.reason).toContain('out of memory');
      const detail = await session.request('show', { pane: 'greedy' });
      expect(detail.exits[0]).toMatchObject({ kind: 'out-of-memory' });
      expect(await session.pane('beside')).toMatchObject({ state: 'running' });
    },
  );

  it('has its escaped processes counted, with memory and disk', async () => {
    const session = await startSession();
    const escaping = `setsid sh -c 'setsid "${NODE}" -e "globalThis.held = Buffer.alloc(100 << 20, 1); setInterval(() => {}, 1e6)" &'; sleep 1000`;
    await session.up([
      sh('one', escaping),
      sh('two', 'while :; do dd if=/dev/zero of=here bs=1M count=8 conv=fsync 2>/dev/null; done', {
        cwd: session.directory,
      }),
    ]);
    await waitUntil('them to be seen', async () => (await session.pane('one')).rssBytes > 100 << 20);
    await waitUntil('a disk to be written', async () => {
      const [usage] = await session.request('usage', { panes: ['two'], span: '5m', points: 10 });
      return usage!.writtenBytes > 100_000 || usage!.writtenBytes;
    });
    const [one] = await session.request('usage', { panes: ['one'], span: '5m', points: 60 });
    expect(one!.history.rssBytes).toHaveLength(60);
    expect(one!.history.rssBytes.some((bytes) => bytes !== null && bytes > 0)).toBe(true);
  });

  it('is known to be dead within 100 ms of its death', async () => {
    const session = await startSession();
    await session.up([sleeper('one', { restart: { policy: 'no' } })]);
    let heardMs = 0;
    const connection = await session.connect((event: DaemonEvent) => {
      if (event.event === 'panes' && event.panes.some(({ state }) => state === 'exited')) heardMs = performance.now();
    });
    await connection.request(daemonRequests, 'subscribe', {});
    const took: number[] = [];
    const roundTrips: number[] = [];
    for (let death = 0; death < 5; death++) {
      const { pid } = await session.waitForState('one', 'running');
      heardMs = 0;
      const killedMs = performance.now();
      process.kill(pid!, 'SIGKILL');
      await waitUntil('the news', () => heardMs > 0, { intervalMs: 2 });
      took.push(heardMs - killedMs);
      await session.request('start', { panes: ['one'], wait: false });
      const askedMs = performance.now();
      await session.list();
      roundTrips.push(performance.now() - askedMs);
    }
    // What else the machine is busy with may hold up any one of them, and every answer of a daemon that gets no time.
    const median = (values: number[]): number => values.sort((a, b) => a - b)[2]!;
    expect(median(took)).toBeLessThan(100 + 3 * median(roundTrips));
  });
});
