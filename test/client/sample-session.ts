import type { Clock } from '../../src/client/clock.ts';
import { type ClientState, createStore, type Store } from '../../src/client/store.ts';
import type { KeyEvent } from '../../src/core/input-event.ts';
import { keyEventOfChord, parseChord } from '../../src/core/keys.ts';
import type { Grid, Layout } from '../../src/core/layout.ts';
import { regularGrid } from '../../src/core/regular-grid.ts';
import type { PaneStateName, PaneView } from '../../src/core/session.ts';
import type { SessionSnapshot } from '../../src/protocol/control.ts';

export const NOW_MS = 1_800_000_000_000;

export type TestClock = Clock & { advance(ms: number): void; pending(): number };

/** Time that moves when told to. */
export function createTestClock(): TestClock {
  let nowMs = NOW_MS;
  const timers = new Set<{ at: number; callback: () => void }>();
  return {
    now: () => nowMs,
    after(ms, callback) {
      const timer = { at: nowMs + ms, callback };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    advance(ms) {
      const end = nowMs + ms;
      for (;;) {
        const next = [...timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
        if (!next) break;
        timers.delete(next);
        nowMs = next.at;
        next.callback();
      }
      nowMs = end;
    },
    pending: () => timers.size,
  };
}

const ALIVE: PaneStateName[] = ['running', 'starting', 'stopping'];

export function pane(number: number, changes: Partial<PaneView> = {}): PaneView {
  const state = changes.state ?? 'running';
  const alive = ALIVE.includes(state);
  return {
    pane: number,
    name: `pane-${number}`,
    state,
    wanted: 'up',
    pid: alive ? 1000 + number : null,
    epoch: 1,
    restarts: 0,
    startedAt: alive ? NOW_MS - 300_000 : null,
    uptimeMs: alive ? 300_000 : null,
    cpuPercent: 0,
    rssBytes: alive ? 120 * 1024 ** 2 : 0,
    exit: null,
    reason: '',
    title: '',
    command: 'bash',
    cwd: '/',
    ready: null,
    health: null,
    warning: '',
    repeats: '',
    asks: false,
    nextRestartAt: null,
    hint: '',
    ...changes,
  };
}

export function snapshot(panes: PaneView[] = nine(), shape: Grid = regularGrid(3, 3)): SessionSnapshot {
  const layout: Layout = {
    name: 'team',
    file: null,
    grid: shape,
    panes: [],
    keys: {},
    mouse: true,
    reload: 'manual',
    clipboard: 'focused',
  };
  return { session: 'team', version: '0.1.0', layout, panes };
}

export function nine(changes: Record<number, Partial<PaneView>> = {}): PaneView[] {
  return Array.from({ length: 9 }, (_, i) => pane(i + 1, changes[i + 1]));
}

type StoreOptions = { cols?: number; rows?: number; panes?: PaneView[]; clock?: Clock; shape?: Grid };

/** A store that is live with these panes. */
export function liveStore({ cols = 210, rows = 60, panes, clock, shape }: StoreOptions = {}): Store {
  const store = createStore({ cols, rows, clock: clock ?? createTestClock() });
  store.applySnapshot(snapshot(panes, shape));
  return store;
}

export function liveState(options: StoreOptions = {}): ClientState {
  return liveStore(options).getState();
}

/** The event of a key by name, as a terminal with the kitty protocol would report it. */
export function key(name: string, action: KeyEvent['action'] = 'press'): KeyEvent {
  return { ...keyEventOfChord(parseChord(name)!), action };
}
