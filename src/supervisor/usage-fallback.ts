import { findTree } from './process-tree.ts';
import type { ProcessIdentity } from './processes.ts';
import { createPsProcesses } from './processes-ps.ts';
import {
  type ProcessUsage,
  roundPercent,
  roundRss,
  type Sample,
  type SamplerOptions,
  type Usage,
  type UsageSampler,
} from './usage.ts';

/** Where there is no /proc: pidusage, which asks `ps`; one call for the processes of all panes. The only file that knows it. */
export function createFallbackSampler({ onChange, onSample, intervalMs = 2_000 }: SamplerOptions): UsageSampler {
  const processes = createPsProcesses();
  const trees = new Map<number, { root: ProcessIdentity; usage: Usage; processes: ProcessUsage[] }>();
  let timer: NodeJS.Timeout | null = null;
  let busy = false;

  async function sample(): Promise<void> {
    const rows = await processes.snapshot();
    const panes = [...trees].map(([pane, tree]) => ({
      pane,
      tree,
      pids: findTree(rows, { root: tree.root, known: [], isMarked: () => false, excluded: new Set() }).map(
        (row) => row.pid,
      ),
    }));
    const pids = panes.flatMap((entry) => entry.pids);
    if (pids.length === 0) return;
    const { default: pidusage } = await import('pidusage');
    const readings = await pidusage(pids);
    const changed: number[] = [];
    const samples = new Map<number, Sample>();
    for (const { pane, tree, pids: own } of panes) {
      if (trees.get(pane) !== tree) continue;
      tree.processes = own.map((pid) => ({
        pid,
        cpuPercent: roundPercent(readings[pid]?.cpu ?? 0),
        rssBytes: readings[pid]?.memory ?? 0,
      }));
      const sum = (pick: (row: ProcessUsage) => number) => tree.processes.reduce((total, row) => total + pick(row), 0);
      const rssBytes = sum((row) => row.rssBytes);
      const usage = { cpuPercent: roundPercent(sum((row) => row.cpuPercent)), rssBytes: roundRss(rssBytes) };
      samples.set(pane, { ...usage, rssBytes, readBytes: 0, writtenBytes: 0, pid: tree.root.pid, pids: own });
      if (usage.cpuPercent !== tree.usage.cpuPercent || usage.rssBytes !== tree.usage.rssBytes) changed.push(pane);
      tree.usage = usage;
    }
    if (changed.length > 0) onChange(changed);
    onSample?.(samples);
  }

  function tick(): void {
    if (busy) return;
    busy = true;
    // A sample that fails (a process that ends meanwhile) leaves the last values.
    sample()
      .catch(() => {})
      .finally(() => {
        busy = false;
      });
  }

  return {
    setRoot(pane, root) {
      const present = trees.get(pane);
      if (root && present?.root.pid === root.pid && present.root.startTime === root.startTime) return;
      trees.delete(pane);
      if (root) trees.set(pane, { root, usage: { cpuPercent: 0, rssBytes: 0 }, processes: [] });
      if (trees.size > 0) timer ??= setInterval(tick, intervalMs);
      else if (timer) {
        clearInterval(timer);
        timer = null;
      }
    },
    usageOf: (pane) => trees.get(pane)?.usage ?? { cpuPercent: 0, rssBytes: 0 },
    processesOf: (pane) => trees.get(pane)?.processes ?? [],
    dispose() {
      if (timer) clearInterval(timer);
      trees.clear();
    },
  };
}
