import type { PaneDetail } from '../../core/session.ts';
import type { Clock } from '../clock.ts';
import type { Store } from '../store.ts';

/** Keeps the info overlay true for as long as it is open: asks the daemon about once a second, and never before it has answered. */
export type PaneInfoKeeper = {
  /** The state of the client has changed. */
  update(): void;
  dispose(): void;
};

export type PaneInfoDeps = {
  store: Store;
  clock: Clock;
  show(pane: string): Promise<PaneDetail>;
  describeError(error: unknown): string;
};

const REFRESH_MS = 1000;

export function createPaneInfoKeeper({ store, clock, show, describeError }: PaneInfoDeps): PaneInfoKeeper {
  /** The pane that is looked at, and what is to be called off when it no longer is. */
  let watched: { pane: number; cancel: () => void } | null = null;

  function openPane(): number | null {
    const { mode, info } = store.getState().view;
    return mode === 'info' && info ? info.pane : null;
  }

  function watch(pane: number): void {
    const mine = { pane, cancel: () => {} };
    watched = mine;
    const again = (): void => {
      mine.cancel = clock.after(REFRESH_MS, ask);
    };
    function ask(): void {
      show(String(pane)).then(
        (detail) => {
          if (watched !== mine) return;
          again();
          store.dispatch({ type: 'info-loaded', detail, at: clock.now() });
        },
        (error: unknown) => {
          if (watched !== mine) return;
          again();
          store.dispatch({ type: 'info-failed', problem: describeError(error) });
        },
      );
    }
    ask();
  }

  function stop(): void {
    watched?.cancel();
    watched = null;
  }

  return {
    update() {
      const pane = openPane();
      if (pane === (watched?.pane ?? null)) return;
      stop();
      if (pane !== null) watch(pane);
    },
    dispose: stop,
  };
}
