import { createCellGrid } from '../../core/cell.ts';
import { pressCopyKey, runCopyCommand } from '../../core/copy-mode/copy-commands.ts';
import { typeSearchText } from '../../core/copy-mode/copy-search.ts';
import {
  type CopyKeys,
  type CopyState,
  createCopyState,
  isAtBottom,
  resizeCopy,
  scrollView,
  type ViewSize,
} from '../../core/copy-mode/copy-state.ts';
import type { CopyStep } from '../../core/copy-mode/copy-step.ts';
import type { KeyEvent } from '../../core/input-event.ts';
import type { ClientEvent } from '../../protocol/data.ts';
import { readHistoryFrame } from '../../protocol/history-frame.ts';
import type { StandIn } from '../compositor.ts';
import { sendPaste } from '../send-paste.ts';
import type { Store } from '../store.ts';
import type { CopyView } from '../view-state.ts';
import { drawCopy } from './draw-copy.ts';
import { createSnapshot, type Snapshot } from './snapshot.ts';

/**
 * Copy mode of any number of panes: each shows lines as they were when it was entered, while the program goes on beneath. Whatever needs
 * lines that are still on their way waits for them, and what follows it waits too.
 */
export type CopyModes = {
  enter(pane: number, by: EnteredBy): void;
  leave(pane: number): void;
  /** A key that has gone down. */
  press(pane: number, event: KeyEvent): void;
  /** Pasted text: for the pattern that is being typed. */
  paste(pane: number, text: string): void;
  /** The wheel over a pane, in copy mode or not. Negative is back in time. */
  scroll(pane: number, lines: number): void;
  /** Does something with the pane's copy mode, which it enters first if need be. */
  act(pane: number, by: EnteredBy, run: CopyAction): void;
  /** Somebody reads there. What a drag has opened ends with it, if need be when its lines are here. */
  isOpen(pane: number): boolean;
  /** Calls back when all lines of a pane are here; `row` is the one to look at first. */
  read(pane: number, listener: (snapshot: Snapshot, row: number) => void): void;
  onFrame(payload: Buffer): void;
  /** Sizes may have changed, panes gone. */
  update(): void;
  /** The host is gone, and with it what it had still to send. */
  hostLost(): void;
};

/** How copy mode was entered decides when it ends by itself. */
export type EnteredBy = 'key' | 'wheel' | 'drag';
export type CopyAction = (state: CopyState, snapshot: Snapshot) => CopyStep | CopyState;

export type CopyModesDeps = {
  store: Store;
  send(event: ClientEvent): boolean;
  setStandIn(pane: number, image: StandIn | null): void;
  schedule(): void;
  /** The room that a pane has on the screen; null while it is not shown. */
  sizeOf(pane: number): ViewSize | null;
  onCopied(text: string): void;
  keys?: () => CopyKeys;
};

type Copy = {
  pane: number;
  by: EnteredBy;
  snapshot: Snapshot;
  /** Null until the first lines are here. */
  state: CopyState | null;
  waiting: Waiting[];
  image: StandIn | null;
};
/** `pass`: gives what was typed to the program, should copy mode have been left by then. */
type Waiting = { by: EnteredBy; action: CopyAction; pass: (() => void) | null };
type Reading = { snapshot: Snapshot; listener(snapshot: Snapshot, row: number): void };

