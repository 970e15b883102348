import { describe, expect, it } from 'vitest';
import { describeRepeats, recordEnd } from '../../src/core/exit-reason.ts';
import type { RestartSettings } from '../../src/core/layout.ts';
import type { PaneEvent, PaneState } from '../../src/core/pane-life.ts';
import { createPaneState, transition } from '../../src/core/pane-state.ts';
import type { Exit, ExitKind, ExitRecord } from '../../src/core/session.ts';

const NOW = 1_000_000;
const WALL = 1_800_000_000_000;
const restart: RestartSettings = {
  policy: 'on-failure',
  maxRestarts: 5,
  windowMs: 600_000,
  minUptimeMs: 5000,
  successExitCodes: [0, 4],
  stopExitCodes: [],
  delayMs: null,
  backoff: { initialMs: 1000, factor: 2, maxMs: 60_000, jitter: 0, resetAfterMs: 60_000 },
};
const rules = { restart, ready: null };
const moment = { nowMs: NOW, random: 0.5 };
const up: PaneState = { ...createPaneState(), wanted: 'up', epoch: 2, reason: '' };
const starting: PaneState = { ...up, name: 'starting' };
const running: PaneState = { ...up, name: 'running', startedAtMs: NOW - 3000, readyAtMs: NOW - 3000 };

function exited(exit: Partial<Exit>, outOfMemory = ''): PaneEvent {
  return { type: 'exited', epoch: 2, exit: { code: null, signal: null, ...exit }, atMs: NOW, outOfMemory, ...moment };
}

/** The record that the last of the events makes. */
function endOf(from: PaneState, ...events: PaneEvent[]): ExitRecord | null {
  let state = from;
  let record: ExitRecord | null = null;
  for (const event of events) {
    const next = transition(state, event, rules).state;
    record = recordEnd(state, event, next, { successExitCodes: restart.successExitCodes, at: WALL });
    state = next;
  }
  return record;
}

describe('the end of a run', () => {
  const stop: PaneEvent = { type: 'stop', ...moment };
  const late: PaneEvent = { type: 'not-ready', epoch: 2, reason: 'not ready within 30 s', ...moment };
  const unready = { ...running, readyAtMs: null };

  it.each<[string, PaneState, PaneEvent[], ExitKind, string]>([
    ['code 0', running, [exited({ code: 0 })], 'clean', 'exited with code 0'],
    ['a code that is a success', running, [exited({ code: 4 })], 'clean', 'exited with code 4'],
    ['another code', running, [exited({ code: 3 })], 'crash', 'exited with code 3 after 3 s'],
    ['a signal', running, [exited({ signal: 'SIGSEGV' })], 'signal', 'killed by SIGSEGV after 3 s'],
    [
      'the kernel’s killer',
      running,
      [exited({ signal: 'SIGKILL' }, 'out of memory')],
      'out-of-memory',
      'killed by SIGKILL: out of memory after 3 s',
    ],
    ['a stop', running, [stop, exited({ signal: 'SIGTERM' })], 'by-nonet', 'asked to stop'],
    ['a stop that the program answered well', running, [stop, exited({ code: 0 })], 'by-nonet', 'asked to stop'],
    ['a start that took too long', unready, [late, exited({ code: 0 })], 'not-ready', 'not ready within 30 s'],
    ['the loss of its host', running, [{ type: 'host-lost', ...moment }], 'host-lost', 'its host process died'],
    [
      'a spawn that failed',
      starting,
      [{ type: 'spawn-failed', epoch: 2, reason: 'no terminal', hint: '', ...moment }],
      'start-failure',
      'no terminal',
    ],
    [
      'a command that is not there',
      starting,
      [{ type: 'preflight-failed', epoch: 2, reason: 'command not found: x', hint: '', ...moment }],
      'start-failure',
      'command not found: x',
    ],
  ])('by %s is of its kind', (_what, from, events, kind, reason) => {
    expect(endOf(from, ...events)).toMatchObject({ kind, reason, epoch: 2, at: WALL });
  });

  it('is when it was, not when it was heard of', () => {
    const event: PaneEvent = { ...exited({ code: 3 }), atMs: NOW - 2000 } as PaneEvent;
    expect(endOf(running, event)).toMatchObject({ at: WALL - 2000, uptimeMs: 1000 });
  });

  it('is recorded once, and of what did not run there is none', () => {
    expect(endOf(running, stop, exited({ code: 0 }), { type: 'tree-gone', epoch: 2, ...moment })).toBeNull();
    expect(endOf(createPaneState(), { type: 'start', ...moment })).toBeNull();
    expect(endOf(starting, stop, { type: 'spawn-cancelled', epoch: 2, ...moment })).toBeNull();
  });
});

describe('failures that are alike', () => {
  const crash = (over: Partial<ExitRecord> = {}): ExitRecord => ({
    epoch: 1,
    at: WALL - 1000,
    uptimeMs: 1000,
    exit: { code: 2, signal: null },
    reason: 'exited with code 2 after 1 s',
    kind: 'crash',
    tail: [],
    ...over,
  });
  const told = (...records: ExitRecord[]) => describeRepeats(records, 600_000, WALL);

  it('are told of from the third on', () => {
    expect(told(crash(), crash())).toBe('');
    expect(told(crash(), crash(), crash())).toBe('failed 3 times the same way: exit code 2 after 1 s');
    expect(told(crash(), crash(), crash(), crash({ exit: { code: 3, signal: null } }))).toContain('failed 3 times');
  });

  it('are told by what they have in common', () => {
    const three = (over: Partial<ExitRecord>) => told(crash(over), crash(over), crash(over));
    const signal = { exit: { code: null, signal: 'SIGSEGV' } };
    expect(three({ kind: 'signal', ...signal })).toBe('failed 3 times the same way: SIGSEGV after 1 s');
    expect(three({ kind: 'out-of-memory', ...signal })).toBe('failed 3 times the same way: out of memory after 1 s');
    expect(three({ kind: 'not-ready', reason: 'not ready within 30 s' })).toContain(': not ready within 30 s');
    expect(three({ kind: 'start-failure', exit: null, reason: 'no terminal' })).toContain(': no terminal');
  });

  it('are none when something else came between, when they are old, or when nothing failed', () => {
    const stopped = crash({ kind: 'by-nonet' });
    expect(told(crash(), stopped, crash(), crash())).toBe('');
    expect(told(stopped, crash(), crash(), crash())).toBe('');
    expect(told(crash(), crash(), crash({ at: WALL - 700_000 }))).toBe('');
    expect(told(crash({ kind: 'clean' }), crash({ kind: 'clean' }), crash({ kind: 'clean' }))).toBe('');
    const other = (reason: string) => crash({ kind: 'start-failure', exit: null, reason });
    expect(told(other('a'), other('b'), other('a'))).toBe('');
  });
});
