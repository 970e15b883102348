import type { RestartSettings } from './layout.ts';
import { describeExit, judgeRunEnd, type RestartMemory, type RunEnd } from './restart-policy.ts';
import type { Exit, PaneStateName } from './session.ts';

/**
 * The life of a pane: what happens to it in every state, as one table of states by events. Nothing here touches a process, a timer or
 * the clock: a transition returns the next state and effects for the supervisor to carry out. Every spawn has an epoch of its own, and
 * what is said about another epoch (an old timer, a late exit) is ignored.
 */
export type PaneState = RestartMemory & {
  name: PaneStateName;
  /** What people asked for, apart from what is. A program that ended by itself is still wanted. */
  wanted: 'up' | 'down';
  /** Number of the latest spawn; 0 before the first. Never decreases. */
  epoch: number;
  /**
   * Every time the pane came back, by policy or because somebody asked for a restart; shown as ↻n. A plain start of a pane that was
   * down is not one. Unlike the counters behind backoff and giving up it is never cleared.
   */
  restarts: number;
  /** How the latest run ended; null while one lasts. */
  exit: Exit | null;
  /** Why the pane is in its state, in plain words; empty while it simply runs. */
  reason: string;
  /** The remedy in plain words, or empty. */
  hint: string;
  /** Monotonic ms at which the present program started; null without one. */
  startedAtMs: number | null;
  /** Monotonic ms of the end of a backoff. */
  nextRestartAtMs: number | null;
  /** In `stopping`: what the stop still waits for. Afterwards the pane goes where `wanted` says. */
  stop: { mode: StopMode; spawnPending: boolean; programGone: boolean; treeGone: boolean; stuck: boolean } | null;
};

export type StopMode = 'graceful' | 'kill';

type Clock = { nowMs: number };
/** Where a backoff may follow. `random` is in [0, 1). */
type Chance = Clock & { random: number };

/** What a person can ask for. */
export type PaneRequest = 'start' | 'stop' | 'restart' | 'restart-now' | 'kill';
type RequestEvents = { [N in PaneRequest]: { type: N } & Clock };

export type PaneEvent =
  | RequestEvents[PaneRequest]
  | ({ type: 'preflight-failed'; epoch: number; reason: string; hint: string } & Clock)
  /** The host has a process for the epoch. */
  | ({ type: 'started'; epoch: number } & Clock)
  | ({ type: 'spawn-failed'; epoch: number; reason: string; hint: string } & Chance)
  /** The spawn was called off before it reached the host. */
  | ({ type: 'spawn-cancelled'; epoch: number } & Clock)
  /** The program ended, at `atMs`; others of its tree may still live. */
  | ({ type: 'exited'; epoch: number; exit: Exit; atMs: number } & Chance)
  /** A stop has left nothing of the tree. */
  | ({ type: 'tree-gone'; epoch: number } & Clock)
  /** SIGKILL does not help: something sleeps in the kernel. */
  | ({ type: 'stop-stuck'; epoch: number; pids: number[] } & Clock)
  | ({ type: 'backoff-over'; epoch: number } & Clock)
  | ({ type: 'host-lost' } & Chance)
  /** After the daemon or its connection came back: the host has a living program in this pane. */
  | ({ type: 'found-alive'; foundEpoch: number; startedAtMs: number } & Clock)
  /** After the daemon or its connection came back: nothing lives here, and of an end that matters `exited` has told. */
  | ({ type: 'found-nothing' } & Chance);

export type PaneEventName = PaneEvent['type'];

export type PaneEffect =
  | { type: 'spawn'; epoch: number }
  /** Call off a spawn that the host does not know of yet; `spawn-cancelled` follows if that was so, else what the host says. */
  | { type: 'cancel-spawn'; epoch: number }
  /** Begin to stop the tree, or go on to SIGKILL if it has begun; `tree-gone` follows. */
  | { type: 'begin-stop'; epoch: number; mode: StopMode }
  /** End what a program left behind. No event follows, but no spawn may overtake it. */
  | { type: 'sweep'; epoch: number }
  | { type: 'arm-backoff'; epoch: number; delayMs: number }
  | { type: 'cancel-backoff' };

