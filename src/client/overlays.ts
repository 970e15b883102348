import { type CommandRow, commandRow, type KeyCommandName, keyCommandNames } from '../core/commands.ts';
import { cutText, displayWidth, sanitizeText, wrapText } from '../core/display-text.ts';
import type { Rect } from '../core/geometry.ts';
import type { Keymap } from '../core/keymap.ts';
import { formatChord } from '../core/keys.ts';
import { countLines } from './broadcast.ts';
import { promptContent } from './prompt.ts';
import { selectGeometry, selectPane } from './selectors.ts';
import type { ClientState } from './store.ts';

/** What the help and the dialogs say and where they lie; the router scrolls, ui/ draws and the compositor covers by the same answer. */
export type HelpEntry = { kind: 'heading'; text: string } | { kind: 'command'; keys: string; text: string };

export type HelpLayout = {
  rect: Rect;
  framed: boolean;
  /** A line each: what is too long for one goes on in the next, as a command without keys. */
  entries: HelpEntry[];
  /** Width of the column of keys. */
  keysWidth: number;
  /** First entry shown, and how many there is room for. */
  scroll: number;
  pageRows: number;
  maxScroll: number;
};

export type DialogLayout = { rect: Rect; framed: boolean; title: string; lines: string[] };

const GROUP_TITLES: Record<CommandRow['group'], string> = {
  focus: 'Focus',
  panes: 'Panes',
  view: 'View',
  session: 'Session',
  talk: 'Talk',
  layouts: 'Layouts',
};

const HELP_COLS = 84;
/** The line with the filter. */
const HELP_HEAD_ROWS = 1;
/** Before the keys and behind them. */
const HELP_GAPS = 4;

function helpEntries(keymap: Keymap, filter: string): HelpEntry[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const matches = (text: string): boolean => words.every((word) => text.toLowerCase().includes(word));
  const entries: HelpEntry[] = [];
  for (const [group, title] of Object.entries(GROUP_TITLES)) {
    const rows = helpRows(keymap)
      .filter((row) => row.group === group)
      .filter((row) => matches(`${title} ${row.name} ${row.keys} ${row.text}`))
      .map(({ keys, text }): HelpEntry => ({ kind: 'command', keys, text }));
    if (rows.length > 0) entries.push({ kind: 'heading', text: title }, ...rows);
  }
  return entries;
}

type HelpRow = { name: string; group: string; keys: string; text: string };

function helpRows(keymap: Keymap): HelpRow[] {
  const prefix = formatChord(keymap.prefix);
  const rows = keyCommandNames.map((name): HelpRow => {
    const { group, summary } = commandRow(name);
    return { name, group, keys: keymap.chordsOf(name).join(' ') || 'no key', text: summary };
  });
  // Nine rows that say the same are one, unless a layout has changed some of them.
  const digits = rows.filter(({ name, keys }) => name === `focus-${keys}`);
  const collapsed = digits.length < 9 ? rows : rows.filter((row) => row === digits[0] || !digits.includes(row));
  if (digits.length === 9) Object.assign(digits[0]!, { keys: '1…9', text: 'focus the pane of that number' });
  return [...collapsed, { name: 'prefix', group: 'talk', keys: prefix, text: `send ${prefix} to the pane` }];
}

