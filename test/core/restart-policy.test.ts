import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BackoffSettings, RestartSettings } from '../../src/core/layout.ts';
import {
  backoffDelayMs,
  describeExit,
  describePolicy,
  isFailure,
  judgeRunEnd,
  type RunEnd,
  restartsInWindow,
} from '../../src/core/restart-policy.ts';
import type { Exit } from '../../src/core/session.ts';

const backoff: BackoffSettings = { initialMs: 1000, factor: 2, maxMs: 60_000, jitter: 0.2, resetAfterMs: 60_000 };
const settings: RestartSettings = {
  policy: 'on-failure',
  maxRestarts: 5,
  windowMs: 600_000,
  minUptimeMs: 5000,
  successExitCodes: [0],
  stopExitCodes: [],
  delayMs: null,
  backoff,
};
const middle = { nowMs: 1_000_000, random: 0.5 };
const fresh = { attempt: 0, recentRestarts: [] };

function ended(exit: Exit, uptimeMs = 10_000, readyMs = uptimeMs): RunEnd {
  return { exit, uptimeMs, readyMs, reason: describeExit(exit) };
}
const crash = ended({ code: 3, signal: null });

describe('the delay before a restart', () => {
  it.each([
    [0, 1000],
    [1, 2000],
    [2, 4000],
    [5, 32_000],
    [6, 60_000],
    [50, 60_000],
    [100_000, 60_000],
  ])('after %i failures is %i ms', (attempt, delayMs) => {
    expect(backoffDelayMs({ ...backoff, jitter: 0 }, attempt, 0.5)).toBe(delayMs);
  });

  it('is spread by the jitter to both sides', () => {
    expect(backoffDelayMs(backoff, 0, 0)).toBe(800);
    expect(backoffDelayMs(backoff, 0, 0.999999)).toBe(1200);
  });

  it('is spread below the maximum where it has grown to it', () => {
    expect(backoffDelayMs(backoff, 50, 0)).toBe(48_000);
    expect(backoffDelayMs(backoff, 50, 0.5)).toBe(54_000);
    expect(backoffDelayMs(backoff, 50, 0.999999)).toBe(60_000);
  });

  it('is never negative, not a number or above the maximum', () => {
    fc.assert(
      fc.property(
        fc.record({
          initialMs: fc.integer({ min: 0, max: 1e6 }),
          factor: fc.double({ min: 1, max: 10, noNaN: true }),
          maxMs: fc.integer({ min: 0, max: 1e9 }),
          jitter: fc.double({ min: 0, max: 1, noNaN: true }),
          resetAfterMs: fc.constant(0),
        }),
        fc.nat(1e6),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (some, attempt, random) => {
          const delayMs = backoffDelayMs(some, attempt, random);
          expect(delayMs).toBeGreaterThanOrEqual(0);
          expect(delayMs).toBeLessThanOrEqual(some.maxMs);
        },
      ),
    );
  });
});

