import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { RestartSettings } from '../../src/core/layout.ts';
import {
  createPaneState,
  type PaneEffect,
  type PaneEvent,
  type PaneEventName,
  type PaneState,
  transition,
} from '../../src/core/pane-state.ts';
import { PANE_STATES, type PaneStateName } from '../../src/core/session.ts';

const settings: RestartSettings = {
  policy: 'on-failure',
  maxRestarts: 3,
  windowMs: 600_000,
  minUptimeMs: 5000,
  successExitCodes: [0],
  stopExitCodes: [],
  delayMs: null,
  backoff: { initialMs: 1000, factor: 2, maxMs: 60_000, jitter: 0, resetAfterMs: 60_000 },
};

const EPOCH = 3;
const NOW = 1_000_000;
const base: PaneState = { ...createPaneState(), epoch: EPOCH, restarts: 2, attempt: 1, recentRestarts: [NOW - 1000] };
const stop = { mode: 'graceful', spawnPending: false, programGone: false, treeGone: false, stuck: false } as const;

const states: Record<PaneStateName, PaneState> = {
  stopped: { ...base, reason: 'stopped on request' },
  starting: { ...base, name: 'starting', wanted: 'up', reason: '' },
  running: { ...base, name: 'running', wanted: 'up', reason: '', startedAtMs: NOW - 20_000 },
  backoff: { ...base, name: 'backoff', wanted: 'up', nextRestartAtMs: NOW + 700, exit: { code: 3, signal: null } },
  stopping: { ...base, name: 'stopping', wanted: 'down', startedAtMs: NOW - 20_000, stop },
  exited: { ...base, name: 'exited', wanted: 'up', exit: { code: 0, signal: null } },
  fatal: { ...base, name: 'fatal', wanted: 'up', exit: { code: 3, signal: null } },
};

const clock = { nowMs: NOW, random: 0.5 };
const epoch = EPOCH;
const events: { [N in PaneEventName]: Extract<PaneEvent, { type: N }> } = {
  start: { type: 'start', ...clock },
  stop: { type: 'stop', ...clock },
  restart: { type: 'restart', ...clock },
  'restart-now': { type: 'restart-now', ...clock },
  kill: { type: 'kill', ...clock },
  'preflight-failed': {
    type: 'preflight-failed',
    epoch,
    reason: 'command not found: codex',
    hint: 'install it',
    ...clock,
  },
  started: { type: 'started', epoch, ...clock },
  'spawn-failed': { type: 'spawn-failed', epoch, reason: 'no terminal', hint: 'too many files', ...clock },
  'spawn-cancelled': { type: 'spawn-cancelled', epoch, ...clock },
  exited: { type: 'exited', epoch, exit: { code: 3, signal: null }, atMs: NOW, ...clock },
  'tree-gone': { type: 'tree-gone', epoch, ...clock },
  'stop-stuck': { type: 'stop-stuck', epoch, pids: [12, 13], ...clock },
  'backoff-over': { type: 'backoff-over', epoch, ...clock },
  'host-lost': { type: 'host-lost', ...clock },
  'found-alive': { type: 'found-alive', foundEpoch: EPOCH, startedAtMs: NOW - 9000, ...clock },
  'found-nothing': { type: 'found-nothing', ...clock },
};

