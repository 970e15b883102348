import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { WatchSettings } from '../../src/core/supervision.ts';
import { watchFiles } from '../../src/supervisor/file-watch.ts';
import { waitUntil } from '../helpers/wait-until.ts';

function createDirectory(): string {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'nw-'));
  onTestFinished(() => fs.rmSync(directory, { recursive: true, force: true }));
  return directory;
}

function write(directory: string, file: string, text = 'x'): void {
  const full = path.join(directory, file);
  fs.mkdirSync(path.dirname(full), { recursive: true });
  fs.writeFileSync(full, text);
}

function watch(settings: Partial<WatchSettings> & { paths: string[] }) {
  const calls: string[][] = [];
  const warnings: string[] = [];
  const watcher = watchFiles(
    { ignore: [], delayMs: 50, ...settings },
    { onChange: (files) => calls.push(files), warn: (text) => warnings.push(text) },
  );
  onTestFinished(() => watcher.dispose());
  return {
    calls,
    warnings,
    watcher,
    told: (file: string) => waitUntil(file, () => calls.some((files) => files.includes(file)) || JSON.stringify(calls)),
    /** Writes until it is heard of: from then on everything is watched that was there before. */
    async watches(directory: string, file: string) {
      await waitUntil(`${file} to be watched`, () => {
        fs.writeFileSync(path.join(directory, file), String(performance.now()));
        return calls.some((files) => files.includes(file));
      });
      calls.length = 0;
    },
  };
}

it('tells of changed, new and removed files in any depth, with the path that it was given', async () => {
  const directory = createDirectory();
  write(directory, 'a.ts');
  write(directory, 'deep/er/b.ts');
  const { told, watches } = watch({ paths: [directory] });
  await watches(directory, 'deep/er/b.ts');
  write(directory, 'a.ts', 'new');
  await told('a.ts');
  write(directory, 'deep/c.ts');
  await told('deep/c.ts');
  fs.rmSync(path.join(directory, 'deep/er/b.ts'));
  await told('deep/er/b.ts');
});

it('watches directories that are made later', async () => {
  const directory = createDirectory();
  write(directory, 'a.ts');
  const { told, watches } = watch({ paths: [directory] });
  await watches(directory, 'a.ts');
  write(directory, 'new/one/x.ts');
  await told('new');
  await watches(directory, 'new/one/x.ts');
});

it('calls once for many changes, some time after the last', async () => {
  const directory = createDirectory();
  write(directory, 'a');
  const { calls, told, watches } = watch({ paths: [directory], delayMs: 200 });
  await watches(directory, 'a');
  for (let i = 0; i < 20; i++) write(directory, `f${i}`);
  await told('f19');
  expect(calls.filter((files) => files.some((file) => file.startsWith('f')))).toHaveLength(1);
  expect(calls.at(-1)).toEqual(expect.arrayContaining(['f0', 'f19']));
});

it('says nothing of what is ignored, nor of the insides of a repository', async () => {
  const directory = createDirectory();
  for (const file of ['a.ts', 'node_modules/x/y.js', '.git/index', 'out/b.log']) write(directory, file);
  const { calls, told, watches } = watch({ paths: [directory], ignore: ['node_modules', '*.log'] });
  await watches(directory, 'a.ts');
  for (const file of ['node_modules/x/y.js', '.git/index', 'out/b.log', 'out/c.ts']) write(directory, file, 'new');
  await told('out/c.ts');
  expect(calls.flat().filter((file) => /node_modules|git|log/.test(file))).toEqual([]);
});

it('watches a single file also when an editor puts a new one in its place, and nothing beside it', async () => {
  const directory = createDirectory();
  write(directory, 'config.yaml');
  const { calls, told, watches } = watch({ paths: [path.join(directory, 'config.yaml')] });
  await watches(directory, 'config.yaml');
  write(directory, 'other.txt');
  write(directory, 'config.yaml~', 'new');
  fs.renameSync(path.join(directory, 'config.yaml~'), path.join(directory, 'config.yaml'));
  await told('config.yaml');
  expect(calls.flat()).not.toContain('other.txt');
});

it('says that a path is not there, and watches it when it comes', async () => {
  const directory = createDirectory();
  const later = path.join(directory, 'later');
  const { warnings, told } = watch({ paths: [later] });
  await waitUntil('the warning', () => warnings.length > 0);
  expect(warnings).toEqual([`cannot watch ${later}: there is no such file or directory; it is looked for again`]);
  fs.mkdirSync(later);
  await told('later');
});

it('says nothing any more when it is disposed', async () => {
  const directory = createDirectory();
  write(directory, 'a');
  const { calls, watches, watcher } = watch({ paths: [directory] });
  await watches(directory, 'a');
  watcher.dispose();
  const other = watch({ paths: [directory] });
  await other.watches(directory, 'a');
  expect(calls).toEqual([]);
});
