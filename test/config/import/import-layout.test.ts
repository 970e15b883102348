// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${VAR} is the layout's own syntax
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type ForeignFormat, formatOf } from '../../../src/config/import/import-layout.ts';
import { readLayout } from '../../../src/config/load-layout.ts';
import { FIXTURES, importFixture, importText, machineWith, temporaryDirectory } from './import-helpers.ts';

const FILES = [
  'ecosystem.config.js',
  'single.config.cjs',
  'es-module.config.mjs',
  'ecosystem.config.yaml',
  'procfile',
  'mprocs.yaml',
  'process-compose.yaml',
  'tmuxp.yaml',
  'tmuxp.json',
];

describe('the layout that is made of', () => {
  test.each(FILES)('%s loads without a problem or a warning, with each of its profiles', async (name) => {
    const { yaml } = await importFixture(name);
    const directory = temporaryDirectory();
    fs.writeFileSync(path.join(directory, 'nonet.yaml'), yaml);
    const profiles = Object.keys((parse(yaml) as { profiles?: object }).profiles ?? {});
    for (const profile of [null, ...profiles]) {
      const env = { HOME: directory, PATH: '/usr/bin' };
      const result = readLayout({ source: { file: 'nonet.yaml' }, env, cwd: directory, profile });
      expect(result.ok ? result.warnings : result.problems, yaml).toEqual([]);
    }
  });
});

test.each<[file: string, format: ForeignFormat | null]>([
  ['ecosystem.config.js', 'pm2'],
  ['deploy/ecosystem.json', 'pm2'],
  ['api.config.cjs', 'pm2'],
  ['processes.yml', 'pm2'],
  ['Procfile', 'procfile'],
  ['Procfile.dev', 'procfile'],
  ['mprocs.yaml', 'mprocs'],
  ['mprocs.json', 'mprocs'],
  ['process-compose.yaml', 'process-compose'],
  ['process-compose.override.yml', 'process-compose'],
  ['.tmuxp.yaml', 'tmuxp'],
  ['/home/ada/.tmuxp/work.yaml', 'tmuxp'],
  ['/home/ada/.config/tmuxp/work.json', 'tmuxp'],
  ['docker-compose.yaml', null],
  ['package.json', null],
  ['notes.txt', null],
])('by its name, %s is of %s', (file, format) => {
  expect(formatOf(file)).toBe(format);
});

test('a file whose name says nothing needs --from', async () => {
  await expect(
    importText('apps.yml', 'apps: [{script: a.js}]', { machine: machineWith({ files: { 'apps.yml': 'file' } }) }),
  ).rejects.toMatchObject({
    code: 'usage',
    hint: expect.stringContaining('--from pm2'),
  });
  const { yaml } = await importText('apps.yml', 'apps: [{script: a.js}]', { from: 'pm2' });
  expect(parse(yaml).panes).toEqual([{ name: 'a', command: ['node', 'a.js'] }]);
});

test.each<[title: string, file: string, text: string, message: string]>([
  ['YAML that is none', 'mprocs.yaml', 'procs:\n  a: [b\n', 'mprocs.yaml:3:1: '],
  ['a file of nothing', 'mprocs.yaml', '', 'mprocs.yaml:1:1: the file is empty'],
  ['no procs', 'mprocs.yaml', 'proc: {}\n', 'mprocs.yaml:1:1: there are no "procs"'],
  [
    'a process that runs nothing',
    'mprocs.yaml',
    'procs:\n  a: {cwd: b}\n',
    'mprocs.yaml:2:6: a process needs "shell" or "cmd"',
  ],
  [
    'an app without a script',
    'ecosystem.yaml',
    'apps:\n  - script: a.js\n  - name: b\n',
    'ecosystem.yaml:3:5: an app needs a "script"',
  ],
  ['apps of another kind', 'ecosystem.json', '{"apps": 3}', 'ecosystem.json:1:10: there are no "apps"'],
  ['no apps', 'ecosystem.json', '{"apps": []}', 'ecosystem.json:1:10: the list of apps is empty'],
  ['no processes', 'process-compose.yaml', 'version: "0.5"\n', 'process-compose.yaml:1:1: there are no "processes"'],
  [
    'a process without a command',
    'process-compose.yaml',
    'processes:\n  a:\n    namespace: x\n',
    'process-compose.yaml:3:5: a process needs a "command"',
  ],
  ['no windows', 'tmuxp.yaml', 'session_name: a\nwindows: []\n', 'tmuxp.yaml:2:10: there are no "windows"'],
  ['a Procfile of remarks', 'Procfile', '# nothing\n', 'Procfile:1:1: there is no line'],
  ['a name that comes twice', 'Procfile', 'a: b\n\na: c\n', 'Procfile:3:1: process "a" is already on line 1'],
])('%s is named with its place', async (_title, file, text, message) => {
  await expect(importText(file, text)).rejects.toMatchObject({
    code: 'bad-layout',
    message: expect.stringContaining(message),
  });
});

