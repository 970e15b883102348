import { commandRow, type KeyCommandName } from '../core/commands.ts';
import { sanitizeText } from '../core/display-text.ts';
import { NonetError } from '../core/errors.ts';
import { startLine } from '../core/line-edit.ts';
import { AT_REST, type PaneView } from '../core/session.ts';
import type { ActionResult } from '../protocol/control.ts';
import { createArrangeCommands } from './arrange-commands.ts';
import { describeReceivers } from './broadcast.ts';
import { askToPaste } from './broadcast-router.ts';
import type { CopyMode } from './copy-mode/copy-mode.ts';
import type { ArrangeAction } from './input-effect.ts';
import type { RequestDaemon } from './request-daemon.ts';
import { type Direction, selectNeighbour, selectPane, selectPanes } from './selectors.ts';
import type { Store } from './store.ts';
import type { NoticeKind } from './view-state.ts';

export type KeyCommandDeps = {
  store: Store;
  requestDaemon: RequestDaemon;
  detach(): void;
  redraw(): void;
  openLog(pane: number): void;
  /** The person has turned to this pane. */
  turnTo(pane: number): void;
  copyMode: Pick<CopyMode, 'enter' | 'enterPageUp' | 'paste' | 'edit' | 'copied'>;
};

export type KeyCommands = {
  /** Runs a command for a pane; one that asks first opens its question instead, unless it is `confirmed`. */
  run(command: KeyCommandName, pane: number, confirmed: boolean): void;
  arrange(action: ArrangeAction): void;
};

type Handler = (pane: number) => void;

