import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readLayout } from '../../src/config/load-layout.ts';
import { loadSettings } from '../../src/config/load-settings.ts';
import { formatProblem } from '../../src/config/problem.ts';
import { layoutDefaults, readSettings, settingsFile } from '../../src/config/settings-file.ts';
import { createKeymap } from '../../src/core/keymap.ts';
import { parseChord } from '../../src/core/keys.ts';
import type { Layout } from '../../src/core/layout.ts';
import { DEFAULT_SETTINGS, mergeKeys, wantsMouse } from '../../src/core/settings.ts';
import { key } from '../client/sample-session.ts';

const load = (text: string, env: Record<string, string> = { HOME: '/h' }) =>
  loadSettings(text, { file: 'config.yaml', env });

function settings(text: string, env?: Record<string, string>) {
  const result = load(text, env);
  if (!result.ok) throw new Error(result.problems.map(formatProblem).join('\n'));
  return result.settings;
}

function problems(text: string): string[] {
  const result = load(text);
  return (result.ok ? result.warnings : result.problems).map(formatProblem);
}

test('an empty file, and one with comments alone, say nothing', () => {
  for (const text of ['', '# theme: dark\n', '{}\n']) expect(settings(text)).toEqual(DEFAULT_SETTINGS);
});

test('everything that the file can say is taken as it is meant', () => {
  const text = `
version: 1
prefix: ctrl+a
keys: {zoom: [f, ctrl+f], kill: null, focus-1: 5}
mouse: false
theme: light
borders: ascii
scrollback: 500
copy_command: "xclip -selection 'clip board' ~/\${DIR}"
copy_keys: emacs
status: [hint, session]
lines: true
`;
  expect(settings(text, { HOME: '/h', DIR: 'here' })).toEqual({
    keys: { prefix: ['ctrl+a'], zoom: ['f', 'ctrl+f'], kill: null, 'focus-1': ['5'] },
    mouse: false,
    theme: 'light',
    borders: 'ascii',
    scrollback: 500,
    copyCommand: ['xclip', '-selection', 'clip board', '/h/here'],
    copyKeys: 'emacs',
    status: ['hint', 'session'],
    lines: true,
  });
  expect(settings('copy_command: [tee, 1.10, a b]').copyCommand).toEqual(['tee', '1.10', 'a b']);
  expect(settings('copy_command: null').copyCommand).toEqual([]);
});

test.each([
  ['an unknown key', 'themes: dark', 'config.yaml:1:1: unknown key "themes"; did you mean "theme"?'],
  ['a key that is like no other', 'a: 1\n', 'config.yaml:1:1: unknown key "a"'],
  [
    'a slip in a value',
    'theme: drak',
    'config.yaml:1:8: "theme" must be auto | dark | light, not "drak"; did you mean "dark"?',
  ],
  ['a command that there is not', 'keys: {zom: z}', 'config.yaml:1:8: unknown command "zom"; did you mean "zoom"?'],
  ['no key at all', 'keys:\n  zoom: hyperspace', 'config.yaml:2:9: "zoom": "hyperspace" is not a key'],
  ['a key for two', 'keys: {zoom: y, help: y}', 'config.yaml:1:23: key "y" is already bound to "zoom"'],
  ['a key that is the prefix', 'prefix: z\nkeys: {help: z}', 'config.yaml:2:14: key "z" is the prefix'],
  [
    'a prefix that is a command’s',
    'mouse: true\nprefix: d',
    'config.yaml:2:9: key "d", the prefix, is taken from "detach"',
  ],
  [
    'such a prefix among the keys',
    'keys: {prefix: d}',
    'config.yaml:1:16: key "d", the prefix, is taken from "detach"',
  ],
  ['two prefixes', 'prefix: z\nkeys: {prefix: y}', 'config.yaml:1:1: "prefix" stands in "keys" as well: keep one'],
  ['a key of another command', 'keys: {help: z}', 'config.yaml:1:14: key "z" is taken from "zoom"'],
  ['a part that there is not', 'status: [sesion]', 'config.yaml:1:10: "status[0]" must be'],
  ['a part twice', 'status: [hint, hint]', 'config.yaml:1:16: "hint" stands there twice'],
  ['too many lines', 'scrollback: 10000000', 'config.yaml:1:13: "scrollback" must be at most 1000000'],
  ['a list', '- theme', 'config.yaml:1:1: the configuration must be a map'],
  ['a text', 'dark', 'config.yaml:1:1: the configuration must be a map'],
  ['two documents', 'mouse: true\n---\nmouse: false', 'config.yaml:2:1: the file must be one YAML document'],
  ['a key twice', 'mouse: true\nmouse: false', 'config.yaml:2:1: duplicate key "mouse"'],
  ['what is not YAML', 'keys: {zoom: [z', 'config.yaml:1:16: '],
  ['a pipe', 'copy_command: cat | xclip', 'config.yaml:1:15: no shell runs this command'],
  ['a relative program', 'copy_command: ./copy', 'config.yaml:1:15: "./copy" is a relative path'],
  ['a variable that is not set', `copy_command: "x \${NOT_SET}"`, 'config.yaml:1:15: '],
])('%s is told with its place', (_what, text, message) => {
  expect(problems(text)[0]).toContain(message);
});

