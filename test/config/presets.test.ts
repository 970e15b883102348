import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readLayout } from '../../src/config/load-layout.ts';
import { findPreset, layoutsDirectory, listPresets, resolveLayoutArgument } from '../../src/config/presets.ts';
import { agentTable } from '../../src/core/agents.ts';
import { computeGeometry } from '../../src/core/geometry.ts';

test('presets are listed with what they are, default first', () => {
  expect(listPresets().map(({ name }) => name)).toEqual(['default', 'agents', 'demo', 'main']);
  for (const { description, file } of listPresets()) {
    expect(description).toMatch(/^[A-Z].{10,70}\.$/);
    expect(readFileSync(file, 'utf8')).toContain('$schema=./layout.schema.json');
  }
});

const bin = mkdtempSync(path.join(os.tmpdir(), 'nonet-presets-'));
afterAll(() => rmSync(bin, { recursive: true }));
const install = (program: string, mode = 0o755) => writeFileSync(path.join(bin, program), '', { mode });
for (const { command } of Object.values(agentTable)) install(command);

describe.each(listPresets())('the preset $name', ({ name }) => {
  const loaded = readLayout({ source: { preset: name }, env: { HOME: '/home/ada', PATH: bin }, cwd: '/srv' });

  test('loads without a warning, in the directory of the person', () => {
    expect(loaded).toMatchObject({ ok: true, warnings: [], layout: { name, file: null } });
    if (loaded.ok) for (const pane of loaded.layout.panes) expect(pane.cwd).toBe('/srv');
  });

  test('fills its grid, on one page that fits a large screen', () => {
    if (!loaded.ok) throw new Error('not loaded');
    const { grid, panes } = loaded.layout;
    expect(panes.length).toBe(grid.areas.length);
    const input = { cols: 210, rows: 60, grid, paneCount: panes.length, focused: 1, zoomed: false };
    expect(computeGeometry(input)).toMatchObject({ mode: 'grid', pages: 1 });
  });
});

test('shells are the person’s own, or sh', () => {
  const argv = (env: Record<string, string>) => {
    const loaded = readLayout({ source: { preset: 'default' }, env, cwd: '/' });
    return loaded.ok ? loaded.layout.panes.map((pane) => pane.argv.join(' ')) : [];
  };
  expect(argv({ SHELL: '/bin/zsh' })).toEqual(Array(9).fill('/bin/zsh -l'));
  expect(argv({})).toEqual(Array(9).fill('/bin/sh -l'));
});

test('the one large pane of main is the first', () => {
  const loaded = readLayout({ source: { preset: 'main' }, env: {}, cwd: '/' });
  const areas = loaded.ok ? loaded.layout.grid.areas : [];
  const sizes = areas.map((area) => area.rowSpan * area.colSpan);
  expect(sizes).toEqual([12, 1, 1, 1, 1, 1, 1, 1, 1]);
});

test('the agents of the preset are those that are found in PATH, and a shell where none is', () => {
  const found = (PATH?: string) => {
    const loaded = readLayout({ source: { preset: 'agents' }, env: PATH === undefined ? {} : { PATH }, cwd: '/' });
    if (!loaded.ok) throw new Error(loaded.problems[0]?.message);
    return { agents: loaded.layout.panes.map(({ agent }) => agent), warnings: loaded.warnings.map((w) => w.message) };
  };
  const none = { agents: ['none'], warnings: [expect.stringContaining('no agent is found in PATH (claude, codex')] };
  expect(found()).toEqual(none);
  expect(found('/nowhere:')).toEqual(none);
  rmSync(path.join(bin, 'codex'));
  install('codex', 0o644);
  expect(found(`/nowhere:${bin}`)).toEqual({ agents: ['claude', 'gemini', 'opencode'], warnings: [] });
});

test('the demo runs files of the package with this Node', () => {
  const loaded = readLayout({ source: { preset: 'demo' }, env: {}, cwd: '/' });
  const panes = loaded.ok ? loaded.layout.panes : [];
  expect(new Set(panes.map((pane) => pane.argv[2])).size).toBe(9);
  for (const { argv } of panes) {
    expect(argv[0]).toBe(process.execPath);
    expect(existsSync(argv[1] ?? '')).toBe(true);
  }
});

test('an unknown preset is refused, with a near name', () => {
  expect(() => findPreset('dmeo')).toThrow(
    expect.objectContaining({ code: 'unknown-preset', message: expect.stringContaining('did you mean "demo"?') }),
  );
  for (const name of ['../package', '', 'a/b', 'layout.schema'])
    expect(() => findPreset(name)).toThrow(expect.objectContaining({ code: 'unknown-preset' }));
});

describe('what LAYOUT means', () => {
  let cwd = '';
  beforeEach(() => {
    cwd = mkdtempSync(path.join(os.tmpdir(), 'nonet-presets-'));
  });
  afterEach(() => rmSync(cwd, { recursive: true }));

  test('nothing: nonet.yaml, nonet.yml, or the preset default', () => {
    expect(resolveLayoutArgument(undefined, cwd)).toEqual({ preset: 'default' });
    writeFileSync(path.join(cwd, 'nonet.yml'), '');
    expect(resolveLayoutArgument(undefined, cwd)).toEqual({ file: 'nonet.yml' });
    writeFileSync(path.join(cwd, 'nonet.yaml'), '');
    expect(resolveLayoutArgument(undefined, cwd)).toEqual({ file: 'nonet.yaml' });
  });

  test('a preset’s name, a path, or a file without an ending', () => {
    writeFileSync(path.join(cwd, 'team'), '');
    writeFileSync(path.join(cwd, 'demo'), '');
    expect(resolveLayoutArgument('demo', cwd)).toEqual({ preset: 'demo' });
    expect(resolveLayoutArgument('./demo', cwd)).toEqual({ file: './demo' });
    expect(resolveLayoutArgument('nope.yaml', cwd)).toEqual({ file: 'nope.yaml' });
    expect(resolveLayoutArgument('team', cwd)).toEqual({ file: 'team' });
    expect(() => resolveLayoutArgument('tema', cwd)).toThrow('there is no preset and no file "tema"');
  });
});

test('everything the presets need ships with the package', () => {
  const manifest = JSON.parse(readFileSync(path.join(layoutsDirectory(), '../package.json'), 'utf8')) as {
    files: string[];
  };
  expect(manifest.files).toContain('layouts');
});
