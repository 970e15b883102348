import type { Layout, PaneSpec } from './layout.ts';
import { withPanes } from './layout-edits.ts';
import type { Dependency } from './supervision.ts';

/**
 * The layout with `count` panes of a kind. `name`: that of the entry with `instances`, of any of its panes, or of a single pane, which then
 * becomes the first of several. What depends on one of them depends on all. Null when there is no such pane.
 */
export function scaleLayout(layout: Layout, name: string, count: number): Layout | null {
  const members = findMembers(layout.panes, name);
  const first = members[0];
  if (!first) return null;
  const base = baseName(first);
  const isMember = new Set(members.map((spec) => spec.name));
  const existing = new Map(members.map((spec) => [spec.instance, spec]));
  const wanted = Array.from({ length: count }, (_, instance): PaneSpec => {
    return existing.get(instance) ?? { ...first, name: `${base}-${instance + 1}`, instance };
  });
  const others = layout.panes.filter((spec) => !isMember.has(spec.name));
  const place = layout.panes.indexOf(first);
  const panes = [...others.slice(0, place), ...wanted, ...others.slice(place)].map((spec) => ({
    ...spec,
    dependsOn: scaleDependencies(spec.dependsOn, isMember, wanted),
  }));
  return withPanes(layout, panes);
}

/** The kind of instances that `name` means, and how many of it there are; null when there is none. */
export function kindOf(layout: Layout, name: string): { kind: string; count: number } | null {
  const members = findMembers(layout.panes, name);
  return members[0] && members[0].instance !== null ? { kind: baseName(members[0]), count: members.length } : null;
}

function findMembers(panes: readonly PaneSpec[], name: string): PaneSpec[] {
  const exact = panes.find((spec) => spec.name === name);
  if (exact && exact.instance === null) return [exact];
  const base = exact ? baseName(exact) : name;
  return panes.filter((spec) => spec.instance !== null && baseName(spec) === base);
}

/** Without the number that `instances` put behind it. */
function baseName({ name, instance }: PaneSpec): string {
  const ending = instance === null ? '' : `-${instance + 1}`;
  return ending !== '' && name.endsWith(ending) ? name.slice(0, -ending.length) : name;
}

function scaleDependencies(
  dependencies: readonly Dependency[],
  members: ReadonlySet<string>,
  wanted: readonly PaneSpec[],
): Dependency[] {
  const found = dependencies.find(({ pane }) => members.has(pane));
  const others = dependencies.filter(({ pane }) => !members.has(pane));
  return found ? [...others, ...wanted.map(({ name }) => ({ pane: name, condition: found.condition }))] : others;
}
