import fs from 'node:fs';
import { type Processes, type ProcessIdentity, type ProcessRow, sendSignal, shareReading } from './processes.ts';

/** From /proc. */
export function createLinuxProcesses(): Processes {
  /** Environments are only read once a process: what it was started with does not change without a new program. */
  const environments = new Map<string, { prefix: string; found: boolean }>();
  const snapshot = shareReading(async () => {
    const rows = readAll();
    const present = new Set(rows.map(keyOf));
    for (const key of environments.keys()) if (!present.has(key)) environments.delete(key);
    return rows;
  });

  return {
    snapshot,
    identify(pid) {
      const row = readRow(pid);
      return row && { pid, startTime: row.startTime };
    },
    isAlive(identity) {
      const row = readRow(identity.pid);
      return row !== null && row.startTime === identity.startTime && !row.zombie;
    },
    signal(identity, signal) {
      // Never init, never ourselves, never a group (0 and negative pids).
      if (identity.pid <= 1 || identity.pid === process.pid) return false;
      return readRow(identity.pid)?.startTime === identity.startTime && sendSignal(identity.pid, signal);
    },
    hasEnvironment(identity, prefix) {
      const key = keyOf(identity);
      const known = environments.get(key);
      if (known?.prefix === prefix) return known.found;
      const found = readEnvironment(identity.pid, prefix);
      environments.set(key, { prefix, found });
      return found;
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
    stat = fs.readFileSync(`/proc/${pid}/stat`, 'latin1');
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

function readEnvironment(pid: number, prefix: string): boolean {
  try {
    const environment = fs.readFileSync(`/proc/${pid}/environ`, 'latin1');
    return environment.startsWith(prefix) || environment.includes(`\0${prefix}`);
  } catch {
    // Gone, or another user's.
    return false;
  }
}
