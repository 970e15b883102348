import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createNonet, NONET, type NonetSession } from '../helpers/nonet-session.ts';
import { waitUntil } from '../helpers/wait-until.ts';

/** More of what a machine, and whoever administers it, does to a supervisor. */
const bystander = { name: 'one', command: 'sleep 1000' };
const quick = { policy: 'on-failure', backoff: { initial: '200ms', factor: 1, jitter: 0 }, max_restarts: 10_000 };

const stateOf = (nonet: NonetSession) => path.join(nonet.env['XDG_STATE_HOME']!, 'nonet', 'sessions', 'e2e');

function whyNot(what: string, command: string): string {
  return spawnSync('sh', ['-c', command], { stdio: 'ignore' }).status === 0 ? '' : ` (skipped: ${what})`;
}

const noNamespaces = whyNot('no pid namespace can be made here', 'unshare --pid --fork --mount-proc true');
const PRIVATE_PTYS =
  'mount -t devpts -o newinstance,ptmxmode=0666,mode=620,max=3 devpts /dev/pts && mount --bind /dev/pts/ptmx /dev/ptmx';
const noPrivatePtys = whyNot('no ptys of its own can be mounted here', `unshare --mount sh -c '${PRIVATE_PTYS}'`);

test('a limit on the size of files stops logs and state, and neither daemon, host nor panes', async () => {
  const nonet = createNonet();
  const talk =
    'i=0; while [ $i -lt 6000 ]; do i=$((i+1)); echo "line $i of many"; done; echo all said; exec sleep 1000';
  await nonet.start({
    panes: [bystander, { name: 'talks', shell: `read go; ${talk}` }, { ...bystander, name: 'late', autostart: false }],
  });
  const [daemon, host] = [nonet.daemonPid(), nonet.hostPid()];
  const before = (await nonet.list()).map(({ pid }) => pid);
  for (const pid of [daemon, host]) execFileSync('prlimit', ['--pid', String(pid), '--fsize=4096:']);
  await nonet.run(['send', '-s', 'e2e', 'talks', 'go']);
  await waitUntil('all to be said', async () => (await nonet.capture('talks')).includes('all said'));
  const log = path.join(stateOf(nonet), 'logs', 'panes', 'talks.log');
  expect(fs.statSync(log).size).toBeLessThanOrEqual(4096);
  // The session's state changes too, and goes on being what it was or what it is.
  await nonet.run(['start', '-s', 'e2e', 'late']);
  await nonet.cli(['save', '-s', 'e2e']);
  JSON.parse(fs.readFileSync(path.join(stateOf(nonet), 'session.json'), 'utf8'));
  expect((await nonet.list()).slice(0, 2).map(({ pid }) => pid)).toEqual(before.slice(0, 2));
  expect([nonet.daemonPid(), nonet.hostPid()]).toEqual([daemon, host]);
  // With room again the log tells how much is missing, and goes on.
  for (const pid of [daemon, host]) execFileSync('prlimit', ['--pid', String(pid), '--fsize=unlimited:']);
  await waitUntil('the log to go on', () => /lines/.test(fs.readFileSync(log, 'utf8')) || fs.statSync(log).size > 4096);
});

test.skipIf(noPrivatePtys !== '')(
  `without a pty left a pane says so and waits, and gets one when there is one again${noPrivatePtys}`,
  async () => {
    const nonet = createNonet();
    const layout = nonet.writeLayout({
      panes: [bystander, ...['two', 'three', 'four'].map((name) => ({ name, command: 'sleep 1001', restart: quick }))],
    });
    const up = [...NONET, 'up', '-d', '-s', 'e2e', layout].map((word) => `'${word}'`).join(' ');
    execFileSync('unshare', ['--mount', 'sh', '-c', `${PRIVATE_PTYS} && exec ${up}`], {
      env: nonet.env,
      cwd: nonet.directory,
      stdio: 'ignore',
    });
    const unlucky = async () => (await nonet.list()).filter(({ pid }) => pid === null);
    await waitUntil('one that finds no pty', async () => {
      const rows = await unlucky();
      return (rows.length === 1 && rows[0]!.state === 'backoff' && /terminal|forkpty/.test(rows[0]!.reason)) || rows;
    });
    const before = (await nonet.list()).filter(({ pid }) => pid !== null).map(({ pid }) => pid);
    expect(before.length).toBe(3);
    const [waiting] = await unlucky();
    await nonet.run(['stop', '-s', 'e2e', 'one']);
    await waitUntil('its turn', async () => (await nonet.pane(waiting!.name)).state === 'running');
  },
);

test('ten thousand connections that say nothing cost a bounded number of descriptors, and no pane', async () => {
  const nonet = createNonet();
  await nonet.start({ panes: [bystander, { ...bystander, name: 'late', autostart: false }] });
  const before = await nonet.pane('one');
  const owners = [nonet.daemonPid(), nonet.hostPid()];
  const open = (pid: number) => fs.readdirSync(`/proc/${pid}/fd`).length;
  let most = 0;
  for (let round = 0; round < 20; round++) {
    const sockets = await Promise.all(
      nonet.socketFiles().flatMap((file) => Array.from({ length: 250 }, () => connectTo(file))),
    );
    most = Math.max(most, ...owners.map(open));
    // While they are there a pane can still be started.
    if (round === 10)
      await waitUntil('room for one more', async () => (await nonet.cli(['list', '-s', 'e2e'])).code === 0);
    for (const socket of sockets) socket.destroy();
  }
  expect(most).toBeLessThan(400);
  await waitUntil('the descriptors to be free again', () => owners.every((pid) => open(pid) < 60) || owners.map(open));
  await nonet.run(['start', '-s', 'e2e', 'late']);
  expect(await nonet.pane('one')).toMatchObject({ pid: before.pid, epoch: 1 });
  expect([nonet.daemonPid(), nonet.hostPid()]).toEqual(owners);
});

