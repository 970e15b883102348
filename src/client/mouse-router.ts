import { borderAt, moveBorder } from '../core/borders.ts';
import { type Geometry, type PaneBox, paneAt } from '../core/geometry.ts';
import type { MouseEvent } from '../core/input-event.ts';
import type { Keymap } from '../core/keymap.ts';
import { changeView, type Effect } from './input-effect.ts';
import { routeInspectWheel } from './inspect/inspect-router.ts';
import { clickList, turnListWheel } from './lists/list-router.ts';
import { helpLayout, scrollHelp } from './overlays.ts';
import { acceptsInput, isCopying, selectGeometry, selectGrid, selectPane, selectPaneModes } from './selectors.ts';
import type { ClientState } from './store.ts';
import { stripPaneAt } from './strip.ts';
import type { HeldBorder, Pointer } from './view-state.ts';

/** Lines for one step of the wheel, as kitty, tmux and VTE have it. */
const WHEEL_LINES = 3;

/**
 * What the mouse does. The press decides: on another pane or its title it moves the focus, and nothing of that click is passed on, so
 * that nobody approves something by accident; on the focused pane it goes to the program that asked for the mouse, and with it all
 * that follows up to the release. The wheel goes to the pane below it. No program that did not ask is told anything.
 */
export function routeMouse(state: ClientState, keymap: Keymap, event: MouseEvent): Effect[] {
  if (event.button.startsWith('wheel')) return event.action === 'press' ? turnWheel(state, keymap, event) : [];
  if (event.action === 'press') return press(state, keymap, event);
  if (event.action === 'release') return release(state, event);
  return event.button === 'none' ? hover(state, event) : drag(state, event);
}

function turnWheel(state: ClientState, keymap: Keymap, event: MouseEvent): Effect[] {
  const { mode } = state.view;
  const vertical = event.button === 'wheel-up' ? -1 : event.button === 'wheel-down' ? 1 : 0;
  if (mode === 'help') {
    const layout = helpLayout(state, keymap);
    if (!layout || vertical === 0) return [];
    return [changeView({ type: 'help-scrolled', scroll: scrollHelp(layout, vertical * WHEEL_LINES) })];
  }
  if (mode === 'list') return vertical === 0 ? [] : turnListWheel(state, keymap, vertical * WHEEL_LINES);
  if (isOverlaid(state)) return routeInspectWheel(state, vertical * WHEEL_LINES) ?? [];
  const hit = paneAt(selectGeometry(state).boxes, event.col, event.row);
  if (!hit) return [];
  const { pane } = hit.box;
  const scroll: Effect[] = vertical === 0 ? [] : [{ type: 'scroll-pane', pane, lines: vertical * WHEEL_LINES }];
  if (isCopying(state, pane)) return scroll;
  const { mouseProtocol, alternateScreen, alternateScroll } = selectPaneModes(state, pane);
  const reported = mouseProtocol !== 'none' && mouseProtocol !== 'x10';
  const asArrows = mouseProtocol === 'none' && alternateScreen && alternateScroll && vertical !== 0;
  if (reported || asArrows) return toPane(state, hit.box, event);
  return scroll;
}

function press(state: ClientState, keymap: Keymap, event: MouseEvent): Effect[] {
  const { mode, focused, pointer } = state.view;
  // A button that goes down twice has come up outside of the window.
  const held = pointer?.buttons.includes(event.button) ? null : pointer;
  if (held) {
    const next = { ...held, buttons: [...held.buttons, event.button] };
    return [hold(next), ...(isOverlaid(state) ? [] : toHolder(state, next, event))];
  }
  const ours = hold({ pane: null, buttons: [event.button] });
  if (mode === 'list' && event.button === 'left') return [ours, ...clickList(state, keymap, event.col, event.row)];
  if (isOverlaid(state)) return [ours];
  const left: Effect[] = mode === 'prefix' ? [changeView({ type: 'mode-left' })] : [];
  const listed = stripPaneAt(state, event.col, event.row);
  if (listed !== null) return [...left, ours, changeView({ type: 'focused', pane: listed })];
  const geometry = selectGeometry(state);
  const hit = paneAt(geometry.boxes, event.col, event.row);
  const border = takeBorder(state, geometry, event);
  if (!hit) return border ? [hold({ pane: null, buttons: [event.button], border })] : [ours];
  const { box, part } = hit;
  if (part === 'title' && event.button === 'left') {
    const held = border ? hold({ pane: null, buttons: [event.button], border }) : ours;
    return [...left, held, changeView({ type: 'title-pressed', pane: box.pane })];
  }
  const focus: Effect[] = box.pane === focused ? [] : [changeView({ type: 'focused', pane: box.pane })];
  if (part === 'content' && event.button === 'left' && isSelectable(state, box.pane)) {
    const selecting = hold({ pane: null, buttons: [event.button], selecting: box.pane });
    return [...left, selecting, ...focus, { type: 'select', pane: box.pane, event }];
  }
  if (focus.length > 0 || part === 'title' || isSelectable(state, focused) || !hasContent(state, box, event)) {
    return [...left, ours, ...focus];
  }
  return [...left, hold({ pane: focused, buttons: [event.button] }), ...toPane(state, box, event)];
}

