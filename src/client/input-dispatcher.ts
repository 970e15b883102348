import { assertNever } from '../core/assert-never.ts';
import type { InputEvent, TerminalReply, TerminalReport } from '../core/input-event.ts';
import type { Keymap } from '../core/keymap.ts';
import type { ClientEvent } from '../protocol/data.ts';
import { keyOfUnknown } from '../terminal/unknown-input.ts';
import type { CopyMode } from './copy-mode/copy-mode.ts';
import type { EarlyEvent, EarlyInput } from './early-input.ts';
import type { Effect } from './input-effect.ts';
import { routeInput } from './input-router.ts';
import type { Inspectors } from './inspect/inspectors.ts';
import type { KeyCommands } from './key-commands.ts';
import { sendPaste } from './send-paste.ts';
import type { Store } from './store.ts';
import type { WaysOut } from './ways-out.ts';

/**
 * Carries out what keys, mouse and pastes mean: each event is routed by the state that the one before has left. Events for one pane
 * travel in one message; what is said to different panes has no order.
 */
export type InputDispatcher = {
  /** All that has come at once. */
  receive(events: readonly (InputEvent | TerminalReport)[]): void;
  /** What had to wait, and was typed before all that is received from now on. */
  treat(events: readonly EarlyEvent[]): void;
  /** As if it had been pressed. */
  route(event: InputEvent): void;
};

export type InputDispatcherDeps = {
  store: Store;
  keymap(): Keymap;
  send(event: ClientEvent): boolean;
  /** The outer terminal has answered. */
  learn(reply: TerminalReply): void;
  /** Keeps what comes too early. */
  early: Pick<EarlyInput, 'keep'>;
  commands: KeyCommands;
  copyMode: Pick<CopyMode, 'run'>;
  inspectors: Pick<Inspectors, 'log' | 'rename'>;
  waysOut: Pick<WaysOut, 'detach' | 'stopAll'>;
  /** The client has left: what else has come is nobody's. */
  finished(): boolean;
};

export function createInputDispatcher(deps: InputDispatcherDeps): InputDispatcher {
  const { store, keymap, send, commands, copyMode, inspectors, waysOut } = deps;
  const batches = new Map<number, InputEvent[]>();

  function receiveOne(event: InputEvent | TerminalReport): void {
    switch (event.type) {
      case 'focus':
        store.dispatch({ type: 'outer-focus-changed', focused: event.focused });
        return;
      case 'reply':
        deps.learn(event.reply);
        return;
      default:
        if (!deps.early.keep(event)) treatOne(event);
    }
  }

  function treatOne(event: EarlyEvent): void {
    const input = event.type === 'unknown' ? keyOfUnknown(event.bytes) : event;
    if (input) route(input);
  }

  function route(event: InputEvent): void {
    for (const effect of routeInput(store.getState(), keymap(), event)) carryOut(effect);
  }

  function carryOut(effect: Effect): void {
    switch (effect.type) {
      case 'pane-input':
        addToBatch(effect.pane, effect.event);
        break;
      case 'paste-into':
        sendBatches();
        for (const pane of effect.panes) sendPaste(send, pane, effect.text);
        break;
      case 'command':
        sendBatches();
        commands.run(effect.command, effect.pane, effect.confirmed);
        break;
      case 'quit':
        sendBatches();
        if (effect.choice === 'detach') waysOut.detach();
        else waysOut.stopAll();
        break;
      case 'arrange':
        sendBatches();
        commands.arrange(effect.action);
        break;
      case 'copy-key':
      case 'copy-paste':
      case 'select':
      case 'scroll-pane':
      case 'show-found':
        sendBatches();
        copyMode.run(effect);
        break;
      case 'log-key':
        inspectors.log.key(effect.event);
        break;
      case 'log-paste':
        inspectors.log.paste(effect.text);
        break;
      case 'log-scroll':
        inspectors.log.scroll(effect.lines);
        break;
      case 'rename':
        inspectors.rename(effect.pane, effect.name);
        break;
      case 'view':
        // The key is on its way before anything is drawn for it.
        sendBatches();
        store.dispatch(effect.action);
        if (effect.action.type === 'focused' || effect.action.type === 'title-pressed') {
          send({ event: 'turn-to', pane: effect.action.pane });
        }
        break;
      default:
        assertNever(effect);
    }
  }

  function addToBatch(pane: number, event: InputEvent): void {
    const batch = batches.get(pane);
    if (batch) batch.push(event);
    else batches.set(pane, [event]);
  }

  function sendBatches(): void {
    if (batches.size === 0) return;
    for (const [pane, input] of batches) send({ event: 'input', pane, input });
    batches.clear();
  }

  return {
    receive(events) {
      for (const event of events) if (!deps.finished()) receiveOne(event);
      sendBatches();
    },
    treat(events) {
      for (const event of events) if (!deps.finished()) treatOne(event);
      sendBatches();
    },
    route,
  };
}
