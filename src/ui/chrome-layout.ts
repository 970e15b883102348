import { placedNotices } from '../client/chrome-masks.ts';
import type { RegionOptions } from '../client/chrome-terminal.ts';
import { inspectBox } from '../client/inspect/inspect-layout.ts';
import { listRect } from '../client/lists/list-layout.ts';
import { dialogLayout, helpLayout } from '../client/overlays.ts';
import { selectGeometry } from '../client/selectors.ts';
import type { ClientState } from '../client/store.ts';
import type { Rect } from '../core/geometry.ts';
import type { Keymap } from '../core/keymap.ts';

/** A part of the chrome that is drawn by itself. */
export type ChromePart = PartContent & RegionOptions & { key: string };

export type PartContent =
  | { kind: 'title' | 'notice'; pane: number }
  | { kind: 'strip' | 'status' | 'help' | 'list' | 'dialog' | 'too-small' | 'info' | 'log' | 'rename' };

/** The parts that there are now, at the places that core/geometry.ts says. */
export function chromeParts(state: ClientState, keymap: Keymap): ChromePart[] {
  const { cols, rows } = state.view;
  const geometry = selectGeometry(state);
  const whole: Rect = { x: 0, y: 0, width: Math.max(1, cols), height: Math.max(1, rows) };
  if (geometry.mode === 'too-small') return [{ kind: 'too-small', key: 'too-small', rect: whole }];
  const parts: ChromePart[] = geometry.boxes.map(({ pane, title }) => ({
    kind: 'title',
    pane,
    key: `title ${pane}`,
    rect: title,
    // The rule behind it is background.
    openEnd: true,
  }));
  for (const { pane, rect } of placedNotices(state, keymap, 0))
    parts.push({ kind: 'notice', pane, key: `notice ${pane}`, rect });
  if (geometry.strip) parts.push({ kind: 'strip', key: 'strip', rect: geometry.strip });
  parts.push({ kind: 'status', key: 'status', rect: { ...whole, y: geometry.statusRow, height: 1 } });
  const help = helpLayout(state, keymap);
  if (help) parts.push({ kind: 'help', key: 'help', rect: help.rect, layer: 1 });
  const list = listRect(state);
  if (list) parts.push({ kind: 'list', key: 'list', rect: list.rect, layer: 1 });
  const dialog = dialogLayout(state);
  if (dialog) parts.push({ kind: 'dialog', key: 'dialog', rect: dialog.rect, layer: 1 });
  const { mode } = state.view;
  const box = inspectBox(state);
  if (box && (mode === 'info' || mode === 'log' || mode === 'rename'))
    parts.push({ kind: mode, key: mode, rect: box.rect, layer: 1 });
  return parts;
}
