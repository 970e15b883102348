import {
  type EventOf,
  type PaneEffect,
  type PaneEvent,
  type PaneEventName,
  type PaneRules,
  type PaneState,
  RESTING,
  type Transition,
} from './pane-life.ts';
import {
  adopt,
  begin,
  beginStop,
  callOff,
  clear,
  comeBackNow,
  continueStop,
  countRestart,
  escalate,
  exited,
  fail,
  failStart,
  finishStop,
  forgo,
  loseHost,
  rest,
  reviveFor,
  run,
  stay,
  stopFound,
  wait,
  want,
} from './pane-transitions.ts';
import type { PaneStateName } from './session.ts';

/**
 * The life of a pane: what happens to it in every state, as one table of states by events. Nothing here touches a process, a timer or
 * the clock: a transition returns the next state and effects for the supervisor to carry out.
 */
export function transition(state: PaneState, event: PaneEvent, rules: PaneRules): Transition {
  if ('epoch' in event && event.epoch !== state.epoch) return { state, effects: [] };
  const cell = table[state.name][event.type] as Cell<PaneEventName>;
  const next = cell(state, event, rules);
  // Whatever ends the wait for readiness, nobody looks any longer.
  const looked = isAwaited(state) && !(isAwaited(next.state) && next.state.epoch === state.epoch);
  const gaveUp = next.state.name === 'fatal' && state.name !== 'fatal';
  if (!looked && !gaveUp) return next;
  const effects: PaneEffect[] = [...next.effects];
  if (looked) effects.unshift({ type: 'cancel-ready' });
  if (gaveUp) effects.push({ type: 'give-up' });
  return { state: next.state, effects };
}

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
    ...RESTING,
  };
}

/** It runs and is not ready yet. */
function isAwaited({ name, readyAtMs }: PaneState): boolean {
  return name === 'running' && readyAtMs === null;
}

type Cell<N extends PaneEventName> = (state: PaneState, event: EventOf<N>, rules: PaneRules) => Transition;
type Row = { [N in PaneEventName]: Cell<N> };

/** The events that tell how a spawn, a run or a stop went; they mean nothing to a pane that is at rest. */
const stale = {
  waiting: stay,
  'preflight-failed': stay,
  started: stay,
  ready: stay,
  'not-ready': stay,
  'spawn-failed': stay,
  'spawn-cancelled': stay,
  exited: stay,
  'tree-gone': stay,
  'stop-stuck': stay,
  'backoff-over': stay,
} satisfies Partial<Row>;

/** What happens to a pane that is at rest, whatever brought it there. */
const atRest = {
  ...stale,
  start: (state) => begin(clear(state)),
  stop: (state) => rest(state, []),
  restart: (state) => begin(countRestart(clear(state))),
  'restart-now': (state) => begin(countRestart(clear(state))),
  kill: (state) => rest(state, []),
  'restart-because': reviveFor,
  'stop-because': stay,
  'host-lost': stay,
  'found-alive': stopFound,
  'found-nothing': stay,
} satisfies Row;

