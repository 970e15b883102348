import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createPaneNews } from '../../src/host/pane-news.ts';
import type { HostEvent } from '../../src/protocol/control.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('tells the first title at once, the newest of a flood soon after, and nothing twice', () => {
  const told: HostEvent[] = [];
  const news = createPaneNews((event) => told.push(event));
  for (let i = 0; i < 100_000; i++) news.title(1, `title ${i}`);
  news.title(2, 'other');
  vi.advanceTimersByTime(1000);
  expect(told).toEqual([
    { event: 'title', pane: 1, title: 'title 0' },
    { event: 'title', pane: 2, title: 'other' },
    { event: 'title', pane: 1, title: 'title 99999' },
  ]);
  news.dispose();
  expect(vi.getTimerCount()).toBe(0);
});
