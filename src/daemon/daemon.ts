import type { ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import path from 'node:path';
import type { SessionPaths } from '../config/paths.ts';
import { nextTime } from '../core/cron.ts';
import { NonetError } from '../core/errors.ts';
import type { Layout, LayoutEdits } from '../core/layout.ts';
import { logBaseName } from '../core/log-names.ts';
import { VERSION } from '../core/version.ts';
import { createHello, openConnection } from '../protocol/connection.ts';
import { daemonRequests, type HandOver } from '../protocol/control.ts';
import { dispatchRequest } from '../protocol/dispatch-request.ts';
import { type Endpoint, listen } from '../protocol/endpoint.ts';
import { createProcesses } from '../supervisor/create-processes.ts';
import { createOomEvidence, linuxOomSources } from '../supervisor/oom-evidence.ts';
import { createUsageSampler } from '../supervisor/usage-sampler.ts';
import { capturePane } from './capture-reader.ts';
import { createCare } from './care.ts';
import { createLayoutChanger } from './change-layout.ts';
import { createClosing } from './closing.ts';
import { formatDeposit } from './deposit.ts';
import { createHandlers } from './handlers.ts';
import { createHostLink, HOST_ANSWER_MS, type HostLink, unanswered } from './host-link.ts';
import { createLayoutWatch } from './layout-watch.ts';
import type { Log } from './log.ts';
import { createPersistence, moveSavedScreen, type PersistedSession, readSavedScreen } from './persistence.ts';
import { createPublisher } from './publisher.ts';
import { createSession, type Session } from './session.ts';
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
/** The system's monotonic clock: the next daemon can go on counting. */
const nowMs = (): number => Number(process.hrtime.bigint()) / 1e6;

export async function startDaemon({ paths, env, log, starting, onDone }: DaemonDeps): Promise<Daemon> {
  const hello = createHello('daemon', paths.session, VERSION);
  const processes = createProcesses();
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
    onEvent(event) {
      // Not what a signal says: titles and notifications are the programs' own words.
      const kind = event.event === 'signal' ? event.signal.type : undefined;
      log.trace({ event: event.event, kind, pane: 'pane' in event ? event.pane : undefined }, 'the host tells');
      session.hostEvent(event);
    },
    onFound(facts, known) {
      // The panes of a host that is new to a filled session were told of the loss of the old one, and wait for this one.
      if (known || session.empty) session.reconcile(facts);
      layoutWatch.follow();
      isOpen = true;
      opened();
      deposit();
      // What the earlier daemon had been asked for and did not live to finish.
      const { foundClosing } = session;
      if (foundClosing && !closing.isClosing) {
        void closing.down(foundClosing.killAtMs && Math.max(0, foundClosing.killAtMs - nowMs()), true);
      }
    },
    onLost: () => session.hostLost(),
  });

  // The same for every host and daemon of this session, and for no other session of this machine.
  const markId = createHash('sha256').update(paths.hostSocket).digest('hex').slice(0, 16);

  const care = createCare({
    host,
    panes: () => [...session.panes, ...session.standbys],
    markId,
    paneLogDirectory: paths.paneLogDirectory,
    nowMs,
    random: Math.random,
    onChange: (pane) => publisher.markChanged(pane),
  });

  const sampler = createUsageSampler({
    ...care.sampling,
    onChange(panes) {
      for (const pane of panes) publisher.markChanged(pane);
    },
  });

  const outOfMemory = createOomEvidence(linuxOomSources);

  const session = createSession({
    name: paths.session,
    version: VERSION,
    markId,
    host,
    flushDeposit,
    processes,
    sampler,
    probes: care.probes,
    care: care.keeper,
    limits: care.limits,
    outOfMemory,
    nextTime,
    nowMs,
    random: Math.random,
    log,
    paneLogDirectory: paths.paneLogDirectory,
    savedScreen: (paneName) => readSavedScreen(paths.sessionStateDirectory, paneName),
  });

  const publisher = createPublisher({ viewOf: session.viewOf, snapshot: session.snapshot });

  const persistence = createPersistence({
    directory: paths.sessionStateDirectory,
    read: () => persistedSession(paths.session, session),
    async capture(pane, lines) {
      try {
        return (await capturePane(host, { pane, format: 'ansi', scrollback: lines })).text;
      } catch (error) {
        // A pane that has never run.
        if (error instanceof NonetError && error.code === 'no-such-pane') return null;
        throw error;
      }
    },
    async lastOutputAt() {
      const { panes } = await host.request('facts', {});
      return new Map(panes.map(({ pane, lastOutputAt, startedAt }) => [pane, lastOutputAt ?? startedAt]));
    },
    log,
  });

  const closing = createClosing({ session, persistence, openInTime, flushDeposit, leave, nowMs, log });

  session.onChange(({ pane }) => {
    publisher.markChanged(pane);
    deposit();
    persistence.changed();
    layoutWatch.follow();
  });

  const changer = createLayoutChanger({
    session,
    host,
    isClosing: () => closing.isClosing,
    onReplaced: layoutChanged,
    async onRenamed({ pane, before, name, spec }) {
      moveSavedScreen(paths.sessionStateDirectory, before, name);
      const baseOf = (paneName: string): string => path.join(paths.paneLogDirectory, logBaseName(paneName));
      const paneLog = { base: baseOf(name), paneName: name, command: spec.command, settings: spec.log };
      await host.request('move-log', { pane, from: baseOf(before), log: paneLog }).catch((error: Error) => {
        log.warn({ pane, error: error.message }, 'the log keeps its name until the next start');
      });
    },
    log,
  });

  const layoutWatch = createLayoutWatch({
    wish: () => (closing.isClosing ? null : session.wish),
    apply: changer.apply,
    notify: publisher.publishNotice,
    log,
  });

  const handlers = createHandlers({
    name: paths.session,
    session,
    host,
    publisher,
    changer,
    onRearranged: layoutChanged,
    processes,
    sampler,
    care: care.keeper,
    isClosing: () => closing.isClosing,
    down: (timeoutMs) => closing.down(timeoutMs, true),
    save: persistence.save,
    handOver,
  });

  const endpoint: Endpoint = await listen(paths.daemonSocket, (socket) => {
    openConnection(socket, hello, {
      async onRequest(name, params, connection) {
        log.trace({ request: name, from: connection.peer.role, peer: connection.peer.pid }, 'request');
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
    if (session.empty && isOpen) void closing.down(null, false);
  }, EMPTY_MS);

  /** Throws NonetError `timed-out` when the host that was there before us does not say what it has. */
  async function openInTime(patienceMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(unanswered()), patienceMs);
    });
    await Promise.race([open, late]).finally(() => clearTimeout(timer));
  }

  function layoutChanged(): void {
    // First: what a client has been shown is not to be lost with this daemon.
    flushDeposit();
    publisher.publishSession();
    persistence.changed();
    layoutWatch.follow();
  }

  function deposit(): void {
    depositDue ??= setImmediate(flushDeposit);
  }

  function flushDeposit(): void {
    if (depositDue) clearImmediate(depositDue);
    depositDue = null;
    const saved = session.save();
    // Without a host there is nobody to keep it; it is written when one is found.
    const text = saved && formatDeposit({ ...saved, closing: closing.saved });
    if (text) host.request('deposit', { text }).catch(() => {});
  }

  async function handOver(program: { execPath: string; entry: string }): Promise<HandOver> {
    const { version } = await host.request('use-daemon', program);
    if (depositDue) clearImmediate(depositDue);
    depositDue = null;
    const saved = session.save();
    if (saved) await host.request('deposit', { text: formatDeposit(saved) });
    log.info(program, 'making room for another daemon');
    // After the reply. Clients and host see the connection go, and find the next daemon.
    setImmediate(onDone);
    return { daemonVersion: VERSION, hostVersion: version, pid: process.pid };
  }

  async function leave(): Promise<void> {
    clearTimeout(emptyTimer);
    layoutWatch.dispose();
    publisher.publishClosing('the session was taken down');
    publisher.dispose();
    persistence.dispose();
    session.dispose();
    sampler.dispose();
    outOfMemory.dispose();
    await host.shutdown();
    await care.dispose();
    endpoint.close();
    log.info({}, 'down');
    onDone();
  }

  return { down: (timeoutMs) => closing.down(timeoutMs, false) };
}

function persistedEdits({ grid, panes }: Layout, { added, closed }: LayoutEdits): PersistedSession['edits'] {
  const specs = panes.filter(({ name }) => added.includes(name));
  return { grid, added: specs.map(({ name, command, cwd }) => ({ name, command, cwd })), closed };
}

/** Null while there is nothing to come back to. */
function persistedSession(name: string, session: Session): PersistedSession | null {
  const saved = session.save();
  if (!saved) return null;
  const { layout, origin } = saved;
  return {
    session: name,
    layout: { file: layout.file, preset: layout.file === null ? (origin?.preset ?? layout.name) : null },
    profile: origin?.profile ?? null,
    ...(saved.renames ? { renames: { ...saved.renames } } : {}),
    cwd: origin?.cwd ?? '/',
    ...(layout.edits ? { edits: persistedEdits(layout, layout.edits) } : {}),
    scaled: origin?.scaled ?? {},
    panes: session.panes.map(({ pane, spec, state }) => ({
      pane,
      name: spec.name,
      // One that waits for an answer still waits for it when the session is lost once more.
      wanted: state.asks ? 'up' : state.wanted,
      state: state.name,
      restarts: state.restarts,
      command: spec.command,
      scrollback: spec.scrollback,
    })),
  };
}
