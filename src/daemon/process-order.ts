import type { ProcessRow } from '../supervisor/processes.ts';

/** Parents before their children, `depth` 0 for whoever has no parent among them; otherwise in the order given. */
export function orderTree<T extends { pid: number }>(
  members: readonly T[],
  rows: readonly Pick<ProcessRow, 'pid' | 'parentPid'>[],
): (T & { depth: number })[] {
  const parents = new Map(rows.map(({ pid, parentPid }) => [pid, parentPid]));
  const pids = new Set(members.map(({ pid }) => pid));
  const ordered: (T & { depth: number })[] = [];
  const seen = new Set<number>();

  function add(member: T, depth: number): void {
    if (seen.has(member.pid)) return;
    seen.add(member.pid);
    ordered.push({ ...member, depth });
    for (const child of members) if (parents.get(child.pid) === member.pid) add(child, depth + 1);
  }

  for (const member of members) if (!pids.has(parents.get(member.pid) ?? 0)) add(member, 0);
  // Read a moment apart, pids may seem to go round in a circle.
  for (const member of members) add(member, 0);
  return ordered;
}
