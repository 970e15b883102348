import type { Layout, PaneSpec } from '../core/layout.ts';
import { addPane, closePane } from '../core/layout-edits.ts';
import type { RunningLayout } from './layout-source.ts';
import { newPaneSpec } from './new-pane.ts';
import type { SavedSessionFile } from './session-file.ts';

/**
 * A layout that was read again, as people had arranged it when its session ended: the same order and grid, with the panes that they had
 * added and without those that they had closed. Panes that are new in the file stand last.
 */
export function restoreEdits(
  layout: Layout,
  saved: SavedSessionFile,
  { env, defaults }: Pick<RunningLayout, 'env' | 'defaults'>,
): Layout {
  const { edits, profile, cwd } = saved;
  if (!edits) return layout;
  const origin = { preset: saved.layout.preset, profile, cwd };
  let next = layout;
  for (const name of edits.closed) {
    if (next.panes.length > 1 && next.panes.some((spec) => spec.name === name)) next = closePane(next, name);
  }
  for (const added of edits.added) {
    if (next.panes.some(({ name }) => name === added.name)) continue;
    next = addPane(next, {
      ...newPaneSpec({ layout: next, origin, env, ...(defaults && { defaults }) }, added),
      name: added.name,
    });
  }
  const place = new Map(saved.panes.map(({ name }, index) => [name, index]));
  const placeOf = ({ name }: PaneSpec): number => place.get(name) ?? saved.panes.length;
  const panes = [...next.panes].sort((a, b) => placeOf(a) - placeOf(b));
  return { ...next, panes, grid: edits.grid, edits: next.edits ?? { grid: layout.grid, added: [], closed: [] } };
}
