import { readdirSync } from 'node:fs';
import { GONE, type LogLine, type LogSource, paneLogSource, readLogDescription } from '../config/log-files.ts';
import { selectPanes } from '../config/pane-selectors.ts';
import type { SessionPaths } from '../config/paths.ts';
import { NonetError } from '../core/errors.ts';
import type { LogDescription } from '../core/log-names.ts';
import { DEFAULT_LOG_SETTINGS } from '../core/supervision.ts';
import { daemonRequests } from '../protocol/control.ts';
import { tryConnect } from './session-daemon.ts';

/** The logs of the panes meant, all without selectors. Throws NonetError `no-such-session` and `no-such-pane`. */
export async function findPaneLogs(
  paths: SessionPaths,
  selectors: readonly string[],
  kind: 'log' | 'raw',
): Promise<LogSource[]> {
  const panes = await knownPanes(paths);
  if (panes.length === 0) {
    throw new NonetError('no-such-session', `session "${paths.session}" has no logs`, {
      hint: 'see `nonet sessions`; logs are written once a session has run',
    });
  }
  const chosen = selectPanes(
    panes.map((description) => ({ ...description, spec: description })),
    selectors.length > 0 ? selectors : ['all'],
  );
  return chosen.map((description) => paneLogSource(paths.paneLogDirectory, description, kind));
}

/** What daemon and host say of themselves. */
export function ownLogs(paths: SessionPaths): LogSource[] {
  return [
    { pane: 1, name: 'daemon', file: paths.daemonLog, parse: parseOwnLine },
    { pane: 2, name: 'host', file: paths.hostLog, parse: parseOwnLine },
  ];
}

/** Those that have logs, and those that run and may have some soon. */
async function knownPanes(paths: SessionPaths): Promise<LogDescription[]> {
  const logged = describedLogs(paths.paneLogDirectory);
  const running = await runningPanes(paths);
  if (!running) return logged;
  const byName = new Map(logged.map((description) => [description.name, description]));
  const { timeFormat } = DEFAULT_LOG_SETTINGS;
  const panes = running.map(({ pane, name }) => ({ timeFormat, ...byName.get(name), pane, name }));
  // Logs of panes that the layout no longer has keep their names; their numbers belong to others.
  const gone = logged.filter(({ name }) => !panes.some((pane) => pane.name === name));
  return [...panes, ...gone.map((description, index) => ({ ...description, pane: GONE + index }))];
}

async function runningPanes(paths: SessionPaths): Promise<{ pane: number; name: string }[] | null> {
  const connection = await tryConnect(paths).catch(() => null);
  if (!connection) return null;
  return connection
    .request(daemonRequests, 'list', {})
    .catch(() => null)
    .finally(() => connection.close());
}

function describedLogs(directory: string): LogDescription[] {
  let names: string[];
  try {
    names = readdirSync(directory);
  } catch {
    return [];
  }
  const found: LogDescription[] = [];
  for (const name of names) {
    const base = /^(.+)\.log$/.exec(name)?.[1];
    if (base !== undefined) found.push(readLogDescription(directory, base));
  }
  return found.sort((a, b) => a.pane - b.pane || a.name.localeCompare(b.name));
}

const LEVELS: Record<number, string> = { 10: 'trace', 20: 'debug', 30: 'info', 40: 'warn', 50: 'error', 60: 'fatal' };
const OWN_FIELDS = new Set(['level', 'time', 'pid', 'msg']);

/** The daemon writes JSON (pino's), the host a time and a sentence; what neither has written continues the line before. */
function parseOwnLine(line: string): LogLine {
  const plain = /^(\d{4}-\d\d-\d\dT[\d:.]+Z) (.*)$/.exec(line);
  if (plain) return { time: Date.parse(plain[1]!), stamp: plain[1]!, text: plain[2]! };
  let entry: Record<string, unknown>;
  try {
    entry = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return { time: null, stamp: '', text: line };
  }
  const stamp = String(entry['time']);
  const fields = Object.entries(entry)
    .filter(([name]) => !OWN_FIELDS.has(name))
    .map(
      ([name, value]) =>
        `${name}=${typeof value === 'string' && /^[\w./:-]+$/.test(value) ? value : JSON.stringify(value)}`,
    );
  const time = Date.parse(stamp);
  return {
    time: Number.isNaN(time) ? null : time,
    stamp,
    text: [LEVELS[Number(entry['level'])] ?? 'info', String(entry['msg']), ...fields].join(' '),
  };
}
