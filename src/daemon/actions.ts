import { dependenciesAmong, inDependencyOrder, withNeeded } from '../core/dependencies.ts';
import type { PaneRequest } from '../core/pane-life.ts';
import type { PaneStateName } from '../core/session.ts';
import type { ActionResult } from '../protocol/control.ts';
import type { PaneSupervisor } from '../supervisor/pane-supervisor.ts';
import { GOALS, type Outcome, overruled, waitForOutcome } from './outcomes.ts';
import type { ReplaceProgram } from './replace-program.ts';
import type { Session } from './session.ts';

/**
 * Asks the panes for the action, those that depend on each other one after the other and the rest at once, and with `wait` answers when each
 * is where it should be, or cannot get there.
 */
export async function performAction(
  session: Session,
  panes: readonly PaneSupervisor[],
  { action, wait }: { action: PaneRequest; wait: boolean },
): Promise<ActionResult> {
  const ticket = issueTicket(panes);
  if (action === 'start') {
    for (const needed of withNeeded(panes, session.panes)) if (!panes.includes(needed)) needed.request('start');
  }
  const predecessors = findPredecessors(session, panes, action);
  const asked = new Map<PaneSupervisor, Asked>();
  for (const supervisor of panes) askInTurn(supervisor);
  return Promise.all(
    panes.map(async (supervisor) => {
      const { now, later } = asked.get(supervisor)!;
      return { pane: supervisor.pane, name: supervisor.spec.name, ...(wait ? await later() : now) };
    }),
  );

  function askInTurn(supervisor: PaneSupervisor): Asked {
    const known = asked.get(supervisor);
    if (known) return known;
    const before = (predecessors.get(supervisor) ?? []).map(askInTurn);
    const mine = before.length === 0 ? ask(session, supervisor, action) : askAfter(before, supervisor);
    asked.set(supervisor, mine);
    return mine;
  }

  function askAfter(before: Asked[], supervisor: PaneSupervisor): Asked {
    const outcome = Promise.all(before.map(({ later }) => later())).then(() =>
      isLatest(supervisor, ticket) ? ask(session, supervisor, action).later() : overruled('asked for something else'),
    );
    return { now: { ok: true, message: `${action} follows in its turn` }, later: () => outcome };
  }
}

/** `later`: what came of it in the end. */
type Asked = { now: Outcome; later: () => Promise<Outcome> };

function ask(session: Session, supervisor: PaneSupervisor, action: PaneRequest): Asked {
  const before = supervisor.state;
  supervisor.request(action);
  const { state } = supervisor;
  const later = () => waitForOutcome(session, supervisor, GOALS[action]);
  if (state !== before || !ALREADY[action][state.name]) return { now: { ok: true, message: state.name }, later };
  const already = { ok: true, message: `already ${state.name}` };
  return { now: already, later: async () => mergeOutcome(already, await later()) };
}

/** What was so already and still is needs no other words. */
function mergeOutcome(already: Outcome, found: Outcome): Outcome {
  return found.ok ? already : found;
}

/**
 * Gives the panes new programs, one after the other, each only when the one before is ready; the first that does not come up ends it. One of
 * several instances is restarted, while the others do its work: two of the same number would want the same port. A single one is replaced.
 */
export async function reloadPanes(
  session: Session,
  panes: readonly PaneSupervisor[],
  { wait, replace }: { wait: boolean; replace: ReplaceProgram },
): Promise<ActionResult> {
  const ticket = issueTicket(panes);
  const rolling = roll();
  if (wait) return rolling;
  return panes.map(({ pane, spec }) => ({ pane, name: spec.name, ok: true, message: 'reload follows in its turn' }));

  async function roll(): Promise<ActionResult> {
    const results: ActionResult = [];
    let failed = '';
    for (const supervisor of inDependencyOrder(panes, session.panes)) {
      const { pane, spec } = supervisor;
      const outcome = await reloadOne(supervisor, failed);
      if (!outcome.ok && failed === '') failed = spec.name;
      results.push({ pane, name: spec.name, ...outcome });
    }
    return results.sort((a, b) => a.pane - b.pane);
  }

  async function reloadOne(supervisor: PaneSupervisor, failed: string): Promise<Outcome> {
    if (failed !== '') return { ok: false, message: `left as it was, because ${failed} did not come up` };
    if (!isLatest(supervisor, ticket)) return overruled('asked for something else');
    const { spec, state } = supervisor;
    if (spec.instance !== null || state.name !== 'running') return ask(session, supervisor, 'restart').later();
    return replace(supervisor, () => isLatest(supervisor, ticket));
  }
}

/**
 * The panes whose turn comes before each one's: a stop comes after the stops of those that need the pane, a restart after the restarts of what
 * it needs. A start needs no turn, the spawn itself waits; and a kill is for now. Circles are cut, so that none waits for itself.
 */
function findPredecessors(
  session: Session,
  panes: readonly PaneSupervisor[],
  action: PaneRequest,
): Map<PaneSupervisor, PaneSupervisor[]> {
  const found = new Map<PaneSupervisor, PaneSupervisor[]>(panes.map((supervisor) => [supervisor, []]));
  const direction = ORDERED[action];
  if (!direction) return found;
  const order = inDependencyOrder(panes, session.panes);
  for (const [supervisor, needs] of dependenciesAmong(panes, session.panes)) {
    for (const needed of needs) {
      if (order.indexOf(needed) >= order.indexOf(supervisor)) continue;
      if (direction === 'forwards') found.get(supervisor)!.push(needed);
      else found.get(needed)!.push(supervisor);
    }
  }
  return found;
}

const ORDERED: Record<PaneRequest, 'forwards' | 'backwards' | null> = {
  start: null,
  stop: 'backwards',
  restart: 'forwards',
  'restart-now': 'forwards',
  kill: null,
};

/** The latest request for each pane: one that waits for its turn gives way to a later one. */
const tickets = new WeakMap<PaneSupervisor, symbol>();

function issueTicket(panes: readonly PaneSupervisor[]): symbol {
  const ticket = Symbol('request');
  for (const supervisor of panes) tickets.set(supervisor, ticket);
  return ticket;
}

function isLatest(supervisor: PaneSupervisor, ticket: symbol): boolean {
  return tickets.get(supervisor) === ticket;
}

/** Where an action that changed nothing was not needed. */
const ALREADY: Record<PaneRequest, Partial<Record<PaneStateName, true>>> = {
  start: { running: true },
  restart: {},
  'restart-now': {},
  stop: { stopped: true },
  kill: { stopped: true },
};