test('a file that is not there is told as one', async () => {
  await expect(importFixture('nowhere/Procfile')).rejects.toThrow('nowhere/Procfile:1:1: cannot read it: no such file');
});

test('JSON may have comments, tabs and a last comma', async () => {
  const text =
    '{\n\t// one app\n\t"apps": {\n\t\t"script": "a.js", /* no list */\n\t\t"env": {"URL": "http://a//b\\t"},\n\t},\n}\n';
  const { yaml } = await importText('ecosystem.json', text);
  expect(parse(yaml).panes).toEqual([{ name: 'a', command: ['node', 'a.js'], env: { URL: 'http://a//b\t' } }]);
});

test('more programs than a layout has panes are refused', async () => {
  const lines = Array.from({ length: 100 }, (_, index) => `p${index}: true`).join('\n');
  await expect(importText('Procfile', lines)).rejects.toThrow('100 programs, but a layout has at most 99 panes');
});

test('names become ones that a layout takes, and the old ones are told', async () => {
  const { yaml, plain } = await importText('mprocs.yaml', `procs: {all: a, "7": b, "${'x'.repeat(80)}": c}`);
  expect(plain.panes.map(({ name }) => String(name)).sort()).toEqual(['pane-7', 'pane-all', 'x'.repeat(64)]);
  expect(yaml).toContain('# called "all" before\n  - name: pane-all');
});

test('two of one name get two names, and none that an instance has', async () => {
  const { plain } = await importText(
    'ecosystem.yaml',
    'apps: [{script: a.js, instances: 2}, {script: a.js}, {script: a.js}]',
  );
  expect(plain.panes.map(({ name }) => name)).toEqual(['a', 'a-3', 'a-4']);
});

test('a text of the other file that looks like a variable of a layout stays what it is', async () => {
  const { yaml, layout } = await importText(
    'mprocs.yaml',
    "procs: {a: 'echo ${A} $${B} $C', b: {cmd: [echo, '${A}'], env: {X: 'a$${B}'}}}",
  );
  expect(yaml).toContain('echo $${A} $$$${B} $C');
  const [a, b] = layout().panes;
  expect(a!.argv).toEqual(['/bin/sh', '-c', 'echo ${A} $${B} $C']);
  expect([b!.argv, b!.env['X']]).toEqual([['echo', '${A}'], 'a$${B}']);
});

test('a remark cannot end its comment', async () => {
  const { yaml } = await importText('ecosystem.yaml', 'apps: [{script: a.js, "x\\nname: evil": 1}]');
  expect(yaml).toContain('# not mapped: x\\nname: evil: nonet import does not know it');
  expect(parse(yaml).panes).toHaveLength(1);
});

test('nothing of the fixtures is forgotten: each of their files is imported here', () => {
  const known = [...FILES, 'broken.config.js', 'endless.config.js', 'package.json'];
  expect(fs.readdirSync(FIXTURES).sort()).toEqual(known.sort());
});

test('an empty text counts as none, and a value of another kind is told', async () => {
  const { yaml, layout } = await importText('mprocs.yaml', 'procs: {a: {shell: x, cwd: "", env: 3, autostart: maybe}}');
  expect(layout().panes).toHaveLength(1);
  expect(yaml).toContain('# not mapped: env: a map or a list was expected');
  expect(yaml).toContain('# not mapped: autostart: true or false was expected');
  await expect(importText('mprocs.yaml', 'procs: {a: {shell: ""}}')).rejects.toThrow(
    'a process needs "shell" or "cmd"',
  );
});
