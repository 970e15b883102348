import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RunningLayout } from '../../src/config/layout-source.ts';
import { readLayout } from '../../src/config/load-layout.ts';
import { newPaneSpec } from '../../src/config/new-pane.ts';
import { saveLayout } from '../../src/config/save-layout.ts';
import { moveBorder, trackSizes } from '../../src/core/borders.ts';
import { ARRANGEMENTS, type Layout } from '../../src/core/layout.ts';
import { addPane, arrange, closePane, equalize, resize, swapPanes } from '../../src/core/layout-edits.ts';
import { scaleLayout } from '../../src/core/layout-scale.ts';

let directory = '';
const ENV = { HOME: '/home/me', SHELL: '/bin/bash', TOKEN: 'top-secret' };
const SCREEN = { cols: 200, rows: 60 };

beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'nl-'));
});
afterEach(() => fs.rmSync(directory, { recursive: true, force: true }));

const TEAM = `# our team
version: 1
grid: 2x2   # two by two
env: {TOKEN: "\${TOKEN}", FORCE_COLOR: 1}
defaults:
  cwd: work
  restart: {policy: always, max_restarts: 7}
  hang: 10m
panes:
  # plans
  - name: planner
    command: claude --model opus
    env_file: .env
  - command: codex
    watch: src
  - name: worker
    instances: 3
    command: [sh, -c, 'echo "$\${HOME}"; sleep 9']
    health: {tcp: "[::1]:80", action: restart}
    depends_on: [planner]
  - name: log
    shell: npm run dev | tee log
    depends_on: {worker: ready, planner: started}
    memory: {warn: 500M, max: 1G, action: restart}
profiles:
  production:
    panes: {planner: {scrollback: 5}, worker: {env: {A: b}}}
keys: {zoom: [z, f5]}
`;

function read(file: string, profile: string | null = null): Layout {
  const loaded = readLayout({ source: { file }, env: ENV, cwd: directory, profile });
  if (!loaded.ok) throw new Error(loaded.problems.map(({ line, message }) => `${line}: ${message}`).join('\n'));
  return loaded.layout;
}

function write(name: string, text: string): string {
  const file = path.join(directory, name);
  fs.writeFileSync(file, text);
  return file;
}

function running(layout: Layout, profile: string | null = null): RunningLayout {
  return { layout, origin: { preset: null, profile, cwd: directory }, env: ENV };
}

function team(): Layout {
  write('.env', 'SECRET=hidden\n');
  return read(write('team.yaml', TEAM));
}

/** Saves and reads again. */
function again(layout: Layout, name = 'saved.yaml'): { layout: Layout; text: string; notes: string[] } {
  const file = path.join(directory, name);
  const { notes } = saveLayout(running(layout), { file, overwrite: true });
  return { layout: read(file), text: fs.readFileSync(file, 'utf8'), notes };
}

/** All that a session is made of. */
function essence({ panes, grid, keys, mouse }: Layout): unknown {
  return { panes: panes.map(({ command: _command, ...spec }) => spec), grid, keys, mouse };
}

function byName(layout: Layout, name: string): string {
  const spec = layout.panes.find((pane) => pane.name === name);
  if (!spec) throw new Error(`no ${name} among ${layout.panes.map((pane) => pane.name)}`);
  return spec.name;
}

