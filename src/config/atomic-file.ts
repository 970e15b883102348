import {
  closeSync,
  constants,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';

/**
 * Writes a whole file so that a reader finds the old content or the new one, whenever power or process end: written beside it, synced, then
 * renamed over it. The content before stays as `FILE.bak`. Mode 0600. Throws what the file system says; the old file is then as it was.
 */
export function writeFileAtomically(file: string, content: string): void {
  const temporary = `${file}.new`;
  // What a crash left there; never followed if it is a link.
  rmSync(temporary, { force: true });
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
  const fd = openSync(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  try {
    const bytes = Buffer.from(content);
    for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
    fsyncSync(fd);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  } finally {
    closeSync(fd);
  }
  keepBackup(file);
  renameSync(temporary, file);
  syncDirectory(path.dirname(file));
}

/**
 * What `parse` makes of the file, else of its backup; null when there is neither or both are damaged. `parse` returns null for content it
 * cannot use.
 */
export function readFileOrBackup<T>(file: string, parse: (content: string) => T | null): T | null {
  for (const candidate of [file, `${file}.bak`]) {
    let content: string;
    try {
      content = readFileSync(candidate, 'utf8');
    } catch {
      continue;
    }
    const parsed = parse(content);
    if (parsed !== null) return parsed;
  }
  return null;
}

/** A second name for the present content: nothing is copied, and the file itself is never away. */
function keepBackup(file: string): void {
  try {
    const fresh = `${file}.bak.new`;
    rmSync(fresh, { force: true });
    linkSync(file, fresh);
    renameSync(fresh, `${file}.bak`);
  } catch {
    // Nothing to keep yet, or a file system without links: the new content is what counts.
  }
}

function syncDirectory(directory: string): void {
  try {
    const fd = openSync(directory, constants.O_RDONLY);
    try {
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
  } catch {
    // Some file systems do not sync directories; the rename is as safe there as it gets.
  }
}
