import path from 'node:path';
import { type Document, isMap, isScalar, isSeq, type Node, parseDocument, type YAMLMap, type YAMLSeq } from 'yaml';
import type { PaneSpec } from '../core/layout.ts';
import { diffLayouts } from '../core/layout-diff.ts';
import { gridSettings } from './grid-settings.ts';
import type { Settings } from './import/imported-layout.ts';
import { escapeVariables, plainValue, tidy } from './import/write-layout.ts';
import type { RunningLayout, SourceText } from './layout-source.ts';
import { loadLayout } from './load-layout.ts';
import { paneBesideOthers } from './new-pane.ts';
import { paneSettings, withoutInstance } from './pane-settings.ts';

/** The entries of a file with the panes that each makes. */
type Entry = { node: YAMLMap; specs: PaneSpec[] };

/**
 * The session's own file with what has been done since it was read: other order, grid and number of instances, panes added and closed.
 * What is as it was stays as it was written. Null when the file cannot be read any more, or says something else.
 */
export function editSource(
  running: RunningLayout,
  source: SourceText,
  directory: string,
): { yaml: string; notes: string[] } | null {
  const { layout, env } = running;
  const loaded = loadLayout({ ...source, env, ...running.defaults });
  const document = parseDocument(source.text);
  const list = document.get('panes');
  if (!loaded.ok || document.errors.length > 0 || !isSeq(list)) return null;
  const entries = entriesOf(list as YAMLSeq<Node>, loaded.layout.panes);
  const like = paneBesideOthers(source, running);
  if (!entries || !like) return null;

  const moved = path.resolve(directory) !== path.resolve(source.directory);
  if (moved) keepPaths(document, source.directory);
  const changed = new Set(
    diffLayouts(loaded.layout, layout)
      .changed.filter(({ settings }) => settings.some(({ setting }) => !setting.startsWith('env ')))
      .map(({ name }) => name),
  );
  const anew = layout.panes.filter(({ name }) => changed.has(name)).map(({ name }) => name);
  const nodes = paneNodes({ panes: layout.panes, entries, changed, like, document });
  list.items = nodes;
  document.delete('areas');
  const grid = document.createNode(
    gridSettings(
      layout.grid,
      layout.panes.map(({ name }) => name),
    ),
  ) as Node;
  tidy(grid);
  setBefore(document, 'grid', grid, 'panes');
  forgetInProfiles(document, loaded.layout.panes, layout.panes);
  return {
    yaml: document.toString({ lineWidth: 0, flowCollectionPadding: false }),
    notes: [
      ...(moved ? ['its paths are absolute now'] : []),
      ...(anew.length > 0 ? [`not as in its own file: ${anew.join(', ')}`] : []),
    ],
  };
}

/** Null when there are not as many as there should be. */
function entriesOf(list: YAMLSeq<Node>, panes: readonly PaneSpec[]): Entry[] | null {
  const groups: PaneSpec[][] = [];
  for (const spec of panes) {
    if (spec.instance === null || spec.instance === 0) groups.push([spec]);
    else groups.at(-1)?.push(spec);
  }
  if (groups.length !== list.items.length || !list.items.every((node) => isMap(node))) return null;
  return groups.map((specs, index) => ({ node: list.items[index] as YAMLMap, specs }));
}

/** What stands in the list of panes: entries as they were, with more or fewer instances, and new ones. */
function paneNodes({
  panes,
  entries,
  changed,
  like,
  document,
}: {
  panes: readonly PaneSpec[];
  entries: readonly Entry[];
  changed: ReadonlySet<string>;
  like: PaneSpec;
  document: Document;
}): Node[] {
  const nodes: Node[] = [];
  for (let at = 0; at < panes.length; ) {
    const spec = panes[at]!;
    const entry = entries.find(({ specs }) => specs.some(({ name }) => name === spec.name));
    const count = entry && !changed.has(spec.name) ? instancesFrom(panes, at, entry) : 0;
    if (entry && count > 0) {
      const isSeveral = entry.specs[0]!.instance !== null;
      if (isSeveral && count !== entry.specs.length) entry.node.set('instances', count);
      // A name that came of its place or command is said, so that it is the same in another place.
      if (!entry.node.has('name')) entry.node.items.unshift(document.createPair('name', nameOf(entry)));
      nodes.push(entry.node);
      at += count;
    } else {
      nodes.push(newNode(spec, { like, document, old: entry?.specs.length === 1 ? entry.node : null }));
      at++;
    }
  }
  return nodes;
}

