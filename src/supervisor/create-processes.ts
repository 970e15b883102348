import type { Processes } from './processes.ts';
import { createLinuxProcesses } from './processes-linux.ts';
import { createPsProcesses } from './processes-ps.ts';

/** The processes of this machine, by the means it has. */
export function createProcesses(platform: NodeJS.Platform = process.platform): Processes {
  return platform === 'linux' ? createLinuxProcesses() : createPsProcesses();
}
