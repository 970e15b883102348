import {
  countHiddenReceivers,
  countReceivers,
  describeReceivers,
  selectReceivers,
  selectRedPanes,
} from '../client/broadcast.ts';
import type { ListKind } from '../client/lists/list-view.ts';
import { selectGeometry, selectPanes } from '../client/selectors.ts';
import type { ClientState } from '../client/store.ts';
import type { CopyView, Notice } from '../client/view-state.ts';
import { cutStart, cutText, displayWidth, sanitizeText } from '../core/display-text.ts';
import { formatCountdown, formatCpu, formatMemory } from '../core/format-values.ts';
import type { Keymap } from '../core/keymap.ts';
import { formatChord } from '../core/keys.ts';
import { PANE_STATES, type PaneView, STATE_MARKS, WARNING_MARK, warningWords } from '../core/session.ts';
import { STATUS_PARTS, type StatusPartName } from '../core/settings.ts';
import type { Usage } from './figures.ts';
import { bar, fitParts, type Part } from './fit-parts.ts';
import type { Segment } from './styled-line.tsx';

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
const SHORT_PILLS: Readonly<Record<string, string>> = {
  'SEARCH ALL': 'SEARCH',
  'COPY SELECT': 'SELECT',
  RECONNECTING: 'OFFLINE',
};
const MAX_SESSION_CELLS = 24;
const SHORT_SESSION_CELLS = 12;
const MAX_WARNING_CELLS = 60;
const SHORT_WARNING_CELLS = 16;
const FEWEST_NOTICE_CELLS = 4;

/** The pane that comes back last, and when: `3 codex restarts in 4s`, before it the same in short: `3 ↻ 4s`. None when none waits. */
export function nextRestartTexts(panes: readonly PaneView[], nowMs: number): string[] {
  let worst: PaneView | null = null;
  for (const pane of panes) {
    if (pane.state !== 'backoff' || pane.nextRestartAt === null) continue;
    if (!worst || pane.nextRestartAt > worst.nextRestartAt!) worst = pane;
  }
  if (!worst) return [];
  const countdown = formatCountdown(worst.nextRestartAt! - nowMs);
  const short = `${worst.pane} ${STATE_MARKS.backoff} ${countdown}`;
  return [short, `${worst.pane} ${sanitizeText(worst.name)} restarts in ${countdown}`];
}

/** `cpu 42% mem 1.2G`, over all panes, before it the same in short; none without any. */
export function totalFigures(panes: readonly PaneView[], { cpuPercent, rssBytes }: Usage): string[] {
  if (panes.length === 0) return [];
  const [cpu, memory] = [formatCpu(cpuPercent), formatMemory(rssBytes)];
  return [`${cpu} ${memory}`, `cpu ${cpu} mem ${memory}`];
}

/** What in the bar changes by itself, as text already, the short forms first. */
export type StatusTexts = { nextRestart: readonly string[]; figures: readonly string[] };

/** The last row of the screen, exactly `cols` cells. */
export function statusSegments(state: ClientState, keymap: Keymap, texts: StatusTexts): Segment[] {
  const { cols, settings } = state.view;
  return fitParts(asWanted(statusParts(state, keymap, texts), settings.status), cols);
}

/** Parts that the person wants, in their order; those that have no name come first, as they must be seen. */
function asWanted(parts: Part[], wanted: readonly StatusPartName[]): Part[] {
  if (wanted === STATUS_PARTS) return parts;
  const placeOf = ({ name }: Part): number => (name ? wanted.indexOf(name) : -1);
  return parts.filter((part) => part.name === undefined || placeOf(part) >= 0).sort((a, b) => placeOf(a) - placeOf(b));
}

/**
 * By rank: modes, notice, hint, then the parts of the contract in short, then their words. So the words go first where room is short; marks
 * and counts say the same, and the title of each pane has the word.
 */
