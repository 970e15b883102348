import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { resolvePaths, type SessionPaths } from '../../src/config/paths.ts';
import type { Layout, PaneSpec } from '../../src/core/layout.ts';
import { regularGrid } from '../../src/core/regular-grid.ts';
import type { PaneInfo, PaneStateName } from '../../src/core/session.ts';
import { DEFAULT_SUPERVISION } from '../../src/core/supervision.ts';
import { VERSION } from '../../src/core/version.ts';
import { type Connection, connect, createHello } from '../../src/protocol/connection.ts';
import { type ActionResult, type DaemonEvent, daemonRequests } from '../../src/protocol/control.ts';
import type { RequestName, RequestParams, RequestResult } from '../../src/protocol/request-table.ts';
import { NODE, PROJECT } from '../helpers/fixture.ts';
import { isAlive, type ProcessRow, processesWithMarker } from '../helpers/process-list.ts';
import { PATIENCE_MS, waitUntil } from '../helpers/wait-until.ts';

type Name = RequestName<typeof daemonRequests>;

/** A daemon with a real host and directories of its own; it is taken down when the test ends, and what is left then fails the test. */
export type DaemonSession = {
  readonly paths: SessionPaths;
  readonly directory: string;
  readonly env: Record<string, string>;
  /** Starts another daemon of the session; the first is started already. */
  startDaemon(): ChildProcess;
  readonly child: ChildProcess;
  connect(onEvent?: (event: DaemonEvent) => void): Promise<Connection>;
  request<N extends Name>(
    name: N,
    params: RequestParams<typeof daemonRequests, N>,
  ): Promise<RequestResult<typeof daemonRequests, N>>;
  /** Starts the panes; those that wait for nothing have been started when it resolves, however long that took. */
  up(panes: PaneSpec[], more?: Partial<RequestParams<typeof daemonRequests, 'up'>>): Promise<void>;
  /** Forgets the connection, whose other end is gone, before it shows. */
  disconnect(): void;
  act(action: 'start' | 'stop' | 'restart' | 'kill', ...panes: string[]): Promise<ActionResult>;
  list(): Promise<PaneInfo[]>;
  pane(name: string): Promise<PaneInfo>;
  waitForState(name: string, state: PaneStateName, timeoutMs?: number): Promise<PaneInfo>;
  capture(name: string): Promise<string>;
  waitForText(name: string, text: string): Promise<void>;
  /** Everything that came of this session. */
  processes(): ProcessRow[];
  processesOf(pane: string): ProcessRow[];
  /** Waits until there is one: while a new daemon is slow to come another may be tried, which leaves at once. */
  pidOf(entry: 'host' | 'daemon'): Promise<number>;
  logText(): string;
};

