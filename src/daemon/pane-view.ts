import { describeRepeats } from '../core/exit-reason.ts';
import type { RestartSettings } from '../core/layout.ts';
import { isFailure } from '../core/restart-policy.ts';
import type { Exit, Health, PaneView } from '../core/session.ts';
import type { PaneSupervisor } from '../supervisor/pane-supervisor.ts';

/** A pane as clients see it. `nowMs`: monotonic. */
export function paneView(
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
