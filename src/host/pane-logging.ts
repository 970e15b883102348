import type { Exit } from '../core/session.ts';
import type { PaneLogRequest } from '../protocol/control.ts';
import type { Screen } from '../terminal/screen.ts';
import type { LogCompressor } from './log-compressor.ts';
import { movePaneLog } from './log-move.ts';
import { createPaneLog, type PaneLog } from './pane-log.ts';

/** The log that a pane has now: none, or one whose settings, name and place may change while its program runs. */
export type PaneLogging = {
  /** What was last asked for; null for no log. */
  readonly wanted: PaneLogRequest | null;
  set(wanted: PaneLogRequest | null): void;
  /** These do nothing while there is no log; see pane-log.ts. */
  sawBytes(chunk: Uint8Array): void;
  wroteScreen(): void;
  resizing(): (() => void) | undefined;
  /** `program`: its name for when the log has none for it. */
  started(run: { epoch: number; pid: number; program: string }, shown?: readonly string[]): void;
  exited(exit: Exit): void;
  /** The log under `from` goes on as this one, whether or not it is this pane's now. */
  move(from: string, wanted: PaneLogRequest): Promise<void>;
  empty(): Promise<void>;
  close(): Promise<void>;
};

/** `pane`: its number now. */
export type PaneLoggingDeps = { pane: () => number; screen: Screen; compressor: LogCompressor };

export function createPaneLogging({ pane, screen, compressor }: PaneLoggingDeps): PaneLogging {
  let log: PaneLog | null = null;
  let wanted: PaneLogRequest | null = null;

  return {
    get wanted() {
      return wanted;
    },
    set(next) {
      if (JSON.stringify(next) === JSON.stringify(wanted)) return;
      void log?.close();
      wanted = next;
      log = null;
      if (!next?.settings.enabled) return;
      try {
        log = createPaneLog({ ...next, pane: pane(), screen, compressor });
      } catch (error) {
        // A program that is not logged is better than none.
        console.error(`pane ${pane()} is not logged:`, error);
      }
    },
    sawBytes(chunk) {
      log?.sawBytes(chunk);
    },
    wroteScreen() {
      log?.wroteScreen();
    },
    resizing: () => log?.resizing(),
    started({ program, ...run }, shown) {
      log?.started({ name: wanted?.command ?? program, ...run }, shown);
    },
    exited(exit) {
      log?.exited(exit);
    },
    async move(from, next) {
      const goesOn = log !== null && wanted?.base === from;
      if (!log || !goesOn) {
        await movePaneLog(from, next.base, next.paneName);
        return;
      }
      wanted = { ...wanted!, base: next.base, paneName: next.paneName };
      await log.move(next);
    },
    async empty() {
      await log?.empty();
    },
    async close() {
      await log?.close();
    },
  };
}
