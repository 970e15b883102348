import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { PaneSignal } from '../../src/core/pane-signal.ts';
import { createPaneNews } from '../../src/host/pane-news.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('tells the first title at once, the newest of a flood soon after, and nothing twice', () => {
  const told: [number, PaneSignal][] = [];
  const news = createPaneNews((pane, signal) => told.push([pane, signal]));
  for (let i = 0; i < 100_000; i++) news.offer(1, { type: 'title', title: `title ${i}` });
  news.offer(2, { type: 'title', title: 'other' });
  vi.advanceTimersByTime(1000);
  expect(told).toEqual([
    [1, { type: 'title', title: 'title 0' }],
    [2, { type: 'title', title: 'other' }],
    [1, { type: 'title', title: 'title 99999' }],
  ]);
  news.dispose();
  expect(vi.getTimerCount()).toBe(0);
});

it('tells every one of a few notifications, in order, and forgets those of a flood', () => {
  const told: string[] = [];
  const news = createPaneNews((_, signal) => told.push(signal.type === 'notification' ? signal.body : signal.type));
  for (let i = 0; i < 3; i++) news.offer(1, { type: 'notification', title: '', body: `${i}` });
  vi.advanceTimersByTime(1000);
  expect(told).toEqual(['0', '1', '2']);
  for (let i = 0; i < 1000; i++) news.offer(1, { type: 'notification', title: '', body: 'flood' });
  vi.advanceTimersByTime(10_000);
  expect(told.length).toBeLessThanOrEqual(3 + 11);
  news.dispose();
});

it('tells nothing more of a pane that is gone, and the next one of its number at once', () => {
  const told: [number, PaneSignal][] = [];
  const news = createPaneNews((pane, signal) => told.push([pane, signal]));
  for (const title of ['a', 'b']) for (const pane of [1, 11]) news.offer(pane, { type: 'title', title });
  news.forget(1);
  news.offer(1, { type: 'title', title: 'next' });
  vi.advanceTimersByTime(1000);
  expect(told.map(([pane, signal]) => `${pane} ${signal.type === 'title' && signal.title}`)).toEqual([
    '1 a',
    '11 a',
    '1 next',
    '11 b',
  ]);
});