function statusParts(state: ClientState, keymap: Keymap, { nextRestart, figures }: StatusTexts): Part[] {
  const { session, view } = state;
  const panes = selectPanes(state);
  const parts: Part[] = [];
  const add = (name: StatusPartName | undefined, ...forms: [rank: number, segments: Segment | Segment[]][]): Part => {
    const part: Part = { forms: forms.map(([rank, segments]) => ({ rank, segments: [segments].flat() })) };
    if (name) part.name = name;
    if (part.forms.some(({ segments }) => segments.some(({ text }) => text !== ''))) parts.push(part);
    return part;
  };
  const addPill = (rank: number, text: string, color: string): void => {
    const short = SHORT_PILLS[text];
    add(undefined, ...(short ? [[rank, pill(short, color)] as [number, Segment]] : []), [rank, pill(text, color)]);
  };

  if (session.status !== 'live')
    addPill(101, session.status === 'connecting' ? 'CONNECTING' : 'RECONNECTING', 'yellow');
  else if (view.hostStatus === 'reconnecting') addPill(101, 'RECONNECTING', 'yellow');
  const mode = view.list ? LIST_PILLS[view.list.kind] : MODE_PILLS[view.mode];
  if (mode !== '') addPill(100, mode, 'cyan');
  if (view.broadcast) add(undefined, ...broadcastForms(state));
  const copy = view.copies.get(view.focused);
  if (copy && view.mode === 'normal') addPill(99, copyPill(copy), 'cyan');
  if (copy?.prompt != null)
    add(undefined, [100, bar(cutStart(sanitizeText(copy.prompt), Math.max(8, view.cols >> 1)))]);
  if (view.zoomed) addPill(98, 'ZOOM', 'cyan');
  const name = sanitizeText(session.snapshot?.session ?? 'nonet');
  const title = (cells: number): Segment => ({ ...bar(` ${cutText(name, cells)}`), bold: true });
  add('session', [60, title(SHORT_SESSION_CELLS)], [26, title(MAX_SESSION_CELLS)]);
  if (view.notice) add(undefined, [97, noticeSegment(view.notice)]).fewest = FEWEST_NOTICE_CELLS;
  add('page', [75, bar(pageText(state))]);
  add('states', [50, countSegments(panes, false)], [20, countSegments(panes, true)]);
  const warning = (cells: number): Segment => ({ ...bar(warningText(panes, view.focused, cells)), bold: true });
  add(undefined, [49, warning(SHORT_WARNING_CELLS)], [48, warning(MAX_WARNING_CELLS)]);
  const ranked = (texts: readonly string[], ...ranks: number[]): [number, Segment][] =>
    texts.map((text, index) => [ranks[index] ?? 0, bar(text)]);
  add('next_restart', ...ranked(nextRestart, 45, 27));
  add('usage', ...ranked(figures, 40, 28));
  if (panes.length > 0) add('restarts', [30, bar(`↻${panes.reduce((total, pane) => total + pane.restarts, 0)}`)]);
  const hint = hintText(state, keymap);
  // How to get out of here is the last to go; how to end what is dangerous goes after only what is said about it.
  const ranks = view.broadcast ? [96, 94] : [70, 70];
  const texts = [`${hint.split('  ').at(-1)} `, `${hint} `];
  add(view.broadcast ? undefined : 'hint', ...ranked(texts, ...ranks)).right = true;
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
  const waits = broadcastWaits(state);
  return `BROADCAST ${waits ? 'WAITS' : describeReceivers(state)}${hidden > 0 && !waits ? `, ${hidden} hidden` : ''}`;
}

/** In a narrow bar the rest must have room beside it: the longer forms come after what else must be seen. */
function broadcastForms(state: ClientState): [rank: number, segments: Segment][] {
  const { reached, meant } = countReceivers(state);
  const waits = broadcastWaits(state);
  const count = reached === meant ? `${meant}` : `${reached}/${meant}`;
  const { cols } = state.view;
  const forms: [text: string, widest: number, rank: number][] = [
    [`BCAST ${waits ? 0 : reached}`, Infinity, 102],
    [`BROADCAST ${waits ? 'WAITS' : count}`, cols / 3, 95],
    [broadcastPill(state), cols / 2, 93],
  ];
  return forms.map(([text, widest, rank]) => {
    const segment = { ...pill(text, 'white'), background: 'red' };
    return [displayWidth(segment.text) <= widest ? 102 : rank, segment];
  });
}

/** The keys are copy mode's, and go nowhere else until it ends. */
function broadcastWaits(state: ClientState): boolean {
  return selectRedPanes(state).length === 0 && selectReceivers(state).length > 0;
}

function copyPill({ prompt, selecting }: CopyView): string {
  return prompt !== null ? 'SEARCH' : selecting ? 'COPY SELECT' : 'COPY';
}

/** What is wrong with the focused pane, else with the first one: `▲ 3 codex: memory is 2G, above 1G (+1)`; empty when all is well. */
function warningText(panes: readonly PaneView[], focused: number, cells: number): string {
  const warned = panes.filter((pane) => warningWords(pane) !== '');
  const pane = warned.find((candidate) => candidate.pane === focused) ?? warned[0];
  if (!pane) return '';
  const words = `${WARNING_MARK} ${pane.pane} ${sanitizeText(pane.name)}: ${sanitizeText(warningWords(pane))}`;
  return `${cutText(words, cells)}${warned.length > 1 ? ` (+${warned.length - 1})` : ''}`;
}

/** Where we are when not all panes are in sight. */
function pageText(state: ClientState): string {
  const geometry = selectGeometry(state);
  const count = selectPanes(state).length;
  if (geometry.mode === 'single') return count > 1 ? `pane ${state.view.focused}/${count}` : '';
  return geometry.pages > 1 ? `page ${geometry.page + 1}/${geometry.pages}` : '';
}

function countSegments(panes: readonly PaneView[], withWords: boolean): Segment[] {
  const texts = PANE_STATES.flatMap((name) => {
    const count = panes.filter((pane) => pane.state === name).length;
    return count > 0
      ? [{ ...bar(`${STATE_MARKS[name]}${count}${withWords ? ` ${name}` : ''}`), bold: name === 'fatal' }]
      : [];
  });
  return texts.flatMap((segment, index) => (index === 0 ? [segment] : [bar(' '), segment]));
}

function noticeSegment({ kind, text }: Notice): Segment {
  return { ...bar(`${kind === 'error' ? '✕ ' : ''}${text}`), bold: true };
}

/** A cell-high label that stands out from the bar: the bar is inverse, the label is not. */
function pill(text: string, color: string): Segment {
  return { text: ` ${text} `, color, bold: true };
}
