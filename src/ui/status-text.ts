import { countHiddenReceivers, describeReceivers, selectReceivers, selectRedPanes } from '../client/broadcast.ts';
import type { ListKind } from '../client/lists/list-view.ts';
import { selectGeometry, selectPanes } from '../client/selectors.ts';
import type { ClientState } from '../client/store.ts';
import type { CopyView } from '../client/view-state.ts';
import { cutText, sanitizeText } from '../core/display-text.ts';
import { formatCountdown, formatCpu, formatMemory } from '../core/format-values.ts';
import type { Keymap } from '../core/keymap.ts';
import { formatChord } from '../core/keys.ts';
import { PANE_STATES, type PaneView, STATE_MARKS, WARNING_MARK, warningWords } from '../core/session.ts';
import { STATUS_PARTS, type StatusPartName } from '../core/settings.ts';
import type { Usage } from './figures.ts';
import { cutSegments, joinSegments, type Segment, segmentsWidth } from './styled-line.tsx';

const MODE_PILLS: Record<ClientState['view']['mode'], string> = {
  normal: '',
  prefix: 'PREFIX',
  confirm: 'CONFIRM',
  quit: 'QUIT',
  help: 'HELP',
  list: '',
  resize: 'RESIZE',
  prompt: 'PROMPT',
  paste: 'PASTE',
  info: 'INFO',
  log: 'LOG',
  rename: 'RENAME',
};
const LIST_PILLS: Record<ListKind, string> = { palette: 'COMMANDS', 'go-to': 'GO TO', search: 'SEARCH ALL' };
const MAX_SESSION_CELLS = 24;
const MAX_WARNING_CELLS = 60;

/** A part of the bar; where room is short, the one with the lowest `rank` goes first. `short`: what is left of it before it goes. */
type Part = { rank: number; segments: Segment[]; short?: Segment[]; right?: boolean };

/** Parts that a person may leave out, by their rank. */
const PART_NAMES: Readonly<Record<number, StatusPartName>> = {
  75: 'page',
  70: 'hint',
  60: 'session',
  50: 'states',
  45: 'next_restart',
  40: 'usage',
  30: 'restarts',
};

/** The pane that comes back last, and when: `3 codex restarts in 4s`. Empty when none waits. */
export function nextRestartText(panes: readonly PaneView[], nowMs: number): string {
  let worst: PaneView | null = null;
  for (const pane of panes) {
    if (pane.state !== 'backoff' || pane.nextRestartAt === null) continue;
    if (!worst || pane.nextRestartAt > worst.nextRestartAt!) worst = pane;
  }
  if (!worst) return '';
  return `${worst.pane} ${sanitizeText(worst.name)} restarts in ${formatCountdown(worst.nextRestartAt! - nowMs)}`;
}

/** `cpu 42% mem 1.2G`, over all panes; empty without any. */
export function totalFigures(panes: readonly PaneView[], { cpuPercent, rssBytes }: Usage): string {
  return panes.length === 0 ? '' : `cpu ${formatCpu(cpuPercent)} mem ${formatMemory(rssBytes)}`;
}

/** What in the bar changes by itself, as text already. */
export type StatusTexts = { nextRestart: string; figures: string };

/** The last row of the screen, exactly `cols` cells. */
export function statusSegments(state: ClientState, keymap: Keymap, texts: StatusTexts): Segment[] {
  const { cols } = state.view;
  const parts = asWanted(statusParts(state, keymap, texts), state.view.settings.status);
  const shown = new Set<Part>();
  // The most important first; each further one only if it fits as a whole.
  let used = 0;
  for (const part of [...parts].sort((a, b) => b.rank - a.rank)) {
    let width = segmentsWidth(part.segments) + 1;
    if (part.short && used + width > cols) {
      part.segments = part.short;
      width = segmentsWidth(part.segments) + 1;
    }
    if (used + width > cols && shown.size > 0) continue;
    shown.add(part);
    used += width;
  }
  const side = (right: boolean): Segment[] =>
    parts
      .filter((part) => shown.has(part) && (part.right ?? false) === right)
      .flatMap((part, index) => (index === 0 ? part.segments : [bar(' '), ...part.segments]));
  const left = cutSegments([...side(false), bar(' ')], cols);
  const right = cutSegments(side(true), cols - segmentsWidth(left));
  const gap = Math.max(0, cols - segmentsWidth(left) - segmentsWidth(right));
  return joinSegments([...left, bar(' '.repeat(gap)), ...right]);
}

/** Parts that the person wants, in their order; those that have no name come first, as they must be seen. */
function asWanted(parts: Part[], wanted: readonly StatusPartName[]): Part[] {
  if (wanted === STATUS_PARTS) return parts;
  const placeOf = ({ rank }: Part): number => (PART_NAMES[rank] ? wanted.indexOf(PART_NAMES[rank]) : -1);
  return parts
    .filter((part) => PART_NAMES[part.rank] === undefined || placeOf(part) >= 0)
    .sort((a, b) => placeOf(a) - placeOf(b));
}

