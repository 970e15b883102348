import { NonetError } from '../core/errors.ts';
import type { PaneSpec } from '../core/layout.ts';
import type { PaneEvent } from '../core/pane-life.ts';
import type { Exit } from '../core/session.ts';
import type { Gate } from './pane-gate.ts';
import type { PaneHost } from './pane-host.ts';
import { preflight } from './preflight.ts';
import type { ProcessIdentity } from './processes.ts';

/** Gets a program from the wish to the host: after what was before it is gone, what it depends on is there, and the host is. */
export type PaneSpawner = {
  spawn(epoch: number): void;
  /** Calls off a spawn that the host does not know of yet; false when it does, or there is none. */
  cancel(epoch: number): boolean;
  /** What is under way has been overtaken by what the host knows. */
  forget(): void;
  /** Keeps the end of a program whose start has not been taken in yet; false when that is not so. */
  keepExit(epoch: number, exit: Exit, at: number): boolean;
  dispose(): void;
};

export type PaneSpawnerDeps = {
  host: PaneHost;
  gate: Gate;
  /** The removal of what the run before left behind, if it is under way: null, or the processes that no signal ends. */
  swept: () => Promise<number[] | null> | null;
  /** Monotonic ms and a random number in [0, 1). */
  moment: () => { nowMs: number; random: number };
  dispatch: (event: PaneEvent) => void;
  onProgram: (epoch: number, program: ProcessIdentity) => void;
  /** The program had ended when its start was taken in. */
  onEnded: (epoch: number, exit: Exit, at: number) => void;
};

/** A spawn on its way. `exit`: the end of its program, when that was told before the answer to the spawn had been taken in. */
type Job = { epoch: number; sent: boolean; off: AbortController; exit: { exit: Exit; at: number } | null };

export function createPaneSpawner(
  deps: PaneSpawnerDeps,
  { pane, spec, env }: { pane: () => number; spec: PaneSpec; env: Record<string, string> },
): PaneSpawner {
  const { host, gate, swept, moment, dispatch } = deps;
  let job: Job | null = null;

  function drop(): void {
    job?.off.abort();
    job = null;
  }

  async function run(mine: Job): Promise<void> {
    const { epoch, off } = mine;
    // Never a second program beside what is left of the first.
    const sweep = swept();
    const left = sweep && (await sweep);
    if (off.signal.aborted) return;
    if (left) {
      job = null;
      const reason = `what the run before left behind does not end: ${left.join(', ')}`;
      dispatch({ type: 'spawn-failed', epoch, reason, hint: '', ...moment() });
      return;
    }
    const tell = (waiting: { reason: string; hint: string; blocked: boolean }): void => {
      if (!off.signal.aborted) dispatch({ type: 'waiting', epoch, ...waiting, ...moment() });
    };
    if (spec.dependsOn.length > 0) {
      await gate.pass(spec.dependsOn, { tell, signal: off.signal });
      if (off.signal.aborted) return;
      tell({ reason: '', hint: '', blocked: false });
    }
    const found = preflight({ argv: spec.argv, cwd: spec.cwd, env });
    if (!found.ok) {
      job = null;
      dispatch({ type: 'preflight-failed', epoch, reason: found.reason, hint: found.hint, ...moment() });
      return;
    }
    await host.ready();
    if (off.signal.aborted) return;
    mine.sent = true;
    let program: ProcessIdentity;
    try {
      program = await host.spawn({ pane: pane(), epoch });
    } catch (error) {
      refuse(mine, error as Error);
      return;
    }
    if (off.signal.aborted) return;
    job = null;
    deps.onProgram(epoch, program);
    dispatch({ type: 'started', epoch, ...moment() });
    if (mine.exit) deps.onEnded(epoch, mine.exit.exit, mine.exit.at);
  }

  function refuse({ epoch, off }: Job, error: Error): void {
    if (off.signal.aborted) return;
    job = null;
    // Whether it has started is what the host, when it is found again or lost, will tell.
    if (error instanceof NonetError && error.code === 'disconnected') return;
    const hint = error instanceof NonetError ? error.hint : '';
    dispatch({ type: 'spawn-failed', epoch, reason: error.message, hint, ...moment() });
  }

  return {
    spawn(epoch) {
      drop();
      job = { epoch, sent: false, off: new AbortController(), exit: null };
      void run(job);
    },
    cancel(epoch) {
      if (job?.epoch !== epoch || job.sent) return false;
      drop();
      return true;
    },
    forget: drop,
    keepExit(epoch, exit, at) {
      if (!job?.sent || job.epoch !== epoch) return false;
      job.exit = { exit, at };
      return true;
    },
    dispose: drop,
  };
}
