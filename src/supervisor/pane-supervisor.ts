import { NonetError } from '../core/errors.ts';
import type { PaneSpec } from '../core/layout.ts';
import {
  createPaneState,
  type PaneEffect,
  type PaneEvent,
  type PaneRequest,
  type PaneState,
  transition,
} from '../core/pane-state.ts';
import type { Exit, PaneDetail } from '../core/session.ts';
import type { HostPaneFact } from '../protocol/control.ts';
import { preflight } from './preflight.ts';
import type { Processes, ProcessIdentity } from './processes.ts';
import { createStopLadder, type StopLadder } from './stop-ladder.ts';

/**
 * Keeps one pane as it is wanted: feeds events to the state table and carries out the effects that come back. Decisions are the table's;
 * here are only the hands: the host that spawns, the ladder that stops, one timer.
 */
export type PaneSupervisor = {
  readonly pane: number;
  readonly spec: PaneSpec;
  readonly state: PaneState;
  /** The living program of the pane, or null. */
  readonly program: Program | null;
  /** How earlier runs ended, newest first. */
  readonly exits: readonly RunRecord[];
  request(type: PaneRequest): void;
  /** The host says that the program of this epoch has ended. `at`: ms since 1970. */
  programExited(epoch: number, exit: Exit, at: number): void;
  hostLost(): void;
  /** After the host was found (again): what it knows of this pane, or null. */
  reconcile(fact: HostPaneFact | null): void;
  /** Resolves when nothing that a run left behind is being removed any more. */
  swept(): Promise<void>;
  /** For the next daemon. */
  save(): SavedPane;
  dispose(): void;
};

export type RunRecord = PaneDetail['exits'][number];
export type SavedPane = { state: PaneState; exits: RunRecord[]; program: Program | null };
/** `startedAt`: ms since 1970. */
type Program = ProcessIdentity & { epoch: number; startedAt: number };

/** What is needed of the host. */
export type PaneHost = {
  /** Resolves when a host is there to talk to. */
  ready(): Promise<void>;
  spawn(request: { pane: number; epoch: number }): Promise<ProcessIdentity>;
  typeKeys(pane: number, chords: readonly string[]): Promise<unknown>;
};

export type PaneSupervisorDeps = {
  host: PaneHost;
  processes: Processes;
  /** Monotonic ms, the same for every process since the machine started: the next daemon goes on with these numbers. */
  nowMs: () => number;
  random: () => number;
  /** After every change of state. */
  onChange: (supervisor: PaneSupervisor) => void;
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
  saved?: SavedPane;
};

/** A spawn on its way. `exit`: the end of its program, when that was told before the answer to the spawn had been taken in. */
type Spawning = { epoch: number; sent: boolean; cancelled: boolean; exit: { exit: Exit; at: number } | null };

/** What a program leaves behind when it ends by itself is asked to go, but holds up a restart no longer than this. */
const SWEEP_GRACE_MS = 1_000;
const MAX_RECORDS = 20;
const MAX_TIMER_MS = 2 ** 31 - 1;

