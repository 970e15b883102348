import fs from 'node:fs';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { waitUntil } from './wait-until.ts';

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
  const write = (file: string, value: string): void => fs.writeFileSync(path.join(directory, file), value);
  const read = (file: string): string => fs.readFileSync(path.join(directory, file), 'utf8');
  onTestFinished(async () => {
    if (controller === 'freezer') write('freezer.state', 'THAWED');
    // The kernel lets a group go only when the last of its processes, and of their children, is out or reaped.
    await waitUntil('the control group to be gone', () => {
      for (const pid of read('cgroup.procs').trim().split('\n').filter(Boolean)) {
        try {
          fs.writeFileSync(path.join(ROOT, controller, 'cgroup.procs'), pid);
        } catch {
          // It has ended.
        }
      }
      try {
        fs.rmdirSync(directory);
        return true;
      } catch {
        return read('cgroup.procs');
      }
    });
  });
  return {
    add(pid) {
      write('cgroup.procs', String(pid));
    },
    set: write,
    get: read,
  };
}
