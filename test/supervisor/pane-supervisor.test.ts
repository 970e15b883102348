import { afterEach, describe, expect, it } from 'vitest';
import { NonetError } from '../../src/core/errors.ts';
import type { PaneSpec } from '../../src/core/layout.ts';
import { createPaneState } from '../../src/core/pane-state.ts';
import type { Exit } from '../../src/core/session.ts';
import { createGate, type Gate } from '../../src/supervisor/pane-gate.ts';
import type { PaneHost } from '../../src/supervisor/pane-host.ts';
import { createPaneSupervisor, type PaneSupervisor, type SavedPane } from '../../src/supervisor/pane-supervisor.ts';
import type { ProbeResult } from '../../src/supervisor/probe.ts';
import type { Processes, ProcessIdentity, ProcessRow } from '../../src/supervisor/processes.ts';
import { sleeper } from '../daemon/daemon-session.ts';
import { waitUntil } from '../helpers/wait-until.ts';

/** A host and a machine without processes, whose answers come when the test says so. `found`: what every look finds, at once. */
function createWorld(over: { spec?: PaneSpec; saved?: SavedPane; gate?: Gate; found?: ProbeResult } = {}) {
  const spawns: { epoch: number; answer: (identity: ProcessIdentity) => void; refuse: (error: Error) => void }[] = [];
  const states: string[] = [];
  const rows: ProcessRow[] = [];
  let connected = () => {};
  let ready = Promise.resolve();
  const host: PaneHost = {
    ready: () => ready,
    spawn: ({ epoch }) => new Promise((answer, refuse) => spawns.push({ epoch, answer, refuse })),
    typeKeys: async () => {},
    text: async () => screen.text,
  };
  const screen = { text: '' };
  const looks: { answer: (result: ProbeResult) => void }[] = [];
  const fatal: string[] = [];
  const immortal = new Set<number>();
  const processes: Processes = {
    snapshot: async () => [...rows],
    identify: () => null,
    isAlive: ({ pid }) => rows.some((row) => row.pid === pid),
    signal({ pid }) {
      const index = rows.findIndex((row) => row.pid === pid);
      if (index < 0 || immortal.has(pid)) return false;
      rows.splice(index, 1);
      return true;
    },
    markOf: ({ pid }) => (pid >= 500 ? 'mark.1.1' : null),
    argvOf: () => [],
  };
  const supervisor = createPaneSupervisor(
    {
      host,
      processes,
      probes: { run: async () => over.found ?? new Promise((answer) => looks.push({ answer })) },
      gate: over.gate ?? { pass: async () => {} },
      triggers: { nextTime: () => null, wallMs: Date.now, warn: () => {} },
      outOfMemory: (pid) => (pid === 666 ? 'out of memory' : ''),
      nowMs: () => performance.now(),
      random: () => 0.5,
      onChange: ({ state }) => states.push(state.name),
      onFatal: ({ state }) => fatal.push(state.reason),
      onRecord: () => {},
    },
    {
      pane: 1,
      spec: over.spec ?? sleeper('one'),
      env: { PATH: process.env['PATH']! },
      mark: 'mark.1.',
      excluded: () => new Set(),
      saved: over.saved,
    },
  );
  supervisors.push(supervisor);
  return {
    supervisor,
    spawns,
    states,
    immortal,
    looks,
    fatal,
    screen,
    addProcess(pid: number): ProcessIdentity {
      const identity = { pid, startTime: `t${pid}` };
      rows.push({ ...identity, parentPid: 1, group: pid, session: pid, zombie: false });
      return identity;
    },
    disconnect() {
      ready = new Promise((resolve) => {
        connected = resolve;
      });
    },
    reconnect: () => connected(),
    spawned: (count: number) => waitUntil(`${count} spawns`, () => spawns.length === count, { intervalMs: 1 }),
    reached: (state: string) =>
      waitUntil(state, () => supervisor.state.name === state || supervisor.state, { intervalMs: 1 }),
  };
}

const supervisors: PaneSupervisor[] = [];
afterEach(() => {
  for (const supervisor of supervisors.splice(0)) supervisor.dispose();
});

const code = (value: number): Exit => ({ code: value, signal: null });
const patient = sleeper('one', { restart: { backoff: { initialMs: 60_000 } } });

