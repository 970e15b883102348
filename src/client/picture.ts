import type { CellGrid } from '../core/cell.ts';
import type { Keymap } from '../core/keymap.ts';
import { type Compositor, createCompositor } from './compositor.ts';
import type { OuterTerminal } from './outer-terminal.ts';
import { createPaintLoop, type PaintLoop, type PaintLoopDeps } from './paint-loop.ts';
import { createSceneSelector } from './scene.ts';
import { selectPanes } from './selectors.ts';
import type { ClientState, Store } from './store.ts';

/** What the outer terminal shows: the panes' cells with the chrome around them, painted once for all that has changed. */
export type Picture = Pick<PaintLoop, 'schedule' | 'wish' | 'say' | 'suspend' | 'dispose'> &
  Pick<Compositor, 'setStandIn' | 'chromeChanged'> & {
    /** Takes a frame from the host and paints it without delay. */
    applyFrame(payload: Buffer): void;
    /** The store has changed: panes, overlays or cursor may be elsewhere. */
    update(state: ClientState, keymap: Keymap): void;
    /** From nothing: the terminal has another size, or something else on it. */
    redraw(): void;
    /** From nothing as well. */
    resume(): void;
  };

export type PictureDeps = Pick<PaintLoopDeps, 'output' | 'outerState' | 'onShown' | 'guard'> & {
  store: Store;
  outer: Pick<OuterTerminal, 'synchronized' | 'look'>;
  /** As large as the terminal is now. */
  chrome(): CellGrid;
};

export function createPicture({ store, outer, chrome, ...loopDeps }: PictureDeps): Picture {
  const selectScene = createSceneSelector();
  const compositor = createCompositor({
    chrome: chrome(),
    synchronized: () => outer.synchronized,
    look: () => outer.look,
    onScreenChanged: (pane, screen) => store.dispatch({ type: 'screen-changed', pane, screen }),
    onUsedRows: (pane, rows) => store.dispatch({ type: 'rows-used', pane, rows }),
  });
  let panes: ReturnType<typeof selectPanes> | null = null;
  const loop = createPaintLoop({ ...loopDeps, paintPicture: () => compositor.paint() });

  return {
    schedule: loop.schedule,
    wish: loop.wish,
    say: loop.say,
    setStandIn: compositor.setStandIn,
    chromeChanged(first, last) {
      compositor.chromeChanged(first, last);
      loop.schedule();
    },
    applyFrame(payload) {
      loop.arrived(compositor.applyFrame(payload));
      // Still in this turn, but after the SIGCONT of a client that was stopped: frames wait for it then, and the terminal is the shell's.
      loop.schedule();
    },
    update(state, keymap) {
      if (selectPanes(state) !== panes) {
        panes = selectPanes(state);
        compositor.setPanes(panes.map(({ pane }) => pane));
      }
      const scene = selectScene(state, keymap);
      if (!scene) return;
      compositor.setScene(scene);
      loop.schedule();
    },
    redraw() {
      compositor.reset(chrome());
      loop.schedule();
    },
    suspend: loop.suspend,
    resume() {
      compositor.reset(chrome());
      loop.resume();
    },
    dispose: loop.dispose,
  };
}
