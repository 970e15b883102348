import path from 'node:path';
import { readLayout } from '../config/load-layout.ts';
import { formatProblem, type Problem } from '../config/problem.ts';
import { readSettings, settingsFile } from '../config/settings-file.ts';
import { readTextFile } from '../config/text-file.ts';
import { printJson, say } from './output.ts';

/** `nonet check FILE`, of a layout or of a person's configuration. */
export async function checkFile(file: string, json: boolean): Promise<number> {
  const { ok, problems, summary } = isSettings(file) ? await checkSettings(file) : checkLayout(file);
  if (json) printJson({ ok, problems });
  else for (const problem of problems) say(`${formatProblem(problem)}${ok ? ' (warning)' : ''}`);
  if (ok && !json) say(`${file}: ${summary}`);
  return ok ? 0 : 2;
}

type Checked = { ok: boolean; problems: Problem[]; summary: string };

function checkLayout(file: string): Checked {
  const result = readLayout({ source: { file }, env: process.env, cwd: process.cwd() });
  if (!result.ok) return { ok: false, problems: result.problems, summary: '' };
  return { ok: true, problems: result.warnings, summary: `${result.layout.panes.length} panes, no problems` };
}

async function checkSettings(file: string): Promise<Checked> {
  const read = readTextFile(file, 1);
  if (!read.ok && read.message.endsWith('no such file')) {
    return { ok: false, problems: [{ file, line: 1, col: 1, message: read.message }], summary: '' };
  }
  const result = await readSettings(path.resolve(file), process.env, file);
  if (!result.ok) return { ok: false, problems: result.problems, summary: '' };
  return { ok: true, problems: result.warnings, summary: 'a configuration, no problems' };
}

/** The file that nonet reads, or one of its name (kept elsewhere, linked) that has no panes. */
function isSettings(file: string): boolean {
  if (path.resolve(file) === settingsFile(process.env)) return true;
  if (path.basename(file) !== 'config.yaml') return false;
  const read = readTextFile(file, 256 * 1024);
  return read.ok && !/^["']?panes["']?\s*:/m.test(read.text);
}
