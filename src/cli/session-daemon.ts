import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { listSessionNames, resolvePaths, type SessionPaths } from '../config/paths.ts';
import { NonetError } from '../core/errors.ts';
import { VERSION } from '../core/version.ts';
import { type Connection, connect, createHello } from '../protocol/connection.ts';
import { checkPrivateDirectory, ensurePrivateDirectory } from '../protocol/endpoint.ts';

/** How the command line finds a session's daemon, or starts it. */
const START_TIMEOUT_MS = 15_000;
const RETRY_MS = 10;
const MAX_ATTEMPTS = 8;
/** A daemon started from inside a pane must not look like a part of that pane, and end with it. */
const PANE_MARKS = ['NONET_PANE', 'NONET_PANE_NAME', 'NONET_SPAWN'];

/** Throws NonetError `no-such-session` when nobody answers. */
export async function connectDaemon(paths: SessionPaths): Promise<Connection> {
  const connection = await findDaemon(paths);
  if (connection) return connection;
  const start = `start it with \`nonet up -s ${paths.session}\``;
  const others: string[] = [];
  for (const session of listSessionNames(process.env)) {
    if (await listens(resolvePaths({ env: process.env, session }).daemonSocket)) others.push(session);
  }
  const hint = others.length > 0 ? `sessions here: ${others.join(', ')}; ${start}` : start;
  throw new NonetError('no-such-session', `no session "${paths.session}" is running`, { hint });
}

/** Null when the session is not running. */
export async function findDaemon(paths: SessionPaths): Promise<Connection | null> {
  const connection = await tryConnect(paths);
  if (connection) return connection;
  // Panes may live without a daemon for a moment: theirs comes, and if it does not, it is started here.
  return (await listens(paths.hostSocket)) ? ensureDaemon(paths) : null;
}

/** Null when no daemon listens: no socket, or a dead one's. Nothing is said to a socket that another user may have put there. */
export async function tryConnect(paths: SessionPaths): Promise<Connection | null> {
  checkPrivateDirectory(path.dirname(paths.runtimeDirectory));
  checkPrivateDirectory(paths.runtimeDirectory);
  for (let attempt = 1; ; attempt++) {
    try {
      return await connect(paths.daemonSocket, createHello('cli', paths.session, VERSION));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ECONNREFUSED' || code === 'ENOTDIR') return null;
      // It is about to leave, or has too many connections for the moment.
      if (code !== 'disconnected' || attempt === MAX_ATTEMPTS) throw error;
      await sleep(RETRY_MS * attempt * 2);
    }
  }
}

function listens(socketPath: string): Promise<boolean> {
  if (!existsSync(socketPath)) return Promise.resolve(false);
  return new Promise((resolve) => {
    const socket = net.connect(socketPath, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

/**
 * Connects to the daemon and starts one if none answers. Any number of these at once end up with the same daemon: it takes a lock, and the
 * ones that come too late leave without a word.
 */
export async function ensureDaemon(paths: SessionPaths): Promise<Connection> {
  const running = await tryConnect(paths);
  if (running) return running;
  assertNotInit();
  const { runtimeDirectory, stateDirectory, logDirectory } = paths;
  for (const directory of [path.dirname(runtimeDirectory), runtimeDirectory, stateDirectory, logDirectory]) {
    ensurePrivateDirectory(directory);
  }
  const deadline = performance.now() + START_TIMEOUT_MS;
  let child = startDaemon(paths);
  let exited: number | null = null;
  const watch = (): void => {
    exited = null;
    child.once('exit', (code) => {
      exited = code ?? 1;
    });
  };
  watch();
  while (performance.now() < deadline) {
    const connection = await tryConnect(paths);
    if (connection) return connection;
    // Nobody else is coming either: it says in its log why it could not.
    if (exited !== null && exited !== 0) throw startFailure(paths);
    if (exited === 0) {
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

/** Every orphan becomes a child of process 1, and Node reaps only what it started itself: the dead would fill the process table. */
function assertNotInit(): void {
  if (process.pid !== 1) return;
  throw new NonetError(
    'failed',
    'nonet cannot be the first process of a container: it would not reap what programs leave behind',
    {
      hint: 'put an init before it: `docker run --init`, or `tini -- nonet`',
    },
  );
}

/** In the words that it left in its log. */
function startFailure(paths: SessionPaths): NonetError {
  const lines = readFileSync(paths.daemonLog, 'utf8').trimEnd().split('\n').slice(-30);
  const said =
    lines.findLast((line) => /^(\w*Error: |\S.*: )/.test(line) && !line.startsWith('{')) ?? lines.at(-1) ?? '';
  const reason = said.replace(/^\w*Error: /, '');
  return new NonetError('failed', `the daemon of session "${paths.session}" cannot start: ${reason}`, {
    hint: `see ${paths.daemonLog}`,
  });
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
