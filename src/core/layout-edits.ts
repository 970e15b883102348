import { arrangedGrid, ownGrid, refitted } from './arrangement.ts';
import { equalized } from './borders.ts';
import type { ArrangementName, Grid, Layout, LayoutEdits, PaneSpec } from './layout.ts';

/**
 * What people do to a layout while its session runs: each takes a layout and gives another one. All of it is the daemon's, so that every
 * client sees the same and the next daemon, too; the client only says what is wanted.
 */

/** Two panes change places. */
export function swapPanes(layout: Layout, one: string, other: string): Layout {
  const first = layout.panes.find(({ name }) => name === one);
  const second = layout.panes.find(({ name }) => name === other);
  if (!first || !second) return layout;
  const panes = layout.panes.map((spec) => (spec === first ? second : spec === second ? first : spec));
  return { ...layout, panes, edits: editsOf(layout) };
}

/** `null`: the grid that the layout was read with. */
export function arrange(layout: Layout, arrangement: ArrangementName | null): Layout {
  const own = ownGrid(layout);
  return withGrid(layout, arrangement === null ? own : arrangedGrid(arrangement, layout.panes.length));
}

/** Null where the shares do not belong to the grid that the layout has now: somebody else has changed it meanwhile. */
export function resize(layout: Layout, shares: { rows: readonly number[]; columns: readonly number[] }): Layout | null {
  const { grid } = layout;
  if (shares.rows.length !== grid.rows || shares.columns.length !== grid.cols) return null;
  const next = { ...grid, rowShares: [...shares.rows], colShares: [...shares.columns] };
  return withGrid(layout, next);
}

/** Rows and columns of equal size. */
export function equalize(layout: Layout): Layout {
  return withGrid(layout, equalized(layout.grid));
}

/** In the last place. */
export function addPane(layout: Layout, spec: PaneSpec): Layout {
  const edits = editsOf(layout);
  const next = withPanes(layout, [...layout.panes, spec]);
  return { ...next, edits: { ...(next.edits ?? edits), added: [...edits.added, spec.name] } };
}

/** Nobody waits for it any more. */
export function closePane(layout: Layout, name: string): Layout {
  const edits = editsOf(layout);
  const panes = layout.panes
    .filter((spec) => spec.name !== name)
    .map((spec) =>
      spec.dependsOn.some(({ pane }) => pane === name)
        ? { ...spec, dependsOn: spec.dependsOn.filter(({ pane }) => pane !== name) }
        : spec,
    );
  const wasAdded = edits.added.includes(name);
  const next = withPanes(layout, panes);
  return {
    ...next,
    edits: {
      ...(next.edits ?? edits),
      added: edits.added.filter((added) => added !== name),
      closed: wasAdded ? edits.closed : [...edits.closed, name],
    },
  };
}

/** Other panes, in a grid that fits their number as the one before fitted theirs. */
export function withPanes(layout: Layout, panes: PaneSpec[]): Layout {
  const [before, after] = [layout.panes.length, panes.length];
  const grid = refitted(layout.grid, before, after);
  const { edits } = layout;
  return {
    ...layout,
    panes,
    grid,
    ...(edits ? { edits: { ...edits, grid: refitted(edits.grid, before, after) } } : {}),
  };
}

function withGrid(layout: Layout, grid: Grid): Layout {
  return { ...layout, grid, edits: editsOf(layout) };
}

function editsOf(layout: Layout): LayoutEdits {
  return layout.edits ?? { grid: layout.grid, added: [], closed: [] };
}
