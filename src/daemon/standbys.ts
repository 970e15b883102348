import { randomUUID } from 'node:crypto';
import { createPaneState } from '../core/pane-state.ts';
import type { HostPaneFact, Size } from '../protocol/control.ts';
import type { PaneSupervisor, SavedPane } from '../supervisor/pane-supervisor.ts';
import { createStopLadder } from '../supervisor/stop-ladder.ts';
import type { SessionWish } from './deposit.ts';
import type { PaneDeps, PaneFactory } from './pane-factory.ts';

/** Second programs of panes, and first ones whose place has been taken; nobody sees them. Their numbers are above all others. */
export type Standbys = {
  readonly all: readonly PaneSupervisor[];
  /** One more supervisor of the same pane, with a program of its own once it is asked for one. */
  add(wish: SessionWish, supervisor: PaneSupervisor, size: Size): PaneSupervisor;
  /** The standby has the number of the other from now on, which is a standby that is to go. */
  swap(old: PaneSupervisor, next: PaneSupervisor): void;
  drop(supervisor: PaneSupervisor): void;
  /** Takes note of what the host has, and ends what an earlier daemon did not live to bring to its end. */
  reconcile(facts: readonly HostPaneFact[]): void;
};

export type StandbysDeps = Pick<PaneDeps, 'host' | 'processes' | 'log'> & {
  factory: PaneFactory;
  panes: () => readonly PaneSupervisor[];
};

/** Above the number of any pane of a layout. */
const STANDBY_NUMBERS = 1_000;

export function createStandbys({ host, processes, log, factory, panes }: StandbysDeps): Standbys {
  let standbys: PaneSupervisor[] = [];

  function paneBehind(number: number): PaneSupervisor | undefined {
    return panes().find(({ pane }) => pane === number - STANDBY_NUMBERS);
  }

  function endStray({ pane: number, pid, startTime }: HostPaneFact): void {
    const root = { pid, startTime };
    const mark = processes.markOf(root);
    const stop = paneBehind(number)?.spec.stop;
    log.warn({ pane: number, pid }, 'ending a standby of an earlier daemon');
    const { gone } = createStopLadder(processes, {
      root,
      isMarked: (row) => mark !== null && processes.markOf(row) === mark,
      excluded: factory.excluded(),
      mode: 'graceful',
      signal: (stop?.signal ?? 'SIGTERM') as NodeJS.Signals,
      graceMs: stop?.timeoutMs ?? 0,
      typeKeys: null,
      onStuck: (pids) => log.error({ pids }, 'a standby of an earlier daemon does not end'),
    });
    void gone.then(() => host.request('remove-pane', { pane: number })).catch(() => {});
  }

  return {
    get all() {
      return standbys;
    },
    add(wish, supervisor, size) {
      const { pane, spec, state, exits } = supervisor;
      const suffix = `r${randomUUID().slice(0, 8)}`;
      const saved: SavedPane = {
        state: { ...createPaneState(), epoch: state.epoch, restarts: state.restarts },
        exits: [...exits],
        program: null,
      };
      const standby = { pane: STANDBY_NUMBERS + pane, size, suffix };
      const next = factory.create(wish, { spec, pane, saved, standby });
      // Both carry the mark of the pane, and neither is to be stopped with the other.
      supervisor.ownOnly((mark) => !mark.endsWith(suffix));
      next.ownOnly((mark) => mark.endsWith(suffix));
      standbys = [...standbys, next];
      return next;
    },
    swap(old, next) {
      const { pane } = old;
      old.move(next.pane);
      next.move(pane);
      standbys = standbys.map((supervisor) => (supervisor === next ? old : supervisor));
    },
    drop(supervisor) {
      standbys = standbys.filter((other) => other !== supervisor);
      supervisor.dispose();
      const rest = paneBehind(supervisor.pane);
      rest?.ownOnly(null);
      const [latest] = supervisor.exits;
      if (rest && latest && latest.epoch < rest.state.epoch && !rest.exits.includes(latest)) rest.remember(latest);
    },
    reconcile(facts) {
      for (const supervisor of standbys) {
        supervisor.reconcile(facts.find(({ pane }) => pane === supervisor.pane) ?? null);
      }
      for (const fact of facts) {
        if (fact.pane > STANDBY_NUMBERS && !standbys.some(({ pane }) => pane === fact.pane)) endStray(fact);
      }
    },
  };
}
