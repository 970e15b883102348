import type { SessionPaths } from '../config/paths.ts';
import { NonetError } from '../core/errors.ts';
import { VERSION } from '../core/version.ts';
import { say } from './output.ts';

/** Before anything is started: a session that nobody can see is not what was asked for. */
export function requireTerminal(): void {
  if (process.stdin.isTTY && process.stdout.isTTY) return;
  const what = process.stdin.isTTY ? 'standard output' : 'standard input';
  throw new NonetError('not-a-terminal', `${what} is not a terminal`);
}

/** Shows the session until the person leaves; `note` is said first on the way out. */
export async function attach(paths: SessionPaths, note = ''): Promise<number> {
  requireTerminal();
  // Loaded here so that plain commands never see Ink.
  const [{ runClient }, { loadChrome }] = await Promise.all([
    import('../client/run-client.ts'),
    import('../ui/load-chrome.ts'),
  ]);
  const { exitCode, message } = await runClient({
    session: paths.session,
    version: VERSION,
    daemonSocket: paths.daemonSocket,
    hostSocket: paths.hostSocket,
    logFile: paths.clientLog,
    paneLogDirectory: paths.paneLogDirectory,
    loadChrome,
  });
  if (note) say(note);
  if (message) say(message);
  return exitCode;
}

/** A client inside one of its own panes would draw itself for ever. */
export function refuseNesting(session: string): void {
  if (process.env['NONET_SESSION'] === session && process.env['NONET_PANE']) {
    throw new NonetError('nested', `this is a pane of session ${session}: it cannot show itself`);
  }
}
