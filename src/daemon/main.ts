import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import v8 from 'node:v8';
import { resolvePaths } from '../config/paths.ts';
import { acquireLock, ensurePrivateDirectory } from '../protocol/endpoint.ts';
import { createProcesses } from '../supervisor/create-processes.ts';
import { findLivingHost } from './find-host.ts';
import { closeInheritedTerminals } from './inherited-terminals.ts';
import { createLog, logFatal, logLevelOf } from './log.ts';
import { startHost } from './start-host.ts';

const KEEP_LOCK_MS = 1_000;
const PANE_VARIABLES = new Set(['NONET_PANE', 'NONET_PANE_NAME', 'NONET_SPAWN']);

/**
 * The daemon's entry: `daemon/main.js --session NAME`. Exits 0 at once if another daemon of the session lives. Loads as little as it can
 * before the host is on its way, because panes appear only when both are there.
 */
const { values } = parseArgs({ options: { session: { type: 'string' } } });
if (!values.session) {
  console.error('the daemon is started by `nonet up`, not by hand');
  process.exit(2);
}

// V8 would collect a heap of 12 MB twice, 8 s after each busy moment, to give memory back: 75 ms of work for next to nothing.
v8.setFlagsFromString('--gc-memory-reducer-start-delay-ms=600000');

closeInheritedTerminals();
const paths = resolvePaths({ env: process.env, session: values.session });
for (const directory of [paths.runtimeDirectory, paths.stateDirectory, paths.logDirectory]) {
  ensurePrivateDirectory(directory);
}
const lock = await acquireLock(paths.daemonLock);
if (!lock) process.exit(0);

// The directory of whoever started us may be removed or unmounted.
process.chdir('/');
// What this process is started with is not what its panes' host is to have: it may itself come out of a pane.
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !PANE_VARIABLES.has(name)));
const lives = existsSync(paths.hostSocket) || (await findLivingHost(createProcesses(), paths.hostSocket)) !== null;
const starting = lives ? null : startHost(paths, env);

const log = createLog(paths.daemonLog, logLevelOf(process.env['NONET_LOG']));
// A terminal that closes or a reader that goes away is no reason to end.
process.on('SIGHUP', () => {});
process.on('SIGPIPE', () => {});
process.on('uncaughtException', (error) => {
  // What is left of this process cannot be trusted; the host starts the next one.
  logFatal(paths.daemonLog, error);
  process.exit(1);
});

const { startDaemon } = await import('./daemon.ts');
const daemon = await startDaemon({
  paths,
  env,
  log,
  starting,
  onDone() {
    lock.release();
    process.exit(0);
  },
}).catch((error: Error) => {
  // Nobody can reach us, so a host that we have just started would be there for nobody.
  starting?.kill();
  logFatal(paths.daemonLog, error);
  console.error(error.message);
  process.exit(1);
});
let asked = false;
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    log.info({ signal }, 'asked to end');
    // The first time with grace, from then on without.
    void daemon.down(asked ? 0 : null);
    asked = true;
  });
}
// Whoever finds neither lock nor socket starts another daemon; of two, the one with the lock stays.
setInterval(() => {
  lock.keep().then(
    (kept) => {
      if (kept) return;
      log.error({}, 'another daemon has taken the lock: leaving the session to it');
      process.exit(0);
    },
    () => {
      // Its directory cannot be made again: perhaps later.
    },
  );
}, KEEP_LOCK_MS).unref();
await log.load();