describe('a saved layout', () => {
  test('is the session’s own file with what has changed: comments, variables and profiles stay', () => {
    const before = team();
    const changed = closePane(swapPanes(arrange(before, 'main-left'), 'planner', 'codex'), 'log');
    const { layout, text, notes } = again(changed);
    expect(essence(layout)).toEqual(essence(changed));
    expect(text).toContain('# our team');
    expect(text).toMatch(/TOKEN: "\$\{TOKEN\}"/);
    expect(text).toContain('env_file: .env');
    expect(text).toContain('grid: main-left');
    expect(text).not.toMatch(/top-secret|hidden|npm run dev/);
    expect(layout.panes.map(({ name }) => name)).toEqual(['codex', 'planner', 'worker-1', 'worker-2', 'worker-3']);
    expect(notes).toEqual([]);
    expect(read(path.join(directory, 'saved.yaml'), 'production').panes[1]!.scrollback).toBe(5);
  });

  test('has borders where they were moved', () => {
    const before = team();
    const grid = moveBorder(before.grid, { axis: 'columns', index: 1 }, 23, SCREEN);
    const shares = { rows: trackSizes(grid, 'rows', SCREEN), columns: trackSizes(grid, 'columns', SCREEN) };
    const changed = resize(before, shares)!;
    const { layout, text } = again(changed);
    expect(trackSizes(layout.grid, 'columns', SCREEN)).toEqual([123, 76]);
    expect(text).toContain('columns: [123, 76]');
  });

  test('has a pane that was added, with the layout’s defaults and environment', () => {
    const before = team();
    const spec = newPaneSpec(running(before), { command: 'tail -f "$HOME/x"', cwd: directory });
    expect(spec).toMatchObject({
      name: 'tail',
      argv: ['/bin/sh', '-c', 'tail -f "$HOME/x"'],
      env: { TOKEN: 'top-secret', FORCE_COLOR: '1' },
      restart: { policy: 'always', maxRestarts: 7 },
      cwd: directory,
    });
    const shell = newPaneSpec(running(before), { command: ' ', cwd: directory });
    expect(shell).toMatchObject({ name: 'bash', argv: ['/bin/bash', '-l'] });
    const changed = addPane(addPane(before, spec), shell);
    const { layout, text } = again(changed);
    expect(essence(layout)).toEqual(essence(changed));
    expect(text).not.toContain('top-secret');
    expect(text).toContain('shell: tail -f "$HOME/x"');
  });

  test('has more or fewer instances, and single panes where they are not in their order any more', () => {
    const more = scaleLayout(team(), 'worker', 5)!;
    expect(again(more).text).toContain('instances: 5');
    expect(essence(again(more).layout)).toEqual(essence(more));
    const mixed = swapPanes(more, 'worker-2', 'planner');
    const { layout } = again(mixed);
    expect(layout.panes.map(({ name }) => name)).toEqual(mixed.panes.map(({ name }) => name));
    expect(layout.panes[0]).toMatchObject({ name: 'worker-2', env: { NONET_INSTANCE: '1' } });
  });

  test('in another directory has absolute paths', () => {
    const before = team();
    fs.mkdirSync(path.join(directory, 'else'));
    const { layout, text, notes } = again(arrange(before, 'rows'), 'else/saved.yaml');
    expect(layout.panes.map(({ cwd }) => cwd)).toEqual(before.panes.map(({ cwd }) => cwd));
    expect(layout.panes[0]!.env['SECRET']).toBe('hidden');
    expect(text).toContain(`env_file: ${directory}/.env`);
    expect(notes).toEqual(['its paths are absolute now']);
  });

  test('says everything when its own file is gone, for the owner’s eyes only', () => {
    const before = team();
    fs.rmSync(path.join(directory, 'team.yaml'));
    const { layout, text, notes } = again(before);
    expect({ ...(essence(layout) as object), panes: layout.panes.map(({ name }) => name) }).toEqual({
      ...(essence(before) as object),
      panes: before.panes.map(({ name }) => name),
    });
    expect(layout.panes[4]).toMatchObject({
      env: { TOKEN: 'top-secret', NONET_INSTANCE: '2' },
      hang: { afterMs: 600_000 },
    });
    expect(layout.panes[5]).toMatchObject({ memory: { maxBytes: 1024 ** 3 }, command: 'npm run dev | tee log' });
    expect(text).toContain('top-secret');
    expect(notes.join()).toMatch(/secret/);
    expect(fs.statSync(path.join(directory, 'saved.yaml')).mode & 0o777).toBe(0o600);
  });

  test('says so when its own file says something else now, and still brings up what there is', () => {
    const before = team();
    write(
      'team.yaml',
      TEAM.replace('claude --model opus', 'claude --model haiku').replace('codex', 'codex --full-auto'),
    );
    const { layout, notes } = again(before);
    expect(layout.panes.map(({ argv }) => argv)).toEqual(before.panes.map(({ argv }) => argv));
    expect(notes).toEqual(['not as in its own file: planner, codex']);
  });

  test('is never written over another file unless that is said, which then is kept', () => {
    const layout = team();
    const file = write('there.yaml', 'mine');
    expect(saveLayout(running(layout), { file, overwrite: false })).toEqual({ status: 'exists', file, notes: [] });
    expect(fs.readFileSync(file, 'utf8')).toBe('mine');
    expect(saveLayout(running(layout), { file, overwrite: true }).status).toBe('written');
    expect(fs.readFileSync(`${file}.bak`, 'utf8')).toBe('mine');
    expect(() =>
      saveLayout(running(layout), { file: path.join(directory, 'no/where.yaml'), overwrite: false }),
    ).toThrow('there is no directory');
  });

  test('of a preset brings up the same panes, whatever was done', () => {
    for (const preset of ['default', 'demo', 'main']) {
      const loaded = readLayout({ source: { preset }, env: ENV, cwd: directory });
      if (!loaded.ok) throw new Error(preset);
      const changed = arrange(closePane(loaded.layout, loaded.layout.panes[4]!.name), 'main-top');
      const file = path.join(directory, `${preset}.yaml`);
      saveLayout(
        { ...running(changed), origin: { preset, profile: null, cwd: directory } },
        { file, overwrite: false },
      );
      expect(essence(read(file))).toEqual(essence(changed));
    }
  });

  test('brings up the same after any changes', () => {
    const change = fc.oneof(
      fc.record({ do: fc.constant('swap' as const), one: fc.nat(20), other: fc.nat(20) }),
      fc.record({ do: fc.constant('close' as const), one: fc.nat(20) }),
      fc.record({
        do: fc.constant('add' as const),
        command: fc.constantFrom('', 'sleep 5', 'a | b', `echo '$\{X}'`, 'x=1 y'),
      }),
      fc.record({ do: fc.constant('arrange' as const), name: fc.constantFrom(null, ...ARRANGEMENTS) }),
      fc.record({ do: fc.constant('move' as const), index: fc.nat(3), by: fc.integer({ min: -40, max: 40 }) }),
      fc.record({ do: fc.constant('equal' as const) }),
      fc.record({ do: fc.constant('scale' as const), count: fc.integer({ min: 1, max: 5 }) }),
    );
    fc.assert(
      fc.property(fc.array(change, { maxLength: 8 }), fc.boolean(), (changes, hasSource) => {
        let layout = team();
        for (const step of changes) {
          const names = layout.panes.map(({ name }) => name);
          const at = (index: number): string => names[index % names.length]!;
          if (step.do === 'swap') layout = swapPanes(layout, at(step.one), at(step.other));
          else if (step.do === 'close' && names.length > 1) layout = closePane(layout, at(step.one));
          else if (step.do === 'add')
            layout = addPane(layout, newPaneSpec(running(layout), { command: step.command, cwd: directory }));
          else if (step.do === 'arrange') layout = arrange(layout, step.name);
          else if (step.do === 'equal') layout = equalize(layout);
          else if (step.do === 'scale') layout = scaleLayout(layout, 'worker', step.count) ?? layout;
          else if (step.do === 'move') {
            const grid = moveBorder(layout.grid, { axis: 'columns', index: step.index }, step.by, SCREEN);
            layout = resize(layout, {
              rows: trackSizes(grid, 'rows', SCREEN),
              columns: trackSizes(grid, 'columns', SCREEN),
            })!;
          }
        }
        if (!hasSource) fs.rmSync(path.join(directory, 'team.yaml'));
        const saved = again(layout).layout;
        expect(saved.panes.map(({ name, argv, cwd }) => ({ name, argv, cwd }))).toEqual(
          layout.panes.map(({ name, argv, cwd }) => ({ name, argv, cwd })),
        );
        expect(trackSizes(saved.grid, 'columns', SCREEN)).toEqual(trackSizes(layout.grid, 'columns', SCREEN));
        expect(saved.grid.areas.slice(0, layout.panes.length)).toEqual(layout.grid.areas.slice(0, layout.panes.length));
        for (const name of saved.panes.map((spec) => spec.name)) byName(layout, name);
      }),
      { numRuns: 40 },
    );
  });
});
