import { existsSync } from 'node:fs';
import { resolvePaths, type SessionPaths } from '../config/paths.ts';
import { listPresets } from '../config/presets.ts';
import type { CliCommandName } from '../core/commands.ts';
import { NonetError } from '../core/errors.ts';
import { parseChord } from '../core/keys.ts';
import { paneNameProblem } from '../core/pane-name.ts';
import type { Connection } from '../protocol/connection.ts';
import { type ActionResult, daemonRequests } from '../protocol/control.ts';
import { attach, refuseNesting } from './attach.ts';
import { paneDetails, paneTable, printJson, printLine, say, wantsColor } from './output.ts';
import type { Arguments } from './parse-arguments.ts';
import { withPaneProgress, withProgress } from './progress.ts';
import { connectDaemon, sleep } from './session-daemon.ts';

/** One handler for each command of the table that the command line has; each returns the exit code. */
export type Handler = (args: Arguments, session: string) => Promise<number>;

const LEAVE_TIMEOUT_MS = 5_000;
/** What a request takes (protocol/control.ts). */
const MAX_SENT = 1_000_000;
const MAX_KEYS = 1000;

export const handlers = {
  async up(args, session) {
    // Reading layouts is half of what loading takes; plain commands do without.
    const { up } = await import('./up.ts');
    return up(resolvePaths({ env: process.env, session }), {
      layout: text(args['layout']),
      detached: args['detached'] === true,
      profile: text(args['env']),
      dryRun: args['dry-run'] === true,
      json: args['json'] === true,
      lines: flag(args['lines']),
    });
  },
  async attach(args, session) {
    refuseNesting(session);
    const paths = resolvePaths({ env: process.env, session });
    (await withProgress(connectDaemon(paths), () => `connecting to session ${session} …`)).close();
    return attach(paths, { lines: flag(args['lines']) });
  },
  async down(args, session) {
    const seconds = number(args['timeout']);
    const paths = resolvePaths({ env: process.env, session });
    const connection = await connectDaemon(paths);
    const timeoutMs = seconds === undefined ? null : Math.round(seconds * 1000);
    const { stuck } = await withPaneProgress(
      connection,
      `taking session ${session} down`,
      connection.request(daemonRequests, 'down', { timeoutMs }),
    );
    connection.close();
    const deadline = performance.now() + LEAVE_TIMEOUT_MS;
    while ((existsSync(paths.daemonSocket) || existsSync(paths.hostSocket)) && performance.now() < deadline)
      await sleep(10);
    if (stuck.length === 0) return 0;
    say(`these panes could not be ended: ${stuck.join(', ')}`);
    return 1;
  },
  async save(_args, session) {
    const { panes } = await ask(session, (connection) => connection.request(daemonRequests, 'save', {}));
    say(`session ${session} is saved: ${panes} panes with their screens`);
    return 0;
  },
  async resurrect(args, session) {
    const { resurrect, resurrectAll } = await import('./resurrect.ts');
    return args['all'] === true ? resurrectAll() : resurrect(pathsOf(session));
  },
  async startup(args) {
    const { sayStartup } = await import('./startup-commands.ts');
    return sayStartup(args['print'] === true);
  },
  async unstartup() {
    const { sayUnstartup } = await import('./startup-commands.ts');
    return sayUnstartup();
  },
  async upgrade(_args, session) {
    const { upgrade } = await import('./upgrade.ts');
    return upgrade(pathsOf(session));
  },
  async sessions(args) {
    const { printSessions } = await import('./sessions.ts');
    return printSessions(args['json'] === true);
  },
  async list(args, session) {
    const panes = await ask(session, (connection) => connection.request(daemonRequests, 'list', {}));
    // Readiness, health and warnings are in `health --json`.
    if (args['json'])
      printJson(
        panes.map(({ ready: _ready, health: _health, warning: _warning, succeeded: _succeeded, ...row }) => row),
      );
    else printLine(paneTable(panes, wantsColor()));
    return 0;
  },
  async health(args, session) {
    const panes = await ask(session, (connection) => connection.request(daemonRequests, 'list', {}));
    const { reportHealth } = await import('./health.ts');
    return reportHealth(panes, {
      selector: text(args['pane']) ?? null,
      all: args['all'] === true,
      json: args['json'] === true,
    });
  },
  async top(args, session) {
    const { top } = await import('./top.ts');
    return top(pathsOf(session), {
      once: args['once'] === true,
      json: args['json'] === true,
      sort: word(args['sort']),
    });
  },
  async show(args, session) {
    const detail = await ask(session, (connection) =>
      connection.request(daemonRequests, 'show', { pane: paneWord(args['pane']) }),
    );
    if (args['json']) printJson(detail);
    else printLine(paneDetails(detail));
    return 0;
  },
  start: (args, session) =>
    act(session, args, (connection, params) => connection.request(daemonRequests, 'start', params)),
  stop: (args, session) =>
    act(session, args, (connection, params) => connection.request(daemonRequests, 'stop', params)),
  restart: (args, session) =>
    act(session, args, (connection, params) =>
      connection.request(daemonRequests, 'restart', { ...params, now: false }),
    ),
  kill: (args, session) =>
    act(session, args, (connection, params) => connection.request(daemonRequests, 'kill', params)),
  reload: (args, session) =>
    act(session, args, (connection, params) => connection.request(daemonRequests, 'reload', params)),
  async rename(args, session) {
    const params = { pane: paneWord(args['pane']), name: word(args['name']) };
    const problem = paneNameProblem(params.name);
    if (problem !== '') throw new NonetError('usage', problem);
    const { pane, before, name } = await ask(session, (connection) =>
      connection.request(daemonRequests, 'rename', params),
    );
    say(`${pane} ${before} is ${name} now`);
    return 0;
  },
  async send(args, session) {
    const text = words(args['text']).join(' ');
    if (text.length > MAX_SENT)
      throw new NonetError('usage', `a text of more than ${MAX_SENT} characters cannot be sent`);
    const params = { pane: paneWord(args['pane']), text, enter: args['enter'] !== false };
    await ask(session, (connection) => connection.request(daemonRequests, 'send', params));
    return 0;
  },
  async 'send-keys'(args, session) {
    const keys = words(args['keys']);
    if (keys.length > MAX_KEYS) throw new NonetError('usage', `at most ${MAX_KEYS} keys can be sent at once`);
    const bad = keys.find((key) => parseChord(key) === null);
    if (bad !== undefined) throw new NonetError('bad-key', `${JSON.stringify(bad)} is not a key`);
    const params = { pane: paneWord(args['pane']), keys };
    await ask(session, (connection) => connection.request(daemonRequests, 'send-keys', params));
    return 0;
  },
  async capture(args, session) {
    const scrollback = number(args['scrollback']) ?? 0;
    const format = args['json'] ? 'json' : args['ansi'] ? 'ansi' : 'text';
    const params = { pane: paneWord(args['pane']), format, scrollback: Math.min(scrollback, 1_000_000) } as const;
    const capture = await ask(session, (connection) => connection.request(daemonRequests, 'capture', params));
    if (args['json']) printJson(capture);
    else process.stdout.write(capture.text);
    if (capture.omittedLines)
      say(`the oldest ${capture.omittedLines} lines are not shown: too much for one reply, or gone meanwhile`);
    return 0;
  },
  async doctor(args, session) {
    const { examine, reportFindings } = await import('./doctor.ts');
    const examination = await examine(session);
    return examination.interrupted ? 130 : reportFindings(examination, args['json'] === true);
  },
  async completion(args) {
    const { completionScript } = await import('./completion.ts');
    printLine(completionScript(text(args['shell']), process.env['SHELL']));
    return 0;
  },
  async logs(args, session) {
    const { printLogs } = await import('./logs.ts');
    return printLogs(pathsOf(session), {
      selectors: args['pane'] === undefined ? [] : words(args['pane']),
      follow: args['follow'] === true,
      lines: number(args['lines']),
      since: text(args['since']),
      grep: text(args['grep']),
      raw: args['raw'] === true,
      time: args['time'] !== false,
      daemon: args['daemon'] === true,
      json: args['json'] === true,
    });
  },
  async flush(args, session) {
    const { flushLogs } = await import('./logs-flush.ts');
    return flushLogs(pathsOf(session), args['pane'] === undefined ? [] : words(args['pane']));
  },
  async layouts(args) {
    const presets = listPresets();
    if (args['json']) printJson(presets);
    else for (const { name, description } of presets) printLine(`${name.padEnd(10)} ${description}`);
    return 0;
  },
  async check(args) {
    const { checkFile } = await import('./check.ts');
    return checkFile(word(args['file']), args['json'] === true);
  },
  async import(args) {
    const { printImport } = await import('./import.ts');
    return printImport(word(args['file']), text(args['from']));
  },
  async diff(args, session) {
    const { diffLayout } = await import('./layout-changes.ts');
    return diffLayout(pathsOf(session), layoutOptions(args));
  },
  async apply(args, session) {
    const { applyLayout } = await import('./layout-changes.ts');
    return applyLayout(pathsOf(session), layoutOptions(args));
  },
  async rollback(args, session) {
    const { listPastLayouts, rollback } = await import('./layout-changes.ts');
    const json = args['json'] === true;
    if (args['list'] === true) return listPastLayouts(pathsOf(session), json);
    return rollback(pathsOf(session), { back: wholeNumber(args['n'] ?? 1, 'rollback', 10), json });
  },
  async scale(args, session) {
    const { scale } = await import('./layout-changes.ts');
    const count = wholeNumber(args['n'], 'scale PANE', 99);
    return scale(pathsOf(session), { pane: word(args['pane']), count, json: args['json'] === true });
  },
} satisfies Record<CliCommandName, Handler>;

