import { afterEach, expect, it } from 'vitest';
import { createPsProcesses } from '../../src/supervisor/processes-ps.ts';
import { createStopLadder } from '../../src/supervisor/stop-ladder.ts';
import type { UsageSampler } from '../../src/supervisor/usage.ts';
import { createUsageSampler } from '../../src/supervisor/usage-sampler.ts';
import { isAlive } from '../helpers/process-list.ts';
import { waitUntil } from '../helpers/wait-until.ts';
import { startTree } from './started-trees.ts';

/** What macOS gets, which `ps` here can tell just as well. */
let sampler: UsageSampler | null = null;
afterEach(() => sampler?.dispose());

it('without /proc a tree is found, measured and stopped by means of ps', async () => {
  const tree = await startTree(['sh', '-c', 'sh -c "while :; do :; done" & wait']);
  const processes = createPsProcesses();
  const root = processes.identify(tree.root.pid)!;
  expect(processes.isAlive(root)).toBe(true);
  expect(processes.argvOf(root.pid)[0]).toBe('sh');
  expect(processes.signal({ ...root, startTime: 'long ago' }, 'SIGKILL')).toBe(false);

  sampler = createUsageSampler({ onChange: () => {}, intervalMs: 100, platform: 'darwin' });
  sampler.setRoot(1, root);
  await waitUntil('the busy child', () => {
    const usage = sampler!.usageOf(1);
    return (usage.cpuPercent > 10 && usage.rssBytes > 500_000 && sampler!.processesOf(1).length === 2) || usage;
  });

  await createStopLadder(processes, {
    root,
    isMarked: () => false,
    excluded: new Set([process.pid]),
    mode: 'graceful',
    signal: 'SIGTERM',
    graceMs: 2000,
    typeKeys: null,
    onStuck: () => {},
  }).gone;
  expect(isAlive(root.pid)).toBe(false);
  expect(tree.pids()).toEqual([]);
});