/** `next wanted: effects`, or `-` where nothing may change and nothing may be done. */
const cells: Record<PaneStateName, Record<PaneEventName, string>> = {
  stopped: {
    start: 'starting up: spawn 4',
    stop: '-',
    restart: 'starting up: spawn 4',
    'restart-now': 'starting up: spawn 4',
    kill: '-',
    'preflight-failed': '-',
    started: '-',
    'spawn-failed': '-',
    'spawn-cancelled': '-',
    exited: '-',
    'tree-gone': '-',
    'stop-stuck': '-',
    'backoff-over': '-',
    'host-lost': '-',
    'found-alive': 'stopping down: begin-stop 3 graceful',
    'found-nothing': '-',
  },
  starting: {
    start: '-',
    stop: 'stopping down: cancel-spawn 3',
    restart: '-',
    'restart-now': '-',
    kill: 'stopping down: cancel-spawn 3',
    'preflight-failed': 'fatal up:',
    started: 'running up:',
    'spawn-failed': 'backoff up: sweep 3, arm-backoff 3 2000',
    'spawn-cancelled': '-',
    exited: 'backoff up: sweep 3, arm-backoff 3 2000',
    'tree-gone': '-',
    'stop-stuck': '-',
    'backoff-over': '-',
    'host-lost': 'backoff up: cancel-spawn 3, sweep 3, arm-backoff 3 2000',
    'found-alive': 'running up:',
    'found-nothing': 'starting up: spawn 3',
  },
  running: {
    start: '-',
    stop: 'stopping down: begin-stop 3 graceful',
    restart: 'stopping up: begin-stop 3 graceful',
    'restart-now': 'stopping up: begin-stop 3 kill',
    kill: 'stopping down: begin-stop 3 kill',
    'preflight-failed': '-',
    started: '-',
    'spawn-failed': '-',
    'spawn-cancelled': '-',
    exited: 'backoff up: sweep 3, arm-backoff 3 2000',
    'tree-gone': '-',
    'stop-stuck': '-',
    'backoff-over': '-',
    'host-lost': 'backoff up: sweep 3, arm-backoff 3 2000',
    'found-alive': 'running up:',
    'found-nothing': 'backoff up: sweep 3, arm-backoff 3 2000',
  },
  backoff: {
    start: 'starting up: cancel-backoff, spawn 4',
    stop: 'stopped down: cancel-backoff',
    restart: 'starting up: cancel-backoff, spawn 4',
    'restart-now': 'starting up: cancel-backoff, spawn 4',
    kill: 'stopped down: cancel-backoff',
    'preflight-failed': '-',
    started: '-',
    'spawn-failed': '-',
    'spawn-cancelled': '-',
    exited: '-',
    'tree-gone': '-',
    'stop-stuck': '-',
    'backoff-over': 'starting up: spawn 4',
    'host-lost': '-',
    'found-alive': 'running up: cancel-backoff',
    'found-nothing': 'backoff up: arm-backoff 3 700',
  },
  stopping: {
    start: 'stopping up:',
    stop: 'stopping down:',
    restart: 'stopping up:',
    'restart-now': 'stopping up: begin-stop 3 kill',
    kill: 'stopping down: begin-stop 3 kill',
    'preflight-failed': 'stopped down:',
    started: 'stopping down: begin-stop 3 graceful',
    'spawn-failed': 'stopped down:',
    'spawn-cancelled': 'stopped down:',
    exited: 'stopping down:',
    'tree-gone': 'stopping down:',
    'stop-stuck': 'stopping down:',
    'backoff-over': '-',
    'host-lost': 'stopping down:',
    'found-alive': 'stopping down: begin-stop 3 graceful',
    'found-nothing': 'stopping down: begin-stop 3 graceful',
  },
  exited: {
    start: 'starting up: spawn 4',
    stop: 'stopped down:',
    restart: 'starting up: spawn 4',
    'restart-now': 'starting up: spawn 4',
    kill: 'stopped down:',
    'preflight-failed': '-',
    started: '-',
    'spawn-failed': '-',
    'spawn-cancelled': '-',
    exited: '-',
    'tree-gone': '-',
    'stop-stuck': '-',
    'backoff-over': '-',
    'host-lost': '-',
    'found-alive': 'stopping down: begin-stop 3 graceful',
    'found-nothing': '-',
  },
  fatal: {
    start: 'starting up: spawn 4',
    stop: 'stopped down:',
    restart: 'starting up: spawn 4',
    'restart-now': 'starting up: spawn 4',
    kill: 'stopped down:',
    'preflight-failed': '-',
    started: '-',
    'spawn-failed': '-',
    'spawn-cancelled': '-',
    exited: '-',
    'tree-gone': '-',
    'stop-stuck': '-',
    'backoff-over': '-',
    'host-lost': '-',
    'found-alive': 'stopping down: begin-stop 3 graceful',
    'found-nothing': '-',
  },
};

function words(effect: PaneEffect): string {
  return Object.values(effect).join(' ');
}

