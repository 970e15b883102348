import type { ClientResult } from '../client/run-client.ts';
import type { SessionPaths } from '../config/paths.ts';
import { readSettings, settingsFile } from '../config/settings-file.ts';
import { NonetError } from '../core/errors.ts';
import { VERSION } from '../core/version.ts';
import { say } from './output.ts';

/** Before anything is started: a session that nobody can see is not what was asked for. */
export function requireTerminal(): void {
  if (process.stdin.isTTY && process.stdout.isTTY) return;
  const what = process.stdin.isTTY ? 'standard output' : 'standard input';
  throw new NonetError('not-a-terminal', `${what} is not a terminal`);
}

export type AttachOptions = {
  /** Said first on the way out. */
  note?: string;
  /** Sentences in place of a picture; by default as the person's configuration has it. */
  lines?: boolean | undefined;
  /** Somebody sees this session for the first time. */
  welcome?: boolean;
};

export async function wantsLines(asked: boolean | undefined): Promise<boolean> {
  if (asked !== undefined) return asked;
  const result = await readSettings(settingsFile(process.env), process.env);
  return result.ok && result.settings.lines;
}

/** Shows the session until the person leaves. */
export async function attach(paths: SessionPaths, options: AttachOptions = {}): Promise<number> {
  const { note = '', lines, welcome = false } = options;
  const inLines = await wantsLines(lines);
  if (!inLines) requireTerminal();
  const { exitCode, message } = inLines ? await listen(paths) : await watch(paths, welcome);
  if (note) say(note);
  if (message) say(message);
  return exitCode;
}

async function watch(paths: SessionPaths, welcome: boolean): Promise<ClientResult> {
  // Loaded here so that plain commands never see Ink.
  const [{ runClient }, { initialSettings }, { loadChrome }] = await Promise.all([
    import('../client/run-client.ts'),
    import('../client/settings-watch.ts'),
    import('../ui/load-chrome.ts'),
  ]);
  const file = settingsFile(process.env);
  const { settings, problem } = await initialSettings(file, process.env);
  return runClient({
    ...clientOptions(paths),
    settings,
    settingsProblem: problem,
    settingsFile: file,
    paneLogDirectory: paths.paneLogDirectory,
    loadChrome,
    welcome,
  });
}

async function listen(paths: SessionPaths): Promise<ClientResult> {
  const [{ runLines }, { initialSettings }] = await Promise.all([
    import('../client/line-mode/run-lines.ts'),
    import('../client/settings-watch.ts'),
  ]);
  const { problem } = await initialSettings(settingsFile(process.env), process.env);
  return runLines({ ...clientOptions(paths), settingsProblem: problem });
}

function clientOptions(paths: SessionPaths) {
  const { session, daemonSocket, hostSocket, clientLog } = paths;
  return { session, version: VERSION, daemonSocket, hostSocket, logFile: clientLog };
}

/** A client inside one of its own panes would draw itself for ever. */
export function refuseNesting(session: string): void {
  if (process.env['NONET_SESSION'] === session && process.env['NONET_PANE']) {
    throw new NonetError('nested', `this is a pane of session ${session}: it cannot show itself`);
  }
}
