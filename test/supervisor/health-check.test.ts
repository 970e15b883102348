import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { HealthSettings } from '../../src/core/supervision.ts';
import { MAX_TIMER_MS } from '../../src/core/timer-limit.ts';
import { type Activity, watchForHang } from '../../src/supervisor/hang-watch.ts';
import { createHealthCheck } from '../../src/supervisor/health-check.ts';
import type { ProbeResult } from '../../src/supervisor/probe.ts';
import { createSleepWatch } from '../../src/supervisor/sleep-watch.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const settings: HealthSettings = {
  probe: { kind: 'tcp', host: 'localhost', port: 80 },
  intervalMs: 10_000,
  timeoutMs: 1_000,
  failures: 3,
  successes: 2,
  startPeriodMs: 0,
  action: 'restart',
};

/** Time that passes as the test says: awake, asleep with the machine, or stopped. */
function createClock() {
  let monotonicMs = 1_000_000;
  let asleepMs = 0;
  return {
    nowMs: () => monotonicMs,
    uptimeSeconds: () => (monotonicMs + asleepMs) / 1000,
    async pass(ms: number) {
      for (let left = ms; left > 0; left -= 500) {
        const step = Math.min(500, left);
        monotonicMs += step;
        await vi.advanceTimersByTimeAsync(step);
      }
    },
    /** The machine sleeps: no timer runs and the monotonic clock stands still. */
    suspend(ms: number) {
      asleepMs += ms;
    },
    /** Only this process stands still: afterwards all that was due meanwhile is due at once. */
    async stop(ms: number) {
      monotonicMs += ms;
      await vi.advanceTimersByTimeAsync(ms);
    },
  };
}

function createWorld(over: Partial<HealthSettings> = {}, random = () => 0.5) {
  const clock = createClock();
  const sleep = createSleepWatch(clock);
  const unhealthy: string[] = [];
  const changes: string[] = [];
  const answers: ProbeResult[] = [];
  let looks = 0;
  let mostAtOnce = 0;
  let underWay = 0;
  let probe = async (): Promise<ProbeResult> => answers.shift() ?? { ok: true, detail: 'fine' };
  const check = createHealthCheck(
    {
      probes: {
        async run() {
          looks++;
          underWay++;
          mostAtOnce = Math.max(mostAtOnce, underWay);
          const result = await probe();
          underWay--;
          return result;
        },
      },
      sleep,
      nowMs: clock.nowMs,
      random,
    },
    {
      pane: 1,
      settings: { ...settings, ...over },
      startedAtMs: clock.nowMs(),
      onChange: () => changes.push(check.health),
      onUnhealthy: (reason) => unhealthy.push(reason),
    },
  );
  return {
    clock,
    sleep,
    check,
    unhealthy,
    changes,
    looks: () => looks,
    mostAtOnce: () => mostAtOnce,
    fail: (count: number) => {
      for (let i = 0; i < count; i++) answers.push({ ok: false, detail: `refused ${i + 1}` });
    },
    probeWith: (next: () => Promise<ProbeResult>) => {
      probe = next;
    },
  };
}

describe('a health check', () => {
  it('is unknown, then healthy with the first success', async () => {
    const { check, clock, changes } = createWorld();
    expect(check.health).toBe('unknown');
    await clock.pass(1_000);
    expect(check.health).toBe('healthy');
    await clock.pass(60_000);
    expect(changes).toEqual(['healthy']);
  });

  it('looks no more often than its interval says, however long that is', async () => {
    // The first look is at once, and every pause the longest.
    const randoms = [0];
    const { clock, looks } = createWorld({ intervalMs: MAX_TIMER_MS }, () => randoms.shift() ?? 0.99);
    await clock.pass(60_000);
    expect(looks()).toBe(1);
  });

  it('takes as many failures in a row as are set, and as many successes to come back', async () => {
    const { check, clock, unhealthy, fail, changes } = createWorld();
    await clock.pass(1_000);
    fail(2);
    await clock.pass(40_000);
    expect(check.health).toBe('healthy');
    fail(3);
    await clock.pass(25_000);
    expect(check.health).toBe('healthy');
    await clock.pass(10_000);
    expect(check.health).toBe('unhealthy');
    expect(unhealthy).toEqual(['unhealthy: 3 times in a row, the last: refused 3']);
    await clock.pass(10_000);
    expect(check.health).toBe('unhealthy');
    await clock.pass(10_000);
    expect(changes).toEqual(['healthy', 'unhealthy', 'healthy']);
  });

  it('does not count failures in the start period, but a success', async () => {
    const { check, clock, fail } = createWorld({ startPeriodMs: 60_000 });
    fail(5);
    await clock.pass(45_000);
    expect(check.health).toBe('unknown');
    await clock.pass(10_000);
    expect(check.health).toBe('healthy');
  });

  it('never has two looks under way', async () => {
    const { clock, looks, mostAtOnce, probeWith } = createWorld();
    probeWith(() => new Promise((resolve) => setTimeout(() => resolve({ ok: true, detail: '' }), 35_000)));
    await clock.pass(200_000);
    expect(looks()).toBeGreaterThan(3);
    expect(mostAtOnce()).toBe(1);
  });

  it('looks no more when it is over', async () => {
    const { check, clock, looks, unhealthy, fail } = createWorld();
    await clock.pass(1_000);
    fail(10);
    check.dispose();
    await clock.pass(100_000);
    expect(looks()).toBe(1);
    expect(unhealthy).toEqual([]);
  });
});

