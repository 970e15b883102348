import fs from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { createStopLadder } from '../../src/supervisor/stop-ladder.ts';
import type { UsageSampler } from '../../src/supervisor/usage.ts';
import { createUsageSampler } from '../../src/supervisor/usage-sampler.ts';
import { NODE } from '../helpers/fixture.ts';
import { waitUntil } from '../helpers/wait-until.ts';
import { processes, type StartedTree, startTree } from './started-trees.ts';

let sampler: UsageSampler | null = null;
afterEach(() => {
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

/** Clock ticks (10 ms) that the tree's living processes have used. */
function usedTicks(tree: StartedTree): number {
  const ticks = tree.pids().map((pid) => {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(fields[11]) + Number(fields[12]);
  });
  return ticks.reduce((sum, value) => sum + value, 0);
}

/** Burns a share of a core in a grandchild: `busy` of every 100 ms. */
const BURN = (busyMs: number) =>
  `setInterval(() => { const end = performance.now() + ${busyMs}; while (performance.now() < end); }, 100)`;

describe('the usage of a pane', () => {
  it('is that of its whole tree: a grandchild that computes and one that holds memory', async () => {
    const megabytes = 120;
    const hold = `globalThis.held = Buffer.alloc(${megabytes} << 20, 1); setInterval(() => {}, 1e6)`;
    const tree = await startTree(['sh', '-c', `(${quoted(BURN(50))} & ${quoted(hold)} & wait) & wait`]);
    const changes: number[][] = [];
    sampler = createUsageSampler({ onChange: (panes) => changes.push(panes), intervalMs: 300 });
    sampler.setRoot(4, tree.root);
    await waitUntil('both to be seen', () => {
      const { cpuPercent, rssBytes } = sampler!.usageOf(4);
      return (cpuPercent > 10 && cpuPercent < 85 && rssBytes > megabytes << 20) || { cpuPercent, rssBytes };
    });
    // Over several samples it is what the kernel has counted for these processes, whatever share the machine gave them.
    const nextSample = async () => {
      const before = changes.length;
      await waitUntil('the next sample', () => changes.length > before, { intervalMs: 5 });
      return sampler!.usageOf(4).cpuPercent;
    };
    await nextSample();
    const [beganMs, beganTicks] = [performance.now(), usedTicks(tree)];
    const seen: number[] = [];
    while (seen.length < 6) seen.push(await nextSample());
    const truth = ((usedTicks(tree) - beganTicks) * 10 * 100) / (performance.now() - beganMs);
    const mean = seen.reduce((sum, value) => sum + value, 0) / seen.length;
    expect(Math.abs(mean - truth), `samples ${seen}, kernel ${truth}`).toBeLessThan(8);
    expect(truth).toBeGreaterThan(10);
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
    sampler = createUsageSampler({ onChange: () => {}, intervalMs: 300 });
    sampler.setRoot(1, tree.root);
    const seen: number[] = [];
    await waitUntil('ten samples', () => {
      const { cpuPercent } = sampler!.usageOf(1);
      if (cpuPercent > 0 && cpuPercent !== seen.at(-1)) seen.push(cpuPercent);
      return seen.length >= 10;
    });
    // On a machine that is busy with other things it may get less than a core, but never more.
    expect(Math.max(...seen), String(seen)).toBeLessThan(125);
    expect(seen.reduce((sum, value) => sum + value, 0) / seen.length, String(seen)).toBeGreaterThan(20);
    await end(tree);
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
    await waitUntil('further samples', () => ++samples > 20 && sampler!.usageOf(2).cpuPercent > 10);
    expect(sampler.usageOf(1)).toMatchObject({ cpuPercent: 0 });
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
    expect(ownDescriptors()).toBe(before + 3);
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
