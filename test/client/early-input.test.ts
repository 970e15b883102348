import { describe, expect, it } from 'vitest';
import { createEarlyInput, type EarlyEvent } from '../../src/client/early-input.ts';
import { createStore } from '../../src/client/store.ts';
import { createKeymap } from '../../src/core/keymap.ts';
import type { PaneView } from '../../src/core/session.ts';
import { createTestClock, key, nine, pane, snapshot } from './sample-session.ts';

function stage() {
  const clock = createTestClock();
  const store = createStore({ cols: 80, rows: 24, clock });
  const given: string[] = [];
  const host = { connected: false };
  let left = false;
  const early = createEarlyInput({
    store,
    clock,
    keymap: () => createKeymap({}),
    hostConnected: () => host.connected,
    give: (events) => given.push(events.map(describeEvent).join(' ')),
    leave() {
      left = true;
    },
  });
  store.subscribe(early.update);
  return {
    early,
    clock,
    store,
    given,
    type: (...names: string[]) => names.map((name) => early.keep(key(name))),
    connectHost() {
      host.connected = true;
      early.update();
    },
    show: (panes: PaneView[] = nine()) => store.applySnapshot(snapshot(panes)),
    left: () => left,
  };
}

function describeEvent(event: EarlyEvent): string {
  return event.type === 'key' ? event.key : event.type === 'paste' ? `“${event.text}”` : event.type;
}

describe('what is typed before there is anybody to give it to', () => {
  it.each(['session first', 'host first'])('is kept and given in order, whoever comes first: %s', (first) => {
    const { early, given, type, connectHost, show } = stage();
    expect(type('a', 'b')).toEqual([true, true]);
    if (first === 'session first') show();
    else connectHost();
    early.keep({ type: 'paste', phase: 'data', text: 'pasted' });
    type('enter');
    expect(given).toEqual([]);
    if (first === 'session first') connectHost();
    else show();
    expect(given).toEqual(['a b “pasted” enter']);
    expect(type('c')).toEqual([false]);
    expect(given).toHaveLength(1);
  });

  it('waits for programs that are being started, but not for one that takes long', () => {
    const starting = pane(2, { state: 'starting', pid: null });
    const { given, type, connectHost, show, clock } = stage();
    connectHost();
    type('a');
    show([pane(1), starting]);
    expect(given).toEqual([]);
    show([pane(1), pane(2)]);
    expect(given).toEqual(['a']);

    const slow = stage();
    slow.connectHost();
    slow.type('a');
    slow.show([pane(1), starting]);
    slow.clock.advance(900);
    expect(slow.given).toEqual([]);
    slow.clock.advance(200);
    expect(slow.given).toEqual(['a']);
    expect([clock.pending(), slow.clock.pending()]).toEqual([0, 0]);
  });

  it('is given though no host answers for long: what is asked of the daemon needs none', () => {
    const { given, type, show, clock } = stage();
    type('a');
    show();
    clock.advance(5_900);
    expect(given).toEqual([]);
    clock.advance(200);
    expect(given).toEqual(['a']);
    expect(type('b')).toEqual([false]);
  });

  it('does not wait for a program that waits for another', () => {
    const { given, type, connectHost, show } = stage();
    connectHost();
    type('a');
    show([pane(1), pane(2, { state: 'starting', pid: null, reason: 'waiting for db' })]);
    expect(given).toEqual(['a']);
  });

  it('leaves at once when nothing else was typed, or nobody has answered for a while, and else in its turn', () => {
    const alone = stage();
    alone.type('ctrl+b', 'd');
    expect(alone.left()).toBe(true);

    const { type, clock, left, given, connectHost, show } = stage();
    type('a', 'ctrl+b', 'd');
    expect(left()).toBe(false);
    connectHost();
    show();
    expect(given).toEqual(['a b d']);

    const late = stage();
    late.clock.advance(2000);
    late.type('a', 'b', 'd');
    expect(late.left()).toBe(false);
    late.type('ctrl+b', 'd');
    expect(late.left()).toBe(true);
    expect(clock.pending()).toBe(0);
  });

  it('is kept up to a megabyte, and what is lost after that is said', () => {
    const { early, store, given, connectHost, show } = stage();
    const piece = 'x'.repeat(400_000);
    for (let i = 0; i < 4; i++) early.keep({ type: 'paste', phase: 'data', text: piece });
    expect(store.getState().view.notice).toMatchObject({ kind: 'warning' });
    connectHost();
    show();
    expect(given.join('').match(/“x+”/g)).toHaveLength(2);
  });
});
