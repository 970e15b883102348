import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createCronTimer } from '../../src/supervisor/cron-timer.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A machine whose clock can be set, and that can sleep: timers stand still then, the clock on the wall does not. */
function createMachine(everyMs: number, startMs = 10 * MINUTE) {
  let offsetMs = startMs - Date.now();
  const wallMs = () => Date.now() + offsetMs;
  const due: number[] = [];
  const missed: number[] = [];
  const timer = createCronTimer({
    nextAfter: (afterMs) => (Math.floor(afterMs / everyMs) + 1) * everyMs,
    wallMs,
    onDue: () => due.push(wallMs()),
    onMissed: (dueMs) => missed.push(dueMs),
  });
  return {
    timer,
    due,
    missed,
    pass: (ms: number) => vi.advanceTimersByTime(ms),
    setClock(byMs: number) {
      offsetMs += byMs;
    },
  };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a schedule', () => {
  it('comes due at each of its times, once', () => {
    const { due, pass, timer } = createMachine(HOUR);
    pass(50 * MINUTE - 1);
    expect(due).toEqual([]);
    pass(1);
    expect(due).toEqual([HOUR]);
    pass(2 * HOUR);
    expect(due).toEqual([HOUR, 2 * HOUR, 3 * HOUR]);
    timer.dispose();
    pass(10 * HOUR);
    expect(due).toHaveLength(3);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('follows a clock that is set forward, within a minute', () => {
    const { due, pass, setClock } = createMachine(HOUR);
    setClock(49 * MINUTE);
    pass(MINUTE);
    expect(due).toEqual([HOUR]);
  });

  it('leaves out what the machine slept over, says so, and goes on', () => {
    const { due, missed, pass, setClock } = createMachine(HOUR);
    pass(MINUTE);
    setClock(5 * HOUR + 20 * MINUTE);
    pass(MINUTE);
    expect({ due, missed }).toEqual({ due: [], missed: [HOUR] });
    pass(40 * MINUTE);
    expect(due).toEqual([6 * HOUR]);
  });

  it('is not repeated by a clock that is set back a little', () => {
    const { due, pass, setClock } = createMachine(HOUR);
    pass(50 * MINUTE);
    expect(due).toEqual([HOUR]);
    setClock(-30 * MINUTE);
    pass(45 * MINUTE);
    expect(due).toEqual([HOUR]);
    pass(45 * MINUTE);
    expect(due).toEqual([HOUR, 2 * HOUR]);
  });

  it('follows a clock that was wrong by far and has been set right', () => {
    const { due, pass, setClock } = createMachine(HOUR, 1000 * HOUR + 1);
    pass(HOUR);
    expect(due).toEqual([1001 * HOUR]);
    setClock(-500 * HOUR);
    pass(HOUR + MINUTE);
    expect(due).toHaveLength(2);
  });

  it('without a next time does nothing', () => {
    const timer = createCronTimer({
      nextAfter: () => null,
      wallMs: Date.now,
      onDue: () => expect.fail(),
      onMissed: () => expect.fail(),
    });
    expect(vi.getTimerCount()).toBe(0);
    timer.dispose();
  });
});
