import { createContext, useContext, useSyncExternalStore } from 'react';
import type { ClientState, Store } from '../client/store.ts';
import type { Keymap } from '../core/keymap.ts';
import type { Figures } from './figures.ts';
import type { Ticker } from './ticker.ts';

/** What every component of the chrome may look at. None of them changes anything. */
export type Chrome = {
  store: Store;
  keymap: Keymap;
  ticker: Ticker;
  figures: Figures;
  color: boolean;
  /** Calls back when state, time or figures may have changed, and every region is where it belongs by then. */
  subscribe(listener: () => void): () => void;
};

export const ChromeContext = createContext<Chrome | null>(null);

export function useChrome(): Chrome {
  const chrome = useContext(ChromeContext);
  if (!chrome) throw new Error('a component of the chrome was rendered outside of it');
  return chrome;
}

/**
 * Draws the component again when `key` gives another text, and only then: even a frame that is the same in the end costs Ink half a
 * millisecond. So the key names all that the picture depends on, and it is asked for after every key stroke: it must be cheap.
 */
export function useRedrawOn(key: (state: ClientState, nowMs: number) => string): void {
  const { store, ticker, subscribe } = useChrome();
  useSyncExternalStore(subscribe, () => key(store.getState(), ticker.now()));
}
