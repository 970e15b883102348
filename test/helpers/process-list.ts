import fs from 'node:fs';

/** Processes as the kernel tells of them; Linux only, as the tests that need it. */
export type ProcessRow = { pid: number; parentPid: number; state: string; argv: string[]; environment: string[] };

/** Living processes whose environment holds `marker` (a whole `NAME=value`). Zombies have no environment and are not among them. */
export function processesWithMarker(marker: string): ProcessRow[] {
  return fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => readProcess(Number(name)))
    .filter((row): row is ProcessRow => row?.environment.includes(marker) ?? false);
}

export function readProcess(pid: number): ProcessRow | null {
  try {
    const read = (name: string) => fs.readFileSync(`/proc/${pid}/${name}`, 'utf8');
    const environment = read('environ').split('\0');
    const argv = read('cmdline').split('\0').slice(0, -1);
    const stat = read('stat');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { pid, parentPid: Number(fields[1]), state: fields[0]!, argv, environment };
  } catch {
    // Gone meanwhile, or another user's.
    return null;
  }
}

export function isAlive(pid: number): boolean {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    return !['Z', 'X'].includes(stat.slice(stat.lastIndexOf(')') + 2)[0]!);
  } catch {
    return false;
  }
}

/** Resident memory without file mappings, in bytes: what a leak adds to. */
export function residentBytes(pid: number): number {
  const status = fs.readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^RssAnon:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
}

/** Bytes that a process has given to write(2) so far. */
export function processBytesWritten(pid: number): number {
  return Number(/^wchar: (\d+)/m.exec(fs.readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1] ?? 0);
}