describe.each(PANE_STATES)('a pane that is %s', (name) => {
  test.each(Object.keys(events) as PaneEventName[])('%s', (type) => {
    const before = states[name];
    const result = transition(before, events[type], settings);
    if (cells[name][type] === '-') {
      expect(result).toEqual({ state: before, effects: [] });
      return;
    }
    const { state, effects } = result;
    expect(`${state.name} ${state.wanted}: ${effects.map(words).join(', ')}`.trim()).toBe(cells[name][type]);
  });

  test.each(Object.values(events).filter((event) => 'epoch' in event))('ignores $type of another epoch', (event) => {
    for (const other of [EPOCH - 1, EPOCH + 1]) {
      const stale = { ...event, epoch: other } as PaneEvent;
      expect(transition(states[name], stale, settings)).toEqual({ state: states[name], effects: [] });
    }
  });

  it('ignores a program of an older epoch that is found alive', () => {
    const event: PaneEvent = { ...events['found-alive'], foundEpoch: EPOCH - 1 };
    expect(transition(states[name], event, settings).state).toEqual(states[name]);
  });
});

/** Applies events one after the other and returns the last state and all effects. */
function play(from: PaneState, types: (PaneEventName | PaneEvent)[], over: Partial<RestartSettings> = {}) {
  let state = from;
  const effects: PaneEffect[] = [];
  for (const next of types) {
    const event = typeof next === 'string' ? events[next] : next;
    const result = transition(state, 'epoch' in event ? { ...event, epoch: state.epoch } : event, {
      ...settings,
      ...over,
    });
    state = result.state;
    effects.push(...result.effects);
  }
  return { state, effects };
}

describe('a start', () => {
  it('clears what led to giving up, and is not a restart', () => {
    const { state } = play(states.fatal, ['start']);
    expect(state).toMatchObject({ attempt: 0, recentRestarts: [], restarts: 2, exit: null, reason: '', hint: '' });
  });

  it('that was called a restart is none before the first run, and one afterwards', () => {
    expect(play(createPaneState(), ['restart']).state.restarts).toBe(0);
    expect(play(states.stopped, ['restart']).state.restarts).toBe(3);
    expect(play(states.exited, ['restart-now']).state.restarts).toBe(3);
  });

  it('asked for twice in one tick spawns once', () => {
    const { state, effects } = play(states.stopped, ['start', 'start', 'restart']);
    expect(state).toMatchObject({ name: 'starting', epoch: 4 });
    expect(effects).toEqual([{ type: 'spawn', epoch: 4 }]);
  });

  it('that cannot be is fatal with the true cause and the remedy', () => {
    const { state } = play(states.starting, ['preflight-failed']);
    expect(state).toMatchObject({ reason: 'command not found: codex', hint: 'install it', exit: null, restarts: 2 });
  });

  it('that the host refuses is tried again like after a crash, and keeps the remedy', () => {
    const { state } = play(states.starting, ['spawn-failed']);
    expect(state).toMatchObject({ name: 'backoff', reason: 'no terminal', hint: 'too many files', exit: null });
    expect(play(states.starting, ['spawn-failed'], { policy: 'no' }).state.name).toBe('fatal');
  });
});

