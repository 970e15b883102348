import path from 'node:path';
import { NonetError } from '../../core/errors.ts';
import { MAX_PANES } from '../layout-limits.ts';
import { formatProblem, type Path, quote } from '../problem.ts';
import { readTextFile } from '../text-file.ts';
import { parseYamlTree, type YamlTree } from '../yaml-tree.ts';
import type { ForeignSource, Machine } from './foreign-options.ts';
import type { ImportedLayout } from './imported-layout.ts';
import { escapeControls, withoutComments } from './json-text.ts';
import { importMprocs } from './mprocs.ts';
import { importPm2 } from './pm2.ts';
import { importProcessCompose } from './process-compose.ts';
import { importProcfile } from './procfile.ts';
import { runConfigScript } from './run-script.ts';
import { importTmuxp } from './tmuxp.ts';
import { writeLayout } from './write-layout.ts';

/**
 * Files of other tools as layouts. Each importer is a pure function from what its file says to a layout; this is the part that reads the
 * file, knows which tool it is of, and says where in it a mistake is.
 */
export const FOREIGN_FORMATS = ['pm2', 'procfile', 'mprocs', 'process-compose', 'tmuxp'] as const;
export type ForeignFormat = (typeof FOREIGN_FORMATS)[number];

const IMPORTERS: Record<ForeignFormat, { tool: string; convert: (source: ForeignSource) => ImportedLayout }> = {
  pm2: { tool: 'PM2', convert: importPm2 },
  procfile: { tool: 'foreman', convert: importProcfile },
  mprocs: { tool: 'mprocs', convert: importMprocs },
  'process-compose': { tool: 'process-compose', convert: importProcessCompose },
  tmuxp: { tool: 'tmuxp', convert: importTmuxp },
};

const MAX_BYTES = 1024 * 1024;
const SCRIPT = /\.(js|cjs|mjs)$/i;

export type Import = { yaml: string; panes: number; unmapped: number };

/** `file` as the user wrote it, relative to `cwd`. Throws NonetError `usage` or `bad-layout`, which names the place in the file. */
export async function importLayout({
  file,
  from,
  cwd,
  machine,
}: {
  file: string;
  from?: ForeignFormat;
  cwd: string;
  machine: Machine;
}): Promise<Import> {
  const absolute = path.resolve(cwd, file);
  const format = from ?? formatOf(file);
  if (format === null) {
    if (machine.kindOf(absolute) === 'missing') throw new NonetError('usage', `${quote(file)}: no such file`);
    throw new NonetError('usage', `${quote(file)} is not the name of a file that nonet import knows`, {
      hint: `say whose it is: --from ${FOREIGN_FORMATS.join(' | ')}`,
    });
  }
  const read =
    format === 'pm2' && SCRIPT.test(file) ? await runScript(file, absolute) : readFile(file, absolute, format);
  const source: ForeignSource = {
    file,
    directory: path.dirname(absolute),
    text: read.text,
    value: read.value,
    machine,
    fail: (at, message) => failAt(file, read.tree, at, message),
  };
  const { tool, convert } = IMPORTERS[format];
  const layout = convert(source);
  layout.notes.unshift(`from ${path.basename(file)} (${tool}); keep this file beside it: paths are relative to it`);
  const programs = layout.panes.reduce((sum, { settings }) => sum + Number(settings['instances'] ?? 1), 0);
  if (programs > MAX_PANES)
    failAt(file, read.tree, [], `${programs} programs, but a layout has at most ${MAX_PANES} panes`);
  return { yaml: writeLayout(layout), panes: layout.panes.length, unmapped: countUnmapped(layout) };
}

/** By the name under which the tools look for their files. */
export function formatOf(file: string): ForeignFormat | null {
  const name = path.basename(file).toLowerCase();
  const parent = path.basename(path.dirname(file));
  if (/^procfile(\.|$)/.test(name)) return 'procfile';
  if (/^mprocs.*\.(ya?ml|json)$/.test(name)) return 'mprocs';
  if (/^process[-_]compose.*\.(ya?ml|json)$/.test(name)) return 'process-compose';
  if (/^(.*\.)?tmuxp(\..*)?\.(ya?ml|json)$/.test(name) || (parent.endsWith('tmuxp') && /\.(ya?ml|json)$/.test(name)))
    return 'tmuxp';
  if (
    /^(ecosystem|pm2|process|processes)\b.*\.(js|cjs|mjs|json|ya?ml)$/.test(name) ||
    /\.config\.(js|cjs|mjs)$/.test(name)
  )
    return 'pm2';
  return null;
}

type ReadFile = { text: string; value: unknown; tree: YamlTree | null };

function readFile(file: string, absolute: string, format: ForeignFormat): ReadFile {
  const read = readTextFile(absolute, MAX_BYTES);
  if (!read.ok) throw failure(file, { line: 1, col: 1 }, read.message);
  if (format === 'procfile') return { text: read.text, value: null, tree: null };
  // JSON is YAML, but for comments, which these files have all the same, and tabs.
  const isJson = /\.json\d?$/i.test(file) || /^\s*[[{]/.test(read.text);
  const { tree, problems } = parseYamlTree(isJson ? escapeControls(withoutComments(read.text)) : read.text);
  const [first] = problems;
  if (!tree || first) throw failure(file, first ?? { line: 1, col: 1 }, first?.message ?? 'not YAML');
  if (tree.value === null || tree.value === undefined) throw failure(file, { line: 1, col: 1 }, 'the file is empty');
  // The tree’s records have no prototype, so that they cannot even be made a text.
  return { text: read.text, value: structuredClone(tree.value), tree };
}

async function runScript(file: string, absolute: string): Promise<ReadFile> {
  const run = await runConfigScript(absolute);
  if (!run.ok) throw failure(file, { line: run.line ?? 1, col: 1 }, run.message);
  return { text: '', value: run.value, tree: null };
}

/** A Procfile's places are its lines, from 0; those of a script are not known. */
function failAt(file: string, tree: YamlTree | null, at: Path, message: string): never {
  const line = typeof at[0] === 'number' && at.length === 1 ? at[0] + 1 : 1;
  if (tree) throw failure(file, tree.valueAt(at), message);
  const where = at.length > 1 ? `${at.map((part) => (typeof part === 'number' ? `[${part}]` : part)).join('')}: ` : '';
  throw failure(file, { line: where === '' ? line : 1, col: 1 }, where + message);
}

function failure(file: string, { line, col }: { line: number; col: number }, message: string): NonetError {
  return new NonetError('bad-layout', formatProblem({ file, line, col, message }), { hint: '' });
}

function countUnmapped(layout: ImportedLayout): number {
  const notes = [
    ...layout.notes,
    ...Object.values(layout.headNotes).flat(),
    ...layout.panes.flatMap((pane) => pane.notes),
  ];
  return notes.filter((note) => note.startsWith('not mapped: ')).length;
}
