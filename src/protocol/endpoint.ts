import { chmodSync, existsSync, lstatSync, mkdirSync, type Stats, truncateSync, unlinkSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { NonetError } from '../core/errors.ts';

/**
 * A socket that only its owner can reach and that only one process listens on. The lock is held by the kernel for as long as the process
 * lives: a crashed owner leaves a stale socket file, never a stale lock.
 */
export type Endpoint = { server: net.Server; close(): void };

/** Longest socket path the kernel takes; Node would cut a longer one and listen elsewhere. */
export const MAX_SOCKET_PATH_BYTES = process.platform === 'darwin' ? 103 : 107;

export function checkSocketPath(socketPath: string): void {
  const bytes = Buffer.byteLength(socketPath);
  if (bytes > MAX_SOCKET_PATH_BYTES) {
    throw new NonetError(
      'socket-path-too-long',
      `the socket path ${socketPath} has ${bytes} bytes; at most ${MAX_SOCKET_PATH_BYTES} are possible`,
    );
  }
}

/**
 * Makes `directory` (mode 0700, parents too) and refuses one that another user could reach: a symbolic link, someone else's, or one
 * that group or others may write to.
 */
export function ensurePrivateDirectory(directory: string): void {
  makeDirectory(directory);
  checkPrivateDirectory(directory);
  // Ours and unshared: close what an unusual umask left open for reading.
  if ((lstatSync(directory).mode & 0o077) !== 0) chmodSync(directory, 0o700);
}

/** Throws NonetError `unsafe-directory` for a directory that another user could have made or could change; a missing one is fine. */
export function checkPrivateDirectory(directory: string): void {
  const stat = statOf(directory);
  if (!stat) return;
  if (!stat.isDirectory()) throw new NonetError('unsafe-directory', `${directory} is not a directory`);
  const uid = process.getuid?.();
  if (uid !== undefined && stat.uid !== uid) {
    throw new NonetError('unsafe-directory', `${directory} belongs to another user (uid ${stat.uid})`);
  }
  if ((stat.mode & 0o022) !== 0) throw new NonetError('unsafe-directory', `${directory} can be written to by others`);
}

/** Null for what is not there, also because a directory above it is none. Throws NonetError `unsafe-directory` where nobody can say. */
function statOf(file: string): Stats | null {
  try {
    return lstatSync(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw new NonetError('unsafe-directory', `${file} cannot be looked at (${code})`, { cause: error });
  }
}

/** Node's own recursive mkdir never returns where the kernel says ENOENT for a child of a directory that is there, as /proc does. */
function makeDirectory(directory: string): void {
  if (existsSync(directory)) return;
  const parent = path.dirname(directory);
  if (parent !== directory) makeDirectory(parent);
  try {
    mkdirSync(directory, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Another process was as quick.
    if (code === 'EEXIST') return;
    throw new NonetError('unsafe-directory', `${directory} cannot be made (${code})`);
  }
}

export type Lock = {
  /** Whether it is ours; one whose file was taken away is taken again. False: another process has it by now. */
  keep(): Promise<boolean>;
  release(): void;
};

/**
 * Takes the lock file, or returns null if a living process holds it. SQLite's exclusive lock is the only one in Node's own library that
 * dies with its holder and is not passed on to children.
 */
export async function acquireLock(lockPath: string): Promise<Lock | null> {
  let held = await openLocked(lockPath);
  if (!held) return null;
  let file = inodeOf(lockPath);
  return {
    async keep() {
      const present = inodeOf(lockPath);
      if (present !== null && present === file) return true;
      ensurePrivateDirectory(path.dirname(lockPath));
      const again = await openLocked(lockPath);
      if (!again) return false;
      held?.close();
      held = again;
      file = inodeOf(lockPath);
      return true;
    },
    release: () => held?.close(),
  };
}

async function openLocked(lockPath: string): Promise<{ close(): void } | null> {
  const { DatabaseSync } = await importSqlite();
  let database: InstanceType<typeof DatabaseSync> | null = null;
  try {
    database = new DatabaseSync(lockPath);
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE;');
  } catch (error) {
    database?.close();
    const { message } = error as Error;
    if (/locked|busy/i.test(message)) return null;
    if (/not a database/i.test(message) && empty(lockPath)) return openLocked(lockPath);
    throw new NonetError('failed', `the lock ${lockPath} cannot be used: ${message}`, { hint: `remove ${lockPath}` });
  }
  return database;
}

/** A lock is a file without content: what is in it came from elsewhere. Not a new file, which another process could have locked by now. */
function empty(lockPath: string): boolean {
  const stat = statOf(lockPath);
  if (!stat?.isFile() || stat.size === 0) return false;
  truncateSync(lockPath);
  return true;
}

function inodeOf(file: string): number | null {
  return statOf(file)?.ino ?? null;
}

const LOOK_MS = 1_000;

/**
 * Listens on `socketPath`, mode 0600. The caller holds the lock, so a socket file that is there is a dead one's. What cleans up old files,
 * and a logout, may take it away from under a living process: it comes back.
 */
export async function listen(
  socketPath: string,
  onSocket: (socket: net.Socket) => void,
  { lookMs = LOOK_MS }: { lookMs?: number } = {},
): Promise<Endpoint> {
  checkSocketPath(socketPath);
  const server = net.createServer(onSocket);
  await bind(server, socketPath);
  // EMFILE while accepting: the next connection may work again.
  server.on('error', () => {});
  const looking = setInterval(() => {
    try {
      // Another file in its place is another process's.
      if (inodeOf(socketPath) !== null) return;
      ensurePrivateDirectory(path.dirname(socketPath));
    } catch {
      // Not even the directory can be made: perhaps later.
      return;
    }
    // Connections stay; only the ear is a new one.
    server.close();
    listenPrivately(server, socketPath);
  }, lookMs);
  looking.unref();
  return {
    server,
    close() {
      clearInterval(looking);
      server.close();
      try {
        unlinkSync(socketPath);
      } catch {
        // Gone already.
      }
    },
  };
}

/**
 * Where lock and socket were taken away together, whoever had them may bring the socket back in the moment between our clearing the place
 * and taking it. It finds the lock ours and leaves, so the place is cleared once more; twice is not bad luck.
 */
async function bind(server: net.Server, socketPath: string): Promise<void> {
  for (let isLast = false; ; isLast = true) {
    removeSocket(socketPath);
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        listenPrivately(server, socketPath, () => {
          server.off('error', reject);
          resolve();
        });
      });
      return;
    } catch (error) {
      if (isLast || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    }
  }
}

/** The file appears with its final rights: no moment in which others could connect. Bound before this returns, so no child has the umask. */
function listenPrivately(server: net.Server, socketPath: string, onListening?: () => void): void {
  const umask = process.umask(0o177);
  try {
    server.listen(socketPath, onListening);
  } finally {
    process.umask(umask);
  }
}

function removeSocket(socketPath: string): void {
  let stat: ReturnType<typeof lstatSync>;
  try {
    stat = lstatSync(socketPath);
  } catch {
    return;
  }
  if (!stat?.isSocket()) {
    throw new NonetError('unsafe-directory', `${socketPath} is in the way: it is not a socket`, {
      hint: `move it out of ${path.dirname(socketPath)}`,
    });
  }
  unlinkSync(socketPath);
}

/** node:sqlite, without the warning that Node 22 prints on its first use. */
async function importSqlite(): Promise<typeof import('node:sqlite')> {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return await import('node:sqlite');
  } finally {
    process.emitWarning = emitWarning;
  }
}