describe('after the machine slept', () => {
  it('a look that lasted through it does not count, and neither do the failures right after', async () => {
    const { clock, check, unhealthy, probeWith } = createWorld({ failures: 1 });
    await clock.pass(1_000);
    let answer: (result: ProbeResult) => void = () => {};
    probeWith(() => new Promise((resolve) => (answer = resolve)));
    await clock.pass(10_000);
    clock.suspend(8 * 3_600_000);
    answer({ ok: false, detail: 'timed out' });
    probeWith(async () => ({ ok: false, detail: 'the network is not back' }));
    await clock.pass(10_500);
    expect(check.health).toBe('healthy');
    // What stays away is noticed all the same.
    await clock.pass(20_000);
    expect(unhealthy).toEqual(['unhealthy: the network is not back']);
  });

  it('the same holds when somebody had stopped the daemon for a minute', async () => {
    const { clock, check, unhealthy, probeWith } = createWorld({ failures: 1 });
    await clock.pass(1_000);
    probeWith(() => new Promise((resolve) => setTimeout(() => resolve({ ok: false, detail: 'timed out' }), 1_000)));
    await clock.pass(10_000);
    await clock.stop(60_000);
    expect(check.health).toBe('healthy');
    expect(unhealthy).toEqual([]);
  });

  it('and a clock that is set a day ahead or back changes nothing', async () => {
    const { clock, check, unhealthy, sleep } = createWorld({ failures: 1 });
    await clock.pass(1_000);
    for (const days of [1, -2, 1]) {
      vi.setSystemTime(Date.now() + days * 86_400_000);
      await clock.pass(30_000);
    }
    expect(check.health).toBe('healthy');
    expect(unhealthy).toEqual([]);
    expect(sleep.wokeAtMs()).toBe(Number.NEGATIVE_INFINITY);
  });
});

describe('a hang', () => {
  function createHangWorld(afterMs = 60_000) {
    const clock = createClock();
    const sleep = createSleepWatch(clock);
    let activity: { outputAtMs: number | null; inputAtMs: number | null } = { outputAtMs: null, inputAtMs: null };
    const events: string[] = [];
    let asked = 0;
    const age = (at: number | null) => (at === null ? null : clock.nowMs() - at);
    const watch = watchForHang({
      afterMs,
      startedAtMs: clock.nowMs(),
      nowMs: clock.nowMs,
      sleep,
      async readActivity(): Promise<Activity> {
        asked++;
        return { outputAgeMs: age(activity.outputAtMs), inputAgeMs: age(activity.inputAtMs) };
      },
      onHang: (reason) => events.push(reason),
      onBack: () => events.push('back'),
    });
    return {
      clock,
      events,
      watch,
      asked: () => asked,
      draw: () => (activity = { ...activity, outputAtMs: clock.nowMs() }),
      type: () => (activity = { ...activity, inputAtMs: clock.nowMs() }),
    };
  }

  it('is neither output nor input for that long', async () => {
    const { clock, events, draw, type } = createHangWorld();
    await clock.pass(50_000);
    draw();
    await clock.pass(50_000);
    type();
    await clock.pass(59_000);
    expect(events).toEqual([]);
    await clock.pass(2_000);
    expect(events).toEqual(['hangs: no output and no input for 1 min']);
    await clock.pass(60_000);
    draw();
    await clock.pass(5_000);
    expect(events).toEqual(['hangs: no output and no input for 1 min', 'back']);
  });

  it('is asked for only when it could be: a pane that draws costs nothing', async () => {
    const { clock, draw, asked } = createHangWorld(60_000);
    for (let i = 0; i < 600; i++) {
      draw();
      await clock.pass(1_000);
    }
    expect(asked()).toBeLessThan(15);
  });

  it('is not the night in which the machine slept', async () => {
    const { clock, events } = createHangWorld();
    await clock.pass(50_000);
    clock.suspend(8 * 3_600_000);
    await clock.pass(50_000);
    expect(events).toEqual([]);
    await clock.pass(15_000);
    expect(events).toHaveLength(1);
  });
});
