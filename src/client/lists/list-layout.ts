import type { Rect } from '../../core/geometry.ts';
import type { Keymap } from '../../core/keymap.ts';
import { placeBox } from '../overlays.ts';
import { selectGeometry, selectPanes } from '../selectors.ts';
import type { ClientState } from '../store.ts';
import { type ListItem, type ListRow, listRows } from './list-items.ts';
import type { ListKind, ListView } from './list-view.ts';

/** What the open list says and where it lies: the router chooses, ui/ draws and the compositor covers by the same answer. */
export type ListLayout = {
  rect: Rect;
  framed: boolean;
  title: string;
  footer: string;
  /** Before what is typed. */
  prompt: string;
  query: string;
  /** What there is to say about what was found, and whether that is trouble. */
  note: string;
  troubled: boolean;
  rows: readonly ListRow[];
  /** The first row in view, and how many there is room for. */
  scroll: number;
  pageRows: number;
  /** Index of the row that enter takes; -1 when there is none. */
  chosen: number;
  /** In place of rows, when there are none. */
  empty: string;
};

const COLS = 88;
const PALETTE_ROWS = 22;
/** Fits beside the query on a narrow screen. */
const NOTE_LENGTH = 20;
/** The line with the query. */
const HEAD_ROWS = 1;

const TITLES: Record<ListKind, string> = { palette: 'Commands', 'go-to': 'Go to pane', search: 'Search all panes' };

/** Where a list lies: it depends on nothing that is typed or found, so that it stays where it is. */
export function listRect(state: ClientState): { rect: Rect; framed: boolean } | null {
  const { list, mode, cols, rows } = state.view;
  if (mode !== 'list' || !list || selectGeometry(state).mode === 'too-small') return null;
  switch (list.kind) {
    case 'palette':
      return placeBox(cols, rows, COLS, PALETTE_ROWS);
    case 'go-to':
      return placeBox(cols, rows, COLS, selectPanes(state).length + HEAD_ROWS);
    case 'search':
      // What is found is read: as much of it as there is room for.
      return placeBox(cols, rows, Math.max(COLS, cols - 20), Math.max(PALETTE_ROWS, rows - 7));
  }
}

/** Null unless a list is open and there is a screen to show it on. */
export function listLayout(state: ClientState, keymap: Keymap): ListLayout | null {
  const place = listRect(state);
  const { list } = state.view;
  if (!place || !list) return null;
  const { rect, framed } = place;
  const pageRows = Math.max(1, rect.height - HEAD_ROWS - (framed ? 2 : 0));
  const rows = rowsOf(state, list, keymap);
  const chosenAt = rows.findIndex((row) => row.kind === 'item' && row.id === list.chosen);
  const chosen = chosenAt >= 0 ? chosenAt : rows.findIndex(({ kind }) => kind === 'item');
  return {
    ...place,
    title: TITLES[list.kind],
    footer: footerOf(list),
    prompt: list.kind === 'search' ? (list.regex ? 'regex: ' : 'search: ') : '❯ ',
    query: list.query,
    ...noteOf(state, list),
    rows,
    scroll: scrollTo(rows, chosen, list.scroll, pageRows),
    pageRows,
    chosen,
    empty: emptyText(list),
  };
}

export function chosenItem({ rows, chosen }: ListLayout): ListItem | null {
  const row = rows[chosen];
  return row?.kind === 'item' ? row : null;
}

/** The choice so many items further down (negative is up), at most to either end. */
export function moveChoice(layout: ListLayout, step: number): { chosen: string; scroll: number } | null {
  const items = layout.rows.flatMap((row, index) => (row.kind === 'item' ? [index] : []));
  const from = items.indexOf(layout.chosen);
  return chooseRow(layout, items[Math.max(0, Math.min(items.length - 1, from + step))] ?? -1);
}

/** The first item below the next heading, or with -1 below the one before; in a list without headings the next item. */
export function moveGroup(layout: ListLayout, step: 1 | -1): { chosen: string; scroll: number } | null {
  const { rows, chosen } = layout;
  const heads = rows.flatMap((row, index) => (row.kind === 'heading' ? [index] : []));
  if (heads.length === 0) return moveChoice(layout, step);
  const here = heads.findLastIndex((index) => index < chosen);
  // Back goes to the start of this group first.
  const target = step > 0 ? here + 1 : chosen > heads[here]! + 1 ? here : here - 1;
  return target < 0 || target >= heads.length ? null : chooseRow(layout, heads[target]! + 1);
}

export function chooseRow(layout: ListLayout, index: number): { chosen: string; scroll: number } | null {
  const row = layout.rows[index];
  if (row?.kind !== 'item') return null;
  return { chosen: row.id, scroll: scrollTo(layout.rows, index, layout.scroll, layout.pageRows) };
}

/** As little further as it takes for the row to be in view, and its heading if that is next to it. */
function scrollTo(rows: readonly ListRow[], index: number, scroll: number, pageRows: number): number {
  const last = Math.max(0, rows.length - pageRows);
  const head = pageRows > 1 && rows[index - 1]?.kind === 'heading' ? index - 1 : index;
  return Math.max(0, Math.min(last, head, Math.max(index - pageRows + 1, scroll)));
}

function footerOf({ kind, query, recalled }: ListView): string {
  // The first words are those that a narrow screen has room for.
  if (kind !== 'search') return `enter ${kind === 'palette' ? 'runs' : 'goes there'}, esc closes, ↑↓ choose`;
  if (query === '' && recalled) return '↑ last search, esc closes, ctrl+r regex';
  return 'enter goes there, esc closes, ↑↓ tab choose, ctrl+r regex';
}

function emptyText({ kind, query, search }: ListView): string {
  if (kind !== 'search') return kind === 'palette' ? 'no command is called that' : 'no pane is like that';
  if (query === '') return 'a capital makes case count';
  if (search.problem === '') return search.status === 'done' ? 'no line matches' : '';
  // What there may be no room for in the note.
  return search.problem.length > NOTE_LENGTH ? search.problem : '';
}

function noteOf(state: ClientState, { kind, search, query }: ListView): { note: string; troubled: boolean } {
  if (kind !== 'search' || query === '') return { note: '', troubled: false };
  if (state.view.hostStatus !== 'live') return { note: '✕ the panes cannot be reached just now', troubled: true };
  if (search.problem !== '') return { note: `✕ ${search.problem}`, troubled: true };
  const lines = search.panes.reduce((sum, { count }) => sum + count, 0);
  const more = search.status === 'running' ? ' …' : '';
  if (lines === 0) return { note: more === '' ? '' : 'searching …', troubled: false };
  const panes = search.panes.length;
  return {
    note: `${lines} line${lines === 1 ? '' : 's'}, ${panes} pane${panes === 1 ? '' : 's'}${more}`,
    troubled: false,
  };
}

let memory: { key: readonly unknown[]; rows: ListRow[] } | null = null;

/** Several ask for the same at every key. */
function rowsOf(state: ClientState, list: ListView, keymap: Keymap): ListRow[] {
  const { kind, query, search } = list;
  const { focused, news } = state.view;
  const key = [kind, query, search.panes, search.query, state.session.snapshot?.panes, focused, news, keymap];
  if (!memory || key.some((part, at) => part !== memory?.key[at]))
    memory = { key, rows: listRows(state, list, keymap) };
  return memory.rows;
}
