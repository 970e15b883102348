import type { KeyEvent } from '../core/input-event.ts';
import { typedText } from '../core/line-edit.ts';
import { answerPaste } from './broadcast-router.ts';
import { changeView, type Effect, showNotice } from './input-effect.ts';
import { describeKey, isEnter, isLeave, isSilent } from './key-reading.ts';
import { selectGeometry } from './selectors.ts';
import type { ClientState } from './store.ts';

/** A key that goes down while a question is open: an answer, or a notice that says which keys are. */
export function answerConfirm(state: ClientState, event: KeyEvent): Effect[] {
  const { confirm } = state.view;
  const left = changeView({ type: 'mode-left' });
  const answer = yesOrNo(event);
  if (!confirm || answer === 'no') return [left];
  if (answer === null || isOutOfSight(state)) return refuseAnswer(state, event, 'y or n');
  return [left, { type: 'command', command: confirm.command, pane: confirm.pane, confirmed: true }];
}

export function answerQuit(state: ClientState, event: KeyEvent): Effect[] {
  const left = changeView({ type: 'mode-left' });
  if (isLeave(event) || typedLetter(event) === 'c') return [left];
  const detaches = typedLetter(event) === 'd' || isEnter(event);
  if ((!detaches && typedLetter(event) !== 's') || isOutOfSight(state)) return refuseAnswer(state, event, 'd, s or c');
  return [left, { type: 'quit', choice: detaches ? 'detach' : 'stop-all' }];
}

export function answerHeldPaste(state: ClientState, event: KeyEvent): Effect[] {
  const answer = yesOrNo(event);
  if (answer === null || (answer === 'yes' && isOutOfSight(state))) return refuseAnswer(state, event, 'y or n');
  return answerPaste(state, answer);
}

function yesOrNo(event: KeyEvent): 'yes' | 'no' | null {
  if (isLeave(event) || typedLetter(event) === 'n') return 'no';
  return typedLetter(event) === 'y' || isEnter(event) ? 'yes' : null;
}

/** Caps Lock must not make a `y` something else. */
function typedLetter(event: KeyEvent): string {
  return typedText(event).toLowerCase();
}

/** A question that cannot be seen cannot be answered with yes. */
function isOutOfSight(state: ClientState): boolean {
  return selectGeometry(state).mode === 'too-small';
}

function refuseAnswer(state: ClientState, event: KeyEvent, keys: string): Effect[] {
  if (isSilent(event)) return [];
  const why = isOutOfSight(state) ? 'the question needs a larger window: esc cancels' : `press ${keys}`;
  return [showNotice(`${describeKey(event)} is no answer here: ${why}`, 'warning')];
}
