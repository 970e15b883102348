import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * What a terminal in canonical mode keeps of one line before its end; the rest is dropped without a word (Linux: N_TTY_BUF_SIZE less one,
 * termios(3) "Canonical and noncanonical mode").
 */
export const MAX_CANONICAL_LINE = 4095;

/** The major numbers of Linux's pts devices, 256 minor ones each (Documentation/admin-guide/devices.txt). */
const FIRST_PTS_MAJOR = 136;
const LAST_PTS_MAJOR = 143;
const PATIENCE_MS = 2_000;

/** Bytes of the longest line. */
export function longestLine(text: string): number {
  return Math.max(...text.split(/\r\n|[\r\n]/).map((line) => Buffer.byteLength(line)));
}

/** Whether the program's terminal is in canonical mode now; false where that cannot be found out. */
export function readsWholeLines(pid: number): Promise<boolean> {
  const terminal = terminalOf(pid);
  if (terminal === null) return Promise.resolve(false);
  return new Promise((resolve) => {
    execFile(
      'stty',
      ['-F', terminal, '-a'],
      { timeout: PATIENCE_MS, env: { ...process.env, LC_ALL: 'C' } },
      (error, stdout) => resolve(!error && /(^|\s)icanon\b/.test(stdout)),
    );
  });
}

function terminalOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Field 7 of proc(5); its name, which may hold anything, ends with the last parenthesis.
    const device = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[4]);
    const major = (device >> 8) & 0xfff;
    const minor = (device & 0xff) | ((device >> 12) & 0xfff00);
    if (major < FIRST_PTS_MAJOR || major > LAST_PTS_MAJOR) return null;
    return `/dev/pts/${(major - FIRST_PTS_MAJOR) * 256 + minor}`;
  } catch {
    // Gone, or no Linux.
    return null;
  }
}
