import { randomUUID } from 'node:crypto';
import { withNeeded } from '../core/dependencies.ts';
import { NonetError } from '../core/errors.ts';
import type { Layout, PaneSpec } from '../core/layout.ts';
import { createPaneState } from '../core/pane-state.ts';
import { ASKS_REASON, type PaneView } from '../core/session.ts';
import type { HostEvent, HostFacts, HostPaneFact, SessionSnapshot, Size } from '../protocol/control.ts';
import { clearLeftovers } from '../supervisor/leftovers.ts';
import { createGate } from '../supervisor/pane-gate.ts';
import type { PaneSupervisor, SavedPane } from '../supervisor/pane-supervisor.ts';
import { createStopLadder } from '../supervisor/stop-ladder.ts';
import { parseDeposit, type SavedSession, type SessionWish } from './deposit.ts';
import { createPaneFactory, type PaneDeps } from './pane-factory.ts';
import { paneView } from './pane-view.ts';
import { type PastLayout, rememberLayout } from './past-layouts.ts';

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

export type ResurrectedPane = { name: string; wanted: 'up' | 'down'; restarts: number };

/** What a pane of another layout is made of: nothing has changed, the pane goes on with new settings, or it is new and has this number. */
export type PaneSource =
  | { type: 'keep'; supervisor: PaneSupervisor }
  | { type: 'take-over'; supervisor: PaneSupervisor }
  | { type: 'new'; pane: number };

/** Above the number of any pane of a layout. */
const STANDBY_NUMBERS = 1_000;

