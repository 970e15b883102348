import type { Keymap } from '../core/keymap.ts';
import type { Clock } from './clock.ts';
import { welcomeText } from './pane-notice.ts';
import type { Store } from './store.ts';

/** What is said until the session has told what it is, when nothing can be drawn, and once it has. */
export type Greeting = {
  /** The store has changed. */
  update(): void;
  dispose(): void;
};

export type GreetingDeps = {
  store: Store;
  clock: Pick<Clock, 'after'>;
  session: string;
  /** Says how to get help: the session has just begun. */
  welcome: boolean;
  keymap(): Keymap;
  /** Onto the outer terminal, at once. */
  write(text: string): void;
  /** The first snapshot is here, and what has been written may stand on the terminal. */
  onSession(): void;
};

/** A session that answers later than this says so. */
const WAIT_MS = 600;
const WELCOME_MS = 12_000;

export function createGreeting(deps: GreetingDeps): Greeting {
  const { store, keymap } = deps;
  let stopWaiting: (() => void) | null = deps.clock.after(WAIT_MS, () => {
    const leave = keymap().pressFor('detach');
    deps.write(`\x1b[Hwaiting for session ${deps.session} to answer${leave ? `; ${leave} leaves` : ''} …`);
  });

  return {
    update() {
      const { session, view } = store.getState();
      if (!stopWaiting || !session.snapshot) return;
      stopWaiting();
      stopWaiting = null;
      deps.onSession();
      const text = deps.welcome ? welcomeText(keymap(), view.focused, view.cols) : '';
      if (text) store.dispatch({ type: 'notice-shown', text, kind: 'info', forMs: WELCOME_MS });
    },
    dispose() {
      stopWaiting?.();
    },
  };
}
