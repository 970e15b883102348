import { NonetError } from '../core/errors.ts';
import type { Layout, PaneSpec } from '../core/layout.ts';
import { diffLayouts, isEmptyDiff, type LayoutDiff } from '../core/layout-diff.ts';
import { addRename, renameLayout } from '../core/layout-rename.ts';
import { paneNameProblem } from '../core/pane-name.ts';
import { AT_REST } from '../core/session.ts';
import type { ActionResult, LayoutChange } from '../protocol/control.ts';
import type { PaneSupervisor } from '../supervisor/pane-supervisor.ts';
import { performAction } from './actions.ts';
import type { SessionWish } from './deposit.ts';
import type { HostLink } from './host-link.ts';
import type { Log } from './log.ts';
import { waitForOutcome } from './outcomes.ts';
import type { PaneSource } from './pane-sources.ts';
import type { Session } from './session.ts';

/**
 * Makes a running session what another layout says and touches nothing else: a pane that both layouts have keeps its number, and its
 * program unless that has to know. What leaves is stopped first; new panes take the lowest free numbers. What is started from then on has the
 * environment of the one who asked. One change at a time.
 */
export type LayoutChanger = {
  apply(wish: SessionWish): Promise<LayoutChange>;
  /** Changes what the layout is when its turn comes; what is only moved about meanwhile stays where it was moved. */
  edit(change: (layout: Layout, origin: SessionWish['origin']) => LayoutEdit): Promise<LayoutChange>;
  /** Gives a pane another name; its program does not notice before its next start. */
  rename(supervisor: PaneSupervisor, name: string): Promise<Renamed>;
  /** What `apply` would change. */
  preview(wish: SessionWish): LayoutDiff;
};

/** What is different of the wish; the rest stays. */
export type LayoutEdit = Pick<SessionWish, 'layout'> & Partial<Pick<SessionWish, 'origin'>>;
export type Renamed = { pane: number; before: string; name: string };

export type LayoutChangerDeps = {
  session: Session;
  host: Pick<HostLink, 'request'>;
  /** True once the session has been asked to end: nothing is started any more. */
  isClosing: () => boolean;
  /** Panes and layout are others now. */
  onReplaced: () => void;
  /** The pane's files are to have its new name. */
  onRenamed: (renamed: Renamed & { spec: PaneSpec }) => Promise<void>;
  log: Log;
};

