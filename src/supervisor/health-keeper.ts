import type { Because } from '../core/pane-life.ts';
import { AT_REST, type Health } from '../core/session.ts';
import { type Activity, type HangWatch, watchForHang } from './hang-watch.ts';
import { createHealthCheck, type HealthCheck } from './health-check.ts';
import type { LimitKeeper } from './limits-keeper.ts';
import { createMemoryWatch, type MemoryWatch } from './memory-watch.ts';
import type { PaneSupervisor } from './pane-supervisor.ts';
import type { ProbeRunner } from './probe.ts';
import type { SleepWatch } from './sleep-watch.ts';
import type { Sample } from './usage.ts';
import { createUsageHistory, type UsageHistory } from './usage-history.ts';

/**
 * Looks after programs while they run: is it healthy, does it hang, does it use more than it may. It decides nothing about a pane's life: it
 * says what is wrong, and asks for a restart where the layout wants that.
 */
export type HealthKeeper = {
  /** The pane may have changed. */
  follow(supervisor: Patient): void;
  /** What the panes that run have used in the last second. */
  sampled(samples: ReadonlyMap<number, Sample>): void;
  /** `warning`: what somebody should know about the running program; empty for nothing. */
  careOf(pane: number): { health: Health | null; warning: string };
  historyOf(pane: number): UsageHistory;
  /** The latest sample of what runs; null when nothing does. */
  latestOf(pane: number): Sample | null;
  /** The pane is no more. */
  forget(pane: number): void;
  dispose(): void;
};

/** What is needed of a pane's supervisor. */
export type Patient = Pick<PaneSupervisor, 'pane' | 'spec' | 'state' | 'program' | 'restartBecause'>;

export type HealthKeeperDeps = {
  probes: ProbeRunner;
  sleep: SleepWatch;
  limits: LimitKeeper;
  readActivity: (pane: number) => Promise<Activity | null>;
  /** Monotonic ms. */
  nowMs: () => number;
  random: () => number;
  /** Health or warning are no longer the same. */
  onChange: (pane: number) => void;
  readPss?: (pid: number) => Promise<number | null>;
};

/** One run of a program. */
type Run = {
  patient: Patient;
  epoch: number;
  health: HealthCheck | null;
  hang: HangWatch | null;
  memory: MemoryWatch;
  unhealthy: string;
  hangs: string;
  used: string[];
};

export function createHealthKeeper(deps: HealthKeeperDeps): HealthKeeper {
  const { probes, sleep, limits, readActivity, nowMs, random, onChange } = deps;
  const runs = new Map<number, Run>();
  const histories = new Map<number, UsageHistory>();
  const samples = new Map<number, Sample>();
  /** Panes that have a health check, running or not. */
  const checked = new Set<number>();

  function historyOf(pane: number): UsageHistory {
    let history = histories.get(pane);
    if (!history) {
      history = createUsageHistory(nowMs);
      histories.set(pane, history);
    }
    return history;
  }

  function begin(patient: Patient): Run {
    const { pane, spec, state } = patient;
    const { epoch } = state;
    const startedAtMs = state.startedAtMs ?? nowMs();
    const history = historyOf(pane);
    history.restart();
    limits.adopt(pane, spec.limits);
    const restart = (kind: Because['kind'], reason: string, mode: 'graceful' | 'kill' = 'graceful'): void =>
      patient.restartBecause({ kind, reason, failure: true }, { epoch, mode });
    const run: Run = {
      patient,
      epoch,
      health: null,
      hang: null,
      memory: createMemoryWatch(
        {
          nowMs,
          limits: () => limits.of(pane),
          history,
          readActivity: () => readActivity(pane),
          restart: (reason, mode) => restart('memory', reason, mode),
          readPss: deps.readPss,
        },
        spec,
      ),
      unhealthy: '',
      hangs: '',
      used: [],
    };
    const { hang } = spec;
    if (hang) {
      const tell = (words: string): void => {
        run.hangs = words;
        onChange(pane);
      };
      run.hang = watchForHang({
        afterMs: hang.afterMs,
        startedAtMs,
        nowMs,
        sleep,
        readActivity: () => readActivity(pane),
        onHang(reason) {
          tell(reason);
          if (hang.action === 'restart') restart('hang', reason);
        },
        onBack: () => tell(''),
      });
    }
    return run;
  }

  /** From when it is ready on: before that, something else looks whether it will be. */
  function beginHealthCheck(run: Run): void {
    const { pane, spec, state, restartBecause } = run.patient;
    const { health } = spec;
    if (!health) return;
    const check = createHealthCheck(
      { probes, sleep, nowMs, random },
      {
        pane,
        settings: health,
        startedAtMs: state.startedAtMs ?? nowMs(),
        onChange() {
          if (check.health === 'healthy') run.unhealthy = '';
          onChange(pane);
        },
        onUnhealthy(reason) {
          run.unhealthy = reason;
          onChange(pane);
          if (health.action !== 'restart') return;
          restartBecause({ kind: 'health', reason, failure: true }, { epoch: run.epoch });
        },
      },
    );
    run.health = check;
  }

  function end(pane: number): void {
    const run = runs.get(pane);
    if (!run) return;
    runs.delete(pane);
    samples.delete(pane);
    run.health?.dispose();
    run.hang?.dispose();
  }

  return {
    follow(patient) {
      const { pane, spec, state } = patient;
      if (spec.health) checked.add(pane);
      else checked.delete(pane);
      if (AT_REST[state.name]) limits.rest(pane);
      let run = runs.get(pane);
      const same = run?.patient === patient && run.epoch === state.epoch && state.name === 'running';
      if (!same) end(pane);
      if (state.name !== 'running') return;
      if (!run || !same) {
        run = begin(patient);
        runs.set(pane, run);
      }
      if (!run.health && state.readyAtMs !== null) beginHealthCheck(run);
    },
    sampled(measured) {
      for (const [pane, sample] of measured) {
        const run = runs.get(pane);
        if (!run || run.patient.program?.pid !== sample.pid) continue;
        samples.set(pane, sample);
        historyOf(pane).add(sample);
        const before = run.used.join();
        run.used = run.memory.sampled(sample);
        if (run.used.join() !== before) onChange(pane);
      }
    },
    careOf(pane) {
      const run = runs.get(pane);
      const health = checked.has(pane) ? (run?.health?.health ?? 'unknown') : null;
      const words = run ? [run.unhealthy, run.hangs, ...run.used].filter((text) => text !== '') : [];
      return { health, warning: words.join('; ') };
    },
    historyOf,
    latestOf: (pane) => samples.get(pane) ?? null,
    forget(pane) {
      end(pane);
      checked.delete(pane);
      histories.delete(pane);
      limits.rest(pane);
    },
    dispose() {
      for (const pane of [...runs.keys()]) end(pane);
    },
  };
}
