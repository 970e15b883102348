import fs from 'node:fs';

/** Where node-pty's child begins to take the first unused number for the end. */
const TRIED_ANYWAY = 16;

/**
 * Runs `fork` while every descriptor up to `highest` is in use. node-pty's prebuilt Linux binary marks what a child must not inherit from 3 on
 * and stops at the first unused number above 15 (pty_close_inherited_fds without close_range); a terminal of another pane behind such a gap
 * would be the new program's to read and to type into, and would not hang up when the host dies.
 */
export function withoutGaps<T>(highest: number, fork: () => T): T {
  const fillers: number[] = [];
  try {
    if (process.platform === 'linux' && highest >= TRIED_ANYWAY) fill(highest, fillers);
    return fork();
  } finally {
    for (const fd of fillers) fs.closeSync(fd);
  }
}

function fill(highest: number, fillers: number[]): void {
  // The system always gives the lowest number that is free.
  for (let fd = -1; fd < highest; ) {
    fd = fs.openSync('/dev/null', 'r');
    fillers.push(fd);
  }
}
