import fs from 'node:fs';
import type { ProcessIdentity } from './processes.ts';
import { identifyLinux, readMark } from './processes-linux.ts';

/** Finds all processes with a mark that begins so, whoever their parents are (Linux; elsewhere environments cannot be read). */
export type MarkScan = {
  find(): (ProcessIdentity & { mark: string })[];
};

/** A number that is used again is looked at again after so many looks at the latest. */
const FORGET_EVERY = 12;

/**
 * Reads the environment only of processes it has not seen: that is what costs. What a process was started with stays what it is, and what a
 * marked one starts is marked from its first moment.
 */
export function createMarkScan(prefix: string, platform: NodeJS.Platform = process.platform): MarkScan {
  let seen = new Set<number>();
  let marked = new Map<number, { startTime: string; mark: string }>();
  let round = 0;

  function find(): (ProcessIdentity & { mark: string })[] {
    if (++round % FORGET_EVERY === 0) seen = new Set();
    const present = new Set<number>();
    const found: (ProcessIdentity & { mark: string })[] = [];
    for (const name of fs.readdirSync('/proc')) {
      const first = name.charCodeAt(0);
      if (first < 48 || first > 57) continue;
      const pid = Number(name);
      present.add(pid);
      const known = marked.get(pid);
      if (!known && seen.has(pid)) continue;
      const identity = identifyLinux(pid);
      if (!identity) continue;
      const mark = known?.startTime === identity.startTime ? known.mark : readMark(pid);
      if (mark?.startsWith(prefix)) found.push({ ...identity, mark });
    }
    seen = present;
    marked = new Map(found.map(({ pid, startTime, mark }) => [pid, { startTime, mark }]));
    return found;
  }

  return { find: platform === 'linux' ? find : () => [] };
}