describe('the end of a run', () => {
  it.each<[string, Exit, number[], boolean]>([
    ['code 0', { code: 0, signal: null }, [0], false],
    ['a code', { code: 1, signal: null }, [0], true],
    ['a code that counts as success', { code: 3, signal: null }, [0, 3], false],
    ['code 0 where only 3 is success', { code: 0, signal: null }, [3], true],
    ['a signal', { code: null, signal: 'SIGKILL' }, [0], true],
    ['a signal with a code of 0', { code: 0, signal: 'SIGTERM' }, [0], true],
  ])('with %s is a failure or not', (_what, exit, success, failure) => {
    expect(isFailure(exit, success)).toBe(failure);
  });

  it('is told in plain words', () => {
    expect(describeExit({ code: 3, signal: null })).toBe('exited with code 3');
    expect(describeExit({ code: null, signal: 'SIGKILL' })).toBe('killed by SIGKILL');
  });

  it.each<[RestartSettings['policy'], string, RunEnd, string]>([
    ['no', 'a clean exit', ended({ code: 0, signal: null }), 'exited'],
    ['no', 'a crash', crash, 'exited'],
    ['on-failure', 'a clean exit', ended({ code: 0, signal: null }), 'exited'],
    ['on-failure', 'an early clean exit', ended({ code: 0, signal: null }, 10), 'exited'],
    ['on-failure', 'a crash', crash, 'backoff'],
    ['on-failure', 'a signal', ended({ code: null, signal: 'SIGSEGV' }), 'backoff'],
    ['on-failure', 'the loss of the host', { exit: null, uptimeMs: null, readyMs: null, reason: 'lost' }, 'backoff'],
    ['always', 'a clean exit', ended({ code: 0, signal: null }), 'backoff'],
    ['always', 'a crash', crash, 'backoff'],
  ])('with policy %s and %s leads on', (policy, _what, end, next) => {
    expect(judgeRunEnd(end, fresh, { ...settings, policy }, middle).next).toBe(next);
  });

  it.each<[number, string]>([
    [126, 'exited with code 126: command found but not executable'],
    [127, 'exited with code 127: command not found'],
  ])('with code %i at once is fatal with its cause, whatever the policy', (code, reason) => {
    for (const policy of ['no', 'on-failure', 'always'] as const) {
      const verdict = judgeRunEnd(ended({ code, signal: null }, 20), fresh, { ...settings, policy }, middle);
      expect(verdict).toEqual({ next: 'fatal', reason });
    }
  });

  it('with code 127 after a while is a failure like any other: a shell says so of the last thing typed into it', () => {
    expect(judgeRunEnd(ended({ code: 127, signal: null }, 60_000), fresh, settings, middle).next).toBe('backoff');
  });

  it('with code 127 is no failure where that is a success', () => {
    const odd = { ...settings, successExitCodes: [127] };
    expect(judgeRunEnd(ended({ code: 127, signal: null }, 20), fresh, odd, middle).next).toBe('exited');
  });

  it('says how soon it was, if it was too soon', () => {
    expect(judgeRunEnd(ended({ code: 3, signal: null }, 249), fresh, settings, middle).reason).toBe(
      'exited with code 3 after 0.2 s',
    );
    expect(judgeRunEnd(ended({ code: 3, signal: null }, 5000), fresh, settings, middle).reason).toBe(
      'exited with code 3',
    );
  });
});

describe('failures in a row', () => {
  it('make the delay grow', () => {
    let memory = fresh as { attempt: number; recentRestarts: number[] };
    const delays: number[] = [];
    for (let i = 0; i < 4; i++) {
      const verdict = judgeRunEnd(crash, memory, settings, middle);
      if (verdict.next !== 'backoff') throw new Error(verdict.next);
      delays.push(verdict.delayMs);
      memory = verdict.memory;
    }
    expect(delays).toEqual([1000, 2000, 4000, 8000]);
  });

  it('are forgotten after a long enough run', () => {
    const memory = { attempt: 4, recentRestarts: [] };
    const delayAfter = (uptimeMs: number) => {
      const verdict = judgeRunEnd(ended({ code: 3, signal: null }, uptimeMs), memory, settings, middle);
      return verdict.next === 'backoff' ? [verdict.delayMs, verdict.memory.attempt] : verdict.next;
    };
    expect(delayAfter(59_999)).toEqual([16_000, 5]);
    expect(delayAfter(60_000)).toEqual([1000, 1]);
  });

  it('do not include runs that ended well, unless they ended at once', () => {
    const always = { ...settings, policy: 'always' as const };
    const outcomeOf = (uptimeMs: number) => {
      const verdict = judgeRunEnd(
        ended({ code: 0, signal: null }, uptimeMs),
        { attempt: 2, recentRestarts: [] },
        always,
        middle,
      );
      return verdict.next === 'backoff' ? [verdict.delayMs, verdict.memory.attempt] : verdict.next;
    };
    expect(outcomeOf(5000)).toEqual([1000, 0]);
    expect(outcomeOf(100)).toEqual([4000, 3]);
  });
});

