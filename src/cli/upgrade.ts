import { existsSync } from 'node:fs';
import type { SessionPaths } from '../config/paths.ts';
import { NonetError } from '../core/errors.ts';
import { VERSION } from '../core/version.ts';
import type { Connection } from '../protocol/connection.ts';
import { daemonRequests } from '../protocol/control.ts';
import { say } from './output.ts';
import { connectDaemon, daemonEntry, sleep, tryConnect } from './session-daemon.ts';

const PATIENCE_MS = 15_000;
const RETRY_MS = 20;

/**
 * Replaces the session's daemon by the one of this program. Panes and host stay as they are; the host is replaced only when the session is
 * taken down, which this says where it matters. Returns the exit code.
 */
export async function upgrade(paths: SessionPaths): Promise<number> {
  const connection = await connectDaemon(paths);
  const before = connection.peer;
  const entry = daemonEntry();
  if (!existsSync(entry))
    throw new NonetError('failed', `there is no daemon at ${entry}: is the installation complete?`);
  const { hostVersion } = await connection
    .request(daemonRequests, 'hand-over', { execPath: process.execPath, entry })
    .finally(() => connection.close());
  const next = await waitForAnother(paths, before.pid);
  const { version } = next.peer;
  const panes = await next.request(daemonRequests, 'list', {}).finally(() => next.close());
  const running = panes.filter(({ pid }) => pid !== null).length;
  say(`daemon ${before.version} → ${version}; ${running} of ${panes.length} panes run on untouched`);
  if (hostVersion !== VERSION) {
    say(`the host that holds the panes is still ${hostVersion}: it is replaced by \`nonet down\` and \`nonet up\``);
  }
  return version === VERSION ? 0 : 1;
}

async function waitForAnother(paths: SessionPaths, oldPid: number): Promise<Connection> {
  const deadline = performance.now() + PATIENCE_MS;
  while (performance.now() < deadline) {
    const connection = await tryConnect(paths);
    if (connection && connection.peer.pid !== oldPid) return connection;
    connection?.close();
    await sleep(RETRY_MS);
  }
  throw new NonetError('timed-out', 'the new daemon did not come within 15 s; the panes go on', {
    hint: `see ${paths.daemonLog}; nonet attach works without a daemon`,
  });
}
