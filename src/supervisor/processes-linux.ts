import fs from 'node:fs';
import {
  MARK_VARIABLE,
  type Processes,
  type ProcessIdentity,
  type ProcessRow,
  sendSignal,
  shareReading,
} from './processes.ts';

/**
 * From /proc, read as UTF-8: for that Node has a way without a Buffer of 64 KB for each file, whose collection alone took the daemon 1 % of a
 * core. What is not UTF-8, in a command's name say, comes out as U+FFFD and stands in no field that is read.
 */
export function createLinuxProcesses(): Processes {
  /** Environments are only read once a process: what it was started with does not change without a new program. */
  const marks = new Map<string, string | null>();
  const snapshot = shareReading(async () => {
    const rows = readAll();
    const present = new Set(rows.map(keyOf));
    for (const key of marks.keys()) if (!present.has(key)) marks.delete(key);
    return rows;
  });

  return {
    snapshot,
    identify: identifyLinux,
    isAlive(identity) {
      const row = readRow(identity.pid);
      return row !== null && row.startTime === identity.startTime && !row.zombie;
    },
    signal(identity, signal) {
      // Never init, never ourselves, never a group (0 and negative pids).
      if (identity.pid <= 1 || identity.pid === process.pid) return false;
      return readRow(identity.pid)?.startTime === identity.startTime && sendSignal(identity.pid, signal);
    },
    markOf(identity) {
      const key = keyOf(identity);
      let mark = marks.get(key);
      if (mark === undefined) {
        mark = readMark(identity.pid);
        marks.set(key, mark);
      }
      return mark;
    },
    argvOf(pid) {
      try {
        return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
      } catch {
        return [];
      }
    },
  };
}

export function identifyLinux(pid: number): ProcessIdentity | null {
  const row = readRow(pid);
  return row && { pid, startTime: row.startTime };
}

function keyOf({ pid, startTime }: ProcessIdentity): string {
  return `${pid} ${startTime}`;
}

function readAll(): ProcessRow[] {
  const rows: ProcessRow[] = [];
  for (const name of fs.readdirSync('/proc')) {
    const first = name.charCodeAt(0);
    if (first < 48 || first > 57) continue;
    const row = readRow(Number(name));
    if (row) rows.push(row);
  }
  return rows;
}

function readRow(pid: number): ProcessRow | null {
  let stat: string;
  try {
    stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return null;
  }
  const fields = statFields(stat);
  return {
    pid,
    startTime: fields[19] ?? '',
    parentPid: Number(fields[1]),
    group: Number(fields[2]),
    session: Number(fields[3]),
    zombie: fields[0] === 'Z' || fields[0] === 'X',
  };
}

/** The fields of /proc/PID/stat from the third on (proc(5)): the second, the command's name, may hold spaces and parentheses. */
export function statFields(stat: string): string[] {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

/** What the process was started with as MARK_VARIABLE; null without it, or where it cannot be had. */
export function readMark(pid: number): string | null {
  try {
    const environment = `\0${fs.readFileSync(`/proc/${pid}/environ`, 'utf8')}`;
    const start = environment.indexOf(`\0${MARK_VARIABLE}=`);
    if (start < 0) return null;
    const value = start + MARK_VARIABLE.length + 2;
    const end = environment.indexOf('\0', value);
    return environment.slice(value, end < 0 ? undefined : end);
  } catch {
    // Gone, or another user's.
    return null;
  }
}