const table = {
  stopped: {
    ...atRest,
    stop: forgo,
    kill: forgo,
    'restart-because': stay,
  },
  starting: {
    ...stale,
    // What was asked for is under way.
    start: stay,
    restart: stay,
    'restart-now': stay,
    'restart-because': stay,
    stop: (state) => callOff(state, 'graceful'),
    kill: (state) => callOff(state, 'kill'),
    'stop-because': (state, { because }) => callOff(state, 'graceful', because),
    waiting: wait,
    'preflight-failed': fail,
    started: (state, { nowMs }, rules) => run(state, nowMs, rules),
    'spawn-failed': failStart,
    exited,
    'host-lost': (state, event, rules) => {
      // The host has not heard of it yet: the next one gets it.
      if (state.hold) return stay(state);
      const next = loseHost(state, event, rules);
      return { ...next, effects: [{ type: 'cancel-spawn', epoch: state.epoch }, ...next.effects] };
    },
    'found-alive': adopt,
    'found-nothing': (state) => ({
      state: { ...state, reason: '', hint: '', hold: null },
      effects: [{ type: 'spawn', epoch: state.epoch }],
    }),
  },
  running: {
    ...stale,
    start: stay,
    stop: (state, event) => beginStop(state, event, { wanted: 'down', mode: 'graceful' }),
    restart: (state, event) => beginStop(state, event, { wanted: 'up', mode: 'graceful' }),
    'restart-now': (state, event) => beginStop(state, event, { wanted: 'up', mode: 'kill' }),
    kill: (state, event) => beginStop(state, event, { wanted: 'down', mode: 'kill' }),
    'restart-because': (state, event) => {
      const { because, mode } = event;
      return beginStop(state, event, { wanted: 'up', mode, because });
    },
    'stop-because': (state, event) =>
      beginStop(state, event, { wanted: 'down', mode: 'graceful', because: event.because }),
    ready: (state, { nowMs }) => ({ state: { ...state, readyAtMs: state.readyAtMs ?? nowMs }, effects: [] }),
    'not-ready': (state, event) =>
      state.readyAtMs !== null
        ? stay(state)
        : beginStop(state, event, {
            wanted: 'up',
            mode: 'graceful',
            because: { kind: 'not-ready', reason: event.reason, failure: true },
          }),
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
    'restart-because': reviveFor,
    stop: (state) => rest(state, [{ type: 'cancel-backoff' }]),
    kill: (state) => rest(state, [{ type: 'cancel-backoff' }]),
    'stop-because': (state, { because }) => rest(state, [{ type: 'cancel-backoff' }], because),
    'backoff-over': (state, { nowMs }) =>
      begin(countRestart({ ...state, recentRestarts: [...state.recentRestarts, nowMs] })),
    'host-lost': stay,
    'found-alive': (state, event, rules) => {
      const next = adopt(state, event, rules);
      if (next.state === state) return next;
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
    // It ends already.
    'restart-because': stay,
    // A stop that a person asked for stays one.
    'stop-because': (state, { because }) => (state.wanted === 'up' ? want(state, 'down', because) : stay(state)),
    'preflight-failed': finishStop,
    'spawn-failed': finishStop,
    'spawn-cancelled': finishStop,
    started: (state, event, rules) =>
      continueStop({ ...state, startedAtMs: event.nowMs }, event, rules, {
        news: { spawnPending: false },
        begin: true,
      }),
    // An exit during the grace is what was asked for, not a crash.
    exited: (state, event, rules) =>
      continueStop({ ...state, exit: event.exit, startedAtMs: null, readyAtMs: null }, event, rules, {
        news: { spawnPending: false, programGone: true },
        begin: state.stop?.spawnPending ?? false,
      }),
    'tree-gone': (state, event, rules) => continueStop(state, event, rules, { news: { treeGone: true } }),
    'stop-stuck': (state, event, rules) => {
      const reason = `SIGKILL does not end process${event.pids.length === 1 ? '' : 'es'} ${event.pids.join(', ')}`;
      return continueStop({ ...state, reason }, event, rules, { news: { stuck: true } });
    },
    'host-lost': (state, event, rules) =>
      continueStop({ ...state, startedAtMs: null, readyAtMs: null }, event, rules, {
        news: { spawnPending: false, programGone: true },
        begin: state.stop?.spawnPending ?? false,
      }),
    'found-alive': (state, event, rules) => {
      const { foundEpoch, startedAtMs } = event;
      if (foundEpoch < state.epoch) return stay(state);
      return continueStop({ ...state, epoch: foundEpoch, startedAtMs }, event, rules, {
        news: { spawnPending: false },
        begin: true,
      });
    },
    'found-nothing': (state, event, rules) =>
      // The host never heard of the spawn: there is nothing to stop.
      state.stop?.spawnPending
        ? finishStop(state, event, rules)
        : continueStop({ ...state, startedAtMs: null, readyAtMs: null }, event, rules, {
            news: { programGone: true },
            begin: true,
          }),
  },
  exited: atRest,
  fatal: atRest,
} satisfies Record<PaneStateName, Row>;