export function createSession(deps: PaneDeps): Session {
  const { name, version, markId, host, processes, sampler, nowMs, log } = deps;
  let wish: SessionWish | null = null;
  let panes: PaneSupervisor[] = [];
  let standbys: PaneSupervisor[] = [];
  let past: readonly PastLayout[] = [];
  let unreadable = false;
  let foundClosing: SavedSession['closing'];
  /** When nothing of an earlier session of this name is left; programs start after that. */
  let cleared: Promise<unknown> = Promise.resolve();
  const titles = new Map<number, string>();
  const listeners = new Set<(supervisor: PaneSupervisor) => void>();
  const gate = createGate((paneName) => panes.find(({ spec }) => spec.name === paneName) ?? null);
  const factory = createPaneFactory(deps, {
    panes: () => panes,
    gate,
    cleared: () => cleared,
    onChange: changed,
    onRecord: tell,
  });

  function create(next: SessionWish, saved: readonly SavedPane[] = [], numbers: readonly number[] = []): void {
    wish = next;
    panes = next.layout.panes.map((spec, index) =>
      factory.create(next, { spec, pane: numbers[index] ?? index + 1, saved: saved[index] }),
    );
  }

  function start(chosen: readonly PaneSupervisor[]): void {
    for (const supervisor of withNeeded(chosen, panes)) supervisor.request('start');
  }

  function clearAll(): Promise<unknown> {
    return clearLeftovers(processes, `${markId}.`, factory.excluded());
  }

  function changed(supervisor: PaneSupervisor): void {
    const { pane, state, spec } = supervisor;
    if (standbys.includes(supervisor)) {
      log.info(
        { pane, name: spec.name, state: state.name, epoch: state.epoch, reason: state.reason },
        'standby changed',
      );
      tell(supervisor);
      return;
    }
    sampler.setRoot(pane, supervisor.program);
    deps.care.follow(supervisor);
    log.info({ pane, name: spec.name, state: state.name, epoch: state.epoch, reason: state.reason }, 'pane changed');
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

  /** The supervisor makes room for one with other settings, as an earlier daemon's makes room for ours. */
  function takeOver(next: SessionWish, spec: PaneSpec, before: PaneSupervisor): PaneSupervisor {
    const { pane, program } = before;
    const saved = before.save();
    before.dispose();
    const supervisor = factory.create(next, { spec, pane, saved });
    if (program && JSON.stringify(spec.log) !== JSON.stringify(before.spec.log)) {
      host.request('set-log', { pane, log: factory.logOf(spec) }).catch((error: Error) => {
        log.warn({ pane, error: error.message }, 'the log keeps its settings until the next start');
      });
    }
    return supervisor;
  }

  function forget(supervisor: PaneSupervisor): void {
    const { pane } = supervisor;
    supervisor.dispose();
    titles.delete(pane);
    sampler.setRoot(pane, null);
    deps.care.forget(pane);
  }

  /** What an earlier daemon did not live to bring to its end. */
  function endStray({ pane: number, pid, startTime }: HostPaneFact): void {
    const root = { pid, startTime };
    const mark = processes.markOf(root);
    const spec = panes.find(({ pane }) => pane === number - STANDBY_NUMBERS)?.spec;
    log.warn({ pane: number, pid }, 'ending a standby of an earlier daemon');
    const { gone } = createStopLadder(processes, {
      root,
      isMarked: (row) => mark !== null && processes.markOf(row) === mark,
      excluded: factory.excluded(),
      mode: 'graceful',
      signal: (spec?.stop.signal ?? 'SIGTERM') as NodeJS.Signals,
      graceMs: spec?.stop.timeoutMs ?? 0,
      typeKeys: null,
      onStuck: (pids) => log.error({ pids }, 'a standby of an earlier daemon does not end'),
    });
    void gone.then(() => host.request('remove-pane', { pane: number })).catch(() => {});
  }

  return {
    get panes() {
      return panes;
    },
    get standbys() {
      return standbys;
    },
    addStandby(supervisor, size) {
      const { pane, spec, state, exits } = supervisor;
      const suffix = `r${randomUUID().slice(0, 8)}`;
      const standby = { pane: STANDBY_NUMBERS + pane, size, suffix };
      const saved: SavedPane = {
        state: { ...createPaneState(), epoch: state.epoch, restarts: state.restarts },
        exits: [...exits],
        program: null,
      };
      const next = factory.create(wish!, { spec, pane, saved, standby });
      // Both carry the mark of the pane, and neither is to be stopped with the other.
      supervisor.ownOnly((mark) => !mark.endsWith(suffix));
      next.ownOnly((mark) => mark.endsWith(suffix));
      standbys = [...standbys, next];
      return next;
    },
    promote(old, next) {
      const { pane } = old;
      old.move(next.pane);
      next.move(pane);
      panes = panes.map((supervisor) => (supervisor === old ? next : supervisor));
      standbys = standbys.map((supervisor) => (supervisor === next ? old : supervisor));
      changed(next);
    },
    dropStandby(supervisor) {
      standbys = standbys.filter((other) => other !== supervisor);
      supervisor.dispose();
      titles.delete(supervisor.pane);
      const rest = panes.find(({ pane }) => pane === supervisor.pane - STANDBY_NUMBERS);
      rest?.ownOnly(null);
      const [latest] = supervisor.exits;
      if (rest && latest && latest.epoch < rest.state.epoch && !rest.exits.includes(latest)) rest.remember(latest);
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
      if (!resurrect) {
        create(next);
        start(panes.filter(({ spec }) => spec.autostart));
        return true;
      }
      const before = new Map(resurrect.map((pane) => [pane.name, pane]));
      create(
        next,
        next.layout.panes.map((spec) => resurrectedPane(spec, before.get(spec.name))),
      );
      cleared = cleared.then(() => factory.restoreScreens(next, panes));
      start(
        panes.filter(({ spec }) => {
          const wasUp = before.get(spec.name)?.wanted ?? (spec.autostart ? 'up' : 'down');
          return wasUp === 'up' && spec.resurrect === 'auto';
        }),
      );
      return true;
    },
    replace(next, sources, { remember = true } = {}) {
      if (!wish) throw new NonetError('no-such-session', `session ${name} has no panes`);
      if (remember) past = rememberLayout(past, { layout: wish.layout, at: Date.now() });
      const before = panes;
      wish = next;
      const taken: PaneSupervisor[] = [];
      panes = sources.map((source, index) => {
        const spec = next.layout.panes[index]!;
        if (source.type === 'keep') return source.supervisor;
        if (source.type === 'new') return factory.create(next, { spec, pane: source.pane, saved: undefined });
        const supervisor = takeOver(next, spec, source.supervisor);
        taken.push(supervisor);
        return supervisor;
      });
      const numbers = new Set(panes.map(({ pane }) => pane));
      for (const supervisor of before) if (!numbers.has(supervisor.pane)) forget(supervisor);
      for (const supervisor of taken) {
        supervisor.reconcile(factOf(supervisor));
        deps.care.follow(supervisor);
      }
      gate.look();
    },
    rearrange(layout) {
      if (!wish) throw new NonetError('no-such-session', `session ${name} has no panes`);
      wish = { ...wish, layout };
      panes = layout.panes.map((spec) => panes.find((supervisor) => supervisor.spec.name === spec.name)!);
    },
    reconcile(facts) {
      if (!wish) restore(facts.deposit);
      const byPane = new Map(facts.panes.map((fact) => [fact.pane, fact]));
      for (const [pane, fact] of byPane) titles.set(pane, fact.title);
      for (const supervisor of standbys) supervisor.reconcile(byPane.get(supervisor.pane) ?? null);
      for (const fact of facts.panes) {
        if (fact.pane > STANDBY_NUMBERS && !standbys.some(({ pane }) => pane === fact.pane)) endStray(fact);
      }
      for (const supervisor of panes) {
        supervisor.reconcile(byPane.get(supervisor.pane) ?? null);
        // Also without a change of state: the programs are new to this daemon.
        sampler.setRoot(supervisor.pane, supervisor.program);
        deps.care.follow(supervisor);
      }
    },
    hostLost() {
      titles.clear();
      for (const supervisor of [...panes, ...standbys]) supervisor.hostLost();
    },
    hostEvent(event) {
      switch (event.event) {
        case 'exited':
          findAny(event.pane)?.programExited(event.epoch, event.exit, event.at);
          return;
        case 'signal': {
          if (event.signal.type !== 'title') return;
          titles.set(event.pane, event.signal.title);
          const supervisor = findPane(event.pane);
          if (supervisor) tell(supervisor);
          return;
        }
      }
    },
    snapshot() {
      if (!wish) throw new NonetError('no-such-session', `session ${name} has no panes`);
      return { session: name, version, layout: wish.layout, panes: panes.map((supervisor) => viewOf(supervisor)) };
    },
    viewOf(pane) {
      const supervisor = findPane(pane);
      if (!supervisor) return null;
      const view = viewOf(supervisor);
      // Times that pass by themselves are no news.
      const key = { ...view, uptimeMs: null, nextRestartAt: supervisor.state.nextRestartAtMs };
      return { view, key: JSON.stringify(key) };
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
      for (const supervisor of [...panes, ...standbys]) supervisor.dispose();
      listeners.clear();
    },
  };

  function findPane(pane: number): PaneSupervisor | undefined {
    return panes.find((supervisor) => supervisor.pane === pane);
  }

  function findAny(pane: number): PaneSupervisor | undefined {
    return findPane(pane) ?? standbys.find((supervisor) => supervisor.pane === pane);
  }

  function viewOf(supervisor: PaneSupervisor): PaneView {
    const { pane } = supervisor;
    return paneView(supervisor, {
      usage: sampler.usageOf(pane),
      care: deps.care.careOf(pane),
      title: titles.get(pane) ?? '',
      nowMs: nowMs(),
    });
  }
}

/** A pane that ran waits for somebody to say that it may run again, unless its layout has said so. */
function resurrectedPane(spec: PaneSpec, before: ResurrectedPane | undefined): SavedPane {
  const state = { ...createPaneState(), restarts: before?.restarts ?? 0 };
  if (before?.wanted === 'up' && spec.resurrect === 'ask') {
    state.asks = true;
    state.reason = ASKS_REASON;
  }
  return { state, exits: [], program: null };
}

/** What the host would say of a pane whose program has been known all along. */
function factOf({ pane, program }: PaneSupervisor): HostPaneFact | null {
  if (!program) return null;
  const { epoch, pid, startTime, startedAt } = program;
  const nothing = { exit: null, exitedAt: null, title: '', cols: 0, rows: 0 };
  return { ...nothing, pane, epoch, pid, startTime, startedAt, alive: true };
}