export function createKeyCommands(deps: KeyCommandDeps): KeyCommands {
  const { store, requestDaemon, detach, redraw, openLog, turnTo, copyMode } = deps;
  const say = (text: string, kind: NoticeKind = 'info'): void =>
    store.dispatch({ type: 'notice-shown', text: sanitizeText(text), kind });

  function withPane(pane: number, run: (view: PaneView) => void): void {
    const view = selectPane(store.getState(), pane);
    if (view) run(view);
    else say('there is no pane to do that with', 'warning');
  }

  function focus(pane: number): void {
    const count = selectPanes(store.getState()).length;
    if (selectPane(store.getState(), pane)) {
      store.dispatch({ type: 'focused', pane });
      turnTo(pane);
    } else say(`there is no pane ${pane}: ${count === 1 ? 'there is only 1' : `there are ${count}`}`, 'warning');
  }

  function focusTowards(direction: Direction): void {
    const pane = selectNeighbour(store.getState(), direction);
    if (pane === null)
      say(`there is no other pane in this ${direction === 'left' || direction === 'right' ? 'row' : 'column'}`);
    else focus(pane);
  }

  function focusStep(step: number): void {
    const panes = selectPanes(store.getState());
    if (panes.length < 2) {
      say('there is no other pane');
      return;
    }
    const index = panes.findIndex(({ pane }) => pane === store.getState().view.focused);
    focus(panes[(index + step + panes.length) % panes.length]!.pane);
  }

  function focusLast(): void {
    const { lastFocused } = store.getState().view;
    if (lastFocused === null) say('no other pane had the focus before');
    else focus(lastFocused);
  }

  function switchBroadcast(): void {
    const { broadcast, marks } = store.getState().view;
    if (!broadcast && selectPanes(store.getState()).length < 2) {
      say('there is no other pane to broadcast to', 'warning');
      return;
    }
    store.dispatch({ type: 'broadcast-switched', on: !broadcast });
    const whose = marks.size > 0 ? 'the marked ones' : 'all';
    if (broadcast) say('broadcast is off: keys go to the focused pane');
    else say(`keys go to ${describeReceivers(store.getState())}, ${whose}`, 'warning');
  }

  function mark(pane: number): void {
    const view = selectPane(store.getState(), pane);
    if (!view) {
      say('there is no pane to mark', 'warning');
      return;
    }
    const { broadcast } = store.getState().view;
    store.dispatch({ type: 'mark-toggled', pane });
    const { marks, broadcast: goesOn } = store.getState().view;
    // With the last mark the broadcast ends, and that is what has to be said.
    if (broadcast && !goesOn) return;
    say(
      `${pane} ${view.name} is ${marks.has(pane) ? '' : 'not '}marked${marks.size > 0 ? `: ${marks.size} in all` : ''}`,
    );
  }

  function pasteCopied(pane: number): void {
    const { broadcast, copies } = store.getState().view;
    const text = copyMode.copied;
    if (!broadcast || text === null || copies.has(pane)) copyMode.paste(pane);
    else
      for (const effect of askToPaste(store.getState(), text))
        if (effect.type === 'view') store.dispatch(effect.action);
  }

  /** Asks the daemon and returns; what comes of it is seen in the title, what went wrong in a notice. */
  function act(what: string, request: (panes: string[]) => Promise<ActionResult>): Handler {
    return (pane) => {
      const view = selectPane(store.getState(), pane);
      if (!view) {
        say('there is no pane to do that with', 'warning');
        return;
      }
      const name = `${pane} ${view.name}`;
      request([String(pane)]).then(
        (results) => {
          for (const result of results) if (!result.ok) say(`${what} ${name}: ${result.message}`, 'error');
        },
        (error: unknown) => say(`${what} ${name}: ${describeError(error)}`, 'error'),
      );
    };
  }

  const start = act('start', (panes) => requestDaemon('start', { panes, wait: false }));
  const arranging = createArrangeCommands({ store, requestDaemon, say, turnTo });
  const handlers = {
    ...arranging.handlers,
    start(pane) {
      const view = selectPane(store.getState(), pane);
      if (view?.state === 'running') say(`${pane} ${view.name} runs already`);
      else start(pane);
    },
    stop: act('stop', (panes) => requestDaemon('stop', { panes, wait: false })),
    restart: act('restart', (panes) => requestDaemon('restart', { panes, wait: false, now: false })),
    'restart-now': act('restart', (panes) => requestDaemon('restart', { panes, wait: false, now: true })),
    kill: act('kill', (panes) => requestDaemon('kill', { panes, wait: false })),
    reload: act('reload', (panes) => requestDaemon('reload', { panes, wait: false })),
    'focus-1': () => focus(1),
    'focus-2': () => focus(2),
    'focus-3': () => focus(3),
    'focus-4': () => focus(4),
    'focus-5': () => focus(5),
    'focus-6': () => focus(6),
    'focus-7': () => focus(7),
    'focus-8': () => focus(8),
    'focus-9': () => focus(9),
    'focus-left': () => focusTowards('left'),
    'focus-down': () => focusTowards('down'),
    'focus-up': () => focusTowards('up'),
    'focus-right': () => focusTowards('right'),
    'focus-next': () => focusStep(1),
    'focus-previous': () => focusStep(-1),
    'focus-last': () => focusLast(),
    zoom(pane) {
      store.dispatch({ type: 'zoom-toggled' });
      turnTo(pane);
    },
    'copy-mode': (pane) => copyMode.enter(pane),
    'copy-mode-page-up': (pane) => copyMode.enterPageUp(pane),
    broadcast: switchBroadcast,
    mark,
    paste: pasteCopied,
    'edit-scrollback': (pane) => copyMode.edit(pane),
    'search-panes': () => store.dispatch({ type: 'list-opened', kind: 'search' }),
    'go-to-pane': () => store.dispatch({ type: 'list-opened', kind: 'go-to' }),
    palette: () => store.dispatch({ type: 'list-opened', kind: 'palette' }),
    info: (pane) => withPane(pane, () => store.dispatch({ type: 'info-opened', pane })),
    log: (pane) => withPane(pane, () => openLog(pane)),
    rename: (pane) =>
      withPane(pane, ({ name }) => store.dispatch({ type: 'rename-opened', pane, line: startLine(name) })),
    redraw: () => redraw(),
    help: () => store.dispatch({ type: 'help-opened' }),
    detach: () => detach(),
    quit: () => store.dispatch({ type: 'quit-asked' }),
  } satisfies Record<KeyCommandName, Handler>;

  /** Opens the question, unless there is nothing to ask about. */
  function ask(command: KeyCommandName, pane: number): void {
    const view = selectPane(store.getState(), pane);
    if (!view) say('there is no pane to do that with', 'warning');
    else if (command !== 'close-pane' && AT_REST[view.state]) say(`${pane} ${view.name} does not run (${view.state})`);
    else store.dispatch({ type: 'confirm-asked', command, pane });
  }

  return {
    run(command, pane, confirmed) {
      if (commandRow(command).confirm !== undefined && !confirmed) ask(command, pane);
      else handlers[command](pane);
    },
    arrange: arranging.run,
  };
}

export function describeError(error: unknown): string {
  if (error instanceof NonetError && error.hint !== '') return `${error.message} (${error.hint})`;
  return error instanceof Error ? error.message : String(error);
}
