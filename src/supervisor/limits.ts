import os from 'node:os';
import { enforcedLimits, type LimitController, type LimitMeans, scopeArguments } from '../core/limit-means.ts';
import type { LimitSettings } from '../core/supervision.ts';
import { openPaneGroup, type PaneGroup } from './limits-cgroup.ts';

/** Holds one pane to its limits, by the means this machine has. */
export type PaneLimits = {
  /** What the kernel enforces; the rest is for whoever looks at what is used. */
  readonly enforced: readonly LimitController[];
  /** What of its limits cannot be had here, in words; empty for nothing. */
  readonly problem: string;
  /** Before a spawn: the command that puts itself under the limits and then becomes the program, in the same process. */
  wrap(argv: readonly string[]): string[];
  /** After the spawn. */
  started(pid: number): void;
  /** The program was started by an earlier daemon. */
  adopt(): void;
  /** The processes in its group, which nothing of the pane can leave; empty where there is none. */
  members(): ReadonlySet<number>;
  /** Of its group, as the limit counts it; null where there is none. */
  usedBytes(): number | null;
  /** What speaks for it that the kernel killed in this run for want of memory, in words; empty when nothing does. */
  wasOutOfMemory(): string;
  /** Resolves when what was made for it is gone again, or cannot be removed. */
  release(): Promise<void>;
};

export type PaneLimitsOptions = {
  limits: LimitSettings;
  means: LimitMeans;
  /** Of the group: the same for this pane in every daemon of this session, and in no other. */
  name: string;
};

/**
 * Every number before `--` is a file that takes the shell's process number; then the shell becomes the program. One that cannot be limited does
 * not run: 126 is a shell's word for a command that may not be run.
 */
const JOIN = `while [ "$1" != -- ]; do echo $$ > "$1" || { echo "nonet: cannot join the limits of this pane" >&2; exit 126; }; shift; done; shift; exec "$@"`;
const REMOVE_RETRY_MS = 50;
const REMOVE_TRIES = 20;

export function createPaneLimits({ limits, means, name }: PaneLimitsOptions): PaneLimits {
  let group: PaneGroup | null = null;
  let killed = 0;
  let problem = '';
  /** Counts spawns: a removal that waits gives way to the next. */
  let uses = 0;
  const enforced = enforcedLimits(means, limits);

  function open(): PaneGroup | null {
    if (enforced.length === 0 || means.kind === 'polling' || means.kind === 'systemd') return null;
    try {
      const opened = openPaneGroup(means, name, limits);
      problem = '';
      return opened;
    } catch (error) {
      problem = `its limits cannot be set: ${(error as Error).message}`;
      return null;
    }
  }

  return {
    get enforced() {
      return problem === '' ? enforced : [];
    },
    get problem() {
      return problem;
    },
    wrap(argv) {
      uses++;
      if (means.kind === 'systemd' && enforced.length > 0) return ['systemd-run', ...scope(means.user), '--', ...argv];
      group = open();
      if (!group) return [...argv];
      killed = group.killCount();
      return ['/bin/sh', '-c', JOIN, 'nonet', ...group.joinFiles, '--', ...argv];
    },
    started(pid) {
      if (limits.nice === null) return;
      try {
        os.setPriority(pid, limits.nice);
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        // It may have ended meanwhile.
        if (code !== 'ESRCH') problem = `nice ${limits.nice} is not allowed (${code})`;
      }
    },
    adopt() {
      uses++;
      group ??= open();
      killed = group?.killCount() ?? 0;
    },
    members: () => group?.members() ?? new Set(),
    usedBytes: () => group?.usedBytes() ?? null,
    wasOutOfMemory: () =>
      group && group.killCount() > killed ? 'out of memory: it reached its limits.memory_max' : '',
    async release() {
      // The kernel lets a group go when the last of its processes has been reaped.
      const use = uses;
      for (let left = REMOVE_TRIES; left > 0 && group && use === uses; left--) {
        if (group.remove()) group = null;
        else await new Promise((resolve) => setTimeout(resolve, REMOVE_RETRY_MS));
      }
    },
  };

  function scope(user: boolean): string[] {
    const property = (key: string, value: string | number): string[] => ['-p', `${key}=${value}`];
    const { memoryMaxBytes, maxProcesses, cpuPercent } = limits;
    return [
      ...scopeArguments(user),
      ...(memoryMaxBytes === null ? [] : [...property('MemoryMax', memoryMaxBytes), ...property('MemorySwapMax', 0)]),
      ...(maxProcesses === null ? [] : property('TasksMax', maxProcesses)),
      ...(cpuPercent === null ? [] : property('CPUQuota', `${cpuPercent}%`)),
      // One killed process does not end the scope: what becomes of the pane is for nonet to say.
      ...property('OOMPolicy', 'continue'),
    ];
  }
}