export type Transition = { state: PaneState; effects: PaneEffect[] };

export function createPaneState(): PaneState {
  return {
    name: 'stopped',
    wanted: 'down',
    epoch: 0,
    restarts: 0,
    attempt: 0,
    recentRestarts: [],
    exit: null,
    reason: 'not started yet',
    hint: '',
    startedAtMs: null,
    nextRestartAtMs: null,
    stop: null,
  };
}

export function transition(state: PaneState, event: PaneEvent, settings: RestartSettings): Transition {
  if ('epoch' in event && event.epoch !== state.epoch) return { state, effects: [] };
  const cell = table[state.name][event.type] as Cell<PaneEventName>;
  return cell(state, event, settings);
}

type EventOf<N extends PaneEventName> = Extract<PaneEvent, { type: N }>;
type Cell<N extends PaneEventName> = (state: PaneState, event: EventOf<N>, settings: RestartSettings) => Transition;
type Row = { [N in PaneEventName]: Cell<N> };

/** The events that tell how a spawn or a stop went; they mean nothing to a pane that is at rest. */
const stale = {
  'preflight-failed': stay,
  started: stay,
  'spawn-failed': stay,
  'spawn-cancelled': stay,
  exited: stay,
  'tree-gone': stay,
  'stop-stuck': stay,
  'backoff-over': stay,
} satisfies Partial<Row>;

const table = {
  stopped: {
    ...stale,
    start: (state) => begin(clear(state)),
    stop: stay,
    restart: (state) => begin(countRestart(clear(state))),
    'restart-now': (state) => begin(countRestart(clear(state))),
    kill: stay,
    'host-lost': stay,
    'found-alive': stopFound,
    'found-nothing': stay,
  },
  starting: {
    ...stale,
    // What was asked for is under way.
    start: stay,
    restart: stay,
    'restart-now': stay,
    stop: (state) => callOff(state, 'graceful'),
    kill: (state) => callOff(state, 'kill'),
    'preflight-failed': fail,
    started: (state, { nowMs }) => run(state, nowMs),
    'spawn-failed': (state, event, settings) => {
      const { reason, hint } = event;
      // Without a policy that tries again, a start that failed is for a person to look at.
      if (settings.policy === 'no') return fail(state, event);
      const next = end(state, { exit: null, uptimeMs: null, reason }, event, settings);
      return { ...next, state: { ...next.state, hint } };
    },
    exited,
    'host-lost': (state, event, settings) => {
      const next = loseHost(state, event, settings);
      return { ...next, effects: [{ type: 'cancel-spawn', epoch: state.epoch }, ...next.effects] };
    },
    'found-alive': adopt,
    'found-nothing': (state) => ({ state, effects: [{ type: 'spawn', epoch: state.epoch }] }),
  },
  running: {
    ...stale,
    start: stay,
    stop: (state) => beginStop(state, 'down', 'graceful'),
    restart: (state) => beginStop(state, 'up', 'graceful'),
    'restart-now': (state) => beginStop(state, 'up', 'kill'),
    kill: (state) => beginStop(state, 'down', 'kill'),
    exited,
    'host-lost': loseHost,
    'found-alive': adopt,
    'found-nothing': loseHost,
  },
  backoff: {
    ...stale,
    start: comeBackNow,
    restart: comeBackNow,
    'restart-now': comeBackNow,
    stop: (state) => rest(state, [{ type: 'cancel-backoff' }]),
    kill: (state) => rest(state, [{ type: 'cancel-backoff' }]),
    'backoff-over': (state, { nowMs }) =>
      begin(countRestart({ ...state, recentRestarts: [...state.recentRestarts, nowMs] })),
    'host-lost': stay,
    'found-alive': (state, event) => {
      const next = adopt(state, event);
      return { ...next, effects: [{ type: 'cancel-backoff' }, ...next.effects] };
    },
    'found-nothing': (state, { nowMs }) => ({
      state,
      effects: [
        { type: 'arm-backoff', epoch: state.epoch, delayMs: Math.max(0, (state.nextRestartAtMs ?? nowMs) - nowMs) },
      ],
    }),
  },
  stopping: {
    ...stale,
    start: (state) => want(state, 'up'),
    stop: (state) => want(state, 'down'),
    restart: (state) => want(state, 'up'),
    'restart-now': (state) => escalate(state, 'up'),
    kill: (state) => escalate(state, 'down'),
    'preflight-failed': finishStop,
    'spawn-failed': finishStop,
    'spawn-cancelled': finishStop,
    started: (state, { nowMs }) =>
      continueStop({ ...state, startedAtMs: nowMs }, { spawnPending: false }, { begin: true }),
    // An exit during the grace is what was asked for, not a crash.
    exited: (state, { exit }) =>
      continueStop(
        { ...state, exit, startedAtMs: null },
        { spawnPending: false, programGone: true },
        { begin: state.stop?.spawnPending ?? false },
      ),
    'tree-gone': (state) => continueStop(state, { treeGone: true }, { begin: false }),
    'stop-stuck': (state, { pids }) =>
      continueStop(
        { ...state, reason: `SIGKILL does not end process${pids.length === 1 ? '' : 'es'} ${pids.join(', ')}` },
        { stuck: true },
        { begin: false },
      ),
    'host-lost': (state) =>
      continueStop(
        { ...state, startedAtMs: null },
        { spawnPending: false, programGone: true },
        { begin: state.stop?.spawnPending ?? false },
      ),
    'found-alive': (state, { foundEpoch, startedAtMs }) =>
      foundEpoch < state.epoch
        ? stay(state)
        : continueStop({ ...state, epoch: foundEpoch, startedAtMs }, { spawnPending: false }, { begin: true }),
    'found-nothing': (state) =>
      // The host never heard of the spawn: there is nothing to stop.
      state.stop?.spawnPending
        ? finishStop(state)
        : continueStop({ ...state, startedAtMs: null }, { programGone: true }, { begin: true }),
  },
  exited: {
    ...stale,
    start: (state) => begin(clear(state)),
    stop: (state) => rest(state, []),
    restart: (state) => begin(countRestart(clear(state))),
    'restart-now': (state) => begin(countRestart(clear(state))),
    kill: (state) => rest(state, []),
    'host-lost': stay,
    'found-alive': stopFound,
    'found-nothing': stay,
  },
  fatal: {
    ...stale,
    start: (state) => begin(clear(state)),
    stop: (state) => rest(state, []),
    restart: (state) => begin(countRestart(clear(state))),
    'restart-now': (state) => begin(countRestart(clear(state))),
    kill: (state) => rest(state, []),
    'host-lost': stay,
    'found-alive': stopFound,
    'found-nothing': stay,
  },
} satisfies Record<PaneStateName, Row>;

