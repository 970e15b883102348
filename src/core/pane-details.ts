import { sanitizeText } from './display-text.ts';
import { formatCountdown, formatCpu, formatMemory, formatUptime } from './format-values.ts';
import { durationWords } from './restart-policy.ts';
import { type ExitRecord, type PaneDetail, STATE_MARKS, stateWord } from './session.ts';
import type { SupervisionSettings } from './supervision.ts';

/** A pane in full, for `nonet show` and the info overlay. Texts are fit to be printed; an empty label goes on with the one above. */
export type DetailRow = { label: string; text: string };

/** `now`: ms since 1970. */
export function describeDetail(pane: PaneDetail, now: number): DetailRow[] {
  const rows: DetailRow[] = [];
  const add = (label: string, text: string): void => {
    if (text !== '') rows.push({ label, text: sanitizeText(text) });
  };
  add('pane', `${pane.pane} ${pane.name}`);
  add('state', `${STATE_MARKS[pane.state]} ${stateWord(pane)}, wanted ${pane.wanted}${sinceWords(pane)}`);
  add('reason', pane.reason);
  add('hint', pane.hint);
  if (pane.nextRestartAt !== null) add('next start', `in ${formatCountdown(pane.nextRestartAt - now)}`);
  add('pattern', pane.repeats);
  add('warning', pane.warning);
  if (pane.health !== null) add('health', pane.health);
  if (pane.ready !== null) add('ready', pane.ready ? 'yes' : 'not yet');
  add('command', pane.argv.join(' '));
  add('directory', pane.cwd);
  add('agent', pane.agent);
  add('pid', pane.pid === null ? '-' : String(pane.pid));
  add('uptime', pane.uptimeMs === null ? '-' : formatUptime(pane.uptimeMs));
  add('cpu, memory', `${formatCpu(pane.cpuPercent)}, ${formatMemory(pane.rssBytes)}`);
  add('restarts', `${pane.restarts} (policy ${pane.restart})`);
  add('last exit', pane.exit ? (pane.exit.signal ?? `code ${pane.exit.code}`) : '-');
  add('title', pane.title || '-');
  add('limits', pane.limits || '-');
  add('size', `${pane.cols}x${pane.rows}`);
  add('environment', pane.envNames.join(' ') || '-');
  for (const { pid, command, cpuPercent, rssBytes, depth } of pane.processes) {
    const figures = `${pid}  ${formatCpu(cpuPercent)}  ${formatMemory(rssBytes)}`;
    add('process', `${figures}  ${depth > 0 ? `${'  '.repeat(depth - 1)}└ ` : ''}${command}`);
  }
  for (const record of pane.exits) {
    add('exit', exitLine(record));
    for (const line of record.tail) add('', `| ${line}`);
  }
  return rows;
}

function exitLine({ at, uptimeMs, kind, reason }: ExitRecord): string {
  // In the words of the reason, which may tell the same time.
  return `${new Date(at).toISOString()}  after ${durationWords(uptimeMs)}  ${kind}: ${reason}`;
}

/** A program's state began when it did, that of a pane without one when the last run ended. */
function sinceWords({ pid, startedAt, exits }: PaneDetail): string {
  const since = pid === null ? exits[0]?.at : startedAt;
  return since === null || since === undefined ? '' : `, since ${new Date(since).toISOString()}`;
}

/** What a pane may use, as its layout says: `nice 5, at most 50 processes, memory 2G`; empty for no limits. */
export function describeLimits({ limits, memory }: Pick<SupervisionSettings, 'limits' | 'memory'>): string {
  const words: string[] = [];
  if (limits.nice !== null) words.push(`nice ${limits.nice}`);
  if (limits.maxProcesses !== null) words.push(`at most ${limits.maxProcesses} processes`);
  if (limits.cpuPercent !== null) words.push(`cpu ${limits.cpuPercent}%`);
  if (limits.memoryMaxBytes !== null) words.push(`memory ${formatMemory(limits.memoryMaxBytes)}`);
  if (memory && memory.warnBytes !== null) words.push(`warns above ${formatMemory(memory.warnBytes)}`);
  if (memory && memory.maxBytes !== null) {
    const does = { notify: 'tells', restart: 'restarts', restart_when_quiet: 'restarts when quiet' }[memory.action];
    words.push(`${does} above ${formatMemory(memory.maxBytes)}`);
  }
  return words.join(', ');
}
