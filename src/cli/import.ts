import { accessSync, constants, statSync } from 'node:fs';
import os from 'node:os';
import { parseEnvFile } from '../config/env-file.ts';
import type { Machine } from '../config/import/foreign-options.ts';
import { FOREIGN_FORMATS, importLayout } from '../config/import/import-layout.ts';
import { readTextFile } from '../config/text-file.ts';
import { NonetError } from '../core/errors.ts';
import { say } from './output.ts';

const MAX_ENV_FILE_BYTES = 1024 * 1024;

/** The layout on stdout, what is to be said of it on stderr. */
export async function printImport(file: string, from: string | undefined): Promise<number> {
  const format = FOREIGN_FORMATS.find((name) => name === from);
  if (from !== undefined && format === undefined) {
    throw new NonetError('usage', `nonet import knows no ${JSON.stringify(from)}`, {
      hint: `--from ${FOREIGN_FORMATS.join(' | ')}`,
    });
  }
  const { yaml, panes, unmapped } = await importLayout({
    file,
    cwd: process.cwd(),
    machine: thisMachine,
    ...(format ? { from: format } : {}),
  });
  process.stdout.write(yaml);
  const left = unmapped === 0 ? 'everything is mapped' : `${unmapped} not mapped, see the comments`;
  say(`${file}: ${panes} ${panes === 1 ? 'pane' : 'panes'}; ${left}`);
  return 0;
}

export const thisMachine: Machine = {
  cpus: os.availableParallelism(),
  platform: process.platform,
  kindOf(file) {
    const stat = statSync(file, { throwIfNoEntry: false });
    if (!stat) return 'missing';
    if (stat.isDirectory()) return 'directory';
    try {
      accessSync(file, constants.X_OK);
      return 'program';
    } catch {
      return 'file';
    }
  },
  readEnvFile(file) {
    const read = readTextFile(file, MAX_ENV_FILE_BYTES);
    return read.ok ? parseEnvFile(read.text) : null;
  },
};
