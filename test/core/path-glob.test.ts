import { expect, it } from 'vitest';
import { createPathMatcher } from '../../src/core/path-glob.ts';

it.each<[string, string, boolean]>([
  ['node_modules', 'node_modules', true],
  ['node_modules', 'packages/a/node_modules/x/y.js', true],
  ['node_modules', 'my_node_modules/x.js', false],
  ['*.log', 'a.log', true],
  ['*.log', 'deep/down/a.log', true],
  ['*.log', 'a.log.ts', false],
  ['dist/', 'dist/main.js', true],
  ['./dist', 'dist/main.js', true],
  ['src/*.ts', 'src/a.ts', true],
  ['src/*.ts', 'src/deep/a.ts', false],
  ['src/**/*.ts', 'src/deep/er/a.ts', true],
  ['src/**/*.ts', 'src/a.ts', true],
  ['src/**', 'src/a/b', true],
  ['a?c', 'abc', true],
  ['a?c', 'a/c', false],
  ['[a-c].ts', 'b.ts', true],
  ['[!a-c].ts', 'b.ts', false],
  ['[!a-c].ts', 'd.ts', true],
  ['*.{js,ts}', 'x.ts', true],
  ['*.{js,ts}', 'x.tsx', false],
  ['my-dir/*.ts', 'my-dir/a.ts', true],
  ['[a-c]-x', 'b-x', true],
  ['a+(b).$', 'a+(b).$', true],
  ['[z-a]', 'z', false],
])('%s and %s: %s', (glob, path, expected) => {
  expect(createPathMatcher([glob])(path)).toBe(expected);
});

it('no globs match nothing, several match what any does', () => {
  expect(createPathMatcher([])('a')).toBe(false);
  expect(createPathMatcher(['b', 'a'])('a')).toBe(true);
});
