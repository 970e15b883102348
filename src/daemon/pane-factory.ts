import path from 'node:path';
import { paneEnvironment } from '../config/pane-environment.ts';
import { computeGeometry } from '../core/geometry.ts';
import type { Grid, PaneSpec } from '../core/layout.ts';
import { logBaseName } from '../core/log-names.ts';
import type { PaneLogRequest, Size } from '../protocol/control.ts';
import { actOnFatal } from '../supervisor/fatal-actions.ts';
import type { HealthKeeper } from '../supervisor/health-keeper.ts';
import type { LimitKeeper } from '../supervisor/limits-keeper.ts';
import type { OomEvidence } from '../supervisor/oom-evidence.ts';
import type { Gate } from '../supervisor/pane-gate.ts';
import { createPaneSupervisor, type PaneSupervisor, type SavedPane } from '../supervisor/pane-supervisor.ts';
import type { ProbeRunner } from '../supervisor/probe.ts';
import { MARK_VARIABLE, type Processes } from '../supervisor/processes.ts';
import type { UsageSampler } from '../supervisor/usage.ts';
import { capturePane } from './capture-reader.ts';
import type { SessionWish } from './deposit.ts';
import type { HostLink } from './host-link.ts';
import type { Log } from './log.ts';

/** What a session's panes work with. */
export type PaneDeps = {
  name: string;
  version: string;
  /** Names this session among all of this machine; a part of the mark in its panes' environments. */
  markId: string;
  host: HostLink;
  /** Before a program is started, so that the next daemon knows of it. */
  flushDeposit: () => void;
  processes: Processes;
  sampler: UsageSampler;
  probes: ProbeRunner;
  care: HealthKeeper;
  limits: LimitKeeper;
  outOfMemory: OomEvidence;
  /** The next time of a schedule strictly after a time, both in ms since 1970; null when there is none. */
  nextTime: (schedule: string, afterMs: number) => number | null;
  nowMs: () => number;
  random: () => number;
  log: Log;
  /** Absolute; the host makes it. */
  paneLogDirectory: string;
  /** The pane's last screen from disk, empty for none. */
  savedScreen: (paneName: string) => string;
};

/** What a pane has to do with the other panes of its session. */
export type PaneSurroundings = {
  panes: () => readonly PaneSupervisor[];
  gate: Gate;
  /** Resolves when nothing of an earlier session of this name is left. */
  cleared: () => Promise<unknown>;
  onChange: (supervisor: PaneSupervisor) => void;
  /** Something is new in the history of a pane, though its state is as it was. */
  onRecord: (supervisor: PaneSupervisor) => void;
};

/** Makes a session's supervisors, and knows what the host must be told of their panes. */
export type PaneFactory = {
  create(
    wish: SessionWish,
    pane: { spec: PaneSpec; pane: number; saved: SavedPane | undefined; standby?: Standby },
  ): PaneSupervisor;
  /** The supervisor makes room for one with other settings, as an earlier daemon's makes room for ours. */
  takeOver(wish: SessionWish, spec: PaneSpec, before: PaneSupervisor): PaneSupervisor;
  /** Shows what the panes showed when they were last kept. */
  restoreScreens(wish: SessionWish, panes: readonly PaneSupervisor[]): Promise<void>;
  /** The processes that no stop may touch. */
  excluded(): ReadonlySet<number>;
};

/** A second program of a pane, which is not to be seen. `pane`: its number with the host; `suffix`: of its mark. */
export type Standby = { pane: number; size: Size; suffix: string };

const FALLBACK_SIZE: Size = { cols: 80, rows: 24 };