export function createPaneSupervisor(deps: PaneSupervisorDeps, options: PaneSupervisorOptions): PaneSupervisor {
  const { host, processes, nowMs, random } = deps;
  const { pane, spec, env, mark, excluded, saved } = options;
  let state = saved?.state ?? createPaneState();
  const exits: RunRecord[] = saved?.exits ?? [];
  let program: Program | null = saved?.program ?? null;
  /** The latest program, which may be gone: its children are found by it. */
  let root: ProcessIdentity | null = null;
  let spawning: Spawning | null = null;
  let ladder: { epoch: number; climb: StopLadder } | null = null;
  /** `settled`: null when nothing is left, or the processes that no signal ends. */
  let sweep: { climb: StopLadder; settled: Promise<number[] | null> } | null = null;
  let backoffTimer: NodeJS.Timeout | null = null;
  let disposed = false;
  const queue: PaneEvent[] = [];
  let dispatching = false;

  const supervisor: PaneSupervisor = {
    pane,
    spec,
    get state() {
      return state;
    },
    get program() {
      return program;
    },
    exits,
    request(type) {
      dispatch({ type, nowMs: nowMs() });
    },
    programExited(epoch, exit, at) {
      if (spawning?.sent && spawning.epoch === epoch) {
        spawning.exit = { exit, at };
        return;
      }
      if (program?.epoch === epoch) program = null;
      const atMs = nowMs() - Math.max(0, Date.now() - at);
      dispatch({ type: 'exited', epoch, exit, atMs, nowMs: nowMs(), random: random() });
      ladder?.climb.nudge();
    },
    hostLost() {
      program = null;
      dispatch({ type: 'host-lost', nowMs: nowMs(), random: random() });
    },
    reconcile(fact) {
      const clock = { nowMs: nowMs(), random: random() };
      if (fact?.alive) {
        const same = program?.pid === fact.pid && program.startTime === fact.startTime;
        takeProgram(fact.epoch, fact, same && program ? program.startedAt : fact.startedAt);
        const startedAtMs = clock.nowMs - Math.max(0, Date.now() - fact.startedAt);
        dispatch({ type: 'found-alive', foundEpoch: fact.epoch, startedAtMs, ...clock });
        return;
      }
      if (fact?.exit && fact.epoch === state.epoch) {
        // What it left behind is found by it.
        root ??= { pid: fact.pid, startTime: fact.startTime };
        supervisor.programExited(fact.epoch, fact.exit, fact.exitedAt ?? Date.now());
      }
      program = null;
      dispatch({ type: 'found-nothing', ...clock });
    },
    async swept() {
      await sweep?.settled;
    },
    save: () => ({ state, exits, program }),
    dispose() {
      disposed = true;
      if (backoffTimer) clearTimeout(backoffTimer);
      ladder?.climb.dispose();
      sweep?.climb.dispose();
    },
  };

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
    const next = transition(state, event, spec.restart);
    state = next.state;
    record(before, event);
    for (const effect of next.effects) carryOut(effect);
    if (state !== before) deps.onChange(supervisor);
  }

  /** Keeps how a run ended: one that had started and now has not. */
  function record(before: PaneState, event: PaneEvent): void {
    if (before.startedAtMs === null || state.startedAtMs !== null) return;
    const exit = event.type === 'exited' ? event.exit : null;
    const endMs = event.type === 'exited' ? event.atMs : event.nowMs;
    exits.unshift({
      epoch: before.epoch,
      at: Date.now() - Math.round(Math.max(0, event.nowMs - endMs)),
      uptimeMs: Math.round(Math.max(0, endMs - before.startedAtMs)),
      exit,
      reason: state.reason,
    });
    exits.splice(MAX_RECORDS);
  }

  function carryOut(effect: PaneEffect): void {
    switch (effect.type) {
      case 'spawn':
        void spawn(effect.epoch);
        return;
      case 'cancel-spawn':
        if (!spawning || spawning.epoch !== effect.epoch || spawning.sent) return;
        spawning.cancelled = true;
        spawning = null;
        dispatch({ type: 'spawn-cancelled', epoch: effect.epoch, nowMs: nowMs() });
        return;
      case 'begin-stop':
        beginStop(effect.epoch, effect.mode);
        return;
      case 'sweep':
        beginSweep();
        return;
      case 'arm-backoff':
        disarm();
        backoffTimer = setTimeout(
          () => dispatch({ type: 'backoff-over', epoch: effect.epoch, nowMs: nowMs() }),
          Math.min(effect.delayMs, MAX_TIMER_MS),
        );
        return;
      case 'cancel-backoff':
        disarm();
    }
  }

  function disarm(): void {
    if (backoffTimer) clearTimeout(backoffTimer);
    backoffTimer = null;
  }

  async function spawn(epoch: number): Promise<void> {
    const job: Spawning = { epoch, sent: false, cancelled: false, exit: null };
    if (spawning) spawning.cancelled = true;
    spawning = job;
    // Never a second program beside what is left of the first.
    const left = sweep && (await sweep.settled);
    if (job.cancelled || disposed) return;
    if (left) {
      spawning = null;
      const reason = `what the run before left behind does not end: ${left.join(', ')}`;
      dispatch({ type: 'spawn-failed', epoch, reason, hint: '', nowMs: nowMs(), random: random() });
      return;
    }
    const found = preflight({ argv: spec.argv, cwd: spec.cwd, env });
    if (!found.ok) {
      spawning = null;
      dispatch({ type: 'preflight-failed', epoch, reason: found.reason, hint: found.hint, nowMs: nowMs() });
      return;
    }
    await host.ready();
    if (job.cancelled || disposed) return;
    job.sent = true;
    let identity: ProcessIdentity;
    try {
      identity = await host.spawn({ pane, epoch });
    } catch (error) {
      refuse(job, error as Error);
      return;
    }
    if (job.cancelled) return;
    spawning = null;
    takeProgram(epoch, identity, Date.now());
    dispatch({ type: 'started', epoch, nowMs: nowMs() });
    if (job.exit) supervisor.programExited(epoch, job.exit.exit, job.exit.at);
  }

  function refuse(job: Spawning, error: Error): void {
    if (job.cancelled) return;
    spawning = null;
    // Whether it has started is what the host, when it is found again or lost, will tell.
    if (error instanceof NonetError && error.code === 'disconnected') return;
    const hint = error instanceof NonetError ? error.hint : '';
    const { epoch } = job;
    dispatch({ type: 'spawn-failed', epoch, reason: error.message, hint, nowMs: nowMs(), random: random() });
  }

  function takeProgram(epoch: number, { pid, startTime }: ProcessIdentity, startedAt: number): void {
    program = { epoch, pid, startTime, startedAt };
    root = { pid, startTime };
  }

  function beginStop(epoch: number, mode: 'graceful' | 'kill'): void {
    if (ladder?.epoch === epoch) {
      if (mode === 'kill') ladder.climb.escalate();
      return;
    }
    ladder?.climb.dispose();
    const { keys, timeoutMs } = spec.stop;
    const climb = createStopLadder(processes, {
      ...plan(),
      mode,
      graceMs: timeoutMs,
      typeKeys: keys.length > 0 ? () => host.typeKeys(pane, keys) : null,
      onStuck: (pids) => dispatch({ type: 'stop-stuck', epoch, pids, nowMs: nowMs() }),
    });
    const mine = { epoch, climb };
    ladder = mine;
    void climb.gone.then(() => {
      if (ladder === mine) ladder = null;
      dispatch({ type: 'tree-gone', epoch, nowMs: nowMs() });
    });
  }

  function beginSweep(): void {
    // No program has started since, so the present one removes the same processes.
    if (sweep) return;
    let onStuck: (pids: number[]) => void = () => {};
    const stuck = new Promise<number[]>((resolve) => {
      onStuck = resolve;
    });
    const climb = createStopLadder(processes, {
      ...plan(),
      mode: 'graceful',
      graceMs: Math.min(spec.stop.timeoutMs, SWEEP_GRACE_MS),
      typeKeys: null,
      onStuck,
    });
    const mine = { climb, settled: Promise.race([climb.gone.then(() => null), stuck]) };
    sweep = mine;
    void climb.gone.then(() => {
      if (sweep === mine) sweep = null;
    });
  }

  function plan() {
    return {
      root,
      isMarked: (row: ProcessIdentity) => processes.markOf(row)?.startsWith(mark) ?? false,
      excluded: excluded(),
      signal: spec.stop.signal as NodeJS.Signals,
    };
  }

  return supervisor;
}
