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
  await nonet.start({
    panes: [
      { name: 'auto', command: 'sleep 1000', resurrect: 'auto' },
      { name: 'asks', command: 'sleep 1001' },
    ],
  });
  await nonet.run(['save', '-s', 'e2e']);
  const pids = (await nonet.list()).map(({ pid }) => pid!);
  const both = [nonet.daemonPid(), nonet.hostPid()];
  // The next boot: nothing of this one runs, and what it left on disk (sockets, locks, state) is there.
  for (const pid of both) process.kill(pid, 'SIGKILL');
  await waitUntil('everything to be gone', () => [...both, ...pids].every((pid) => !isAlive(pid)));

  const file = path.join(nonet.env['XDG_STATE_HOME']!, 'nonet/sessions/e2e/session.json');
  const saved = JSON.parse(fs.readFileSync(file, 'utf8'));
  const numbers = JSON.stringify(saved).match(/\d+/g)!.map(Number);
  expect(numbers.filter((number) => [...pids, ...both].includes(number))).toEqual([]);

  // Other programs have the old numbers now, and a state of another version may even say so.
  const strangers = [1002, 1003].map((seconds) => spawn('sleep', [String(seconds)], { stdio: 'ignore' }));
  onTestFinished(() => {
    for (const stranger of strangers) stranger.kill('SIGKILL');
  });
  await Promise.all(strangers.map((stranger) => once(stranger, 'spawn')));
  for (const [i, pane] of saved.panes.entries()) {
    Object.assign(pane, { pid: strangers[i]!.pid, startTime: '1', bootId: '00000000-0000-0000-0000-000000000000' });
  }
  fs.writeFileSync(file, JSON.stringify(saved));
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
