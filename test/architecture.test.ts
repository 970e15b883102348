import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { VERSION } from '../src/core/version.ts';
import { PROJECT } from './helpers/fixture.ts';
import { COMPUTED, hasDefaultExport, listFiles, readImports, type SourceImport } from './helpers/source-imports.ts';

/** What each folder of src/ may import from the others: arrows point downward only. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  core: [],
  config: ['core'],
  protocol: ['core'],
  terminal: ['core'],
  host: ['core', 'protocol', 'terminal'],
  supervisor: ['core', 'protocol'],
  daemon: ['core', 'config', 'protocol', 'supervisor'],
  client: ['core', 'config', 'protocol', 'terminal'],
  ui: ['core', 'client'],
  cli: ['core', 'config', 'protocol', 'client', 'ui'],
};

/** Packages that one place alone may load; types count where they are said to. */
const ONE_IMPORTER: { package: RegExp; at: string; typesIn?: string }[] = [
  { package: /^node-pty$/, at: 'src/host/pty.ts' },
  { package: /^@xterm\//, at: 'src/terminal/screen.ts', typesIn: 'src/terminal/' },
  { package: /^pidusage$/, at: 'src/supervisor/usage-fallback.ts' },
];

const PROCESSES = ['host', 'daemon', 'client'];

const sources = listFiles('src', PROJECT);
const imports = sources.filter((file) => !file.endsWith('.d.ts')).flatMap((file) => readImports(file, PROJECT));
const written = imports.filter(({ specifier }) => specifier !== COMPUTED);
const ownImports = written.filter(({ specifier }) => specifier.startsWith('.'));
const packageImports = written.filter(({ specifier }) => !specifier.startsWith('.'));

test('every import is found: static, dynamic, required and of types alone', () => {
  expect(ownImports.length).toBeGreaterThan(sources.length);
  for (const [from, specifier, typesOnly] of [
    ['src/cli/attach.ts', '../client/run-client.ts', false],
    ['src/terminal/screen.ts', '@xterm/headless', false],
    ['src/terminal/screen.ts', '@xterm/headless', true],
    ['src/supervisor/usage-fallback.ts', 'pidusage', false],
  ] as const) {
    expect(imports).toContainEqual({ from, specifier, typesOnly });
  }
});

test('what is loaded is written out, so that it can be read here', () => {
  // One wrapper of `require`, whose callers write it out.
  const computed = imports.filter(({ specifier, from }) => specifier === COMPUTED && from !== 'src/terminal/screen.ts');
  expect(computed.map(describeImport)).toEqual([]);
});

test('an import names a file that is there, with its ending', () => {
  expect(ownImports.filter((item) => !sources.includes(targetOf(item))).map(describeImport)).toEqual([]);
});

test('src/ has the folders of the table and nothing beside them', () => {
  expect([...new Set(sources.map((file) => file.split('/')[1]))].sort()).toEqual(Object.keys(MAY_IMPORT).sort());
});

test('a folder imports only what stands below it', () => {
  const upward = ownImports.filter((item) => {
    const [from, to] = [folderOf(item.from), folderOf(targetOf(item))];
    return from !== to && !MAY_IMPORT[from]?.includes(to);
  });
  expect(upward.map(describeImport)).toEqual([]);
});

test('host, daemon and client are processes: none imports another', () => {
  const joined = ownImports.filter((item) => {
    const [from, to] = [folderOf(item.from), folderOf(targetOf(item))];
    return from !== to && PROCESSES.includes(from) && PROCESSES.includes(to);
  });
  expect(joined.map(describeImport)).toEqual([]);
});

test('files do not import each other in a circle', () => {
  const targets = new Map<string, string[]>(sources.map((file) => [file, []]));
  for (const item of ownImports) targets.get(item.from)!.push(targetOf(item));
  expect(findCycle(targets)).toEqual([]);
});

test('core is pure: it imports no module of Node and no package but types', () => {
  const outside = packageImports.filter(({ from, typesOnly }) => folderOf(from) === 'core' && !typesOnly);
  expect(outside.map(describeImport)).toEqual([]);
});

describe('one file alone loads', () => {
  test.each(ONE_IMPORTER)('$package: $at', ({ package: wanted, at, typesIn }) => {
    const importers = packageImports.filter(({ specifier }) => wanted.test(specifier));
    const others = importers.filter(
      ({ from, typesOnly }) => from !== at && !(typesOnly && typesIn !== undefined && from.startsWith(typesIn)),
    );
    expect(others.map(describeImport)).toEqual([]);
    expect(importers.some(({ from }) => from === at)).toBe(true);
  });
});

test('every package that src/ imports is a dependency of the package, every other module is Node’s', () => {
  const { dependencies } = readManifest();
  const unknown = packageImports.filter(({ specifier, typesOnly }) => {
    const name = specifier
      .split('/')
      .slice(0, specifier.startsWith('@') ? 2 : 1)
      .join('/');
    return !specifier.startsWith('node:') && !typesOnly && !(name in dependencies);
  });
  expect(unknown.map(describeImport)).toEqual([]);
});

test('files are named in kebab-case', () => {
  const named = [...sources, ...listFiles('test', PROJECT)];
  expect(named.filter((file) => !/^([a-z0-9]+(-[a-z0-9]+)*\/)+[a-z0-9]+([-.][a-z0-9]+)*$/.test(file))).toEqual([]);
});

test('src/ has no default exports', () => {
  // Declarations of packages without types repeat the packages' own shape.
  const code = sources.filter((file) => !file.endsWith('.d.ts'));
  expect(code.filter((file) => hasDefaultExport(file, PROJECT))).toEqual([]);
});

test('the version in core is the package’s', () => {
  expect(VERSION).toBe(readManifest().version);
});

test('nothing names a directory of somebody’s machine or a number in a tracker', () => {
  const forbidden: [what: string, pattern: RegExp][] = [
    // In two pieces, so that this file passes itself.
    ['a directory of a machine', new RegExp('(?<![\\w.$}~-])/(?:work' + '|root|Users/[a-z]+|home/(?!ada\\b)[a-z]+)/')],
    ['a number in a tracker', new RegExp('\\b(?:issue|ticket|pull request) #' + '?\\d', 'i')],
  ];
  const files = [
    ...sources,
    ...listFiles('test', PROJECT),
    ...listFiles('layouts', PROJECT),
    'README.md',
    'package.json',
  ];
  const found = files.flatMap((file) => {
    const lines = fs.readFileSync(path.join(PROJECT, file), 'utf8').split('\n');
    return forbidden.flatMap(([what, pattern]) =>
      lines.flatMap((line, index) => (pattern.test(line) ? [`${file}:${index + 1}: ${what}: ${line.trim()}`] : [])),
    );
  });
  expect(found).toEqual([]);
});

function targetOf({ from, specifier }: SourceImport): string {
  return path.posix.join(path.posix.dirname(from), specifier);
}

function folderOf(file: string): string {
  return file.split('/')[1]!;
}

function describeImport(item: SourceImport): string {
  return `${item.from} imports ${item.specifier}${item.typesOnly ? ' (types)' : ''}`;
}

function readManifest(): { version: string; dependencies: Record<string, string> } {
  return JSON.parse(fs.readFileSync(path.join(PROJECT, 'package.json'), 'utf8'));
}

/** The files of one circle, its first again at the end; nothing when there is none. */
function findCycle(targets: Map<string, string[]>): string[] {
  const done = new Set<string>();
  const walk = (file: string, trail: string[]): string[] => {
    const seen = trail.indexOf(file);
    if (seen >= 0) return [...trail.slice(seen), file];
    if (done.has(file)) return [];
    for (const target of targets.get(file) ?? []) {
      const cycle = walk(target, [...trail, file]);
      if (cycle.length > 0) return cycle;
    }
    done.add(file);
    return [];
  };
  for (const file of targets.keys()) {
    const cycle = walk(file, []);
    if (cycle.length > 0) return cycle;
  }
  return [];
}
