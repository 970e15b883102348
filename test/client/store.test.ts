import { describe, expect, it, vi } from 'vitest';
import { selectGeometry, selectNeighbour, selectPane, selectPaneSizes } from '../../src/client/selectors.ts';
import { createStore } from '../../src/client/store.ts';
import { regularGrid } from '../../src/core/regular-grid.ts';
import type { DaemonEvent } from '../../src/protocol/control.ts';
import { createTestClock, liveStore, nine, pane, snapshot } from './sample-session.ts';

describe('the store', () => {
  it('is connecting without panes until the first snapshot', () => {
    const store = createStore({ cols: 80, rows: 24, clock: createTestClock() });
    expect(store.getState().session).toEqual({ status: 'connecting', snapshot: null, closing: null });
    store.connectionLost();
    expect(store.getState().session.status).toBe('connecting');
    store.applySnapshot(snapshot());
    expect(store.getState().session.status).toBe('live');
  });

  it('keeps the last snapshot while the daemon is away', () => {
    const store = liveStore();
    store.connectionLost();
    expect(store.getState().session).toMatchObject({ status: 'reconnecting', snapshot: { session: 'team' } });
    store.applySnapshot(snapshot());
    expect(store.getState().session.status).toBe('live');
  });

  it('replaces the panes of an event and leaves the others the same objects', () => {
    const store = liveStore();
    const before = store.getState();
    store.applyEvent({ event: 'panes', panes: [pane(2, { state: 'fatal' })] });
    const after = store.getState();
    expect(selectPane(after, 2)?.state).toBe('fatal');
    expect(selectPane(after, 3)).toBe(selectPane(before, 3));
    expect(after.view).toBe(before.view);
  });

  it('keeps panes in the order of their numbers when new ones come', () => {
    const store = liveStore({ panes: [pane(1), pane(3)] });
    store.applyEvent({ event: 'panes', panes: [pane(2)] });
    expect(store.getState().session.snapshot?.panes.map((view) => view.pane)).toEqual([1, 2, 3]);
  });

  it('moves the focus off a pane that a new snapshot does not have', () => {
    const store = liveStore();
    store.dispatch({ type: 'focused', pane: 9 });
    store.applyEvent({ event: 'session', snapshot: snapshot(nine().slice(0, 4)) });
    expect(store.getState().view.focused).toBe(1);
  });

  it('ignores events before the snapshot and events it does not know', () => {
    const store = createStore({ cols: 80, rows: 24, clock: createTestClock() });
    const listener = vi.fn();
    store.subscribe(listener);
    store.applyEvent({ event: 'panes', panes: [pane(1)] });
    store.applyEvent({ event: 'from-the-future' } as unknown as DaemonEvent);
    expect(listener).not.toHaveBeenCalled();
  });

  it('remembers why the session ends', () => {
    const store = liveStore();
    store.applyEvent({ event: 'closing', reason: 'down' });
    expect(store.getState().session.closing).toBe('down');
  });

  it('calls its listeners once for each change and not for none', () => {
    const store = liveStore();
    const listener = vi.fn();
    const unsubscribe = store.subscribe(listener);
    store.dispatch({ type: 'focused', pane: 2 });
    store.dispatch({ type: 'focused', pane: 2 });
    expect(listener).toHaveBeenCalledTimes(1);
    unsubscribe();
    store.dispatch({ type: 'focused', pane: 3 });
    expect(listener).toHaveBeenCalledTimes(1);
  });
});

describe('selectors', () => {
  it('give the same geometry and sizes as long as nothing moves', () => {
    const store = liveStore();
    const geometry = selectGeometry(store.getState());
    const sizes = selectPaneSizes(store.getState());
    store.dispatch({ type: 'focused', pane: 5 });
    store.applyEvent({ event: 'panes', panes: [pane(2, { cpuPercent: 50 })] });
    expect(selectGeometry(store.getState())).toBe(geometry);
    expect(selectPaneSizes(store.getState())).toBe(sizes);
    expect(sizes).toHaveLength(9);
    store.dispatch({ type: 'zoom-toggled' });
    expect(selectPaneSizes(store.getState())).toEqual([{ pane: 5, cols: 210, rows: 58 }]);
  });

  it.each([
    [5, 'left', 4],
    [5, 'right', 6],
    [5, 'up', 2],
    [5, 'down', 8],
    [4, 'left', 6],
    [6, 'right', 4],
    [2, 'up', 8],
    [8, 'down', 2],
  ] as const)('the pane from %d to the %s is %d, in the grid and alone', (from, direction, to) => {
    for (const size of [
      { cols: 210, rows: 60 },
      { cols: 40, rows: 12 },
    ]) {
      const store = liveStore(size);
      store.dispatch({ type: 'focused', pane: from });
      expect(selectNeighbour(store.getState(), direction)).toBe(to);
      store.dispatch({ type: 'zoom-toggled' });
      expect(selectNeighbour(store.getState(), direction)).toBe(to);
    }
  });

  it('know no neighbour of a pane that is alone in its row', () => {
    const store = liveStore({ panes: [pane(1), pane(2)], shape: regularGrid(2, 1) });
    expect(selectNeighbour(store.getState(), 'left')).toBeNull();
    expect(selectNeighbour(store.getState(), 'up')).toBe(2);
  });
});