function stay(state: PaneState): Transition {
  return { state, effects: [] };
}

function clear(state: PaneState): PaneState {
  return { ...state, attempt: 0, recentRestarts: [] };
}

/** The first start of a pane is never a restart, whatever it was called. */
function countRestart(state: PaneState): PaneState {
  return { ...state, restarts: state.epoch > 0 ? state.restarts + 1 : state.restarts };
}

function begin(state: PaneState): Transition {
  const epoch = state.epoch + 1;
  const next: PaneState = { ...atRest(state), name: 'starting', wanted: 'up', epoch, exit: null, reason: '' };
  return { state: next, effects: [{ type: 'spawn', epoch }] };
}

/** The fields of a pane in which nothing runs and nothing is awaited. */
function atRest(state: PaneState): PaneState {
  return { ...state, hint: '', startedAtMs: null, nextRestartAtMs: null, stop: null };
}

function rest(state: PaneState, effects: PaneEffect[]): Transition {
  return { state: { ...atRest(state), name: 'stopped', wanted: 'down', reason: 'stopped on request' }, effects };
}

function run(state: PaneState, startedAtMs: number): Transition {
  return { state: { ...atRest(state), name: 'running', exit: null, reason: '', startedAtMs }, effects: [] };
}

function fail(state: PaneState, { reason, hint }: { reason: string; hint: string }): Transition {
  return { state: { ...atRest(state), name: 'fatal', reason, hint }, effects: [] };
}

function exited(state: PaneState, event: EventOf<'exited'>, settings: RestartSettings): Transition {
  const { exit, atMs } = event;
  const uptimeMs = Math.max(0, atMs - (state.startedAtMs ?? atMs));
  return end(state, { exit, uptimeMs, reason: describeExit(exit) }, event, settings);
}

