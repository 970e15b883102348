import { sanitizeText } from '../core/display-text.ts';
import { NonetError } from '../core/errors.ts';
import { formatCpu, formatMemory, formatUptime } from '../core/format-values.ts';
import { describeDetail } from '../core/pane-details.ts';
import { type PaneDetail, type PaneInfo, type PaneStateName, STATE_MARKS, stateWord } from '../core/session.ts';
import { textTable } from './text-table.ts';

/** stdout is data, stderr is talk; colour only on a terminal and without NO_COLOR. */
export function printLine(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function printJson(value: unknown): void {
  printLine(JSON.stringify(value, null, 2));
}

export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** One line on what went wrong and one on what to do; never a stack. */
export function sayError(error: unknown): void {
  if (error instanceof NonetError) {
    say(`nonet: ${printableLines(error.message)}`);
    if (error.hint) say(`  ${printableLines(error.hint)}`);
    return;
  }
  say(`nonet: unexpected: ${printableLines(error instanceof Error ? error.message : String(error))}`);
  if (process.env['NONET_DEBUG'] && error instanceof Error) say(error.stack ?? '');
  else say('  this is a defect in nonet; NONET_DEBUG=1 shows where');
}

function printableLines(text: string): string {
  return text.split('\n').map(sanitizeText).join('\n  ');
}

const STATE_COLORS: Record<PaneStateName, number> = {
  running: 32,
  starting: 36,
  stopping: 36,
  stopped: 90,
  exited: 90,
  backoff: 33,
  fatal: 31,
};

export function paneTable(panes: readonly PaneInfo[], color: boolean): string {
  const header = ['PANE', 'NAME', 'STATE', 'PID', 'CPU', 'MEM', 'RESTARTS', 'UPTIME', 'COMMAND'];
  const rows = panes.map((pane) => [
    String(pane.pane),
    sanitizeText(pane.name),
    `${STATE_MARKS[pane.state]} ${stateWord(pane)}`,
    pane.pid === null ? '-' : String(pane.pid),
    pane.pid === null ? '-' : formatCpu(pane.cpuPercent),
    pane.pid === null ? '-' : formatMemory(pane.rssBytes),
    String(pane.restarts),
    pane.uptimeMs === null ? '-' : formatUptime(pane.uptimeMs),
    sanitizeText(pane.reason === '' ? pane.command : `${pane.command} (${pane.reason})`),
  ]);
  const [head, ...lines] = textTable(header, rows);
  const body = lines.map((text, index) => {
    const state = rows[index]![2]!;
    return color ? text.replace(state, `\x1b[${STATE_COLORS[panes[index]!.state]}m${state}\x1b[0m`) : text;
  });
  return [head, ...body].join('\n');
}

export function paneDetails(pane: PaneDetail): string {
  return describeDetail(pane, Date.now())
    .map(({ label, text }) => `${label.padEnd(12)} ${text}`)
    .join('\n');
}

export function wantsColor(): boolean {
  return process.stdout.isTTY === true && !process.env['NO_COLOR'];
}
