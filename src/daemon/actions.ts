import type { PaneRequest, PaneState } from '../core/pane-state.ts';
import type { PaneStateName } from '../core/session.ts';
import type { ActionResult } from '../protocol/control.ts';
import type { PaneSupervisor } from '../supervisor/pane-supervisor.ts';
import type { Session } from './session.ts';

type Outcome = { ok: boolean; message: string };

/** Asks every pane for the action and, with `wait`, answers when each is where it should be, or cannot get there. */
export async function performAction(
  session: Session,
  panes: readonly PaneSupervisor[],
  { action, wait }: { action: PaneRequest; wait: boolean },
): Promise<ActionResult> {
  // All are asked before any is waited for: they go in parallel.
  const outcomes = panes.map((supervisor) => perform(session, supervisor, action, wait));
  return Promise.all(
    panes.map(async ({ pane, spec }, index) => ({ pane, name: spec.name, ...(await outcomes[index]!) })),
  );
}

async function perform(
  session: Session,
  supervisor: PaneSupervisor,
  action: PaneRequest,
  wait: boolean,
): Promise<Outcome> {
  const before = supervisor.state;
  supervisor.request(action);
  if (supervisor.state === before && ALREADY[action][before.name]) {
    await (wait && supervisor.swept());
    return { ok: true, message: `already ${before.name}` };
  }
  if (!wait) return { ok: true, message: supervisor.state.name };
  return waitForOutcome(session, supervisor, GOALS[action]);
}

/** Resolves when the pane has reached its goal or something else has come of it. */
export async function waitForOutcome(session: Session, supervisor: PaneSupervisor, goal: Goal): Promise<Outcome> {
  const outcome = await new Promise<Outcome>((resolve) => {
    const look = (): boolean => {
      const found = OUTCOMES[goal][supervisor.state.name](supervisor.state);
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
    session.panes.filter(({ spec }) => spec.autostart).map((supervisor) => waitForOutcome(session, supervisor, 'up')),
  );
  await Promise.race([started, late]).finally(() => clearTimeout(timer));
}

export type Goal = 'up' | 'down';

const GOALS: Record<PaneRequest, Goal> = {
  start: 'up',
  restart: 'up',
  'restart-now': 'up',
  stop: 'down',
  kill: 'down',
};

/** Where an action that changed nothing was not needed. */
const ALREADY: Record<PaneRequest, Partial<Record<PaneStateName, true>>> = {
  start: { running: true },
  restart: {},
  'restart-now': {},
  stop: { stopped: true },
  kill: { stopped: true },
};

const wait = () => null;
const because = (state: PaneState): string => state.reason;

const OUTCOMES: Record<Goal, Record<PaneStateName, (state: PaneState) => Outcome | null>> = {
  up: {
    starting: wait,
    running: () => ({ ok: true, message: 'running' }),
    exited: (state) => ({ ok: true, message: because(state) }),
    backoff: (state) => ({ ok: false, message: because(state) }),
    fatal: (state) => ({ ok: false, message: [because(state), state.hint].filter((text) => text !== '').join('; ') }),
    stopping: (state) => stuckOutcome(state) ?? (state.wanted === 'up' ? null : overruled('stopped')),
    stopped: () => overruled('stopped'),
  },
  down: {
    stopped: () => ({ ok: true, message: 'stopped' }),
    exited: (state) => ({ ok: true, message: because(state) }),
    fatal: (state) => ({ ok: true, message: because(state) }),
    stopping: stuckOutcome,
    starting: () => overruled('started'),
    running: () => overruled('started'),
    backoff: () => overruled('started'),
  },
};

function stuckOutcome(state: PaneState): Outcome | null {
  return state.stop?.stuck ? { ok: false, message: because(state) } : null;
}

function overruled(what: string): Outcome {
  return { ok: false, message: `${what} by another request meanwhile` };
}
