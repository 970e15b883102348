import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createOutputPacer } from '../../src/host/output-pacer.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

function stage() {
  const log = { told: true, polls: 0, next: 0 as number | null };
  const pacer = createOutputPacer();
  const pane = pacer.add({
    poll() {
      log.polls++;
      return log.next;
    },
    stop() {
      log.told = false;
    },
    start() {
      log.told = true;
    },
  });
  const chunks = (count: number, bytes: number, everyMs: number) => {
    for (let i = 0; i < count; i++) {
      pane.sawChunk(bytes);
      vi.advanceTimersByTime(everyMs);
    }
  };
  return { log, pane, chunks };
}

describe('a pane that writes small pieces all the time', () => {
  it('is looked at twenty-five times a second instead of told of', () => {
    const { log, chunks } = stage();
    log.next = 130;
    chunks(10, 130, 50);
    expect(log.told).toBe(false);
    log.polls = 0;
    vi.advanceTimersByTime(1000);
    expect(log.polls).toBe(25);
  });

  it.each([
    ['falls silent', 0],
    ['fills its buffer', 4095],
    ['is gone', null],
  ])('is told of again when it %s', (_what, next) => {
    const { log, chunks } = stage();
    chunks(10, 130, 50);
    log.next = next;
    vi.advanceTimersByTime(600);
    expect(log.told).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is told of at once when somebody types, and for a while after', () => {
    const { log, pane, chunks } = stage();
    log.next = 130;
    chunks(10, 130, 50);
    pane.wake();
    expect(log.told).toBe(true);
    chunks(30, 130, 50);
    expect(log.told).toBe(true);
    chunks(30, 130, 50);
    expect(log.told).toBe(false);
  });
});

it('a pane that writes rarely or much is always told of', () => {
  const { log, chunks } = stage();
  chunks(50, 130, 150);
  chunks(200, 4095, 1);
  expect(log.told).toBe(true);
  expect(log.polls).toBe(0);
});
