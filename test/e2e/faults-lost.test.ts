import fs from 'node:fs';
import { expect, test } from 'vitest';
import { fixture } from '../helpers/fixture.ts';
import { createNonet, type NonetSession } from '../helpers/nonet-session.ts';
import { isAlive } from '../helpers/process-list.ts';
import { waitUntil } from '../helpers/wait-until.ts';

/** Nine ways in which programs hold on when their terminal or their parent goes. */
const KINDS: Record<string, unknown>[] = [
  { name: 'plain', command: 'sleep 1001' },
  { name: 'nohup', command: 'nohup sleep 1002' },
  { name: 'trap-hup', shell: "trap '' HUP; sleep 1003; sleep 1003" },
  { name: 'setsid', shell: 'setsid sleep 1004 & exec sleep 1104' },
  { name: 'double-fork', shell: '(setsid sh -c "sleep 1005 & sleep 1105 &" &); exec sleep 1205' },
  { name: 'jobs', command: ['bash', '--norc', '-c', 'set -m; sleep 1006 & nohup sleep 1106 & exec sleep 1206'] },
  { name: 'stubborn', command: fixture('ignore-term') },
  { name: 'litter', command: fixture('leave-behind') },
  { name: 'pipeline', shell: 'sleep 1009 | (trap "" HUP TERM; sleep 1109; sleep 1109)' },
];
/** What each of them waits in, and the three that `litter` leaves behind. */
const SLEEPS = [1001, 1002, 1003, 1004, 1104, 1005, 1105, 1205, 1006, 1106, 1206, 1009, 1109, 1000, 1000, 1000];

function nine(restart: string): Record<string, unknown> {
  return { panes: KINDS.map((kind) => ({ ...kind, restart, stop: { timeout: '500ms' } })) };
}

function panePids(nonet: NonetSession): number[] {
  return nonet
    .processes()
    .filter((row) => row.environment.some((entry) => entry.startsWith('NONET_PANE=')))
    .map((row) => row.pid)
    .sort((a, b) => a - b);
}

/** The master's side of one, which makes what is at the other end go on. */
function holdsTerminal(pid: number): boolean {
  try {
    const files = fs.readdirSync(`/proc/${pid}/fd`).map((fd) => fs.readlinkSync(`/proc/${pid}/fd/${fd}`));
    return files.some((file) => file.endsWith('/ptmx'));
  } catch {
    return false;
  }
}

/** True when all of these sleep, and the shells that start some of them and leave have left. */
function areAsleep(nonet: NonetSession): boolean | string {
  const lines = nonet.processes().map(({ argv }) => argv.join(' '));
  const sleeps = lines.filter((line) => /^sleep \d+$/.test(line)).map((line) => Number(line.slice(6)));
  const shells = lines.filter((line) => line.includes('sleep 1005 &'));
  return (sleeps.sort().join() === SLEEPS.toSorted().join() && shells.length === 0) || lines.join('; ');
}

/** Starts them and waits until all that they start is there. */
async function startNine(nonet: NonetSession, restart = 'no'): Promise<number[]> {
  await nonet.start(nine(restart));
  let seen: number[] = [];
  await waitUntil('the nine and what they started', async () => {
    const before = seen;
    seen = panePids(nonet);
    const asleep = areAsleep(nonet);
    if (asleep !== true) return asleep;
    const settled = seen.join() === before.join();
    const [stubborn, litter] = [await nonet.capture('stubborn'), await nonet.capture('litter')];
    return (settled && stubborn.includes('STUBBORN') && litter.includes('LEFT-BEHIND')) || seen;
  });
  return seen;
}

test('nine programs of every kind live through the death of three daemons, and none is doubled', async () => {
  const nonet = createNonet();
  const pids = await startNine(nonet);
  const identity = async () =>
    (await nonet.list()).map(({ name, pid, epoch, restarts }) => [name, pid, epoch, restarts]);
  const before = await identity();
  const host = nonet.hostPid();
  for (let round = 0; round < 3; round++) {
    const daemon = await nonet.soleDaemon();
    process.kill(daemon, 'SIGKILL');
    // The command line asks at once and starts one itself, or it comes of the host.
    if (round === 0) expect(await identity()).toEqual(before);
    await nonet.soleDaemon(daemon);
    expect(await identity()).toEqual(before);
    expect(panePids(nonet)).toEqual(pids);
    // A daemon that comes of the host could have its terminals, too, and keep them open when the host dies.
    await waitUntil('nobody but the host to hold a terminal', () => {
      const holders = nonet.processes().filter((row) => row.pid !== host && holdsTerminal(row.pid));
      return holders.length === 0 || holders.map(({ argv }) => argv.join(' '));
    });
  }
  expect(nonet.hostPid()).toBe(host);
  await nonet.run(['down', '-s', 'e2e']);
  expect(pids.filter(isAlive)).toEqual([]);
  await waitUntil('daemon and host to leave', () => nonet.processes().length === 0);
});

test('of nine programs of every kind nothing is left when the host was killed, and each runs again once', async () => {
  const nonet = createNonet();
  const pids = await startNine(nonet, 'always');
  process.kill(nonet.hostPid(), 'SIGKILL');
  await waitUntil('what survived the host to be ended', () => {
    const left = pids.filter(isAlive);
    return left.length === 0 || left;
  });
  await waitUntil('nine new programs', async () => {
    const rows = await nonet.list();
    return rows.every(({ state, epoch }) => state === 'running' && epoch === 2) || rows.map(({ state }) => state);
  });
  // As many as before: nobody was started beside somebody else.
  await waitUntil('the same number as before', () => panePids(nonet).length === pids.length || panePids(nonet).length);
});

test('of nine programs of every kind nothing is left beside the next session when both were killed', async () => {
  const nonet = createNonet();
  const pids = await startNine(nonet);
  for (const pid of [nonet.daemonPid(), nonet.hostPid()]) process.kill(pid, 'SIGKILL');
  await waitUntil('the plain one to be gone with its terminal', () => pids.filter(isAlive).length < pids.length);
  // Those that do not heed the end of their terminal are still there.
  expect(pids.filter(isAlive).length).toBeGreaterThan(0);
  const again = await startNine(nonet);
  expect(pids.filter(isAlive)).toEqual([]);
  expect(again.length).toBe(pids.length);
});