test('all mistakes are told at once, by place', () => {
  expect(problems('theme: blue\nlines: 3\nkeys: {zoom: [z, foo]}\n').map((text) => text.split(': ')[0])).toEqual([
    'config.yaml:1:8',
    'config.yaml:2:8',
    'config.yaml:3:18',
  ]);
});

test('a layout’s keys win over the person’s, command by command, whatever their order', () => {
  const merged = mergeKeys({ prefix: ['ctrl+a'], zoom: ['f'], help: ['g'] }, { zoom: ['g'] });
  const keymap = createKeymap(merged);
  expect(keymap.prefix).toEqual(parseChord('ctrl+a'));
  expect(keymap.lookup(key('g'))).toBe('zoom');
  expect(keymap.lookup(key('f'))).toBe(null);
  expect(keymap.problems).toEqual([]);
  expect(createKeymap(mergeKeys({ prefix: ['ctrl+a'] }, { prefix: ['ctrl+s'] })).prefix).toEqual(parseChord('ctrl+s'));
});

test('a key of the layout that is the person’s prefix is told, and so is one of the person’s that is the layout’s', () => {
  const told = (own: Layout['keys'], layout: Layout['keys']) => createKeymap(mergeKeys(own, layout)).problems;
  const words = ['keys.zoom: “ctrl+a” is the prefix, and so does nothing after it'];
  expect(told({ prefix: ['ctrl+a'] }, { zoom: ['ctrl+a'] })).toEqual(words);
  expect(told({ zoom: ['ctrl+a', 'f'] }, { prefix: ['ctrl+a'] })).toEqual(words);
  expect(told({ prefix: ['ctrl+a'], zoom: ['ctrl+s'] }, { help: ['ctrl+s'] })).toEqual([]);
});

test('the mouse is as the layout says, and as the person says where it does not', () => {
  const off = { ...DEFAULT_SETTINGS, mouse: false };
  expect(wantsMouse(off, { mouse: null })).toBe(false);
  expect(wantsMouse(off, { mouse: true })).toBe(true);
  expect(wantsMouse(DEFAULT_SETTINGS, { mouse: false })).toBe(false);
  expect(wantsMouse(DEFAULT_SETTINGS, { mouse: null })).toBe(true);
});

test('the file is where XDG says, may be missing, and gives layouts their scrollback', async () => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'nonet-settings-'));
  onTestFinished(() => fs.rmSync(directory, { recursive: true, force: true }));
  const env = { XDG_CONFIG_HOME: directory, HOME: directory };
  const file = settingsFile(env);
  expect(file).toBe(path.join(directory, 'nonet/config.yaml'));
  expect(settingsFile({ HOME: '/h' })).toBe('/h/.config/nonet/config.yaml');
  expect(await readSettings(file, env)).toEqual({ ok: true, settings: DEFAULT_SETTINGS, warnings: [] });
  expect(await layoutDefaults(env)).toEqual({});

  fs.mkdirSync(path.dirname(file));
  fs.writeFileSync(file, 'scrollback: 77\n');
  fs.writeFileSync(path.join(directory, 'a.yaml'), 'panes: [{command: a}, {command: b, scrollback: 5}]\n');
  const layout = readLayout({ source: { file: 'a.yaml' }, env, cwd: directory, ...(await layoutDefaults(env)) });
  expect(layout).toMatchObject({ layout: { mouse: null, panes: [{ scrollback: 77 }, { scrollback: 5 }] } });

  fs.writeFileSync(file, 'scrollback: many\n');
  expect(await layoutDefaults(env)).toEqual({});
  expect(await readSettings(directory, env)).toMatchObject({ ok: false, problems: [{ message: expect.any(String) }] });
});