/** How many panes from here on are all the instances of the entry, in their order; 0 when they are not. */
function instancesFrom(panes: readonly PaneSpec[], at: number, { specs }: Entry): number {
  const first = specs[0]!;
  if (first.instance === null) return 1;
  const base = first.name.slice(0, -`-${1}`.length);
  const all = panes.filter(({ name, instance }) => instance !== null && name === `${base}-${instance + 1}`);
  const inOrder = all.every((spec, index) => spec.instance === index && panes[at + index] === spec);
  return inOrder ? all.length : 0;
}

function nameOf({ specs }: Entry): string {
  const { name, instance } = specs[0]!;
  return instance === null ? name : name.slice(0, -`-${instance + 1}`.length);
}

/** `old`: the entry of a pane that is another now; its environment stays as it was written. */
function newNode(
  spec: PaneSpec,
  { like, document, old }: { like: PaneSpec; document: Document; old: YAMLMap | null },
): Node {
  const { env, ...settings } = paneSettings(withoutInstance(spec), like);
  const plain = plainValue({ name: spec.name, ...settings, ...(old ? {} : { env }) } as Settings);
  const node = document.createNode(plain) as YAMLMap;
  for (const key of ['env', 'env_file']) {
    const kept = old?.get(key, true);
    if (kept !== undefined) node.set(key, kept);
  }
  tidy(node);
  return node;
}

function setBefore(document: Document, key: string, value: Node, before: string): void {
  const root = document.contents as unknown as YAMLMap;
  if (root.has(key)) {
    root.set(key, value);
    return;
  }
  const index = root.items.findIndex((pair) => isScalar(pair.key) && pair.key.value === before);
  root.items.splice(Math.max(0, index), 0, document.createPair(key, value) as (typeof root.items)[number]);
}

/** A profile cannot speak of panes that there are not. */
function forgetInProfiles(document: Document, before: readonly PaneSpec[], after: readonly PaneSpec[]): void {
  const profiles = document.get('profiles');
  if (!isMap(profiles)) return;
  const isKept = (name: string): boolean =>
    after.some((spec) => spec.name === name || spec.name.startsWith(`${name}-`));
  for (const { name } of before) {
    if (isKept(name)) continue;
    for (const { key } of profiles.items) {
      const at = ['profiles', String(key), 'panes', name];
      if (document.hasIn(at)) document.deleteIn(at);
    }
  }
}

/** Relative paths start from the file: in another directory they have to say where that was. */
function keepPaths(document: Document, from: string): void {
  const root = document.contents as unknown as YAMLMap;
  const levels: YAMLMap[] = [];
  const defaults = root.get('defaults');
  if (isMap(defaults)) levels.push(defaults);
  else {
    const made = document.createNode({}) as YAMLMap;
    setBefore(document, 'defaults', made, 'panes');
    levels.push(made);
  }
  if (!levels[0]!.has('cwd')) levels[0]!.set('cwd', escapeVariables(from));
  const panes = root.get('panes');
  if (isSeq(panes)) levels.push(...panes.items.filter((node) => isMap(node)));
  const profiles = root.get('profiles');
  if (isMap(profiles)) {
    for (const { value } of profiles.items) {
      const overrides = isMap(value) ? value.get('panes') : null;
      if (isMap(overrides)) levels.push(...overrides.items.map((pair) => pair.value).filter((node) => isMap(node)));
    }
  }
  for (const level of levels) {
    for (const key of ['cwd', 'env_file']) {
      const value = level.get(key);
      if (typeof value === 'string') level.set(key, absolutePath(value, from));
      else if (isSeq(value)) {
        for (const [index, item] of value.items.entries())
          if (isScalar(item) && typeof item.value === 'string') value.set(index, absolutePath(item.value, from));
      }
    }
  }
}

/** What begins with a variable may be absolute already: only a look at the whole file can tell, which is taken afterwards. */
function absolutePath(value: string, from: string): string {
  if (/^[~/$]/.test(value)) return value;
  return `${escapeVariables(from)}/${value}`.replace(/\/\.$/, '');
}
