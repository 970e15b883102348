import { describe, expect, it } from 'vitest';
import { describeLimitSupport, enforcedLimits, findLimitMeans } from '../../src/core/limit-means.ts';
import { DEFAULT_SUPERVISION } from '../../src/core/supervision.ts';

/** A machine of files; what is not written down is not there. */
function machine(
  files: Record<string, string>,
  writable: string[] = [],
  systemd: Parameters<typeof findLimitMeans>[0]['systemd'] = null,
) {
  return findLimitMeans({
    read: (path) => files[path] ?? '',
    canWrite: (path) => writable.includes(path),
    systemd,
  });
}

const V2 = {
  '/proc/self/mountinfo': '31 23 0:28 / /sys/fs/cgroup rw,relatime shared:4 - cgroup2 cgroup2 rw,nsdelegate\n',
  '/proc/self/cgroup': '0::/a/b\n',
};

describe('how a machine can hold panes to their limits', () => {
  it('by systemd, when that answers and has something to give', () => {
    expect(machine(V2, [], { user: true, controllers: ['memory', 'pids'] })).toEqual({
      kind: 'systemd',
      user: true,
      controllers: ['memory', 'pids'],
    });
    expect(machine(V2, [], { user: true, controllers: [] })).toEqual({ kind: 'polling' });
  });

  it('by the nearest group of version 2 that is ours, has controllers, and no processes of its own', () => {
    const files = {
      ...V2,
      '/sys/fs/cgroup/a/b/cgroup.controllers': 'cpu memory pids',
      '/sys/fs/cgroup/a/b/cgroup.procs': '17\n',
      '/sys/fs/cgroup/a/b/cgroup.type': 'domain\n',
      '/sys/fs/cgroup/a/cgroup.controllers': 'cpu io memory pids',
      '/sys/fs/cgroup/a/cgroup.subtree_control': 'memory pids',
      '/sys/fs/cgroup/a/cgroup.type': 'domain\n',
    };
    const ours = ['/a/b', '/a'].flatMap((path) =>
      ['', '/cgroup.procs', '/cgroup.subtree_control'].map((file) => `/sys/fs/cgroup${path}${file}`),
    );
    expect(machine(files, ours)).toEqual({
      kind: 'cgroup-v2',
      directory: '/sys/fs/cgroup/a',
      controllers: ['memory', 'pids', 'cpu'],
      enable: true,
    });
    expect(machine({ ...files, '/sys/fs/cgroup/a/cgroup.procs': '5\n' }, ours)).toEqual({
      kind: 'cgroup-v2',
      directory: '/sys/fs/cgroup/a',
      controllers: ['memory', 'pids'],
      enable: false,
    });
    expect(machine(files, [])).toEqual({ kind: 'polling' });
  });

  it('by groups of version 1 below our own, as far as they may be written', () => {
    const files = {
      '/proc/self/mountinfo': [
        '35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory',
        '32 31 0:29 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu,cpuacct',
        '39 31 0:36 /docker/x /sys/fs/cgroup/pids rw,relatime - cgroup cgroup rw,pids',
        '41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw',
      ].join('\n'),
      '/proc/self/cgroup': '8:pids:/docker/x/y\n4:memory:/deep/down\n1:cpu,cpuacct:/\n0::/\n',
    };
    const writable = ['/memory/deep/down', '/pids/y'].flatMap((path) => [
      `/sys/fs/cgroup${path}`,
      `/sys/fs/cgroup${path}/cgroup.procs`,
    ]);
    const found = machine(files, writable);
    expect(found).toEqual({
      kind: 'cgroup-v1',
      directories: { memory: '/sys/fs/cgroup/memory/deep/down', pids: '/sys/fs/cgroup/pids/y' },
    });
    const limits = { ...DEFAULT_SUPERVISION.limits, memoryMaxBytes: 1, cpuPercent: 50 };
    expect(enforcedLimits(found, limits)).toEqual(['memory']);
    expect(describeLimitSupport(found).map(({ level, text }) => `${level} ${text}`)).toEqual([
      'ok limits.memory_max: enforced by control groups (version 1)',
      'ok limits.max_processes: enforced by control groups (version 1)',
      expect.stringMatching(/^warning limits.cpu_percent: looked at once a second/),
    ]);
  });

  it('not at all: then all of it is looked at, and said so', () => {
    expect(machine({})).toEqual({ kind: 'polling' });
    expect(
      describeLimitSupport({ kind: 'polling' }).every(({ level, advice }) => level === 'warning' && advice !== ''),
    ).toBe(true);
  });
});
