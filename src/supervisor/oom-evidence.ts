import fs from 'node:fs';

/** Looks for signs that the kernel killed a process because memory ran out, which to its parent is a SIGKILL like any other. */
export type OomEvidence = {
  /** What speaks for it, in words; empty when nothing does. */
  of(pid: number): string;
  dispose(): void;
};

export type OomSources = {
  /** How many processes the kernel has killed for want of memory since it started; null where it does not say. */
  killCount: () => number | null;
  /** The kernel's log since it started, or null where it may not be read. */
  kernelLog: () => string | null;
};

/** What the counter was is remembered this often, so that a kill of last week explains nothing of today. */
const REMEMBER_MS = 10_000;

export function createOomEvidence({ killCount, kernelLog }: OomSources): OomEvidence {
  let remembered = killCount();
  const timer = setInterval(() => {
    remembered = killCount();
  }, REMEMBER_MS);
  timer.unref();

  return {
    of(pid) {
      const count = killCount();
      if (count === null || remembered === null || count <= remembered) return '';
      const log = kernelLog();
      if (log === null) return 'probably for want of memory, for which the kernel killed a process at that time';
      // "Out of memory: Killed process 4711 (node) …", or "Memory cgroup out of memory: …" (mm/oom_kill.c).
      return new RegExp(`out of memory: Killed process ${pid} `, 'i').test(log) ? 'out of memory' : '';
    },
    dispose: () => clearInterval(timer),
  };
}

/** `/proc/vmstat` and `/dev/kmsg`, where there are any. */
export const linuxOomSources: OomSources = {
  killCount() {
    try {
      const count = /^oom_kill (\d+)$/m.exec(fs.readFileSync('/proc/vmstat', 'utf8'))?.[1];
      return count === undefined ? null : Number(count);
    } catch {
      return null;
    }
  },
  kernelLog() {
    let descriptor: number;
    try {
      descriptor = fs.openSync('/dev/kmsg', fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
    } catch {
      return null;
    }
    const record = Buffer.alloc(8192);
    let text = '';
    for (;;) {
      try {
        text += record.toString('latin1', 0, fs.readSync(descriptor, record, 0, record.length, null));
      } catch (error) {
        // Older records have been overwritten while we read; the next read goes on behind the gap.
        if ((error as NodeJS.ErrnoException).code === 'EPIPE') continue;
        // EAGAIN: that was the last record.
        fs.closeSync(descriptor);
        return text;
      }
    }
  },
};
