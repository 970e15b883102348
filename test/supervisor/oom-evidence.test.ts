import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createOomEvidence, linuxOomSources } from '../../src/supervisor/oom-evidence.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function create(log: string | null) {
  const machine = { count: 3 as number | null };
  const evidence = createOomEvidence({ killCount: () => machine.count, kernelLog: () => log });
  return { machine, evidence };
}

const LINE = 'Memory cgroup out of memory: Killed process 4711 (node) total-vm:1kB, anon-rss:1kB';

it('is the kernel’s own word about this process', () => {
  const { machine, evidence } = create(`6,1,2,-;${LINE}\n`);
  machine.count = 4;
  expect(evidence.of(4711)).toBe('out of memory');
  expect(evidence.of(471)).toBe('');
  evidence.dispose();
});

it('is only a likelihood where the kernel’s log may not be read', () => {
  const { machine, evidence } = create(null);
  machine.count = 4;
  expect(evidence.of(4711)).toMatch(/^probably/);
  evidence.dispose();
});

it('is none when the kernel killed nobody lately, or does not say', () => {
  const { machine, evidence } = create(LINE);
  expect(evidence.of(4711)).toBe('');
  machine.count = 4;
  vi.advanceTimersByTime(60_000);
  expect(evidence.of(4711)).toBe('');
  machine.count = null;
  expect(evidence.of(4711)).toBe('');
  evidence.dispose();
  expect(vi.getTimerCount()).toBe(0);
});

it.runIf(process.platform === 'linux')('is read from this machine without an end to wait for', () => {
  expect(linuxOomSources.killCount()).toEqual(expect.any(Number));
  expect([null, expect.any(String)]).toContainEqual(linuxOomSources.kernelLog());
});