export function createCopyModes(deps: CopyModesDeps): CopyModes {
  const { store, send, setStandIn, schedule, sizeOf, onCopied, keys = () => 'vi' } = deps;
  const copies = new Map<number, Copy>();
  const readings = new Map<number, Reading>();
  let lastId = 0;

  const say = (text: string): void => store.dispatch({ type: 'notice-shown', text, kind: 'info' });

  function request(pane: number): Snapshot | null {
    lastId = (lastId + 1) >>> 0;
    if (send({ event: 'history', pane, id: lastId })) return createSnapshot(lastId);
    store.dispatch({ type: 'notice-shown', text: 'the panes cannot be reached just now', kind: 'warning' });
    return null;
  }

  function open(pane: number, by: EnteredBy): Copy | null {
    const present = copies.get(pane);
    if (present) return present;
    const snapshot = request(pane);
    if (!snapshot) return null;
    const copy: Copy = { pane, by, snapshot, state: null, waiting: [], image: null };
    copies.set(pane, copy);
    // Keys that follow a key are its own, also before the lines are here. The mouse may yet find nothing to show.
    if (by === 'key') {
      store.dispatch({ type: 'copy-changed', pane, copy: { position: '', prompt: null, selecting: false } });
    }
    return copy;
  }

  function close(pane: number): void {
    const copy = copies.get(pane);
    if (!copy) return;
    copies.delete(pane);
    if (!copy.snapshot.complete) send({ event: 'history-end', id: copy.snapshot.id });
    setStandIn(pane, null);
    schedule();
    if (store.getState().view.copies.has(pane)) store.dispatch({ type: 'copy-changed', pane, copy: null });
  }

  function perform(copy: Copy, { by, action, pass }: Waiting): void {
    const { state, snapshot } = copy;
    if (!state || copy.waiting.length > 0) {
      copy.waiting.push({ by, action, pass });
      return;
    }
    const result = action(state, snapshot);
    const { state: next, effects } = 'effects' in result ? result : { state: result, effects: [] };
    if (!snapshot.complete && wantsMore(state, next, snapshot)) {
      copy.waiting.push({ by, action, pass });
      return;
    }
    copy.state = next;
    let left = false;
    for (const effect of effects) {
      if (effect.type === 'said') say(effect.text);
      else if (effect.type === 'copied') onCopied(effect.text);
      else left = true;
    }
    if (left) close(copy.pane);
    else show(copy);
  }

  /** The wheel down to the newest line ends what the wheel began. */
  function leaveIfLive(copy: Copy): void {
    const { state, snapshot, by, waiting } = copy;
    if (waiting.length > 0) return;
    if (by === 'wheel' && state && !state.selection && !state.typing && isAtBottom(state, snapshot)) close(copy.pane);
  }

  function performWaiting(copy: Copy): void {
    const { waiting } = copy;
    copy.waiting = [];
    for (const next of waiting) {
      if (copies.get(copy.pane) === copy) perform(copy, next);
      // As if the lines had been here at once: what is typed after the key that leaves is the program's, and a click begins anew.
      else if (next.pass) next.pass();
      else if (next.by !== 'key') act(copy.pane, next.by, next.action);
    }
  }

  function show(copy: Copy): void {
    const { state, snapshot, pane } = copy;
    if (!state) return;
    const { rows, cols } = state;
    const fits = copy.image?.grid.rows === rows && copy.image.grid.cols === cols;
    const grid = fits && copy.image ? copy.image.grid : createCellGrid(cols, rows);
    drawCopy(snapshot, state, grid);
    const cursor = { col: state.cursor.col - state.left, row: state.cursor.row - state.top, visible: true, style: 0 };
    copy.image = { grid, cursor };
    setStandIn(pane, copy.image);
    schedule();
    const view = describeCopy(state, snapshot);
    const before = store.getState().view.copies.get(pane);
    if (!before || !sameView(before, view)) store.dispatch({ type: 'copy-changed', pane, copy: view });
  }

  function begin(copy: Copy): void {
    const { snapshot, pane } = copy;
    const size = sizeOf(pane);
    if (snapshot.count === 0) {
      close(pane);
      say('there is nothing in this pane yet');
      return;
    }
    copy.state = createCopyState(snapshot, snapshot.cursor, size ?? { rows: 1, cols: 1 }, keys());
    if (copy.waiting.length === 0) show(copy);
    else performWaiting(copy);
  }

  function act(pane: number, by: EnteredBy, run: CopyAction): void {
    const copy = open(pane, by);
    if (copy) perform(copy, { by, action: run, pass: null });
  }

  function finish({ snapshot, listener }: Reading): void {
    readings.delete(snapshot.id);
    if (snapshot.count > 0) listener(snapshot, snapshot.count - 1);
    else say('there is nothing in this pane yet');
  }

  return {
    enter(pane, by) {
      open(pane, by);
    },
    leave: close,
    act,
    isOpen: (pane) => copies.has(pane) && copies.get(pane)?.by !== 'drag',
    press(pane, event) {
      const copy = copies.get(pane);
      if (!copy) return;
      const action: CopyAction = (state, lines) => pressCopyKey(state, lines, event);
      perform(copy, { by: 'key', action, pass: () => void send({ event: 'input', pane, input: [event] }) });
    },
    paste(pane, text) {
      const copy = copies.get(pane);
      if (!copy) return;
      const action: CopyAction = (state, lines) => typeSearchText(state, lines, text);
      perform(copy, { by: 'key', action, pass: () => sendPaste(send, pane, text) });
    },
    scroll(pane, lines) {
      if (!copies.has(pane) && lines > 0) return;
      act(pane, 'wheel', (state, snapshot) => scrollView(state, snapshot, lines));
      const copy = copies.get(pane);
      if (copy?.state && lines > 0) leaveIfLive(copy);
    },
    read(pane, listener) {
      const copy = copies.get(pane);
      if (copy?.state && copy.snapshot.complete) {
        listener(copy.snapshot, copy.state.cursor.row);
        return;
      }
      const snapshot = request(pane);
      if (snapshot) readings.set(snapshot.id, { snapshot, listener });
    },
    onFrame(payload) {
      const { id } = readHistoryFrame(payload).header;
      const reading = readings.get(id);
      if (reading) {
        reading.snapshot.take(payload);
        if (reading.snapshot.complete) finish(reading);
        return;
      }
      const copy = [...copies.values()].find(({ snapshot }) => snapshot.id === id);
      // One that has been left.
      if (!copy) return;
      copy.snapshot.take(payload);
      if (!copy.state) {
        begin(copy);
        // There is nothing above: the wheel had nowhere to go.
        if (copies.get(copy.pane) === copy) leaveIfLive(copy);
      }
      if (copy.snapshot.complete) performWaiting(copy);
    },
    update() {
      if (copies.size === 0) return;
      const panes = store.getState().session.snapshot?.panes ?? [];
      for (const copy of [...copies.values()]) {
        const size = sizeOf(copy.pane);
        if (!panes.some(({ pane }) => pane === copy.pane)) close(copy.pane);
        else if (size && copy.state && (size.rows !== copy.state.rows || size.cols !== copy.state.cols)) {
          copy.state = resizeCopy(copy.state, copy.snapshot, size);
          show(copy);
        }
      }
    },
    hostLost() {
      for (const reading of [...readings.values()]) finish(reading);
      for (const copy of [...copies.values()]) {
        copy.snapshot.end();
        if (copy.state) performWaiting(copy);
        else close(copy.pane);
      }
    },
  };
}

/** Whether this would have come out otherwise with all lines. */
function wantsMore(before: CopyState, after: CopyState, { first }: Snapshot): boolean {
  const searches = before.search !== null || after.search !== null || before.typing !== null;
  return searches || after.cursor.row === first || after.top === first;
}

function describeCopy(state: CopyState, { first, count, complete }: Snapshot): CopyView {
  // What is on its way counts; what is lost does not.
  const above = Math.max(0, count - (complete ? first : 0) - state.rows);
  const { typing, selection } = state;
  return {
    position: `[${Math.max(0, count - state.rows - state.top)}/${above}]`,
    prompt: typing ? `${typing.direction === 'forward' ? '/' : '?'}${typing.text}` : null,
    selecting: selection !== null,
  };
}

function sameView(a: CopyView, b: CopyView): boolean {
  return a.position === b.position && a.prompt === b.prompt && a.selecting === b.selecting;
}

/** A page back, as the key that enters copy mode with it. */
export const pageBack: CopyAction = (state, snapshot) => runCopyCommand(state, snapshot, 'page-up');