function connectTo(file: string): Promise<net.Socket> {
  return new Promise((resolve) => {
    const socket = net.connect(file, () => resolve(socket));
    socket.on('error', () => resolve(socket));
  });
}

test('a session goes on when the terminal it was started from closes, and starts with nothing to write to', async () => {
  const nonet = createNonet();
  const layout = nonet.writeLayout({ panes: [bystander] });
  const up = [...NONET, 'up', '-d', '-s', 'e2e', layout].map((word) => `'${word}'`).join(' ');
  const terminal = nonet.openProgram(['sh', '-c', `${up}; echo is''up; sleep 1000`]);
  await terminal.waitForText('isup');
  const [before, daemon, host] = [await nonet.list(), nonet.daemonPid(), nonet.hostPid()];
  await terminal.close();
  expect((await nonet.list()).map(({ pid }) => pid)).toEqual(before.map(({ pid }) => pid));
  expect([nonet.daemonPid(), nonet.hostPid()]).toEqual([daemon, host]);

  await nonet.run(['down', '-s', 'e2e']);
  spawnSync('sh', ['-c', `${up} <&- >&- 2>&-`], { env: nonet.env, cwd: nonet.directory });
  expect(await nonet.pane('one')).toMatchObject({ state: 'running' });
});

test.skipIf(noNamespaces !== '')(
  `as the first process of a container nonet refuses, because it would not reap, and says what helps${noNamespaces}`,
  async () => {
    const nonet = createNonet();
    const layout = nonet.writeLayout({ panes: [bystander] });
    const argv = ['--pid', '--fork', '--mount-proc', ...NONET, 'up', '-d', '-s', 'e2e', layout];
    const { status, stderr } = spawnSync('unshare', argv, { env: nonet.env, cwd: nonet.directory, encoding: 'utf8' });
    expect({ status, stderr }).toMatchObject({ status: 1, stderr: expect.stringContaining('docker run --init') });
    expect(nonet.processes()).toEqual([]);
  },
);

test('an installation that is moved away while it runs costs no pane, and its new place takes over', async () => {
  const nonet = createNonet();
  const [old, moved] = ['old', 'new'].map((name) => path.join(nonet.directory, name)) as [string, string];
  install(old);
  const at = (place: string) => [NONET[0], path.join(place, 'dist/cli/bin.js')] as const;
  const run = (place: string, ...args: string[]) =>
    execFileSync(at(place)[0], [at(place)[1], ...args], { env: nonet.env, cwd: nonet.directory, encoding: 'utf8' });
  const list = (place: string) =>
    JSON.parse(run(place, 'list', '-s', 'e2e', '--json')) as { pid: number; epoch: number }[];

  run(old, 'up', '-d', '-s', 'e2e', nonet.writeLayout({ panes: [bystander, { name: 'two', shell: 'exec cat' }] }));
  const before = list(old);
  const [daemon, host] = [nonet.daemonPid(), nonet.hostPid()];
  fs.renameSync(old, moved);
  // All that was loaded goes on, also what the panes need now.
  run(moved, 'send', '-s', 'e2e', 'two', 'typed after the move');
  await waitUntil('the echo', () => run(moved, 'capture', '-s', 'e2e', 'two').includes('typed after the move'));
  run(moved, 'restart', '-s', 'e2e', 'two');
  const restarted = list(moved);
  expect(restarted).toMatchObject([{ pid: before[0]!.pid, epoch: 1 }, { epoch: 2 }]);

  // The host cannot start a daemon from where there is none, and says so.
  process.kill(daemon, 'SIGKILL');
  const log = path.join(stateOf(nonet), 'logs', 'host.log');
  await waitUntil('the reason', () => fs.readFileSync(log, 'utf8').includes(`there is no daemon at ${old}`));
  // Any command from the new place brings one, and an upgrade makes the host remember it.
  expect(list(moved)).toEqual(restarted.map((row) => expect.objectContaining({ pid: row.pid, epoch: row.epoch })));
  run(moved, 'upgrade', '-s', 'e2e');
  await waitUntil('the upgrade', () => list(moved).length === 2);
  const second = await nonet.soleDaemon();
  process.kill(second, 'SIGKILL');
  await waitUntil('the host’s own next daemon', () => {
    const daemons = nonet
      .processes()
      .filter((row) => row.argv.some((word) => word.startsWith(`${moved}/dist/daemon/`)));
    return (daemons.length === 1 && daemons[0]!.pid !== second && daemons[0]!.parentPid === host) || daemons;
  });
  expect(list(moved)).toEqual(restarted.map((row) => expect.objectContaining({ pid: row.pid, epoch: row.epoch })));
});

/** A copy of what a package has, with the libraries of this checkout. */
function install(place: string): void {
  const project = path.dirname(path.dirname(path.dirname(NONET[1])));
  fs.mkdirSync(place);
  for (const name of ['dist', 'layouts', 'package.json']) {
    fs.cpSync(path.join(project, name), path.join(place, name), { recursive: true });
  }
  fs.symlinkSync(path.join(project, 'node_modules'), path.join(place, 'node_modules'));
  onTestFinished(() => fs.rmSync(place, { recursive: true, force: true }));
}
