import { describe, expect, it } from 'vitest';
import { findTree, type TreeAnchor } from '../../src/supervisor/process-tree.ts';
import type { ProcessRow } from '../../src/supervisor/processes.ts';
import { statFields } from '../../src/supervisor/processes-linux.ts';
import { parsePs } from '../../src/supervisor/processes-ps.ts';
import { processes } from './started-trees.ts';

function row(pid: number, over: Partial<ProcessRow> = {}): ProcessRow {
  return { pid, startTime: `t${pid}`, parentPid: 1, group: pid, session: pid, zombie: false, ...over };
}

const ROOT = 100;
const host = row(50);
const root = row(ROOT, { parentPid: 50 });
const inSession = { session: ROOT, group: ROOT };

function find(rows: ProcessRow[], over: Partial<TreeAnchor> = {}): number[] {
  const anchor: TreeAnchor = {
    root: { pid: ROOT, startTime: `t${ROOT}` },
    known: [],
    isMarked: () => false,
    excluded: new Set([50]),
    ...over,
  };
  return findTree([row(1, { parentPid: 0 }), host, ...rows], anchor).map((member) => member.pid);
}

describe('the tree of a pane', () => {
  it('has the root first, then its children and theirs', () => {
    const found = find([row(90, { parentPid: 101 }), row(101, { parentPid: ROOT }), root]);
    expect(found[0]).toBe(ROOT);
    expect(found.sort()).toEqual([ROOT, 101, 90].sort());
  });

  it('has those of its session whose parents are gone, also after the root itself is', () => {
    const orphan = row(101, inSession);
    expect(find([root, orphan])).toEqual([ROOT, 101]);
    expect(find([orphan])).toEqual([101]);
  });

  it('has a child that made a session of its own, and what is in that session', () => {
    const rows = [root, row(101, { parentPid: ROOT }), row(102, { session: 101, group: 102 })];
    expect(find(rows)).toEqual([ROOT, 101, 102]);
  });

  it('has what is in the session of a member that was seen before and is gone', () => {
    const rows = [row(102, { session: 101, group: 102 })];
    expect(find(rows, { known: [{ pid: 101, startTime: 't101' }] })).toEqual([102]);
  });

  it('has whoever carries the mark, and their children', () => {
    const rows = [row(200), row(201, { parentPid: 200 })];
    expect(find(rows, { isMarked: (candidate) => candidate.pid === 200 })).toEqual([200, 201]);
  });

  it('has no strangers', () => {
    expect(find([root, row(300), row(301, { parentPid: 300 })])).toEqual([ROOT]);
  });

  it('has nobody of a root whose number is used again by someone else', () => {
    const stranger = row(ROOT, { startTime: 'later' });
    expect(find([stranger, row(101, { parentPid: ROOT, ...inSession })])).toEqual([]);
  });

  it('has no zombies, but those they left', () => {
    const rows = [row(ROOT, { zombie: true }), row(101, inSession)];
    expect(find(rows)).toEqual([101]);
  });

  it('never has nonet itself, even if it carries the mark', () => {
    expect(find([root], { isMarked: () => true, excluded: new Set([50]) })).toEqual([ROOT]);
  });
});

describe('a process', () => {
  it('is parsed after the last parenthesis: its name may hold anything', () => {
    const stat = '12 (evil) S 1 (name) R 7 8 9 10';
    expect(statFields(stat).slice(0, 4)).toEqual(['R', '7', '8', '9']);
  });

  it('is read from ps where there is no /proc', () => {
    const output = [
      '    1     0     1 Ss   Sat Nov 21 05:00:00 2026',
      '  812     1   812 Z+   Sat Nov 21 05:01:02 2026    ',
      '',
    ].join('\n');
    expect(parsePs(output)).toEqual([
      { pid: 1, parentPid: 0, group: 1, session: 0, zombie: false, startTime: 'Sat Nov 21 05:00:00 2026' },
      { pid: 812, parentPid: 1, group: 812, session: 0, zombie: true, startTime: 'Sat Nov 21 05:01:02 2026' },
    ]);
  });

  it('is only signalled if it is still the same one', () => {
    const self = processes.identify(process.ppid)!;
    expect(processes.isAlive(self)).toBe(true);
    expect(processes.isAlive({ ...self, startTime: '1' })).toBe(false);
    expect(processes.signal({ ...self, startTime: '1' }, 'SIGCONT')).toBe(false);
  });

  it('is never init, oneself, or a group', () => {
    const self = processes.identify(process.pid)!;
    expect(processes.signal(self, 'SIGKILL')).toBe(false);
    for (const pid of [1, 0, -1, -process.pid]) {
      expect(processes.signal({ pid, startTime: processes.identify(1)?.startTime ?? '' }, 'SIGKILL')).toBe(false);
    }
  });

  it('is in a reading that begins after the call', async () => {
    const [first, second] = await Promise.all([processes.snapshot(), processes.snapshot()]);
    expect(first).toBe(second);
    expect(first.some((candidate) => candidate.pid === process.pid)).toBe(true);
  });
});
