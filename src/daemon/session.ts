import { paneEnvironment } from '../config/pane-environment.ts';
import { NonetError } from '../core/errors.ts';
import { computeGeometry } from '../core/geometry.ts';
import type { Layout } from '../core/layout.ts';
import type { PaneView } from '../core/session.ts';
import type { HostEvent, HostFacts, SessionSnapshot, Size } from '../protocol/control.ts';
import { createPaneSupervisor, type PaneSupervisor, type SavedPane } from '../supervisor/pane-supervisor.ts';
import { MARK_VARIABLE, type Processes } from '../supervisor/processes.ts';
import { createStopLadder } from '../supervisor/stop-ladder.ts';
import type { UsageSampler } from '../supervisor/usage.ts';
import { parseDeposit, type SavedSession, type SessionWish } from './deposit.ts';
import type { HostLink } from './host-link.ts';
import type { Log } from './log.ts';

/** The panes of one layout and what is known of them. It fills once, by `up` or by what an earlier daemon left with the host. */
export type Session = {
  readonly panes: readonly PaneSupervisor[];
  /** Nobody has asked for anything yet. */
  readonly empty: boolean;
  /** Starts the layout's panes; false when there are panes already. */
  fill(wish: SessionWish): boolean;
  /** Takes over from an earlier daemon, or goes on after the connection to the host was lost. */
  reconcile(facts: HostFacts): void;
  /** Whether the earlier daemon was taking the session down, and until when gracefully. */
  readonly foundClosing: SavedSession['closing'];
  /** Ends what carries this session's mark, for when nobody else can be asked. */
  clearLeftovers(): Promise<unknown>;
  hostLost(): void;
  hostEvent(event: HostEvent): void;
  snapshot(): SessionSnapshot;
  /** `key` tells apart views that are worth telling apart; null when there is no such pane. */
  viewOf(pane: number): { view: PaneView; key: string } | null;
  /** Calls back after every change of a pane, until the returned function is called. */
  onChange(listener: (supervisor: PaneSupervisor) => void): () => void;
  /** What the next daemon needs, or null while there is nothing. */
  save(): SavedSession | null;
  dispose(): void;
};

export type SessionDeps = {
  name: string;
  version: string;
  /** Names this session among all of this machine; a part of the mark in its panes' environments. */
  markId: string;
  host: HostLink;
  /** Before a program is started, so that the next daemon knows of it. */
  flushDeposit: () => void;
  processes: Processes;
  sampler: UsageSampler;
  nowMs: () => number;
  random: () => number;
  log: Log;
};

const LEFTOVER_GRACE_MS = 1_000;
const FALLBACK_SIZE: Size = { cols: 80, rows: 24 };

