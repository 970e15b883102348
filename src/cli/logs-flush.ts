import fs from 'node:fs';
import path from 'node:path';
import type { SessionPaths } from '../config/paths.ts';
import { LOG_KINDS, rotatedLogs } from '../core/log-names.ts';
import { daemonRequests } from '../protocol/control.ts';
import { findPaneLogs } from './log-sources.ts';
import { say } from './output.ts';
import { tryConnect } from './session-daemon.ts';

/** Empties logs: through the host that writes them, or, when the session is down, in the files. */
export async function flushLogs(paths: SessionPaths, selectors: readonly string[]): Promise<number> {
  const connection = await tryConnect(paths);
  if (connection) {
    const { panes } = await connection
      .request(daemonRequests, 'flush', { panes: selectors.length > 0 ? [...selectors] : ['all'] })
      .finally(() => connection.close());
    say(`emptied: ${panes.join(', ')}`);
    return 0;
  }
  const sources = await findPaneLogs(paths, selectors, 'log');
  for (const { file } of sources) {
    for (const kind of LOG_KINDS) emptyFiles(file.replace(/log$/, kind));
  }
  say(`emptied: ${sources.map(({ name }) => name).join(', ')}`);
  return 0;
}

function emptyFiles(file: string): void {
  const directory = path.dirname(file);
  for (const { file: name } of rotatedLogs(path.basename(file), fs.readdirSync(directory))) {
    fs.rmSync(path.join(directory, name), { force: true });
  }
  // Not through a link: what it points at is not ours to empty.
  if (fs.lstatSync(file, { throwIfNoEntry: false })?.isFile()) fs.truncateSync(file);
}