describe('the window', () => {
  const recent = [400_001, 500_000, 600_000, 700_000, 800_000];

  it('holds what is younger than it', () => {
    expect(restartsInWindow([1, 2, 3], 11, 10)).toEqual([2, 3]);
  });

  it('with as many restarts as are allowed makes the next failure fatal', () => {
    expect(judgeRunEnd(crash, { attempt: 5, recentRestarts: recent }, settings, middle)).toEqual({
      next: 'fatal',
      reason: 'restarted 5 times in 10 min: gave up (exited with code 3)',
    });
  });

  it('lets a pane go on that crashes more rarely, for ever', () => {
    const verdict = judgeRunEnd(crash, { attempt: 5, recentRestarts: [400_000, ...recent.slice(1)] }, settings, middle);
    expect(verdict).toMatchObject({ next: 'backoff', memory: { recentRestarts: recent.slice(1) } });
  });

  it('counts every restart, however long the run before it was', () => {
    const long = ended({ code: 3, signal: null }, 500_000);
    expect(judgeRunEnd(long, { attempt: 0, recentRestarts: recent }, settings, middle).next).toBe('fatal');
  });

  it('of no restarts allows none', () => {
    expect(judgeRunEnd(crash, fresh, { ...settings, maxRestarts: 0 }, middle).next).toBe('fatal');
  });
});

it('a policy is told in one line', () => {
  expect(describePolicy(settings)).toBe('on-failure, at most 5 in 10 min');
  expect(describePolicy({ ...settings, policy: 'no' })).toBe('no');
  expect(describePolicy({ ...settings, policy: 'always', maxRestarts: 2, windowMs: 45_000 })).toBe(
    'always, at most 2 in 45 s',
  );
});

describe('codes and delays of a layout’s own', () => {
  const always = { ...settings, policy: 'always' as const, stopExitCodes: [0, 7, 127] };

  it.each([0, 7, 127])('code %i, which is to be the end, is, whatever the policy', (value) => {
    const verdict = judgeRunEnd(ended({ code: value, signal: null }, 20), fresh, always, middle);
    expect(verdict).toMatchObject({ next: 'exited', reason: expect.stringContaining('is not restarted') });
  });

  it('a death by signal is never such a code', () => {
    const killed = ended({ code: 0, signal: 'SIGKILL' });
    expect(judgeRunEnd(killed, fresh, always, middle).next).toBe('backoff');
  });

  it('a fixed delay takes the place of the backoff, without growth and jitter', () => {
    for (const attempt of [0, 3, 50]) {
      const verdict = judgeRunEnd(
        crash,
        { ...fresh, attempt },
        { ...settings, delayMs: 7000 },
        { ...middle, random: 0 },
      );
      expect(verdict).toMatchObject({ next: 'backoff', delayMs: 7000 });
    }
  });

  it('only the time in which it was ready counts as uptime', () => {
    const late = ended({ code: 3, signal: null }, 100_000, 1_000);
    expect(judgeRunEnd(late, { ...fresh, attempt: 2 }, settings, middle)).toMatchObject({ delayMs: 4000 });
    const good = ended({ code: 3, signal: null }, 100_000, 70_000);
    expect(judgeRunEnd(good, { ...fresh, attempt: 2 }, settings, middle)).toMatchObject({ delayMs: 1000 });
  });

  it('a crash every quarter of an hour is restarted for ever, always after the first delay', () => {
    let memory: { attempt: number; recentRestarts: number[] } = fresh;
    for (let nowMs = 0; nowMs < 1000 * 900_000; nowMs += 900_000) {
      const verdict = judgeRunEnd(ended({ code: 3, signal: null }, 890_000), memory, settings, { nowMs, random: 0.5 });
      if (verdict.next !== 'backoff') expect.fail(verdict.reason);
      expect(verdict.delayMs).toBe(1000);
      memory = { ...verdict.memory, recentRestarts: [...verdict.memory.recentRestarts, nowMs] };
    }
  });
});
