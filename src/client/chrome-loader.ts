import type { Keymap } from '../core/keymap.ts';
import type { ChromeTerminal } from './chrome-terminal.ts';
import type { Clock } from './clock.ts';
import type { Store } from './store.ts';

export type MountChrome = (chrome: {
  store: Store;
  keymap: Keymap;
  terminal: ChromeTerminal;
  clock: Clock;
  color?: boolean;
  onError?(error: unknown): void;
}) => MountedChrome;

type MountedChrome = { unmount(): void; setKeymap(keymap: Keymap): void };

/** Brings the chrome up when there is time for it: loading Ink takes a hundred milliseconds in which nothing else happens. */
export type ChromeLoader = {
  /** The first cells are out: now is the time. */
  request(): void;
  /** What it waits for may have come. */
  update(): void;
  setKeymap(keymap: Keymap): void;
  dispose(): void;
};

export type ChromeLoaderDeps = {
  load(): Promise<MountChrome>;
  store: Store;
  /** The session's, once its snapshot is here. */
  keymap(): Keymap;
  terminal: ChromeTerminal;
  clock: Clock;
  color: boolean;
  onError(error: unknown): void;
};

/** Chrome is loaded after this long even if no pane has anything to show. */
const PATIENCE_MS = 250;

export function createChromeLoader(deps: ChromeLoaderDeps): ChromeLoader {
  const { load, store, keymap, terminal, clock, color, onError } = deps;
  let requested = false;
  let loaded: MountChrome | null = null;
  let mounted: MountedChrome | null = null;
  let disposed = false;
  const timer = setTimeout(begin, PATIENCE_MS);

  function begin(): void {
    clearTimeout(timer);
    if (requested || disposed) return;
    requested = true;
    load().then((mountChrome) => {
      loaded = mountChrome;
      update();
    }, onError);
  }

  function update(): void {
    if (!loaded || mounted || disposed) return;
    // With the session's keys, which the chrome shows: not before the snapshot.
    if (!store.getState().session.snapshot) return;
    try {
      mounted = loaded({ store, keymap: keymap(), terminal, clock, color, onError });
    } catch (error) {
      onError(error);
    }
  }

  return {
    request() {
      if (!requested) setImmediate(begin);
    },
    update,
    setKeymap: (keymap) => mounted?.setKeymap(keymap),
    dispose() {
      disposed = true;
      clearTimeout(timer);
      mounted?.unmount();
    },
  };
}
