import type { LimitSettings } from './supervision.ts';

/**
 * How this machine can hold a pane to its limits. Best first: the service manager makes a group for it; nonet makes one itself, in the kernel's
 * control groups of version 2 or 1; nobody does, and nonet looks at what is used and acts when it is too late for some of it.
 */
export type LimitMeans =
  | { kind: 'systemd'; user: boolean; controllers: LimitController[] }
  /** `enable`: the controllers still have to be turned on for what is below the directory. */
  | { kind: 'cgroup-v2'; directory: string; controllers: LimitController[]; enable: boolean }
  | { kind: 'cgroup-v1'; directories: Partial<Record<LimitController, string>> }
  | { kind: 'polling' };

export const LIMIT_CONTROLLERS = ['memory', 'pids', 'cpu'] as const;
export type LimitController = (typeof LIMIT_CONTROLLERS)[number];

/** What has to be known of the machine. */
export type CgroupLook = {
  /** The file's text; empty when it cannot be read. */
  read: (path: string) => string;
  canWrite: (path: string) => boolean;
  /** A service manager runs a command in a scope of its own when asked to; null when none does. */
  systemd: { user: boolean; controllers: LimitController[] } | null;
};

export function findLimitMeans(look: CgroupLook): LimitMeans {
  if (look.systemd && look.systemd.controllers.length > 0) return { kind: 'systemd', ...look.systemd };
  const mounts = parseMounts(look.read('/proc/self/mountinfo'));
  const own = parseOwnGroups(look.read('/proc/self/cgroup'));
  return findVersion2(look, mounts, own) ?? findVersion1(look, mounts, own) ?? { kind: 'polling' };
}

export function controllersOf(means: LimitMeans): readonly LimitController[] {
  switch (means.kind) {
    case 'polling':
      return [];
    case 'cgroup-v1':
      return LIMIT_CONTROLLERS.filter((controller) => means.directories[controller] !== undefined);
    default:
      return means.controllers;
  }
}

/** What `systemd-run` needs to run a command in a scope of its own, in the same process; its properties and the command follow. */
export function scopeArguments(user: boolean): string[] {
  return [...(user ? ['--user'] : []), '--scope', '--quiet', '--collect'];
}

/** The settings that the kernel enforces for a pane; of the others nonet can only tell, or end the pane. */
export function enforcedLimits(means: LimitMeans, limits: LimitSettings): LimitController[] {
  const wanted: Record<LimitController, number | null> = {
    memory: limits.memoryMaxBytes,
    pids: limits.maxProcesses,
    cpu: limits.cpuPercent,
  };
  return controllersOf(means).filter((controller) => wanted[controller] !== null);
}

export type LimitSupport = { level: 'ok' | 'warning'; text: string; advice: string };

/** For people who want to know what their machine can do. */
export function describeLimitSupport(means: LimitMeans): LimitSupport[] {
  const controllers = controllersOf(means);
  const by = {
    systemd: 'systemd',
    'cgroup-v2': 'control groups',
    'cgroup-v1': 'control groups (version 1)',
    polling: '',
  };
  return LIMIT_CONTROLLERS.map((controller) =>
    controllers.includes(controller)
      ? { level: 'ok', text: `${SETTINGS[controller]}: enforced by ${by[means.kind]}`, advice: '' }
      : { level: 'warning', text: `${SETTINGS[controller]}: ${POLLED[controller]}`, advice: ADVICE },
  );
}

const SETTINGS: Record<LimitController, string> = {
  memory: 'limits.memory_max',
  pids: 'limits.max_processes',
  cpu: 'limits.cpu_percent',
};
const POLLED: Record<LimitController, string> = {
  memory:
    'looked at once a second; a pane above it is killed and restarted, which is too late for one that takes gigabytes a second',
  pids: 'looked at once a second, and only told: nothing can hold up a program that starts others',
  cpu: 'looked at once a second, and only told: nothing can slow a program down',
};
const ADVICE = 'run nonet where a systemd user session answers, or in a control group that is delegated to you';

