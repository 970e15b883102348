import { execFile, execFileSync } from 'node:child_process';
import { type Processes, type ProcessRow, sendSignal, shareReading } from './processes.ts';

/**
 * The same where there is no /proc (macOS): one `ps` for all processes. It tells neither sessions nor environments, so a process that left
 * its group and its parent is only found if it was seen before that.
 */
export function createPsProcesses(): Processes {
  const snapshot = shareReading(readAll);
  return {
    snapshot,
    identify(pid) {
      const startTime = startTimeOf(pid);
      return startTime === null ? null : { pid, startTime };
    },
    isAlive({ pid }) {
      try {
        process.kill(pid, 0);
        return true;
      } catch (error) {
        return (error as NodeJS.ErrnoException).code === 'EPERM';
      }
    },
    signal(identity, signal) {
      if (identity.pid <= 1 || identity.pid === process.pid) return false;
      return startTimeOf(identity.pid) === identity.startTime && sendSignal(identity.pid, signal);
    },
    markOf: () => null,
    argvOf(pid) {
      try {
        return execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' })
          .trim()
          .split(' ');
      } catch {
        return [];
      }
    },
  };
}

function readAll(): Promise<ProcessRow[]> {
  return new Promise((resolve) => {
    execFile(
      'ps',
      ['-A', '-o', 'pid=,ppid=,pgid=,stat=,lstart='],
      { env: { ...process.env, LC_ALL: 'C' }, maxBuffer: 16 * 1024 * 1024 },
      (error, output) => resolve(error ? [] : parsePs(output)),
    );
  });
}

/** Lines of `ps -A -o pid=,ppid=,pgid=,stat=,lstart=`. */
export function parsePs(output: string): ProcessRow[] {
  const rows: ProcessRow[] = [];
  for (const line of output.split('\n')) {
    const match = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(.+?)\s*$/.exec(line);
    if (!match) continue;
    const [, pid, parentPid, group, state, startTime] = match;
    rows.push({
      pid: Number(pid),
      startTime: startTime!,
      parentPid: Number(parentPid),
      group: Number(group),
      session: 0,
      zombie: state!.startsWith('Z'),
    });
  }
  return rows;
}

function startTimeOf(pid: number): string | null {
  try {
    const output = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C' },
    });
    return output.trim();
  } catch {
    return null;
  }
}
