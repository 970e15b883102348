import { expect, test } from 'vitest';
import { distinctRotatedLogs, logBaseName, rotatedLogs } from '../../src/core/log-names.ts';

test('a pane’s name becomes a file name that is no path, not hidden and not too long', () => {
  expect(logBaseName('planner')).toBe('planner');
  expect(logBaseName('Größe 2')).toBe('Größe 2');
  for (const name of [
    '../../etc/passwd',
    '..',
    '.',
    '.hidden',
    'a/b',
    'a%2Fb',
    '漢'.repeat(64),
    `${'漢'.repeat(63)}字`,
    '😀'.repeat(32),
    '👩‍👩‍👧'.repeat(8),
  ]) {
    const base = logBaseName(name);
    expect(base).not.toMatch(/\/|^\./);
    expect(Buffer.byteLength(base)).toBeLessThan(190);
  }
  const names = ['a/b', 'a%2Fb', 'a%252Fb', 'ab', '漢'.repeat(64), `${'漢'.repeat(63)}字`];
  expect(new Set(names.map(logBaseName)).size).toBe(names.length);
});

test('rotated files are those of this log alone, newest first, each once', () => {
  const names = [
    'x.log',
    'x.log.10.gz',
    'x.log.2',
    'x.log.2.gz',
    'x.log.1',
    'x.log.0',
    'x.log.1.gz.part',
    'xx.log.3',
    'x.log.3x',
  ];
  expect(rotatedLogs('x.log', names).map(({ file }) => file)).toEqual([
    'x.log.1',
    'x.log.2',
    'x.log.2.gz',
    'x.log.10.gz',
  ]);
  expect(distinctRotatedLogs('x.log', names).map(({ file }) => file)).toEqual(['x.log.1', 'x.log.2', 'x.log.10.gz']);
});
