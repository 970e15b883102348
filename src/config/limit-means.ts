import { execFile } from 'node:child_process';
import fs from 'node:fs';
import {
  findLimitMeans,
  LIMIT_CONTROLLERS,
  type LimitController,
  type LimitMeans,
  scopeArguments,
} from '../core/limit-means.ts';

/** Long enough for a service manager that is busy, short enough that nobody waits for one that is not there. */
const SYSTEMD_TIMEOUT_MS = 3_000;

/** What this machine can do; looks once. */
export async function lookForLimitMeans(): Promise<LimitMeans> {
  if (process.platform !== 'linux') return { kind: 'polling' };
  return findLimitMeans({ read: readOrEmpty, canWrite, systemd: await lookForSystemd() });
}

async function lookForSystemd(): Promise<{ user: boolean; controllers: LimitController[] } | null> {
  // sd_booted(3): elsewhere nobody has to be asked.
  if (!fs.existsSync('/run/systemd/system')) return null;
  const uid = process.getuid?.() ?? 0;
  const user = uid !== 0;
  const answers = await new Promise<boolean>((resolve) => {
    execFile('systemd-run', [...scopeArguments(user), '--', 'true'], { timeout: SYSTEMD_TIMEOUT_MS }, (error) =>
      resolve(error === null),
    );
  });
  if (!answers) return null;
  // What a scope can be given is what its manager's group has; on a machine with version 1 the manager has none for users.
  const group = user ? `/sys/fs/cgroup/user.slice/user-${uid}.slice/user@${uid}.service` : '/sys/fs/cgroup';
  const words = readOrEmpty(`${group}/cgroup.controllers`).split(/\s+/);
  return { user, controllers: LIMIT_CONTROLLERS.filter((controller) => words.includes(controller)) };
}

function readOrEmpty(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function canWrite(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
