import { AT_REST } from '../core/session.ts';
import { MAX_TIMER_MS } from '../core/timer-limit.ts';
import type { PaneSupervisor } from '../supervisor/pane-supervisor.ts';
import { performAction } from './actions.ts';
import type { SavedSession } from './deposit.ts';
import { HOST_ANSWER_MS } from './host-link.ts';
import type { Log } from './log.ts';
import type { Persistence } from './persistence.ts';
import type { Session } from './session.ts';

/** The end of a session: everything stops, in the order of dependencies, and the daemon leaves. */
export type Closing = {
  readonly isClosing: boolean;
  /** For the next daemon, which goes on with it should this one be killed. */
  readonly saved: SavedSession['closing'];
  /**
   * Asked again, it is the same end, killed after the shorter grace. `deliberate`: somebody took the session down; a signal may only mean
   * that the machine goes. `stuck`: the panes that could not be ended.
   */
  down(timeoutMs: number | null, deliberate: boolean): Promise<{ stuck: number[] }>;
};

export type ClosingDeps = {
  session: Session;
  persistence: Pick<Persistence, 'close'>;
  /** Resolves when the host has said what it has; rejects after the time. */
  openInTime(patienceMs: number): Promise<void>;
  flushDeposit(): void;
  leave(): Promise<void>;
  nowMs: () => number;
  log: Log;
};

/** A host tells at once that a program has ended. */
const HOST_WORD_MS = 2_000;
const MIN_PATIENCE_MS = 1_000;
/** For the kills after the grace, and for the ladder to find that they do not help. */
const KILL_MARGIN_MS = 10_000;
const LOOK_MS = 100;

export function createClosing(deps: ClosingDeps): Closing {
  const { session, persistence, openInTime, flushDeposit, leave, nowMs, log } = deps;
  let closing: Promise<{ stuck: number[] }> | null = null;
  /** When the grace of `down --timeout` is over; null without one. */
  let killAtMs: number | null = null;

  async function stopAll(deliberate: boolean): Promise<{ stuck: number[] }> {
    log.info({ panes: session.panes.length }, 'going down');
    const patienceMs = Math.min(HOST_ANSWER_MS, (killAtMs ?? Number.POSITIVE_INFINITY) - nowMs());
    await openInTime(Math.max(MIN_PATIENCE_MS, patienceMs)).then(
      // What is wanted is written down before all that changes.
      () => persistence.close(deliberate),
      // Who runs is still known to the kernel.
      () => session.clearLeftovers(),
    );
    const stopped = performAction(session, [...session.panes, ...session.standbys], {
      action: 'stop',
      wait: true,
    }).then((results) => results.filter(({ ok }) => !ok).map(({ pane }) => pane));
    const stuck = await Promise.race([stopped, waitForNobody()]);
    // After the replies to all who asked.
    setImmediate(() => void leave());
    return { stuck };
  }

  /** Resolves when only the host's word is missing, and does not come; or when all patience is over. Its panes end with it. */
  async function waitForNobody(): Promise<number[]> {
    const startMs = nowMs();
    let goneAtMs = Number.POSITIVE_INFINITY;
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      goneAtMs = session.panes.every(isGone) ? Math.min(goneAtMs, nowMs()) : Number.POSITIVE_INFINITY;
      const patienceMs =
        Math.min(killAtMs ?? Number.POSITIVE_INFINITY, startMs + graceOf(session.panes)) + KILL_MARGIN_MS;
      if (nowMs() - goneAtMs > HOST_WORD_MS || nowMs() > patienceMs) break;
    }
    return session.panes.filter((supervisor) => !isHarmless(supervisor)).map(({ pane }) => pane);
  }

  function killAll(): void {
    for (const supervisor of [...session.panes, ...session.standbys]) supervisor.request('kill');
  }

  return {
    get isClosing() {
      return closing !== null;
    },
    get saved() {
      return closing ? { killAtMs } : undefined;
    },
    down(timeoutMs, deliberate) {
      // An earlier daemon may have taken any number.
      const killTimer = timeoutMs === null ? null : setTimeout(killAll, Math.min(timeoutMs, MAX_TIMER_MS));
      if (timeoutMs !== null) killAtMs = Math.min(killAtMs ?? Number.POSITIVE_INFINITY, nowMs() + timeoutMs);
      closing ??= stopAll(deliberate);
      flushDeposit();
      return closing.finally(() => {
        if (killTimer) clearTimeout(killTimer);
      });
    },
  };
}

/** Panes that wait for others to stop need the time of those, too. */
function graceOf(panes: readonly PaneSupervisor[]): number {
  const graces = panes.map(({ spec }) => spec.stop.timeoutMs);
  const areOrdered = panes.some(({ spec }) => spec.dependsOn.length > 0);
  return areOrdered ? graces.reduce((sum, ms) => sum + ms, 0) : Math.max(0, ...graces);
}

function isGone({ state }: PaneSupervisor): boolean {
  return AT_REST[state.name] || (state.stop?.treeGone ?? false);
}

/** Not stopped, but it will be with the host: what that was asked to start has not shown up. */
function isHarmless(supervisor: PaneSupervisor): boolean {
  return isGone(supervisor) || (supervisor.state.stop?.spawnPending ?? false);
}
