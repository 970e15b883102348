import { type Document, isMap, parseDocument } from 'yaml';
import { NonetError } from '../core/errors.ts';
import type { PaneSpec } from '../core/layout.ts';
import { escapeVariables } from './import/write-layout.ts';
import { type RunningLayout, readSource, type SourceText } from './layout-source.ts';
import { loadLayout } from './load-layout.ts';

/** What only a shell understands in a command line. */
const NEEDS_SHELL = /[|&;<>()$`*?[\]{}!\n]|^\s*[A-Za-z_][A-Za-z0-9_]*=/;

/**
 * A pane for a command that a person typed, with the defaults and the environment that the session's layout gives its panes. An empty
 * command is their shell. Throws NonetError `usage` for what is no command.
 */
export function newPaneSpec(running: RunningLayout, { command, cwd }: { command: string; cwd: string }): PaneSpec {
  const { layout, origin, env } = running;
  const text = command.trim();
  const pane = {
    ...programOf(text, env),
    cwd: escapeVariables(cwd),
    autostart: true,
  };
  const source = readSource(layout, origin);
  const found = (source && load(source, running, pane)) ?? loadAlone(running, pane, cwd);
  if (!found.ok) throw new NonetError('usage', found.problems[0]?.message ?? 'this cannot be run', { hint: '' });
  const [spec] = found.layout.panes;
  if (!spec) throw new NonetError('usage', 'this cannot be run', { hint: '' });
  return { ...spec, name: freeName(spec.name, layout.panes) };
}

/** A pane that says nothing but its command, in a file in this directory; and one in the session's own file, null if that says too much. */
export function plainPane(running: RunningLayout, directory: string): PaneSpec {
  const found = loadAlone(running, { command: 'true' }, directory);
  if (!found.ok) throw new Error(found.problems[0]?.message);
  return found.layout.panes[0]!;
}

export function paneBesideOthers(source: SourceText, running: RunningLayout): PaneSpec | null {
  return load(source, running, { command: 'true' })?.layout.panes[0] ?? null;
}

function programOf(text: string, env: Record<string, string>): Record<string, unknown> {
  if (text === '') return { command: [escapeVariables(env['SHELL'] || '/bin/sh'), '-l'] };
  return NEEDS_SHELL.test(text) ? { shell: escapeVariables(text) } : { command: text };
}

/** Null when the layout's own settings stand in the way: the pane does without them. */
function load(
  { text, source, profile, cwd }: SourceText,
  { env, defaults }: RunningLayout,
  pane: Record<string, unknown>,
) {
  const document = parseDocument(text);
  if (document.errors.length > 0 || !isMap(document.contents)) return null;
  for (const key of ['grid', 'areas', 'keys']) document.delete(key);
  // Of other panes, or several of one.
  for (const key of ['instances', 'depends_on']) deleteIn(document, ['defaults', key]);
  const profiles = document.get('profiles');
  if (isMap(profiles)) for (const { key } of profiles.items) deleteIn(document, ['profiles', String(key), 'panes']);
  document.set('panes', document.createNode([pane]));
  const loaded = loadLayout({ text: document.toString(), source, env, profile, cwd, ...defaults });
  return loaded.ok ? loaded : null;
}

function deleteIn(document: Document, path: string[]): void {
  if (document.hasIn(path)) document.deleteIn(path);
}

function loadAlone({ env, defaults }: RunningLayout, pane: Record<string, unknown>, cwd: string) {
  const text = JSON.stringify({ panes: [pane] });
  return loadLayout({ text, source: { file: `${cwd}/nonet.yaml` }, env, cwd, ...defaults });
}

function freeName(base: string, panes: readonly PaneSpec[]): string {
  const taken = new Set(panes.map(({ name }) => name));
  let name = base;
  for (let suffix = 2; taken.has(name); suffix++) name = `${base}-${suffix}`;
  return name;
}
