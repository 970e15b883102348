import { sanitizeText } from '../core/display-text.ts';
import { CTRL, type KeyEvent } from '../core/input-event.ts';
import type { Keymap } from '../core/keymap.ts';
import { typedText } from '../core/line-edit.ts';
import { changeView, type Effect, refuseExcess, showNotice } from './input-effect.ts';
import { describeKey, isEnter, isKey, isLeave, isSilent } from './key-reading.ts';
import { helpLayout, scrollHelp } from './overlays.ts';
import { pageStep } from './page-step.ts';
import type { ClientState } from './store.ts';

const MAX_FILTER_LENGTH = 40;

/** A key while the help is open. Text narrows it; every other key scrolls, closes, or says that it does nothing. */
export function routeHelpKey(state: ClientState, keymap: Keymap, event: KeyEvent): Effect[] {
  const { filter } = state.view.help;
  const text = typedText(event);
  const left = changeView({ type: 'mode-left' });
  if (isLeave(event)) return [left];
  // With nothing typed yet, the keys that close a help elsewhere do so here; `/q` and the like are filters.
  if (filter === '' && event.action === 'press' && (text === 'q' || text === '?' || isEnter(event))) return [left];
  if (isKey(event, 'backspace'))
    return [changeView({ type: 'help-filtered', filter: [...filter].slice(0, -1).join('') })];
  if (isKey(event, 'u', CTRL)) return [changeView({ type: 'help-filtered', filter: '' })];
  const layout = helpLayout(state, keymap);
  const step = layout && pageStep(event.key, layout.pageRows);
  if (layout && step !== null) return [changeView({ type: 'help-scrolled', scroll: scrollHelp(layout, step) })];
  if (text !== '') return typeIntoFilter(filter, text);
  if (isSilent(event) || event.action !== 'press') return [];
  return [showNotice(`${describeKey(event)} does nothing in the help: type to filter, esc closes`, 'warning')];
}

/** Typed or pasted. */
export function typeIntoFilter(filter: string, text: string): Effect[] {
  const next = `${filter}${sanitizeText(text)}`.trimStart();
  const kept = [...next].slice(0, MAX_FILTER_LENGTH).join('');
  return [changeView({ type: 'help-filtered', filter: kept }), ...refuseExcess(next, '', MAX_FILTER_LENGTH)];
}
