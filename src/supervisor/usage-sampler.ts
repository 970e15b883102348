import type { ProcessIdentity } from './processes.ts';
import { roundPercent, roundRss, type Sample, type SamplerOptions, type Usage, type UsageSampler } from './usage.ts';
import { createDiskMeter, type DiskMeter } from './usage-disk.ts';
import { createEscapeWatch } from './usage-escaped.ts';
import { createFallbackSampler } from './usage-fallback.ts';
import { createProcUsageReader, type UsageReader } from './usage-reader.ts';

const INTERVAL_MS = 1_000;
/** A tree in which nothing used any time has started no process either, but may have lost one: look again this often. */
const DISCOVER_EVERY = 5;

const NONE: Usage = { cpuPercent: 0, rssBytes: 0 };

export function createUsageSampler(options: SamplerOptions): UsageSampler {
  const { platform = process.platform } = options;
  return platform === 'linux' ? createProcSampler(options) : createFallbackSampler(options);
}

type Member = { startTime: string; ownTicks: number; endedTicks: number; rssBytes: number; cpuPercent: number };
type Tree = {
  root: ProcessIdentity;
  members: Map<number, Member>;
  usage: Usage;
  disk: DiskMeter;
  untilDiscovery: number;
};

function createProcSampler(options: SamplerOptions): UsageSampler {
  const { onChange, onSample, intervalMs = INTERVAL_MS } = options;
  const escapes = options.findEscaped ? createEscapeWatch(options.findEscaped) : null;
  const reader = createProcUsageReader();
  const trees = new Map<number, Tree>();
  let timer: NodeJS.Timeout | null = null;
  let lastSample = performance.now();
  let lastTicks = reader.bootTicks();

  function sample(): void {
    const nowMs = performance.now();
    const elapsedTicks = ((nowMs - lastSample) / 1000) * reader.ticksPerSecond;
    const sinceTicks = lastTicks;
    lastSample = nowMs;
    lastTicks = reader.bootTicks();
    const changed: number[] = [];
    const escaped = escapes?.look() ?? null;
    const samples = new Map<number, Sample>();
    for (const [pane, tree] of trees) {
      const { rssBytes, ...measured } = sampleTree(reader, tree, {
        elapsedTicks,
        sinceTicks,
        escaped: escaped?.get(pane) ?? [],
      });
      const usage = { ...measured, rssBytes: roundRss(rssBytes) };
      samples.set(pane, {
        ...usage,
        rssBytes,
        ...tree.disk.measure(tree.members, elapsedTicks / reader.ticksPerSecond),
        pid: tree.root.pid,
        pids: [...tree.members.keys()],
      });
      if (usage.cpuPercent !== tree.usage.cpuPercent || usage.rssBytes !== tree.usage.rssBytes) changed.push(pane);
      tree.usage = usage;
    }
    if (changed.length > 0) onChange(changed);
    onSample?.(samples);
  }

  function remove(pane: number): void {
    for (const pid of trees.get(pane)?.members.keys() ?? []) reader.forget(pid);
    trees.delete(pane);
  }

  return {
    setRoot(pane, root) {
      const present = trees.get(pane);
      if (root && present?.root.pid === root.pid && present.root.startTime === root.startTime) return;
      remove(pane);
      if (root)
        trees.set(pane, { root, members: new Map(), usage: NONE, disk: createDiskMeter(reader), untilDiscovery: 0 });
      if (trees.size > 0 && !timer) {
        lastSample = performance.now();
        lastTicks = reader.bootTicks();
        timer = setInterval(sample, intervalMs);
      }
      if (trees.size === 0 && timer) {
        clearInterval(timer);
        timer = null;
      }
    },
    usageOf: (pane) => trees.get(pane)?.usage ?? NONE,
    processesOf: (pane) =>
      [...(trees.get(pane)?.members ?? [])].map(([pid, { cpuPercent, rssBytes }]) => ({ pid, cpuPercent, rssBytes })),
    dispose() {
      if (timer) clearInterval(timer);
      trees.clear();
      reader.dispose();
    },
  };
}

type Span = {
  /** Of our own clock since the last sample. */
  elapsedTicks: number;
  /** When the last sample was, since boot. */
  sinceTicks: number;
  /** Members that were found otherwise. */
  escaped: readonly ProcessIdentity[];
};

function sampleTree(reader: UsageReader, tree: Tree, { elapsedTicks, sinceTicks, escaped }: Span): Usage {
  const { members, root } = tree;
  /** Used by the living, and by children that ended meanwhile and were waited for by one of the living. */
  let ownTicks = 0;
  let endedTicks = 0;
  /** What those that are gone had used when they were last seen: it arrives in a parent's endedTicks a second time. */
  let goneTicks = 0;
  let rssBytes = 0;
  let lost = false;

  function measure(pid: number, startTime?: string): void {
    const reading = reader.read(pid);
    const member = members.get(pid);
    const expected = startTime ?? (pid === root.pid ? root.startTime : member?.startTime);
    if (!reading || (expected !== undefined && reading.startTime !== expected)) {
      members.delete(pid);
      reader.forget(pid);
      if (member) goneTicks += member.ownTicks + member.endedTicks;
      lost = true;
      return;
    }
    // Someone who began after the last sample used all of it since; someone found late counts from now on.
    const isNew = Number(reading.startTime) >= sinceTicks - 1;
    const before = member ?? (isNew ? { ownTicks: 0, endedTicks: 0 } : reading);
    const own = Math.max(0, reading.ownTicks - before.ownTicks);
    ownTicks += own;
    endedTicks += Math.max(0, reading.endedTicks - before.endedTicks);
    rssBytes += reading.rssBytes;
    members.set(pid, { ...reading, cpuPercent: percent(own, elapsedTicks) });
  }

  if (members.size === 0) measure(root.pid);
  else for (const pid of [...members.keys()]) measure(pid);

  for (const { pid, startTime } of escaped) if (!members.has(pid)) measure(pid, startTime);

  tree.untilDiscovery--;
  if (lost || ownTicks + endedTicks > 0 || tree.untilDiscovery <= 0) {
    tree.untilDiscovery = DISCOVER_EVERY;
    for (const pid of [...members.keys()]) discover(pid);
  }

  function discover(parent: number): void {
    for (const pid of reader.childrenOf(parent)) {
      if (members.has(pid)) continue;
      measure(pid);
      if (members.has(pid)) discover(pid);
    }
  }

  const used = Math.max(ownTicks, ownTicks + endedTicks - goneTicks);
  return { cpuPercent: percent(used, elapsedTicks), rssBytes };
}

function percent(ticks: number, elapsedTicks: number): number {
  return elapsedTicks > 0 ? roundPercent((100 * ticks) / elapsedTicks) : 0;
}
