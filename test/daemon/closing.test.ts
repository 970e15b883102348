import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { MAX_TIMER_MS } from '../../src/core/timer-limit.ts';
import { type ClosingDeps, createClosing } from '../../src/daemon/closing.ts';
import { daemonRequests } from '../../src/protocol/control.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A session whose end waits for the host, with one pane that counts its kills. */
function createWorld() {
  const kills: string[] = [];
  const pane = { request: (type: string) => kills.push(type) };
  const deps = {
    session: { panes: [pane], standbys: [] },
    openInTime: () => new Promise<void>(() => {}),
    flushDeposit() {},
    nowMs: () => performance.now(),
    log: { info() {} },
  } as unknown as ClosingDeps;
  return { kills, closing: createClosing(deps) };
}

test('what is left is killed when the time is over', async () => {
  const { kills, closing } = createWorld();
  void closing.down(3_000, true);
  await vi.advanceTimersByTimeAsync(2_999);
  expect(kills).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(kills).toEqual(['kill']);
});

test.each([MAX_TIMER_MS, MAX_TIMER_MS + 1, 1e15])('a grace of %d ms is not one of none', async (timeoutMs) => {
  const { kills, closing } = createWorld();
  void closing.down(timeoutMs, true);
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(kills).toEqual([]);
});

test.each([MAX_TIMER_MS + 1, Number.POSITIVE_INFINITY, Number.NaN, -1])(
  'a request to go down within %d ms is refused',
  (timeoutMs) => {
    const { params } = daemonRequests.down;
    expect(params.safeParse({ timeoutMs }).success).toBe(false);
    expect(params.safeParse({ timeoutMs: MAX_TIMER_MS }).success).toBe(true);
  },
);
