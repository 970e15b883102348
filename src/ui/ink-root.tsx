import { render } from 'ink';
import type { ReactNode } from 'react';
import type { ChromeRegion, ChromeTerminal } from '../client/chrome-terminal.ts';

export type InkRoot = {
  update(element: ReactNode): void;
  /** Resolves when all that has changed so far is drawn. */
  flush(): Promise<void>;
  unmount(): void;
};

/** `onError`: a component threw, and nothing is drawn in this region any more. */
export function createInkRoot(
  element: ReactNode,
  { region, terminal, onError }: { region: ChromeRegion; terminal: ChromeTerminal; onError(error: unknown): void },
): InkRoot {
  let unmounted = false;
  const ink = leavingProcessAlone(() => {
    const instance = render(element, {
      stdout: region.stdout,
      stdin: terminal.stdin,
      stderr: terminal.stderr,
      patchConsole: false,
      exitOnCtrlC: false,
      // Every change is written at once and as a whole: no timers, and nothing to be erased.
      debug: true,
      // Both would otherwise depend on the environment (CI, INK_SCREEN_READER).
      interactive: true,
      isScreenReaderEnabled: false,
    });
    instance.waitUntilExit().catch((error: unknown) => {
      if (!unmounted) onError(error);
    });
    return instance;
  });

  return {
    update: (next) => ink.rerender(next),
    flush: () => ink.waitUntilRenderFlush(),
    unmount() {
      if (unmounted) return;
      unmounted = true;
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
