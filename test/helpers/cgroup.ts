import fs from 'node:fs';
import path from 'node:path';
import { onTestFinished } from 'vitest';

/** A control group of the kernel (version 1 hierarchies) for tests that need one; removed when the test ends. */
export type Cgroup = {
  add(pid: number): void;
  set(file: string, value: string): void;
  get(file: string): string;
};

const ROOT = '/sys/fs/cgroup';

/** Why there can be none here, for the title of a skipped test; empty if there can. */
export function whyNoCgroup(controller: 'pids' | 'freezer' | 'memory'): string {
  try {
    fs.accessSync(path.join(ROOT, controller, 'cgroup.procs'), fs.constants.W_OK);
    return '';
  } catch {
    return ` (skipped: needs a writable ${controller} cgroup, version 1)`;
  }
}

export function createCgroup(controller: 'pids' | 'freezer' | 'memory'): Cgroup {
  const directory = fs.mkdtempSync(path.join(ROOT, controller, 'nonet-test-'));
  const members = new Set<number>();
  const write = (file: string, value: string): void => fs.writeFileSync(path.join(directory, file), value);
  onTestFinished(async () => {
    if (controller === 'freezer') write('freezer.state', 'THAWED');
    for (const pid of members) {
      try {
        fs.writeFileSync(path.join(ROOT, controller, 'cgroup.procs'), String(pid));
      } catch {
        // It has ended.
      }
    }
    // The kernel lets a group go only when the last of its processes is reaped.
    for (let left = 100; left > 0; left--) {
      try {
        fs.rmdirSync(directory);
        return;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  });
  return {
    add(pid) {
      members.add(pid);
      write('cgroup.procs', String(pid));
    },
    set: write,
    get: (file) => fs.readFileSync(path.join(directory, file), 'utf8'),
  };
}
