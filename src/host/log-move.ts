import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { LOG_KINDS, type LogDescription, rotatedLogs } from '../core/log-names.ts';

/**
 * Gives a log and what was rotated from it another name. Where a log of that name is there already (of a pane that is gone), both stay as
 * they are: what is logged from now on follows that one's lines.
 */
export async function moveLogFiles(from: string, to: string): Promise<void> {
  const directory = path.dirname(from);
  const names = await readdir(directory).catch((): string[] => []);
  const target = path.basename(to);
  if (names.includes(target) || rotatedLogs(target, names).length > 0) return;
  const source = path.basename(from);
  // The newest last: ended in between, the old name still has the end of the log.
  for (const { file } of rotatedLogs(source, names).reverse()) {
    await rename(path.join(directory, file), path.join(directory, target + file.slice(source.length)));
  }
  if (names.includes(source)) await rename(from, to);
}

/** All files of a pane that nobody writes. `from` and `to`: paths without endings. */
export async function movePaneLog(from: string, to: string, paneName: string): Promise<void> {
  for (const kind of LOG_KINDS) await moveLogFiles(`${from}.${kind}`, `${to}.${kind}`);
  const text = await readFile(`${from}.json`, 'utf8').catch(() => null);
  if (text === null) return;
  const description: LogDescription = { ...(JSON.parse(text) as LogDescription), name: paneName };
  await writeFile(`${to}.json`, `${JSON.stringify(description)}\n`, { mode: 0o600, flag: 'wx' }).catch(() => {
    // A log of that name says of itself what it is.
  });
  await rm(`${from}.json`, { force: true });
}
