import os from 'node:os';
import path from 'node:path';
import { arrangementsOf, hasRoom, presentArrangement } from '../core/arrangement.ts';
import { assertNever } from '../core/assert-never.ts';
import { borderOf, equalized, moveBorder, trackSizes } from '../core/borders.ts';
import type { KeyCommandName } from '../core/commands.ts';
import { NonetError } from '../core/errors.ts';
import type { Grid, Layout } from '../core/layout.ts';
import { startLine } from '../core/line-edit.ts';
import type { ArrangeRequest } from '../protocol/control.ts';
import type { ArrangeAction } from './input-effect.ts';
import type { RequestDaemon } from './request-daemon.ts';
import { type Direction, selectGeometry, selectGrid, selectPane, selectPanes } from './selectors.ts';
import type { Store } from './store.ts';
import type { NoticeKind } from './view-state.ts';

export type ArrangeCommandName = Extract<
  KeyCommandName,
  | 'next-arrangement'
  | 'swap-previous'
  | 'swap-next'
  | 'next-page'
  | 'previous-page'
  | `resize-${Direction}`
  | 'equal-sizes'
  | 'add-pane'
  | 'close-pane'
  | 'save-layout'
>;

export type ArrangeCommands = {
  handlers: Record<ArrangeCommandName, (pane: number) => void>;
  /** What a key in a mode of its own, or the mouse, asks for. */
  run(action: ArrangeAction): void;
};

export type ArrangeCommandDeps = {
  store: Store;
  requestDaemon: RequestDaemon;
  say: (text: string, kind?: NoticeKind) => void;
  /** The person has turned to this pane. */
  turnTo(pane: number): void;
};

/**
 * Panes moved about. The daemon has order and grid, for all clients; a border that moves is shown here at once, and as the daemon has it as
 * soon as it has answered.
 */
