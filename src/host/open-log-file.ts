import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

/**
 * Opens for appending, with its directory if need be. Never through a link, and only a plain file of our own with one name: everything
 * else could be somebody's trap.
 */
export async function openLogFile(file: string): Promise<number> {
  const directory = path.dirname(file);
  await makeDirectory(directory);
  const uid = process.getuid?.();
  const folder = await fs.promises.lstat(directory);
  if (!folder.isDirectory() || (uid !== undefined && folder.uid !== uid) || (folder.mode & 0o022) !== 0) {
    throw new Error(`${directory} is not a directory of ours alone`);
  }
  const { O_WRONLY, O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = fs.constants;
  // Non-blocking: a named pipe without a reader would hold a thread for ever.
  const handle = await promisify(fs.open)(file, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600);
  const status = await promisify(fs.fstat)(handle);
  if (!status.isFile() || (uid !== undefined && status.uid !== uid) || status.nlink > 1) {
    await promisify(fs.close)(handle);
    throw new Error(`${file} is not a plain file of ours alone`);
  }
  if ((status.mode & 0o077) !== 0) await promisify(fs.fchmod)(handle, 0o600);
  return handle;
}

/** Not Node's own recursion, which never returns where a directory that is there refuses children with ENOENT (as /proc does). */
export async function makeDirectory(directory: string): Promise<void> {
  const make = () => fs.promises.mkdir(directory, { mode: 0o700 });
  try {
    await make();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT' || path.dirname(directory) === directory) throw error;
    await makeDirectory(path.dirname(directory));
    await make();
  }
}
