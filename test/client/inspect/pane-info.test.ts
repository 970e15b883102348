import { expect, test } from 'vitest';
import { infoLayout } from '../../../src/client/inspect/inspect-layout.ts';
import { routeInspectKey } from '../../../src/client/inspect/inspect-router.ts';
import { createPaneInfoKeeper } from '../../../src/client/inspect/pane-info.ts';
import type { PaneDetail } from '../../../src/core/session.ts';
import { createTestClock, key, liveStore, NOW_MS, pane } from '../sample-session.ts';

const detail = (changes: Partial<PaneDetail> = {}): PaneDetail => ({
  ...pane(2, { name: 'codex', health: 'unhealthy', ready: false, warning: 'memory is 2G, above 1G' }),
  argv: ['codex', '--full-auto'],
  agent: 'codex',
  restart: 'on-failure, at most 5 in 10 min',
  cols: 80,
  rows: 24,
  envNames: ['TOKEN'],
  limits: 'nice 5',
  processes: [
    { pid: 7, command: 'codex', cpuPercent: 1, rssBytes: 1024 ** 2, depth: 0 },
    { pid: 8, command: 'node mcp', cpuPercent: 2, rssBytes: 1024 ** 2, depth: 1 },
  ],
  exits: [
    {
      epoch: 1,
      at: NOW_MS,
      uptimeMs: 5000,
      exit: null,
      reason: 'host lost',
      kind: 'host-lost',
      tail: ['  last words'],
    },
  ],
  ...changes,
});

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

test('it asks once a second while it is open, never twice at once, and no more when it is closed', async () => {
  const clock = createTestClock();
  const store = liveStore({ clock });
  const answers: ((value: PaneDetail) => void)[] = [];
  const keeper = createPaneInfoKeeper({
    store,
    clock,
    show: () => new Promise((resolve) => answers.push(resolve)),
    describeError: String,
  });
  store.subscribe(keeper.update);
  store.dispatch({ type: 'info-opened', pane: 2 });
  clock.advance(5000);
  expect(answers).toHaveLength(1);
  answers[0]!(detail());
  await settled();
  expect(store.getState().view.info?.detail?.name).toBe('codex');
  clock.advance(1000);
  expect(answers).toHaveLength(2);
  store.dispatch({ type: 'mode-left' });
  answers[1]!(detail());
  await settled();
  expect(store.getState().view.info).toBeNull();
  expect(clock.pending()).toBe(0);
});

test('everything about the pane is there in words, however narrow the screen', () => {
  for (const [cols, rows] of [
    [200, 50],
    [40, 12],
  ] as const) {
    const store = liveStore({ cols, rows });
    store.dispatch({ type: 'info-opened', pane: 2 });
    store.dispatch({ type: 'info-loaded', detail: detail(), at: NOW_MS });
    const lines = infoLayout(store.getState())!.lines.map(({ label, text }) => `${label}${text}`);
    const text = lines.join(' ').replace(/\s+/g, ' ');
    for (const part of [
      'running (unready)',
      'unhealthy',
      'above 1G',
      '└ node mcp',
      'TOKEN',
      'nice 5',
      'host lost',
      'last words',
    ])
      expect(text).toContain(part);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(Math.min(cols, 102) - 4);
  }
});

test('keys scroll no further than the text, q and esc close, others say what there is', () => {
  const store = liveStore({ cols: 40, rows: 12 });
  store.dispatch({ type: 'info-opened', pane: 2 });
  store.dispatch({ type: 'info-loaded', detail: detail(), at: NOW_MS });
  const press = (name: string): string[] =>
    routeInspectKey(store.getState(), key(name)).map((effect) => {
      if (effect.type === 'view') store.dispatch(effect.action);
      return effect.type === 'view' ? effect.action.type : effect.type;
    });
  press('end');
  const { scroll, maxScroll } = infoLayout(store.getState())!;
  expect(scroll).toBe(maxScroll);
  expect(scroll).toBeGreaterThan(0);
  press('k');
  expect(infoLayout(store.getState())!.scroll).toBe(maxScroll - 1);
  expect(press('x')).toEqual(['notice-shown']);
  expect(press('q')).toEqual(['mode-left']);
  expect(store.getState().view.mode).toBe('normal');
});
