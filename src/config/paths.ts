import { readdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { checksum } from '../core/checksum.ts';
import { NonetError } from '../core/errors.ts';
import type { Variables } from './expand-variables.ts';
import { quote } from './problem.ts';

/** Where everything of one session is. All absolute; nothing is created here. */
export type SessionPaths = {
  session: string;
  /** Of this session: sockets and locks. */
  runtimeDirectory: string;
  daemonSocket: string;
  hostSocket: string;
  daemonLock: string;
  hostLock: string;
  /** Of all sessions. */
  stateDirectory: string;
  /** Of this session. */
  sessionStateDirectory: string;
  /** Of this session: the panes' logs and nonet's own. */
  logDirectory: string;
  paneLogDirectory: string;
  daemonLog: string;
  hostLog: string;
  clientLog: string;
  configDirectory: string;
  cacheDirectory: string;
};

type Machine = { platform?: NodeJS.Platform; home?: string };

/** Throws NonetError `usage` for a bad name and `socket-path-too-long` for directories that no socket can be in. */
export function resolvePaths({
  env,
  session,
  ...machine
}: { env: Variables; session: string } & Machine): SessionPaths {
  validateSessionName(session);
  const roots = resolveRoots(env, machine);
  const runtimeDirectory = path.join(roots.runtime, session);
  const sessionStateDirectory = path.join(roots.state, 'sessions', session);
  const logDirectory = path.join(sessionStateDirectory, 'logs');
  return {
    session,
    runtimeDirectory,
    daemonSocket: socketPath(path.join(runtimeDirectory, 'daemon.sock'), machine),
    hostSocket: socketPath(path.join(runtimeDirectory, 'host.sock'), machine),
    daemonLock: path.join(runtimeDirectory, 'daemon.lock'),
    hostLock: path.join(runtimeDirectory, 'host.lock'),
    stateDirectory: roots.state,
    sessionStateDirectory,
    logDirectory,
    paneLogDirectory: path.join(logDirectory, 'panes'),
    daemonLog: path.join(logDirectory, 'daemon.log'),
    hostLog: path.join(logDirectory, 'host.log'),
    clientLog: path.join(logDirectory, 'client.log'),
    configDirectory: roots.config,
    cacheDirectory: roots.cache,
  };
}

const SESSION_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

export function isSessionName(name: string): boolean {
  return SESSION_NAME.test(name);
}

/** Throws NonetError `usage`. A session's name is a directory's name and a word on the command line. */
export function validateSessionName(name: string): void {
  if (isSessionName(name)) return;
  throw new NonetError(
    'usage',
    `${quote(name)} cannot be a session's name: use 1 to 64 letters, digits, ".", "_" or "-", beginning with a letter or digit`,
  );
}

/** The directory's name, with what cannot be in a session's name replaced, and letters of other alphabets by a checksum of the whole. */
export function defaultSessionName(cwd: string): string {
  const base = path.basename(cwd).normalize('NFC');
  const latin = base.normalize('NFKD').replace(/\p{Mark}/gu, '');
  // Two projects whose names have no Latin letters are two sessions.
  const lost = /[^\p{ASCII}\p{Punctuation}\p{Symbol}\p{Separator}]/u.test(latin) ? `-${checksum(base)}` : '';
  const name = latin
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 64 - lost.length)
    .replace(/[-.]+$/, '');
  return `${name || 'nonet'}${lost}`;
}

/** Sessions that have a runtime directory, alive or not, sorted. Throws NonetError `unsafe-directory`. */
export function listSessionNames(env: Variables, machine: Machine = {}): string[] {
  const root = resolveRoots(env, machine).runtime;
  try {
    const entries = readdirSync(root, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory() && isSessionName(entry.name))
      .map((entry) => entry.name)
      .sort();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw new NonetError('unsafe-directory', `${root} cannot be read (${code})`, { cause: error });
  }
}

/** Where a person's configuration is. */
export function configDirectory(env: Variables): string {
  return resolveRoots(env, {}).config;
}

type Roots = { runtime: string; state: string; config: string; cache: string };

/** XDG base directories (https://specifications.freedesktop.org/basedir-spec/latest/): a path that is not absolute is ignored. */
function resolveRoots(env: Variables, { home }: Machine): Roots {
  const base = home ?? absolute(env['HOME']) ?? os.homedir();
  const root = (variable: string, fallback: string) =>
    path.join(absolute(env[variable]) ?? path.join(base, fallback), 'nonet');
  const state = root('XDG_STATE_HOME', '.local/state');
  const runtimeBase = absolute(env['XDG_RUNTIME_DIR']);
  return {
    runtime: runtimeBase === null ? path.join(state, 'run') : path.join(runtimeBase, 'nonet'),
    state,
    config: root('XDG_CONFIG_HOME', '.config'),
    cache: root('XDG_CACHE_HOME', '.cache'),
  };
}

function absolute(value: string | undefined): string | null {
  return value !== undefined && path.isAbsolute(value) ? value : null;
}

/** The longest path of sockaddr_un less its closing NUL: sun_path has 108 bytes on Linux, 104 on macOS. */
function socketPath(file: string, { platform = process.platform }: Machine): string {
  const limit = platform === 'darwin' ? 103 : 107;
  const bytes = Buffer.byteLength(file);
  if (bytes <= limit) return file;
  throw new NonetError(
    'socket-path-too-long',
    `the socket path ${file} has ${bytes} bytes; at most ${limit} are possible`,
  );
}
