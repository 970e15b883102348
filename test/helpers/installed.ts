import { spawnSync } from 'node:child_process';

/** Whether a program is on this machine: tests that need vim, less or htop are skipped, with that as the reason, where it is not. */
export function isInstalled(program: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
}
