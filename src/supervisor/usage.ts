import type { ProcessIdentity } from './processes.ts';

/** What a pane's whole tree uses. 100 % = one core. Resident memory counts shared pages once for every process. */
export type Usage = { cpuPercent: number; rssBytes: number };
export type ProcessUsage = Usage & { pid: number };

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
