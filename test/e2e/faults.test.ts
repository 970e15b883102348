import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createCgroup, whyNoCgroup } from '../helpers/cgroup.ts';
import { createNonet, type NonetSession } from '../helpers/nonet-session.ts';
import { isAlive, residentBytes } from '../helpers/process-list.ts';
import { waitUntil } from '../helpers/wait-until.ts';

/** What a machine does to a supervisor. Two bystanders run in every session, and nothing may happen to them. */
const bystanders = [
  { name: 'one', command: 'sleep 1000' },
  { name: 'two', command: 'sleep 1001' },
];
const quick = { policy: 'on-failure', backoff: { initial: '200ms', factor: 1, jitter: 0 }, max_restarts: 10_000 };

async function bystanderPids(nonet: NonetSession): Promise<(number | null)[]> {
  return (await nonet.list()).slice(0, 2).map(({ pid }) => pid);
}

/** So that nothing can be opened: up to the first descriptor that is free. */
function allowNoMoreFiles(pid: number): void {
  const open = new Set(fs.readdirSync(`/proc/${pid}/fd`));
  let free = 0;
  while (open.has(String(free))) free++;
  limitOpenFiles(pid, free);
}

function limitOpenFiles(pid: number, count: number): void {
  execFileSync('prlimit', ['--pid', String(pid), `--nofile=${count}:`]);
}

test('a host without file descriptors left says so, disturbs no pane, and starts it when there are some again', async () => {
  const nonet = createNonet();
  await nonet.start({
    panes: [...bystanders, { name: 'late', command: 'sleep 1002', autostart: false, restart: quick }],
  });
  const before = await bystanderPids(nonet);
  const host = nonet.hostPid();
  allowNoMoreFiles(host);
  await nonet.cli(['start', '-s', 'e2e', 'late', '--no-wait']);
  await waitUntil('the reason', async () => {
    const { state, reason } = await nonet.pane('late');
    return (state === 'backoff' && /terminal|files|forkpty/.test(reason)) || `${state}: ${reason}`;
  });
  limitOpenFiles(host, 1024);
  await waitUntil('it to run', async () => (await nonet.pane('late')).state === 'running');
  expect(await bystanderPids(nonet)).toEqual(before);
});

test.skipIf(whyNoCgroup('pids') !== '')(
  `a host that may not fork says so, disturbs no pane, and starts it when it may${whyNoCgroup('pids')}`,
  async () => {
    const nonet = createNonet();
    await nonet.start({
      panes: [...bystanders, { name: 'late', command: 'sleep 1002', autostart: false, restart: quick }],
    });
    const before = await bystanderPids(nonet);
    const group = createCgroup('pids');
    group.add(nonet.hostPid());
    group.set('pids.max', group.get('pids.current').trim());
    await nonet.cli(['start', '-s', 'e2e', 'late', '--no-wait']);
    await waitUntil('the reason', async () => {
      const { state, reason } = await nonet.pane('late');
      return (state === 'backoff' && /terminal|process|forkpty/.test(reason)) || `${state}: ${reason}`;
    });
    group.set('pids.max', 'max');
    await waitUntil('it to run', async () => (await nonet.pane('late')).state === 'running');
    expect(await bystanderPids(nonet)).toEqual(before);
  },
);

test.skipIf(whyNoCgroup('freezer') !== '')(
  `a program that no signal ends is told as such, disturbs no pane, and is gone when the kernel lets it go${whyNoCgroup('freezer')}`,
  async () => {
    const nonet = createNonet();
    await nonet.start({
      panes: [...bystanders, { name: 'stuck', command: 'sleep 1002', stop: { timeout: '200ms' } }],
    });
    const before = await bystanderPids(nonet);
    const { pid } = await nonet.pane('stuck');
    const group = createCgroup('freezer');
    group.add(pid!);
    group.set('freezer.state', 'FROZEN');
    const { code, stderr } = await nonet.cli(['stop', '-s', 'e2e', 'stuck']);
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining(`does not end process ${pid}`) });
    expect(await nonet.pane('stuck')).toMatchObject({ state: 'stopping' });
    expect(await bystanderPids(nonet)).toEqual(before);
    group.set('freezer.state', 'THAWED');
    await waitUntil('it to be gone', async () => (await nonet.pane('stuck')).state === 'stopped');
    expect(isAlive(pid!)).toBe(false);
  },
);

test('a daemon that is stopped for a while goes on where it was: no pane is restarted, and timers fire once', async () => {
  const nonet = createNonet();
  await nonet.start({
    panes: [...bystanders, { name: 'flaps', shell: 'date +%s%3N >> starts; sleep 0.3; exit 1', restart: quick }],
  });
  const before = await bystanderPids(nonet);
  const startTimes = () => fs.readFileSync(path.join(nonet.directory, 'starts'), 'utf8').trim().split('\n').map(Number);
  const daemon = nonet.daemonPid();
  process.kill(daemon, 'SIGSTOP');
  // Time is the subject: a dozen restarts would have come meanwhile.
  await setTimeout(4000);
  process.kill(daemon, 'SIGCONT');
  const awake = startTimes().length;
  await waitUntil('more restarts', () => startTimes().length > awake + 2);
  // Each came after the one before had ended and the delay was over, and each is counted once.
  const { restarts } = await nonet.pane('flaps');
  const times = startTimes();
  expect(Math.min(...times.slice(1).map((time, i) => time - times[i]!))).toBeGreaterThan(450);
  expect(restarts).toBeLessThanOrEqual(times.length);
  expect(await bystanderPids(nonet)).toEqual(before);
  expect(nonet.daemonPid()).toBe(daemon);
});

test('signals that a terminal or a pipe sends end neither daemon nor host', async () => {
  const nonet = createNonet();
  await nonet.start({ panes: bystanders });
  const before = await bystanderPids(nonet);
  const [daemon, host] = [nonet.daemonPid(), nonet.hostPid()];
  for (const signal of ['SIGHUP', 'SIGPIPE'] as const) {
    process.kill(daemon, signal);
    process.kill(host, signal);
  }
  process.kill(host, 'SIGINT');
  expect(await bystanderPids(nonet)).toEqual(before);
  expect([nonet.daemonPid(), nonet.hostPid()]).toEqual([daemon, host]);
});

test('a client that is stopped while nine panes flood costs nobody memory, and shows the right screen afterwards', async () => {
  const nonet = createNonet();
  const flood = { shell: 'for i in 1 2 3 4 5 6; do seq 1 200000; done; echo the end; exec sleep 1000' };
  const terminal = nonet.up({
    panes: Array.from({ length: 9 }, (_, i) => ({ name: `p${i + 1}`, ...flood, scrollback: 500 })),
  });
  await terminal.waitFor('a flood', (screen) => screen.text().some((line) => /\d{4,}/.test(line)));
  const client = nonet.clientPids()[0]!;
  process.kill(client, 'SIGSTOP');
  const host = nonet.hostPid();
  await waitUntil(
    'the floods to end',
    async () =>
      (await Promise.all([1, 5, 9].map((pane) => nonet.capture(pane)))).every((text) => text.includes('the end')),
    // A hundred megabytes, however fast.
    { timeoutMs: 120_000 },
  );
  expect(residentBytes(host)).toBeLessThan(400e6);
  process.kill(client, 'SIGCONT');
  await terminal.waitFor('the newest picture', (screen) => screen.text().join().split('the end').length === 10);
  expect(residentBytes(client)).toBeLessThan(300e6);
});