export function createPaneFactory(deps: PaneDeps, surroundings: PaneSurroundings): PaneFactory {
  const { name, version, markId, host, processes, nowMs, random, log } = deps;
  const { panes, gate, cleared, onChange, onRecord } = surroundings;
  const triggers = {
    nextTime: deps.nextTime,
    wallMs: Date.now,
    warn: (facts: Record<string, unknown>, text: string) => log.warn(facts, text),
  };

  function create(
    { env: base, size, layout }: SessionWish,
    { spec, pane, saved, standby }: { spec: PaneSpec; pane: number; saved: SavedPane | undefined; standby?: Standby },
  ): PaneSupervisor {
    const env = paneEnvironment({ base, spec, pane, session: name, version });
    const mark = `${markId}.${pane}.`;
    return createPaneSupervisor(
      {
        host: {
          ready: async () => {
            await Promise.all([host.ready(), cleared()]);
          },
          async spawn({ pane: place, epoch }) {
            const hidden = place === standby?.pane ? standby : null;
            const argv = await deps.limits.wrap(pane, spec.limits, spec.argv);
            deps.flushDeposit();
            const program = await host.request('spawn', {
              pane: place,
              epoch,
              argv,
              cwd: spec.cwd,
              env: { ...env, [MARK_VARIABLE]: `${mark}${epoch}${standby?.suffix ?? ''}` },
              size: hidden?.size ?? sizeAtFirst(layout.grid, pane, size),
              scrollback: spec.scrollback,
              log: hidden ? null : logOf(spec),
            });
            deps.limits.started(pane, program.pid);
            return program;
          },
          typeKeys: (place, chords) => host.request('keys', { pane: place, chords: [...chords] }),
          text: async (place, scrollback) =>
            (await capturePane(host, { pane: place, format: 'text', scrollback })).text,
        },
        processes,
        probes: deps.probes,
        gate,
        triggers,
        members: () => deps.limits.of(pane).members(),
        outOfMemory: (pid) => deps.limits.wasOutOfMemory(pane) || deps.outOfMemory.of(pid),
        nowMs,
        random,
        onChange,
        onRecord,
        onFatal(supervisor) {
          // What gives up before it took anything over has nothing to do with the others.
          if (panes().includes(supervisor)) actOnFatal(supervisor, { panes, log });
        },
      },
      {
        pane: standby?.pane ?? pane,
        spec,
        env,
        mark,
        excluded,
        saved,
      },
    );
  }

  function takeOver(wish: SessionWish, spec: PaneSpec, before: PaneSupervisor): PaneSupervisor {
    const { pane, program } = before;
    const saved = before.save();
    before.dispose();
    const supervisor = create(wish, { spec, pane, saved });
    if (program && JSON.stringify(spec.log) !== JSON.stringify(before.spec.log)) {
      host.request('set-log', { pane, log: logOf(spec) }).catch((error: Error) => {
        log.warn({ pane, error: error.message }, 'the log keeps its settings until the next start');
      });
    }
    return supervisor;
  }

  function logOf(spec: PaneSpec): PaneLogRequest {
    const base = path.join(deps.paneLogDirectory, logBaseName(spec.name));
    return { base, paneName: spec.name, command: spec.command, settings: spec.log };
  }

  function sizeAtFirst(grid: Grid, pane: number, size: Size | null): Size {
    const numbers = panes().map((supervisor) => supervisor.pane);
    return firstSize({ grid, panes: numbers, pane, size });
  }

  async function restoreScreens({ size, layout }: SessionWish, chosen: readonly PaneSupervisor[]): Promise<void> {
    await host.ready();
    for (const { pane, spec } of chosen) {
      const { name: paneName, scrollback } = spec;
      const text = deps.savedScreen(paneName);
      if (text === '') continue;
      await host
        .request('restore-screen', { pane, size: sizeAtFirst(layout.grid, pane, size), scrollback, text })
        .catch((error: Error) => log.warn({ pane, error: error.message }, 'the earlier screen cannot be shown'));
    }
  }

  function excluded(): ReadonlySet<number> {
    return new Set([process.pid, ...(host.hostPid === null ? [] : [host.hostPid])]);
  }

  return { create, takeOver, restoreScreens, excluded };
}

/** The size the pane will have on the screen of the one who asked, so that programs draw for it from their first line. */
function firstSize(input: { grid: Grid; panes: readonly number[]; pane: number; size: Size | null }): Size {
  const { grid, panes, pane, size } = input;
  if (!size) return FALLBACK_SIZE;
  const { boxes } = computeGeometry({ ...size, grid, paneCount: panes.length, panes, focused: pane, zoomed: false });
  const inner = boxes.find((box) => box.pane === pane)?.inner;
  return inner && inner.width > 0 && inner.height > 0 ? { cols: inner.width, rows: inner.height } : FALLBACK_SIZE;
}
