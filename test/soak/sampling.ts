import fs from 'node:fs';
import { isAlive, residentBytes } from '../helpers/process-list.ts';

/** What may grow while a session runs, as the kernel counts it. */
export type Sample = {
  hostFds: number;
  daemonFds: number;
  /** Masters, of which the host has one for each pane that runs, and nobody else any. The machine's own count (pty/nr) is not ours alone. */
  ptys: number;
  hostThreads: number;
  daemonThreads: number;
  hostBytes: number;
  daemonBytes: number;
  /** Children of host and daemon that have ended and were not waited for. */
  zombies: number;
  /** All processes of the session. */
  processes: number;
};

export const MEASURES = [
  'hostFds',
  'daemonFds',
  'ptys',
  'hostThreads',
  'daemonThreads',
  'hostBytes',
  'daemonBytes',
  'zombies',
  'processes',
] as const satisfies readonly (keyof Sample)[];

export function takeSample(host: number, daemon: number, processes: number): Sample {
  const hostFiles = openFiles(host);
  // What is read of living processes comes and goes with them; what is kept of dead ones counts.
  const daemonFiles = openFiles(daemon).filter((file) => !isOfLivingProcess(file));
  return {
    hostFds: hostFiles.length,
    daemonFds: daemonFiles.length,
    ptys: [...hostFiles, ...daemonFiles].filter((file) => file.endsWith('/ptmx')).length,
    hostThreads: fs.readdirSync(`/proc/${host}/task`).length,
    daemonThreads: fs.readdirSync(`/proc/${daemon}/task`).length,
    hostBytes: residentBytes(host),
    daemonBytes: residentBytes(daemon),
    zombies: zombiesOf([host, daemon]),
    processes,
  };
}

/** The least of each: what stays when nothing passes by (a probe, a program between two runs). */
export function leastOf(samples: readonly Sample[]): Sample {
  const least = { ...samples[0]! };
  for (const sample of samples) {
    for (const measure of MEASURES) least[measure] = Math.min(least[measure], sample[measure]);
  }
  return least;
}

function openFiles(pid: number): string[] {
  return fs.readdirSync(`/proc/${pid}/fd`).map((fd) => {
    try {
      return fs.readlinkSync(`/proc/${pid}/fd/${fd}`);
    } catch {
      return 'closed meanwhile';
    }
  });
}

function isOfLivingProcess(file: string): boolean {
  const pid = /^\/proc\/(\d+)\//.exec(file)?.[1];
  return pid !== undefined && isAlive(Number(pid));
}

function zombiesOf(parents: readonly number[]): number {
  let count = 0;
  for (const name of fs.readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = fs.readFileSync(`/proc/${name}/stat`, 'utf8');
      const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (state === 'Z' && parents.includes(Number(parent))) count++;
    } catch {
      // Gone meanwhile.
    }
  }
  return count;
}
