import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SessionPaths } from '../config/paths.ts';

/**
 * Scrollback is old at birth: with V8's usual 16 MB for young objects, lines and chunks of a flood are copied about and leave three times
 * the memory behind (nine panes with 10,000 lines each: 390 MB against 290 MB, and no slower).
 */
const YOUNG_GENERATION = '--max-semi-space-size=1';

/** Starts the session's host, which lives on without us. It leaves at once, with 0, when another one has the lock. */
export function startHost(paths: SessionPaths, env: NodeJS.ProcessEnv): ChildProcess {
  // Run from sources or built, the entries have the same ending.
  const here = fileURLToPath(import.meta.url);
  const extension = path.extname(here);
  const hostEntry = path.join(path.dirname(here), '..', 'host', `main${extension}`);
  const daemonEntry = path.join(path.dirname(here), '..', 'daemon', `main${extension}`);
  const log = openSync(paths.hostLog, 'a', 0o600);
  try {
    const child = spawn(
      process.execPath,
      [
        YOUNG_GENERATION,
        hostEntry,
        ...['--session', paths.session],
        ...['--socket', paths.hostSocket],
        ...['--lock', paths.hostLock],
        ...['--daemon-entry', daemonEntry],
      ],
      { detached: true, stdio: ['ignore', log, log], cwd: '/', env },
    );
    child.unref();
    return child;
  } finally {
    closeSync(log);
  }
}