describe('a spawn', () => {
  it('whose program has ended before the answer is taken in leaves no program behind', async () => {
    const { supervisor, spawns, states, spawned, reached } = createWorld({ spec: patient });
    supervisor.request('start');
    await spawned(1);
    // Both in one turn, as when they arrive in one packet.
    spawns[0]!.answer({ pid: 100, startTime: 't100' });
    supervisor.programExited(1, code(9), Date.now());
    await reached('backoff');
    expect(states).toEqual(['starting', 'running', 'backoff']);
    expect(supervisor.program).toBeNull();
    expect(supervisor.state.exit).toEqual(code(9));
    expect(supervisor.exits).toMatchObject([{ epoch: 1, exit: code(9) }]);
  });

  it('waits for the host, and is called off without it when a stop comes first', async () => {
    const { supervisor, spawns, states, disconnect, reconnect, spawned } = createWorld();
    disconnect();
    supervisor.request('start');
    supervisor.request('stop');
    expect(supervisor.state.name).toBe('stopped');
    supervisor.request('start');
    reconnect();
    await spawned(1);
    expect(spawns.map((spawn) => spawn.epoch)).toEqual([2]);
    expect(states).toEqual(['starting', 'stopping', 'stopped', 'starting']);
  });

  it('that is under way when a stop comes is stopped as soon as it has started', async () => {
    const { supervisor, spawns, addProcess, spawned, reached } = createWorld();
    supervisor.request('start');
    await spawned(1);
    supervisor.request('stop');
    expect(supervisor.state.name).toBe('stopping');
    spawns[0]!.answer(addProcess(100));
    await waitUntil('the program to be signalled', () => supervisor.state.stop?.treeGone === true);
    supervisor.programExited(1, { code: null, signal: 'SIGTERM' }, Date.now());
    await reached('stopped');
    expect(spawns).toHaveLength(1);
  });

  it('that the host refuses is tried again, with the host’s words', async () => {
    const { supervisor, spawns, spawned, reached } = createWorld({ spec: patient });
    supervisor.request('start');
    await spawned(1);
    spawns[0]!.refuse(
      new NonetError('failed', 'no terminal for pane 1: forkpty(3) failed.', { hint: 'too many files' }),
    );
    await reached('backoff');
    expect(supervisor.state).toMatchObject({
      reason: 'no terminal for pane 1: forkpty(3) failed.',
      hint: 'too many files',
    });
  });

  it('whose answer is lost with the connection is decided by what the host knows afterwards', async () => {
    const started = createWorld();
    started.supervisor.request('start');
    await started.spawned(1);
    started.spawns[0]!.refuse(new NonetError('disconnected', 'gone'));
    await Promise.resolve();
    expect(started.supervisor.state.name).toBe('starting');
    started.supervisor.reconcile(fact({ pid: 100, epoch: 1 }));
    expect(started.supervisor.state).toMatchObject({ name: 'running', epoch: 1 });
    expect(started.supervisor.program).toMatchObject({ pid: 100 });

    const lost = createWorld();
    lost.supervisor.request('start');
    await lost.spawned(1);
    lost.spawns[0]!.refuse(new NonetError('disconnected', 'gone'));
    await Promise.resolve();
    lost.supervisor.reconcile(null);
    await lost.spawned(2);
    expect(lost.spawns.map((spawn) => spawn.epoch)).toEqual([1, 1]);
  });

  it('waits until nothing of the run before is left', async () => {
    const spec = sleeper('one', { restart: { backoff: { initialMs: 1 } }, stop: { timeoutMs: 100 } });
    const { supervisor, spawns, immortal, addProcess, spawned, reached } = createWorld({ spec });
    supervisor.request('start');
    await spawned(1);
    spawns[0]!.answer({ pid: 100, startTime: 't100' });
    await reached('running');
    addProcess(501);
    immortal.add(501);
    supervisor.programExited(1, code(1), Date.now());
    await reached('starting');
    await waitUntil('the grace to be over', () => performance.now() - (supervisor.state.recentRestarts[0] ?? 0) > 300);
    expect(spawns).toHaveLength(1);
    immortal.clear();
    await spawned(2);
  });

  it('fails like a crash when what the run before left cannot be ended', async () => {
    const spec = sleeper('one', { restart: { backoff: { initialMs: 1, factor: 60_000 } }, stop: { timeoutMs: 50 } });
    const { supervisor, spawns, immortal, addProcess, spawned, reached } = createWorld({ spec });
    supervisor.request('start');
    await spawned(1);
    spawns[0]!.answer({ pid: 100, startTime: 't100' });
    await reached('running');
    addProcess(501);
    immortal.add(501);
    supervisor.programExited(1, code(1), Date.now());
    await waitUntil('the refusal', () => supervisor.state.reason.includes('does not end') || supervisor.state.reason);
    expect(supervisor.state).toMatchObject({
      name: 'backoff',
      reason: 'what the run before left behind does not end: 501',
    });
    expect(spawns).toHaveLength(1);
  });
});

