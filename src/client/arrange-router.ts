import { ALT, CTRL, type KeyEvent, SHIFT } from '../core/input-event.ts';
import { matchesChord } from '../core/keys.ts';
import { editLine } from '../core/line-edit.ts';
import type { ArrangeAction, Effect } from './input-effect.ts';
import type { Prompt } from './prompt.ts';
import type { Direction } from './selectors.ts';
import type { ViewAction } from './view.ts';

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
  if (is(event, '=') || is(event, 'e')) return [arrange({ do: 'equalize' })];
  if (is(event, 'escape') || is(event, 'q') || is(event, 'enter') || is(event, 'kp_enter') || isCtrlC(event)) {
    return [view({ type: 'mode-left' })];
  }
  const text = 'arrows move the border, = makes all equal, esc ends';
  return [view({ type: 'notice-shown', text, kind: 'warning' })];
}

/** A key while a question waits for a line, or for yes or no. */
export function routePromptKey(prompt: Prompt, event: KeyEvent): Effect[] {
  const left = view({ type: 'mode-left' });
  if (is(event, 'escape') || isCtrlC(event) || matchesChord(event, { key: 'g', modifiers: CTRL })) return [left];
  if (prompt.kind === 'overwrite') {
    if (is(event, 'y')) return [left, arrange({ do: 'save-layout', file: prompt.file, overwrite: true })];
    // Not Enter: it may still be the one that ended the line before.
    return is(event, 'n') || is(event, 'q') ? [left] : [];
  }
  const { text } = prompt.line;
  if (is(event, 'enter') || is(event, 'kp_enter')) {
    if (prompt.kind === 'add-pane') return [left, arrange({ do: 'add-pane', command: text, beside: prompt.pane })];
    if (text.trim() === '') return [view({ type: 'notice-shown', text: 'the file needs a name', kind: 'warning' })];
    return [left, arrange({ do: 'save-layout', file: text.trim(), overwrite: false })];
  }
  const line = editLine(prompt.line, event);
  return line ? [view({ type: 'prompt-edited', line })] : [];
}

function is(event: KeyEvent, key: string): boolean {
  return matchesChord(event, { key, modifiers: 0 });
}

function isCtrlC(event: KeyEvent): boolean {
  return matchesChord(event, { key: 'c', modifiers: CTRL });
}

function arrange(action: ArrangeAction): Effect {
  return { type: 'arrange', action };
}

function view(action: ViewAction): Effect {
  return { type: 'view', action };
}
