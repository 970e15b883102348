import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SessionPaths } from '../config/paths.ts';

/** Starts the session's host, which lives on without us. It leaves at once, with 0, when another one has the lock. */
export function startHost(paths: SessionPaths, env: NodeJS.ProcessEnv): ChildProcess {
  // Run from sources or built, the entries have the same ending.
  const here = fileURLToPath(import.meta.url);
  const extension = path.extname(here);
  const hostEntry = path.join(path.dirname(here), '..', 'host', `main${extension}`);
  const daemonEntry = path.join(path.dirname(here), `main${extension}`);
  const log = openSync(paths.hostLog, 'a', 0o600);
  try {
    const child = spawn(
      process.execPath,
      [
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
