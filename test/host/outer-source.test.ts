import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createOuterSource } from '../../src/host/outer-source.ts';
import { NO_OUTER_FACTS } from '../../src/terminal/outer-facts.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('those who ask before anybody could tell wait for the first who tells', () => {
  const outer = createOuterSource();
  const heard: unknown[] = [];
  outer.whenKnown(() => heard.push(outer.current()?.foreground));
  expect([outer.current(), heard]).toEqual([null, []]);
  outer.tell({ ...NO_OUTER_FACTS, foreground: '#112233' });
  expect(heard).toEqual(['#112233']);
  outer.tell({ ...NO_OUTER_FACTS, foreground: '#445566' });
  outer.whenKnown(() => heard.push(outer.current()?.foreground));
  expect(heard).toEqual(['#112233', '#445566']);
  expect(vi.getTimerCount()).toBe(0);
});

it('where nobody tells nothing is known after a moment', () => {
  const outer = createOuterSource();
  const heard: unknown[] = [];
  outer.whenKnown(() => heard.push(outer.current()));
  vi.advanceTimersByTime(1000);
  expect(heard).toEqual([NO_OUTER_FACTS]);
});
