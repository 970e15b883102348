import os from 'node:os';
import path from 'node:path';
import { knownAgentNames } from '../core/agents.ts';
import type { Layout } from '../core/layout.ts';
import { checkKeys } from './check-keys.ts';
import { didYouMean } from './did-you-mean.ts';
import { expandLayout, isUnused } from './expand-layout.ts';
import type { Variables } from './expand-variables.ts';
import { DEFAULT_SCROLLBACK } from './layout-limits.ts';
import { type LayoutInput, layoutSchema } from './layout-schema.ts';
import { findPreset, type LayoutSource, layoutsDirectory, panesFound } from './presets.ts';
import { type Path, type Position, type Problem, quote, type ReportAt } from './problem.ts';
import type { ResolveContext } from './resolve-context.ts';
import { resolveGrid } from './resolve-grid.ts';
import { checkProgram, resolvePanes } from './resolve-panes.ts';
import { checkAgainstSchema } from './schema-problems.ts';
import { decodeText, readTextFile } from './text-file.ts';
import { parseYamlTree, type YamlTree } from './yaml-tree.ts';

/**
 * From YAML to a Layout that can run: every default filled in, every path absolute, every variable expanded; or every problem of the
 * file at once, each with its line and column. Never throws for anything that stands in the file.
 */
export type LoadOptions = {
  source: LayoutSource;
  /** What `${VAR}` expands from. */
  env: Variables;
  /** Name of the profile to lay over; null or nothing for none. */
  profile?: string | null;
  /** Where a relative `file` and a preset's panes start; absolute. */
  cwd: string;
  /** Lines kept above a screen where the layout does not say. */
  scrollback?: number;
};

export type LoadResult = { ok: true; layout: Layout; warnings: Problem[] } | { ok: false; problems: Problem[] };

/** Far above any layout of 99 panes; keeps a wrong file from costing seconds. */
export const MAX_LAYOUT_BYTES = 256 * 1024;

const MAX_PROBLEMS = 100;

/** Reads the file or preset and loads it. */
export function readLayout(options: LoadOptions): LoadResult {
  const { source, cwd } = options;
  const file = 'file' in source ? path.resolve(cwd, source.file) : findPreset(source.preset).file;
  const read = readTextFile(file, MAX_LAYOUT_BYTES);
  if (!read.ok) return failure(displayName(source), read.message);
  return loadLayout({ ...options, text: read.text });
}

export function loadLayout(options: LoadOptions & { text: string | Uint8Array }): LoadResult {
  const { source, cwd, profile = null } = options;
  const file = displayName(source);
  const decoded = decodeText(
    typeof options.text === 'string' ? Buffer.from(options.text) : options.text,
    MAX_LAYOUT_BYTES,
  );
  if (!decoded.ok) return failure(file, decoded.message);
  const { tree, problems: yamlProblems } = parseYamlTree(decoded.text);
  const problems: Problem[] = yamlProblems.map(({ line, col, message }) => ({ file, line, col, message }));
  if (!tree) return { ok: false, problems: inOrder(problems) };
  if ((tree.value === null || tree.value === undefined) && problems.length === 0)
    return failure(file, 'the file is empty: a layout needs "panes"');

  const report = reportTo(problems, file, tree);
  const warnings: Problem[] = [];
  const warn = reportTo(warnings, file, tree);
  const variables: Variables = { ...options.env, NONET_NODE: process.execPath, NONET_LAYOUTS: layoutsDirectory() };
  const { value, expanded, otherReading } = expandLayout(tree.value, {
    variables,
    profile,
    report,
    plainSource: tree.plainSource,
  });
  const plainSource = (at: Path) => (expanded(at) ? undefined : tree.plainSource(at));
  const checked = checkAgainstSchema(layoutSchema, value, { report, otherReading, plainSource });
  if (!checked.value) return { ok: false, problems: inOrder(problems) };

  const absolute = 'file' in source ? path.resolve(cwd, source.file) : null;
  const context: ResolveContext = {
    variables,
    home: options.env['HOME'] || os.homedir(),
    directory: absolute === null ? cwd : path.dirname(absolute),
    profile,
    scrollback: options.scrollback ?? DEFAULT_SCROLLBACK,
    report,
    warn,
    damaged: checked.damaged,
    plainSource,
  };
  const layout = resolve(checked.value, { file: absolute, source, context });
  if (problems.length > 0) return { ok: false, problems: inOrder(problems) };
  return { ok: true, layout, warnings: inOrder(warnings) };
}

