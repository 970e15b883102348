import fs from 'node:fs';
import path from 'node:path';
import type { LimitController, LimitMeans } from '../core/limit-means.ts';
import type { LimitSettings } from '../core/supervision.ts';

/** A control group of one pane, in one hierarchy (version 2) or one for each controller (version 1). */
export type PaneGroup = {
  /** Where a process that is to be limited writes its number. */
  joinFiles: string[];
  /** The numbers of its processes. */
  members(): Set<number>;
  /** How many of its processes the kernel has killed for want of memory, ever. */
  killCount(): number;
  /** Memory in use without what can be dropped at any time; null where it is not counted. */
  usedBytes(): number | null;
  /** False while processes are in it, or are still being taken apart. */
  remove(): boolean;
};

type OwnMeans = Extract<LimitMeans, { kind: 'cgroup-v1' | 'cgroup-v2' }>;

/** The scheduler's accounting period in µs: the kernel's default. */
const CPU_PERIOD = 100_000;
/** From here on the kernel takes memory back, and slows down who wants more. */
const HIGH = 0.9;

/** Makes the group, or takes the one that is there, and sets the limits. Throws what the system says, and has made nothing then. */
export function openPaneGroup(means: OwnMeans, name: string, limits: LimitSettings): PaneGroup {
  try {
    return means.kind === 'cgroup-v2' ? openVersion2(means, name, limits) : openVersion1(means, name, limits);
  } catch (error) {
    // One in which there are processes stays.
    for (const directory of means.kind === 'cgroup-v2' ? [means.directory] : Object.values(means.directories)) {
      remove(path.join(directory, name));
    }
    throw error;
  }
}

function openVersion2(
  { directory, controllers, enable }: Extract<LimitMeans, { kind: 'cgroup-v2' }>,
  name: string,
  { memoryMaxBytes, maxProcesses, cpuPercent }: LimitSettings,
): PaneGroup {
  if (enable) set(directory, 'cgroup.subtree_control', controllers.map((controller) => `+${controller}`).join(' '));
  const group = make(directory, name);
  if (controllers.includes('memory')) {
    set(group, 'memory.max', memoryMaxBytes ?? 'max');
    set(group, 'memory.high', memoryMaxBytes === null ? 'max' : Math.floor(memoryMaxBytes * HIGH));
    // Half an agent is of no use to anybody.
    set(group, 'memory.oom.group', memoryMaxBytes === null ? 0 : 1);
    // What does not fit into memory would else go to the disk, slowly.
    if (memoryMaxBytes !== null) trySet(group, 'memory.swap.max', 0);
  }
  if (controllers.includes('pids')) set(group, 'pids.max', maxProcesses ?? 'max');
  if (controllers.includes('cpu')) {
    set(group, 'cpu.max', `${cpuPercent === null ? 'max' : Math.round((cpuPercent / 100) * CPU_PERIOD)} ${CPU_PERIOD}`);
  }
  return {
    joinFiles: [path.join(group, 'cgroup.procs')],
    members: () => readMembers(group),
    killCount: () => numberAfter(group, 'memory.events', 'oom_kill') ?? 0,
    usedBytes: () => usedMemory(group, 'memory.current', 'inactive_file'),
    remove: () => remove(group),
  };
}

function openVersion1(
  { directories }: Extract<LimitMeans, { kind: 'cgroup-v1' }>,
  name: string,
  { memoryMaxBytes, maxProcesses, cpuPercent }: LimitSettings,
): PaneGroup {
  const groups = new Map<LimitController, string>();
  const open = (controller: LimitController): string | null => {
    const directory = directories[controller];
    if (directory === undefined) return null;
    const group = make(directory, name);
    groups.set(controller, group);
    return group;
  };
  const memory = memoryMaxBytes === null ? null : open('memory');
  if (memory !== null) {
    // With swap it may not be less than without, at any moment of the change.
    trySet(memory, 'memory.memsw.limit_in_bytes', -1);
    set(memory, 'memory.limit_in_bytes', memoryMaxBytes!);
    trySet(memory, 'memory.memsw.limit_in_bytes', memoryMaxBytes!);
  }
  const pids = maxProcesses === null ? null : open('pids');
  if (pids !== null) set(pids, 'pids.max', maxProcesses!);
  const cpu = cpuPercent === null ? null : open('cpu');
  if (cpu !== null) {
    set(cpu, 'cpu.cfs_period_us', CPU_PERIOD);
    set(cpu, 'cpu.cfs_quota_us', Math.round((cpuPercent! / 100) * CPU_PERIOD));
  }
  return {
    joinFiles: [...groups.values()].map((group) => path.join(group, 'cgroup.procs')),
    members: () => new Set([...groups.values()].flatMap((group) => [...readMembers(group)])),
    killCount: () => (memory === null ? 0 : (numberAfter(memory, 'memory.oom_control', 'oom_kill') ?? 0)),
    usedBytes: () => (memory === null ? null : usedMemory(memory, 'memory.usage_in_bytes', 'total_inactive_file')),
    remove: () => [...groups.values()].map(remove).every(Boolean),
  };
}

function make(directory: string, name: string): string {
  const group = path.join(directory, name);
  try {
    fs.mkdirSync(group, 0o755);
  } catch (error) {
    // Left by an earlier run or an earlier daemon.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return group;
}

function remove(group: string): boolean {
  try {
    fs.rmdirSync(group);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}

function set(group: string, file: string, value: string | number): void {
  fs.writeFileSync(path.join(group, file), String(value));
}

/** For what not every kernel has. */
function trySet(group: string, file: string, value: string | number): void {
  try {
    set(group, file, value);
  } catch {
    // Without accounting of swap there is nothing to be limited.
  }
}

function numberAfter(group: string, file: string, key: string): number | null {
  const line = readOrEmpty(path.join(group, file))
    .split('\n')
    .find((text) => text.startsWith(`${key} `));
  return line === undefined ? null : Number(line.slice(key.length + 1));
}

function readMembers(group: string): Set<number> {
  return new Set(readOrEmpty(path.join(group, 'cgroup.procs')).split('\n').filter(Boolean).map(Number));
}

function readOrEmpty(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function usedMemory(group: string, file: string, droppable: string): number | null {
  const text = readOrEmpty(path.join(group, file)).trim();
  return text === '' ? null : Math.max(0, Number(text) - (numberAfter(group, 'memory.stat', droppable) ?? 0));
}
