import { describe, expect, it } from 'vitest';
import type { NotificationDialect } from '../../src/client/outer-features.ts';
import { createPaneSignals } from '../../src/client/pane-signals.ts';
import type { ClipboardPolicy } from '../../src/core/layout.ts';
import type { PaneSignal } from '../../src/core/pane-signal.ts';
import { createTestClock, liveStore, nine, pane } from './sample-session.ts';

function stage({ dialect = 'osc777' as NotificationDialect, clipboard = 'focused' as ClipboardPolicy } = {}) {
  const clock = createTestClock();
  const store = liveStore({ clock, panes: nine({ 3: { name: 'codex' } }) });
  const snapshot = store.getState().session.snapshot!;
  store.applySnapshot({ ...snapshot, layout: { ...snapshot.layout, clipboard } });
  const said: string[] = [];
  const signals = createPaneSignals({ store, clock, dialect: () => dialect, say: (text) => said.push(text) });
  return {
    store,
    clock,
    /** What was said to the outer terminal. */
    receive(number: number, signal: PaneSignal) {
      signals.receive(number, signal);
      return said.splice(0);
    },
    news: (number: number) => store.getState().view.news.get(number),
    notice: () => store.getState().view.notice?.text,
  };
}

const BELL: PaneSignal = { type: 'bell' };
const DONE: PaneSignal = { type: 'notification', title: 'done', body: 'look; here' };

describe('a bell', () => {
  it('rings and marks the pane, unless somebody looks at it', () => {
    const { receive, news, store, clock } = stage();
    expect(receive(1, BELL)).toEqual([]);
    expect(news(1)).toBeUndefined();
    expect(receive(3, BELL)).toEqual(['\x07']);
    expect(news(3)).toEqual({ progress: null, unseen: true });
    clock.advance(5000);
    store.dispatch({ type: 'outer-focus-changed', focused: false });
    expect(receive(1, BELL)).toEqual(['\x07']);
    expect(news(1)?.unseen).toBe(true);
  });

  it('is heard once a second, however many ring', () => {
    const { receive, clock } = stage();
    expect([2, 3, 4, 2].flatMap((number) => receive(number, BELL))).toEqual(['\x07']);
    clock.advance(1000);
    expect(receive(2, BELL)).toEqual(['\x07']);
  });

  it('is forgotten when the pane gets the focus while the window has it', () => {
    const { receive, news, store } = stage();
    receive(3, BELL);
    store.dispatch({ type: 'outer-focus-changed', focused: false });
    store.dispatch({ type: 'focused', pane: 3 });
    expect(news(3)?.unseen).toBe(true);
    store.dispatch({ type: 'outer-focus-changed', focused: true });
    expect(news(3)).toBeUndefined();
  });
});

describe('a notification', () => {
  it.each([
    ['osc777', ['\x1b]777;notify;nonet 3 codex;done: look; here\x1b\\']],
    ['osc9', ['\x1b]9;nonet 3 codex: done: look; here\x1b\\']],
    ['osc99', ['\x1b]99;i=nonet-3:d=0:p=title;nonet 3 codex\x1b\\\x1b]99;i=nonet-3:d=1:p=body;done: look; here\x1b\\']],
    ['bell', ['\x07']],
  ] as const)('is passed on by %s, with the pane it comes from', (dialect, expected) => {
    const { receive, news, notice } = stage({ dialect });
    expect(receive(3, DONE)).toEqual(expected);
    expect(notice()).toBe('3 codex: done: look; here');
    expect(news(3)?.unseen).toBe(true);
  });

  it('of the pane that somebody looks at says nothing', () => {
    const { receive, notice } = stage();
    expect(receive(1, DONE)).toEqual([]);
    expect(notice()).toBeUndefined();
  });

  it('cannot end the sequence that carries it', () => {
    const { receive } = stage();
    const [text] = receive(3, { type: 'notification', title: '', body: 'a\x1b\\\x07\x9cb' });
    expect(text?.slice(2, -2)).not.toMatch(/[\x00-\x1f\x7f-\x9f]/);
  });
});

describe('progress', () => {
  it('is kept until the program removes it or ends', () => {
    const { receive, news, store } = stage();
    expect(receive(2, { type: 'progress', state: 'normal', percent: 40 })).toEqual([]);
    expect(news(2)?.progress).toEqual({ state: 'normal', percent: 40 });
    const before = store.getState();
    receive(2, { type: 'progress', state: 'normal', percent: 40 });
    expect(store.getState()).toBe(before);
    receive(2, { type: 'progress', state: 'none', percent: null });
    expect(news(2)).toBeUndefined();
    receive(2, { type: 'progress', state: 'error', percent: null });
    store.applyEvent({ event: 'panes', panes: [pane(2, { state: 'exited' })] });
    expect(news(2)).toBeUndefined();
  });
});

describe('the clipboard', () => {
  const COPY: PaneSignal = { type: 'clipboard', base64: 'aGk=' };
  const SET = '\x1b]52;c;aGk=\x1b\\';

  it.each([
    ['focused', 1, [SET], undefined],
    ['focused', 3, [], '3 codex may not set the clipboard: it is not the pane in focus'],
    ['always', 3, [SET], undefined],
    ['never', 1, [], '1 pane-1 may not set the clipboard: the layout says clipboard: never'],
  ] as const)('with the policy %s, pane %i: %j', (clipboard, number, said, text) => {
    const { receive, notice } = stage({ clipboard });
    expect(receive(number, COPY)).toEqual(said);
    expect(notice()).toBe(text);
  });
});
