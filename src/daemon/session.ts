import { withNeeded } from '../core/dependencies.ts';
import { NonetError } from '../core/errors.ts';
import type { Layout } from '../core/layout.ts';
import type { PaneView } from '../core/session.ts';
import type { HostEvent, HostFacts, SessionSnapshot, Size } from '../protocol/control.ts';
import { clearLeftovers } from '../supervisor/leftovers.ts';
import { createGate } from '../supervisor/pane-gate.ts';
import type { PaneSupervisor, SavedPane } from '../supervisor/pane-supervisor.ts';
import { parseDeposit, type SavedSession, type SessionWish } from './deposit.ts';
import { createPaneFactory, type PaneDeps } from './pane-factory.ts';
import { goOn, makePanes, type PaneSource } from './pane-sources.ts';
import { createPaneViews } from './pane-views.ts';
import { type PastLayout, rememberLayout } from './past-layouts.ts';
import { type ResurrectedPane, resurrectedPane, startsAgain } from './resurrection.ts';
import { createStandbys } from './standbys.ts';

/** The panes of one layout and what is known of them. It fills once, by `up` or by what an earlier daemon left with the host. */
export type Session = {
  /** In the order of their places; their numbers may have gaps. */
  readonly panes: readonly PaneSupervisor[];
  /** What was asked for, null before anybody asked. */
  readonly wish: SessionWish | null;
  /** The layouts before the present one, the latest first. */
  readonly past: readonly PastLayout[];
  /** Nobody has asked for anything yet. */
  readonly empty: boolean;
  /**
   * Starts the layout's panes; false when there are panes already. `resurrect`: what the panes were when the session ended; they show
   * their last screen, and only those that say so run their command again by themselves.
   */
  fill(wish: SessionWish, resurrect?: readonly ResurrectedPane[]): boolean;
  /** Second programs of panes, and first ones whose place has been taken; nobody sees them. Their numbers are above all others. */
  readonly standbys: readonly PaneSupervisor[];
  /** One more supervisor of the same pane, with a program of its own once it is asked for one. */
  addStandby(supervisor: PaneSupervisor, size: Size): PaneSupervisor;
  /** The standby is the pane's supervisor from now on, and the other one a standby that is to go. */
  promote(old: PaneSupervisor, next: PaneSupervisor): void;
  dropStandby(supervisor: PaneSupervisor): void;
  /** Another layout takes the place of the present one, at once: see change-layout.ts. `sources`: one for each of its panes. */
  replace(next: SessionWish, sources: readonly PaneSource[], options?: { remember?: boolean }): void;
  /** The same panes in another order or grid: nothing that a running pane would notice, and nothing to go back to. */
  rearrange(layout: Layout): void;
  /** Takes over from an earlier daemon, or goes on after the connection to the host was lost. */
  reconcile(facts: HostFacts): void;
  /** Whether the earlier daemon was taking the session down, and until when gracefully. */
  readonly foundClosing: SavedSession['closing'];
  /** Ends what carries this session's mark, for when nobody else can be asked. */
  clearLeftovers(): Promise<unknown>;
  hostLost(): void;
  hostEvent(event: HostEvent): void;
  snapshot(): SessionSnapshot;
  /** `key` tells apart views that are worth telling apart; null when there is no such pane. */
  viewOf(pane: number): { view: PaneView; key: string } | null;
  /** Calls back after every change of a pane, until the returned function is called. */
  onChange(listener: (supervisor: PaneSupervisor) => void): () => void;
  /** What the next daemon needs, or null while there is nothing. */
  save(): SavedSession | null;
  dispose(): void;
};

