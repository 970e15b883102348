import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { loadLayout } from '../../src/config/load-layout.ts';
import { restoreEdits } from '../../src/config/restore-edits.ts';
import { readSessionFile, type SavedSessionFile, writeSessionFile } from '../../src/config/session-file.ts';
import { arrangedGrid } from '../../src/core/arrangement.ts';
import type { Layout } from '../../src/core/layout.ts';

const ENV = { HOME: '/home/me', PATH: '/bin' };
const FILE = `env: {A: b}
grid: 2x2
panes: [{name: a, command: x}, {name: b, command: x, depends_on: [a]}, {name: c, command: x}]
`;

function load(text = FILE): Layout {
  const loaded = loadLayout({ source: { file: '/srv/team.yaml' }, text, env: ENV, cwd: '/' });
  if (!loaded.ok) throw new Error(loaded.problems[0]?.message);
  return loaded.layout;
}

function saved(names: string[], edits: SavedSessionFile['edits']): SavedSessionFile {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'nr-'));
  onTestFinished(() => fs.rmSync(directory, { recursive: true }));
  const rest = { wanted: 'up', state: 'running', restarts: 0, command: 'x' } as const;
  writeSessionFile(directory, {
    version: 1,
    session: 'team',
    savedAt: 1,
    closed: false,
    layout: { file: '/srv/team.yaml', preset: null },
    profile: null,
    cwd: '/',
    scaled: {},
    panes: names.map((name) => ({ name, ...rest })),
    ...(edits ? { edits } : {}),
  });
  return readSessionFile(directory)!;
}

const names = ({ panes }: Layout) => panes.map(({ name }) => name);

test('a session that nobody has rearranged comes back as its file says', () => {
  const layout = load();
  expect(restoreEdits(layout, saved(['c', 'a'], undefined), { env: ENV })).toBe(layout);
});

test('order, grid, panes added and closed come back as they were', () => {
  const grid = { ...arrangedGrid('main-left', 3), colShares: [71, 30] };
  const added = [{ name: 'tail-2', command: 'tail -f x | cat', cwd: '/tmp' }];
  const back = restoreEdits(load(), saved(['c', 'tail-2', 'b'], { grid, added, closed: ['a'] }), { env: ENV });
  expect(names(back)).toEqual(['c', 'tail-2', 'b']);
  expect(back.grid).toEqual(grid);
  expect(back.panes[1]).toMatchObject({ argv: ['/bin/sh', '-c', 'tail -f x | cat'], cwd: '/tmp' });
  expect(back.panes[2]!.dependsOn).toEqual([]);
  expect(back.edits).toMatchObject({ added: ['tail-2'], closed: ['a'] });
});

test('panes that are new in the file stand last, and those that are gone from it do not come back', () => {
  const edits = { grid: arrangedGrid('rows', 3), added: [], closed: ['gone'] };
  const back = restoreEdits(
    load(FILE.replace('name: a,', 'name: new,').replace(', depends_on: [a]', '')),
    saved(['c', 'b', 'a'], edits),
    { env: ENV },
  );
  expect(names(back)).toEqual(['c', 'b', 'new']);
});