type Mount = { version: 1 | 2; point: string; root: string; controllers: string[] };

/** Lines of proc_pid_mountinfo(5): `36 25 0:31 /root /mount/point rw - cgroup name rw,memory`. */
function parseMounts(text: string): Mount[] {
  const mounts: Mount[] = [];
  for (const line of text.split('\n')) {
    const [before = '', after = ''] = line.split(' - ');
    const [, , , root, point] = before.split(' ');
    const [type, , options = ''] = after.split(' ');
    if (root === undefined || point === undefined || (type !== 'cgroup' && type !== 'cgroup2')) continue;
    mounts.push({ version: type === 'cgroup' ? 1 : 2, root, point, controllers: options.split(',') });
  }
  return mounts;
}

/** Lines of /proc/self/cgroup (cgroups(7)): `4:memory:/path`, and `0::/path` for version 2. */
function parseOwnGroups(text: string): Map<string, string> {
  const own = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [id, controllers, ...path] = line.split(':');
    if (controllers === undefined) continue;
    for (const controller of id === '0' ? [''] : controllers.split(',')) own.set(controller, path.join(':'));
  }
  return own;
}

/** The directory of a group, as far as the mount shows it. */
function placeOf({ point, root }: Mount, path: string): string {
  const below = root === '/' ? path : path.startsWith(root) ? path.slice(root.length) : '/';
  return below === '/' || below === '' ? point : `${point}${below}`;
}

function findVersion2(look: CgroupLook, mounts: Mount[], own: Map<string, string>): LimitMeans | null {
  const mount = mounts.find(({ version }) => version === 2);
  const path = own.get('');
  if (!mount || path === undefined) return null;
  for (let directory = placeOf(mount, path); ; directory = directory.slice(0, directory.lastIndexOf('/'))) {
    const found = controllersBelow(look, directory);
    if (found && found.controllers.length > 0) return { kind: 'cgroup-v2', directory, ...found };
    if (directory.length <= mount.point.length) return null;
  }
}

/** Null where no group can be made. A group with processes of its own cannot share out controllers, unless it is the first of all. */
function controllersBelow(
  look: CgroupLook,
  directory: string,
): { controllers: LimitController[]; enable: boolean } | null {
  if (!look.canWrite(directory) || !look.canWrite(`${directory}/cgroup.procs`)) return null;
  const known = (file: string): LimitController[] => {
    const words = look.read(`${directory}/${file}`).split(/\s+/);
    return LIMIT_CONTROLLERS.filter((controller) => words.includes(controller));
  };
  const enabled = known('cgroup.subtree_control');
  const available = known('cgroup.controllers');
  const canEnable =
    look.canWrite(`${directory}/cgroup.subtree_control`) &&
    (look.read(`${directory}/cgroup.procs`).trim() === '' || look.read(`${directory}/cgroup.type`) === '');
  const enable = canEnable && enabled.length < available.length;
  return { controllers: enable ? available : enabled, enable };
}

function findVersion1(look: CgroupLook, mounts: Mount[], own: Map<string, string>): LimitMeans | null {
  const directories: Partial<Record<LimitController, string>> = {};
  for (const controller of LIMIT_CONTROLLERS) {
    const mount = mounts.find(({ version, controllers }) => version === 1 && controllers.includes(controller));
    if (!mount) continue;
    // Below the group that we are in, so that what is set for that goes on to hold.
    const places = [placeOf(mount, own.get(controller) ?? '/'), mount.point];
    const directory = places.find((place) => look.canWrite(place) && look.canWrite(`${place}/cgroup.procs`));
    if (directory !== undefined) directories[controller] = directory;
  }
  return Object.keys(directories).length > 0 ? { kind: 'cgroup-v1', directories } : null;
}
