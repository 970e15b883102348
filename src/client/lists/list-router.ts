import { typedText } from '../../core/copy-mode/copy-step.ts';
import { cutText, sanitizeText } from '../../core/display-text.ts';
import { CTRL, type KeyEvent, SHIFT } from '../../core/input-event.ts';
import type { Keymap } from '../../core/keymap.ts';
import { formatChord } from '../../core/keys.ts';
import { MAX_QUERY_LENGTH } from '../../core/query-pattern.ts';
import { changeView, type Effect, refuseExcess, showNotice } from '../input-effect.ts';
import { isEnter, isKey, isLeave } from '../key-reading.ts';
import { pageStep } from '../page-step.ts';
import type { ClientState } from '../store.ts';
import { chooseRow, chosenItem, type ListLayout, listLayout, moveChoice, moveGroup } from './list-layout.ts';
import { isSearching, isStale, type ListView } from './list-view.ts';

/** A key while a list is open. Text narrows it; every other key moves, runs, closes, or says that it does nothing. */
export function routeListKey(state: ClientState, keymap: Keymap, event: KeyEvent): Effect[] {
  const { list } = state.view;
  if (!list) return [];
  const layout = listLayout(state, keymap);
  if (isLeave(event)) return [changeView({ type: 'mode-left' })];
  if (isEnter(event)) return event.action === 'press' ? runChosen(layout, list) : [];
  const edited = editQuery(list.query, event);
  if (edited !== null) return setQuery(edited);
  if (list.kind === 'search' && isKey(event, 'r', CTRL)) return [changeView({ type: 'list-regex-toggled' })];
  const isUp = event.key === 'up' || isKey(event, 'p', CTRL);
  if (isUp && list.query === '' && list.recalled) return recall(list);
  const step = layout && stepOf(event, layout);
  if (step !== null) return step === undefined ? [] : [changeView({ type: 'list-chosen', ...step })];
  const pressed = cutText(sanitizeText(formatChord({ key: event.key, modifiers: event.modifiers & ~SHIFT })), 20);
  return [showNotice(`${pressed} does nothing here`, 'warning')];
}

/** The wheel over a list, wherever the pointer is. */
export function turnListWheel(state: ClientState, keymap: Keymap, lines: number): Effect[] {
  const layout = listLayout(state, keymap);
  const next = layout && moveChoice(layout, lines);
  return next ? [changeView({ type: 'list-chosen', ...next })] : [];
}

/** A click chooses; one on what is chosen is enter. */
export function clickList(state: ClientState, keymap: Keymap, col: number, row: number): Effect[] {
  const layout = listLayout(state, keymap);
  const { list } = state.view;
  if (!layout || !list) return [];
  const { rect, framed, scroll, pageRows } = layout;
  const line = row - rect.y - (framed ? 1 : 0) - 1;
  if (col < rect.x || col >= rect.x + rect.width || line < 0 || line >= pageRows) return [];
  if (scroll + line === layout.chosen) return runChosen(layout, list);
  const next = chooseRow(layout, scroll + line);
  return next ? [changeView({ type: 'list-chosen', ...next })] : [];
}

/** Typed or pasted: on one line. */
export function typeIntoQuery(query: string, text: string): Effect[] {
  const added = text.replaceAll(/[\s\p{Cc}]+/gu, ' ');
  return setQuery(`${query}${query === '' ? added.trimStart() : added}`);
}

function setQuery(query: string): Effect[] {
  const kept = changeView({ type: 'list-typed', query: query.slice(0, MAX_QUERY_LENGTH) });
  return [kept, ...refuseExcess(query, '', MAX_QUERY_LENGTH)];
}

/** What the query is after this key; null for a key that is not for it. */
function editQuery(query: string, event: KeyEvent): string | null {
  if (isKey(event, 'backspace') || isKey(event, 'h', CTRL)) return [...query].slice(0, -1).join('');
  if (isKey(event, 'u', CTRL)) return '';
  if (isKey(event, 'w', CTRL)) return query.replace(/\S*\s*$/u, '');
  const text = typedText(event);
  return text === '' ? null : `${query}${text}`;
}

function runChosen(layout: ListLayout | null, list: ListView): Effect[] {
  // What cannot be seen cannot be meant, nor what was found for less than is typed now.
  const item = layout && !isStale(list) ? chosenItem(layout) : null;
  if (item) return [changeView({ type: 'mode-left' }), ...item.effects];
  if (isSearching(list)) return [changeView({ type: 'list-accepting', accepting: true })];
  if (list.kind === 'search' && list.query === '' && list.recalled) return recall(list);
  return layout
    ? [
        showNotice(
          list.query === '' && list.kind === 'search' ? 'type what to look for' : 'there is nothing to choose',
          'warning',
        ),
      ]
    : [];
}

function recall({ recalled, regex }: ListView): Effect[] {
  if (!recalled) return [];
  const toggled: Effect[] = recalled.regex === regex ? [] : [changeView({ type: 'list-regex-toggled' })];
  return [...toggled, changeView({ type: 'list-typed', query: recalled.text })];
}

/** Null for a key that moves nothing; undefined for one that cannot move any further. */
function stepOf(event: KeyEvent, layout: ListLayout): { chosen: string; scroll: number } | null | undefined {
  if (isKey(event, 'tab')) return moveGroup(layout, 1) ?? undefined;
  if (isKey(event, 'tab', SHIFT)) return moveGroup(layout, -1) ?? undefined;
  const steps = isKey(event, 'p', CTRL) ? -1 : isKey(event, 'n', CTRL) ? 1 : pageStep(event.key, layout.pageRows);
  return steps === null ? null : (moveChoice(layout, steps) ?? undefined);
}
