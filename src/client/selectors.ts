import { computeGeometry, type Geometry, neighbour, type PaneBox } from '../core/geometry.ts';
import type { Grid } from '../core/layout.ts';
import { DEFAULT_PANE_MODES, type PaneModes } from '../core/pane-modes.ts';
import type { PaneStateName, PaneView } from '../core/session.ts';
import type { ClientState } from './store.ts';

export type PaneSize = { pane: number; cols: number; rows: number };
export type Direction = 'left' | 'right' | 'up' | 'down';

const NO_GRID: Grid = { rows: 1, cols: 1, areas: [{ row: 0, col: 0, rowSpan: 1, colSpan: 1 }] };
const NO_PANES: readonly PaneView[] = [];

/** Whether a pane in this state has a program that reads what is typed. */
const readsKeys: Record<PaneStateName, boolean> = {
  stopped: false,
  starting: true,
  running: true,
  backoff: false,
  stopping: true,
  exited: false,
  fatal: false,
};

export function selectPanes(state: ClientState): readonly PaneView[] {
  return state.session.snapshot?.panes ?? NO_PANES;
}

export function selectPane(state: ClientState, pane: number): PaneView | null {
  return selectPanes(state).find((view) => view.pane === pane) ?? null;
}

export function selectFocusedPane(state: ClientState): PaneView | null {
  return selectPane(state, state.view.focused);
}

export function acceptsInput(pane: PaneView): boolean {
  return readsKeys[pane.state];
}

/** The pane that a key would go to now: none while an overlay is open, a command is awaited or nothing reads there. */
export function selectInputPane(state: ClientState): number | null {
  const pane = selectFocusedPane(state);
  const { broadcast, marks } = state.view;
  const meant = pane && (!broadcast || marks.size === 0 || marks.has(pane.pane));
  const reads = pane && ((meant && acceptsInput(pane)) || isCopying(state, pane.pane));
  return state.view.mode === 'normal' && reads ? pane.pane : null;
}

/** Whether the pane shows its history, and keys and mouse move in that. */
export function isCopying(state: ClientState, pane: number): boolean {
  return state.view.copies.has(pane);
}

/** The pane that has this person's attention: its keys go there and the window has the focus. The prefix is no look elsewhere. */
export function selectAttentivePane(state: ClientState): number | null {
  const { mode, outerFocused } = state.view;
  const typing = mode === 'normal' || mode === 'prefix' || mode === 'resize';
  return outerFocused && typing ? (selectFocusedPane(state)?.pane ?? null) : null;
}

/** The modes of a pane's program; the defaults where nothing runs that could have set others. */
export function selectPaneModes(state: ClientState, number: number): PaneModes {
  const pane = selectPane(state, number);
  return (pane && acceptsInput(pane) && state.view.screens.get(number)?.modes) || DEFAULT_PANE_MODES;
}

/** Where everything is; the same object as long as nothing moves. */
export const selectGeometry: (state: ClientState) => Geometry = createGeometrySelector();

/** Separate memory for a second client in the same process (tests); everyone else uses `selectGeometry`. */
function createGeometrySelector(): (state: ClientState) => Geometry {
  let key: readonly unknown[] = [];
  let geometry: Geometry | null = null;
  return (state) => {
    const { cols, rows, focused, zoomed } = state.view;
    const grid = selectGrid(state);
    const panes = selectPanes(state).map(({ pane }) => pane);
    const nextKey = [cols, rows, focused, zoomed, grid, panes.join()];
    if (geometry && key.every((part, i) => part === nextKey[i])) return geometry;
    key = nextKey;
    const next = computeGeometry({ cols, rows, grid, paneCount: panes.length, panes, focused, zoomed });
    // Focus moves within a page without moving anything else.
    if (!geometry || JSON.stringify(next) !== JSON.stringify(geometry)) geometry = next;
    return geometry;
  };
}

let sizesOf: Geometry | null = null;
let sizes: PaneSize[] = [];

/** As the session has it, or as this client has just changed it. */
export function selectGrid(state: ClientState): Grid {
  return state.view.preview?.grid ?? state.session.snapshot?.layout.grid ?? NO_GRID;
}

const selectSettledGeometry = createGeometrySelector();

/** The panes on screen with the cells that each has: what the host is told. The same array as long as nothing moves. */
export function selectPaneSizes(state: ClientState): PaneSize[] {
  // A border that is being dragged moves on the screen alone: every program is told its size once, when it is let go.
  const isHeld = state.view.preview?.held === true;
  const geometry = isHeld
    ? selectSettledGeometry({ ...state, view: { ...state.view, preview: null } })
    : selectGeometry(state);
  if (geometry !== sizesOf) {
    sizesOf = geometry;
    sizes = geometry.boxes
      .filter(({ inner }) => inner.width > 0 && inner.height > 0)
      .map(({ pane, inner }) => ({ pane, cols: inner.width, rows: inner.height }));
  }
  return sizes;
}

/** The pane in a direction from the focused one, around the edge if there is none; null when it is alone. */
export function selectNeighbour(state: ClientState, direction: Direction): number | null {
  const boxes = pageBoxes(state);
  const from = state.view.focused;
  const next = neighbour(boxes, from, direction);
  if (next !== null) return next;
  let last = from;
  for (let step = 0; step < boxes.length; step++) {
    const back = neighbour(boxes, last, opposite[direction]);
    if (back === null) break;
    last = back;
  }
  return last === from ? null : last;
}

const opposite: Record<Direction, Direction> = { left: 'right', right: 'left', up: 'down', down: 'up' };

/** The page as a grid, also while a single pane is shown: directions stay what they were. */
function pageBoxes(state: ClientState): readonly PaneBox[] {
  const geometry = selectGeometry(state);
  if (geometry.mode === 'grid') return geometry.boxes;
  const grid = selectGrid(state);
  const panes = selectPanes(state).map(({ pane }) => pane);
  // Room enough for every grid that a layout can have.
  const room = { cols: 100 * grid.cols, rows: 100 * grid.rows };
  return computeGeometry({
    ...room,
    grid,
    paneCount: panes.length,
    panes,
    focused: state.view.focused,
    zoomed: false,
  }).boxes;
}
