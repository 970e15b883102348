import fs from 'node:fs';
import { statFields } from './processes-linux.ts';

/** One look at one process. Times are since its start, in clock ticks. */
export type UsageReading = {
  startTime: string;
  /** User and system time of its own. */
  ownTicks: number;
  /** The same of children that ended and were waited for. */
  endedTicks: number;
  rssBytes: number;
};

/** Reads the numbers of known processes, and who their children are; made for being asked every second. */
export type UsageReader = {
  /** Ticks in a second. */
  readonly ticksPerSecond: number;
  /** Null when the process is gone (a zombie has no memory and uses no time, but is there). */
  read(pid: number): UsageReading | null;
  childrenOf(pid: number): number[];
  /** Bytes that the process and children it has waited for have moved from and to disks since its start; null when it may not be known. */
  readDisk(pid: number): { readBytes: number; writtenBytes: number } | null;
  /** Start times are counted from here: ticks since boot, now. */
  bootTicks(): number;
  forget(pid: number): void;
  dispose(): void;
};

/**
 * From /proc, with one descriptor a process, read again from its beginning: a third of the cost of opening it anew. A descriptor stays
 * with its process; when that is gone, reading fails, also if the number is in use again.
 */
export function createProcUsageReader(): UsageReader {
  const descriptors = new Map<number, number>();
  const diskDescriptors = new Map<number, number>();
  const buffer = Buffer.allocUnsafe(4096);
  const { pageBytes, ticksPerSecond } = readMachine();

  function forget(pid: number): void {
    for (const opened of [descriptors, diskDescriptors]) {
      const descriptor = opened.get(pid);
      if (descriptor === undefined) continue;
      opened.delete(pid);
      fs.closeSync(descriptor);
    }
  }

  return {
    ticksPerSecond,
    read(pid) {
      try {
        let descriptor = descriptors.get(pid);
        if (descriptor === undefined) {
          descriptor = fs.openSync(`/proc/${pid}/stat`, 'r');
          descriptors.set(pid, descriptor);
        }
        const fields = statFields(buffer.toString('latin1', 0, fs.readSync(descriptor, buffer, 0, buffer.length, 0)));
        return {
          startTime: fields[19] ?? '',
          ownTicks: Number(fields[11]) + Number(fields[12]),
          endedTicks: Number(fields[13]) + Number(fields[14]),
          rssBytes: Number(fields[21]) * pageBytes,
        };
      } catch {
        forget(pid);
        return null;
      }
    },
    readDisk(pid) {
      try {
        let descriptor = diskDescriptors.get(pid);
        if (descriptor === undefined) {
          descriptor = fs.openSync(`/proc/${pid}/io`, 'r');
          diskDescriptors.set(pid, descriptor);
        }
        return parseDisk(buffer.toString('latin1', 0, fs.readSync(descriptor, buffer, 0, buffer.length, 0)));
      } catch {
        // Gone, or another user's.
        return null;
      }
    },
    childrenOf(pid) {
      // Each thread has its own children: programs in Rust or Go start processes from any of them.
      const children: number[] = [];
      try {
        for (const thread of fs.readdirSync(`/proc/${pid}/task`)) {
          const text = fs.readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8');
          for (const word of text.split(' ')) if (word !== '') children.push(Number(word));
        }
      } catch {
        // Gone meanwhile, or a kernel without CONFIG_PROC_CHILDREN: what is known is counted.
      }
      return children;
    },
    bootTicks: () => {
      // Unlike os.uptime() with the fraction; the same clock as start times (it counts suspended time).
      const uptime = fs.readFileSync('/proc/uptime', 'utf8');
      return Number(uptime.slice(0, uptime.indexOf(' '))) * ticksPerSecond;
    },
    forget,
    dispose() {
      for (const pid of [...descriptors.keys(), ...diskDescriptors.keys()]) forget(pid);
    },
  };
}

/** The last three lines of /proc/PID/io (proc(5)): what was written and then thrown away before it reached the disk does not count. */
function parseDisk(text: string): { readBytes: number; writtenBytes: number } {
  const field = (name: string): number => {
    const start = text.indexOf(`\n${name}: `);
    return start < 0 ? 0 : Number.parseInt(text.slice(start + name.length + 3), 10);
  };
  return {
    readBytes: field('read_bytes'),
    writtenBytes: Math.max(0, field('write_bytes') - field('cancelled_write_bytes')),
  };
}

const AT_PAGESZ = 6n;
const AT_CLKTCK = 17n;

/** Page size and clock ticks from the auxiliary vector (getauxval(3)): `getconf` would cost a process. */
function readMachine(): { pageBytes: number; ticksPerSecond: number } {
  const machine = { pageBytes: 4096, ticksPerSecond: 100 };
  try {
    const vector = fs.readFileSync('/proc/self/auxv');
    for (let at = 0; at + 16 <= vector.length; at += 16) {
      const type = vector.readBigUInt64LE(at);
      if (type === AT_PAGESZ) machine.pageBytes = Number(vector.readBigUInt64LE(at + 8));
      if (type === AT_CLKTCK) machine.ticksPerSecond = Number(vector.readBigUInt64LE(at + 8));
    }
  } catch {
    // What nearly every Linux has.
  }
  return machine;
}
