import { listSessionNames, resolvePaths } from '../config/paths.ts';
import { errorTable, NonetError } from '../core/errors.ts';
import { daemonRequests } from '../protocol/control.ts';
import { printJson, printLine, say, sayError } from './output.ts';
import { findDaemon } from './session-daemon.ts';

type Row = { session: string; panes: number; running: number; pid: number };
type Failure = { session: string; error: NonetError };

/** Longer than a daemon waits for its host. */
const ANSWER_MS = 15_000;

/** `nonet sessions`: those that answer; those that do not are told of after them. */
export async function printSessions(json: boolean): Promise<number> {
  const found = await Promise.all(listSessionNames(process.env).map(look));
  const rows = found.flatMap((one) => (one && 'pid' in one ? [one] : []));
  const failures = found.flatMap((one) => (one && 'error' in one ? [one] : []));
  if (json) printJson(rows);
  else if (found.every((one) => one === null)) say('no session is running');
  else for (const { session, panes, running } of rows) printLine(`${session}  ${panes} panes, ${running} running`);
  for (const { session, error } of failures) {
    const { code, message, hint } = error;
    const what = code === 'timed-out' ? `session "${session}" does not answer` : `session "${session}"`;
    sayError(new NonetError(code, `${what}: ${message}`, { hint, cause: error }));
  }
  return failures.length === 0 ? 0 : errorTable[failures[0]!.error.code].exitCode;
}

/** Null for a session that is not running, or leaves in this moment. */
async function look(session: string): Promise<Row | Failure | null> {
  try {
    const connection = await findDaemon(resolvePaths({ env: process.env, session }));
    if (!connection) return null;
    try {
      const panes = await connection.request(daemonRequests, 'list', {}, { timeoutMs: ANSWER_MS });
      const running = panes.filter(({ state }) => state === 'running').length;
      return { session, panes: panes.length, running, pid: connection.peer.pid };
    } finally {
      connection.close();
    }
  } catch (error) {
    if (!(error instanceof NonetError)) return { session, error: new NonetError('failed', (error as Error).message) };
    return error.code === 'disconnected' ? null : { session, error };
  }
}
