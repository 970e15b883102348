import { NonetError } from '../core/errors.ts';
import type { Probe } from '../core/supervision.ts';
import type { PaneSupervisor } from '../supervisor/pane-supervisor.ts';
import type { HostLink } from './host-link.ts';
import { type Outcome, overruled, waitForOutcome } from './outcomes.ts';
import type { Session } from './session.ts';

/**
 * Gives a pane a new program without a moment in which none is there: the new one starts where nobody sees it, takes the place of the old one
 * when it is ready, and only then the old one is stopped. When it does not get that far the old one goes on as if nothing had happened.
 * `isWanted`: false once something else was asked for.
 */
export type ReplaceProgram = (supervisor: PaneSupervisor, isWanted: () => boolean) => Promise<Outcome>;

export type ReplacerDeps = { session: Session; host: Pick<HostLink, 'request' | 'requireReady'> };

const SAID_BY_ITSELF: ReadonlySet<Probe['kind']> = new Set(['log_line', 'screen', 'idle_screen']);
const HOST_PATIENCE_MS = 10_000;

export function createReplacer({ session, host }: ReplacerDeps): ReplaceProgram {
  return async (old, isWanted) => {
    const number = old.pane;
    const fact = (await host.request('facts', {})).panes.find(({ pane }) => pane === number);
    if (!fact) return { ok: false, message: `the host has no pane ${number}` };
    const next = session.addStandby(old, { cols: fact.cols, rows: fact.rows });
    const outcome = await prepare(next);
    const isReplaceable = session.panes.includes(old) && old.state.name === 'running' && isWanted();
    const failure = !outcome.ok
      ? `the new one is not fit: ${outcome.message}`
      : !isReplaceable
        ? overruled('asked for something else').message
        : await swap(number, next);
    if (failure !== null) {
      await discard(next);
      return { ok: false, message: `left as it was, because ${failure}` };
    }
    session.promote(old, next);
    // What happened to either while they changed places may have been told under the other's number.
    const { panes } = await host.request('facts', {});
    for (const supervisor of [next, old])
      supervisor.reconcile(panes.find(({ pane }) => pane === supervisor.pane) ?? null);
    const end = await discard(old);
    return end.ok
      ? { ok: true, message: 'running' }
      : { ok: false, message: `replaced, but the old one stays: ${end.message}` };
  };

  async function prepare(next: PaneSupervisor): Promise<Outcome> {
    next.request('restart');
    const outcome = await waitForOutcome(session, next, 'up');
    if (!outcome.ok) return outcome;
    // Where it is not itself that has said so it has to live for as long as a start takes to count as one: while the old one is there too, it may
    // be that which answers, and the new one does not get the port.
    const { ready, restart } = next.spec;
    if (!ready || !SAID_BY_ITSELF.has(ready.probe.kind)) await waitWhileRunning(next, restart.minUptimeMs);
    return next.state.name === 'running' ? outcome : { ok: false, message: next.state.reason };
  }

  async function waitWhileRunning(supervisor: PaneSupervisor, ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(done, ms);
      const off = session.onChange((changed) => {
        if (changed === supervisor && supervisor.state.name !== 'running') done();
      });
      function done(): void {
        clearTimeout(timer);
        off();
        resolve();
      }
      if (supervisor.state.name !== 'running') done();
    });
  }

  /** Null, or why they have not changed places. */
  async function swap(number: number, next: PaneSupervisor): Promise<string | null> {
    try {
      await host.request('swap-panes', { pane: number, other: next.pane });
      return null;
    } catch (error) {
      if (!(error instanceof NonetError) || error.code !== 'disconnected') return (error as Error).message;
      // It may have been done all the same.
      await host.requireReady(HOST_PATIENCE_MS);
      const { panes } = await host.request('facts', {});
      const isDone = panes.find(({ pane }) => pane === number)?.pid === next.program?.pid;
      return isDone ? null : error.message;
    }
  }

  async function discard(supervisor: PaneSupervisor): Promise<Outcome> {
    supervisor.request('stop');
    const outcome = await waitForOutcome(session, supervisor, 'down');
    if (outcome.ok) {
      session.dropStandby(supervisor);
      await host.request('remove-pane', { pane: supervisor.pane }).catch(() => {
        // Gone with its host.
      });
    }
    return outcome;
  }
}