describe('an end that nobody asked for', () => {
  it('is restarted after the backoff, counted, and the reason is shown meanwhile', () => {
    const backoff = play(states.running, ['exited']).state;
    expect(backoff).toMatchObject({
      reason: 'exited with code 3',
      exit: { code: 3, signal: null },
      startedAtMs: null,
      nextRestartAtMs: NOW + 2000,
      restarts: 2,
    });
    const again = play(backoff, ['backoff-over', 'started']).state;
    expect(again).toMatchObject({ name: 'running', reason: '', exit: null, epoch: 4, restarts: 3, startedAtMs: NOW });
    expect(again.recentRestarts).toEqual([NOW - 1000, NOW]);
  });

  it('too often in the window is fatal', () => {
    const { state, effects } = play({ ...states.running, recentRestarts: [NOW - 3, NOW - 2, NOW - 1] }, ['exited']);
    expect(state).toMatchObject({
      name: 'fatal',
      wanted: 'up',
      reason: 'restarted 3 times in 10 min: gave up (exited with code 3)',
    });
    expect(effects).toEqual([{ type: 'sweep', epoch: 3 }]);
  });

  it('of a clean kind is exited, and what was left behind is removed', () => {
    const { state, effects } = play(states.running, [{ ...events.exited, exit: { code: 0, signal: null } }]);
    expect(state).toMatchObject({ name: 'exited', wanted: 'up', reason: 'exited with code 0' });
    expect(effects).toEqual([{ type: 'sweep', epoch: 3 }]);
  });

  it('is judged by the time it happened, not by the time it was heard of', () => {
    const long = { ...states.running, attempt: 4, startedAtMs: NOW - 100_000 };
    const late: PaneEvent = { ...events.exited, atMs: NOW - 90_000 };
    expect(play(long, [late]).state.nextRestartAtMs).toBe(NOW + 16_000);
    expect(play(long, ['exited']).state.nextRestartAtMs).toBe(NOW + 1000);
  });

  it('by the death of the host says so', () => {
    expect(play(states.running, ['host-lost']).state).toMatchObject({
      name: 'backoff',
      reason: 'its host process died',
      exit: null,
    });
    expect(play(states.running, ['host-lost'], { policy: 'no' }).state.name).toBe('exited');
  });
});

describe('a stop', () => {
  it('is over when the program has been reaped and the tree is gone, in whatever order', () => {
    for (const order of [
      ['exited', 'tree-gone'],
      ['tree-gone', 'exited'],
    ] as PaneEventName[][]) {
      const half = play(states.running, ['stop', order[0]!]).state;
      expect(half.name).toBe('stopping');
      const { state } = play(half, [order[1]!]);
      expect(state).toMatchObject({ name: 'stopped', wanted: 'down', reason: 'stopped on request', stop: null });
      expect(state.exit).toEqual({ code: 3, signal: null });
    }
  });

  it('takes an exit during the grace for what was asked, not for a crash', () => {
    const { state, effects } = play(states.running, ['stop', 'exited', 'tree-gone']);
    expect(state).toMatchObject({ name: 'stopped', restarts: 2 });
    expect(effects.map((effect) => effect.type)).toEqual(['begin-stop']);
  });

  it('during the start waits for what comes of the spawn, and then stops that', () => {
    const { state, effects } = play(states.starting, ['stop', 'started', 'exited', 'tree-gone']);
    expect(state.name).toBe('stopped');
    expect(effects.map(words)).toEqual(['cancel-spawn 3', 'begin-stop 3 graceful']);
    expect(play(states.starting, ['kill', 'started']).effects.map(words)).toEqual([
      'cancel-spawn 3',
      'begin-stop 3 kill',
    ]);
    expect(play(states.starting, ['stop', 'spawn-cancelled']).state.name).toBe('stopped');
    expect(play(states.starting, ['stop', 'kill', 'started']).effects.at(-1)).toMatchObject({ mode: 'kill' });
  });

  it('followed by a restart brings the pane back once it is over; the last request wins', () => {
    const back = play(states.running, ['stop', 'restart', 'exited', 'tree-gone']);
    expect(back.state).toMatchObject({ name: 'starting', wanted: 'up', epoch: 4, restarts: 3, attempt: 0 });
    const down = play(states.running, ['restart', 'stop', 'exited', 'tree-gone']);
    expect(down.state).toMatchObject({ name: 'stopped', epoch: 3, restarts: 2 });
  });

  it('that SIGKILL cannot finish says which processes are left, and ends when they do', () => {
    const stuck = play(states.stopping, ['exited', 'stop-stuck']).state;
    expect(stuck).toMatchObject({ name: 'stopping', reason: 'SIGKILL does not end processes 12, 13' });
    expect(stuck.stop?.stuck).toBe(true);
    expect(play(stuck, ['tree-gone']).state).toMatchObject({ name: 'stopped', reason: 'stopped on request' });
  });

  it('goes on when the host dies: what is left of the tree is still to be ended', () => {
    expect(play(states.stopping, ['host-lost', 'tree-gone']).state.name).toBe('stopped');
    const early = play(states.starting, ['stop', 'host-lost']);
    expect(early.effects.map(words)).toEqual(['cancel-spawn 3', 'begin-stop 3 graceful']);
    expect(play(early.state, ['tree-gone']).state.name).toBe('stopped');
  });
});

