import type { ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import { NonetError } from '../core/errors.ts';
import { type Connection, connect } from '../protocol/connection.ts';
import { type Hello, type HostEvent, type HostFacts, hostRequests } from '../protocol/control.ts';
import type { RequestName, RequestParams, RequestResult } from '../protocol/request-table.ts';
import type { Processes, ProcessIdentity } from '../supervisor/processes.ts';
import { findHost, findLivingHost } from './find-host.ts';
import type { Log } from './log.ts';

/** The daemon's line to the host: finds the one that lives, starts one if none does, and tells when it is gone. */
export type HostLink = {
  readonly hostPid: number | null;
  /** Resolves when a host is connected, however long that takes. */
  ready(): Promise<void>;
  /** The same, but throws NonetError `host-unavailable` when it takes too long. */
  requireReady(timeoutMs: number): Promise<void>;
  /**
   * Throws NonetError `timed-out` when the host does not answer; a spawn waits as long as the host lives, because whether it has happened
   * must be known.
   */
  request<N extends HostRequestName>(
    name: N,
    params: RequestParams<typeof hostRequests, N>,
  ): Promise<RequestResult<typeof hostRequests, N>>;
  /** Ends the host and waits until it is gone. */
  shutdown(): Promise<void>;
};

type HostRequestName = RequestName<typeof hostRequests>;

export type HostLinkDeps = {
  socketPath: string;
  hello: Hello;
  processes: Processes;
  log: Log;
  /** The host that main has started already, if it has. */
  starting: ChildProcess | null;
  startHost: () => ChildProcess;
  onEvent: (event: HostEvent) => void;
  /** `known`: the connection to the same host was lost and is back. */
  onFound: (facts: HostFacts, known: boolean) => void;
  /** The host is dead, and with it every pty. */
  onLost: () => void;
};

/** Long enough for a machine that is busy. */
export const HOST_ANSWER_MS = 10_000;
const POLL_MS = 10;
const RETRY_MS = 200;
const MAX_RESTART_DELAY_MS = 10_000;
/** A host that lived this long was a good one: the next is started at once. */
const GOOD_AFTER_MS = 10_000;
/** A host whose socket is closed is about to leave; after this it is made to. */
const LEAVE_MS = 2_000;
const KILL_MS = 1_000;

export function createHostLink(deps: HostLinkDeps): HostLink {
  const { socketPath, hello, processes, log } = deps;
  let connection: Connection | null = null;
  let host: ProcessIdentity | null = null;
  let child = deps.starting && watch(deps.starting);
  let startedAtMs = deps.starting ? performance.now() : Number.NEGATIVE_INFINITY;
  let restartDelayMs = 0;
  let closing = false;
  let problem = '';
  let waiting: (() => void)[] = [];

  void keep();

  async function keep(): Promise<void> {
    while (!closing) {
      const found = await find();
      if (closing) {
        if (typeof found === 'object') found.close();
        return;
      }
      if (typeof found === 'object') await use(found);
      else if (found === 'unclear') await sleep(RETRY_MS);
      else if (host) await lose();
      else await start();
    }
  }

  /** `none`: nobody listens. `unclear`: somebody may, but cannot be talked to right now. */
  async function find(): Promise<Connection | 'none' | 'unclear'> {
    try {
      return await connect(socketPath, hello, {
        onEvent: (event) => deps.onEvent(event as HostEvent),
        onError: (error) => log.error({ error: String(error) }, 'a host event failed'),
      });
    } catch (error) {
      const { code, message: said } = error as NodeJS.ErrnoException;
      const message = code === 'timed-out' ? NO_ANSWER : said;
      if (code === 'ENOENT' || code === 'ECONNREFUSED') return 'none';
      if (problem !== message) log.error({ error: message }, 'cannot talk to the host');
      problem = message;
      return 'unclear';
    }
  }

  /** Returns when the connection is gone. */
  async function use(found: Connection): Promise<void> {
    const closed = new Promise<void>((resolve) => found.onClose(resolve));
    let facts: HostFacts;
    try {
      facts = await found.request(hostRequests, 'facts', {}, { timeoutMs: HOST_ANSWER_MS });
    } catch (error) {
      // Gone again before it said a word, or stuck.
      if ((error as NonetError).code === 'timed-out') problem = NO_ANSWER;
      found.close();
      return sleep(RETRY_MS);
    }
    const identity = processes.identify(facts.pid);
    const known = identity !== null && identity.pid === host?.pid && identity.startTime === host.startTime;
    if (host && !known) deps.onLost();
    host = identity;
    connection = found;
    problem = '';
    log.info({ host: facts.pid, known, panes: facts.panes.length }, 'connected to the host');
    deps.onFound(facts, known);
    for (const resolve of waiting.splice(0)) resolve();
    await closed;
    connection = null;
  }

  async function lose(): Promise<void> {
    if (host) await ensureGone(host, LEAVE_MS);
    // Its socket had been taken away, and is back.
    if (host && processes.isAlive(host)) return;
    log.error({ host: host?.pid }, 'the host is gone');
    host = null;
    deps.onLost();
  }

  async function start(): Promise<void> {
    if (child) return sleep(POLL_MS);
    // One that lives has panes, and puts its socket back where that was taken away; another beside it would double them.
    const living = await findLivingHost(processes, socketPath);
    if (living) {
      problem = `the host (pid ${living.pid}) lives, but does not listen`;
      return sleep(RETRY_MS);
    }
    // A host that dies at once would else be started hundreds of times a second.
    restartDelayMs =
      performance.now() - startedAtMs > GOOD_AFTER_MS ? 0 : Math.min(restartDelayMs * 2 + 50, MAX_RESTART_DELAY_MS);
    await sleep(restartDelayMs);
    if (closing) return;
    startedAtMs = performance.now();
    child = watch(deps.startHost());
  }

  function watch(process: ChildProcess): ChildProcess {
    process.once('error', (error) => {
      problem = `the host cannot be started: ${error.message}`;
      log.error({ error: error.message }, 'the host cannot be started');
      if (child === process) child = null;
    });
    process.once('exit', (code, signal) => {
      if (code !== 0 || signal) problem = `the host ended with ${signal ?? code}`;
      if (child === process) child = null;
    });
    return process;
  }

  async function ensureGone(identity: ProcessIdentity, patienceMs: number): Promise<void> {
    if (await isGone(identity, patienceMs)) return;
    if (!closing && fs.existsSync(socketPath)) return;
    log.warn({ host: identity.pid }, 'the host does not leave: killing it');
    processes.signal(identity, 'SIGKILL');
    await isGone(identity, KILL_MS);
  }

  async function isGone(identity: ProcessIdentity, patienceMs: number): Promise<boolean> {
    const untilMs = performance.now() + patienceMs;
    while (processes.isAlive(identity)) {
      if (performance.now() >= untilMs) return false;
      await sleep(POLL_MS);
    }
    return true;
  }

  function ready(): Promise<void> {
    return connection ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve));
  }

  return {
    get hostPid() {
      return host?.pid ?? null;
    },
    ready,
    async requireReady(timeoutMs) {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_resolve, reject) => {
        timer = setTimeout(() => {
          const message = `the host did not come within ${timeoutMs / 1000} s`;
          reject(new NonetError('host-unavailable', problem === '' ? message : `${message}: ${problem}`));
        }, timeoutMs);
      });
      await Promise.race([ready(), late]).finally(() => clearTimeout(timer));
    },
    async request(name, params) {
      if (!connection) {
        if (problem === NO_ANSWER) throw unanswered();
        throw new NonetError('host-unavailable', 'the host is being restarted', { hint: 'try again' });
      }
      const limit = name === 'spawn' ? {} : { timeoutMs: HOST_ANSWER_MS };
      return connection.request(hostRequests, name, params, limit).catch((error: unknown) => {
        throw error instanceof NonetError && error.code === 'timed-out' ? unanswered(error) : error;
      });
    },
    async shutdown() {
      closing = true;
      waiting = [];
      if (connection) {
        // Its end is the answer that counts.
        await connection.request(hostRequests, 'shutdown', {}, { timeoutMs: LEAVE_MS }).catch(() => {});
      }
      const started = child?.pid === undefined ? null : processes.identify(child.pid);
      // One that never said who it is, and will not leave because nobody asks it.
      const last = host ?? started ?? (await findHost(processes, socketPath));
      if (!host) child?.kill('SIGTERM');
      if (last) await ensureGone(last, LEAVE_MS);
      // One that had to be killed leaves it behind.
      if (!last || !processes.isAlive(last)) fs.rmSync(socketPath, { force: true });
    },
  };
}

const NO_ANSWER = 'the host does not answer';

export function unanswered(cause?: unknown): NonetError {
  return new NonetError('timed-out', NO_ANSWER, { hint: '`nonet down` ends it', cause });
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
