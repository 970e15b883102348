import type { Layout } from './layout.ts';

/** What panes are called since somebody renamed them, by the name that the layout's file gives them. */
export type Renames = Readonly<Record<string, string>>;

/** The layout with the names that its panes have been given. A name that another pane of it has is left to that one. */
export function renameLayout(layout: Layout, renames: Renames | undefined): Layout {
  if (!renames) return layout;
  const names = new Set(layout.panes.map(({ name }) => name));
  const wanted = (name: string): string => (Object.hasOwn(renames, name) ? renames[name]! : name);
  const isFree = (name: string): boolean => !names.has(name) || wanted(name) !== name;
  const rename = (name: string): string => (isFree(wanted(name)) ? wanted(name) : name);
  if (layout.panes.every(({ name }) => rename(name) === name)) return layout;
  return {
    ...layout,
    panes: layout.panes.map((spec) => ({
      ...spec,
      name: rename(spec.name),
      dependsOn: spec.dependsOn.map((dependency) => ({ ...dependency, pane: rename(dependency.pane) })),
    })),
  };
}

/** `renames` with one more. */
export function addRename(renames: Renames | undefined, before: string, name: string): Renames {
  const kept = Object.entries(renames ?? {});
  const known = kept.find(([, present]) => present === before);
  const all = known
    ? kept.map(([original, present]) => [original, original === known[0] ? name : present])
    : [...kept, [before, name]];
  return Object.fromEntries(all.filter(([original, present]) => original !== present)) as Renames;
}
