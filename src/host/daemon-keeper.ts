import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Starts a daemon when the host's own is gone, and again if that one does not come: panes need somebody who decides. */
export type DaemonKeeper = {
  /** A daemon is connected: nothing to do. */
  connected(): void;
  /** The daemon's connection is gone without a goodbye. */
  lost(): void;
  /** Start them from here from now on. */
  use(execPath: string, entry: string): void;
  /** No more daemons: the host is about to leave. */
  stop(): void;
};

const FIRST_DELAY_MS = 100;
const MAX_DELAY_MS = 30_000;
/** A daemon that stayed this long was a good one: the next loss starts from the first delay. */
const GOOD_AFTER_MS = 10_000;

export type DaemonKeeperOptions = {
  execPath: string;
  entry: string;
  session: string;
  report: (message: string) => void;
};

export function createDaemonKeeper({ execPath, entry, session, report }: DaemonKeeperOptions): DaemonKeeper {
  let program = { execPath, entry };
  let delayMs = FIRST_DELAY_MS;
  let timer: NodeJS.Timeout | null = null;
  let connectedAt = 0;
  let stopped = false;

  function attempt(): void {
    timer = null;
    if (stopped) return;
    report(`the daemon is gone: starting a new one`);
    if (!existsSync(program.entry)) {
      report(
        `there is no daemon at ${program.entry}: any command of nonet, from where it is now, brings one from there`,
      );
    }
    const child = spawn(program.execPath, [program.entry, '--session', session], {
      detached: true,
      stdio: 'ignore',
      env: process.env,
    });
    child.on('error', (error) => report(`cannot start a daemon: ${error.message}`));
    child.unref();
    // Until it connects, try again, ever more rarely: the lock lets only one of them live.
    delayMs = Math.min(delayMs * 4, MAX_DELAY_MS);
    timer = setTimeout(attempt, Math.max(delayMs, 2_000));
  }

  return {
    connected() {
      if (timer) clearTimeout(timer);
      timer = null;
      connectedAt = performance.now();
    },
    lost() {
      if (stopped || timer) return;
      if (performance.now() - connectedAt > GOOD_AFTER_MS) delayMs = FIRST_DELAY_MS;
      timer = setTimeout(attempt, delayMs);
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