export function createSession(deps: PaneDeps): Session {
  const { name, version, markId, host, processes, sampler, log } = deps;
  let wish: SessionWish | null = null;
  let panes: PaneSupervisor[] = [];
  let past: readonly PastLayout[] = [];
  let unreadable = false;
  let foundClosing: SavedSession['closing'];
  /** When nothing of an earlier session of this name is left; programs start after that. */
  let cleared: Promise<unknown> = Promise.resolve();
  const listeners = new Set<(supervisor: PaneSupervisor) => void>();
  const gate = createGate((paneName) => panes.find(({ spec }) => spec.name === paneName) ?? null);
  const factory = createPaneFactory(deps, {
    panes: () => panes,
    gate,
    cleared: () => cleared,
    onChange: changed,
    onRecord: tell,
  });
  const views = createPaneViews(deps);
  const standbys = createStandbys({ host, processes, log, factory, panes: () => panes });

  function presentWish(): SessionWish {
    if (!wish) throw new NonetError('no-such-session', `session ${name} has no panes`);
    return wish;
  }

  function create(next: SessionWish, saved: readonly SavedPane[] = [], numbers: readonly number[] = []): void {
    wish = next;
    panes = next.layout.panes.map((spec, index) =>
      factory.create(next, { spec, pane: numbers[index] ?? index + 1, saved: saved[index] }),
    );
  }

  function start(chosen: readonly PaneSupervisor[]): void {
    for (const supervisor of withNeeded(chosen, panes)) supervisor.request('start');
  }

  function bringBack(next: SessionWish, resurrected: readonly ResurrectedPane[]): void {
    const before = new Map(resurrected.map((pane) => [pane.name, pane]));
    create(
      next,
      next.layout.panes.map((spec) => resurrectedPane(spec, before.get(spec.name))),
    );
    cleared = cleared.then(() => factory.restoreScreens(next, panes));
    start(panes.filter(({ spec }) => startsAgain(spec, before.get(spec.name))));
  }

  function clearAll(): Promise<unknown> {
    return clearLeftovers(processes, `${markId}.`, factory.excluded());
  }

  function changed(supervisor: PaneSupervisor): void {
    const { pane, state, spec } = supervisor;
    const facts = { pane, name: spec.name, state: state.name, epoch: state.epoch, reason: state.reason };
    if (standbys.all.includes(supervisor)) {
      log.info(facts, 'standby changed');
      tell(supervisor);
      return;
    }
    sampler.setRoot(pane, supervisor.program);
    deps.care.follow(supervisor);
    log.info(facts, 'pane changed');
    tell(supervisor);
    gate.look();
  }

  function tell(supervisor: PaneSupervisor): void {
    for (const listener of [...listeners]) listener(supervisor);
  }

  function restore(text: string): void {
    if (text === '') return;
    const saved = parseDeposit(text);
    if (!saved) {
      // Left by a version that writes otherwise. Its programs live on; `down` ends them with their host.
      unreadable = true;
      log.error({}, 'what the earlier daemon left cannot be read');
      return;
    }
    create(saved, saved.panes, saved.numbers);
    past = saved.past;
    foundClosing = saved.closing;
    log.info({ panes: panes.length }, 'took over from an earlier daemon');
  }

  function forget(supervisor: PaneSupervisor): void {
    const { pane } = supervisor;
    supervisor.dispose();
    views.forgetTitle(pane);
    sampler.setRoot(pane, null);
    deps.care.forget(pane);
  }

  return {
    get panes() {
      return panes;
    },
    get standbys() {
      return standbys.all;
    },
    addStandby: (supervisor, size) => standbys.add(wish!, supervisor, size),
    promote(old, next) {
      standbys.swap(old, next);
      panes = panes.map((supervisor) => (supervisor === old ? next : supervisor));
      changed(next);
    },
    dropStandby(supervisor) {
      standbys.drop(supervisor);
      views.forgetTitle(supervisor.pane);
    },
    get wish() {
      return wish;
    },
    get past() {
      return past;
    },
    get empty() {
      return wish === null && !unreadable;
    },
    get foundClosing() {
      return foundClosing;
    },
    clearLeftovers: clearAll,
    fill(next, resurrect) {
      if (unreadable) {
        throw new NonetError('failed', `the programs of session ${name} were started by another version of nonet`, {
          hint: `run \`nonet down --session ${name}\`, then start again`,
        });
      }
      if (wish) return false;
      cleared = clearAll();
      if (resurrect) {
        bringBack(next, resurrect);
      } else {
        create(next);
        start(panes.filter(({ spec }) => spec.autostart));
      }
      return true;
    },
    replace(next, sources, { remember = true } = {}) {
      const { layout } = presentWish();
      if (remember) past = rememberLayout(past, { layout, at: Date.now() });
      const before = panes;
      wish = next;
      const { panes: made, taken } = makePanes(factory, next, sources);
      panes = made;
      const numbers = new Set(panes.map(({ pane }) => pane));
      for (const supervisor of before) if (!numbers.has(supervisor.pane)) forget(supervisor);
      for (const supervisor of taken) {
        goOn(supervisor);
        deps.care.follow(supervisor);
      }
      gate.look();
    },
    rearrange(layout) {
      wish = { ...presentWish(), layout };
      panes = layout.panes.map((spec) => panes.find((supervisor) => supervisor.spec.name === spec.name)!);
    },
    reconcile(facts) {
      if (!wish) restore(facts.deposit);
      const byPane = new Map(facts.panes.map((fact) => [fact.pane, fact]));
      for (const [pane, fact] of byPane) views.setTitle(pane, fact.title);
      standbys.reconcile(facts.panes);
      for (const supervisor of panes) {
        supervisor.reconcile(byPane.get(supervisor.pane) ?? null);
        // Also without a change of state: the programs are new to this daemon.
        sampler.setRoot(supervisor.pane, supervisor.program);
        deps.care.follow(supervisor);
      }
    },
    hostLost() {
      views.forgetTitles();
      for (const supervisor of [...panes, ...standbys.all]) supervisor.hostLost();
    },
    hostEvent(event) {
      switch (event.event) {
        case 'exited':
          findAny(event.pane)?.programExited(event.epoch, event.exit, event.at);
          return;
        case 'signal': {
          if (event.signal.type !== 'title') return;
          views.setTitle(event.pane, event.signal.title);
          const supervisor = findPane(event.pane);
          if (supervisor) tell(supervisor);
          return;
        }
      }
    },
    snapshot() {
      const { layout } = presentWish();
      return { session: name, version, layout, panes: panes.map(views.viewOf) };
    },
    viewOf(pane) {
      const supervisor = findPane(pane);
      return supervisor ? views.keyedViewOf(supervisor) : null;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    save: () =>
      wish && {
        ...wish,
        panes: panes.map((supervisor) => supervisor.save()),
        numbers: panes.map(({ pane }) => pane),
        past: [...past],
      },
    dispose() {
      for (const supervisor of [...panes, ...standbys.all]) supervisor.dispose();
      listeners.clear();
    },
  };

  function findPane(pane: number): PaneSupervisor | undefined {
    return panes.find((supervisor) => supervisor.pane === pane);
  }

  function findAny(pane: number): PaneSupervisor | undefined {
    return findPane(pane) ?? standbys.all.find((supervisor) => supervisor.pane === pane);
  }
}
