import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parseArguments } from '../../src/cli/parse-arguments.ts';
import { DEFAULT_SCROLLBACK } from '../../src/config/layout-limits.ts';
import { readLayout } from '../../src/config/load-layout.ts';
import { loadSettings } from '../../src/config/load-settings.ts';
import { settingsSchema } from '../../src/config/settings-schema.ts';
import { DEFAULT_PREFIX } from '../../src/core/commands.ts';
import { PANE_STATES, STATE_MARKS } from '../../src/core/session.ts';
import { DEFAULT_SETTINGS } from '../../src/core/settings.ts';
import { PROJECT } from '../helpers/fixture.ts';
import { fillGenerated, generatedParts } from '../helpers/generated-text.ts';

const file = path.join(PROJECT, 'README.md');
const readme = fs.readFileSync(file, 'utf8');
const manifest = JSON.parse(fs.readFileSync(path.join(PROJECT, 'package.json'), 'utf8')) as {
  engines: { node: string };
  scripts: Record<string, string>;
};

test('the tables of README.md are those made from the program’s own (UPDATE_GENERATED=1 writes them)', () => {
  const filled = fillGenerated(readme);
  if (process.env['UPDATE_GENERATED']) fs.writeFileSync(file, filled);
  expect(fs.readFileSync(file, 'utf8')).toBe(filled);
  const names = [...filled.matchAll(/<!-- generated: ([\w-]+) -->/g)].map((match) => match[1]);
  expect(names.sort()).toEqual(Object.keys(generatedParts).sort());
  expect(filled).toContain(`\`${DEFAULT_PREFIX}\``);
});

test('the layout in README.md loads, with its profile, without a warning', () => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'nonet-readme-'));
  onTestFinished(() => fs.rmSync(directory, { recursive: true, force: true }));
  const text = /<!-- layout -->\n```yaml\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
  fs.writeFileSync(path.join(directory, 'team.yaml'), text);
  fs.writeFileSync(path.join(directory, '.env'), 'TOKEN=x\n');
  const load = (profile: string | null) =>
    readLayout({ source: { file: 'team.yaml' }, env: { HOME: directory }, cwd: directory, profile });

  const plain = load(null);
  if (!plain.ok) throw new Error(JSON.stringify(plain.problems));
  expect(plain.warnings).toEqual([]);
  const { panes, grid } = plain.layout;
  expect([grid.rows, grid.cols]).toEqual([2, 3]);
  expect(panes.map(({ name, restart, autostart }) => [name, restart.policy, autostart])).toEqual([
    ['planner', 'on-failure', true],
    ['coder', 'on-failure', true],
    ['web', 'always', true],
    ['db', 'on-failure', true],
    ['worker-1', 'on-failure', true],
    ['worker-2', 'on-failure', true],
    ['tests', 'no', false],
  ]);
  // What the example calls a default is one.
  expect(panes[1]!.restart).toEqual(panes[0]!.restart);
  expect(panes[0]!.env).toMatchObject({ FORCE_COLOR: '1', ANTHROPIC_MODEL: 'opus', TOKEN: 'x' });

  const production = load('production');
  if (!production.ok) throw new Error(JSON.stringify(production.problems));
  expect(production.layout.panes[0]!.restart.policy).toBe('always');
});

test('the configuration in README.md has every key, and what it calls a default is one', () => {
  const text = /<!-- configuration -->\n```yaml\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
  const result = loadSettings(text, { file: 'config.yaml', env: {} });
  expect(result).toEqual({
    ok: true,
    warnings: [],
    settings: {
      ...DEFAULT_SETTINGS,
      keys: { prefix: [DEFAULT_PREFIX], zoom: ['z', 'f'], kill: null },
      scrollback: DEFAULT_SCROLLBACK,
      copyCommand: ['wl-copy'],
    },
  });
  for (const key of Object.keys(settingsSchema.shape))
    if (key !== 'version') expect(text).toMatch(new RegExp(`^${key}:`, 'm'));
});

test('README.md tells every state with its mark', () => {
  for (const state of PANE_STATES) expect(readme).toContain(`| \`${STATE_MARKS[state]} ${state}\` |`);
});

test('README.md names the Node that the package wants, and scripts that there are', () => {
  expect(manifest.engines.node).toBe('>=22.13');
  expect(readme).toContain('Node 22.13 or newer');
  for (const [, script] of readme.matchAll(/npm (start|test|run \w+)/g)) {
    if (script !== 'run dev') expect(manifest.scripts).toHaveProperty([script!.replace('run ', '')]);
  }
});

test('every promise in README.md names tests that there are', () => {
  const section = /## What nonet promises[\s\S]*?(?=\n## )/.exec(readme)?.[0] ?? '';
  const rows = [...section.matchAll(/^\| (?!promise)([^|-][^|]*) \| ([^|]*) \|$/gm)];
  expect(rows.length).toBeGreaterThan(15);
  for (const [, promise, tests] of rows) {
    const files = [...tests!.matchAll(/`([^`]+)`/g)].map((match) => match[1]!);
    expect(files, promise).not.toEqual([]);
    for (const name of files) expect(fs.existsSync(path.join(PROJECT, 'test', name)), name).toBe(true);
  }
  for (const [, name] of section.matchAll(/`node (\S+)/g)) expect(fs.existsSync(path.join(PROJECT, name!))).toBe(true);
});

test('every command line in README.md is one that nonet takes', () => {
  const blocks = [...readme.matchAll(/```sh\n([\s\S]*?)```/g)].map((match) => match[1]!).join('');
  const lines = [...blocks.matchAll(/^nonet(.*?)(?: +#.*)?$/gm)].map((match) => match[1]!.trim());
  expect(lines.length).toBeGreaterThan(4);
  for (const line of [...lines, ...[...readme.matchAll(/`nonet ([a-z][^`]*)`/g)].map((match) => match[1]!)]) {
    const words = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2]!);
    expect(parseArguments(words), line).toMatchObject({ kind: 'run' });
  }
});

test('.ci/run does what README.md says a checkout needs, and no more', () => {
  const commands = fs
    .readFileSync(path.join(PROJECT, '.ci/run'), 'utf8')
    .split('\n')
    .filter((line) => /^npm /.test(line));
  expect(readme).toContain(`${commands.join(' && ')} `);
  expect(commands).toEqual(['npm ci', 'npm test']);
});
