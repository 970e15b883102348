import type { HostPaneFact } from '../protocol/control.ts';
import type { PaneSupervisor } from '../supervisor/pane-supervisor.ts';
import type { SessionWish } from './deposit.ts';
import type { PaneFactory } from './pane-factory.ts';

/** What a pane of another layout is made of: nothing has changed, the pane goes on with new settings, or it is new and has this number. */
export type PaneSource =
  | { type: 'keep'; supervisor: PaneSupervisor }
  | { type: 'take-over'; supervisor: PaneSupervisor }
  | { type: 'new'; pane: number };

/** The panes that the wish's layout has, one for each source. `taken`: those that are to be told of their program by `goOn`. */
export function makePanes(
  factory: PaneFactory,
  wish: SessionWish,
  sources: readonly PaneSource[],
): { panes: PaneSupervisor[]; taken: PaneSupervisor[] } {
  const taken: PaneSupervisor[] = [];
  const panes = sources.map((source, index) => {
    const spec = wish.layout.panes[index]!;
    if (source.type === 'keep') return source.supervisor;
    if (source.type === 'new') return factory.create(wish, { spec, pane: source.pane, saved: undefined });
    const supervisor = factory.takeOver(wish, spec, source.supervisor);
    taken.push(supervisor);
    return supervisor;
  });
  return { panes, taken };
}

/** A pane that was taken over goes on with the program that it has. */
export function goOn(supervisor: PaneSupervisor): void {
  supervisor.reconcile(factOf(supervisor));
}

/** What the host would say of a pane whose program has been known all along. */
function factOf({ pane, program }: PaneSupervisor): HostPaneFact | null {
  if (!program) return null;
  const { epoch, pid, startTime, startedAt } = program;
  const nothing = { exit: null, exitedAt: null, title: '', cols: 0, rows: 0 };
  return { ...nothing, pane, epoch, pid, startTime, startedAt, alive: true };
}
