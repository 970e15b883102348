import { expect, it } from 'vitest';
import { createHostReports } from '../../src/client/host-reports.ts';
import { createStore } from '../../src/client/store.ts';
import type { ClientEvent } from '../../src/protocol/data.ts';
import { createTestClock, liveStore } from './sample-session.ts';

const FACTS = { foreground: '#ffffff', background: null, cursor: null, palette: [], scheme: null, cell: null };

function stage() {
  const sent: ClientEvent[] = [];
  let up = true;
  const reports = createHostReports((event) => {
    if (up) sent.push(event);
    return up;
  });
  return {
    reports,
    setUp: (value: boolean) => {
      up = value;
    },
    taken: () => sent.splice(0).map((event) => (event.event === 'focus' ? `focus ${event.pane}` : event.event)),
  };
}

it('the host is told of sizes and focus once, and again when they change', () => {
  const { reports, taken } = stage();
  const store = liveStore();
  reports.update(store.getState());
  reports.update(store.getState());
  expect(taken()).toEqual(['view', 'focus 1']);
  store.dispatch({ type: 'focused', pane: 4 });
  reports.update(store.getState());
  expect(taken()).toEqual(['focus 4']);
  store.dispatch({ type: 'zoom-toggled' });
  reports.update(store.getState());
  expect(taken()).toEqual(['view']);
});

it('a pane has the attention while its keys go there and the window has the focus; the prefix is no look elsewhere', () => {
  const { reports, taken } = stage();
  const store = liveStore();
  const after = (...actions: Parameters<typeof store.dispatch>[0][]) => {
    for (const action of actions) store.dispatch(action);
    reports.update(store.getState());
    return taken().filter((event) => event.startsWith('focus'));
  };
  expect(after()).toEqual(['focus 1']);
  expect(after({ type: 'prefix-pressed' })).toEqual([]);
  expect(after({ type: 'help-opened' })).toEqual(['focus null']);
  expect(after({ type: 'mode-left' })).toEqual(['focus 1']);
  expect(after({ type: 'outer-focus-changed', focused: false })).toEqual(['focus null']);
  expect(after({ type: 'focused', pane: 2 })).toEqual([]);
  expect(after({ type: 'outer-focus-changed', focused: true })).toEqual(['focus 2']);
});

it('a host that comes back is told everything again, and what it missed', () => {
  const { reports, taken, setUp } = stage();
  const store = liveStore();
  reports.update(store.getState());
  reports.tellTerminal(FACTS);
  reports.tellTerminal({ ...FACTS });
  expect(taken()).toEqual(['view', 'focus 1', 'terminal']);
  setUp(false);
  store.dispatch({ type: 'focused', pane: 3 });
  reports.update(store.getState());
  reports.tellTerminal({ ...FACTS, scheme: 'dark' });
  setUp(true);
  reports.forget();
  reports.tellTerminal({ ...FACTS, scheme: 'dark' });
  reports.update(store.getState());
  expect(taken()).toEqual(['terminal', 'view', 'focus 3']);
});

it('nobody is told anything before there is a session to show', () => {
  const { reports, taken } = stage();
  reports.update(createStore({ cols: 80, rows: 24, clock: createTestClock() }).getState());
  expect(taken()).toEqual([]);
});
