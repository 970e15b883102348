import { describeError } from './key-commands.ts';
import { logDefect } from './log-defect.ts';
import type { Store } from './store.ts';

/** Why a client leaves besides the end of its session, with its exit code and its last words. Panes go on unless they were asked not to. */
export type WaysOut = {
  detach(): void;
  /** The session ends with its panes, and the client with the session. */
  stopAll(): void;
  /** A defect in the client: the panes do not notice. */
  crash(error: unknown): void;
  /** Signals and defects that nobody has caught, from now on; the returned function ends that. */
  watchProcess(): () => void;
};

export type WaysOutDeps = {
  session: string;
  logFile: string;
  store: Store;
  /** Asks the daemon to end the session. */
  requestEnd(): Promise<unknown>;
  /** The terminal is an editor's. */
  isEditing(): boolean;
  finish(result: { exitCode: number; message: string }): void;
};

const SIGNALS = { SIGTERM: 143, SIGHUP: 129, SIGINT: 130 } as const;

export function createWaysOut({ session, logFile, store, requestEnd, isEditing, finish }: WaysOutDeps): WaysOut {
  function crash(error: unknown): void {
    logDefect(logFile, error);
    const first = error instanceof Error ? error.message : String(error);
    finish({
      exitCode: 1,
      message: `the client failed (${first}); its panes go on: nonet attach comes back. Details: ${logFile}`,
    });
  }

  return {
    detach() {
      finish({ exitCode: 0, message: `detached from session ${session}: nonet attach comes back` });
    },
    stopAll() {
      store.dispatch({ type: 'notice-shown', text: 'stopping all panes …', kind: 'info', forMs: 600_000 });
      requestEnd().catch((error: unknown) => {
        // It may have left before it could answer: that was the aim.
        if (store.getState().session.closing !== null) return;
        store.dispatch({ type: 'notice-shown', text: `stop all panes: ${describeError(error)}`, kind: 'error' });
      });
    },
    crash,
    watchProcess() {
      const handlers = Object.entries(SIGNALS).map(([signal, exitCode]) => {
        const handler = (): void => {
          // ctrl+c in an editor is the editor's.
          if (signal === 'SIGINT' && isEditing()) return;
          finish({ exitCode, message: `left session ${session} on ${signal}; its panes go on` });
        };
        process.on(signal, handler);
        return () => process.off(signal, handler);
      });
      process.on('uncaughtException', crash);
      process.on('unhandledRejection', crash);
      return () => {
        for (const remove of handlers) remove();
        process.off('uncaughtException', crash);
        process.off('unhandledRejection', crash);
      };
    },
  };
}
