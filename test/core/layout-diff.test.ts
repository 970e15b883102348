import { describe, expect, test } from 'vitest';
import { loadLayout } from '../../src/config/load-layout.ts';
import { formatProblem } from '../../src/config/problem.ts';
import type { Layout, PaneSpec } from '../../src/core/layout.ts';
import { diffLayouts, isEmptyDiff } from '../../src/core/layout-diff.ts';
import { scaleLayout } from '../../src/core/layout-scale.ts';

function load(text: string): Layout {
  const loaded = loadLayout({ source: { file: 'team.yaml' }, text, env: { HOME: '/home/ada' }, cwd: '/srv/app' });
  if (!loaded.ok) throw new Error(loaded.problems.map(formatProblem).join('\n'));
  return loaded.layout;
}

const base = 'panes:\n  - {name: a, command: a}\n  - {name: b, command: b}\n';

describe('the difference', () => {
  test('between a layout and itself is none, in whatever order its maps stand', () => {
    const one = load('panes: [{name: a, command: a, env: {X: 1, Y: 2}, stop: {signal: INT, timeout: 1s}}]');
    const other = load('panes: [{env: {Y: 2, X: 1}, stop: {timeout: 1s, signal: SIGINT}, command: a, name: a}]');
    expect(isEmptyDiff(diffLayouts(one, other))).toBe(true);
  });

  test('is panes that came, went and changed, and settings of the session', () => {
    const after = load(
      'grid: 3x3\nmouse: false\nkeys: {zoom: y}\npanes:\n  - {name: b, command: b --fast}\n  - {name: c, command: c}\n',
    );
    expect(diffLayouts(load(base), after)).toEqual({
      added: ['c'],
      removed: ['a'],
      changed: [
        {
          name: 'b',
          restart: true,
          settings: [{ setting: 'command', restart: true, before: '["b"]', after: '["b","--fast"]' }],
        },
      ],
      session: ['grid', 'keys', 'mouse'],
    });
  });

  test('of order alone is one of the session', () => {
    const after = load('panes:\n  - {name: b, command: b}\n  - {name: a, command: a}\n');
    expect(diffLayouts(load(base), after)).toEqual({ added: [], removed: [], changed: [], session: ['order'] });
  });

  test('of variables names them and keeps their values to itself', () => {
    const before = load('panes: [{name: a, command: a, env: {TOKEN: old, GONE: x, SAME: y}}]');
    const after = load('panes: [{name: a, command: a, env: {TOKEN: hunter2, SAME: y, NEW: z}}]');
    const diff = diffLayouts(before, after);
    expect(diff.changed[0]!.settings.map(({ setting }) => setting)).toEqual(['env GONE', 'env NEW', 'env TOKEN']);
    expect(JSON.stringify(diff)).not.toContain('hunter2');
  });

  const table: [line: string, setting: string, restart: boolean][] = [
    ['command: b', 'command', true],
    ['cwd: sub', 'cwd', true],
    ['env: {A: b}', 'env A', true],
    ['limits: {nice: 3}', 'limits', true],
    ['restart: always', 'restart', false],
    ['stop: {timeout: 1s}', 'stop', false],
    ['memory: {max: 1G}', 'memory', false],
    ['log: {retain: 1}', 'log', false],
    ['health: {tcp: 1}', 'health', false],
    ['ready: {tcp: 1}', 'ready', false],
    ['watch: true', 'watch', false],
    ['cron_restart: "@daily"', 'cron_restart', false],
    ['hang: 1h', 'hang', false],
    ['on_fatal: stop_dependents', 'on_fatal', false],
    ['resurrect: auto', 'resurrect', false],
    ['scrollback: 7', 'scrollback', false],
    ['autostart: false', 'autostart', false],
    ['agent: claude', 'agent', false],
    ['depends_on: [z]', 'depends_on', false],
  ];
  test.each(table)('%s is a change of %s; needs a restart: %s', (line, setting, restart) => {
    const other = '  - {name: z, command: z}\n';
    const command = line.startsWith('command') ? '' : '    command: a\n';
    const before = load(`panes:\n  - name: a\n    command: a\n${other}`);
    const after = load(`panes:\n  - name: a\n${command}    ${line}\n${other}`);
    expect(diffLayouts(before, after)).toMatchObject({
      changed: [{ name: 'a', restart, settings: [{ setting, restart }] }],
      session: [],
    });
  });

  test('knows every setting that a pane has', () => {
    const [spec] = load(base).panes as [PaneSpec];
    for (const key of Object.keys(spec) as (keyof PaneSpec)[]) {
      if (key === 'name') continue;
      const changed = { ...spec, [key]: key === 'env' ? { X: 'other' } : ['other'] } as unknown as PaneSpec;
      const layout = load(base);
      const diff = diffLayouts(layout, { ...layout, panes: [changed, layout.panes[1]!] });
      expect(diff.changed, key).toHaveLength(1);
    }
  });
});

describe('scaling', () => {
  const text = `panes:
  - {name: db, command: d}
  - {name: web, command: w, instances: 2, depends_on: [db]}
  - {name: proxy, command: p, depends_on: {web: started}}
`;

  test.each(['web', 'web-2'])('by the name %s adds panes beside those that are there', (name) => {
    const before = load(text);
    const after = scaleLayout(before, name, 3)!;
    expect(after.panes.map((spec) => [spec.name, spec.instance])).toEqual([
      ['db', null],
      ['web-1', 0],
      ['web-2', 1],
      ['web-3', 2],
      ['proxy', null],
    ]);
    expect(after.panes[4]!.dependsOn.map(({ pane }) => pane)).toEqual(['web-1', 'web-2', 'web-3']);
    expect(diffLayouts(before, after)).toMatchObject({ added: ['web-3'], removed: [], session: ['grid'] });
    expect(after).toEqual(load(text.replace('instances: 2', 'instances: 3')));
  });

  test('down takes the last ones away, and up again brings the same', () => {
    const before = load(text);
    const fewer = scaleLayout(before, 'web', 1)!;
    expect(diffLayouts(before, fewer)).toMatchObject({ added: [], removed: ['web-2'] });
    expect(fewer.panes.find(({ name }) => name === 'proxy')!.dependsOn).toEqual([
      { pane: 'web-1', condition: 'started' },
    ]);
    expect(scaleLayout(fewer, 'web', 2)).toEqual(before);
  });

  test('of a single pane makes instances of it; of no pane, nothing', () => {
    const after = scaleLayout(load(text), 'db', 2)!;
    expect(after.panes.map(({ name }) => name)).toEqual(['db-1', 'db-2', 'web-1', 'web-2', 'proxy']);
    expect(after.panes[2]!.dependsOn.map(({ pane }) => pane)).toEqual(['db-1', 'db-2']);
    expect(scaleLayout(load(text), 'wbe', 2)).toBe(null);
  });
});
