import { describe, expect, it, vi } from 'vitest';
import { createPaneSearch } from '../../src/client/pane-search.ts';
import type { PaneFinds } from '../../src/core/found-lines.ts';
import type { ClientEvent } from '../../src/protocol/data.ts';
import { createTestClock, liveStore } from './sample-session.ts';

const finds = (pane: number, count = 1): PaneFinds => ({ pane, cols: 66, count, found: [] });

/** A search list; what the host would be told is kept. */
function stage() {
  const clock = createTestClock();
  const store = liveStore({ clock });
  const told: ClientEvent[] = [];
  const onAccepted = vi.fn();
  const search = createPaneSearch({ store, clock, send: (event) => told.push(event) > 0, onAccepted });
  store.subscribe(search.update);
  store.dispatch({ type: 'list-opened', kind: 'search' });
  return {
    clock,
    store,
    told,
    search,
    onAccepted,
    type: (query: string) => store.dispatch({ type: 'list-typed', query }),
    lastId: () => told.findLast((event) => event.event === 'search')!.id,
    answer(panes: PaneFinds[], done = true, id?: number) {
      const last = told.findLast((event) => event.event === 'search');
      search.onFound({ event: 'found', id: id ?? last?.id ?? 0, panes, done, problem: '' });
    },
    shown: () => store.getState().view.list?.search,
  };
}

describe('a search', () => {
  it('is asked for with every change of the query, once each, and ended when the list is closed', () => {
    const { store, type, told, clock } = stage();
    expect(told).toEqual([]);
    type('a');
    type('ab');
    store.dispatch({ type: 'notice-shown', text: 'x', kind: 'info' });
    store.dispatch({ type: 'list-regex-toggled' });
    store.dispatch({ type: 'mode-left' });
    expect(told).toEqual([
      { event: 'search', id: 1, text: 'a', regex: false },
      { event: 'search', id: 2, text: 'ab', regex: false },
      { event: 'search', id: 3, text: 'ab', regex: true },
      { event: 'search-end', id: 3 },
    ]);
    expect(clock.pending()).toBe(0);
  });

  it('keeps what was found before in sight until something is known, and takes nothing for another query', () => {
    const { type, answer, shown, lastId } = stage();
    type('a');
    const first = lastId();
    answer([finds(1), finds(2)]);
    expect(shown()).toMatchObject({ status: 'done', query: { text: 'a' }, panes: [finds(1), finds(2)] });
    type('ab');
    expect(shown()).toMatchObject({ status: 'running', query: { text: 'a' }, panes: [finds(1), finds(2)] });
    answer([finds(3)], true, first);
    expect(shown()).toMatchObject({ status: 'running', query: { text: 'a' } });
    answer([finds(4, 1)], false);
    answer([finds(4, 7), finds(5)], true);
    expect(shown()).toMatchObject({ status: 'done', query: { text: 'ab' }, panes: [finds(4, 7), finds(5)] });
  });

  it('of what is no regular expression is not asked for, and the reason is shown', () => {
    const { store, type, told, shown } = stage();
    store.dispatch({ type: 'list-regex-toggled' });
    type('a(');
    expect(shown()).toMatchObject({ status: 'done', problem: 'Unterminated group', panes: [] });
    expect(told).toEqual([]);
    type('a(b');
    expect(shown()?.query.text).toBe('a(b');
    type('a(b)');
    expect(shown()).toMatchObject({ status: 'running', problem: '' });
    expect(told).toHaveLength(1);
    type('');
    expect(shown()).toMatchObject({ status: 'idle', problem: '', panes: [] });
    expect(told.at(-1)).toMatchObject({ event: 'search-end' });
  });

  it('is asked for again when the panes change their width, and by a host that knows nothing of it', () => {
    const { store, type, told, search } = stage();
    type('a');
    store.dispatch({ type: 'resized', cols: 100, rows: 30 });
    expect(told.map((event) => event.event)).toEqual(['search', 'search']);
    store.dispatch({ type: 'host-status-changed', status: 'reconnecting' });
    type('ab');
    expect(told).toHaveLength(2);
    store.dispatch({ type: 'host-status-changed', status: 'live' });
    search.hostUp();
    expect(told.at(-1)).toMatchObject({ event: 'search', text: 'ab' });
  });

  it('that nobody answers says so', () => {
    const { type, clock, shown, answer } = stage();
    type('a');
    clock.advance(3000);
    expect(shown()).toMatchObject({ status: 'done', problem: expect.stringContaining('does not answer') });
    answer([finds(1)]);
    expect(shown()).toMatchObject({ status: 'done', problem: '', panes: [finds(1)] });
  });

  it('takes for enter what comes first, once', () => {
    const { store, type, answer, onAccepted } = stage();
    type('a');
    store.dispatch({ type: 'list-accepting', accepting: true });
    answer([], false);
    expect(onAccepted).not.toHaveBeenCalled();
    answer([finds(1)], false);
    answer([finds(2)]);
    expect(onAccepted).toHaveBeenCalledTimes(1);
  });
});
