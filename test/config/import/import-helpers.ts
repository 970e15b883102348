import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { parse } from 'yaml';
import type { Machine } from '../../../src/config/import/foreign-options.ts';
import { type ForeignFormat, type Import, importLayout } from '../../../src/config/import/import-layout.ts';
import { loadLayout } from '../../../src/config/load-layout.ts';
import type { Layout } from '../../../src/core/layout.ts';
import { PROJECT } from '../../helpers/fixture.ts';

export const FIXTURES = path.join(PROJECT, 'test/fixtures/import');

/** A machine of four cores with nothing on it but what a test says. */
export function machineWith(
  options: {
    files?: Record<string, ReturnType<Machine['kindOf']>>;
    env?: Record<string, string>;
    platform?: string;
  } = {},
): Machine {
  return {
    cpus: 4,
    platform: options.platform ?? 'linux',
    kindOf: (file) => Object.entries(options.files ?? {}).find(([name]) => file.endsWith(`/${name}`))?.[1] ?? 'missing',
    readEnvFile: () => options.env ?? null,
  };
}

export function importFixture(name: string, machine = machineWith()): Promise<Import> {
  return importLayout({ file: name, cwd: FIXTURES, machine });
}

export type ImportedText = Import & {
  plain: PlainLayout;
  layout: () => Layout;
};

/** What stands in the YAML. */
export type PlainLayout = {
  panes: Record<string, unknown>[];
  defaults?: Record<string, unknown>;
  grid?: unknown;
  env?: Record<string, unknown>;
  profiles?: Record<string, { panes: Record<string, unknown> }>;
};

export async function importText(
  file: string,
  text: string,
  options: { from?: ForeignFormat; machine?: Machine } = {},
): Promise<ImportedText> {
  const directory = temporaryDirectory();
  fs.writeFileSync(path.join(directory, file), text);
  const made = await importLayout({ file, cwd: directory, machine: options.machine ?? machineWith(), ...options });
  const load = (): Layout => {
    const loaded = loadLayout({
      source: { file: 'nonet.yaml' },
      env: { HOME: '/home/ada', PATH: '/bin' },
      cwd: directory,
      text: made.yaml,
    });
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
    return loaded.layout;
  };
  return { ...made, plain: parse(made.yaml) as PlainLayout, layout: load };
}

export function temporaryDirectory(): string {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'nonet-import-'));
  onTestFinished(() => fs.rmSync(directory, { recursive: true, force: true }));
  return directory;
}
