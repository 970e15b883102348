import {
  type Because,
  type EventOf,
  type PaneEffect,
  type PaneEvent,
  type PaneRules,
  type PaneState,
  RESTING,
  type Stop,
  type StopMode,
  type Transition,
} from './pane-life.ts';
import { describeExit, judgeRunEnd, type RunEnd } from './restart-policy.ts';

/** The moves that the cells of the table in pane-state.ts are made of. */

type Moment = { nowMs: number; random: number };

export function stay(state: PaneState): Transition {
  return { state, effects: [] };
}

/** Asked whether it may run again, a person said no. */
export function forgo(state: PaneState): Transition {
  return state.asks ? rest(state, []) : stay(state);
}

/** A person's start or restart: what led to waiting or giving up is forgotten. */
export function clear(state: PaneState): PaneState {
  return { ...state, attempt: 0, recentRestarts: [] };
}

/** The first start of a pane is never a restart, whatever it was called. */
export function countRestart(state: PaneState): PaneState {
  return { ...state, restarts: state.epoch > 0 ? state.restarts + 1 : state.restarts };
}

export function begin(state: PaneState): Transition {
  const epoch = state.epoch + 1;
  const next: PaneState = { ...state, ...RESTING, name: 'starting', wanted: 'up', epoch, exit: null, reason: '' };
  return { state: next, effects: [{ type: 'spawn', epoch }] };
}

export function rest(state: PaneState, effects: PaneEffect[], because: Because | null = null): Transition {
  const reason = because?.reason ?? 'stopped on request';
  return { state: { ...state, ...RESTING, name: 'stopped', wanted: 'down', reason }, effects };
}

export function wait(state: PaneState, { reason, hint, blocked }: EventOf<'waiting'>): Transition {
  return { state: { ...state, reason, hint, hold: reason === '' ? null : { blocked } }, effects: [] };
}

export function run(state: PaneState, startedAtMs: number, { ready }: PaneRules): Transition {
  const readyAtMs = ready ? null : startedAtMs;
  return {
    state: { ...state, ...RESTING, name: 'running', exit: null, reason: '', startedAtMs, readyAtMs },
    effects: ready ? [{ type: 'watch-ready', epoch: state.epoch }] : [],
  };
}

export function fail(state: PaneState, { reason, hint }: { reason: string; hint: string }): Transition {
  return { state: { ...state, ...RESTING, name: 'fatal', reason, hint }, effects: [] };
}

/** Without a policy that tries again, a start that failed is for a person to look at. */
export function failStart(state: PaneState, event: EventOf<'spawn-failed'>, rules: PaneRules): Transition {
  const { reason, hint } = event;
  if (rules.restart.policy === 'no') return fail(state, event);
  const next = end(state, { exit: null, uptimeMs: null, readyMs: null, reason }, event, rules);
  return { ...next, state: { ...next.state, hint } };
}

export function exited(state: PaneState, event: EventOf<'exited'>, rules: PaneRules): Transition {
  const { exit, atMs, outOfMemory } = event;
  const uptimeMs = Math.max(0, atMs - (state.startedAtMs ?? atMs));
  const words = outOfMemory === '' ? describeExit(exit) : `${describeExit(exit)}: ${outOfMemory}`;
  const reason = rules.ready && state.readyAtMs === null ? `${words} before it was ready` : words;
  return end(state, { exit, uptimeMs, readyMs: readyMsOf(state, atMs), reason }, event, rules);
}

export function loseHost(state: PaneState, event: Moment, rules: PaneRules): Transition {
  return end(state, { exit: null, uptimeMs: null, readyMs: null, reason: 'its host process died' }, event, rules);
}

function readyMsOf({ readyAtMs }: PaneState, atMs: number): number {
  return readyAtMs === null ? 0 : Math.max(0, atMs - readyAtMs);
}

/** A run is over and no person asked for that. */
function end(state: PaneState, runEnd: RunEnd, { nowMs, random }: Moment, { restart }: PaneRules): Transition {
  const verdict = judgeRunEnd(runEnd, state, restart, { nowMs, random });
  const { reason } = verdict;
  const next: PaneState = { ...state, ...RESTING, exit: runEnd.exit, reason };
  const sweep: PaneEffect = { type: 'sweep', epoch: state.epoch };
  if (verdict.next !== 'backoff') return { state: { ...next, name: verdict.next }, effects: [sweep] };
  const { delayMs, memory } = verdict;
  return {
    state: { ...next, ...memory, name: 'backoff', nextRestartAtMs: nowMs + delayMs },
    effects: [sweep, { type: 'arm-backoff', epoch: state.epoch, delayMs }],
  };
}

/** A person does not want to wait for the end of the backoff. */
export function comeBackNow(state: PaneState): Transition {
  const next = begin(countRestart(clear(state)));
  return { ...next, effects: [{ type: 'cancel-backoff' }, ...next.effects] };
}

