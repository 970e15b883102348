import { cutText, displayWidth, padText, sanitizeText } from '../core/display-text.ts';
import { formatCpu, formatMemory, formatUptime } from '../core/format-values.ts';
import { STATE_MARKS } from '../core/session.ts';
import type { PaneUsage } from '../protocol/control.ts';

export type TopSort = 'number' | 'cpu' | 'memory';

export type TopView = {
  session: string;
  panes: readonly PaneUsage[];
  sort: TopSort;
  cols: number;
  /** Lines there are; fewer panes are shown when it is too few for all. */
  rows: number;
  color: boolean;
  /** Something that should be known about the table itself, such as that it is old. */
  note: string;
  keys: boolean;
};

type Column = {
  title: string;
  /** The columns with the highest number are left out first where there is no room. */
  rank: number;
  right?: boolean;
  cell: (pane: PaneUsage) => string;
};

const GAP = '  ';
const MAX_GRAPH = 40;
const MIN_GRAPH = 8;
const LEVELS = '▁▂▃▄▅▆▇█';

/** The lines of the table, none wider than `cols`. */
export function renderTop(view: TopView): string[] {
  const { session, cols, rows, color, note } = view;
  const panes = sortPanes(view.panes, view.sort);
  const { columns, graph } = fitColumns(panes, cols);
  const texts = panes.map((pane) => columns.map(({ cell }) => cell(pane)));
  const widths = columns.map(({ title }, i) => Math.max(title.length, ...texts.map((row) => displayWidth(row[i]!))));
  const line = (cells: string[], cpu: string, memory: string): string => {
    const padded = cells.map((cell, i) => (columns[i]!.right ? padLeft(cell, widths[i]!) : padText(cell, widths[i]!)));
    const graphs = graph > 0 ? [padText(cpu, graph), padText(memory, graph)] : [];
    return cutText([...padded, ...graphs].join(GAP).trimEnd(), cols);
  };
  const head = color ? (text: string) => `\x1b[1m${text}\x1b[0m` : (text: string) => text;
  const total = panes.reduce((sum, pane) => ({ cpu: sum.cpu + pane.cpuPercent, memory: sum.memory + pane.rssBytes }), {
    cpu: 0,
    memory: 0,
  });
  const running = panes.filter(({ state }) => state === 'running').length;
  const summary = `${session}: ${panes.length} panes, ${running} running, CPU ${formatCpu(total.cpu)}, memory ${formatMemory(total.memory)}`;
  const header = line(
    columns.map(({ title }) => title),
    'CPU, 5 MIN',
    'MEMORY, 5 MIN',
  );
  const foot = note !== '' ? note : view.keys ? `sort: ${view.sort}   n c m: by number, CPU, memory   q: leave` : '';
  const room = Math.max(0, rows - 2 - (foot === '' ? 0 : 2));
  const shown = panes.slice(0, panes.length > room ? Math.max(0, room - 1) : room);
  const body = shown.map((pane, i) => {
    const { cpuPercent, rssBytes } = pane.history;
    // 100 % fills the height, as does whatever is more.
    const text = line(texts[i]!, sparkline(cpuPercent, graph, 100), sparkline(rssBytes, graph, 0));
    return color && isBad(pane) ? `\x1b[31m${text}\x1b[0m` : text;
  });
  const left = panes.length - shown.length;
  return [
    cutText(sanitizeText(summary), cols),
    head(header),
    ...body,
    ...(left > 0 ? [`… ${left} more`] : []),
    ...(foot === '' ? [] : ['', cutText(foot, cols)]),
  ].slice(0, Math.max(1, rows));
}

/** One block for each part of the series, scaled to the greatest value or to `full` if that is more; blank where nothing was measured. */
export function sparkline(values: readonly (number | null)[], width: number, full: number): string {
  if (width <= 0) return '';
  const bins = Array.from({ length: width }, (_, i) => {
    const part = values.slice(Math.floor((i * values.length) / width), Math.floor(((i + 1) * values.length) / width));
    const known = part.filter((value) => value !== null);
    return known.length === 0 ? null : Math.max(...known);
  });
  const most = Math.max(full, ...bins.filter((value) => value !== null));
  return bins
    .map((value) => {
      if (value === null) return ' ';
      const level = most > 0 ? Math.round((value / most) * (LEVELS.length - 1)) : 0;
      return LEVELS[level]!;
    })
    .join('');
}

export function sortPanes(panes: readonly PaneUsage[], sort: TopSort): PaneUsage[] {
  const by = {
    number: () => 0,
    cpu: (pane: PaneUsage) => -pane.cpuPercent,
    memory: (pane: PaneUsage) => -pane.rssBytes,
  };
  return [...panes].sort((a, b) => by[sort](a) - by[sort](b) || a.pane - b.pane);
}

const runs = (pane: PaneUsage, text: string): string => (pane.pid === null ? '-' : text);

const COLUMNS: Column[] = [
  { title: 'PANE', rank: 0, right: true, cell: ({ pane }) => String(pane) },
  { title: 'NAME', rank: 0, cell: ({ name }) => cutText(sanitizeText(name), 20) },
  { title: 'STATE', rank: 1, cell: ({ state }) => `${STATE_MARKS[state]} ${state}` },
  { title: 'HEALTH', rank: 4, cell: ({ health, warning }) => `${health ?? '-'}${warning === '' ? '' : ' !'}` },
  { title: 'CPU', rank: 0, right: true, cell: (pane) => runs(pane, formatCpu(pane.cpuPercent)) },
  { title: 'MEM', rank: 0, right: true, cell: (pane) => runs(pane, formatMemory(pane.rssBytes)) },
  { title: 'READ/S', rank: 6, right: true, cell: (pane) => runs(pane, formatMemory(pane.readBytes)) },
  { title: 'WRITE/S', rank: 6, right: true, cell: (pane) => runs(pane, formatMemory(pane.writtenBytes)) },
  { title: '↻', rank: 3, right: true, cell: ({ restarts }) => String(restarts) },
  { title: 'UPTIME', rank: 5, right: true, cell: ({ uptimeMs }) => (uptimeMs === null ? '-' : formatUptime(uptimeMs)) },
];

/** As many columns as there is room for, and graphs in what is left. */
function fitColumns(panes: readonly PaneUsage[], cols: number): { columns: Column[]; graph: number } {
  const widthOf = ({ title, cell }: Column): number =>
    Math.max(title.length, ...panes.map((pane) => displayWidth(cell(pane))));
  for (let most = 6; ; most--) {
    const columns = COLUMNS.filter(({ rank }) => rank <= most);
    const width = columns.reduce((sum, column) => sum + widthOf(column), 0) + GAP.length * (columns.length - 1);
    if (width > cols && most > 0) continue;
    const graph = Math.min(MAX_GRAPH, Math.floor((cols - width) / 2) - GAP.length);
    return { columns, graph: graph >= MIN_GRAPH ? graph : 0 };
  }
}

function isBad({ state, health }: PaneUsage): boolean {
  return state === 'fatal' || health === 'unhealthy';
}

function padLeft(text: string, width: number): string {
  return `${' '.repeat(Math.max(0, width - displayWidth(text)))}${text}`;
}
