import os from 'node:os';
import path from 'node:path';
import { lookForLimitMeans } from '../config/limit-means.ts';
import { logBaseName } from '../core/log-names.ts';
import type { HostPaneFact } from '../protocol/control.ts';
import { createHealthKeeper, type HealthKeeper } from '../supervisor/health-keeper.ts';
import { createLimitKeeper, type LimitKeeper } from '../supervisor/limits-keeper.ts';
import type { PaneSupervisor } from '../supervisor/pane-supervisor.ts';
import type { ProbeRunner } from '../supervisor/probe.ts';
import { openLogTail } from '../supervisor/probe-log.ts';
import { createProbeRunner } from '../supervisor/probe-runner.ts';
import { createMarkScan } from '../supervisor/processes-marked.ts';
import { createSleepWatch } from '../supervisor/sleep-watch.ts';
import type { SamplerOptions } from '../supervisor/usage.ts';
import { capturePane } from './capture-reader.ts';
import type { HostLink } from './host-link.ts';

/** Everything that looks after programs while they run, joined to this daemon's host and panes. */
export type Care = {
  probes: ProbeRunner;
  keeper: HealthKeeper;
  limits: LimitKeeper;
  sampling: Required<Pick<SamplerOptions, 'onSample' | 'findEscaped'>>;
  dispose(): Promise<void>;
};

export type CareDeps = {
  host: Pick<HostLink, 'request'>;
  panes: () => readonly PaneSupervisor[];
  markId: string;
  paneLogDirectory: string;
  nowMs: () => number;
  random: () => number;
  onChange: (pane: number) => void;
};

/** Several ask within one moment; what the host says is as good for all of them. */
/** Beyond are the numbers of standbys. */
const MAX_LOGGED = 1_000;
const UNSEEN_LINES = 1_000;
const FACTS_MS = 200;

export function createCare({ host, panes, markId, paneLogDirectory, nowMs, random, onChange }: CareDeps): Care {
  const scan = createMarkScan(`${markId}.`);
  const sleep = createSleepWatch({ nowMs, uptimeSeconds: os.uptime });
  const limits = createLimitKeeper(lookForLimitMeans, `nonet-${markId}`);
  let asked: { atMs: number; facts: Promise<HostPaneFact[]> } | null = null;

  function findPane(pane: number): PaneSupervisor | undefined {
    return panes().find((supervisor) => supervisor.pane === pane);
  }

  function readFacts(): Promise<HostPaneFact[]> {
    if (!asked || nowMs() - asked.atMs > FACTS_MS) {
      asked = { atMs: nowMs(), facts: host.request('facts', {}).then((facts) => facts.panes) };
    }
    return asked.facts;
  }

  async function readActivity(pane: number) {
    const fact = (await readFacts()).find((candidate) => candidate.pane === pane);
    return fact ? { outputAgeMs: fact.outputAgeMs ?? null, inputAgeMs: fact.inputAgeMs ?? null } : null;
  }

  const probes = createProbeRunner({
    placeOf(pane) {
      const supervisor = findPane(pane);
      return supervisor ? { cwd: supervisor.spec.cwd, env: { ...supervisor.env } } : null;
    },
    screenOf: async (pane) => (await capturePane(host, { pane, format: 'text', scrollback: 0 })).text,
    outputAgeOf: async (pane) => (await readActivity(pane))?.outputAgeMs ?? null,
    openLog(pane) {
      const supervisor = findPane(pane);
      if (!supervisor?.spec.log.enabled) return null;
      const { spec, state } = supervisor;
      // What is not seen yet is not logged either.
      if (pane > MAX_LOGGED) {
        const read = () => capturePane(host, { pane, format: 'text', scrollback: UNSEEN_LINES });
        return { next: async () => (await read()).text.split('\n') };
      }
      const file = path.join(paneLogDirectory, `${logBaseName(spec.name)}.log`);
      return openLogTail({ file, timeFormat: spec.log.timeFormat, epoch: state.epoch });
    },
  });

  const keeper = createHealthKeeper({ probes, sleep, limits, readActivity, nowMs, random, onChange });

  return {
    probes,
    keeper,
    limits,
    sampling: {
      onSample: keeper.sampled,
      // A mark is `SESSION.PANE.EPOCH`.
      findEscaped: () =>
        scan.find().map(({ mark, ...identity }) => ({ ...identity, pane: Number(mark.split('.')[1]) })),
    },
    async dispose() {
      keeper.dispose();
      sleep.dispose();
      await limits.releaseAll();
    },
  };
}
