import type { PaneBox, Rect } from '../core/geometry.ts';
import type { Keymap } from '../core/keymap.ts';
import { inspectBox } from './inspect/inspect-layout.ts';
import { listRect } from './lists/list-layout.ts';
import { dialogLayout, helpLayout } from './overlays.ts';
import { paneNotice } from './pane-notice.ts';
import { selectGeometry, selectPane } from './selectors.ts';
import type { ClientState } from './store.ts';

const MAX_COVERED_ROWS = 4;

/** The notice of one pane that does not run, at the bottom of its cells. */
export type PlacedNotice = { pane: number; rect: Rect; lines: string[] };

/** Where chrome lies over the panes' cells: an overlay, and the notices of panes that do not run. */
export function chromeMasks(state: ClientState, keymap: Keymap): Rect[] {
  const overlay =
    helpLayout(state, keymap)?.rect ?? listRect(state)?.rect ?? dialogLayout(state)?.rect ?? inspectBox(state)?.rect;
  const masks = placedNotices(state, keymap, 0).map(({ rect }) => rect);
  return overlay ? [...masks, overlay] : masks;
}

/** Rows that each notice takes, by pane: the compositor moves the pane's last lines up by as many. */
export function noticeRows(state: ClientState, keymap: Keymap): Map<number, number> {
  return new Map(placedNotices(state, keymap, 0).map(({ pane, rect }) => [pane, rect.height]));
}

/** Rectangles do not depend on `nowMs`, only the countdown in the text does. */
export function placedNotices(state: ClientState, keymap: Keymap, nowMs: number): PlacedNotice[] {
  return selectGeometry(state).boxes.flatMap((box) => placeNotice(state, keymap, box, nowMs) ?? []);
}

/** Rows that a notice may take: what the program has written gives way to a few, and all below it are free. */
export function noticeRoom({ view }: ClientState, pane: number, inner: Rect): number {
  // In copy mode the history fills them.
  const used = view.copies.has(pane) ? inner.height : (view.usedRows.get(pane) ?? inner.height);
  return Math.min(inner.height, Math.max(MAX_COVERED_ROWS, inner.height - used));
}

export function placeNotice(state: ClientState, keymap: Keymap, box: PaneBox, nowMs: number): PlacedNotice | null {
  const pane = selectPane(state, box.pane);
  const { inner } = box;
  const lines = pane ? paneNotice(pane, keymap, inner.width, nowMs, noticeRoom(state, box.pane, inner)) : [];
  if (lines.length === 0) return null;
  const y = inner.y + inner.height - lines.length;
  return { pane: box.pane, rect: { x: inner.x, y, width: inner.width, height: lines.length }, lines };
}
