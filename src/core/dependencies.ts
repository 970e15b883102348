import type { PaneState } from './pane-life.ts';
import { isFailure } from './restart-policy.ts';
import { AT_REST } from './session.ts';
import type { Dependency, DependencyCondition } from './supervision.ts';

/** A pane as those see it that depend on it. */
export type DependencyView = {
  state: PaneState;
  spec: { name: string; dependsOn: readonly Dependency[]; restart: { successExitCodes: readonly number[] } };
};

/** The pane of that name, or null for one that is not there (any more). */
export type FindPane = (name: string) => DependencyView | null;

/** `blocked`: nothing that is under way will make it hold; somebody has to do something. */
export type DependencyVerdict = { holds: true } | { holds: false; blocked: boolean; reason: string };

/** Whether a pane may start as far as one of its dependencies is concerned. `path`: the panes on whose behalf is asked. */
export function judgeDependency(
  dependency: Dependency,
  find: FindPane,
  path: ReadonlySet<string> = new Set(),
): DependencyVerdict {
  const { pane, condition } = dependency;
  const goal = `waits for ${pane} to ${GOALS[condition]}`;
  const view = find(pane);
  if (!view) return { holds: false, blocked: true, reason: `${goal}: there is no such pane` };
  const { state, spec } = view;
  const ranWell =
    state.name === 'exited' && state.exit !== null && !isFailure(state.exit, spec.restart.successExitCodes);
  const running = state.name === 'running';
  const held = {
    // A short program that has done its work has started, too.
    started: running || ranWell,
    ready: running && state.readyAtMs !== null,
    exited_ok: ranWell,
  } satisfies Record<DependencyCondition, boolean>;
  if (held[condition]) return { holds: true };
  const blocked = AT_REST[state.name] || (state.hold !== null && isBlocked(view, find, path));
  return { holds: false, blocked, reason: blocked ? `${goal}, which ${describeRest(state)}` : goal };
}

/** Something that the pane waits for will not come by itself. Panes that wait for each other in a circle wait for ever. */
function isBlocked({ spec }: DependencyView, find: FindPane, path: ReadonlySet<string>): boolean {
  if (path.has(spec.name)) return true;
  const longer = new Set([...path, spec.name]);
  return spec.dependsOn.some((dependency) => {
    const verdict = judgeDependency(dependency, find, longer);
    return !verdict.holds && verdict.blocked;
  });
}

const GOALS: Record<DependencyCondition, string> = {
  started: 'run',
  ready: 'be ready',
  exited_ok: 'end well',
};

function describeRest({ name, reason }: PaneState): string {
  if (name === 'stopped') return 'is stopped';
  if (name === 'fatal') return `gave up: ${reason}`;
  return name === 'exited' ? reason : 'waits itself';
}

type Node = { spec: { name: string; dependsOn: readonly Dependency[] } };

/**
 * `panes` and what is to be started for them to start: what they need, over however many others, and is down. One that gave up waits for a
 * person. In an order in which each comes after what it needs.
 */
export function withNeeded<T extends Node & DependencyView>(panes: readonly T[], all: readonly T[]): T[] {
  const byName = new Map(all.map((pane) => [pane.spec.name, pane]));
  const find = (name: string): T | null => byName.get(name) ?? null;
  const chosen = new Set(panes);
  // A set that grows while it is walked: what is needed may need something itself.
  for (const pane of chosen) {
    for (const dependency of pane.spec.dependsOn) {
      const needed = byName.get(dependency.pane);
      if (needed && isDown(needed.state) && !judgeDependency(dependency, find).holds) chosen.add(needed);
    }
  }
  return inDependencyOrder([...chosen], all);
}

function isDown({ name }: PaneState): boolean {
  return name === 'stopped' || name === 'exited';
}

/**
 * For each of `panes` those of `panes` that it depends on, directly or over others that are not among them. Circles, which a layout may not
 * have, are cut.
 */
export function dependenciesAmong<T extends Node>(panes: readonly T[], all: readonly T[]): Map<T, T[]> {
  const byName = new Map(all.map((pane) => [pane.spec.name, pane]));
  const chosen = new Set(panes);
  return new Map(panes.map((pane) => [pane, [...reach(pane)]]));

  function reach(from: T): Set<T> {
    const found = new Set<T>();
    const seen = new Set([from]);
    const queue = [from];
    for (let next = queue.pop(); next; next = queue.pop()) {
      for (const { pane: name } of next.spec.dependsOn) {
        const pane = byName.get(name);
        if (!pane || seen.has(pane)) continue;
        seen.add(pane);
        if (chosen.has(pane)) found.add(pane);
        queue.push(pane);
      }
    }
    return found;
  }
}

/** The panes in an order in which each comes after what it depends on; else as they were. */
export function inDependencyOrder<T extends Node>(panes: readonly T[], all: readonly T[]): T[] {
  const before = dependenciesAmong(panes, all);
  const placed = new Set<T>();
  const visit = (pane: T, path: ReadonlySet<T>): void => {
    if (placed.has(pane) || path.has(pane)) return;
    for (const other of before.get(pane) ?? []) visit(other, new Set([...path, pane]));
    placed.add(pane);
  };
  for (const pane of panes) visit(pane, new Set());
  return [...placed];
}

/** Every pane that depends on the named one, directly or over others. */
export function dependentsOf<T extends Node>(name: string, all: readonly T[]): T[] {
  const found = new Set<T>();
  const queue = [name];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    for (const pane of all) {
      if (pane.spec.name === name || found.has(pane)) continue;
      if (!pane.spec.dependsOn.some((dependency) => dependency.pane === next)) continue;
      found.add(pane);
      queue.push(pane.spec.name);
    }
  }
  return [...found];
}
