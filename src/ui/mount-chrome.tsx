import { render } from 'ink';
import type { ChromeTerminal } from '../client/chrome-terminal.ts';
import type { Clock } from '../client/clock.ts';
import type { Store } from '../client/store.ts';
import type { Keymap } from '../core/keymap.ts';
import { App } from './app.tsx';
import { ChromeContext, createTicker } from './chrome-context.ts';

/**
 * The chrome: all that is not a pane's content, drawn with Ink into a terminal in memory. Components only draw; keys, sockets and
 * the real terminal are the client's.
 */
export type MountedChrome = {
  /** Resolves when all that has changed so far is drawn. */
  flush(): Promise<void>;
  unmount(): void;
};

export type MountChromeOptions = {
  store: Store;
  keymap: Keymap;
  terminal: ChromeTerminal;
  clock: Clock;
  /** Default true. Without it, weight, marks and words say everything. */
  color?: boolean;
  /** A component threw: the chrome is gone for good. */
  onError?(error: unknown): void;
};

export function mountChrome({
  store,
  keymap,
  terminal,
  clock,
  color = true,
  onError,
}: MountChromeOptions): MountedChrome {
  const ticker = createTicker(clock, (nowMs) => {
    const { notice } = store.getState().view;
    if (notice && notice.until <= nowMs) store.dispatch({ type: 'notice-cleared' });
  });
  let unmounted = false;

  let ink: ReturnType<typeof render> | null = null;

  function followStore(): void {
    ticker.refresh();
    const { cols, rows } = store.getState().view;
    if (cols === terminal.grid.cols && rows === terminal.grid.rows) return;
    // Ink must forget what it drew, or it would leave out the lines that stay the same.
    ink?.clear();
    terminal.resize(cols, rows);
  }

  followStore();
  // Ahead of the components' own subscriptions: when they draw, the terminal has the new size.
  const unsubscribe = store.subscribe(followStore);
  ink = leavingProcessAlone(() => {
    const instance = render(
      <ChromeContext value={{ store, keymap, ticker, color }}>
        <App />
      </ChromeContext>,
      {
        stdout: terminal.stdout,
        stdin: terminal.stdin,
        stderr: terminal.stderr,
        patchConsole: false,
        exitOnCtrlC: false,
        maxFps: 60,
        incrementalRendering: true,
        // Both would otherwise depend on the environment (CI, INK_SCREEN_READER).
        interactive: true,
        isScreenReaderEnabled: false,
      },
    );
    instance.waitUntilExit().catch((error: unknown) => {
      if (!unmounted) onError?.(error);
    });
    return instance;
  });

  return {
    async flush() {
      await ink.waitUntilRenderFlush();
    },
    unmount() {
      if (unmounted) return;
      unmounted = true;
      unsubscribe();
      ticker.dispose();
      leavingProcessAlone(() => ink.unmount());
    },
  };
}

/**
 * Ink watches the process for its end (signal-exit 3: a listener on every fatal signal, `process.emit` and `process.reallyExit`
 * replaced) to bring a terminal back that it does not have here. Whatever `run` hooks into the process is taken out again.
 */
function leavingProcessAlone<T>(run: () => T): T {
  const { emit, reallyExit } = process as unknown as ProcessHooks;
  const before = new Map(process.eventNames().map((name) => [name, new Set(process.rawListeners(name))]));
  try {
    return run();
  } finally {
    for (const name of process.eventNames()) {
      for (const listener of process.rawListeners(name)) {
        if (!before.get(name)?.has(listener)) process.off(name, listener as () => void);
      }
    }
    Object.assign(process, { emit, reallyExit });
  }
}

type ProcessHooks = { emit: unknown; reallyExit: unknown };