export async function startSession({ start = true } = {}): Promise<DaemonSession> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'nd-'));
  // Not a name of nonet's own, which panes would not inherit.
  const marker = `DAEMON_TEST=${randomUUID()}`;
  const env: Record<string, string> = {
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    HOME: directory,
    LANG: 'C.UTF-8',
    DAEMON_TEST: marker.slice('DAEMON_TEST='.length),
    // The sources are translated once instead of in every test.
    NODE_COMPILE_CACHE: path.join(PROJECT, 'node_modules/.cache/node-compile'),
    XDG_RUNTIME_DIR: path.join(directory, 'run'),
    XDG_STATE_HOME: path.join(directory, 'state'),
    XDG_CONFIG_HOME: path.join(directory, 'config'),
    XDG_CACHE_HOME: path.join(directory, 'cache'),
  };
  fs.mkdirSync(env['XDG_RUNTIME_DIR']!, { mode: 0o700 });
  const paths = resolvePaths({ env, session: 'test' });
  const entry = path.join(PROJECT, 'src/daemon/main.ts');
  const connections: Connection[] = [];
  let talk = '';
  let main: Connection | null = null;

  function startDaemon(): ChildProcess {
    const child = spawn(NODE, [entry, '--session', 'test'], { env, stdio: ['ignore', 'ignore', 'pipe'] });
    child.stderr.on('data', (data: Buffer) => {
      talk += data.toString();
    });
    return child;
  }

  const child = start ? startDaemon() : null;

  const session: DaemonSession = {
    paths,
    directory,
    env,
    startDaemon,
    get child() {
      return child!;
    },
    async connect(onEvent = () => {}) {
      let connection: Connection | null = null;
      const hello = createHello('cli', 'test', VERSION);
      await waitUntil(
        'the daemon to listen',
        async () => {
          connection = await connect(paths.daemonSocket, hello, {
            onEvent: (event) => onEvent(event as DaemonEvent),
          }).catch(() => null);
          return connection !== null || talk;
        },
        { intervalMs: 10 },
      );
      connections.push(connection!);
      return connection!;
    },
    async request(name, params) {
      if (!main || main.closed) main = await session.connect();
      return main.request(daemonRequests, name, params, { timeoutMs: PATIENCE_MS });
    },
    disconnect() {
      main?.close();
      main = null;
    },
    async up(panes, more = {}) {
      const reply = await session.request('up', { layout: layoutOf(panes), env, size: null, ...more });
      expect(reply).toEqual({ started: true });
      await waitUntil('the panes to start', async () => {
        const rows = await session.list();
        return !rows.some(({ state, epoch, reason }) => state === 'starting' && epoch === 1 && reason === '') || rows;
      });
    },
    act: (action, ...panes) => session.request(action, { panes, wait: true, now: false } as never),
    list: () => session.request('list', {}),
    async pane(name) {
      const row = (await session.list()).find((candidate) => candidate.name === name);
      if (!row) throw new Error(`no pane ${name}`);
      return row;
    },
    async waitForState(name, state, timeoutMs = PATIENCE_MS) {
      let row: PaneInfo | null = null;
      await waitUntil(
        `${name} to be ${state}`,
        async () => {
          row = await session.pane(name);
          return row.state === state || row;
        },
        { timeoutMs, intervalMs: 10 },
      );
      return row!;
    },
    capture: async (pane) => (await session.request('capture', { pane, format: 'text', scrollback: 0 })).text,
    waitForText: (pane, text) =>
      waitUntil(`${text} in ${pane}`, async () => {
        const screen = await session.capture(pane);
        return screen.includes(text) || screen;
      }),
    processes: () => processesWithMarker(marker),
    processesOf: (pane) =>
      processesWithMarker(marker).filter((row) => row.environment.includes(`NONET_PANE_NAME=${pane}`)),
    async pidOf(entryName) {
      let pid = 0;
      await waitUntil(`one process of ${entryName}`, () => {
        const rows = processesWithMarker(marker).filter((row) => runs(row, entryName));
        // A process that has just been forked and not yet become another program looks like its parent.
        const found = rows.filter((row) => !rows.some((other) => other.pid === row.parentPid));
        pid = found[0]?.pid ?? 0;
        return found.length === 1 || found.map((row) => row.pid);
      });
      return pid;
    },
    logText: () => (fs.existsSync(paths.daemonLog) ? fs.readFileSync(paths.daemonLog, 'utf8') : ''),
  };

  onTestFinished(async () => {
    const known = session.processes();
    if (known.some((row) => runs(row, 'host') || runs(row, 'daemon')))
      await session.request('down', { timeoutMs: 1000 }).catch(() => {});
    for (const connection of connections) connection.close();
    await waitUntil('every process to be gone', () => session.processes().length === 0).catch(() => {});
    const left = session.processes();
    for (const { pid } of left) killOutright(pid);
    await waitUntil('the rest to be gone', () => !left.some((row) => isAlive(row.pid)));
    const sockets = [paths.daemonSocket, paths.hostSocket].filter((file) => fs.existsSync(file));
    const log = left.length > 0 ? session.logText() : '';
    fs.rmSync(directory, { recursive: true, force: true });
    expect(
      left.map((row) => row.argv.join(' ')),
      `left after down\n${log}\n${talk}`,
    ).toEqual([]);
    expect(sockets).toEqual([]);
  }, 40_000);
  return session;
}

/** The first word after Node's own options is the entry. */
function runs(row: ProcessRow, entryName: string): boolean {
  const entry = row.argv.find((word, i) => i > 0 && !word.startsWith('-'));
  return entry?.endsWith(`/${entryName}/main.ts`) ?? false;
}

function killOutright(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone meanwhile.
  }
}

export function layoutOf(panes: PaneSpec[]): Layout {
  return {
    name: 'test',
    file: null,
    grid: regularGrid(3, 3),
    panes,
    keys: {},
    mouse: true,
    reload: 'manual',
    clipboard: 'focused',
  };
}

type SpecOverrides = Partial<Omit<PaneSpec, 'restart' | 'stop'>> & {
  restart?: Partial<Omit<PaneSpec['restart'], 'backoff'>> & { backoff?: Partial<PaneSpec['restart']['backoff']> };
  stop?: Partial<PaneSpec['stop']>;
};

/** A pane with delays that suit a test. */
export function spec(name: string, argv: [string, ...string[]], over: SpecOverrides = {}): PaneSpec {
  const { restart, stop, ...rest } = over;
  return {
    name,
    argv,
    command: argv.join(' '),
    agent: 'none',
    cwd: os.tmpdir(),
    env: {},
    autostart: true,
    scrollback: 100,
    ...DEFAULT_SUPERVISION,
    ...rest,
    restart: {
      policy: 'on-failure',
      maxRestarts: 5,
      windowMs: 600_000,
      minUptimeMs: 5000,
      successExitCodes: [0],
      stopExitCodes: [],
      delayMs: null,
      ...restart,
      backoff: { initialMs: 100, factor: 1, maxMs: 60_000, jitter: 0, resetAfterMs: 60_000, ...restart?.backoff },
    },
    stop: { keys: [], signal: 'SIGTERM', timeoutMs: 2000, ...stop },
  };
}

export function sh(name: string, script: string, over: SpecOverrides = {}): PaneSpec {
  return spec(name, ['sh', '-c', script], over);
}

/** Lives until it is told to leave. */
export function sleeper(name: string, over: SpecOverrides = {}): PaneSpec {
  return spec(name, ['sleep', '1000'], over);
}

/** An interactive shell with a prompt of `$`. */
export function shell(name: string, over: SpecOverrides = {}): PaneSpec {
  return spec(name, ['bash', '--norc', '--noprofile'], { env: { PS1: '$ ' }, ...over });
}