describe('a supervisor that takes over', () => {
  it('keeps when the program was started, and does not take another for it', async () => {
    const first = createWorld();
    first.supervisor.request('start');
    await first.spawned(1);
    first.spawns[0]!.answer({ pid: 100, startTime: 't100' });
    await first.reached('running');
    const saved = first.supervisor.save();
    const startedAt = first.supervisor.program!.startedAt;

    const second = createWorld({ saved: structuredClone(saved) });
    second.supervisor.reconcile(fact({ pid: 100, epoch: 1, startedAt: startedAt - 30 }));
    expect(second.supervisor.program).toMatchObject({ pid: 100, startedAt });
    expect(second.supervisor.state).toEqual(saved.state);
    expect(second.states).toEqual(['running']);
    expect(second.spawns).toEqual([]);
  });

  it('finds the end of a run that nobody heard of, once', async () => {
    const first = createWorld({ spec: patient });
    first.supervisor.request('start');
    await first.spawned(1);
    first.spawns[0]!.answer({ pid: 100, startTime: 't100' });
    await first.reached('running');

    const second = createWorld({ spec: patient, saved: structuredClone(first.supervisor.save()) });
    const ended = fact({ pid: 100, epoch: 1, alive: false, exit: code(3), exitedAt: Date.now() });
    second.supervisor.reconcile(ended);
    expect(second.supervisor.state).toMatchObject({ name: 'backoff', exit: code(3) });
    expect(second.supervisor.program).toBeNull();
    second.supervisor.reconcile(ended);
    expect(second.supervisor.exits).toHaveLength(1);
    expect(second.states).toEqual(['backoff']);
  });
});

describe('a pane that says when it is ready', () => {
  const probed = (over: Parameters<typeof sleeper>[1] = {}) =>
    sleeper('one', { ready: { probe: { kind: 'exec', argv: ['true'] }, timeoutMs: 60_000 }, ...over });

  it('is looked at while it runs, and no longer when it is', async () => {
    const { supervisor, spawns, looks, states, addProcess, spawned, reached } = createWorld({ spec: probed() });
    supervisor.request('start');
    await spawned(1);
    expect(looks).toHaveLength(0);
    spawns[0]!.answer(addProcess(100));
    await reached('running');
    expect(supervisor.state.readyAtMs).toBeNull();
    looks[0]!.answer({ ok: false, detail: 'exit code 1' });
    await waitUntil('the second look', () => looks.length === 2, { intervalMs: 5 });
    looks[1]!.answer({ ok: true, detail: '' });
    await waitUntil('ready', () => supervisor.state.readyAtMs !== null);
    expect(states).toEqual(['starting', 'running', 'running']);
  });

  it('is stopped and tried again when its time is over, which is shown as the reason', async () => {
    const spec = probed({
      ready: { probe: { kind: 'tcp', host: '::1', port: 1 }, timeoutMs: 40 },
      restart: { backoff: { initialMs: 60_000 } },
    });
    const found = { ok: false, detail: 'connection refused' };
    const { supervisor, spawns, addProcess, spawned, reached } = createWorld({ spec, found });
    supervisor.request('start');
    await spawned(1);
    spawns[0]!.answer(addProcess(100));
    await waitUntil('the stop', () => supervisor.state.stop?.treeGone === true);
    supervisor.programExited(1, { code: null, signal: 'SIGTERM' }, Date.now());
    await reached('backoff');
    expect(supervisor.state.reason).toBe('not ready within 0 s: connection refused');
    expect(supervisor.exits).toMatchObject([{ kind: 'not-ready', exit: { signal: 'SIGTERM' } }]);
  });

  it('whose look ends after its run is not taken for the next run’s word', async () => {
    const { supervisor, spawns, looks, addProcess, spawned, reached } = createWorld({ spec: probed() });
    supervisor.request('start');
    await spawned(1);
    spawns[0]!.answer(addProcess(100));
    await reached('running');
    supervisor.request('restart');
    await waitUntil('the tree to be gone', () => supervisor.state.stop?.treeGone === true);
    supervisor.programExited(1, code(0), Date.now());
    await spawned(2);
    spawns[1]!.answer(addProcess(101));
    await reached('running');
    looks[0]!.answer({ ok: true, detail: '' });
    await waitUntil('the look at the second run', () => looks.length === 2);
    expect(supervisor.state).toMatchObject({ epoch: 2, readyAtMs: null });
    looks[1]!.answer({ ok: true, detail: '' });
    await waitUntil('ready', () => supervisor.state.readyAtMs !== null);
  });
});