function loseHost(state: PaneState, event: Chance, settings: RestartSettings): Transition {
  return end(state, { exit: null, uptimeMs: null, reason: 'its host process died' }, event, settings);
}

/** A run is over and nobody asked for that. */
function end(state: PaneState, runEnd: RunEnd, event: Chance, settings: RestartSettings): Transition {
  const { nowMs } = event;
  const verdict = judgeRunEnd(runEnd, state, settings, event);
  const { reason } = verdict;
  const next: PaneState = { ...atRest(state), exit: runEnd.exit, reason };
  const sweep: PaneEffect = { type: 'sweep', epoch: state.epoch };
  if (verdict.next !== 'backoff') return { state: { ...next, name: verdict.next }, effects: [sweep] };
  const { delayMs, memory } = verdict;
  return {
    state: { ...next, ...memory, name: 'backoff', nextRestartAtMs: nowMs + delayMs },
    effects: [sweep, { type: 'arm-backoff', epoch: state.epoch, delayMs }],
  };
}

function comeBackNow(state: PaneState): Transition {
  const next = begin(countRestart(clear(state)));
  return { ...next, effects: [{ type: 'cancel-backoff' }, ...next.effects] };
}

function adopt(state: PaneState, { foundEpoch, startedAtMs }: EventOf<'found-alive'>): Transition {
  if (foundEpoch < state.epoch) return stay(state);
  const known = foundEpoch === state.epoch ? state.startedAtMs : null;
  return run({ ...state, epoch: foundEpoch }, known ?? startedAtMs);
}

/** Something lives in a pane that is to be down. */
function stopFound(state: PaneState, { foundEpoch, startedAtMs }: EventOf<'found-alive'>): Transition {
  if (foundEpoch < state.epoch) return stay(state);
  return beginStop({ ...state, epoch: foundEpoch, startedAtMs }, 'down', 'graceful');
}

function beginStop(state: PaneState, wanted: 'up' | 'down', mode: StopMode): Transition {
  const stop = { mode, spawnPending: false, programGone: false, treeGone: false, stuck: false };
  return {
    state: { ...state, name: 'stopping', wanted, stop, reason: stopReason(wanted), hint: '' },
    effects: [{ type: 'begin-stop', epoch: state.epoch, mode }],
  };
}

function callOff(state: PaneState, mode: StopMode): Transition {
  const stop = { mode, spawnPending: true, programGone: false, treeGone: false, stuck: false };
  return {
    state: { ...state, name: 'stopping', wanted: 'down', stop, reason: stopReason('down') },
    effects: [{ type: 'cancel-spawn', epoch: state.epoch }],
  };
}

function want(state: PaneState, wanted: 'up' | 'down'): Transition {
  return { state: { ...state, wanted, reason: stopReason(wanted) }, effects: [] };
}

function stopReason(wanted: 'up' | 'down'): string {
  return wanted === 'up' ? 'asked to restart' : 'asked to stop';
}

function escalate(state: PaneState, wanted: 'up' | 'down'): Transition {
  const next = want(state, wanted);
  const { stop } = state;
  if (!stop) return next;
  return {
    state: { ...next.state, stop: { ...stop, mode: 'kill' } },
    effects: stop.spawnPending ? [] : [{ type: 'begin-stop', epoch: state.epoch, mode: 'kill' }],
  };
}

/** Some news about a stop: it is over when the host has reaped the program and nothing of the tree is left. */
function continueStop(
  state: PaneState,
  news: Partial<NonNullable<PaneState['stop']>>,
  { begin: mustBegin }: { begin: boolean },
): Transition {
  if (!state.stop) return stay(state);
  const stop = { ...state.stop, ...news };
  if (stop.programGone && stop.treeGone) return finishStop(state);
  return {
    state: { ...state, stop },
    effects: mustBegin ? [{ type: 'begin-stop', epoch: state.epoch, mode: stop.mode }] : [],
  };
}

function finishStop(state: PaneState): Transition {
  return state.wanted === 'up' ? begin(countRestart(clear(state))) : rest(state, []);
}
