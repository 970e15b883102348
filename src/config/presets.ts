import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { agentTable } from '../core/agents.ts';
import { NonetError } from '../core/errors.ts';
import type { PaneSpec } from '../core/layout.ts';
import { didYouMean } from './did-you-mean.ts';
import type { Variables } from './expand-variables.ts';
import { findProgram } from './find-program.ts';
import { quote } from './problem.ts';

/** Where a layout comes from: a YAML file as a person named it, or a layout that ships with nonet. */
export type LayoutSource = { file: string } | { preset: string };

/** A layout that ships with nonet. `description`: the comment in its first line. */
export type Preset = { name: string; description: string; file: string };

/** The package's `layouts/`: the same two steps up from `src/config` and from `dist/config`. */
export function layoutsDirectory(): string {
  return fileURLToPath(new URL('../../layouts', import.meta.url));
}

/** Sorted by name, `default` first. */
export function listPresets(): Preset[] {
  const names = readdirSync(layoutsDirectory())
    .filter((entry) => entry.endsWith('.yaml'))
    .map((entry) => entry.slice(0, -'.yaml'.length));
  names.sort((a, b) => Number(b === 'default') - Number(a === 'default') || a.localeCompare(b, 'en'));
  return names.map(findPreset);
}

/** Throws NonetError `unknown-preset`. */
export function findPreset(name: string): Preset {
  const file = path.join(layoutsDirectory(), `${name}.yaml`);
  if (!/^[a-z0-9-]+$/.test(name) || !isFile(file)) {
    const known = readdirSync(layoutsDirectory())
      .filter((entry) => entry.endsWith('.yaml'))
      .map((entry) => path.parse(entry).name);
    const close = didYouMean(name, known);
    throw new NonetError('unknown-preset', `there is no preset and no file ${quote(name)}${close}`);
  }
  const firstLine = readFileSync(file, 'utf8').split('\n', 1)[0] ?? '';
  return { name, description: /^#\s+(.*)$/.exec(firstLine)?.[1]?.trim() ?? '', file };
}

/**
 * What LAYOUT on the command line means: a preset's name, or a YAML file; nothing means `./nonet.yaml` (or `.yml`), else the preset
 * `default`. A file that is not there is found out when it is read; a mere word that is neither throws `unknown-preset`.
 */
export function resolveLayoutArgument(argument: string | undefined, cwd: string): LayoutSource {
  if (argument === undefined) {
    const file = ['nonet.yaml', 'nonet.yml'].find((name) => isFile(path.join(cwd, name)));
    return file === undefined ? { preset: 'default' } : { file };
  }
  if (argument.includes('/') || /\.ya?ml$/i.test(argument)) return { file: argument };
  if (/^[a-z0-9-]+$/.test(argument) && isFile(path.join(layoutsDirectory(), `${argument}.yaml`)))
    return { preset: argument };
  if (isFile(path.resolve(cwd, argument))) return { file: argument };
  return { preset: findPreset(argument).name };
}

/** Of the preset `agents` those whose program is there; its shell when there is none. */
export function panesFound<Pane extends Pick<PaneSpec, 'agent'>>(panes: readonly Pane[], env: Variables): Pane[] {
  const found = panes.filter(
    ({ agent }) => agent !== 'none' && findProgram(agentTable[agent].command, env['PATH'] ?? '') !== null,
  );
  return found.length > 0 ? found : panes.filter(({ agent }) => agent === 'none');
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}
