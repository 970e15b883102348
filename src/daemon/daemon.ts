import type { ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import type { SessionPaths } from '../config/paths.ts';
import { VERSION } from '../core/version.ts';
import { createHello, dispatchRequest, openConnection } from '../protocol/connection.ts';
import { daemonRequests } from '../protocol/control.ts';
import { type Endpoint, listen } from '../protocol/endpoint.ts';
import { createProcesses } from '../supervisor/create-processes.ts';
import type { PaneSupervisor } from '../supervisor/pane-supervisor.ts';
import { createUsageSampler } from '../supervisor/usage-sampler.ts';
import { waitForOutcome } from './actions.ts';
import { formatDeposit } from './deposit.ts';
import { createHandlers } from './handlers.ts';
import { createHostLink, HOST_ANSWER_MS, type HostLink, unanswered } from './host-link.ts';
import type { Log } from './log.ts';
import { createPublisher } from './publisher.ts';
import { createSession } from './session.ts';
import { startHost } from './start-host.ts';

/**
 * PROCESS 2. Decides: what should run, what is restarted, when to give up. It owns no pty and no program, so it may crash, be killed or be
 * replaced: the next one asks the host what is and goes on with what this one left there.
 */
export type Daemon = {
  /** Takes the session down; asked a second time without grace, it kills. */
  down(timeoutMs: number | null): Promise<{ stuck: number[] }>;
};

export type DaemonDeps = {
  paths: SessionPaths;
  env: NodeJS.ProcessEnv;
  log: Log;
  /** The host that has been started already, or null when one may be alive. */
  starting: ChildProcess | null;
  /** When everything is gone: the process may leave. */
  onDone: () => void;
};

/** A daemon that nobody asks for anything leaves again: whoever started it has failed. */
const EMPTY_MS = 10_000;
const MAX_CONNECTIONS = 256;
/** A host tells at once that a program has ended. */
const HOST_WORD_MS = 2_000;
const MIN_PATIENCE_MS = 1_000;
/** For the kills after the grace, and for the ladder to find that they do not help. */
const KILL_MARGIN_MS = 10_000;

/** The system's monotonic clock: the next daemon can go on counting. */
const nowMs = (): number => Number(process.hrtime.bigint()) / 1e6;

/** Not stopped, but it will be with the host: what that was asked to start has not shown up. */
function isHarmless(supervisor: PaneSupervisor): boolean {
  return treeIsGone(supervisor) || (supervisor.state.stop?.spawnPending ?? false);
}

function treeIsGone({ state }: PaneSupervisor): boolean {
  return state.stop?.treeGone ?? false;
}

export async function startDaemon({ paths, env, log, starting, onDone }: DaemonDeps): Promise<Daemon> {
  const hello = createHello('daemon', paths.session, VERSION);
  const processes = createProcesses();
  let closing: Promise<{ stuck: number[] }> | null = null;
  /** When the grace of `down --timeout` is over; null without one. */
  let killAtMs: number | null = null;
  let depositDue: NodeJS.Immediate | null = null;

  // A new host of a new session has nothing to tell. One that may have been alive before us does, and requests wait for it.
  let opened = () => {};
  let isOpen = starting !== null;
  const open = starting ? Promise.resolve() : new Promise<void>((resolve) => (opened = resolve));

  const host: HostLink = createHostLink({
    socketPath: paths.hostSocket,
    hello,
    processes,
    log,
    starting,
    startHost: () => startHost(paths, env),
    onEvent: (event) => session.hostEvent(event),
    onFound(facts, known) {
      // The panes of a host that is new to a filled session were told of the loss of the old one, and wait for this one.
      if (known || session.empty) session.reconcile(facts);
      isOpen = true;
      opened();
      deposit();
      // What the earlier daemon had been asked for and did not live to finish.
      const { foundClosing } = session;
      if (foundClosing && !closing) void down(foundClosing.killAtMs && Math.max(0, foundClosing.killAtMs - nowMs()));
    },
    onLost: () => session.hostLost(),
  });

  const sampler = createUsageSampler({
    onChange(panes) {
      for (const pane of panes) publisher.markChanged(pane);
    },
  });

  const session = createSession({
    name: paths.session,
    version: VERSION,
    // The same for every host and daemon of this session, and for no other session of this machine.
    markId: createHash('sha256').update(paths.hostSocket).digest('hex').slice(0, 16),
    host,
    flushDeposit,
    processes,
    sampler,
    nowMs,
    random: Math.random,
    log,
  });

  const publisher = createPublisher({ viewOf: session.viewOf, snapshot: session.snapshot });

  session.onChange(({ pane }) => {
    publisher.markChanged(pane);
    deposit();
  });

  const handlers = createHandlers({
    name: paths.session,
    session,
    host,
    publisher,
    processes,
    sampler,
    isClosing: () => closing !== null,
    down,
  });

  const endpoint: Endpoint = await listen(paths.daemonSocket, (socket) => {
    openConnection(socket, hello, {
      async onRequest(name, params, connection) {
        if (name !== 'down') await openInTime(HOST_ANSWER_MS);
        return dispatchRequest({ table: daemonRequests, handlers, name, params }, connection);
      },
      onError: (error) => log.error({ error: error instanceof Error ? error.stack : String(error) }, 'unexpected'),
    }).catch(() => {
      // Not one of us, or of another version: it was told and is gone.
    });
  });
  endpoint.server.maxConnections = MAX_CONNECTIONS;

  const emptyTimer = setTimeout(() => {
    // A host that does not answer may have panes.
    if (session.empty && isOpen) void down(null);
  }, EMPTY_MS);

  /** Throws NonetError `timed-out` when the host that was there before us does not say what it has. */
  async function openInTime(patienceMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(unanswered()), patienceMs);
    });
    await Promise.race([open, late]).finally(() => clearTimeout(timer));
  }

  function deposit(): void {
    depositDue ??= setImmediate(flushDeposit);
  }

  function flushDeposit(): void {
    if (depositDue) clearImmediate(depositDue);
    depositDue = null;
    const saved = session.save();
    // Without a host there is nobody to keep it; it is written when one is found.
    const text = saved && formatDeposit({ ...saved, ...(closing && { closing: { killAtMs } }) });
    if (text) host.request('deposit', { text }).catch(() => {});
  }

  function down(timeoutMs: number | null): Promise<{ stuck: number[] }> {
    for (const supervisor of session.panes) supervisor.request('stop');
    const killTimer = timeoutMs === null ? null : setTimeout(killAll, timeoutMs);
    if (timeoutMs !== null) killAtMs = Math.min(killAtMs ?? Number.POSITIVE_INFINITY, nowMs() + timeoutMs);
    closing ??= stopAll();
    // The next daemon goes on with it, should this one be killed.
    flushDeposit();
    return closing.finally(() => {
      if (killTimer) clearTimeout(killTimer);
    });
  }

  function killAll(): void {
    for (const supervisor of session.panes) supervisor.request('kill');
  }

  async function stopAll(): Promise<{ stuck: number[] }> {
    log.info({ panes: session.panes.length }, 'going down');
    await openInTime(Math.max(MIN_PATIENCE_MS, Math.min(HOST_ANSWER_MS, (killAtMs ?? Infinity) - nowMs()))).then(
      () => {
        for (const supervisor of session.panes) supervisor.request('stop');
      },
      // Who runs is still known to the kernel.
      () => session.clearLeftovers(),
    );
    const outcomes = new Map<PaneSupervisor, boolean>();
    const all = session.panes.map(async (supervisor) => {
      outcomes.set(supervisor, (await waitForOutcome(session, supervisor, 'down')).ok);
    });
    await Promise.race([Promise.all(all), waitForNobody(outcomes)]);
    const stuck = session.panes.filter((supervisor) => !(outcomes.get(supervisor) ?? isHarmless(supervisor)));
    // After the replies to all who asked.
    setImmediate(() => void leave());
    return { stuck: stuck.map(({ pane }) => pane) };
  }

  /** Resolves when only the host's word is missing, and does not come; or when all patience is over. Its panes end with it. */
  async function waitForNobody(settled: ReadonlyMap<PaneSupervisor, boolean>): Promise<void> {
    const graceMs = Math.max(0, ...session.panes.map(({ spec }) => spec.stop.timeoutMs));
    const startMs = nowMs();
    let goneAtMs = Number.POSITIVE_INFINITY;
    while (!session.panes.every((supervisor) => settled.has(supervisor))) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      const allGone = session.panes.every((supervisor) => settled.has(supervisor) || treeIsGone(supervisor));
      goneAtMs = allGone ? Math.min(goneAtMs, nowMs()) : Number.POSITIVE_INFINITY;
      if (nowMs() - goneAtMs > HOST_WORD_MS) break;
      if (nowMs() > Math.min(killAtMs ?? Number.POSITIVE_INFINITY, startMs + graceMs) + KILL_MARGIN_MS) break;
    }
  }

  async function leave(): Promise<void> {
    clearTimeout(emptyTimer);
    publisher.publishClosing('the session was taken down');
    publisher.dispose();
    session.dispose();
    sampler.dispose();
    await host.shutdown();
    endpoint.close();
    log.info({}, 'down');
    onDone();
  }

  return { down };
}
