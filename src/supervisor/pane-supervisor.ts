import { recordEnd } from '../core/exit-reason.ts';
import type { PaneSpec } from '../core/layout.ts';
import type { Because, PaneEffect, PaneEvent, PaneRequest, PaneState, StopMode } from '../core/pane-life.ts';
import { createPaneState, transition } from '../core/pane-state.ts';
import type { Exit, ExitRecord } from '../core/session.ts';
import { MAX_TIMER_MS } from '../core/timer-limit.ts';
import type { HostPaneFact } from '../protocol/control.ts';
import { createExitLog } from './exit-log.ts';
import type { Gate } from './pane-gate.ts';
import type { PaneHost } from './pane-host.ts';
import { createPaneSpawner } from './pane-spawner.ts';
import type { ProbeRunner } from './probe.ts';
import type { Processes, ProcessIdentity } from './processes.ts';
import { type Readiness, watchReadiness } from './readiness.ts';
import { createRestartTriggers, type TriggerDeps } from './restart-triggers.ts';
import { createTreeRemover } from './tree-remover.ts';

/**
 * Keeps one pane as it is wanted: feeds events to the state table and carries out the effects that come back. Decisions are the table's;
 * here are only the hands: the spawner, the remover, the one who looks whether it is ready, one timer.
 */
export type PaneSupervisor = {
  /** Where its program is with the host. */
  readonly pane: number;
  readonly spec: PaneSpec;
  /** The whole environment of its programs, but for the mark of the spawn. */
  readonly env: Readonly<Record<string, string>>;
  readonly state: PaneState;
  /** The living program of the pane, or null. */
  readonly program: Program | null;
  /** How earlier runs ended, newest first. */
  readonly exits: readonly ExitRecord[];
  request(type: PaneRequest): void;
  /** Nonet itself wants another run. `epoch`: of the run that is meant, default the present one; of a run that is over nothing comes. */
  restartBecause(because: Because, options?: { epoch?: number; mode?: StopMode }): void;
  /** Nonet itself wants the pane down. */
  stopBecause(because: Because): void;
  /** The host says that the program of this epoch has ended. `at`: ms since 1970. */
  programExited(epoch: number, exit: Exit, at: number): void;
  hostLost(): void;
  /** After the host was found (again): what it knows of this pane, or null. */
  reconcile(fact: HostPaneFact | null): void;
  /** Resolves when nothing that a run left behind is being removed any more. */
  swept(): Promise<void>;
  /** Its program has another number with the host from now on. */
  move(pane: number): void;
  /** Of the processes with the pane's mark only those are its own; the others belong to a run beside it. Null: all are. */
  ownOnly(isOwn: ((mark: string) => boolean) | null): void;
  /** Takes the end of a run into its history that another supervisor has seen. */
  remember(record: ExitRecord): void;
  /** For the next daemon. */
  save(): SavedPane;
  dispose(): void;
};

export type SavedPane = { state: PaneState; exits: ExitRecord[]; program: Program | null };
/** `startedAt`: ms since 1970. */
type Program = ProcessIdentity & { epoch: number; startedAt: number };

export type PaneSupervisorDeps = {
  host: PaneHost;
  processes: Processes;
  probes: ProbeRunner;
  gate: Gate;
  triggers: TriggerDeps;
  /** The processes in the group that limits the pane; empty without one. */
  members?: () => ReadonlySet<number>;
  /** What speaks for it that the kernel killed this process for want of memory, in words; empty when nothing does. */
  outOfMemory: (pid: number) => string;
  /** Monotonic ms, the same for every process since the machine started: the next daemon goes on with these numbers. */
  nowMs: () => number;
  random: () => number;
  /** After every change of state. */
  onChange: (supervisor: PaneSupervisor) => void;
  /** It has given up. */
  onFatal: (supervisor: PaneSupervisor) => void;
  /** More has become known about how earlier runs ended. */
  onRecord: (supervisor: PaneSupervisor) => void;
};

export type PaneSupervisorOptions = {
  pane: number;
  spec: PaneSpec;
  /** The whole environment of the program. */
  env: Record<string, string>;
  /** Beginning of the mark that this pane's processes carry, and no others of this machine. */
  mark: string;
  /** Processes that are never part of a pane. */
  excluded: () => ReadonlySet<number>;
  saved?: SavedPane | undefined;
};

