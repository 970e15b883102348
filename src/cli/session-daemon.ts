import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { listSessionNames, resolvePaths, type SessionPaths } from '../config/paths.ts';
import { NonetError } from '../core/errors.ts';
import { VERSION } from '../core/version.ts';
import { type Connection, connect, createHello } from '../protocol/connection.ts';
import { ensurePrivateDirectory } from '../protocol/endpoint.ts';

/** How the command line finds a session's daemon, or starts it. */
const START_TIMEOUT_MS = 15_000;
const RETRY_MS = 10;
/** A daemon started from inside a pane must not look like a part of that pane, and end with it. */
const PANE_MARKS = ['NONET_PANE', 'NONET_PANE_NAME', 'NONET_SPAWN'];

/** Throws NonetError `no-such-session` when nobody answers. */
export async function connectDaemon(paths: SessionPaths): Promise<Connection> {
  const connection = await tryConnect(paths);
  if (connection) return connection;
  // A session that was taken down leaves its directory, not its socket.
  const others = listSessionNames(process.env).filter(
    (session) => session !== paths.session && existsSync(resolvePaths({ env: process.env, session }).daemonSocket),
  );
  const hint =
    others.length > 0
      ? `sessions here: ${others.join(', ')}; start this one with \`nonet up\``
      : 'start it with `nonet up`';
  throw new NonetError('no-such-session', `no session "${paths.session}" is running`, { hint });
}

/** Null when no daemon listens: no socket, or a dead one's. */
export async function tryConnect(paths: SessionPaths): Promise<Connection | null> {
  try {
    return await connect(paths.daemonSocket, createHello('cli', paths.session, VERSION));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ECONNREFUSED' || code === 'disconnected' || code === 'ENOTDIR') return null;
    throw error;
  }
}

/**
 * Connects to the daemon and starts one if none answers. Any number of these at once end up with the same daemon: it takes a lock, and the
 * ones that come too late leave without a word.
 */
export async function ensureDaemon(paths: SessionPaths): Promise<Connection> {
  const running = await tryConnect(paths);
  if (running) return running;
  for (const directory of [paths.runtimeDirectory, paths.stateDirectory, paths.logDirectory])
    ensurePrivateDirectory(directory);
  const deadline = performance.now() + START_TIMEOUT_MS;
  let child = startDaemon(paths);
  let exited = false;
  const watch = (): void => {
    exited = false;
    child.once('exit', () => {
      exited = true;
    });
  };
  watch();
  while (performance.now() < deadline) {
    const connection = await tryConnect(paths);
    if (connection) return connection;
    if (exited) {
      // Another one had the lock: it will answer, or was just leaving; then it is our turn.
      await sleep(RETRY_MS * 5);
      const other = await tryConnect(paths);
      if (other) return other;
      child = startDaemon(paths);
      watch();
    }
    await sleep(RETRY_MS);
  }
  throw new NonetError(
    'timed-out',
    `the daemon of session "${paths.session}" did not start within ${START_TIMEOUT_MS / 1000} s`,
    {
      hint: `see ${paths.daemonLog}`,
    },
  );
}

/** Run from sources or built, the entries have the same ending. */
export function daemonEntry(): string {
  const here = fileURLToPath(import.meta.url);
  return path.join(path.dirname(here), '..', 'daemon', `main${path.extname(here)}`);
}

function startDaemon(paths: SessionPaths): ReturnType<typeof spawn> {
  const log = openSync(paths.daemonLog, 'a', 0o600);
  try {
    const child = spawn(process.execPath, [daemonEntry(), '--session', paths.session], {
      detached: true,
      stdio: ['ignore', log, log],
      cwd: '/',
      env: daemonEnvironment(paths),
    });
    child.on('error', () => {
      // Shows as a daemon that does not answer.
    });
    child.unref();
    return child;
  } finally {
    closeSync(log);
  }
}

/** Ours, less the marks of a pane; daemon and host find their compiled code where we keep ours. Panes get none of this. */
function daemonEnvironment(paths: SessionPaths): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...process.env, NODE_COMPILE_CACHE: path.join(paths.cacheDirectory, 'compiled') };
  for (const name of PANE_MARKS) delete env[name];
  return env;
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
