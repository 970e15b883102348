import { expect, test } from 'vitest';
import type { Layout } from '../../src/core/layout.ts';
import { addRename, renameLayout } from '../../src/core/layout-rename.ts';
import { layoutOf, sleeper } from '../daemon/daemon-session.ts';

const names = (layout: Layout): string[] => layout.panes.map(({ name }) => name);
const layout = (...panes: string[]): Layout => layoutOf(panes.map((name) => sleeper(name)));

test('a renamed pane is followed by those that need it', () => {
  const needs = { ...sleeper('b'), dependsOn: [{ pane: 'a', condition: 'started' as const }] };
  const renamed = renameLayout(layoutOf([sleeper('a'), needs]), { a: 'x' });
  expect(names(renamed)).toEqual(['x', 'b']);
  expect(renamed.panes[1]!.dependsOn).toEqual([{ pane: 'x', condition: 'started' }]);
});

test('names may be exchanged, and one that another pane has is left to it', () => {
  expect(names(renameLayout(layout('a', 'b'), { a: 'b', b: 'a' }))).toEqual(['b', 'a']);
  expect(names(renameLayout(layout('a', 'b'), { a: 'b' }))).toEqual(['a', 'b']);
  const same = layout('a');
  expect(renameLayout(same, { gone: 'x' })).toBe(same);
});

test('several renames of a pane are one, and none when it has its first name again', () => {
  const once = addRename(undefined, 'a', 'b');
  const twice = addRename(once, 'b', 'c');
  expect(twice).toEqual({ a: 'c' });
  expect(addRename(twice, 'c', 'a')).toEqual({});
});
