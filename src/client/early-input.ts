import type { InputEvent, TerminalReport } from '../core/input-event.ts';
import type { Keymap } from '../core/keymap.ts';
import type { Clock } from './clock.ts';
import { selectPanes } from './selectors.ts';
import type { ClientState, Store } from './store.ts';

/**
 * What is typed before there is anybody to give it to: before the session has told what it is, the host can be reached and the programs
 * run that are just being started. It is kept, in order, and treated when that is so, as a terminal does with what is typed ahead.
 */
export type EarlyInput = {
  /** Keeps the event, and says so; false once there is somebody to give it to. */
  keep(event: EarlyEvent): boolean;
  /** Something has changed: gives what was kept, if it can be given now. */
  update(): void;
  dispose(): void;
};

export type EarlyEvent = InputEvent | Extract<TerminalReport, { type: 'unknown' }>;

export type EarlyInputDeps = {
  store: Store;
  clock: Clock;
  keymap(): Keymap;
  /** Whether the host hears what is sent. */
  hostConnected(): boolean;
  /** What was kept, in order: to be treated before anything else. */
  give(events: readonly EarlyEvent[]): void;
  leave(): void;
};

/** More than anybody types ahead; a paste is counted by its length. */
const MAX_KEPT = 1_000_000;
/** A host that has not greeted by then is stuck; what is asked of the daemon goes on without it. The greeting itself is given 5 s. */
const HOST_PATIENCE_MS = 6_000;
/** A program that takes longer to start than this is not waited for: keys are commands, too. */
const START_PATIENCE_MS = 1_000;
/** Who leaves a session that has not answered by now does not wait for what was typed into it. */
const LEAVE_AFTER_MS = 1_000;

export function createEarlyInput(deps: EarlyInputDeps): EarlyInput {
  const { store, clock, keymap, hostConnected, give, leave } = deps;
  const begunAt = clock.now();
  let kept: EarlyEvent[] | null = [];
  let size = 0;
  let isCut = false;
  let waiting: { forMs: number; stop: () => void } | null = null;

  function update(): void {
    if (!kept) return;
    const state = store.getState();
    if (!state.session.snapshot) return;
    if (!hostConnected()) waitFor(HOST_PATIENCE_MS);
    else if (isStarting(state)) waitFor(START_PATIENCE_MS);
    else release();
  }

  function waitFor(forMs: number): void {
    if (waiting?.forMs === forMs) return;
    waiting?.stop();
    waiting = { forMs, stop: clock.after(forMs, release) };
  }

  function release(): void {
    if (!kept) return;
    waiting?.stop();
    const events = kept;
    kept = null;
    give(events);
  }

  /** The keys that leave, pressed last; the first of them is at `from`. */
  function leavingKeys(): { from: number } | null {
    const presses = (kept ?? []).flatMap((event, at) =>
      event.type === 'key' && event.action === 'press' ? [{ event, at }] : [],
    );
    const [prefix, command] = presses.slice(-2);
    if (!prefix || !command || !keymap().isPrefix(prefix.event)) return null;
    return keymap().lookup(command.event) === 'detach' ? { from: prefix.at } : null;
  }

  return {
    keep(event) {
      update();
      if (!kept) return false;
      size += event.type === 'paste' ? event.text.length + 1 : 1;
      if (size <= MAX_KEPT) kept.push(event);
      else if (!isCut) {
        isCut = true;
        const text = 'more was typed than is kept until the session answers: the rest is lost';
        store.dispatch({ type: 'notice-shown', text, kind: 'warning' });
      }
      const leaving = event.type === 'key' ? leavingKeys() : null;
      if (leaving && (leaving.from === 0 || clock.now() - begunAt > LEAVE_AFTER_MS)) leave();
      return true;
    },
    update,
    dispose() {
      waiting?.stop();
      kept = null;
    },
  };
}

/** A program is on its way that will read what is typed; one that waits for another says what for. */
function isStarting(state: ClientState): boolean {
  return selectPanes(state).some(
    ({ state: name, pid, reason }) => name === 'starting' && pid === null && reason === '',
  );
}
