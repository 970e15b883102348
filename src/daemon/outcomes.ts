import type { PaneRequest, PaneState } from '../core/pane-life.ts';
import type { PaneStateName } from '../core/session.ts';
import type { PaneSupervisor } from '../supervisor/pane-supervisor.ts';
import type { Session } from './session.ts';

/** What came of a request: whether a pane is where it should be, and what to tell the one who asked. */
export type Outcome = { ok: boolean; message: string };

/** `up`: runs and is ready. `begun`: is on its way up, as far as it comes without waiting for readiness or others. */
export type Goal = 'up' | 'begun' | 'down';

export const GOALS: Record<PaneRequest, Goal> = {
  start: 'up',
  restart: 'up',
  'restart-now': 'up',
  stop: 'down',
  kill: 'down',
};

/** Resolves when the pane has reached its goal or something else has come of it. */
export async function waitForOutcome(session: Session, supervisor: PaneSupervisor, goal: Goal): Promise<Outcome> {
  const outcome = await new Promise<Outcome>((resolve) => {
    const look = (): boolean => {
      const found = outcomes[goal][supervisor.state.name](supervisor.state);
      if (found) resolve(found);
      return found !== null;
    };
    if (look()) return;
    const off = session.onChange((changed) => {
      if (changed === supervisor && look()) off();
    });
  });
  // A program that had ended before may have left something behind that is still being removed.
  if (goal === 'down' && outcome.ok) await supervisor.swept();
  return outcome;
}

/** Resolves when no pane is on its way up any more, well or not, or after the time. */
export async function waitUntilStarted(session: Session, patienceMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, patienceMs);
  });
  const started = Promise.all(
    session.panes
      .filter(({ spec }) => spec.autostart)
      .map((supervisor) => waitForOutcome(session, supervisor, 'begun')),
  );
  await Promise.race([started, late]).finally(() => clearTimeout(timer));
}

type Judge = (state: PaneState) => Outcome | null;

const wait: Judge = () => null;
const because = (state: PaneState): string => state.reason;
const withHint = (state: PaneState): string => [because(state), state.hint].filter((text) => text !== '').join('; ');

const up: Record<PaneStateName, Judge> = {
  starting: (state) => (state.hold?.blocked ? { ok: false, message: withHint(state) } : null),
  running: (state) => (state.readyAtMs === null ? null : { ok: true, message: 'running' }),
  exited: (state) => ({ ok: true, message: because(state) }),
  backoff: (state) => ({ ok: false, message: because(state) }),
  fatal: (state) => ({ ok: false, message: withHint(state) }),
  stopping: (state) => stuckOutcome(state) ?? (state.wanted === 'up' ? null : overruled('stopped')),
  stopped: () => overruled('stopped'),
};

const outcomes: Record<Goal, Record<PaneStateName, Judge>> = {
  up,
  begun: {
    ...up,
    starting: (state) => (state.hold ? { ok: true, message: because(state) } : null),
    running: () => ({ ok: true, message: 'running' }),
  },
  down: {
    stopped: () => ({ ok: true, message: 'stopped' }),
    exited: (state) => ({ ok: true, message: because(state) }),
    fatal: (state) => ({ ok: true, message: because(state) }),
    stopping: (state) => stuckOutcome(state) ?? wait(state),
    starting: () => overruled('started'),
    running: () => overruled('started'),
    backoff: () => overruled('started'),
  },
};

function stuckOutcome(state: PaneState): Outcome | null {
  return state.stop?.stuck ? { ok: false, message: because(state) } : null;
}

export function overruled(what: string): Outcome {
  return { ok: false, message: `${what} by another request meanwhile` };
}