export function createSession(deps: SessionDeps): Session {
  const { name, version, markId, host, processes, sampler, nowMs, random, log } = deps;
  let wish: SessionWish | null = null;
  let panes: PaneSupervisor[] = [];
  let unreadable = false;
  let foundClosing: SavedSession['closing'];
  /** When nothing of an earlier session of this name is left; programs start after that. */
  let cleared: Promise<unknown> = Promise.resolve();
  const titles = new Map<number, string>();
  const listeners = new Set<(supervisor: PaneSupervisor) => void>();

  function create(next: SessionWish, saved: readonly SavedPane[] = []): void {
    wish = next;
    panes = next.layout.panes.map((_, index) => createSupervisor(next, index, saved[index]));
  }

  function createSupervisor({ layout, env: base, size }: SessionWish, index: number, saved?: SavedPane) {
    const pane = index + 1;
    const spec = layout.panes[index]!;
    const env = paneEnvironment({ base, spec, pane, session: name, version });
    const mark = `${markId}.${pane}.`;
    return createPaneSupervisor(
      {
        host: {
          ready: async () => {
            await Promise.all([host.ready(), cleared]);
          },
          spawn({ epoch }) {
            deps.flushDeposit();
            return host.request('spawn', {
              pane,
              epoch,
              argv: spec.argv,
              cwd: spec.cwd,
              env: { ...env, [MARK_VARIABLE]: `${mark}${epoch}` },
              size: firstSize(layout, pane, size),
              scrollback: spec.scrollback,
            });
          },
          typeKeys: (_pane, chords) => host.request('keys', { pane, chords: [...chords] }),
        },
        processes,
        nowMs,
        random,
        onChange: changed,
      },
      {
        pane,
        spec,
        env,
        mark,
        excluded,
        saved,
      },
    );
  }

  /** Daemon and host killed together leave behind what their panes' terminals could not end. */
  function clearLeftovers(): Promise<unknown> {
    let onStuck: (pids: number[]) => void = () => {};
    const stuck = new Promise<number[]>((resolve) => {
      onStuck = resolve;
    });
    const { gone } = createStopLadder(processes, {
      root: null,
      isMarked: (row) => processes.markOf(row)?.startsWith(`${markId}.`) ?? false,
      excluded: excluded(),
      mode: 'graceful',
      signal: 'SIGTERM',
      graceMs: LEFTOVER_GRACE_MS,
      typeKeys: null,
      onStuck,
    });
    return Promise.race([gone, stuck]);
  }

  function excluded(): ReadonlySet<number> {
    return new Set([process.pid, ...(host.hostPid === null ? [] : [host.hostPid])]);
  }

  function changed(supervisor: PaneSupervisor): void {
    const { pane, state, spec } = supervisor;
    sampler.setRoot(pane, supervisor.program);
    log.info({ pane, name: spec.name, state: state.name, epoch: state.epoch, reason: state.reason }, 'pane changed');
    for (const listener of [...listeners]) listener(supervisor);
  }

  function restore(text: string): void {
    if (text === '') return;
    const saved = parseDeposit(text);
    if (!saved) {
      // Left by a version that writes otherwise. Its programs live on; `down` ends them with their host.
      unreadable = true;
      log.error({}, 'what the earlier daemon left cannot be read');
      return;
    }
    create(saved, saved.panes);
    foundClosing = saved.closing;
    log.info({ panes: panes.length }, 'took over from an earlier daemon');
  }

  return {
    get panes() {
      return panes;
    },
    get empty() {
      return wish === null && !unreadable;
    },
    get foundClosing() {
      return foundClosing;
    },
    clearLeftovers,
    fill(next) {
      if (unreadable) {
        throw new NonetError('failed', `the programs of session ${name} were started by another version of nonet`, {
          hint: `run \`nonet down --session ${name}\`, then start again`,
        });
      }
      if (wish) return false;
      cleared = clearLeftovers();
      create(next);
      for (const supervisor of panes) if (supervisor.spec.autostart) supervisor.request('start');
      return true;
    },
    reconcile(facts) {
      if (!wish) restore(facts.deposit);
      const byPane = new Map(facts.panes.map((fact) => [fact.pane, fact]));
      for (const [pane, fact] of byPane) titles.set(pane, fact.title);
      for (const supervisor of panes) {
        supervisor.reconcile(byPane.get(supervisor.pane) ?? null);
        // Also without a change of state: the programs are new to this daemon.
        sampler.setRoot(supervisor.pane, supervisor.program);
      }
    },
    hostLost() {
      titles.clear();
      for (const supervisor of panes) supervisor.hostLost();
    },
    hostEvent(event) {
      switch (event.event) {
        case 'exited':
          panes[event.pane - 1]?.programExited(event.epoch, event.exit, event.at);
          return;
        case 'signal': {
          if (event.signal.type !== 'title') return;
          titles.set(event.pane, event.signal.title);
          const supervisor = panes[event.pane - 1];
          if (supervisor) for (const listener of [...listeners]) listener(supervisor);
          return;
        }
      }
    },
    snapshot() {
      if (!wish) throw new NonetError('no-such-session', `session ${name} has no panes`);
      return { session: name, version, layout: wish.layout, panes: panes.map((supervisor) => viewOf(supervisor)) };
    },
    viewOf(pane) {
      const supervisor = panes[pane - 1];
      if (!supervisor) return null;
      const view = viewOf(supervisor);
      // Times that pass by themselves are no news.
      const key = { ...view, uptimeMs: null, nextRestartAt: supervisor.state.nextRestartAtMs };
      return { view, key: JSON.stringify(key) };
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    save: () => wish && { ...wish, panes: panes.map((supervisor) => supervisor.save()) },
    dispose() {
      for (const supervisor of panes) supervisor.dispose();
      listeners.clear();
    },
  };

  function viewOf(supervisor: PaneSupervisor): PaneView {
    const { pane, spec, state, program } = supervisor;
    const usage = sampler.usageOf(pane);
    const uptimeMs =
      program && state.startedAtMs !== null ? Math.max(0, Math.round(nowMs() - state.startedAtMs)) : null;
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
      reason: state.reason,
      title: titles.get(pane) ?? '',
      command: spec.command,
      cwd: spec.cwd,
      nextRestartAt: state.nextRestartAtMs === null ? null : Math.round(Date.now() + (state.nextRestartAtMs - nowMs())),
      hint: state.hint,
    };
  }
}

/** The size the pane will have on the screen of the one who asked, so that programs draw for it from their first line. */
export function firstSize(layout: Layout, pane: number, size: Size | null): Size {
  if (!size) return FALLBACK_SIZE;
  const paneCount = layout.panes.length;
  const { boxes } = computeGeometry({ ...size, grid: layout.grid, paneCount, focused: pane, zoomed: false });
  const inner = boxes.find((box) => box.pane === pane)?.inner;
  return inner && inner.width > 0 && inner.height > 0 ? { cols: inner.width, rows: inner.height } : FALLBACK_SIZE;
}
