import { assertNever } from '../core/assert-never.ts';
import { cutText, sanitizeText } from '../core/display-text.ts';
import {
  ALT,
  CTRL,
  HYPER,
  type InputEvent,
  type KeyEvent,
  type PasteEvent,
  SHIFT,
  SUPER,
} from '../core/input-event.ts';
import { lockAndMiscKeys, modifierKeys } from '../core/key-names.ts';
import type { Keymap } from '../core/keymap.ts';
import { formatChord, matchesChord } from '../core/keys.ts';
import { insertText } from '../core/line-edit.ts';
import { isUnknownKey } from '../terminal/unknown-input.ts';
import { routePromptKey, routeResizeKey } from './arrange-router.ts';
import { selectReceivers } from './broadcast.ts';
import { answerPaste, endBroadcastPaste, noReceivers } from './broadcast-router.ts';
import { copyPane, routeCopyKey, startCopyPaste } from './copy-router.ts';
import type { Effect } from './input-effect.ts';
import { routeInspectKey, routeInspectPaste } from './inspect/inspect-router.ts';
import { addToQuery, routeListKey } from './lists/list-router.ts';
import { routeMouse } from './mouse-router.ts';
import { helpLayout, scrollHelp } from './overlays.ts';
import { pageStep } from './page-step.ts';
import { typingNotice } from './pane-notice.ts';
import { acceptsInput, selectGeometry, selectPane } from './selectors.ts';
import type { ClientState } from './store.ts';
import type { KeyHolder, NoticeKind, PasteTarget, ViewAction } from './view.ts';

type Router = { state: ClientState; keymap: Keymap };
type TypingTarget = number | readonly number[];

/** Keys that only change what other keys mean: pressing one says nothing yet. */
const silentKeys = new Set([...modifierKeys, ...lockAndMiscKeys.filter((key) => key.endsWith('_lock'))]);
const CHORD_MODIFIERS = SHIFT | ALT | CTRL | SUPER | HYPER;

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
    return silentKeys.has(event.key) ? [keep(event)] : routeCopyKey(copying, event);
  }
  if (mode === 'normal' || mode === 'prefix') {
    if (event.action === 'repeat' && heldBy !== undefined)
      return heldBy === null ? [] : typeInto(router, event, heldBy);
  }
  switch (mode) {
    case 'normal':
      if (keymap.isPrefix(event)) return [keep(event), view({ type: 'prefix-pressed' })];
      return typeInto(router, event, typingTarget(state));
    case 'prefix':
      return silentKeys.has(event.key) ? [keep(event)] : routeCommandKey(router, event);
    case 'confirm':
      return [keep(event), ...(event.action === 'press' ? answerConfirm(router, event) : [])];
    case 'quit':
      return [keep(event), ...(event.action === 'press' ? answerQuit(router, event) : [])];
    case 'paste':
      return [keep(event), ...(event.action === 'press' ? answerHeldPaste(router, event) : [])];
    case 'help':
      return [keep(event), ...routeHelpKey(router, event)];
    case 'list':
      return [keep(event), ...(silentKeys.has(event.key) ? [] : routeListKey(state, keymap, event))];
    case 'resize':
      if (keymap.isPrefix(event)) return [keep(event), view({ type: 'prefix-pressed' })];
      return silentKeys.has(event.key) ? [keep(event)] : [keep(event), ...routeResizeKey(event)];
    case 'prompt':
      return [keep(event), ...(state.view.prompt ? routePromptKey(state.view.prompt, event) : [])];
    case 'info':
    case 'log':
    case 'rename':
      return silentKeys.has(event.key) ? [keep(event)] : [keep(event), ...routeInspectKey(state, event)];
    default:
      return assertNever(mode);
  }
}

function routeRelease({ state }: Router, event: KeyEvent, heldBy: KeyHolder | undefined): Effect[] {
  // The press was before we were there (the Enter of `nonet attach`): its release is nobody's.
  if (heldBy === undefined) return [];
  const released = view({ type: 'key-released', key: event.key });
  return [released, ...(heldBy === null ? [] : inputFor(state, event, heldBy))];
}

/** No key that could be held or bound: nobody here knows it, but the program may. */
function typeUnknown(router: Router, event: KeyEvent): Effect[] {
  const target = typingTarget(router.state);
  return refuseTyping(router, target) === null ? inputFor(router.state, event, target) : [];
}

/** Who gets what is typed: the focused pane, or those that a broadcast reaches. */
function typingTarget(state: ClientState): TypingTarget {
  return state.view.broadcast ? selectReceivers(state) : state.view.focused;
}

function inputFor(state: ClientState, event: InputEvent, target: TypingTarget): Effect[] {
  const panes = typeof target === 'number' ? [target] : target;
  return panes.flatMap((number) => {
    const pane = selectPane(state, number);
    return pane && acceptsInput(pane) ? [{ type: 'pane-input', pane: number, event }] : [];
  });
}