function resolve(
  input: LayoutInput,
  { file, source, context }: { file: string | null; source: LayoutSource; context: ResolveContext },
): Layout {
  const { report, warn, profile } = context;
  if (profile !== null && !Object.hasOwn(input.profiles ?? {}, profile)) {
    const known = Object.keys(input.profiles ?? {});
    const listed = known.length > 0 ? `; profiles: ${known.map(quote).join(', ')}` : '; the layout has no profiles';
    report(['profiles'], `unknown profile ${quote(profile)}${didYouMean(profile, known) || listed}`, 'key');
  }
  if (input.defaults) checkProgram({ input: input.defaults, path: ['defaults'] }, context, false);
  for (const [index, pane] of input.panes.entries())
    checkProgram({ input: pane, path: ['panes', index] }, context, false);
  const { panes: all, entryNames } = resolvePanes(input, context);
  const panes = 'preset' in source && source.preset === 'agents' ? panesFound(all, context.variables) : all;
  if (panes !== all && panes.every(({ agent }) => agent === 'none')) {
    warn(
      ['panes'],
      `no agent is found in PATH (${knownAgentNames.join(', ')}); \`nonet doctor\` says how to install them`,
    );
  }
  const paneNames = panes.map((pane) => pane.name);
  for (const [profileName, profileInput] of Object.entries(input.profiles ?? {})) {
    for (const [paneName, paneInput] of Object.entries(profileInput.panes ?? {})) {
      const at = ['profiles', profileName, 'panes', paneName];
      if (!entryNames.includes(paneName) && !context.damaged(['panes']))
        report(at, `unknown pane ${quote(paneName)}${didYouMean(paneName, entryNames)}`, 'key');
      checkProgram({ input: paneInput, path: at }, context, isUnused(at, profile));
    }
  }
  checkKeys((input.keys ?? {}) as Layout['keys'], { report, warn });
  return {
    name: input.name ?? ('file' in source ? baseName(source.file) : source.preset),
    file,
    grid: resolveGrid(input, { paneNames, report, warn, damaged: context.damaged }),
    panes,
    keys: (input.keys ?? {}) as Layout['keys'],
    mouse: input.mouse ?? null,
    reload: input.reload ?? 'manual',
    clipboard: input.clipboard ?? 'focused',
  };
}

/** Where the value of an alias stands that has been reported at the alias. */
type Found = Problem & { origin?: Position };

/** `list`: what is wrong as YAML. What else is wrong at one of those places follows from that. */
export function reportTo(list: Found[], file: string, tree: YamlTree): ReportAt {
  const told = new Set(list.map(placeOf));
  return (at: Path, message, which = 'value') => {
    const place = which === 'key' ? tree.keyAt(at) : tree.valueAt(at);
    const origin = tree.originOf(at, which);
    if (!told.has(placeOf(place))) list.push({ file, ...place, message, ...(origin ? { origin } : {}) });
  };
}

/** By place; the same problem, found for several panes that share a default, or at an anchor and its aliases, is said once. */
export function inOrder(found: Found[]): Problem[] {
  const unique = new Map(found.map((problem) => [`${placeOf(problem)}:${problem.message}`, problem]));
  const sorted = [...unique.values()]
    .filter(({ origin, message }) => !origin || !unique.has(`${placeOf(origin)}:${message}`))
    .map(({ origin: _, ...problem }): Problem => problem)
    .sort((a, b) => a.line - b.line || a.col - b.col);
  if (sorted.length <= MAX_PROBLEMS) return sorted;
  const last = sorted[MAX_PROBLEMS]!;
  return [...sorted.slice(0, MAX_PROBLEMS), { ...last, message: `and ${sorted.length - MAX_PROBLEMS} more problems` }];
}

function placeOf({ line, col }: Position): string {
  return `${line}:${col}`;
}

function failure(file: string, message: string): LoadResult {
  return { ok: false, problems: [{ file, line: 1, col: 1, message }] };
}

function displayName(source: LayoutSource): string {
  return 'file' in source ? source.file : findPreset(source.preset).file;
}

function baseName(file: string): string {
  return path.basename(file).replace(/\.ya?ml$/i, '');
}