function layoutOptions(args: Arguments): { layout: string | undefined; profile: string | undefined; json: boolean } {
  return { layout: text(args['layout']), profile: text(args['env']), json: args['json'] === true };
}

function wholeNumber(value: unknown, what: string, max: number): number {
  const count = /^\d+$/.test(String(value)) ? Number(value) : 0;
  if (count >= 1 && count <= max) return count;
  throw new NonetError('usage', `nonet ${what} takes a whole number from 1 to ${max}`);
}

async function ask<T>(session: string, run: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await connectDaemon(pathsOf(session));
  try {
    return await run(connection);
  } finally {
    connection.close();
  }
}

function pathsOf(session: string): SessionPaths {
  return resolvePaths({ env: process.env, session });
}

type ActionParams = { panes: string[]; wait: boolean };

async function act(
  session: string,
  args: Arguments,
  run: (connection: Connection, params: ActionParams) => Promise<ActionResult>,
): Promise<number> {
  const params = { panes: words(args['pane']).map(paneWord), wait: args['wait'] !== false };
  const results = await ask(session, (connection) => withPaneProgress(connection, 'waiting', run(connection, params)));
  if (args['json']) printJson(results);
  else for (const { pane, name, message } of results) say(`${pane} ${name}: ${message}`);
  return results.every(({ ok }) => ok) ? 0 : 1;
}

function text(value: unknown): string | undefined {
  return value === undefined ? undefined : String(value);
}
function number(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
function flag(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}
function word(value: unknown): string {
  return String(value);
}
function paneWord(value: unknown): string {
  const name = String(value);
  if (name === '' || name.length > 500) throw new NonetError('usage', 'a pane is a number, a name, a glob or "all"');
  return name;
}
function words(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [String(value)];
}
