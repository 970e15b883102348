import type { KeyEvent } from '../../core/input-event.ts';
import { editLine, insertText, typedText } from '../../core/line-edit.ts';
import { MAX_PANE_NAME } from '../../core/pane-name.ts';
import { changeView, type Effect, refuseExcess, showNotice } from '../input-effect.ts';
import { isEnter, isLeave } from '../key-reading.ts';
import type { ClientState } from '../store.ts';
import { infoLayout } from './inspect-layout.ts';
import { scrollStep } from './scroll-keys.ts';

/** What keys, pastes and the wheel mean while a pane is looked at or named. */
export function routeInspectKey(state: ClientState, event: KeyEvent): Effect[] {
  const { mode } = state.view;
  if (mode === 'info') return routeInfoKey(state, event);
  if (mode === 'log') return [{ type: 'log-key', event }];
  return routeRenameKey(state, event);
}

/** Null when nothing is being typed here. */
export function routeInspectPaste(state: ClientState, text: string): Effect[] | null {
  const { mode, rename, log } = state.view;
  if (mode === 'rename' && rename)
    return [
      changeView({ type: 'rename-edited', line: insertText(rename.line, text, MAX_PANE_NAME) }),
      ...refuseExcess(rename.line.text, text, MAX_PANE_NAME),
    ];
  return mode === 'log' && log?.prompt ? [{ type: 'log-paste', text }] : null;
}

/** `lines`: negative is up. Null when neither is open. */
export function routeInspectWheel(state: ClientState, lines: number): Effect[] | null {
  const { mode } = state.view;
  if (mode === 'log') return [{ type: 'log-scroll', lines }];
  if (mode === 'rename') return [];
  return mode === 'info' ? scrollInfo(state, lines) : null;
}

function routeInfoKey(state: ClientState, event: KeyEvent): Effect[] {
  const left = changeView({ type: 'mode-left' });
  if (isLeave(event)) return [left];
  const text = typedText(event);
  if (event.action === 'press' && (text === 'q' || text === 'i')) return [left];
  const layout = infoLayout(state);
  const step = layout ? scrollStep(event, layout.pageRows) : null;
  if (step !== null) return scrollInfo(state, step);
  return event.action === 'press' ? [showNotice('j k and arrows scroll, q or esc closes', 'info')] : [];
}

function scrollInfo(state: ClientState, lines: number): Effect[] {
  const layout = infoLayout(state);
  if (!layout) return [];
  const scroll = Math.max(0, Math.min(layout.maxScroll, layout.scroll + lines));
  return [changeView({ type: 'info-scrolled', scroll })];
}

function routeRenameKey({ view: { rename } }: ClientState, event: KeyEvent): Effect[] {
  if (isLeave(event) || !rename) return [changeView({ type: 'mode-left' })];
  if (isEnter(event)) {
    return event.action === 'press' && !rename.busy
      ? [{ type: 'rename', pane: rename.pane, name: rename.line.text }]
      : [];
  }
  const line = editLine(rename.line, event, MAX_PANE_NAME);
  const excess = refuseExcess(rename.line.text, typedText(event), MAX_PANE_NAME);
  if (line) return [changeView({ type: 'rename-edited', line }), ...excess];
  return event.action === 'press' ? [showNotice('type a name: enter renames, esc cancels', 'info')] : [];
}
