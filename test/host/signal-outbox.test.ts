import { describe, expect, it } from 'vitest';
import type { PaneSignal } from '../../src/core/pane-signal.ts';
import { createSignalOutbox } from '../../src/host/signal-outbox.ts';

function stage() {
  const sent: [number, PaneSignal][] = [];
  const peer = { room: Number.POSITIVE_INFINITY };
  const outbox = createSignalOutbox({
    send(pane, signal) {
      peer.room--;
      sent.push([pane, signal]);
    },
    ready: () => peer.room > 0,
  });
  return { outbox, peer, sent };
}
const title = (text: string): PaneSignal => ({ type: 'title', title: text });
const note = (body: string): PaneSignal => ({ type: 'notification', title: '', body });

describe('signals to a peer', () => {
  it('that keeps up are sent at once', () => {
    const { outbox, sent } = stage();
    outbox.offer(1, title('a'));
    outbox.offer(1, title('b'));
    expect(sent).toEqual([
      [1, title('a')],
      [1, title('b')],
    ]);
  });

  it('that does not are kept, of each pane and kind the newest and a few notifications, and sent when it does', () => {
    const { outbox, peer, sent } = stage();
    peer.room = 0;
    for (let i = 0; i < 10_000; i++) {
      outbox.offer(1, title(`${i}`));
      outbox.offer(2, title(`other ${i}`));
      outbox.offer(1, note(`${i}`));
      outbox.offer(1, { type: 'bell' });
      outbox.offer(1, { type: 'prompt', mark: 'A', exitCode: null });
      outbox.offer(1, { type: 'prompt', mark: 'D', exitCode: i });
    }
    outbox.flush();
    expect(sent).toEqual([]);
    peer.room = Number.POSITIVE_INFINITY;
    outbox.flush();
    expect(sent.filter(([, signal]) => signal.type === 'title')).toEqual([
      [1, title('9999')],
      [2, title('other 9999')],
    ]);
    expect(sent.filter(([, signal]) => signal.type === 'notification')).toEqual(
      [9995, 9996, 9997, 9998, 9999].map((i) => [1, note(`${i}`)]),
    );
    expect(sent).toContainEqual([1, { type: 'prompt', mark: 'D', exitCode: 9999 }]);
    expect(sent).toHaveLength(2 + 5 + 1 + 2);
    sent.length = 0;
    outbox.flush();
    expect(sent).toEqual([]);
  });

  it('come in order: what waits goes before what is new', () => {
    const { outbox, peer, sent } = stage();
    peer.room = 0;
    outbox.offer(1, title('a'));
    outbox.offer(1, { type: 'directory', path: '/d' });
    outbox.offer(1, title('b'));
    peer.room = 1;
    outbox.offer(1, { type: 'bell' });
    expect(sent.map(([, { type }]) => type)).toEqual(['directory']);
    peer.room = 10;
    outbox.offer(1, note('n'));
    expect(sent.map(([, { type }]) => type)).toEqual(['directory', 'title', 'bell', 'notification']);
  });

  it('of a pane that is gone are not sent any more', () => {
    const { outbox, peer, sent } = stage();
    peer.room = 0;
    for (const pane of [1, 2]) for (const signal of [title('a'), note('n')]) outbox.offer(pane, signal);
    outbox.forget(1);
    peer.room = 10;
    outbox.flush();
    expect(sent).toEqual([
      [2, title('a')],
      [2, note('n')],
    ]);
  });
});
