import { assertNever } from '../core/assert-never.ts';
import type { InputEvent, KeyEvent } from '../core/input-event.ts';
import type { Keymap } from '../core/keymap.ts';
import { formatChord } from '../core/keys.ts';
import { isUnknownKey } from '../terminal/unknown-input.ts';
import { routePromptKey, routeResizeKey } from './arrange-router.ts';
import { copyPane, routeCopyKey } from './copy-router.ts';
import { routeHelpKey } from './help-router.ts';
import { changeView, type Effect, keepKey, showNotice } from './input-effect.ts';
import { routeInspectKey } from './inspect/inspect-router.ts';
import { describeKey, isKey, isSilent } from './key-reading.ts';
import { routeListKey } from './lists/list-router.ts';
import { routeMouse } from './mouse-router.ts';
import { routePaste } from './paste-router.ts';
import { answerConfirm, answerHeldPaste, answerQuit } from './question-router.ts';
import type { ClientState } from './store.ts';
import { inputFor, type Router, typeInto, typeUnknown, typingTarget } from './typing-router.ts';
import type { KeyHolder } from './view-state.ts';

/**
 * Every key goes somewhere: to the focused pane, to a command, to what is open above the panes, or into a notice that says why
 * not. A release or repeat follows the press it belongs to.
 */
export function routeInput(state: ClientState, keymap: Keymap, event: InputEvent): Effect[] {
  const router = { state, keymap };
  switch (event.type) {
    case 'key':
      return routeKey(router, event);
    case 'paste':
      return routePaste(router, event);
    case 'mouse':
      return routeMouse(state, keymap, event);
    default:
      return assertNever(event);
  }
}

function routeKey(router: Router, event: KeyEvent): Effect[] {
  const { state, keymap } = router;
  const { mode, held } = state.view;
  const copying = copyPane(state);
  if (isUnknownKey(event)) return mode === 'normal' && copying === null ? typeUnknown(router, event) : [];
  const heldBy = held.get(event.key);
  if (event.action === 'release') return routeRelease(router, event, heldBy);
  const typedBefore = event.action === 'repeat' && heldBy !== undefined && heldBy !== null;
  if (copying !== null && !typedBefore && !keymap.isPrefix(event)) {
    return isSilent(event) ? [keepKey(event)] : routeCopyKey(copying, event);
  }
  if (mode === 'normal' || mode === 'prefix') {
    if (event.action === 'repeat' && heldBy !== undefined)
      return heldBy === null ? [] : typeInto(router, event, heldBy);
  }
  switch (mode) {
    case 'normal':
      if (keymap.isPrefix(event)) return [keepKey(event), changeView({ type: 'prefix-pressed' })];
      return typeInto(router, event, typingTarget(state));
    case 'prefix':
      return isSilent(event) ? [keepKey(event)] : routeCommandKey(router, event);
    case 'confirm':
      return [keepKey(event), ...(event.action === 'press' ? answerConfirm(state, event) : [])];
    case 'quit':
      return [keepKey(event), ...(event.action === 'press' ? answerQuit(state, event) : [])];
    case 'paste':
      return [keepKey(event), ...(event.action === 'press' ? answerHeldPaste(state, event) : [])];
    case 'help':
      return [keepKey(event), ...routeHelpKey(state, keymap, event)];
    case 'list':
      return [keepKey(event), ...(isSilent(event) ? [] : routeListKey(state, keymap, event))];
    case 'resize':
      if (keymap.isPrefix(event)) return [keepKey(event), changeView({ type: 'prefix-pressed' })];
      return isSilent(event) ? [keepKey(event)] : [keepKey(event), ...routeResizeKey(event)];
    case 'prompt':
      return [keepKey(event), ...(state.view.prompt ? routePromptKey(state.view.prompt, event) : [])];
    case 'info':
    case 'log':
    case 'rename':
      return isSilent(event) ? [keepKey(event)] : [keepKey(event), ...routeInspectKey(state, event)];
    default:
      return assertNever(mode);
  }
}

function routeRelease({ state }: Router, event: KeyEvent, heldBy: KeyHolder | undefined): Effect[] {
  // The press was before we were there (the Enter of `nonet attach`): its release is nobody's.
  if (heldBy === undefined) return [];
  const released = changeView({ type: 'key-released', key: event.key });
  return [released, ...(heldBy === null ? [] : inputFor(state, event, heldBy))];
}

function routeCommandKey(router: Router, event: KeyEvent): Effect[] {
  const { state, keymap } = router;
  const left = changeView({ type: 'mode-left' });
  const { focused, copies } = state.view;
  if (keymap.isPrefix(event)) {
    return [
      left,
      ...(copies.has(focused) ? routeCopyKey(focused, event) : typeInto(router, event, typingTarget(state))),
    ];
  }
  if (isKey(event, 'escape')) return [keepKey(event), left];
  const command = keymap.lookup(event);
  if (command) {
    return [keepKey(event), left, { type: 'command', command, pane: state.view.focused, confirmed: false }];
  }
  const pressed = `${formatChord(keymap.prefix)} ${describeKey(event)}`;
  const help = keymap.pressFor('help');
  return [
    keepKey(event),
    left,
    showNotice(`${pressed} is not bound${help ? `: ${help} shows the keys` : ''}`, 'warning'),
  ];
}
