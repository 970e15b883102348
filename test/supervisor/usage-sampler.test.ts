import fs from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { createStopLadder } from '../../src/supervisor/stop-ladder.ts';
import type { UsageSampler } from '../../src/supervisor/usage.ts';
import { createUsageSampler } from '../../src/supervisor/usage-sampler.ts';
import { NODE } from '../helpers/fixture.ts';
import { waitUntil } from '../helpers/wait-until.ts';
import { processes, type StartedTree, startTree } from './started-trees.ts';

let sampler: UsageSampler | null = null;
/** The panes that each sample told of. */
const changes: number[][] = [];
const onChange = (panes: number[]) => void changes.push(panes);
afterEach(() => {
  changes.length = 0;
  sampler?.dispose();
  sampler = null;
});

function end(tree: StartedTree): Promise<void> {
  return createStopLadder(processes, {
    root: tree.root,
    isMarked: tree.isMarked,
    excluded: new Set(),
    mode: 'kill',
    signal: 'SIGTERM',
    graceMs: 0,
    typeKeys: null,
    onStuck: () => {},
  }).gone;
}

function ownDescriptors(): number {
  return fs.readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return /^\/proc\/\d+\/stat$/.test(fs.readlinkSync(`/proc/self/fd/${fd}`));
    } catch {
      return false;
    }
  }).length;
}

/** Clock ticks (10 ms) that these processes have used, and children of theirs that are gone. */
function usedTicks(pids: readonly number[]): number {
  const ticks = pids.map((pid) => {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields.slice(11, 15).reduce((sum, value) => sum + Number(value), 0);
  });
  return ticks.reduce((sum, value) => sum + value, 0);
}

/** The mean of so many samples of a pane, and what the kernel has counted for its processes meanwhile, whatever the machine gave them. */
async function compare(pane: number, pids: readonly number[], samples: number) {
  const nextSample = async (): Promise<number> => {
    const before = changes.length;
    await waitUntil('the next sample', () => changes.length > before, { intervalMs: 5 });
    return sampler!.usageOf(pane).cpuPercent;
  };
  await nextSample();
  const [beganMs, beganTicks] = [performance.now(), usedTicks(pids)];
  const seen: number[] = [];
  while (seen.length < samples) seen.push(await nextSample());
  const truth = ((usedTicks(pids) - beganTicks) * 10 * 100) / (performance.now() - beganMs);
  return { mean: seen.reduce((sum, value) => sum + value, 0) / seen.length, truth, words: `${seen}, kernel ${truth}` };
}

/** Burns a share of a core in a grandchild: `busy` of every 100 ms. */
const BURN = (busyMs: number) =>
  `setInterval(() => { const end = performance.now() + ${busyMs}; while (performance.now() < end); }, 100)`;

describe('the usage of a pane', () => {
  it('is that of its whole tree: a grandchild that computes and one that holds memory', async () => {
    const megabytes = 120;
    const hold = `globalThis.held = Buffer.alloc(${megabytes} << 20, 1); setInterval(() => {}, 1e6)`;
    const tree = await startTree(['sh', '-c', `(${quoted(BURN(50))} & ${quoted(hold)} & wait) & wait`]);
    sampler = createUsageSampler({ onChange, intervalMs: 300 });
    sampler.setRoot(4, tree.root);
    await waitUntil('both to be seen', () => {
      const { cpuPercent, rssBytes } = sampler!.usageOf(4);
      return (cpuPercent > 5 && cpuPercent < 85 && rssBytes > megabytes << 20) || { cpuPercent, rssBytes };
    });
    const { mean, truth, words } = await compare(4, tree.pids(), 10);
    expect(Math.abs(mean - truth), words).toBeLessThan(8);
    expect(truth).toBeGreaterThan(4);
    const rows = sampler.processesOf(4);
    expect(rows.length).toBeGreaterThanOrEqual(4);
    expect(rows.map((row) => row.pid)).toContain(tree.root.pid);
    expect(changes.flat()).toContain(4);
    await end(tree);
    await waitUntil('nothing', () => sampler!.usageOf(4).rssBytes === 0 || sampler!.usageOf(4));
  });

  it('counts processes that come and go between two samples, once', async () => {
    // One core's worth of short processes, each waited for.
    const tree = await startTree([
      'sh',
      '-c',
      'while :; do sh -c "i=0; while [ \\$i -lt 3000 ]; do i=\\$((i+1)); done"; done',
    ]);
    sampler = createUsageSampler({ onChange, intervalMs: 300 });
    sampler.setRoot(1, tree.root);
    await waitUntil('it to be seen', () => sampler!.usageOf(1).cpuPercent > 0);
    const { mean, truth, words } = await compare(1, [tree.root.pid], 10);
    await end(tree);
    expect(Math.abs(mean - truth), words).toBeLessThan(3 + truth / 4);
    expect(truth).toBeGreaterThan(4);
  });

  it('is nothing while it sleeps, and then nothing is told either', async () => {
    const tree = await startTree(['sleep', '60']);
    let samples = 0;
    let changes = 0;
    sampler = createUsageSampler({
      onChange: () => {
        changes++;
      },
      intervalMs: 50,
    });
    sampler.setRoot(1, tree.root);
    await waitUntil('memory', () => sampler!.usageOf(1).rssBytes > 0);
    const settled = changes;
    // Samples of a second pane show that time goes on.
    const other = await startTree(['sh', '-c', 'while :; do :; done']);
    sampler.setRoot(2, other.root);
    await waitUntil('further samples', () => ++samples > 20 && sampler!.usageOf(2).cpuPercent > 5);
    await waitUntil('it to be idle', () => sampler!.usageOf(1).cpuPercent === 0);
    expect(changes).toBeGreaterThan(settled);
    await end(other);
    await end(tree);
  });

  it('ends with the program, and no descriptor is kept', async () => {
    const before = ownDescriptors();
    const tree = await startTree(['sh', '-c', 'sleep 60 & sleep 60 & wait']);
    sampler = createUsageSampler({ onChange: () => {}, intervalMs: 50 });
    sampler.setRoot(1, tree.root);
    await waitUntil('three processes', () => sampler!.processesOf(1).length === 3);
    await waitUntil('a descriptor for each', () => ownDescriptors() === before + 3 || ownDescriptors() - before);
    await end(tree);
    await waitUntil('their descriptors to be closed', () => ownDescriptors() === before);
    sampler.setRoot(1, null);
    expect(sampler.usageOf(1)).toEqual({ cpuPercent: 0, rssBytes: 0 });
  });

  it('of another program that has the number of a dead one is not taken for its', async () => {
    const tree = await startTree(['sleep', '60']);
    sampler = createUsageSampler({ onChange: () => {}, intervalMs: 30 });
    sampler.setRoot(1, { ...tree.root, startTime: '1' });
    sampler.setRoot(2, tree.root);
    await waitUntil('a sample', () => sampler!.usageOf(2).rssBytes > 0);
    expect(sampler.usageOf(1).rssBytes).toBe(0);
    await end(tree);
  });
});

function quoted(script: string): string {
  return `'${NODE}' -e '${script}'`;
}
