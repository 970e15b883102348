import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { RestartSettings } from '../../src/core/layout.ts';
import type { Because, PaneEffect, PaneEvent, PaneRules, PaneState } from '../../src/core/pane-life.ts';
import { createPaneState, transition } from '../../src/core/pane-state.ts';

/**
 * A world around the table of states: programs that start, become ready, end and leave children, timers that fire late or twice, a daemon and
 * a host that come and go, and people and nonet itself who ask for anything at any time.
 */
const MAX_RESTARTS = 3;
const WINDOW_MS = 100_000;
const settings: RestartSettings = {
  policy: 'on-failure',
  maxRestarts: MAX_RESTARTS,
  windowMs: WINDOW_MS,
  minUptimeMs: 5000,
  successExitCodes: [0],
  stopExitCodes: [7],
  delayMs: null,
  backoff: { initialMs: 1000, factor: 2, maxMs: 60_000, jitter: 0, resetAfterMs: 60_000 },
};

const PEOPLE = ['start', 'stop', 'restart', 'restart-now', 'kill'] as const;
const STALE = [
  ...(['waiting', 'preflight-failed', 'started', 'ready', 'not-ready', 'spawn-failed', 'spawn-cancelled'] as const),
  ...(['exited', 'tree-gone', 'stop-stuck', 'backoff-over', 'restart-because'] as const),
];
const steps = [
  ...PEOPLE,
  ...(['is-held', 'goes-on', 'spawn-succeeds', 'spawn-fails', 'preflight-fails', 'becomes-ready', 'is-late'] as const),
  ...(['program-exits', 'tree-goes', 'timer-fires', 'host-dies', 'daemon-restarts', 'stale'] as const),
  ...(['file-changes', 'is-unhealthy', 'needed-gives-up'] as const),
];
const step = fc.record({
  what: fc.constantFrom(...steps),
  code: fc.constantFrom(0, 0, 1, 7, 127),
  waitMs: fc.constantFrom(0, 10, 6000, 70_000),
  back: fc.integer({ min: 1, max: 3 }),
  type: fc.constantFrom(...STALE),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const QUIET = { code: 1, waitMs: 10, back: 1, type: 'ready' } as const;

function because(kind: Because['kind'], failure: boolean): Because {
  return { kind, reason: kind, failure };
}

function createWorld(rules: PaneRules) {
  let state: PaneState = createPaneState();
  let nowMs = 0;
  /** Spawns on the way to the host or in it, and programs that live. */
  const pending = new Set<number>();
  const held = new Set<number>();
  const alive = new Set<number>();
  const stops = new Set<number>();
  const looking = new Set<number>();
  let timers: number[] = [];
  /** When this world saw automatic restarts, since somebody asked for a start. */
  let automatic: number[] = [];

  function send(event: PaneEvent): void {
    const before = state;
    const next = transition(before, event, rules);
    state = next.state;
    expect(state.epoch).toBeGreaterThanOrEqual(before.epoch);
    expect(state.restarts).toBeGreaterThanOrEqual(before.restarts);
    for (const count of [state.attempt, state.restarts, state.epoch]) expect(count).toBeGreaterThanOrEqual(0);
    if ('epoch' in event && event.epoch !== before.epoch) expect(next).toEqual({ state: before, effects: [] });
    if (state.name === 'fatal' && before.name !== 'fatal') expectRule(before, event);
    for (const effect of next.effects) carryOut(effect, before, event);
    // Whoever looks for readiness looks at the run that is awaited, and somebody does.
    const awaited = state.name === 'running' && state.readyAtMs === null;
    expect([...looking]).toEqual(awaited ? [state.epoch] : []);
  }

  /** A pane gives up for a reason that the layout or the machine gives, and for no other. */
  function expectRule(before: PaneState, event: PaneEvent): void {
    const once = rules.restart.policy === 'no';
    const allowed =
      event.type === 'preflight-failed' ||
      (event.type === 'spawn-failed' && once) ||
      (before.stop?.because?.kind === 'not-ready' && once) ||
      (event.type === 'exited' && event.exit.code === 127) ||
      automatic.filter((time) => nowMs - time < WINDOW_MS).length >= MAX_RESTARTS;
    expect({ allowed, event, reason: state.reason }).toMatchObject({ allowed: true });
  }

  function carryOut(effect: PaneEffect, before: PaneState, event: PaneEvent): void {
    if ('epoch' in effect) expect([before.epoch, state.epoch]).toContain(effect.epoch);
    switch (effect.type) {
      case 'spawn':
        // The heart of it: never a second program beside one that lives or may come to live.
        expect([...alive]).toEqual([]);
        expect([...pending].filter((other) => other !== effect.epoch)).toEqual([]);
        if (effect.epoch > before.epoch) noteStart(before, event);
        pending.add(effect.epoch);
        break;
      case 'cancel-spawn':
        held.delete(effect.epoch);
        if (pending.delete(effect.epoch)) send({ type: 'spawn-cancelled', epoch: effect.epoch, nowMs, random: 0.5 });
        break;
      case 'watch-ready':
        looking.clear();
        looking.add(effect.epoch);
        break;
      case 'cancel-ready':
        looking.clear();
        break;
      case 'begin-stop':
        stops.add(effect.epoch);
        break;
      case 'arm-backoff':
        expect(effect.delayMs).toBeGreaterThanOrEqual(0);
        timers.push(effect.epoch);
        break;
      case 'give-up':
        expect(state.name).toBe('fatal');
        break;
      case 'sweep':
      case 'cancel-backoff':
        // A timer that is called off may fire all the same.
        break;
    }
  }

  function noteStart(before: PaneState, event: PaneEvent): void {
    if (event.type === 'backoff-over') automatic.push(nowMs);
    else if (!before.stop?.because) automatic = [];
  }

  /** Changes the world and says what is heard of it; nothing, where it cannot happen. */
  function* happen({ what, code, back, type }: Step): Generator<PaneEvent> {
    const now = { nowMs, random: 0.5 };
    const [spawning] = pending;
    const [living] = alive;
    const [stopping] = stops;
    const { epoch } = state;
    const ended = { atMs: nowMs, outOfMemory: '', ...now };
    switch (what) {
      case 'is-held':
        if (spawning === undefined) return;
        held.add(spawning);
        yield { type: 'waiting', epoch: spawning, reason: 'waits for db', hint: '', blocked: false, ...now };
        return;
      case 'goes-on':
        for (const one of held) yield { type: 'waiting', epoch: one, reason: '', hint: '', blocked: false, ...now };
        held.clear();
        return;
      case 'spawn-succeeds':
        if (spawning === undefined || held.has(spawning)) return;
        pending.delete(spawning);
        alive.add(spawning);
        yield { type: 'started', epoch: spawning, ...now };
        return;
      case 'spawn-fails':
      case 'preflight-fails': {
        if (spawning === undefined || held.has(spawning)) return;
        pending.delete(spawning);
        const failed = what === 'spawn-fails' ? 'spawn-failed' : 'preflight-failed';
        yield { type: failed, epoch: spawning, reason: 'why', hint: '', ...now };
        return;
      }
      case 'becomes-ready':
        for (const one of [...looking]) yield { type: 'ready', epoch: one, ...now };
        return;
      case 'is-late':
        for (const one of [...looking]) yield { type: 'not-ready', epoch: one, reason: 'late', ...now };
        return;
      case 'program-exits':
        if (living === undefined) return;
        alive.delete(living);
        yield { type: 'exited', epoch: living, exit: { code, signal: null }, ...ended };
        return;
      case 'tree-goes': {
        if (stopping === undefined) return;
        stops.delete(stopping);
        // The host's word comes later than what the kernel tells.
        yield { type: 'tree-gone', epoch: stopping, ...now };
        if (alive.delete(stopping)) {
          yield { type: 'exited', epoch: stopping, exit: { code: null, signal: 'SIGKILL' }, ...ended };
        }
        return;
      }
      case 'timer-fires': {
        const timer = timers.shift();
        if (timer !== undefined) yield { type: 'backoff-over', epoch: timer, ...now };
        return;
      }
      case 'host-dies':
        alive.clear();
        // A spawn that the host knew of goes with it.
        for (const one of pending) if (!held.has(one)) pending.delete(one);
        yield { type: 'host-lost', ...now };
        return;
      case 'daemon-restarts':
        stops.clear();
        timers = [];
        pending.clear();
        held.clear();
        looking.clear();
        if (living === undefined) yield { type: 'found-nothing', ...now };
        else yield { type: 'found-alive', foundEpoch: living, startedAtMs: nowMs, ...now };
        return;
      case 'file-changes':
        yield { type: 'restart-because', epoch, because: because('watch', false), mode: 'graceful', ...now };
        return;
      case 'is-unhealthy':
        yield { type: 'restart-because', epoch, because: because('health', true), mode: 'graceful', ...now };
        return;
      case 'needed-gives-up':
        yield { type: 'stop-because', because: because('dependency', false), ...now };
        return;
      case 'stale':
        yield staleEvent(type, epoch - back, ended);
        return;
      default:
        yield { type: what, ...now };
    }
  }

  function take(one: Step): void {
    nowMs += one.waitMs;
    for (const event of happen(one)) send(event);
  }

  return {
    take,
    get state() {
      return state;
    },
    get programs() {
      return alive.size + pending.size;
    },
    /** Lets everything that is under way come to its end. */
    settle() {
      for (let i = 0; i < 10; i++) {
        for (const what of ['goes-on', 'spawn-succeeds', 'becomes-ready', 'tree-goes'] as const)
          take({ what, ...QUIET });
      }
    },
  };
}

/** What somebody says of an epoch that is over, with all that any such event carries. */
function staleEvent(
  type: Step['type'],
  epoch: number,
  now: { nowMs: number; random: number; atMs: number },
): PaneEvent {
  return {
    type,
    epoch,
    reason: 'old',
    hint: '',
    blocked: false,
    pids: [1],
    exit: { code: 1, signal: null },
    outOfMemory: '',
    because: because('health', true),
    mode: 'graceful',
    ...now,
  } as PaneEvent;
}

const anyRules = fc.record({
  policy: fc.constantFrom('no' as const, 'on-failure' as const, 'always' as const),
  probed: fc.boolean(),
});

function rulesOf({ policy, probed }: { policy: RestartSettings['policy']; probed: boolean }): PaneRules {
  const ready = probed ? { probe: { kind: 'exec' as const, argv: ['true'] as [string] }, timeoutMs: 30_000 } : null;
  return { restart: { ...settings, policy }, ready };
}

it('one epoch lives at most, none comes back, and a stop ends in stopped, whatever happened before', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), anyRules, (some, chosen) => {
      const world = createWorld(rulesOf(chosen));
      for (const one of some) {
        world.take(one);
        expect(world.programs).toBeLessThanOrEqual(1);
      }
      world.take({ ...QUIET, what: 'stop' });
      world.settle();
      expect(world.state).toMatchObject({
        name: 'stopped',
        wanted: 'down',
        stop: null,
        hold: null,
        nextRestartAtMs: null,
      });
      expect(world.programs).toBe(0);
      // And a start after all of that works.
      world.take({ ...QUIET, what: 'start' });
      world.settle();
      expect(world.state).toMatchObject({ name: 'running', wanted: 'up' });
      expect(world.state.readyAtMs).not.toBeNull();
    }),
    { numRuns: 1000 },
  );
});

it('what a person wanted last is what comes of it, when nothing else happens any more', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), anyRules, fc.constantFrom(...PEOPLE), (some, chosen, last) => {
      const world = createWorld(rulesOf(chosen));
      for (const one of some) world.take(one);
      world.take({ ...QUIET, what: last });
      world.settle();
      const up = last !== 'stop' && last !== 'kill';
      expect(world.state).toMatchObject({ name: up ? 'running' : 'stopped', wanted: up ? 'up' : 'down' });
    }),
    { numRuns: 500 },
  );
});
