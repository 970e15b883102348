import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createNonet } from '../helpers/nonet-session.ts';
import { isAlive } from '../helpers/process-list.ts';
import { waitUntil } from '../helpers/wait-until.ts';

test('after a reboot nobody is taken for a pane of before: what is saved names no process, and strangers are let alone', async () => {
  const nonet = createNonet();
  const layout = {
    panes: [
      { name: 'auto', command: 'sleep 1000', resurrect: 'auto' },
      { name: 'asks', command: 'sleep 1001' },
    ],
  };
  const file = path.join(nonet.env['XDG_STATE_HOME']!, 'nonet/sessions/e2e/session.json');
  const saved = () => JSON.parse(fs.readFileSync(file, 'utf8'));
  const save = async () => {
    await nonet.run(['save', '-s', 'e2e']);
    const pids = [...(await nonet.list()).map(({ pid }) => pid!), nonet.daemonPid(), nonet.hostPid()];
    const numbers = JSON.stringify(saved()).match(/\d+/g)!.map(Number);
    return { pids, named: pids.filter((pid) => numbers.includes(pid)) };
  };
  await nonet.start(layout);
  const former = await save();
  await nonet.run(['down', '-s', 'e2e']);
  await nonet.start(layout);
  const { pids, named } = await save();
  // The next boot: nothing of this one runs, and what it left on disk (sockets, locks, state) is there.
  for (const pid of pids.slice(-2)) process.kill(pid, 'SIGKILL');
  await waitUntil('everything to be gone', () => !pids.some(isAlive));
  // A pid may happen to be a number that stands there anyway (a line count, a second), but not in two runs.
  expect([former.named, named]).toContainEqual([]);

  // Other programs have the old numbers now, and a state of another version may even say so.
  const strangers = [1002, 1003].map((seconds) => spawn('sleep', [String(seconds)], { stdio: 'ignore' }));
  onTestFinished(() => {
    for (const stranger of strangers) stranger.kill('SIGKILL');
  });
  await Promise.all(strangers.map((stranger) => once(stranger, 'spawn')));
  const state = saved();
  for (const [i, pane] of state.panes.entries()) {
    Object.assign(pane, { pid: strangers[i]!.pid, startTime: '1', bootId: '00000000-0000-0000-0000-000000000000' });
  }
  fs.writeFileSync(file, JSON.stringify(state));
  await nonet.run(['resurrect', '--all']);
  await waitUntil('auto to run', async () => (await nonet.pane('auto')).state === 'running');
  const alive = (await nonet.list()).map(({ pid }) => pid);
  for (const { pid } of strangers) {
    expect(alive).not.toContain(pid);
    expect(isAlive(pid!)).toBe(true);
  }
  await nonet.run(['down', '-s', 'e2e']);
  expect(strangers.every(({ pid }) => isAlive(pid!))).toBe(true);
  await waitUntil('daemon and host to leave', () => nonet.processes().length === 0);
});