describe('a daemon that takes over', () => {
  it('keeps what runs as it is', () => {
    expect(transition(states.running, events['found-alive'], settings).state).toEqual(states.running);
  });

  it('learns of a program that was started at the last moment of the daemon before', () => {
    const event: PaneEvent = { ...events['found-alive'], foundEpoch: 7 };
    expect(play(states.starting, [event]).state).toMatchObject({ name: 'running', epoch: 7, startedAtMs: NOW - 9000 });
    expect(play(states.running, [event]).state).toMatchObject({ epoch: 7, startedAtMs: NOW - 9000 });
  });

  it('ends what runs and should not', () => {
    expect(play(states.stopped, ['found-alive', 'exited', 'tree-gone']).state.name).toBe('stopped');
  });

  it('finishes a stop that was under way', () => {
    const { state, effects } = play(states.stopping, ['exited', 'found-nothing', 'tree-gone']);
    expect(state.name).toBe('stopped');
    expect(effects.map(words)).toEqual(['begin-stop 3 graceful']);
    expect(play(states.starting, ['stop', 'found-nothing']).state.name).toBe('stopped');
  });

  it('waits only for the rest of a backoff, and no longer when that has passed', () => {
    const late = { ...states.backoff, nextRestartAtMs: NOW - 50 };
    expect(play(late, ['found-nothing']).effects).toEqual([{ type: 'arm-backoff', epoch: 3, delayMs: 0 }]);
  });
});

/**
 * A world around the table: programs that start, end and leave children, timers that fire late or twice, and people who ask for
 * anything at any time.
 */