function typeInto({ state, keymap }: Router, event: KeyEvent, target: TypingTarget): Effect[] {
  const refusal = refuseTyping({ state, keymap }, target);
  // A pane that asks whether it may run again.
  if (typeof target === 'number' && event.action === 'press' && isEnter(event) && selectPane(state, target)?.asks) {
    return [keep(event), { type: 'command', command: 'start', pane: target, confirmed: false }];
  }
  if (refusal !== null) return silentKeys.has(event.key) ? [keep(event)] : [keep(event), notice(refusal, 'warning')];
  const input = inputFor(state, event, target);
  // Only a first press is news: without key releases from the terminal the table stays as it is.
  if (state.view.held.get(event.key) === target) return input;
  return [...input, view({ type: 'key-pressed', key: event.key, pane: target })];
}

/** Why nothing can be typed into this pane now; null if it can. */
function refuseTyping({ state, keymap }: Router, target: TypingTarget): string | null {
  if (!state.session.snapshot) return 'not connected yet: nothing to type into';
  if (state.view.hostStatus === 'reconnecting') return 'the panes cannot be reached just now: this key is lost';
  if (typeof target !== 'number') return target.length > 0 ? null : noReceivers(state, keymap);
  const pane = selectPane(state, target);
  if (!pane) return 'there is no pane to type into';
  return acceptsInput(pane) ? null : typingNotice(pane, keymap);
}

function routeCommandKey(router: Router, event: KeyEvent): Effect[] {
  const { state, keymap } = router;
  const left = view({ type: 'mode-left' });
  const { focused, copies } = state.view;
  if (keymap.isPrefix(event)) {
    return [
      left,
      ...(copies.has(focused) ? routeCopyKey(focused, event) : typeInto(router, event, typingTarget(state))),
    ];
  }
  if (is(event, 'escape')) return [keep(event), left];
  const command = keymap.lookup(event);
  if (command) {
    return [keep(event), left, { type: 'command', command, pane: state.view.focused, confirmed: false }];
  }
  const pressed = `${formatChord(keymap.prefix)} ${describeKey(event)}`;
  const help = keymap.pressFor('help');
  return [keep(event), left, notice(`${pressed} is not bound${help ? `: ${help} shows the keys` : ''}`, 'warning')];
}

function answerConfirm({ state }: Router, event: KeyEvent): Effect[] {
  const { confirm } = state.view;
  const left = view({ type: 'mode-left' });
  const answer = yesOrNo(event);
  if (!confirm || answer === 'no') return [left];
  if (answer === null || isOutOfSight(state)) return refuseAnswer(state, event, 'y or n');
  return [left, { type: 'command', command: confirm.command, pane: confirm.pane, confirmed: true }];
}

function answerQuit({ state }: Router, event: KeyEvent): Effect[] {
  const left = view({ type: 'mode-left' });
  if (is(event, 'escape') || isCancel(event) || typed(event) === 'c') return [left];
  const detaches = typed(event) === 'd' || isEnter(event);
  if ((!detaches && typed(event) !== 's') || isOutOfSight(state)) return refuseAnswer(state, event, 'd, s or c');
  return [left, { type: 'quit', choice: detaches ? 'detach' : 'stop-all' }];
}

function answerHeldPaste({ state }: Router, event: KeyEvent): Effect[] {
  const answer = yesOrNo(event);
  if (answer === null || (answer === 'yes' && isOutOfSight(state))) return refuseAnswer(state, event, 'y or n');
  return answerPaste(state, answer);
}

function yesOrNo(event: KeyEvent): 'yes' | 'no' | null {
  if (is(event, 'escape') || isCancel(event) || typed(event) === 'n') return 'no';
  return typed(event) === 'y' || isEnter(event) ? 'yes' : null;
}

/** A question that cannot be seen cannot be answered with yes. */
function isOutOfSight(state: ClientState): boolean {
  return selectGeometry(state).mode === 'too-small';
}

function refuseAnswer(state: ClientState, event: KeyEvent, keys: string): Effect[] {
  if (silentKeys.has(event.key)) return [];
  const why = isOutOfSight(state) ? 'the question needs a larger window: esc cancels' : `press ${keys}`;
  return [notice(`${describeKey(event)} is no answer here: ${why}`, 'warning')];
}

function routeHelpKey({ state, keymap }: Router, event: KeyEvent): Effect[] {
  const { filter } = state.view.help;
  const text = typed(event, false);
  const left = view({ type: 'mode-left' });
  if (is(event, 'escape') || isCancel(event)) return [left];
  // With nothing typed yet, the keys that close a help elsewhere do so here; `/q` and the like are filters.
  if (filter === '' && event.action === 'press' && (text === 'q' || text === '?' || isEnter(event))) return [left];
  if (is(event, 'backspace')) return [view({ type: 'help-filtered', filter: [...filter].slice(0, -1).join('') })];
  if (matchesChord(event, { key: 'u', modifiers: CTRL })) return [view({ type: 'help-filtered', filter: '' })];
  const layout = helpLayout(state, keymap);
  const step = layout && pageStep(event.key, layout.pageRows);
  if (layout && step !== null) return [view({ type: 'help-scrolled', scroll: scrollHelp(layout, step) })];
  if (text !== '') return [view({ type: 'help-filtered', filter: addToFilter(filter, text) })];
  if (silentKeys.has(event.key) || event.action !== 'press') return [];
  return [notice(`${describeKey(event)} does nothing in the help: type to filter, esc closes`, 'warning')];
}