export function createLayoutChanger(deps: LayoutChangerDeps): LayoutChanger {
  const { session, host, isClosing, onReplaced, log } = deps;
  let latest: Promise<unknown> = Promise.resolve();
  /** Numbers of panes that are gone and that the host still has. */
  const reserved = new Set<number>();

  function presentWish(): SessionWish {
    if (!session.wish) throw new NonetError('no-such-session', 'the session has no panes yet', { hint: 'nonet up' });
    return session.wish;
  }

  function assertOpen(): void {
    if (isClosing()) throw new NonetError('failed', 'the session is being taken down', { hint: 'try again later' });
  }

  async function change(wishFrom: (present: SessionWish) => SessionWish): Promise<LayoutChange> {
    const present = presentWish();
    const diff = diffLayouts(present.layout, withRenames(wishFrom(present), present).layout);
    if (isEmptyDiff(diff)) return { diff, results: [] };
    log.info(
      { added: diff.added, removed: diff.removed, changed: diff.changed.map(({ name }) => name) },
      'applying a layout',
    );

    const restarting = find(diff.changed.filter(({ restart }) => restart).map(({ name }) => name));
    const adjusted = find(diff.changed.filter(({ restart }) => !restart).map(({ name }) => name));
    const removed = find(diff.removed);
    const wantedUp = new Set([...restarting, ...adjusted].filter(isWantedUp).map(({ spec }) => spec.name));
    const leaving = [...removed, ...restarting];
    await Promise.all([
      performAction(session, leaving, { action: 'stop', wait: true }),
      ...adjusted.map((supervisor) => settle(session, supervisor)),
    ]);
    // Said before the host is asked for anything: it goes, too, and nobody might be left to answer.
    assertOpen();
    await forgetAtHost(removed.filter(isAtRest));
    assertOpen();
    // From here on nothing is waited for, so that nothing else comes in between.
    const stayed = [...leaving, ...adjusted].filter((supervisor) => !isSettled(supervisor, leaving));
    const now = presentWish();
    const next = withStayed(withRenames(wishFrom(now), now), stayed);
    const sources = sourcesOf(next, { diff, stayed });
    session.replace(next, sources);
    onReplaced();

    const added = find(diff.added);
    const starting = [
      ...added.filter(({ spec }) => spec.autostart),
      ...session.panes.filter(({ spec, state }) => wantedUp.has(spec.name) && AT_REST[state.name]),
    ];
    await performAction(session, starting, { action: 'start', wait: false });
    const results: ActionResult = await Promise.all([
      ...removed.map(async ({ pane, spec }) => ({ pane, name: spec.name, ...removal(stayed, spec.name) })),
      ...session.panes
        .filter(({ spec }) => diff.added.includes(spec.name) || diff.changed.some(({ name }) => name === spec.name))
        .map(async (supervisor) => ({
          pane: supervisor.pane,
          name: supervisor.spec.name,
          ...(await outcomeOf(supervisor)),
        })),
    ]);
    return { diff, results: results.sort((a, b) => a.pane - b.pane) };

    async function outcomeOf(supervisor: PaneSupervisor): Promise<{ ok: boolean; message: string }> {
      const { name } = supervisor.spec;
      if (stayed.some(({ spec }) => spec.name === name)) return stuck();
      if (starting.includes(supervisor)) {
        const { ok, message } = await waitForOutcome(session, supervisor, 'begun');
        const how = diff.added.includes(name) ? 'added' : 'restarted';
        return { ok, message: `${how}: ${message}` };
      }
      const how = diff.added.includes(name) ? 'added' : 'changed';
      return { ok: true, message: `${how}: ${supervisor.state.name}` };
    }
  }

  function inTurn<T>(run: () => Promise<T>): Promise<T> {
    const mine = latest.then(run);
    latest = mine.catch(() => {});
    return mine;
  }

  async function rename(before: string, name: string): Promise<Renamed> {
    const supervisor = findToRename(session, before, name);
    const { pane } = supervisor;
    const concerned = session.panes.filter(
      (other) => other === supervisor || other.spec.dependsOn.some(({ pane: needed }) => needed === before),
    );
    const wantedUp = concerned.filter(isWantedUp).map((other) => other.pane);
    await Promise.all(concerned.map((other) => settle(session, other)));
    assertOpen();
    findToRename(session, before, name);
    const present = presentWish();
    const layout = renameLayout(present.layout, { [before]: name });
    const renames = addRename(present.renames, before, name);
    const sources = session.panes.map((other): PaneSource => {
      return { type: concerned.includes(other) ? 'take-over' : 'keep', supervisor: other };
    });
    const spec = layout.panes[session.panes.indexOf(supervisor)]!;
    const moved = deps.onRenamed({ pane, before, name, spec });
    session.replace({ ...present, layout, renames }, sources, { remember: false });
    onReplaced();
    // A start that was waiting for others was called off for this.
    for (const other of session.panes) {
      if (wantedUp.includes(other.pane) && other.state.name === 'stopped') other.request('start');
    }
    log.info({ pane, before, name }, 'renamed a pane');
    await moved;
    return { pane, before, name };
  }

  function find(names: readonly string[]): PaneSupervisor[] {
    return session.panes.filter(({ spec }) => names.includes(spec.name));
  }

  async function forgetAtHost(removed: readonly PaneSupervisor[]): Promise<void> {
    for (const { pane } of removed) {
      try {
        await host.request('remove-pane', { pane });
      } catch (error) {
        // One that is away for a moment comes back without any pane.
        if (error instanceof NonetError && (error.code === 'host-unavailable' || error.code === 'disconnected'))
          continue;
        // One of an earlier version cannot: its screen is not to be another pane's.
        reserved.add(pane);
        log.warn({ pane, error: error instanceof Error ? error.message : String(error) }, 'the number stays taken');
      }
    }
  }

  function sourcesOf(
    { layout }: SessionWish,
    { diff, stayed }: { diff: LayoutDiff; stayed: readonly PaneSupervisor[] },
  ): PaneSource[] {
    const byName = new Map(session.panes.map((supervisor) => [supervisor.spec.name, supervisor]));
    const changed = new Set(diff.changed.map(({ name }) => name));
    const kept = layout.panes.map(({ name }) => byName.get(name));
    const taken = new Set([...reserved, ...kept.flatMap((supervisor) => supervisor?.pane ?? [])]);
    return kept.map((supervisor, index): PaneSource => {
      if (!supervisor) return { type: 'new', pane: takeLowest(taken) };
      const isChanged = changed.has(layout.panes[index]!.name) && !stayed.includes(supervisor);
      return { type: isChanged ? 'take-over' : 'keep', supervisor };
    });
  }

  return {
    preview: (wish) => diffLayouts(presentWish().layout, withRenames(wish, presentWish()).layout),
    apply: (wish) => inTurn(() => change(() => wish)),
    edit: (edit) => inTurn(() => change((present) => ({ ...present, ...edit(present.layout, present.origin) }))),
    rename: (supervisor, name) => inTurn(() => rename(supervisor.spec.name, name)),
  };
}

