import type { PaneEvent, PaneState } from './pane-life.ts';
import { durationWords, isFailure } from './restart-policy.ts';
import type { ExitKind, ExitRecord } from './session.ts';

/** The record of a run that `event` has ended, or null when it has ended none. `at` is when the event was heard of. */
export function recordEnd(
  before: PaneState,
  event: PaneEvent,
  after: PaneState,
  { successExitCodes, at }: { successExitCodes: readonly number[]; at: number },
): ExitRecord | null {
  const kind = kindOfEnd(before, event, after, successExitCodes);
  if (!kind) return null;
  const startedAtMs = before.startedAtMs ?? event.nowMs;
  const endMs = event.type === 'exited' ? event.atMs : event.nowMs;
  return {
    epoch: before.epoch,
    at: at - Math.round(Math.max(0, event.nowMs - endMs)),
    uptimeMs: Math.round(Math.max(0, endMs - startedAtMs)),
    exit: event.type === 'exited' ? event.exit : null,
    // A stop that is over says why no longer.
    reason: before.name === 'stopping' ? before.reason : after.reason,
    kind,
    tail: [],
  };
}

function kindOfEnd(
  before: PaneState,
  event: PaneEvent,
  after: PaneState,
  successExitCodes: readonly number[],
): ExitKind | null {
  if (before.name === 'starting' && (event.type === 'spawn-failed' || event.type === 'preflight-failed')) {
    return 'start-failure';
  }
  const ended = before.startedAtMs !== null && after.startedAtMs === null;
  if (!ended) return null;
  if (before.name === 'stopping') return before.stop?.because?.kind === 'not-ready' ? 'not-ready' : 'by-nonet';
  if (event.type !== 'exited') return 'host-lost';
  if (event.outOfMemory !== '') return 'out-of-memory';
  if (!isFailure(event.exit, successExitCodes)) return 'clean';
  return event.exit.signal === null ? 'crash' : 'signal';
}

const FAILURES: Record<ExitKind, boolean> = {
  clean: false,
  crash: true,
  signal: true,
  'out-of-memory': true,
  'by-nonet': false,
  'start-failure': true,
  'not-ready': true,
  'host-lost': false,
};

const FEWEST_ALIKE = 3;

/**
 * `failed 3 times the same way: exit code 2 after 1 s` when the latest failures, three or more inside the window, are alike; else empty.
 * `records`: newest first.
 */
export function describeRepeats(records: readonly ExitRecord[], windowMs: number, now: number): string {
  const [newest] = records;
  if (!newest || !FAILURES[newest.kind]) return '';
  const other = records.findIndex((record) => now - record.at >= windowMs || !isAlike(record, newest));
  const count = other < 0 ? records.length : other;
  if (count < FEWEST_ALIKE) return '';
  return `failed ${count} times the same way: ${describeFailure(newest)}`;
}

function isAlike(a: ExitRecord, b: ExitRecord): boolean {
  if (a.kind !== b.kind || a.exit?.code !== b.exit?.code || a.exit?.signal !== b.exit?.signal) return false;
  return a.kind !== 'start-failure' || a.reason === b.reason;
}

function describeFailure({ kind, exit, uptimeMs, reason }: ExitRecord): string {
  if (kind === 'start-failure' || kind === 'not-ready') return reason;
  const what = kind === 'out-of-memory' ? 'out of memory' : (exit?.signal ?? `exit code ${exit?.code}`);
  return `${what} after ${durationWords(uptimeMs)}`;
}
