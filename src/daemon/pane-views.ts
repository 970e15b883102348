import { describeRepeats } from '../core/exit-reason.ts';
import type { RestartSettings } from '../core/layout.ts';
import { isFailure } from '../core/restart-policy.ts';
import type { Exit, Health, PaneView } from '../core/session.ts';
import type { PaneSupervisor } from '../supervisor/pane-supervisor.ts';
import type { PaneDeps } from './pane-factory.ts';

/** A session's panes as clients see them: what their supervisors know of them, and what others do. */
export type PaneViews = {
  setTitle(pane: number, title: string): void;
  forgetTitle(pane: number): void;
  forgetTitles(): void;
  viewOf(supervisor: PaneSupervisor): PaneView;
  /** `key` tells apart views that are worth telling apart. */
  keyedViewOf(supervisor: PaneSupervisor): { view: PaneView; key: string };
};

export type PaneViewsDeps = Pick<PaneDeps, 'sampler' | 'care' | 'nowMs'>;

export function createPaneViews({ sampler, care, nowMs }: PaneViewsDeps): PaneViews {
  const titles = new Map<number, string>();

  function viewOf(supervisor: PaneSupervisor): PaneView {
    const { pane } = supervisor;
    return paneView(supervisor, {
      usage: sampler.usageOf(pane),
      care: care.careOf(pane),
      title: titles.get(pane) ?? '',
      nowMs: nowMs(),
    });
  }

  return {
    setTitle: (pane, title) => void titles.set(pane, title),
    forgetTitle: (pane) => void titles.delete(pane),
    forgetTitles: () => titles.clear(),
    viewOf,
    keyedViewOf(supervisor) {
      const view = viewOf(supervisor);
      // Times that pass by themselves are no news.
      const key = { ...view, uptimeMs: null, nextRestartAt: supervisor.state.nextRestartAtMs };
      return { view, key: JSON.stringify(key) };
    },
  };
}

/** `nowMs`: monotonic. */
function paneView(
  { pane, spec, state, program, exits }: PaneSupervisor,
  {
    usage,
    care,
    title,
    nowMs,
  }: {
    usage: { cpuPercent: number; rssBytes: number };
    care: { health: Health | null; warning: string };
    title: string;
    nowMs: number;
  },
): PaneView {
  const uptimeMs = program && state.startedAtMs !== null ? Math.max(0, Math.round(nowMs - state.startedAtMs)) : null;
  return {
    pane,
    name: spec.name,
    state: state.name,
    wanted: state.wanted,
    pid: program?.pid ?? null,
    epoch: state.epoch,
    restarts: state.restarts,
    startedAt: program?.startedAt ?? null,
    uptimeMs,
    cpuPercent: usage.cpuPercent,
    rssBytes: usage.rssBytes,
    exit: state.exit,
    succeeded: state.exit && isExpected(state.exit, spec.restart),
    reason: state.reason,
    title,
    command: spec.command,
    cwd: spec.cwd,
    ready: spec.ready === null ? null : state.readyAtMs !== null,
    health: care.health,
    warning: care.warning,
    nextRestartAt: state.nextRestartAtMs === null ? null : Math.round(Date.now() + (state.nextRestartAtMs - nowMs)),
    hint: state.hint,
    asks: state.name === 'stopped' && state.asks === true,
    repeats: describeRepeats(exits, spec.restart.windowMs, Date.now()),
  };
}

function isExpected(exit: Exit, { successExitCodes, stopExitCodes }: RestartSettings): boolean {
  return (
    !isFailure(exit, successExitCodes) || (exit.code !== null && !exit.signal && stopExitCodes.includes(exit.code))
  );
}