describe('a pane that depends on another', () => {
  it('is not spawned before the other is there, and says so meanwhile', async () => {
    const db = { state: createPaneState(), spec: { name: 'db', dependsOn: [], restart: { successExitCodes: [0] } } };
    const gate = createGate((name) => (name === 'db' ? db : null));
    const spec = sleeper('one', { dependsOn: [{ pane: 'db', condition: 'started' }] });
    const { supervisor, spawns, spawned, reached } = createWorld({ spec, gate });
    supervisor.request('start');
    await waitUntil('the reason', () => supervisor.state.reason !== '');
    expect(supervisor.state).toMatchObject({
      name: 'starting',
      reason: 'waits for db to run, which is stopped',
      hold: { blocked: true },
    });
    db.state = { ...db.state, name: 'starting' };
    gate.look();
    expect(supervisor.state).toMatchObject({ reason: 'waits for db to run', hold: { blocked: false } });
    supervisor.request('stop');
    expect(supervisor.state.name).toBe('stopped');
    supervisor.request('start');
    db.state = { ...db.state, name: 'running', startedAtMs: 1, readyAtMs: 1 };
    gate.look();
    await spawned(1);
    expect(spawns[0]!.epoch).toBe(2);
    await reached('starting');
  });
});

describe('the end of a run', () => {
  async function started(over: Parameters<typeof createWorld>[0] = { spec: patient }, pid = 100) {
    const world = createWorld(over);
    world.supervisor.request('start');
    await world.spawned(1);
    world.spawns[0]!.answer({ pid, startTime: `t${pid}` });
    await world.reached('running');
    return world;
  }

  it('is kept with the last lines that the program had shown', async () => {
    const { supervisor, screen } = await started();
    screen.text = `${Array.from({ length: 40 }, (_, i) => `line ${i}  `).join('\n')}\nTypeError: boom\n\n\n`;
    supervisor.programExited(1, code(1), Date.now());
    await waitUntil('the tail', () => supervisor.exits[0]!.tail.length > 0);
    const { tail } = supervisor.exits[0]!;
    expect(tail).toHaveLength(20);
    expect([tail[0], tail.at(-1)]).toEqual(['line 21', 'TypeError: boom']);
  });

  it('by SIGKILL is laid to want of memory when something speaks for that and nobody here sent it', async () => {
    const killed = { code: null, signal: 'SIGKILL' };
    const hungry = await started(undefined, 666);
    hungry.supervisor.programExited(1, killed, Date.now());
    expect(hungry.supervisor.exits).toMatchObject([{ kind: 'out-of-memory' }]);
    expect(hungry.supervisor.state.reason).toMatch(/^killed by SIGKILL: out of memory/);
    const asked = await started(undefined, 666);
    asked.supervisor.request('kill');
    asked.supervisor.programExited(1, killed, Date.now());
    expect(asked.supervisor.exits).toMatchObject([{ kind: 'by-nonet' }]);
  });

  it('that is the last is announced once', async () => {
    const { supervisor, fatal } = await started({ spec: sleeper('one', { restart: { maxRestarts: 0 } }) });
    supervisor.programExited(1, code(1), Date.now());
    supervisor.request('stop');
    expect(fatal).toHaveLength(1);
    expect(fatal[0]).toContain('gave up');
  });
});

describe('a restart that nonet itself wants', () => {
  it('is for the run that is meant, and for no later one', async () => {
    const { supervisor, spawns, addProcess, spawned, reached } = createWorld();
    supervisor.request('start');
    await spawned(1);
    spawns[0]!.answer(addProcess(100));
    await reached('running');
    supervisor.restartBecause({ kind: 'health', reason: 'unhealthy', failure: true }, { epoch: 0 });
    expect(supervisor.state.name).toBe('running');
    supervisor.restartBecause({ kind: 'watch', reason: 'app.ts changed', failure: false }, { epoch: 1 });
    expect(supervisor.state).toMatchObject({ name: 'stopping', reason: 'app.ts changed' });
    await waitUntil('the tree to be gone', () => supervisor.state.stop?.treeGone === true);
    supervisor.programExited(1, code(0), Date.now());
    await spawned(2);
    expect(supervisor.state).toMatchObject({ name: 'starting', restarts: 1, recentRestarts: [] });
    expect(supervisor.exits).toMatchObject([{ kind: 'by-nonet', reason: 'app.ts changed' }]);
  });
});

function fact(over: { pid: number; epoch: number } & Partial<Parameters<PaneSupervisor['reconcile']>[0]>) {
  return {
    pane: 1,
    startTime: `t${over.pid}`,
    alive: true,
    exit: null,
    startedAt: Date.now(),
    exitedAt: null,
    title: '',
    cols: 80,
    rows: 24,
    ...over,
  };
}
