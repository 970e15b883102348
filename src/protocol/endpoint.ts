import { chmodSync, existsSync, lstatSync, mkdirSync, unlinkSync } from 'node:fs';
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
  const stat = lstatSync(directory, { throwIfNoEntry: false });
  if (!stat) return;
  if (!stat.isDirectory()) throw new NonetError('unsafe-directory', `${directory} is not a directory`);
  const uid = process.getuid?.();
  if (uid !== undefined && stat.uid !== uid) {
    throw new NonetError('unsafe-directory', `${directory} belongs to another user (uid ${stat.uid})`);
  }
  if ((stat.mode & 0o022) !== 0) throw new NonetError('unsafe-directory', `${directory} can be written to by others`);
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

export type Lock = { release(): void };

/**
 * Takes the lock file, or returns null if a living process holds it. SQLite's exclusive lock is the only one in Node's own library that
 * dies with its holder and is not passed on to children.
 */
export async function acquireLock(lockPath: string): Promise<Lock | null> {
  const { DatabaseSync } = await importSqlite();
  let database: InstanceType<typeof DatabaseSync> | null = null;
  try {
    database = new DatabaseSync(lockPath);
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE;');
  } catch (error) {
    database?.close();
    const { message } = error as Error;
    if (/locked|busy/i.test(message)) return null;
    throw new NonetError('failed', `the lock ${lockPath} cannot be used: ${message}`, { hint: `remove ${lockPath}` });
  }
  const held = database;
  return { release: () => held.close() };
}

/** Listens on `socketPath`, mode 0600. The caller holds the lock, so a socket file that is there is a dead one's. */
export async function listen(socketPath: string, onSocket: (socket: net.Socket) => void): Promise<Endpoint> {
  checkSocketPath(socketPath);
  removeSocket(socketPath);
  const server = net.createServer(onSocket);
  // The file appears with its final rights: no moment in which others could connect.
  const umask = process.umask(0o177);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(socketPath, () => {
        server.off('error', reject);
        resolve();
      });
    });
  } finally {
    process.umask(umask);
  }
  // EMFILE while accepting: the next connection may work again.
  server.on('error', () => {});
  return {
    server,
    close() {
      server.close();
      try {
        unlinkSync(socketPath);
      } catch {
        // Gone already.
      }
    },
  };
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
