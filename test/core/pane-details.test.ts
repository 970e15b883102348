import { describe, expect, it } from 'vitest';
import { describeDetail } from '../../src/core/pane-details.ts';
import { durationWords } from '../../src/core/restart-policy.ts';
import type { ExitRecord, PaneDetail } from '../../src/core/session.ts';

const NOW_MS = 1_800_000_000_000;

const detail: PaneDetail = {
  pane: 1,
  name: 'web',
  state: 'fatal',
  wanted: 'up',
  pid: null,
  epoch: 1,
  restarts: 0,
  startedAt: null,
  uptimeMs: null,
  cpuPercent: 0,
  rssBytes: 0,
  exit: null,
  reason: '',
  title: '',
  command: 'web',
  cwd: '/',
  ready: null,
  health: null,
  warning: '',
  argv: ['web'],
  agent: 'none',
  restart: 'on-failure',
  cols: 80,
  rows: 24,
  envNames: [],
  limits: '',
  hint: '',
  nextRestartAt: null,
  processes: [],
  exits: [],
  repeats: '',
};

describe('a pane in full', () => {
  it.each([0, 49, 978, 999, 1500, 59_960, 90_000, 7_200_000])(
    'tells a run of %i ms in the words of its reason',
    (uptimeMs) => {
      const reason = `exited with code 3 after ${durationWords(uptimeMs)}`;
      const exit: ExitRecord = {
        epoch: 1,
        at: NOW_MS,
        uptimeMs,
        exit: { code: 3, signal: null },
        reason,
        kind: 'crash',
        tail: ['the end'],
      };
      const rows = describeDetail({ ...detail, exits: [exit] }, NOW_MS).slice(-2);
      expect(rows).toEqual([
        { label: 'exit', text: `2027-01-15T08:00:00.000Z  after ${durationWords(uptimeMs)}  crash: ${reason}` },
        { label: '', text: '| the end' },
      ]);
    },
  );
});
