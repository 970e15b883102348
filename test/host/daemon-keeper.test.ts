import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createDaemonKeeper } from '../../src/host/daemon-keeper.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

function createKeeper() {
  const starts: number[] = [];
  const keeper = createDaemonKeeper({
    execPath: process.execPath,
    entry: import.meta.filename,
    session: 'test',
    report: () => {},
    start() {
      starts.push(performance.now());
      return new EventEmitter();
    },
  });
  return { keeper, starts };
}

test('a daemon that had come is replaced within two seconds, however often it is lost', () => {
  const { keeper, starts } = createKeeper();
  const waits: number[] = [];
  for (let round = 1; round <= 8; round++) {
    keeper.connected();
    const lostAt = performance.now();
    keeper.lost(false);
    vi.advanceTimersByTime(2_000);
    expect(starts).toHaveLength(round);
    waits.push(starts.at(-1)! - lostAt);
  }
  expect(waits).toEqual([100, 200, 400, 800, 1600, 2000, 2000, 2000]);
  keeper.connected();
  vi.advanceTimersByTime(20_000);
  keeper.lost(false);
  vi.advanceTimersByTime(100);
  expect(starts).toHaveLength(9);
});

test('a daemon that does not come is started again, ever more rarely, until one is there', () => {
  const { keeper, starts } = createKeeper();
  keeper.lost(false);
  vi.advanceTimersByTime(100 + 2_000 + 4_000 + 8_000 + 16_000 + 30_000 + 30_000);
  expect(starts.slice(1).map((at, i) => at - starts[i]!)).toEqual([2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  keeper.connected();
  vi.advanceTimersByTime(120_000);
  expect(starts).toHaveLength(7);
});

test('while someone else says to be the daemon, one is started to see whether that is so, and no more', () => {
  const { keeper, starts } = createKeeper();
  keeper.connected();
  keeper.lost(true);
  vi.advanceTimersByTime(120_000);
  expect(starts).toHaveLength(1);
});