export function createPaneSupervisor(deps: PaneSupervisorDeps, options: PaneSupervisorOptions): PaneSupervisor {
  const { host, processes, nowMs } = deps;
  const { spec, mark, excluded, saved } = options;
  let { pane } = options;
  let isOwn: ((mark: string) => boolean) | null = null;
  let state = saved?.state ?? createPaneState();
  let program: Program | null = saved?.program ?? null;
  /** The latest program, which may be gone. */
  let root: ProcessIdentity | null = null;
  let readiness: Readiness | null = null;
  let backoffTimer: NodeJS.Timeout | null = null;
  let disposed = false;
  const queue: PaneEvent[] = [];
  let dispatching = false;

  const exitLog = createExitLog(saved?.exits ?? [], {
    readText: (scrollback) => host.text(pane, scrollback),
    onTail: () => deps.onRecord(supervisor),
  });
  const remover = createTreeRemover({
    processes,
    isMarked(row) {
      const found = processes.markOf(row);
      return !!found?.startsWith(mark) && (isOwn === null || isOwn(found));
    },
    // The group does not tell one run from another beside it.
    members: () => (isOwn === null && deps.members?.()) || new Set(),
    excluded,
    settings: spec.stop,
    root: () => root,
    typeKeys: (chords) => host.typeKeys(pane, chords),
    onGone: (epoch) => dispatch({ type: 'tree-gone', epoch, ...moment() }),
    onStuck: (epoch, pids) => dispatch({ type: 'stop-stuck', epoch, pids, ...moment() }),
  });
  const spawner = createPaneSpawner(
    {
      host,
      gate: deps.gate,
      swept: remover.swept,
      moment,
      dispatch,
      onProgram: (epoch, identity) => takeProgram(epoch, identity, Date.now()),
      onEnded: (epoch, exit, at) => supervisor.programExited(epoch, exit, at),
    },
    { pane: () => pane, spec, env: options.env },
  );

  const supervisor: PaneSupervisor = {
    get pane() {
      return pane;
    },
    spec,
    env: options.env,
    get state() {
      return state;
    },
    get program() {
      return program;
    },
    exits: exitLog.records,
    request(type) {
      dispatch({ type, ...moment() });
    },
    restartBecause(because, { epoch = state.epoch, mode = 'graceful' } = {}) {
      dispatch({ type: 'restart-because', epoch, because, mode, ...moment() });
    },
    stopBecause(because) {
      dispatch({ type: 'stop-because', because, ...moment() });
    },
    programExited(epoch, exit, at) {
      if (spawner.keepExit(epoch, exit, at)) return;
      const outOfMemory =
        exit.signal === 'SIGKILL' && state.stop === null && root !== null ? deps.outOfMemory(root.pid) : '';
      if (program?.epoch === epoch) program = null;
      const atMs = nowMs() - Math.max(0, Date.now() - at);
      dispatch({ type: 'exited', epoch, exit, atMs, outOfMemory, ...moment() });
      remover.nudge();
    },
    hostLost() {
      program = null;
      dispatch({ type: 'host-lost', ...moment() });
    },
    reconcile(fact) {
      if (fact?.alive) {
        if (fact.epoch >= state.epoch) spawner.forget();
        const same = program?.pid === fact.pid && program.startTime === fact.startTime;
        takeProgram(fact.epoch, fact, same && program ? program.startedAt : fact.startedAt);
        const startedAtMs = nowMs() - Math.max(0, Date.now() - fact.startedAt);
        dispatch({ type: 'found-alive', foundEpoch: fact.epoch, startedAtMs, ...moment() });
        return;
      }
      if (fact?.exit && fact.epoch === state.epoch) {
        // What it left behind is found by it.
        root ??= { pid: fact.pid, startTime: fact.startTime };
        supervisor.programExited(fact.epoch, fact.exit, fact.exitedAt ?? Date.now());
      }
      program = null;
      dispatch({ type: 'found-nothing', ...moment() });
    },
    async swept() {
      await remover.swept();
    },
    move(next) {
      pane = next;
    },
    ownOnly(next) {
      isOwn = next;
    },
    remember(record) {
      exitLog.insert(record);
      deps.onRecord(supervisor);
    },
    save: () => ({ state, exits: [...exitLog.records], program }),
    dispose() {
      disposed = true;
      triggers.dispose();
      disarm();
      readiness?.dispose();
      spawner.dispose();
      remover.dispose();
    },
  };

  const triggers = createRestartTriggers(deps.triggers, spec, (because) => supervisor.restartBecause(because));

  function moment() {
    return { nowMs: nowMs(), random: deps.random() };
  }

  /** Events that effects cause come after the effects of the event before. */
  function dispatch(event: PaneEvent): void {
    if (disposed) return;
    queue.push(event);
    if (dispatching) return;
    dispatching = true;
    try {
      for (let next = queue.shift(); next; next = queue.shift()) apply(next);
    } finally {
      dispatching = false;
    }
  }

  function apply(event: PaneEvent): void {
    const before = state;
    const next = transition(state, event, spec);
    state = next.state;
    const { successExitCodes } = spec.restart;
    const record = recordEnd(before, event, state, { successExitCodes, at: Date.now() });
    if (record) exitLog.add(record);
    for (const effect of next.effects) carryOut(effect);
    if (state !== before) deps.onChange(supervisor);
  }

  function carryOut(effect: PaneEffect): void {
    switch (effect.type) {
      case 'spawn':
        spawner.spawn(effect.epoch);
        return;
      case 'cancel-spawn': {
        const { epoch } = effect;
        if (spawner.cancel(epoch)) dispatch({ type: 'spawn-cancelled', epoch, ...moment() });
        return;
      }
      case 'watch-ready':
        watchReady(effect.epoch);
        return;
      case 'cancel-ready':
        readiness?.dispose();
        readiness = null;
        return;
      case 'begin-stop':
        remover.stop(effect.epoch, effect.mode);
        return;
      case 'sweep':
        remover.sweep();
        return;
      case 'arm-backoff':
        disarm();
        backoffTimer = setTimeout(
          () => dispatch({ type: 'backoff-over', epoch: effect.epoch, ...moment() }),
          Math.min(effect.delayMs, MAX_TIMER_MS),
        );
        return;
      case 'cancel-backoff':
        disarm();
        return;
      case 'give-up':
        deps.onFatal(supervisor);
    }
  }

  function watchReady(epoch: number): void {
    readiness?.dispose();
    if (!spec.ready) return;
    readiness = watchReadiness(deps.probes, {
      pane,
      ready: spec.ready,
      sinceStartMs: nowMs() - (state.startedAtMs ?? nowMs()),
      onReady: () => dispatch({ type: 'ready', epoch, ...moment() }),
      onTimeout: (reason) => dispatch({ type: 'not-ready', epoch, reason, ...moment() }),
    });
  }

  function disarm(): void {
    if (backoffTimer) clearTimeout(backoffTimer);
    backoffTimer = null;
  }

  function takeProgram(epoch: number, { pid, startTime }: ProcessIdentity, startedAt: number): void {
    program = { epoch, pid, startTime, startedAt };
    root = { pid, startTime };
  }

  return supervisor;
}
