import type { ProcessIdentity, ProcessRow } from './processes.ts';

/** What is known of a pane's processes before looking. */
export type TreeAnchor = {
  /** The program in the pty, leader of its session; null when unknown. */
  root: ProcessIdentity | null;
  /** Members seen before, alive or not. */
  known: Iterable<ProcessIdentity>;
  /** Says of a process that no kinship leads to whether it carries the pane's mark in its environment. */
  isMarked: (row: ProcessRow) => boolean;
  /** Never members, whatever they carry: nonet's own processes. */
  excluded: ReadonlySet<number>;
};

/**
 * Every living process that belongs to a pane, the root first: its session and group, its descendants, the sessions and groups that
 * members lead or led, and whoever carries the mark. No single one of these is enough: `setsid` leaves the session, a double fork leaves
 * the parents, `env -i` drops the mark.
 */
export function findTree(rows: readonly ProcessRow[], anchor: TreeAnchor): ProcessRow[] {
  const { root, isMarked, excluded } = anchor;
  const byPid = new Map(rows.map((row) => [row.pid, row]));
  /** Ids that make a process of that session or group a member. */
  const ids = new Set<number>();
  const members = new Map<number, ProcessRow>();

  const anchors = [...(root ? [root] : []), ...anchor.known];
  for (const { pid, startTime } of anchors) {
    const present = byPid.get(pid);
    // The number belongs to someone else by now, and so may a session of that number.
    if (present && present.startTime !== startTime) continue;
    ids.add(pid);
    if (present && isCandidate(present, excluded)) members.set(pid, present);
  }
  for (const row of rows) if (isCandidate(row, excluded) && isMarked(row)) members.set(row.pid, row);
  for (const pid of members.keys()) ids.add(pid);

  // Children of children, sessions in sessions: until a round finds nobody new.
  for (let before = -1; before !== members.size; ) {
    before = members.size;
    for (const row of rows) {
      if (members.has(row.pid) || !isCandidate(row, excluded)) continue;
      if (!members.has(row.parentPid) && !ids.has(row.session) && !ids.has(row.group)) continue;
      members.set(row.pid, row);
      ids.add(row.pid);
    }
  }
  const living = [...members.values()].filter((row) => !row.zombie);
  return living.sort((a, b) => Number(b.pid === root?.pid) - Number(a.pid === root?.pid));
}

function isCandidate(row: ProcessRow, excluded: ReadonlySet<number>): boolean {
  return row.pid > 1 && !excluded.has(row.pid);
}
