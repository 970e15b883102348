import { describe, expect, it } from 'vitest';
import { createUsageHistory } from '../../src/supervisor/usage-history.ts';

const MB = 1024 ** 2;

function createWorld() {
  // The beginning of an hour.
  let nowMs = 3_600_000;
  const history = createUsageHistory(() => nowMs);
  return {
    history,
    skip(seconds: number) {
      nowMs += seconds * 1_000;
    },
    use(seconds: number, cpuPercent: number, rssBytes: number) {
      for (let i = 0; i < seconds; i++) {
        history.add({ cpuPercent, rssBytes, readBytes: 10, writtenBytes: 20 });
        nowMs += 1_000;
      }
    },
  };
}

describe('what a pane used', () => {
  it('is kept for five minutes second by second, with gaps where nothing ran', () => {
    const { history, use, skip } = createWorld();
    use(3, 10, 100);
    skip(2);
    use(2, 20, 200);
    const { stepMs, cpuPercent, rssBytes, readBytes, writtenBytes } = history.read('5m', 9);
    expect(stepMs).toBe(1_000);
    // The second that has just begun has no sample yet.
    expect(cpuPercent).toEqual([null, 10, 10, 10, null, null, 20, 20, null]);
    expect(rssBytes).toEqual([null, 100, 100, 100, null, null, 200, 200, null]);
    expect([readBytes[1], writtenBytes[1]]).toEqual([10, 20]);
    use(400, 30, 300);
    expect(new Set(history.read('5m', 1440).cpuPercent.slice(0, -1))).toEqual(new Set([30]));
    expect(history.read('5m', 1440).cpuPercent).toHaveLength(300);
  });

  it('is kept for longer in longer steps: the mean of CPU, the least of memory', () => {
    const { history, use } = createWorld();
    use(5, 0, 300);
    use(5, 100, 500);
    use(50, 50, 200);
    expect(history.read('1h', 7).cpuPercent).toEqual([50, 50, 50, 50, 50, 50, null]);
    expect(history.read('1h', 7).rssBytes).toEqual([300, 200, 200, 200, 200, 200, null]);
    expect(history.read('24h', 2).rssBytes).toEqual([200, null]);
  });

  it('gives the least of each full minute of this run', () => {
    const { history, use, skip } = createWorld();
    use(120, 0, 900 * MB);
    history.restart();
    expect(history.minuteMinima()).toEqual([]);
    use(60, 0, 500 * MB);
    use(30, 0, 110 * MB);
    use(30, 0, 100 * MB);
    use(60, 0, 120 * MB);
    use(20, 0, 5 * MB);
    expect(history.minuteMinima()).toEqual([100 * MB, 120 * MB]);
    skip(160);
    use(60, 0, 130 * MB);
    use(60, 0, 140 * MB);
    expect(history.minuteMinima().at(-1)).toBe(140 * MB);
    expect(history.minuteMinima()).not.toContain(100 * MB);
  });
});
