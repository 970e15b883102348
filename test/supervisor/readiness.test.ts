import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Probe } from '../../src/core/supervision.ts';
import type { ProbeResult } from '../../src/supervisor/probe.ts';
import { watchReadiness } from '../../src/supervisor/readiness.ts';

const tcp: Probe = { kind: 'tcp', host: '127.0.0.1', port: 1 };
const refused: ProbeResult = { ok: false, detail: 'connection refused' };

/** A program whose looks are answered by `answer`; a look that gets null stays open. */
function watch(answer: (look: number) => ProbeResult | null, over: { probe?: Probe; sinceStartMs?: number } = {}) {
  const looks: { timeoutMs: number; signal: AbortSignal }[] = [];
  const heard: string[] = [];
  const readiness = watchReadiness(
    {
      run(_probe, { timeoutMs, signal }) {
        looks.push({ timeoutMs, signal });
        const result = answer(looks.length);
        return result ? Promise.resolve(result) : new Promise(() => {});
      },
    },
    {
      pane: 1,
      ready: { probe: over.probe ?? tcp, timeoutMs: 30_000 },
      sinceStartMs: over.sinceStartMs ?? 0,
      onReady: () => heard.push('ready'),
      onTimeout: (reason) => heard.push(reason),
    },
  );
  return { looks, heard, readiness };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('looks again and again until the program is ready, and then no more', async () => {
  const { looks, heard } = watch((look) => (look < 4 ? refused : { ok: true, detail: '' }));
  await vi.advanceTimersByTimeAsync(700);
  expect(heard).toEqual([]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(heard).toEqual(['ready']);
  expect(looks).toHaveLength(4);
  expect(vi.getTimerCount()).toBe(0);
});

it('says what the last look found when the time is over', async () => {
  const { heard } = watch(() => refused);
  await vi.advanceTimersByTimeAsync(29_999);
  expect(heard).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(heard).toEqual(['not ready within 30 s: connection refused']);
  expect(vi.getTimerCount()).toBe(0);
});

it('does not wait for a look that does not end', async () => {
  const { heard, looks } = watch(() => null);
  await vi.advanceTimersByTimeAsync(30_000);
  expect(heard).toEqual(['not ready within 30 s']);
  expect(looks[0]!.signal.aborted).toBe(true);
});

it('takes one long look for a line of the log, and many short ones for the rest', async () => {
  const line = watch(() => null, { probe: { kind: 'log_line', pattern: 'listening' } });
  expect(line.looks.map(({ timeoutMs }) => timeoutMs)).toEqual([30_000]);
  const port = watch(() => null);
  expect(port.looks.map(({ timeoutMs }) => timeoutMs)).toEqual([5_000]);
  line.readiness.dispose();
  port.readiness.dispose();
});

it('counts from the start of the program, but after a daemon has come back looks at least for a moment', async () => {
  const half = watch(() => refused, { sinceStartMs: 20_000 });
  await vi.advanceTimersByTimeAsync(10_000);
  expect(half.heard).toHaveLength(1);
  const late = watch((look) => (look < 3 ? refused : { ok: true, detail: '' }), { sinceStartMs: 3_600_000 });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(late.heard).toEqual(['ready']);
});

it('says nothing any more when it is called off', async () => {
  const { heard, looks, readiness } = watch(() => refused);
  readiness.dispose();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(heard).toEqual([]);
  expect(looks[0]!.signal.aborted).toBe(true);
});
