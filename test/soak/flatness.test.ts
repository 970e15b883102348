import { expect, test } from 'vitest';
import { findGrowth } from './flatness.ts';
import { leastOf, type Sample } from './sampling.ts';

const MB = 1024 ** 2;
const rest: Sample = {
  hostFds: 40,
  daemonFds: 30,
  ptys: 9,
  hostThreads: 12,
  daemonThreads: 11,
  hostBytes: 100 * MB,
  daemonBytes: 60 * MB,
  zombies: 0,
  processes: 20,
};
const run = (change: (i: number) => Partial<Sample>) =>
  Array.from({ length: 12 }, (_, i) => ({ ...rest, ...change(i) }));

test('what stays, warms up or wavers is flat', () => {
  expect(findGrowth(run(() => ({})))).toEqual([]);
  expect(findGrowth(run((i) => ({ hostBytes: Math.min(60 + i * 20, 140) * MB })))).toEqual([]);
  expect(findGrowth(run((i) => ({ daemonFds: 30 + (i % 3), hostBytes: (100 + (i % 2) * 30) * MB })))).toEqual([]);
});

test('a descriptor, a thread, a process or five megabytes at each rest are growth', () => {
  for (const [measure, step] of [
    ['hostFds', 1],
    ['daemonFds', 1],
    ['ptys', 1],
    ['daemonThreads', 1],
    ['processes', 1],
    ['hostBytes', 5 * MB],
    ['daemonBytes', 5 * MB],
  ] as const) {
    expect(findGrowth(run((i) => ({ [measure]: rest[measure] + i * step })))).toEqual([
      expect.stringContaining(`${measure} has grown by`),
    ]);
  }
});

test('one zombie that stays is too many, one that passes by is not', () => {
  expect(findGrowth(run((i) => ({ zombies: i > 8 ? 1 : 0 })))).toEqual([expect.stringContaining('zombies are left')]);
  expect(leastOf([{ ...rest, zombies: 1 }, rest, { ...rest, hostFds: 39 }])).toEqual({ ...rest, hostFds: 39 });
});
