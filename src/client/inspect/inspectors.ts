import type { Clock } from '../clock.ts';
import { describeError } from '../key-commands.ts';
import type { RequestDaemon } from '../request-daemon.ts';
import type { Store } from '../store.ts';
import { createLogViewer, type LogViewer } from './log-viewer.ts';
import { createPaneInfoKeeper } from './pane-info.ts';
import { createRenamer } from './rename.ts';

/** What stands behind the overlays that look at one pane or name it: its log, what the daemon knows of it, and its name. */
export type Inspectors = {
  readonly log: LogViewer;
  rename(pane: number, name: string): void;
  /** The store has changed. */
  update(): void;
  dispose(): void;
};

export type InspectorsDeps = { store: Store; clock: Clock; logDirectory: string; requestDaemon: RequestDaemon };

export function createInspectors({ store, clock, logDirectory, requestDaemon }: InspectorsDeps): Inspectors {
  const log = createLogViewer({ store, clock, directory: logDirectory });
  const info = createPaneInfoKeeper({ store, clock, show: (pane) => requestDaemon('show', { pane }), describeError });
  const rename = createRenamer({
    store,
    request: (pane, name) => requestDaemon('rename', { pane, name }),
    describeError,
  });

  return {
    log,
    rename,
    update() {
      log.update();
      info.update();
    },
    dispose() {
      log.dispose();
      info.dispose();
    },
  };
}