/** Null unless the help is open and there is a screen to show it on. */
export function helpLayout(state: ClientState, keymap: Keymap): HelpLayout | null {
  if (state.view.mode !== 'help' || selectGeometry(state).mode === 'too-small') return null;
  const { cols, rows, help } = state.view;
  const all = helpEntries(keymap, '');
  const box = (lineCount: number) => placeBox(cols, rows, HELP_COLS, lineCount + HELP_HEAD_ROWS);
  const first = box(all.length);
  const widest = Math.max(0, ...all.map((entry) => (entry.kind === 'command' ? displayWidth(entry.keys) : 0)));
  const keysWidth = Math.min(widest, Math.floor(first.rect.width / 3));
  const textWidth = Math.max(1, first.rect.width - (first.framed ? 4 : 0) - keysWidth - HELP_GAPS);
  const wrap = (entry: HelpEntry): HelpEntry[] => wrapEntry(entry, keysWidth, textWidth);
  const lines = all.flatMap(wrap);
  const entries = help.filter === '' ? lines : helpEntries(keymap, help.filter).flatMap(wrap);
  // Of the same size whatever the filter says.
  const { rect, framed } = box(lines.length);
  const pageRows = Math.max(1, rect.height - HELP_HEAD_ROWS - (framed ? 2 : 0));
  const maxScroll = Math.max(0, entries.length - pageRows);
  return { rect, framed, entries, keysWidth, scroll: Math.min(help.scroll, maxScroll), pageRows, maxScroll };
}

function wrapEntry(entry: HelpEntry, keysWidth: number, textWidth: number): HelpEntry[] {
  if (entry.kind === 'heading') return [entry];
  const keys = wrapText(entry.keys, keysWidth);
  const texts = wrapText(entry.text, textWidth);
  return Array.from({ length: Math.max(keys.length, texts.length) }, (_, i) => ({
    kind: 'command',
    keys: keys[i] ?? '',
    text: texts[i] ?? '',
  }));
}

/** Where the help stands after so many lines down; negative is up. */
export function scrollHelp({ scroll, maxScroll }: HelpLayout, lines: number): number {
  return Math.max(0, Math.min(maxScroll, scroll + lines));
}

/** Null unless a question is open and there is a screen to show it on. */
export function dialogLayout(state: ClientState): DialogLayout | null {
  const content = dialogContent(state);
  if (!content || selectGeometry(state).mode === 'too-small') return null;
  const { cols, rows } = state.view;
  const width = Math.max(displayWidth(content.title) + 4, ...content.lines.map(displayWidth)) + 2;
  const { rect, framed } = placeBox(cols, rows, width, content.lines.length);
  // Without a frame the title has no place of its own.
  const lines = framed ? content.lines : [content.title, ...content.lines].slice(0, rect.height);
  return { rect, framed, title: content.title, lines };
}

function dialogContent(state: ClientState): { title: string; lines: string[] } | null {
  const { mode, confirm, prompt, heldPaste } = state.view;
  if (mode === 'paste' && heldPaste) {
    const { panes, text } = heldPaste;
    return {
      title: `Paste into ${amountOf(panes.length, 'pane')}?`,
      lines: [
        `${amountOf(countLines(text), 'line')}, ${amountOf(text.length, 'character')}`,
        'y enter  paste',
        'n esc    cancel',
      ],
    };
  }
  if (mode === 'quit') {
    return {
      title: 'Quit nonet?',
      lines: ['d enter  detach: panes go on', 's        stop all panes', 'c esc    cancel'],
    };
  }
  if (mode === 'prompt' && prompt) return promptContent(prompt, state.view.cols);
  if (mode !== 'confirm' || !confirm) return null;
  const pane = selectPane(state, confirm.pane);
  const name = cutText(sanitizeText(pane?.name ?? ''), 30);
  const verb = confirmVerb(confirm.command);
  return { title: `${verb} ${confirm.pane} ${name}?`, lines: [`y enter  ${verb.toLowerCase()}`, 'n esc    cancel'] };
}

function amountOf(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function confirmVerb(command: KeyCommandName): string {
  return commandRow(command).confirm ?? 'Run';
}

/** A box in the middle, above the status bar; without a frame where that would cost the words their room. */
export function placeBox(
  cols: number,
  rows: number,
  wanted: number,
  lineCount: number,
): { rect: Rect; framed: boolean } {
  const room = rows - 1;
  const framed = room >= lineCount + 2 || room >= 8;
  const height = Math.min(room, lineCount + (framed ? 2 : 1));
  const width = Math.min(cols, wanted + 2);
  return { rect: { x: (cols - width) >> 1, y: (room - height) >> 1, width, height }, framed };
}
