import { readlinkSync } from 'node:fs';

/** Where a program is now, as Linux's /proc tells; null where that cannot be had, or the directory is gone. */
export function workingDirectory(pid: number): string | null {
  try {
    const directory = readlinkSync(`/proc/${pid}/cwd`);
    return directory.startsWith('/') && !directory.endsWith(' (deleted)') ? directory : null;
  } catch {
    return null;
  }
}
