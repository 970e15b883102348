import { createContext, useContext, useSyncExternalStore } from 'react';
import type { Clock } from '../client/clock.ts';
import type { ClientState, Store } from '../client/store.ts';
import type { Keymap } from '../core/keymap.ts';

/** What every component of the chrome may look at. None of them changes anything. */
export type Chrome = { store: Store; keymap: Keymap; ticker: Ticker; color: boolean };

/** Time in steps of a second: what counts up or down on the screen moves with it, all at once. */
export type Ticker = {
  /** ms since 1970, as of the last step or `refresh`. */
  now(): number;
  /** Brings `now` up to date without a step: for what is drawn anew in between. */
  refresh(): void;
  subscribe(listener: () => void): () => void;
  /** The same, but only in every second step. */
  subscribeSlow(listener: () => void): () => void;
  dispose(): void;
};

const TICK_MS = 1000;
const SLOW_STEPS = 2;

export const ChromeContext = createContext<Chrome | null>(null);

export function useChrome(): Chrome {
  const chrome = useContext(ChromeContext);
  if (!chrome) throw new Error('a component of the chrome was rendered outside of it');
  return chrome;
}

/** `select` gives the same value as long as nothing it depends on changes: a primitive, or an object out of the state. */
export function useClientState<T>(select: (state: ClientState) => T): T {
  const { store } = useChrome();
  return useSyncExternalStore(store.subscribe, () => select(store.getState()));
}

/** A text that depends on the time; whoever shows it is drawn again only when the text changes. */
export function useTimeText(format: (nowMs: number) => string): string {
  const { ticker } = useChrome();
  return useSyncExternalStore(ticker.subscribe, () => format(ticker.now()));
}

/**
 * The same for figures that change all the time: a frame costs Ink several milliseconds, and nobody reads CPU and memory faster.
 * `format` may read the store.
 */
export function useFigureText(format: () => string): string {
  const { ticker } = useChrome();
  return useSyncExternalStore(ticker.subscribeSlow, format);
}

/** `onTick` runs first in every step. */
export function createTicker(clock: Clock, onTick: (nowMs: number) => void): Ticker {
  const listeners = new Set<() => void>();
  const slowListeners = new Set<() => void>();
  let nowMs = clock.now();
  let steps = 0;
  let cancel = clock.after(TICK_MS, tick);

  function tick(): void {
    nowMs = clock.now();
    steps++;
    cancel = clock.after(TICK_MS, tick);
    onTick(nowMs);
    for (const listener of [...listeners]) listener();
    if (steps % SLOW_STEPS === 0) for (const listener of [...slowListeners]) listener();
  }

  function subscribeTo(set: Set<() => void>): Ticker['subscribe'] {
    return (listener) => {
      set.add(listener);
      return () => set.delete(listener);
    };
  }

  return {
    now: () => nowMs,
    refresh() {
      nowMs = clock.now();
    },
    subscribe: subscribeTo(listeners),
    subscribeSlow: subscribeTo(slowListeners),
    dispose() {
      cancel();
    },
  };
}