function statusParts(state: ClientState, keymap: Keymap, { nextRestart, figures }: StatusTexts): Part[] {
  const { session, view } = state;
  const panes = selectPanes(state);
  const parts: Part[] = [];
  const add = (rank: number, ...segments: Segment[]): void => {
    if (segments.some(({ text }) => text !== '')) parts.push({ rank, segments });
  };

  if (session.status !== 'live')
    add(100, pill(session.status === 'connecting' ? 'CONNECTING' : 'RECONNECTING', 'yellow'));
  else if (view.hostStatus === 'reconnecting') add(100, pill('RECONNECTING', 'yellow'));
  const mode = view.list ? LIST_PILLS[view.list.kind] : MODE_PILLS[view.mode];
  if (mode !== '') add(98, pill(mode, 'cyan'));
  if (view.broadcast) add(101, { ...pill(broadcastPill(state), 'white'), background: 'red' });
  const copy = view.copies.get(view.focused);
  if (copy && view.mode === 'normal') add(98, pill(copyPill(copy), 'cyan'));
  if (copy?.prompt != null) add(99, bar(cutText(sanitizeText(copy.prompt), Math.max(8, view.cols >> 1))));
  if (view.zoomed) add(80, pill('ZOOM', 'cyan'));
  add(60, { ...bar(` ${cutText(sanitizeText(session.snapshot?.session ?? 'nonet'), MAX_SESSION_CELLS)}`), bold: true });
  if (view.notice) add(97, noticeSegment(state, view.cols - segmentsWidth(parts.flatMap(({ segments }) => segments))));
  add(75, bar(pageText(state)));
  add(50, ...countSegments(panes));
  add(48, { ...bar(warningText(panes, view.focused)), bold: true });
  add(45, bar(nextRestart));
  add(40, bar(figures));
  if (panes.length > 0) add(30, bar(`↻${panes.reduce((total, pane) => total + pane.restarts, 0)}`));
  const hint = hintText(state, keymap);
  // How to get out of here is the last to go.
  const short = [bar(`${hint.split('  ').at(-1)} `)];
  parts.push({ rank: view.broadcast ? 99 : 70, right: true, segments: [bar(`${hint} `)], short });
  return parts;
}

/** What to press now. */
function hintText(state: ClientState, keymap: Keymap): string {
  const prefix = formatChord(keymap.prefix);
  const help = keymap.chordsOf('help')[0];
  const hints: Record<ClientState['view']['mode'], string> = {
    normal: help === undefined ? prefix : `${prefix} ${help} help`,
    prefix: help === undefined ? 'esc cancels' : `${help} help  esc cancels`,
    confirm: 'y or n?',
    quit: 'd, s or c?',
    help: 'esc closes',
    list: 'enter takes  esc closes',
    resize: 'arrows move the border  = equal  esc ends',
    prompt: state.view.prompt?.kind === 'overwrite' ? 'y or n?' : 'enter or esc',
    paste: 'y or n?',
    info: 'q closes',
    log: state.view.log?.prompt ? 'enter filters  esc cancels' : '/ filters  f follows  q closes',
    rename: 'enter renames  esc cancels',
  };
  const copy = state.view.copies.get(state.view.focused);
  if (state.view.mode === 'normal' && copy) {
    if (copy.prompt !== null) return 'enter finds  esc cancels';
    return copy.selecting ? 'y copies  esc clears' : 'v selects  / searches  q leaves';
  }
  const end = keymap.pressFor('broadcast');
  if (state.view.mode === 'normal' && state.view.broadcast && end) return `${end} ends broadcast`;
  return hints[state.view.mode];
}

/** Says how many get what is typed, and how many of them are out of sight. */
export function broadcastPill(state: ClientState): string {
  const hidden = countHiddenReceivers(state);
  const waits = selectRedPanes(state).length === 0 && selectReceivers(state).length > 0;
  return `BROADCAST ${waits ? 'WAITS' : describeReceivers(state)}${hidden > 0 && !waits ? `, ${hidden} hidden` : ''}`;
}

function copyPill({ prompt, selecting }: CopyView): string {
  return prompt !== null ? 'SEARCH' : selecting ? 'COPY SELECT' : 'COPY';
}

/** What is wrong with the focused pane, else with the first one: `▲ 3 codex: memory is 2G, above 1G (+1)`; empty when all is well. */
function warningText(panes: readonly PaneView[], focused: number): string {
  const warned = panes.filter((pane) => warningWords(pane) !== '');
  const pane = warned.find((candidate) => candidate.pane === focused) ?? warned[0];
  if (!pane) return '';
  const words = `${WARNING_MARK} ${pane.pane} ${sanitizeText(pane.name)}: ${sanitizeText(warningWords(pane))}`;
  return `${cutText(words, MAX_WARNING_CELLS)}${warned.length > 1 ? ` (+${warned.length - 1})` : ''}`;
}

/** Where we are when not all panes are in sight. */
function pageText(state: ClientState): string {
  const geometry = selectGeometry(state);
  const count = selectPanes(state).length;
  if (geometry.mode === 'single') return count > 1 ? `pane ${state.view.focused}/${count}` : '';
  return geometry.pages > 1 ? `page ${geometry.page + 1}/${geometry.pages}` : '';
}

function countSegments(panes: readonly PaneView[]): Segment[] {
  const texts = PANE_STATES.flatMap((name) => {
    const count = panes.filter((pane) => pane.state === name).length;
    return count > 0 ? [{ ...bar(`${STATE_MARKS[name]}${count} ${name}`), bold: name === 'fatal' }] : [];
  });
  return texts.flatMap((segment, index) => (index === 0 ? [segment] : [bar(' '), segment]));
}

function noticeSegment(state: ClientState, room: number): Segment {
  const { notice } = state.view;
  const mark = notice?.kind === 'error' ? '✕ ' : '';
  return { ...bar(cutText(`${mark}${notice?.text ?? ''}`, Math.max(1, room - 2))), bold: true };
}

/** A cell-high label that stands out from the bar: the bar is inverse, the label is not. */
function pill(text: string, color: string): Segment {
  return { text: ` ${text} `, color, bold: true };
}

function bar(text: string): Segment {
  return { text, inverse: true };
}