/** A changed file may be the cure for what made the program crash or give up, or the next thing to try it with. */
export function reviveFor(state: PaneState, { because }: EventOf<'restart-because'>): Transition {
  if (because.kind !== 'watch' || state.wanted === 'down') return stay(state);
  return state.name === 'backoff' ? comeBackNow(state) : begin(countRestart(clear(state)));
}

export function adopt(state: PaneState, event: EventOf<'found-alive'>, rules: PaneRules): Transition {
  const { foundEpoch, startedAtMs } = event;
  if (foundEpoch < state.epoch) return stay(state);
  const same = foundEpoch === state.epoch;
  const next = run({ ...state, epoch: foundEpoch }, (same ? state.startedAtMs : null) ?? startedAtMs, rules);
  if (!same || state.readyAtMs === null) return next;
  return { state: { ...next.state, readyAtMs: state.readyAtMs }, effects: [] };
}

/** Something lives in a pane that is to be down. */
export function stopFound(state: PaneState, event: EventOf<'found-alive'>): Transition {
  const { foundEpoch, startedAtMs } = event;
  if (foundEpoch < state.epoch) return stay(state);
  return beginStop({ ...state, epoch: foundEpoch, startedAtMs }, event, { wanted: 'down', mode: 'graceful' });
}

type StopWish = { wanted: 'up' | 'down'; mode: StopMode; because?: Because };

export function beginStop(state: PaneState, { nowMs }: Moment, { wanted, mode, because }: StopWish): Transition {
  const stop: Stop = {
    ...newStop(mode, because),
    readyMs: state.readyAtMs === null ? null : readyMsOf(state, nowMs),
  };
  return {
    state: { ...state, name: 'stopping', wanted, stop, reason: because?.reason ?? stopReason(wanted), hint: '' },
    effects: [{ type: 'begin-stop', epoch: state.epoch, mode }],
  };
}

/** A stop while the spawn is still under way. */
export function callOff(state: PaneState, mode: StopMode, because?: Because): Transition {
  const stop: Stop = { ...newStop(mode, because), spawnPending: true };
  const reason = because?.reason ?? stopReason('down');
  return {
    state: { ...state, name: 'stopping', wanted: 'down', stop, reason, hint: '', hold: null },
    effects: [{ type: 'cancel-spawn', epoch: state.epoch }],
  };
}

function newStop(mode: StopMode, because: Because | null = null): Stop {
  return { mode, spawnPending: false, programGone: false, treeGone: false, stuck: false, because, readyMs: null };
}

/** A person's word takes the place of what was wanted before, whoever wanted it. */
export function want(state: PaneState, wanted: 'up' | 'down', because: Because | null = null): Transition {
  const stop = state.stop && { ...state.stop, because };
  return { state: { ...state, wanted, stop, reason: because?.reason ?? stopReason(wanted) }, effects: [] };
}

function stopReason(wanted: 'up' | 'down'): string {
  return wanted === 'up' ? 'asked to restart' : 'asked to stop';
}

export function escalate(state: PaneState, wanted: 'up' | 'down'): Transition {
  const next = want(state, wanted);
  const { stop } = next.state;
  if (!stop) return next;
  return {
    state: { ...next.state, stop: { ...stop, mode: 'kill' } },
    effects: stop.spawnPending ? [] : [{ type: 'begin-stop', epoch: state.epoch, mode: 'kill' }],
  };
}

type StopNews = { news: Partial<Stop>; begin?: boolean };

/** Some news about a stop: it is over when the host has reaped the program and nothing of the tree is left. */
export function continueStop(
  state: PaneState,
  event: PaneEvent,
  rules: PaneRules,
  { news, begin: mustBegin = false }: StopNews,
): Transition {
  if (!state.stop) return stay(state);
  const stop = { ...state.stop, ...news };
  if (stop.programGone && stop.treeGone) return finishStop(state, event, rules);
  return {
    state: { ...state, stop },
    effects: mustBegin ? [{ type: 'begin-stop', epoch: state.epoch, mode: stop.mode }] : [],
  };
}

export function finishStop(state: PaneState, event: Moment, rules: PaneRules): Transition {
  const because = state.stop?.because ?? null;
  if (state.wanted === 'down') return rest(state, [], because);
  if (!because) return begin(countRestart(clear(state)));
  return because.failure ? judgeStopped(state, because, event, rules) : begin(countRestart(state));
}

/** Nonet ended a run that had failed in another way than by ending. */
function judgeStopped(state: PaneState, because: Because, event: Moment, rules: PaneRules): Transition {
  const { exit } = state;
  const { reason, kind } = because;
  const { policy } = rules.restart;
  const next =
    kind === 'not-ready' && policy === 'no'
      ? fail(state, { reason, hint: '' })
      : // Who sets that an unhealthy program is restarted means it, whatever becomes of one that ends by itself.
        end(state, { exit: null, uptimeMs: null, readyMs: state.stop?.readyMs ?? null, reason }, event, {
          ...rules,
          restart: { ...rules.restart, policy: policy === 'no' ? 'always' : policy },
        });
  // Nothing is left to be swept: that was what the stop waited for.
  return { state: { ...next.state, exit }, effects: next.effects.filter(({ type }) => type !== 'sweep') };
}