function release(state: ClientState, event: MouseEvent): Effect[] {
  const { pointer } = state.view;
  // A program that got the press gets its release, whatever has been opened above it meanwhile. X10 does not say which button it was.
  if (!pointer || (event.button !== 'none' && !pointer.buttons.includes(event.button))) return [];
  const buttons = event.button === 'none' ? [] : pointer.buttons.filter((button) => button !== event.button);
  return [...toHolder(state, pointer, event), hold(buttons.length === 0 ? null : { ...pointer, buttons })];
}

function drag(state: ClientState, event: MouseEvent): Effect[] {
  const { pointer } = state.view;
  return pointer?.buttons.includes(event.button) && !isOverlaid(state) ? toHolder(state, pointer, event) : [];
}

function hover(state: ClientState, event: MouseEvent): Effect[] {
  const { mode, focused, pointer } = state.view;
  // Moves without a button: whatever was held has come up outside of the window.
  const forgotten: Effect[] = pointer ? [...(pointer.border ? letGo(state) : []), hold(null)] : [];
  if (mode !== 'normal' || isSelectable(state, focused) || selectPaneModes(state, focused).mouseProtocol !== 'any')
    return forgotten;
  const hit = paneAt(selectGeometry(state).boxes, event.col, event.row);
  const inside = hit?.box.pane === focused && hit.part === 'content' && hasContent(state, hit.box, event);
  return inside ? [...forgotten, ...toPane(state, hit.box, event)] : forgotten;
}

/** To the pane that got the press, wherever the pointer is now. */
function toHolder(state: ClientState, { pane, selecting, border }: Pointer, event: MouseEvent): Effect[] {
  if (border) return event.action === 'release' ? letGo(state) : dragBorder(state, border, event);
  if (selecting !== undefined) {
    const isOurs = event.button === 'left' || event.button === 'none';
    return isOurs && event.action !== 'press' ? [{ type: 'select', pane: selecting, event }] : [];
  }
  if (pane === null || selectPaneModes(state, pane).mouseProtocol === 'none') return [];
  const box = selectGeometry(state).boxes.find((candidate) => candidate.pane === pane);
  return box ? toPane(state, box, event) : [];
}

/** The border that the left button is on: a line between columns, or a title below another pane. */
function takeBorder(state: ClientState, geometry: Geometry, { button, col, row }: MouseEvent): HeldBorder | null {
  if (button !== 'left' || geometry.mode !== 'grid' || geometry.isReduced) return null;
  const border = borderAt(geometry, selectGrid(state), state.view, { x: col, y: row });
  return border && { ...border, col, row };
}

function dragBorder(state: ClientState, border: HeldBorder, { col, row }: MouseEvent): Effect[] {
  const grid = state.session.snapshot?.layout.grid;
  if (!grid || selectGeometry(state).mode !== 'grid') return [];
  const by = border.axis === 'columns' ? col - border.col : row - border.row;
  const moved = moveBorder(grid, border, by, state.view);
  return [changeView({ type: 'grid-previewed', preview: moved === grid ? null : { grid: moved, held: true } })];
}

function letGo({ view: { preview } }: ClientState): Effect[] {
  return preview?.held ? [{ type: 'arrange', action: { do: 'commit' } }] : [];
}

/** The program has no use for the mouse, or what is shown is not its own. */
function isSelectable(state: ClientState, pane: number): boolean {
  return isCopying(state, pane) || selectPaneModes(state, pane).mouseProtocol === 'none';
}

/** In the pane's own cells; from outside of it, those at its edge. */
function toPane(state: ClientState, box: PaneBox, event: MouseEvent): Effect[] {
  const pane = selectPane(state, box.pane);
  if (!pane || !acceptsInput(pane) || state.view.hostStatus === 'reconnecting') return [];
  const { cols, rows } = contentSize(state, box);
  const col = Math.max(0, Math.min(cols - 1, event.col - box.inner.x));
  const row = Math.max(0, Math.min(rows - 1, event.row - box.inner.y));
  return [{ type: 'pane-input', pane: box.pane, event: { ...event, col, row } }];
}

/** The pane may be smaller than its box: another client has another size. */
function hasContent(state: ClientState, box: PaneBox, { col, row }: MouseEvent): boolean {
  const { cols, rows } = contentSize(state, box);
  return col - box.inner.x < cols && row - box.inner.y < rows;
}

/** Nothing is hidden above: content moves up only over the notice of a pane that does not run. */
function contentSize(state: ClientState, { pane, inner }: PaneBox): { cols: number; rows: number } {
  const screen = state.view.screens.get(pane);
  return {
    cols: Math.min(inner.width, screen?.cols ?? inner.width),
    rows: Math.min(inner.height, screen?.rows ?? inner.height),
  };
}

/** Something is open above the panes. */
function isOverlaid({ view: { mode } }: ClientState): boolean {
  return mode !== 'normal' && mode !== 'prefix' && mode !== 'resize';
}

function hold(pointer: Pointer | null): Effect {
  return changeView({ type: 'pointer-changed', pointer });
}
