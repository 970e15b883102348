import { exitWords } from '../client/pane-notice.ts';
import { cutText, displayWidth, sanitizeText } from '../core/display-text.ts';
import { formatCountdown, formatCpu, formatMemory, formatUptime } from '../core/format-values.ts';
import type { Progress } from '../core/pane-signal.ts';
import {
  type PaneStateName,
  type PaneView,
  STATE_MARKS,
  stateWord,
  WARNING_MARK,
  warningWords,
} from '../core/session.ts';
import type { Usage } from './figures.ts';
import { cutSegments, joinSegments, type Segment, segmentsWidth } from './styled-line.tsx';

export const stateColors: Record<PaneStateName, string> = {
  running: 'green',
  starting: 'yellow',
  stopping: 'yellow',
  backoff: 'yellow',
  fatal: 'red',
  exited: 'gray',
  stopped: 'gray',
};

/** A name gives way to figures down to this many cells; below it they go first. */
const READABLE_NAME = 12;
const SHORTEST_NAME = 3;
/** The rest of it is in the status bar and in the pane's info. */
const MAX_WARNING_CELLS = 36;

const MARKED = '◆';

const MINUTE_MS = 60_000;

/** What in a title depends on the time: uptime, or the time until the restart. */
export function titleClock(pane: PaneView | null, nowMs: number): string {
  if (pane?.state === 'backoff') return pane.nextRestartAt === null ? '' : formatCountdown(pane.nextRestartAt - nowMs);
  if (!pane || pane.startedAt === null || pane.pid === null) return '';
  const upMs = nowMs - pane.startedAt;
  // Nine titles that count seconds redraw for nothing: who looks for a young pane sees that it is young.
  return upMs < MINUTE_MS ? '<1m' : formatUptime(upMs);
}

/** CPU and memory, with a blank between; empty when nothing runs. */
export function titleFigures(pane: PaneView, { cpuPercent, rssBytes }: Usage): string {
  return pane.pid === null ? '' : `${formatCpu(cpuPercent)} ${formatMemory(rssBytes)}`;
}

const PROGRESS_CELLS = 4;

/** How far the program says it is: `▓▓░░ 50%`. Empty when it says nothing. */
export function titleProgress(progress: Progress | null): string {
  if (!progress || progress.state === 'none') return '';
  const { state, percent } = progress;
  if (state === 'indeterminate') return 'busy';
  const figure = percent === null ? '' : ` ${percent}%`;
  if (state !== 'normal') return `${state}${figure}`;
  const full = Math.round(((percent ?? 0) / 100) * PROGRESS_CELLS);
  return `${'▓'.repeat(full)}${'░'.repeat(PROGRESS_CELLS - full)}${figure}`;
}

/** `calls`: it rang or notified, and nobody has looked since. `progress`: from titleProgress. */
type TitleInput = {
  pane: PaneView;
  clock: string;
  figures: string;
  focused: boolean;
  width: number;
  calls?: boolean;
  /** For broadcasts. */
  marked?: boolean;
  /** What is typed comes here by a broadcast. */
  receives?: boolean;
  progress?: string;
  /** Where in its history the pane is shown; empty for none. */
  position?: string;
};

/**
 * `━▶1 planner ! ▲ ● running memory is 2G, above 1G ▓▓░░ 50% 3.2% 120M ↻2 5m `, at most `width` cells, for the start of a rule. Where room is short,
 * uptime goes first, then memory, CPU, restarts, what is wrong, progress, the time until a restart, the place in the history, and the state's word last;
 * number and marks stay.
 */
export function titleSegments(input: TitleInput): Segment[] {
  const { pane, clock, figures, focused, width, calls = false, progress = '', position = '' } = input;
  const { marked = false, receives = false } = input;
  const color = stateColors[pane.state];
  const name = sanitizeText(pane.name);

  const state: Segment = { text: pane.state === 'exited' ? exitWords(pane.exit) : stateWord(pane), color };
  const countdown: Segment = { text: pane.state === 'backoff' ? clock : '', color };
  const restarts: Segment = { text: pane.restarts > 0 ? `↻${pane.restarts}` : '', color: 'yellow' };
  const uptime: Segment = { text: pane.state === 'backoff' ? '' : clock };
  const advance: Segment = { text: progress, color: progressColor(progress) };
  const warned = sanitizeText(warningWords(pane));
  const warning: Segment = { text: cutText(warned, MAX_WARNING_CELLS), color: 'yellow' };
  const [cpu, memory] = figures.split(' ', 2).map((text): Segment => ({ text }));

  const lead = focused ? `${receives ? '═' : '━'}▶` : receives ? '═ ' : '─ ';
  const head = `${pane.pane} ${marked ? `${MARKED} ` : ''}`;
  const mark: Segment = { text: STATE_MARKS[pane.state], color };
  const call: Segment[] = calls ? [{ text: '!', color: 'yellow', bold: true }, { text: ' ' }] : [];
  const warn: Segment[] = warned === '' ? [] : [{ text: WARNING_MARK, color: 'yellow', bold: true }, { text: ' ' }];
  const place: Segment = { text: position, color: 'cyan', bold: true };
  const marks = [...call, ...warn];
  const fixed = displayWidth(lead) + displayWidth(head) + 1 + segmentsWidth(marks) + displayWidth(mark.text);
  let roomForName = width - fixed;
  const shown = new Set<Segment>();
  // With a blank, beside a name that can still be told.
  const fits = (cells: number, part: Segment | undefined): boolean => {
    if (!part || part.text === '') return true;
    const room = roomForName - displayWidth(part.text) - 1;
    if (room < Math.min(displayWidth(name), cells)) return false;
    shown.add(part);
    roomForName = room;
    return true;
  };
  const readable = (part: Segment | undefined): boolean => fits(READABLE_NAME, part);
  // The most important first, and none in place of a more important one; but the uptime is better than a gap where memory has no room.
  if (fits(SHORTEST_NAME, state)) {
    fits(SHORTEST_NAME, place);
    if ([countdown, advance, warning, restarts, cpu].every(readable)) [memory, uptime].forEach(readable);
  }
  const rest = [state, countdown, warning, advance, cpu, memory, restarts, uptime].filter(
    (part): part is Segment => !!part && shown.has(part),
  );

  const line: Segment[] = [
    { text: lead, color: ruleColor(focused, receives), bold: focused || receives },
    { text: `${head}${cutText(name, Math.max(1, roomForName))} `, bold: focused },
    ...(shown.has(place) ? [place, { text: ' ' }] : []),
    ...marks,
    mark,
    ...rest.map((part) => ({ ...part, text: ` ${part.text}` })),
  ];
  // From the rule behind it, unless the title takes all of it.
  if (segmentsWidth(line) < width) line.push({ text: ' ' });
  return cutSegments(joinSegments(line), width);
}

function progressColor(progress: string): string {
  return progress.startsWith('error') ? 'red' : progress.startsWith('paused') ? 'yellow' : 'cyan';
}

function ruleColor(focused: boolean, receives: boolean): string {
  if (receives) return 'red';
  return focused ? 'cyan' : 'gray';
}
