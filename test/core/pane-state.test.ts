import { describe, expect, it, test } from 'vitest';
import type { RestartSettings } from '../../src/core/layout.ts';
import type { Because, PaneEffect, PaneEvent, PaneEventName, PaneRules, PaneState } from '../../src/core/pane-life.ts';
import { createPaneState, transition } from '../../src/core/pane-state.ts';
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

const rules: PaneRules = { restart: settings, ready: null };
const probed: PaneRules = {
  restart: settings,
  ready: { probe: { kind: 'tcp', host: '127.0.0.1', port: 80 }, timeoutMs: 30_000 },
};
const EPOCH = 3;
const NOW = 1_000_000;
const base: PaneState = { ...createPaneState(), epoch: EPOCH, restarts: 2, attempt: 1, recentRestarts: [NOW - 1000] };
const stop: NonNullable<PaneState['stop']> = {
  mode: 'graceful',
  spawnPending: false,
  programGone: false,
  treeGone: false,
  stuck: false,
  because: null,
  readyMs: 20_000,
};

const states: Record<PaneStateName, PaneState> = {
  stopped: { ...base, reason: 'stopped on request' },
  starting: { ...base, name: 'starting', wanted: 'up', reason: '' },
  running: { ...base, name: 'running', wanted: 'up', reason: '', startedAtMs: NOW - 20_000, readyAtMs: NOW - 20_000 },
  backoff: { ...base, name: 'backoff', wanted: 'up', nextRestartAtMs: NOW + 700, exit: { code: 3, signal: null } },
  stopping: { ...base, name: 'stopping', wanted: 'down', startedAtMs: NOW - 20_000, stop },
  exited: { ...base, name: 'exited', wanted: 'up', exit: { code: 0, signal: null } },
  fatal: { ...base, name: 'fatal', wanted: 'up', exit: { code: 3, signal: null } },
};

const changed: Because = { kind: 'watch', reason: 'app.ts changed', failure: false };
const clock = { nowMs: NOW, random: 0.5 };
const epoch = EPOCH;
const events: { [N in PaneEventName]: Extract<PaneEvent, { type: N }> } = {
  start: { type: 'start', ...clock },
  stop: { type: 'stop', ...clock },
  restart: { type: 'restart', ...clock },
  'restart-now': { type: 'restart-now', ...clock },
  kill: { type: 'kill', ...clock },
  'restart-because': { type: 'restart-because', epoch, because: { ...changed }, mode: 'graceful', ...clock },
  'stop-because': {
    type: 'stop-because',
    because: { kind: 'dependency', reason: 'db gave up', failure: false },
    ...clock,
  },
  waiting: { type: 'waiting', epoch, reason: 'waits for db to be ready', hint: '', blocked: false, ...clock },
  ready: { type: 'ready', epoch, ...clock },
  'not-ready': { type: 'not-ready', epoch, reason: 'not ready within 30 s: refused', ...clock },
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
  exited: { type: 'exited', epoch, exit: { code: 3, signal: null }, atMs: NOW, outOfMemory: '', ...clock },
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
    'restart-because': '-',
    'stop-because': '-',
    waiting: '-',
    ready: '-',
    'not-ready': '-',
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
    'restart-because': '-',
    'stop-because': 'stopping down: cancel-spawn 3',
    waiting: 'starting up:',
    ready: '-',
    'not-ready': '-',
    'preflight-failed': 'fatal up: give-up',
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
    'restart-because': 'stopping up: begin-stop 3 graceful',
    'stop-because': 'stopping down: begin-stop 3 graceful',
    waiting: '-',
    ready: 'running up:',
    'not-ready': '-',
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
    'restart-because': 'starting up: cancel-backoff, spawn 4',
    'stop-because': 'stopped down: cancel-backoff',
    waiting: '-',
    ready: '-',
    'not-ready': '-',
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
    'restart-because': '-',
    'stop-because': '-',
    waiting: '-',
    ready: '-',
    'not-ready': '-',
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
    'restart-because': 'starting up: spawn 4',
    'stop-because': '-',
    waiting: '-',
    ready: '-',
    'not-ready': '-',
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
    'restart-because': 'starting up: spawn 4',
    'stop-because': '-',
    waiting: '-',
    ready: '-',
    'not-ready': '-',
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
    const result = transition(before, events[type], rules);
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
      expect(transition(states[name], stale, rules)).toEqual({ state: states[name], effects: [] });
    }
  });

  it('ignores a program of an older epoch that is found alive', () => {
    const event: PaneEvent = { ...events['found-alive'], foundEpoch: EPOCH - 1 };
    expect(transition(states[name], event, rules).state).toEqual(states[name]);
  });
});