/** A paste belongs to one receiver from its start to its end, whatever happens to the focus meanwhile. */
function routePaste(router: Router, event: PasteEvent): Effect[] {
  const { paste } = router.state.view;
  if (event.phase === 'start') return startPaste(router, event);
  const ended: Effect[] = event.phase === 'end' ? [view({ type: 'paste-ended' })] : [];
  if (paste?.to === 'pane') return [{ type: 'pane-input', pane: paste.pane, event }, ...ended];
  if (paste?.to === 'broadcast') {
    const gathered: Effect[] = event.text === '' ? [] : [view({ type: 'paste-gathered', text: event.text })];
    return event.phase === 'end' ? [...ended, ...endBroadcastPaste(router.state, paste, event.text)] : gathered;
  }
  if (paste?.to === 'copy') return [{ type: 'copy-paste', pane: paste.pane, text: event.text }, ...ended];
  if (paste?.to === 'help' && router.state.view.mode === 'help' && event.text !== '') {
    const filter = addToFilter(router.state.view.help.filter, event.text);
    return [view({ type: 'help-filtered', filter }), ...ended];
  }
  const { list } = router.state.view;
  if (paste?.to === 'list' && list && event.text !== '')
    return [view({ type: 'list-typed', query: addToQuery(list.query, event.text) }), ...ended];
  const { prompt } = router.state.view;
  if (paste?.to === 'prompt' && prompt && 'line' in prompt && event.text !== '') {
    return [view({ type: 'prompt-edited', line: insertText(prompt.line, event.text) }), ...ended];
  }
  if (paste?.to === 'line' && event.text !== '') {
    return [...(routeInspectPaste(router.state, event.text) ?? []), ...ended];
  }
  return ended;
}

function startPaste(router: Router, event: PasteEvent): Effect[] {
  const { mode, focused, broadcast } = router.state.view;
  const start = (target: PasteTarget): Effect => view({ type: 'paste-started', target });
  if (mode === 'help') return [start({ to: 'help' })];
  if (mode === 'list') return [start({ to: 'list' })];
  if (mode === 'prompt') return [start({ to: 'prompt' })];
  if (routeInspectPaste(router.state, '')) return [start({ to: 'line' })];
  if (mode === 'confirm' || mode === 'quit' || mode === 'paste') {
    return [start({ to: 'nobody' }), notice('a paste is no answer: nothing was pasted', 'warning')];
  }
  if (mode === 'info' || mode === 'log' || mode === 'rename') return [start({ to: 'nobody' })];
  const left = view({ type: 'mode-left' });
  if (router.state.view.copies.has(focused)) return [left, ...startCopyPaste(router.state, focused)];
  const refusal = refuseTyping(router, typingTarget(router.state));
  if (refusal !== null) return [left, start({ to: 'nobody' }), notice(refusal, 'warning')];
  if (broadcast) return [left, start({ to: 'broadcast', text: '', tooLong: false })];
  return [left, start({ to: 'pane', pane: focused }), { type: 'pane-input', pane: focused, event }];
}

const MAX_FILTER_LENGTH = 40;

function addToFilter(filter: string, text: string): string {
  return [...`${filter}${sanitizeText(text)}`].slice(0, MAX_FILTER_LENGTH).join('').trimStart();
}

function view(action: ViewAction): Effect {
  return { type: 'view', action };
}

function notice(text: string, kind: NoticeKind): Effect {
  return view({ type: 'notice-shown', text, kind });
}

/** The key is ours: its repeats and its release must not reach a pane. */
function keep(event: KeyEvent): Effect {
  return view({ type: 'key-pressed', key: event.key, pane: null });
}

function is(event: KeyEvent, key: string): boolean {
  return matchesChord(event, { key, modifiers: 0 });
}

function isEnter(event: KeyEvent): boolean {
  return is(event, 'enter') || is(event, 'kp_enter');
}

function isCancel(event: KeyEvent): boolean {
  return matchesChord(event, { key: 'c', modifiers: CTRL }) || matchesChord(event, { key: 'g', modifiers: CTRL });
}

/** The character a key types, empty for none. Caps Lock must not make a `y` something else, so lower case unless told. */
function typed(event: KeyEvent, lowerCase = true): string {
  if (event.modifiers & (CTRL | ALT | SUPER | HYPER)) return '';
  const text = event.text || (event.key === 'space' ? ' ' : [...event.key].length === 1 ? event.key : '');
  return lowerCase ? text.toLowerCase() : text;
}

function describeKey(event: KeyEvent): string {
  const modifiers = event.modifiers & CHORD_MODIFIERS;
  const text = typed(event, false).trim();
  return cutText(sanitizeText(text || formatChord({ key: event.key, modifiers })), 20);
}
