import type { ProcessIdentity } from './processes.ts';

/** What a pane's whole tree uses. 100 % = one core. Resident memory counts shared pages once for every process. */
export type Usage = { cpuPercent: number; rssBytes: number };
export type ProcessUsage = Usage & { pid: number };
/** What the tree has read from and written to disks, in bytes a second; 0 where the system does not say. */
export type DiskUsage = { readBytes: number; writtenBytes: number };
/** `pids`: of all processes that were found. */
export type Sample = Usage & DiskUsage & { pid: number; pids: number[] };

/** One sampler for all panes, once a second. */
export type UsageSampler = {
  /** The program of a pane from now on; null when nothing runs. */
  setRoot(pane: number, root: ProcessIdentity | null): void;
  usageOf(pane: number): Usage;
  processesOf(pane: number): ProcessUsage[];
  dispose(): void;
};

export type SamplerOptions = {
  /** After a sample: panes whose shown values changed. */
  onChange: (panes: number[]) => void;
  /** After every sample, with what was measured of every pane that runs; `rssBytes` is exact. */
  onSample?: (samples: ReadonlyMap<number, Sample>) => void;
  /** Processes that no kinship leads to and that belong to a pane all the same; asked every 5 s, or more seldom if it takes long. */
  findEscaped?: () => Iterable<ProcessIdentity & { pane: number }>;
  intervalMs?: number;
  platform?: NodeJS.Platform;
};

/** Shown rounded, and compared so: an idle session tells nothing. */
export function roundRss(bytes: number): number {
  return Math.round(bytes / 100_000) * 100_000;
}

/** To one decimal. */
export function roundPercent(percent: number): number {
  return Math.round(percent * 10) / 10;
}
