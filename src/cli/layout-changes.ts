import { readLayout } from '../config/load-layout.ts';
import type { SessionPaths } from '../config/paths.ts';
import { resolveLayoutArgument } from '../config/presets.ts';
import { formatProblem } from '../config/problem.ts';
import { layoutDefaults } from '../config/settings-file.ts';
import { isEmptyDiff, type LayoutDiff, type SettingChange } from '../core/layout-diff.ts';
import type { Connection } from '../protocol/connection.ts';
import { daemonRequests, type LayoutChange, type LayoutOrigin } from '../protocol/control.ts';
import { printJson, printLine, say } from './output.ts';
import { connectDaemon } from './session-daemon.ts';
import { ownEnvironment } from './up.ts';

export type LayoutChangeOptions = { layout: string | undefined; profile: string | undefined; json: boolean };

/** Prints what `apply` would change. 0 also when there are differences: it is an answer, not a failure. */
export function diffLayout(paths: SessionPaths, options: LayoutChangeOptions): Promise<number> {
  return withLayout(paths, options, true, ({ diff }) => {
    if (options.json) printJson(diff);
    else for (const line of describeDiff(diff)) printLine(line);
    if (!options.json && isEmptyDiff(diff)) say('no differences');
    return 0;
  });
}

export function applyLayout(paths: SessionPaths, options: LayoutChangeOptions): Promise<number> {
  return withLayout(paths, options, false, (change) => sayChange(change, options.json));
}

export function rollback(paths: SessionPaths, { back, json }: { back: number; json: boolean }): Promise<number> {
  return ask(paths, async (connection) =>
    sayChange(await connection.request(daemonRequests, 'rollback', { back }), json),
  );
}

export function scale(
  paths: SessionPaths,
  { pane, count, json }: { pane: string; count: number; json: boolean },
): Promise<number> {
  return ask(paths, async (connection) =>
    sayChange(await connection.request(daemonRequests, 'scale', { pane, count }), json),
  );
}

export function listPastLayouts(paths: SessionPaths, json: boolean): Promise<number> {
  return ask(paths, async (connection) => {
    const past = await connection.request(daemonRequests, 'past-layouts', {});
    if (json) printJson(past);
    else if (past.length === 0) say('the layout has not changed since the session was started');
    else {
      for (const { back, at, name, panes, diff } of past) {
        const until = new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
        printLine(`${String(back).padStart(2)}  until ${until}  ${name}, ${panes} panes: ${summarize(diff)}`);
      }
    }
    return 0;
  });
}

/** Reads the layout, by default the one that the session was started from, and asks the daemon for the change. */
function withLayout(
  paths: SessionPaths,
  { layout: argument, profile }: LayoutChangeOptions,
  dryRun: boolean,
  answer: (change: LayoutChange) => number,
): Promise<number> {
  return ask(paths, async (connection) => {
    const present = await connection.request(daemonRequests, 'layout', {});
    const origin: LayoutOrigin = present.origin ?? { preset: null, profile: null, cwd: process.cwd() };
    const { file, name } = present.layout;
    const own = file !== null ? { file } : { preset: origin.preset ?? name };
    const source = argument === undefined ? own : resolveLayoutArgument(argument, process.cwd());
    const cwd = argument === undefined ? origin.cwd : process.cwd();
    const chosen = profile ?? (argument === undefined ? origin.profile : null);
    const defaults = await layoutDefaults(process.env);
    const result = readLayout({ source, env: process.env, cwd, profile: chosen, ...defaults });
    for (const problem of result.ok ? result.warnings : result.problems)
      say(`${formatProblem(problem)}${result.ok ? ' (warning)' : ''}`);
    if (!result.ok) return 2;
    const { stdout } = process;
    return answer(
      await connection.request(daemonRequests, 'apply', {
        layout: result.layout,
        env: ownEnvironment(),
        size: stdout.isTTY ? { cols: stdout.columns, rows: stdout.rows } : null,
        origin: { preset: 'preset' in source ? source.preset : null, profile: chosen, cwd },
        dryRun,
      }),
    );
  });
}

function sayChange(change: LayoutChange, json: boolean): number {
  if (json) printJson(change);
  else if (isEmptyDiff(change.diff)) say('nothing has changed');
  else {
    for (const line of describeDiff(change.diff)) printLine(line);
    for (const { pane, name, message } of change.results) say(`${pane} ${name}: ${message}`);
  }
  return change.results.every(({ ok }) => ok) ? 0 : 1;
}

/** One line for each pane and setting: `+ name`, `- name`, `~ name …`. */
function describeDiff({ added, removed, changed, session }: LayoutDiff): string[] {
  return [
    ...removed.map((name) => `- ${name}`),
    ...added.map((name) => `+ ${name}`),
    ...changed.flatMap(({ name, restart, settings }) => [
      `~ ${name} (${restart ? 'restarts' : 'goes on'})`,
      ...settings.map((change) => `    ${describeSetting(change)}`),
    ]),
    ...(session.length > 0 ? [`~ session: ${session.join(', ')}`] : []),
  ];
}

function describeSetting({ setting, before, after }: SettingChange): string {
  return before === null || after === null ? setting : `${setting}: ${shorten(before)} → ${shorten(after)}`;
}

function shorten(text: string): string {
  return text.length > 100 ? `${text.slice(0, 97)}…` : text;
}

function summarize({ added, removed, changed, session }: LayoutDiff): string {
  const parts = [
    ...removed.map((name) => `-${name}`),
    ...added.map((name) => `+${name}`),
    ...changed.map(({ name }) => `~${name}`),
    ...session,
  ];
  return parts.length === 0 ? 'the same as now' : shorten(parts.join(' '));
}

async function ask<T>(paths: SessionPaths, run: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await connectDaemon(paths);
  try {
    return await run(connection);
  } finally {
    connection.close();
  }
}
