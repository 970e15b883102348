import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PaneView } from '../../src/core/session.ts';
import { createPublisher, type Publisher } from '../../src/daemon/publisher.ts';
import type { Connection } from '../../src/protocol/connection.ts';
import type { DaemonEvent, SessionSnapshot } from '../../src/protocol/control.ts';

let values: Record<number, string>;
let publisher: Publisher;

beforeEach(() => {
  vi.useFakeTimers();
  values = { 1: 'a', 2: 'b' };
  publisher = createPublisher({
    viewOf: (pane) => {
      const value = values[pane];
      return value === undefined ? null : { view: { pane, reason: value } as PaneView, key: value };
    },
    snapshot: () => ({ session: JSON.stringify(values) }) as SessionSnapshot,
  });
});
afterEach(() => {
  publisher.dispose();
  vi.useRealTimers();
});

function subscriber() {
  const events: DaemonEvent[] = [];
  const listeners: Record<'close' | 'drain', () => void> = { close: () => {}, drain: () => {} };
  const state = { queuedBytes: 0 };
  const connection = {
    get queuedBytes() {
      return state.queuedBytes;
    },
    sendEvent: (event: DaemonEvent) => events.push(event),
    onClose: (listener: () => void) => {
      listeners.close = listener;
    },
    onDrain: (listener: () => void) => {
      listeners.drain = listener;
    },
  } as unknown as Connection;
  publisher.subscribe(connection);
  const told = () =>
    events
      .splice(0)
      .map((event) =>
        event.event === 'panes' ? event.panes.map((pane) => `${pane.pane}${pane.reason}`).join() : event,
      );
  return { told, state, listeners };
}

function change(pane: number, value: string): void {
  values[pane] = value;
  publisher.markChanged(pane);
}

describe('a subscriber', () => {
  it('is told of the first change at once, of more of them at most twenty times a second', () => {
    const { told } = subscriber();
    change(1, 'c');
    vi.advanceTimersByTime(0);
    expect(told()).toEqual(['1c']);
    for (let i = 0; i < 1000; i++) {
      change(1, `v${i}`);
      vi.advanceTimersByTime(1);
    }
    const count = told().length;
    expect(count).toBeGreaterThan(15);
    expect(count).toBeLessThanOrEqual(20);
  });

  it('is told of panes that changed, together and once', () => {
    const { told } = subscriber();
    change(1, 'c');
    change(2, 'd');
    change(1, 'e');
    vi.advanceTimersByTime(100);
    expect(told()).toEqual(['1e,2d']);
    publisher.markChanged(1);
    vi.advanceTimersByTime(100);
    expect(told()).toEqual([]);
  });

  it('that comes in between is not left with what has changed back since', () => {
    const first = subscriber();
    change(1, 'c');
    vi.advanceTimersByTime(100);
    expect(first.told()).toEqual(['1c']);
    change(1, 'd');
    // Its snapshot says d.
    const second = subscriber();
    change(1, 'c');
    vi.advanceTimersByTime(100);
    expect(second.told()).toEqual(['1c']);
  });

  it('that does not read is told nothing more, and everything once it reads again', () => {
    const slow = subscriber();
    const quick = subscriber();
    slow.state.queuedBytes = 1_000_000;
    for (const value of ['c', 'd', 'e']) {
      change(1, value);
      vi.advanceTimersByTime(100);
    }
    expect(quick.told()).toEqual(['1c', '1d', '1e']);
    expect(slow.told()).toEqual([]);
    slow.state.queuedBytes = 0;
    slow.listeners.drain();
    expect(slow.told()).toEqual([{ event: 'session', snapshot: { session: '{"1":"e","2":"b"}' } }]);
    change(2, 'f');
    vi.advanceTimersByTime(100);
    expect(slow.told()).toEqual(['2f']);
  });

  it('that has gone is forgotten', () => {
    const gone = subscriber();
    gone.listeners.close();
    change(1, 'c');
    vi.advanceTimersByTime(100);
    expect(gone.told()).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is told when the session closes', () => {
    const { told } = subscriber();
    publisher.publishClosing('taken down');
    expect(told()).toEqual([{ event: 'closing', reason: 'taken down' }]);
  });
});