export function createArrangeCommands({ store, requestDaemon, say, turnTo }: ArrangeCommandDeps): ArrangeCommands {
  let unanswered = 0;

  function layoutOf(): Layout | null {
    return store.getState().session.snapshot?.layout ?? null;
  }

  function order(): number[] {
    return selectPanes(store.getState()).map(({ pane }) => pane);
  }

  function fail(what: string): (error: unknown) => void {
    return (error) => say(`${what}: ${describeError(error)}`, 'error');
  }

  function ask(request: ArrangeRequest, then?: () => void): void {
    unanswered++;
    requestDaemon('arrange', request)
      .finally(() => {
        unanswered--;
        // Its events come before its answer: what counts is there now.
        if (unanswered === 0 && store.getState().view.preview?.held === false)
          store.dispatch({ type: 'grid-previewed', preview: null });
      })
      .then(() => then?.(), fail('arrange'));
  }

  function nextArrangement(): void {
    const layout = layoutOf();
    const { cols, rows, zoomed } = store.getState().view;
    const count = order().length;
    if (!layout || count === 0) {
      say('there are no panes to arrange');
      return;
    }
    const all = arrangementsOf(layout);
    const from = presentArrangement(layout);
    const skipped: string[] = [];
    for (let step = 1; step <= all.length; step++) {
      const index = (from + step + all.length) % all.length;
      if (index === from) break;
      const { name, grid } = all[index]!;
      const label = name ?? 'as in the layout';
      if (!hasRoom(grid, { cols, rows, paneCount: count })) {
        skipped.push(label);
        continue;
      }
      const note = skipped.length > 0 ? ` (no room here for ${skipped.join(', ')})` : '';
      ask({ change: 'shape', arrangement: name }, () => {
        // Not before it is there: its pane gets its new size at once, and not another one in between.
        if (zoomed && store.getState().view.zoomed) store.dispatch({ type: 'zoom-toggled' });
        say(`arrangement: ${label}${note}`);
      });
      return;
    }
    say(skipped.length > 0 ? `no room here for ${skipped.join(', ')}` : 'there is no other arrangement of one pane');
  }

  function swap(pane: number, step: number): void {
    const panes = order();
    if (panes.length < 2) {
      say('there is no other pane to swap with');
      return;
    }
    const index = panes.indexOf(pane);
    const other = panes[(index + step + panes.length) % panes.length]!;
    ask({ change: 'swap', panes: [pane, other] });
  }

  function turnPage(step: number): void {
    const state = store.getState();
    const { page, pages, perPage } = selectGeometry(state);
    if (pages < 2) {
      say('all panes are on this page');
      return;
    }
    const panes = order();
    const place = Math.max(0, panes.indexOf(state.view.focused)) % perPage;
    const target = ((page + step + pages) % pages) * perPage + place;
    const pane = panes[Math.min(target, panes.length - 1)]!;
    store.dispatch({ type: 'focused', pane });
    turnTo(pane);
  }

  /** Null, and said why, where no border can be moved. */
  function movableGrid(): Grid | null {
    const state = store.getState();
    const { mode, isReduced } = selectGeometry(state);
    if (mode === 'grid' && !isReduced) return selectGrid(state);
    const small = isReduced ? 'the screen is too small for the whole grid' : 'this pane is alone on the screen';
    const why = state.view.zoomed ? 'this pane is zoomed' : small;
    say(`${why}: there is no border to move`, 'warning');
    return null;
  }

  function apply(grid: Grid): void {
    const screen = store.getState().view;
    store.dispatch({ type: 'grid-previewed', preview: { grid, held: false } });
    const rows = trackSizes(grid, 'rows', screen);
    ask({ change: 'sizes', rows, columns: trackSizes(grid, 'columns', screen) });
  }

  function move(direction: Direction, cells: number): void {
    const grid = movableGrid();
    if (!grid) return;
    const state = store.getState();
    const area = grid.areas[order().indexOf(state.view.focused) % grid.areas.length];
    const border = area && borderOf(grid, area, direction);
    const isSideways = direction === 'left' || direction === 'right';
    if (!border) {
      say(`there is only one ${isSideways ? 'column' : 'row'}`, 'warning');
      return;
    }
    const by = direction === 'left' || direction === 'up' ? -cells : cells;
    const moved = moveBorder(grid, border, by, state.view);
    if (moved === grid) say(`no pane gets ${isSideways ? 'narrower' : 'lower'} than this`, 'warning');
    else apply(moved);
  }

  function startResize(direction: Direction): () => void {
    return () => {
      if (!movableGrid()) return;
      store.dispatch({ type: 'resize-opened' });
      move(direction, 1);
    };
  }

  function equalize(): void {
    const grid = movableGrid();
    if (!grid) return;
    store.dispatch({ type: 'grid-previewed', preview: { grid: equalized(grid), held: false } });
    ask({ change: 'equal' });
  }

  function commit(): void {
    const { preview } = store.getState().view;
    if (preview) apply(preview.grid);
  }

  function addPane(command: string, beside: number): void {
    requestDaemon('add-pane', { command, beside: selectPane(store.getState(), beside) ? beside : null }).then(
      ({ pane, name, ok, message }) => {
        store.dispatch({ type: 'focused', pane });
        if (ok) say(`added ${pane} ${name}`);
        else say(`${pane} ${name}: ${message}`, 'error');
      },
      fail('add a pane'),
    );
  }

  function closePane(number: number): void {
    const pane = selectPane(store.getState(), number);
    if (!pane) {
      say('there is no pane to close', 'warning');
      return;
    }
    requestDaemon('close-pane', { pane: String(number) }).then(
      ({ results }) => {
        const failed = results.find(({ ok }) => !ok);
        if (failed) say(`close ${number} ${pane.name}: ${failed.message}`, 'error');
        else say(`closed ${number} ${pane.name}: nonet rollback brings it back`);
      },
      fail(`close ${number} ${pane.name}`),
    );
  }

  function askForFile(): void {
    const layout = layoutOf();
    if (!layout) {
      say('not connected yet: there is nothing to save', 'warning');
      return;
    }
    const file = layout.file ?? path.join(process.cwd(), `${layout.name}.yaml`);
    const near = path.relative(process.cwd(), file);
    const text = near.startsWith('..') ? file : near;
    store.dispatch({ type: 'prompt-opened', prompt: { kind: 'save-layout', line: startLine(text) } });
  }

  function saveLayout(given: string, overwrite: boolean): void {
    const home = process.env['HOME'] || os.homedir();
    const named = /\.ya?ml$/i.test(given) ? given : `${given}.yaml`;
    const file = path.resolve(process.cwd(), named.replace(/^~(?=\/)/, home));
    requestDaemon('save-layout', { file, overwrite }).then(
      ({ status, notes }) => {
        if (status === 'exists') store.dispatch({ type: 'prompt-opened', prompt: { kind: 'overwrite', file } });
        else say([`saved ${file}`, ...notes].join('; '));
      },
      fail(`save ${file}`),
    );
  }

  return {
    handlers: {
      'next-arrangement': nextArrangement,
      'swap-previous': (pane) => swap(pane, -1),
      'swap-next': (pane) => swap(pane, 1),
      'next-page': () => turnPage(1),
      'previous-page': () => turnPage(-1),
      'resize-left': startResize('left'),
      'resize-down': startResize('down'),
      'resize-up': startResize('up'),
      'resize-right': startResize('right'),
      'equal-sizes': equalize,
      'add-pane': (pane) =>
        store.dispatch({ type: 'prompt-opened', prompt: { kind: 'add-pane', pane, line: startLine('') } }),
      'close-pane': closePane,
      'save-layout': askForFile,
    },
    run(action) {
      switch (action.do) {
        case 'move':
          return move(action.direction, action.cells);
        case 'equalize':
          return equalize();
        case 'commit':
          return commit();
        case 'add-pane':
          return addPane(action.command, action.beside);
        case 'save-layout':
          return saveLayout(action.file, action.overwrite);
        default:
          return assertNever(action);
      }
    },
  };
}

function describeError(error: unknown): string {
  if (error instanceof NonetError && error.hint !== '') return `${error.message} (${error.hint})`;
  return error instanceof Error ? error.message : String(error);
}
