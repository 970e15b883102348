import { afterEach, describe, expect, it } from 'vitest';
import type { PaneSpec } from '../../src/core/layout.ts';
import type { PaneRequest } from '../../src/core/pane-life.ts';
import type { Dependency, ReadySettings } from '../../src/core/supervision.ts';
import { performAction, reloadPanes } from '../../src/daemon/actions.ts';
import type { Session } from '../../src/daemon/session.ts';
import { createGate } from '../../src/supervisor/pane-gate.ts';
import { createPaneSupervisor, type PaneSupervisor } from '../../src/supervisor/pane-supervisor.ts';
import type { Processes } from '../../src/supervisor/processes.ts';
import { waitUntil } from '../helpers/wait-until.ts';
import { sleeper } from './daemon-session.ts';

const supervisors: PaneSupervisor[] = [];
afterEach(() => {
  for (const supervisor of supervisors.splice(0)) supervisor.dispose();
});

/** Panes on a machine where programs start at once, become ready when they are let, and end when they are asked to. */
function createWorld(specs: PaneSpec[]) {
  const listeners = new Set<(supervisor: PaneSupervisor) => void>();
  const alive = new Map<number, { pane: number; epoch: number }>();
  const happened: string[] = [];
  const unready = new Set<string>();
  let nextPid = 100;
  const processes: Processes = {
    snapshot: async () =>
      [...alive.keys()].map((pid) => ({ pid, startTime: 't', parentPid: 1, group: pid, session: pid, zombie: false })),
    identify: () => null,
    isAlive: ({ pid }) => alive.has(pid),
    signal({ pid }, signal) {
      const program = alive.get(pid);
      if (!program) return false;
      alive.delete(pid);
      const supervisor = panes[program.pane - 1]!;
      happened.push(`- ${supervisor.spec.name}`);
      queueMicrotask(() => supervisor.programExited(program.epoch, { code: null, signal }, Date.now()));
      return true;
    },
    markOf: () => null,
    argvOf: () => [],
  };
  const gate = createGate((name) => panes.find(({ spec }) => spec.name === name) ?? null);
  const panes = specs.map((spec, index) =>
    createPaneSupervisor(
      {
        host: {
          ready: async () => {},
          async spawn({ pane, epoch }) {
            happened.push(`+ ${spec.name}`);
            const pid = nextPid++;
            alive.set(pid, { pane, epoch });
            return { pid, startTime: 't' };
          },
          typeKeys: async () => {},
          text: async () => '',
        },
        processes,
        probes: {
          async run() {
            if (unready.has(spec.name)) return { ok: false, detail: 'not yet' };
            happened.push(`! ${spec.name}`);
            return { ok: true, detail: '' };
          },
        },
        gate,
        triggers: { nextTime: () => null, wallMs: Date.now, warn: () => {} },
        outOfMemory: () => '',
        nowMs: () => performance.now(),
        random: () => 0.5,
        onChange(supervisor) {
          for (const listener of [...listeners]) listener(supervisor);
          gate.look();
        },
        onFatal: () => {},
        onRecord: () => {},
      },
      { pane: index + 1, spec, env: { PATH: process.env['PATH']! }, mark: 'm.', excluded: () => new Set() },
    ),
  );
  supervisors.push(...panes);
  const session: Pick<Session, 'panes' | 'onChange'> = {
    panes,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const find = (names: string[]) =>
    names.length === 0 ? panes : panes.filter(({ spec }) => names.includes(spec.name));
  return {
    panes,
    happened,
    unready,
    state: (name: string) => panes.find(({ spec }) => spec.name === name)!.state,
    act: (action: PaneRequest, names: string[] = [], wait = true) =>
      performAction(session as Session, find(names), { action, wait }),
    reload: (names: string[] = [], wait = true) =>
      reloadPanes(session as Session, find(names), {
        wait,
        replace: async () => ({ ok: false, message: 'not an instance' }),
      }),
    listeners,
  };
}

const ready: ReadySettings = { probe: { kind: 'exec', argv: ['true'] }, timeoutMs: 60_000 };
const on = (pane: string, condition: Dependency['condition'] = 'ready'): Dependency[] => [{ pane, condition }];
const chain = () => [
  sleeper('web', { dependsOn: on('api') }),
  sleeper('api', { ready, dependsOn: on('db') }),
  sleeper('db', { ready }),
];

describe('panes that depend on each other', () => {
  it('are started in order, each when what it needs is ready', async () => {
    const { act, happened } = createWorld(chain());
    const results = await act('start');
    expect(results.map(({ ok, message }) => `${ok} ${message}`)).toEqual([
      'true running',
      'true running',
      'true running',
    ]);
    expect(happened).toEqual(['+ db', '! db', '+ api', '! api', '+ web']);
  });

  it('bring what they need with them when one alone is started', async () => {
    const { act, happened, state } = createWorld(chain());
    const results = await act('start', ['web']);
    expect(results).toMatchObject([{ name: 'web', ok: true, message: 'running' }]);
    expect(happened.filter((what) => what.startsWith('+'))).toEqual(['+ db', '+ api', '+ web']);
    expect(state('db').wanted).toBe('up');
  });

  it('are stopped in the opposite order', async () => {
    const { act, happened } = createWorld(chain());
    await act('start');
    happened.length = 0;
    const results = await act('stop');
    expect(results.map(({ message }) => message)).toEqual(['stopped', 'stopped', 'stopped']);
    expect(happened).toEqual(['- web', '- api', '- db']);
  });

  it('are restarted in order, each when what it needs is back', async () => {
    const { act, happened } = createWorld(chain());
    await act('start');
    happened.length = 0;
    const results = await act('restart');
    expect(results.every(({ ok }) => ok)).toBe(true);
    expect(happened).toEqual(['- db', '+ db', '! db', '- api', '+ api', '! api', '- web', '+ web']);
  });

  it('are killed all at once', async () => {
    const { act, panes } = createWorld(chain());
    await act('start');
    const killed = act('kill');
    expect(panes.map(({ state }) => state.name)).toEqual(['stopping', 'stopping', 'stopping']);
    await killed;
  });

  it('go on when one that they need is stopped', async () => {
    const { act, state } = createWorld(chain());
    await act('start');
    await act('stop', ['db']);
    expect([state('web').name, state('api').name, state('db').name]).toEqual(['running', 'running', 'stopped']);
  });

  it('say so when what they need has given up, instead of waiting for ever', async () => {
    const gone = sleeper('db', { cwd: '/no/such/directory' });
    const { act, state } = createWorld([sleeper('api', { dependsOn: on('db') }), gone]);
    const results = await act('start', ['api']);
    expect(results).toMatchObject([
      { ok: false, message: expect.stringContaining('waits for db to be ready, which gave up') },
    ]);
    expect(state('api')).toMatchObject({ name: 'starting', hold: { blocked: true } });
    // It is not started for others again: somebody has to look at it.
    await act('start', ['api']);
    expect(state('db')).toMatchObject({ name: 'fatal', epoch: 1 });
  });

  it('wait for one that has to have done its work, which is not done twice', async () => {
    const { act, happened, panes, state } = createWorld([
      sleeper('api', { dependsOn: on('migrate', 'exited_ok') }),
      sleeper('migrate'),
    ]);
    const starting = act('start', ['api']);
    await waitUntil('the work to begin', () => state('migrate').name === 'running');
    expect(state('api')).toMatchObject({ name: 'starting', reason: 'waits for migrate to end well' });
    panes[1]!.programExited(1, { code: 0, signal: null }, Date.now());
    expect(await starting).toMatchObject([{ ok: true, message: 'running' }]);
    await act('stop', ['api']);
    await act('start', ['api']);
    expect(happened.filter((what) => what === '+ migrate')).toHaveLength(1);
  });

  it('that need each other in a circle are stopped and restarted all the same', async () => {
    const { act, panes } = createWorld([
      sleeper('a', { dependsOn: on('b', 'started'), autostart: true }),
      sleeper('b', { dependsOn: on('a', 'started') }),
    ]);
    void act('start', [], false);
    await waitUntil('both to wait', () => panes.every(({ state }) => state.hold !== null));
    const results = await act('stop');
    expect(results.map(({ message }) => message)).toEqual(['stopped', 'stopped']);
  });
});

describe('a request that waits for its turn', () => {
  it('gives way to a later one for the same pane', async () => {
    const { act, state, unready, happened } = createWorld(chain());
    await act('start');
    unready.add('db');
    happened.length = 0;
    const restarting = act('restart', ['api', 'db']);
    await waitUntil('db to be up and not ready', () => happened.includes('+ db'));
    await act('start', ['api']);
    unready.delete('db');
    const results = await restarting;
    expect(results).toMatchObject([
      { name: 'api', ok: false, message: expect.stringContaining('another request') },
      { name: 'db', ok: true },
    ]);
    expect(state('api').epoch).toBe(1);
  });

  it('says so at once to somebody who does not wait, and is carried out', async () => {
    const { act, panes, listeners } = createWorld(chain());
    await act('start');
    const results = await act('stop', [], false);
    expect(results.map(({ message }) => message)).toEqual([
      'stopping',
      'stop follows in its turn',
      'stop follows in its turn',
    ]);
    await waitUntil('all to be down', () => panes.every(({ state }) => state.name === 'stopped'));
    await waitUntil('nobody to listen any more', () => listeners.size === 0);
  });
});

describe('a start of a pane that runs', () => {
  it('waits until it is ready', async () => {
    const { act, unready, state } = createWorld([sleeper('db', { ready })]);
    unready.add('db');
    void act('start', [], false);
    await waitUntil('it to run', () => state('db').name === 'running');
    const again = act('start');
    unready.delete('db');
    expect(await again).toMatchObject([{ ok: true, message: 'already running' }]);
    expect(state('db').readyAtMs).not.toBeNull();
  });
});

describe('a reload', () => {
  const workers = () => [1, 2, 3].map((n) => sleeper(`worker-${n}`, { ready, instance: n - 1 }));

  it('restarts one after the other, so that never more than one is not ready', async () => {
    const { act, reload, happened } = createWorld(workers());
    await act('start');
    happened.length = 0;
    const results = await reload();
    expect(results.map(({ name, message }) => `${name} ${message}`)).toEqual([
      'worker-1 running',
      'worker-2 running',
      'worker-3 running',
    ]);
    expect(happened).toEqual([1, 2, 3].flatMap((n) => [`- worker-${n}`, `+ worker-${n}`, `! worker-${n}`]));
  });

  it('leaves the rest as they are when one does not come up again', async () => {
    const { act, reload, state, unready } = createWorld(
      workers().map((spec, i) => (i === 1 ? { ...spec, ready: { ...ready, timeoutMs: 50 } } : spec)),
    );
    await act('start');
    unready.add('worker-2');
    const results = await reload();
    expect(results).toMatchObject([
      { name: 'worker-1', ok: true },
      { name: 'worker-2', ok: false, message: expect.stringContaining('not ready within') },
      { name: 'worker-3', ok: false, message: 'left as it was, because worker-2 did not come up' },
    ]);
    expect(state('worker-3').epoch).toBe(1);
  });
});
