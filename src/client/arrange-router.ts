import { ALT, CTRL, type KeyEvent, SHIFT } from '../core/input-event.ts';
import { editLine } from '../core/line-edit.ts';
import { type ArrangeAction, changeView, type Effect, showNotice } from './input-effect.ts';
import { isEnter, isKey, isLeave } from './key-reading.ts';
import type { Prompt } from './prompt.ts';
import type { Direction } from './selectors.ts';

/** As tmux's keys with ctrl and with alt. */
const STEP = 1;
const LONG_STEP = 5;

const DIRECTIONS: Readonly<Record<string, Direction>> = {
  left: 'left',
  h: 'left',
  right: 'right',
  l: 'right',
  up: 'up',
  k: 'up',
  down: 'down',
  j: 'down',
};

/** A key while borders are moved: arrows and hjkl by one cell, with shift or alt by five. */
export function routeResizeKey(event: KeyEvent): Effect[] {
  const direction = DIRECTIONS[event.key];
  if (direction) {
    return [arrange({ do: 'move', direction, cells: event.modifiers & (SHIFT | ALT) ? LONG_STEP : STEP })];
  }
  if (isKey(event, '=') || isKey(event, 'e')) return [arrange({ do: 'equalize' })];
  if (isKey(event, 'escape') || isKey(event, 'q') || isEnter(event) || isKey(event, 'c', CTRL)) {
    return [changeView({ type: 'mode-left' })];
  }
  return [showNotice('arrows move the border, = makes all equal, esc ends', 'warning')];
}

/** A key while a question waits for a line, or for yes or no. */
export function routePromptKey(prompt: Prompt, event: KeyEvent): Effect[] {
  const left = changeView({ type: 'mode-left' });
  if (isLeave(event)) return [left];
  if (prompt.kind === 'overwrite') {
    if (isKey(event, 'y')) return [left, arrange({ do: 'save-layout', file: prompt.file, overwrite: true })];
    // Not Enter: it may still be the one that ended the line before.
    return isKey(event, 'n') || isKey(event, 'q') ? [left] : [];
  }
  const { text } = prompt.line;
  if (isEnter(event)) {
    if (prompt.kind === 'add-pane') return [left, arrange({ do: 'add-pane', command: text, beside: prompt.pane })];
    if (text.trim() === '') return [showNotice('the file needs a name', 'warning')];
    return [left, arrange({ do: 'save-layout', file: text.trim(), overwrite: false })];
  }
  const line = editLine(prompt.line, event);
  return line ? [changeView({ type: 'prompt-edited', line })] : [];
}

function arrange(action: ArrangeAction): Effect {
  return { type: 'arrange', action };
}