/** Applies events one after the other and returns the last state and all effects. */
function play(
  from: PaneState,
  types: (PaneEventName | PaneEvent)[],
  over: Partial<RestartSettings> = {},
  base = rules,
) {
  let state = from;
  const effects: PaneEffect[] = [];
  for (const next of types) {
    const event = typeof next === 'string' ? events[next] : next;
    const own = 'epoch' in event ? { ...event, epoch: state.epoch } : event;
    const result = transition(state, own, { ...base, restart: { ...base.restart, ...over } });
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
    expect(effects).toEqual([{ type: 'sweep', epoch: 3 }, { type: 'give-up' }]);
  });

  it('of a clean kind is exited, and what was left behind is removed', () => {
    const { state, effects } = play(states.running, [{ ...events.exited, exit: { code: 0, signal: null } }]);
    expect(state).toMatchObject({ name: 'exited', wanted: 'up', reason: 'exited with code 0' });
    expect(effects).toEqual([{ type: 'sweep', epoch: 3 }]);
  });

  it('is judged by the time it happened, not by the time it was heard of', () => {
    const long = { ...states.running, attempt: 4, startedAtMs: NOW - 100_000, readyAtMs: NOW - 100_000 };
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
    expect(transition(states.running, events['found-alive'], rules).state).toEqual(states.running);
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

describe('a pane that says when it is ready', () => {
  const waiting: PaneState = { ...states.running, readyAtMs: null };

  it('runs, but is not ready before it says so, and its uptime counts from then', () => {
    const started = play(states.starting, ['started'], {}, probed);
    expect(started.state).toMatchObject({ name: 'running', startedAtMs: NOW, readyAtMs: null });
    expect(started.effects).toEqual([{ type: 'watch-ready', epoch: 3 }]);
    const ready = play(started.state, [{ ...events.ready, nowMs: NOW + 20_000 }], {}, probed);
    expect(ready.state).toMatchObject({ name: 'running', startedAtMs: NOW, readyAtMs: NOW + 20_000 });
    expect(ready.effects).toEqual([{ type: 'cancel-ready' }]);
    // Forty seconds of running, but only twenty of being ready: the backoff goes on where it was.
    const late: PaneEvent = { ...events.exited, atMs: NOW + 70_000, nowMs: NOW + 70_000 };
    expect(play({ ...ready.state, attempt: 2 }, [late], {}, probed).state.nextRestartAtMs).toBe(NOW + 74_000);
  });

  it('and one that does not is ready as soon as it runs', () => {
    const { state, effects } = play(states.starting, ['started']);
    expect(state.readyAtMs).toBe(NOW);
    expect(effects).toEqual([]);
  });

  it('has failed when its time is over: it is stopped, and that counts like a crash', () => {
    const stopping = play(waiting, ['not-ready'], {}, probed);
    expect(stopping.state).toMatchObject({ name: 'stopping', wanted: 'up', reason: 'not ready within 30 s: refused' });
    expect(stopping.effects.map(words)).toEqual(['cancel-ready', 'begin-stop 3 graceful']);
    const { state, effects } = play(stopping.state, ['exited', 'tree-gone'], {}, probed);
    expect(state).toMatchObject({
      name: 'backoff',
      attempt: 2,
      reason: 'not ready within 30 s: refused',
      nextRestartAtMs: NOW + 2000,
    });
    expect(effects.map(words)).toEqual(['arm-backoff 3 2000']);
  });

  it('gives up after too many starts that did not become ready', () => {
    const often = { ...waiting, recentRestarts: [NOW - 3, NOW - 2, NOW - 1] };
    const { state } = play(often, ['not-ready', 'exited', 'tree-gone'], {}, probed);
    expect(state).toMatchObject({ name: 'fatal' });
    expect(state.reason).toContain('not ready within 30 s');
  });

  it('and did not, without a policy to try again, is for a person to look at', () => {
    const { state } = play(waiting, ['not-ready', 'exited', 'tree-gone'], { policy: 'no' }, probed);
    expect(state).toMatchObject({ name: 'fatal', reason: 'not ready within 30 s: refused' });
  });

  it('is not stopped by a word that comes when it is ready', () => {
    expect(play(states.running, ['not-ready'], {}, probed)).toEqual({ state: states.running, effects: [] });
  });

  it('that a person stops meanwhile is stopped, whatever comes of the look', () => {
    const { state } = play(waiting, ['not-ready', 'stop', 'exited', 'tree-gone'], {}, probed);
    expect(state).toMatchObject({ name: 'stopped', reason: 'stopped on request' });
    const again = play(waiting, ['not-ready', 'restart', 'exited', 'tree-gone'], {}, probed);
    expect(again.state).toMatchObject({ name: 'starting', attempt: 0 });
  });

  it('ends before it is, and the reason says so', () => {
    expect(play(waiting, ['exited'], {}, probed).state.reason).toBe(
      'exited with code 3 before it was ready after 20 s',
    );
  });

  it('is looked at again after a daemon has come back, unless it was ready before', () => {
    expect(play(waiting, ['found-alive'], {}, probed).effects).toEqual([{ type: 'watch-ready', epoch: 3 }]);
    expect(play(states.running, ['found-alive'], {}, probed)).toEqual({ state: states.running, effects: [] });
  });
});

describe('a start that waits for others', () => {
  it('says for what, and no longer when that is there', () => {
    const held = play(states.starting, [{ ...events.waiting, blocked: true, hint: 'see db' }]).state;
    expect(held).toMatchObject({ reason: 'waits for db to be ready', hint: 'see db', hold: { blocked: true } });
    const on = play(held, [{ ...events.waiting, reason: '' }]).state;
    expect(on).toMatchObject({ name: 'starting', reason: '', hold: null });
    expect(play(held, ['started']).state).toMatchObject({ name: 'running', reason: '', hold: null });
  });

  it('is not disturbed by the loss of a host that has not heard of it', () => {
    const held = play(states.starting, ['waiting']).state;
    expect(play(held, ['host-lost'])).toEqual({ state: held, effects: [] });
  });

  it('can be called off', () => {
    const { state } = play(states.starting, ['waiting', 'stop', 'spawn-cancelled']);
    expect(state).toMatchObject({ name: 'stopped', hold: null });
  });
});

describe('a restart that nonet itself wants', () => {
  const unhealthy: PaneEvent = {
    ...events['restart-because'],
    because: { kind: 'health', reason: 'unhealthy: connection refused', failure: true },
  };

  it('for no fault of the program comes at once, is counted and shown, and is no crash', () => {
    const stopping = play(states.running, ['restart-because']).state;
    expect(stopping).toMatchObject({ reason: 'app.ts changed', wanted: 'up' });
    const { state } = play(stopping, ['exited', 'tree-gone']);
    expect(state).toMatchObject({ name: 'starting', restarts: 3, attempt: 1, recentRestarts: [NOW - 1000] });
  });

  it('because the program failed waits, counts and gives up like after a crash', () => {
    const { state } = play(states.running, [unhealthy, 'exited', 'tree-gone']);
    expect(state).toMatchObject({ name: 'backoff', reason: 'unhealthy: connection refused', attempt: 2 });
    const often = { ...states.running, recentRestarts: [NOW - 3, NOW - 2, NOW - 1] };
    expect(play(often, [unhealthy, 'exited', 'tree-gone']).state.name).toBe('fatal');
    const stable = { ...states.running, attempt: 4, readyAtMs: NOW - 100_000 };
    expect(play(stable, [unhealthy, 'exited', 'tree-gone']).state.nextRestartAtMs).toBe(NOW + 1000);
  });

  it('comes also where a program that ends by itself is left alone', () => {
    expect(play(states.running, [unhealthy, 'exited', 'tree-gone'], { policy: 'no' }).state.name).toBe('backoff');
  });

  it('brings back what a changed file may have cured, but not for any other reason', () => {
    expect(play(states.fatal, [unhealthy]).state).toEqual(states.fatal);
    expect(play(states.backoff, [unhealthy]).state).toEqual(states.backoff);
    expect(play({ ...states.exited, wanted: 'down' }, ['restart-because']).state.name).toBe('exited');
  });

  it('gives way to a stop by a person, and a stop by nonet to a start by one', () => {
    const stopped = play(states.running, ['restart-because', 'stop', 'exited', 'tree-gone']).state;
    expect(stopped).toMatchObject({ name: 'stopped', reason: 'stopped on request' });
    const started = play(states.running, ['stop-because', 'start', 'exited', 'tree-gone']).state;
    expect(started).toMatchObject({ name: 'starting', wanted: 'up' });
    const down = play(states.running, ['stop-because', 'exited', 'tree-gone']).state;
    expect(down).toMatchObject({ name: 'stopped', wanted: 'down', reason: 'db gave up' });
    expect(play(states.running, ['restart', 'stop-because', 'exited', 'tree-gone']).state.reason).toBe('db gave up');
  });
});
