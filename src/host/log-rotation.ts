import { readdir, rename, rm, truncate } from 'node:fs/promises';
import path from 'node:path';
import { rotatedLogs } from '../core/log-names.ts';

/**
 * Moves `file` to `file.1` and the earlier ones up by one, at most `retain` of them. Only names change, from the highest number down, into a
 * gap if there is one: ended at any moment, this leaves every byte under exactly one name, and the next call goes on from there.
 */
export async function rotateLogFiles(file: string, retain: number): Promise<void> {
  const directory = path.dirname(file);
  const kept = await removeSurplus(file, Math.max(0, retain));
  if (retain <= 0) {
    await rm(file, { force: true });
    return;
  }
  let gap = 1;
  while (kept.has(gap)) gap++;
  if (gap > retain) {
    gap = retain;
    await rm(path.join(directory, kept.get(gap)!), { force: true });
  }
  for (let number = gap - 1; number >= 1; number--) {
    const name = kept.get(number)!;
    const ending = name.endsWith('.gz') ? '.gz' : '';
    await rename(path.join(directory, name), `${file}.${number + 1}${ending}`);
  }
  await rename(file, `${file}.1`).catch(ignoreMissing);
}

/** Empties `file`, if it is there, and removes what was rotated. */
export async function emptyLogFiles(file: string): Promise<void> {
  await removeSurplus(file, 0);
  await truncate(file).catch(ignoreMissing);
}

/** Removes files above `retain`, half-written ones, and copies that compressing left beside their originals. What is left: number → name. */
async function removeSurplus(file: string, retain: number): Promise<Map<number, string>> {
  const directory = path.dirname(file);
  const base = path.basename(file);
  const names = await readdir(directory).catch(() => []);
  const kept = new Map<number, string>();
  const surplus = names.filter((name) => name.startsWith(`${base}.`) && name.endsWith('.gz.part'));
  for (const { number, file: name } of rotatedLogs(base, names)) {
    if (number > retain || kept.has(number)) surplus.push(name);
    else kept.set(number, name);
  }
  for (const name of surplus) await rm(path.join(directory, name), { force: true });
  return kept;
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
