import { closeSync, readdirSync, readlinkSync } from 'node:fs';

const DESCRIPTORS = '/proc/self/fd';

/**
 * Closes the panes' terminals in a daemon that the host has started. node-pty opens them without FD_CLOEXEC, so every child of the host has
 * them; kept here they would go on when the host dies, and the programs in them would not hear of it. Linux; elsewhere nothing is closed.
 */
export function closeInheritedTerminals(): void {
  let names: string[];
  try {
    names = readdirSync(DESCRIPTORS);
  } catch {
    return;
  }
  for (const name of names) {
    const fd = Number(name);
    if (fd > 2 && targetOf(name).endsWith('/ptmx')) closeSync(fd);
  }
}

function targetOf(name: string): string {
  try {
    return readlinkSync(`${DESCRIPTORS}/${name}`);
  } catch {
    // The descriptor with which the directory was read.
    return '';
  }
}