describe('whatever happens', () => {
  type World = {
    state: PaneState;
    nowMs: number;
    /** Spawns on the way to the host or in it, and programs that live. */
    pending: Set<number>;
    alive: Set<number>;
    stops: Set<number>;
    timers: number[];
  };

  const steps = [
    ...(['start', 'stop', 'restart', 'restart-now', 'kill'] as const),
    ...(['spawn-succeeds', 'spawn-fails', 'preflight-fails', 'program-exits', 'tree-goes', 'timer-fires'] as const),
    ...(['host-dies', 'daemon-restarts', 'stale'] as const),
  ];
  const step = fc.record({
    what: fc.constantFrom(...steps),
    code: fc.constantFrom(0, 0, 1, 127),
    waitMs: fc.constantFrom(0, 10, 6000, 70_000),
    back: fc.integer({ min: 1, max: 3 }),
    type: fc.constantFrom(...(Object.keys(events) as PaneEventName[])),
  });
  type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

  function createWorld(): World {
    return {
      state: createPaneState(),
      nowMs: 0,
      pending: new Set(),
      alive: new Set(),
      stops: new Set(),
      timers: [],
    };
  }

  function send(world: World, event: PaneEvent, policy: RestartSettings['policy']): void {
    const before = world.state;
    const { state, effects } = transition(before, event, { ...settings, policy });
    expect(state.epoch).toBeGreaterThanOrEqual(before.epoch);
    expect(state.restarts).toBeGreaterThanOrEqual(before.restarts);
    if ('epoch' in event && event.epoch !== before.epoch) expect(effects).toEqual([]);
    world.state = state;
    const { nowMs } = world;
    for (const effect of effects) {
      if ('epoch' in effect) expect([before.epoch, state.epoch]).toContain(effect.epoch);
      switch (effect.type) {
        case 'spawn':
          // The heart of it: never a second program beside one that lives or may come to live.
          expect([...world.alive]).toEqual([]);
          expect([...world.pending].filter((other) => other !== effect.epoch)).toEqual([]);
          world.pending.add(effect.epoch);
          break;
        case 'cancel-spawn':
          if (world.pending.delete(effect.epoch))
            send(world, { type: 'spawn-cancelled', epoch: effect.epoch, nowMs }, policy);
          break;
        case 'begin-stop':
          world.stops.add(effect.epoch);
          break;
        case 'arm-backoff':
          expect(effect.delayMs).toBeGreaterThanOrEqual(0);
          world.timers.push(effect.epoch);
          break;
        case 'sweep':
        case 'cancel-backoff':
          // A timer that is called off may fire all the same.
          break;
      }
    }
  }

  function take(world: World, one: Step, policy: RestartSettings['policy']): void {
    world.nowMs += one.waitMs;
    for (const event of happen(world, one)) send(world, event, policy);
  }

  /** Changes the world and says what is heard of it; nothing, where it cannot happen. */
  function* happen(world: World, { what, code, back, type }: Step): Generator<PaneEvent> {
    const now = { nowMs: world.nowMs, random: 0.5 };
    const [pending] = world.pending;
    const [alive] = world.alive;
    const [stopping] = world.stops;
    switch (what) {
      case 'spawn-succeeds':
        if (pending === undefined) return;
        world.pending.delete(pending);
        world.alive.add(pending);
        yield { type: 'started', epoch: pending, ...now };
        return;
      case 'spawn-fails':
      case 'preflight-fails': {
        if (pending === undefined) return;
        world.pending.delete(pending);
        const failed = what === 'spawn-fails' ? 'spawn-failed' : 'preflight-failed';
        yield { type: failed, epoch: pending, reason: 'why', hint: '', ...now };
        return;
      }
      case 'program-exits':
        if (alive === undefined) return;
        world.alive.delete(alive);
        yield { type: 'exited', epoch: alive, exit: { code, signal: null }, atMs: now.nowMs, ...now };
        return;
      case 'tree-goes': {
        if (stopping === undefined) return;
        world.stops.delete(stopping);
        // The host's word comes later than what the kernel tells.
        yield { type: 'tree-gone', epoch: stopping, ...now };
        if (!world.alive.delete(stopping)) return;
        const exit = { code: null, signal: 'SIGKILL' };
        yield { type: 'exited', epoch: stopping, exit, atMs: now.nowMs, ...now };
        return;
      }
      case 'timer-fires': {
        const timer = world.timers.shift();
        if (timer !== undefined) yield { type: 'backoff-over', epoch: timer, ...now };
        return;
      }
      case 'host-dies':
        world.alive.clear();
        // A spawn that the host knew of goes with it.
        world.pending.clear();
        yield { type: 'host-lost', ...now };
        return;
      case 'daemon-restarts':
        world.stops.clear();
        world.timers = [];
        world.pending.clear();
        if (alive === undefined) yield { type: 'found-nothing', ...now };
        else yield { type: 'found-alive', foundEpoch: alive, startedAtMs: now.nowMs, ...now };
        return;
      case 'stale': {
        const event = { ...events[type], ...now };
        if ('epoch' in event) yield { ...event, epoch: world.state.epoch - back } as PaneEvent;
        return;
      }
      default:
        yield { type: what, ...now };
    }
  }

  /** Lets everything that is under way come to its end. */
  function settle(world: World, policy: RestartSettings['policy']): void {
    const quiet = { code: 1, waitMs: 10, back: 1, type: 'start' } as const;
    for (let i = 0; i < 10; i++) {
      take(world, { what: 'spawn-succeeds', ...quiet }, policy);
      take(world, { what: 'tree-goes', ...quiet }, policy);
    }
  }

  it('one epoch lives at most, none comes back, and a stop ends in stopped', () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 60 }),
        fc.constantFrom('no' as const, 'on-failure' as const, 'always' as const),
        (some, policy) => {
          const world = createWorld();
          for (const one of some) {
            take(world, one, policy);
            expect(world.alive.size + world.pending.size).toBeLessThanOrEqual(1);
          }
          take(world, { what: 'stop', code: 0, waitMs: 0, back: 1, type: 'start' }, policy);
          settle(world, policy);
          expect(world.state).toMatchObject({ name: 'stopped', wanted: 'down', stop: null, nextRestartAtMs: null });
          expect([world.alive.size, world.pending.size]).toEqual([0, 0]);
          // And a start after all of that works.
          take(world, { what: 'start', code: 0, waitMs: 0, back: 1, type: 'start' }, policy);
          settle(world, policy);
          expect(world.state.name).toBe('running');
        },
      ),
      { numRuns: 500 },
    );
  });
});
