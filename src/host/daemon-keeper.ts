import { spawn } from 'node:child_process';
import type { EventEmitter } from 'node:events';
import { existsSync } from 'node:fs';

/** Starts a daemon when the host's own is gone, and again if that one does not come: panes need somebody who decides. */
export type DaemonKeeper = {
  /** A daemon is connected: nothing to do. */
  connected(): void;
  /** A daemon's connection is gone without a goodbye. `othersLeft`: someone else says to be one; whether that is so, the lock will tell. */
  lost(othersLeft: boolean): void;
  /** Start them from here from now on. */
  use(execPath: string, entry: string): void;
  /** No more daemons: the host is about to leave. */
  stop(): void;
};

const FIRST_DELAY_MS = 100;
/** A daemon that had come and is gone again soon is missed like any other: what panes are to do must not wait for long. */
const MAX_DELAY_MS = 2_000;
/** One that does not come at all is started ever more rarely. */
const FIRST_PATIENCE_MS = 2_000;
const MAX_PATIENCE_MS = 30_000;
/** A daemon that stayed this long was a good one: the next loss starts from the first delay. */
const GOOD_AFTER_MS = 10_000;

export type DaemonKeeperOptions = {
  execPath: string;
  entry: string;
  session: string;
  report: (message: string) => void;
  start?: typeof startDaemon;
};

export function createDaemonKeeper({
  execPath,
  entry,
  session,
  report,
  start = startDaemon,
}: DaemonKeeperOptions): DaemonKeeper {
  let program = { execPath, entry };
  let delayMs = FIRST_DELAY_MS;
  let patienceMs = FIRST_PATIENCE_MS;
  let timer: NodeJS.Timeout | null = null;
  let connectedAt = 0;
  let stopped = false;

  function attempt(once: boolean): void {
    timer = null;
    if (stopped) return;
    report(`the daemon is gone: starting a new one`);
    if (!existsSync(program.entry)) {
      report(
        `there is no daemon at ${program.entry}: any command of nonet, from where it is now, brings one from there`,
      );
    }
    start(program, session).on('error', (error) => report(`cannot start a daemon: ${error.message}`));
    if (once) return;
    // Until it connects, try again: the lock lets only one of them live.
    timer = setTimeout(() => attempt(false), patienceMs);
    patienceMs = Math.min(patienceMs * 2, MAX_PATIENCE_MS);
  }

  return {
    connected() {
      if (timer) clearTimeout(timer);
      timer = null;
      patienceMs = FIRST_PATIENCE_MS;
      connectedAt = performance.now();
    },
    lost(othersLeft) {
      if (stopped || timer) return;
      if (performance.now() - connectedAt > GOOD_AFTER_MS) delayMs = FIRST_DELAY_MS;
      timer = setTimeout(() => attempt(othersLeft), delayMs);
      delayMs = Math.min(delayMs * 2, MAX_DELAY_MS);
    },
    use(nextExecPath, nextEntry) {
      program = { execPath: nextExecPath, entry: nextEntry };
    },
    stop() {
      stopped = true;
      if (timer) clearTimeout(timer);
    },
  };
}

function startDaemon({ execPath, entry }: { execPath: string; entry: string }, session: string): EventEmitter {
  const child = spawn(execPath, [entry, '--session', session], { detached: true, stdio: 'ignore', env: process.env });
  child.unref();
  return child;
}