/** A pane that was renamed is the same pane, whatever its file calls it. */
function withRenames(wish: SessionWish, { renames }: SessionWish): SessionWish {
  return renames ? { ...wish, renames, layout: renameLayout(wish.layout, renames) } : wish;
}

/** Throws NonetError `usage` when this cannot be its name. */
function findToRename(session: Session, before: string, name: string): PaneSupervisor {
  const supervisor = session.panes.find(({ spec }) => spec.name === before);
  if (!supervisor) throw new NonetError('no-such-pane', `no pane ${JSON.stringify(before)} any more`);
  const problem = paneNameProblem(name);
  if (problem !== '') throw new NonetError('usage', problem);
  const owner = session.panes.find(({ spec }) => spec.name === name);
  if (owner) {
    const words = owner === supervisor ? 'it' : `pane ${owner.pane}`;
    throw new NonetError('usage', `${words} is called ${JSON.stringify(name)} already`);
  }
  if (supervisor.spec.instance !== null) {
    throw new NonetError('usage', `${JSON.stringify(before)} is one of several instances, which the layout names`);
  }
  return supervisor;
}

function takeLowest(taken: Set<number>): number {
  let pane = 1;
  while (taken.has(pane)) pane++;
  taken.add(pane);
  return pane;
}

/** A pane that will not go away stays in the layout as it is, where it can be seen and changed again. */
function withStayed(wish: SessionWish, stayed: readonly PaneSupervisor[]): SessionWish {
  if (stayed.length === 0) return wish;
  const { layout } = wish;
  const old = new Map(stayed.map(({ spec }) => [spec.name, spec]));
  const panes = layout.panes.map((spec) => old.get(spec.name) ?? spec);
  return { ...wish, layout: { ...layout, panes: [...new Set([...panes, ...old.values()])] } };
}

function removal(stayed: readonly PaneSupervisor[], name: string): { ok: boolean; message: string } {
  return stayed.some(({ spec }) => spec.name === name) ? stuck() : { ok: true, message: 'removed' };
}

function stuck(): { ok: boolean; message: string } {
  return { ok: false, message: 'left as it was: it could not be stopped, or was started again meanwhile' };
}

/** One that gave up gets another chance with what has changed. */
function isWantedUp({ state }: PaneSupervisor): boolean {
  return state.wanted === 'up' || state.name === 'fatal';
}

function isAtRest({ state, program }: PaneSupervisor): boolean {
  return AT_REST[state.name] && program === null;
}

/** Nothing is under way that only this supervisor knows of. */
function isSettled(supervisor: PaneSupervisor, leaving: readonly PaneSupervisor[]): boolean {
  if (leaving.includes(supervisor)) return isAtRest(supervisor);
  const { name } = supervisor.state;
  return isAtRest(supervisor) || name === 'backoff' || (name === 'running' && supervisor.program !== null);
}

/** Waits for a start or stop that is under way; a start that waits for other panes is called off, since nothing runs yet. */
async function settle(session: Session, supervisor: PaneSupervisor): Promise<void> {
  const isDone = (): boolean => isSettled(supervisor, []) || supervisor.state.stop?.stuck === true;
  if (supervisor.state.name === 'starting' && supervisor.state.hold) supervisor.request('stop');
  if (!isDone()) {
    await new Promise<void>((resolve) => {
      const off = session.onChange((changed) => {
        if (changed !== supervisor) return;
        if (supervisor.state.name === 'starting' && supervisor.state.hold) supervisor.request('stop');
        if (!isDone()) return;
        off();
        resolve();
      });
    });
  }
  if (isAtRest(supervisor)) await supervisor.swept();
}
