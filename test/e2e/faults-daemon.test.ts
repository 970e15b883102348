import fs from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createNonet, type NonetSession } from '../helpers/nonet-session.ts';
import { isAlive } from '../helpers/process-list.ts';
import { waitUntil } from '../helpers/wait-until.ts';

/** Defects of the daemon itself, brought about from inside, by way of Node's inspector. */
const QUICK = { policy: 'on-failure', backoff: { initial: '200ms', factor: 1, jitter: 0 }, max_restarts: 10_000 };
const EVERY = '200ms';

/** `code` begins to run in the daemon; nobody waits for its end. */
async function runInDaemon(nonet: NonetSession, code: string): Promise<void> {
  const log = path.join(nonet.env['XDG_STATE_HOME']!, 'nonet/sessions/e2e/logs/daemon.log');
  process.kill(nonet.daemonPid(), 'SIGUSR1');
  let url: string | undefined;
  await waitUntil('the inspector', () => {
    url = /ws:\/\/127\.0\.0\.1:\d+\/[\w-]+/.exec(fs.readFileSync(log, 'utf8'))?.[0];
    return url !== undefined;
  });
  const socket = new WebSocket(url!);
  // A process that is looked into waits at its end for whoever looks.
  onTestFinished(() => socket.close());
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = reject;
  });
  socket.send(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression: code } }));
  // Sent when the kernel has it.
  await waitUntil('it to be sent', () => socket.bufferedAmount === 0);
}

test('a daemon that outgrows its heap dies alone: the next one takes over the panes as they are', async () => {
  const nonet = createNonet();
  nonet.env['NODE_OPTIONS'] = '--max-old-space-size=64 --inspect-port=0';
  await nonet.start({
    panes: [
      { name: 'one', command: 'sleep 1000' },
      { name: 'two', shell: 'exec cat' },
    ],
  });
  const identity = async () => (await nonet.list()).map(({ pid, epoch, restarts }) => ({ pid, epoch, restarts }));
  const before = await identity();
  const [daemon, host] = [nonet.daemonPid(), nonet.hostPid()];
  await runInDaemon(nonet, 'globalThis.kept = []; setInterval(() => kept.push(new Array(1e6).fill(1.5)), 1)');
  await waitUntil('it to die of that', () => !isAlive(daemon));
  const log = fs.readFileSync(path.join(nonet.env['XDG_STATE_HOME']!, 'nonet/sessions/e2e/logs/daemon.log'), 'utf8');
  expect(log).toContain('heap out of memory');
  expect(await identity()).toEqual(before);
  expect(nonet.hostPid()).toBe(host);
});

test('a daemon that computes for seconds kills, restarts and forgets nothing, and typing does not wait for it', async () => {
  const nonet = createNonet();
  nonet.env['NODE_OPTIONS'] = '--inspect-port=0';
  const terminal = nonet.up({
    grid: '1x3',
    panes: [
      { name: 'cat', shell: 'exec cat' },
      {
        name: 'checked',
        command: 'sleep 1000',
        // The loop is longer than this, and a slow machine is not.
        health: { exec: ['true'], interval: '1s', timeout: '1s', failures: 1, action: 'restart' },
        hang: { after: '1h', action: 'restart' },
      },
      { name: 'flaps', shell: 'echo >> starts; sleep 0.3; exit 1', restart: QUICK },
    ],
  });
  await terminal.waitForText('flaps');
  await waitUntil('all to run', async () => (await nonet.pane('checked')).state === 'running');
  const before = await nonet.list();
  const daemon = nonet.daemonPid();
  const [begun, enough] = ['begun', 'enough'].map((name) => path.join(nonet.directory, name)) as [string, string];
  await runInDaemon(
    nonet,
    `{
      const { existsSync, writeFileSync } = process.getBuiltinModule('fs');
      writeFileSync('${begun}', '');
      for (const end = Date.now() + 4000; Date.now() < end || !existsSync('${enough}'); );
    }`,
  );
  await waitUntil('it to compute', () => fs.existsSync(begun));
  terminal.type('typed meanwhile\r');
  await terminal.waitForText('typed meanwhile');
  fs.writeFileSync(enough, '');
  // Answered when the loop is over.
  const after = await nonet.list();
  expect(after.slice(0, 2)).toMatchObject(
    before.slice(0, 2).map(({ pid, epoch }) => ({ pid, epoch, state: 'running' })),
  );
  const starts = fs.readFileSync(path.join(nonet.directory, 'starts')).length;
  expect(after[2]!.restarts).toBeLessThanOrEqual(starts);
  expect(nonet.daemonPid()).toBe(daemon);
});

test('a host that is stopped for a while is not taken for dead, nor are its panes', async () => {
  const nonet = createNonet();
  await nonet.start({
    panes: [
      { name: 'cat', shell: 'echo here; exec cat' },
      {
        name: 'checked',
        shell: 'echo here; exec sleep 1000',
        health: { screen: 'here', interval: EVERY, timeout: EVERY, failures: 3, action: 'notify' },
      },
    ],
  });
  const before = await nonet.list();
  const [daemon, host] = [nonet.daemonPid(), nonet.hostPid()];
  process.kill(host, 'SIGSTOP');
  // The daemon goes on answering what it knows itself.
  const started = performance.now();
  while (performance.now() - started < 4000) expect((await nonet.list()).length).toBe(2);
  process.kill(host, 'SIGCONT');
  await nonet.run(['send', '-s', 'e2e', 'cat', 'awake']);
  await waitUntil('the echo', async () => (await nonet.capture('cat')).includes('awake'));
  expect(await nonet.list()).toMatchObject(before.map(({ pid, epoch }) => ({ pid, epoch, state: 'running' })));
  expect([nonet.daemonPid(), nonet.hostPid()]).toEqual([daemon, host]);
});
