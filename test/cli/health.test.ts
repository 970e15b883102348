import { describe, expect, it } from 'vitest';
import { judgePane } from '../../src/cli/health.ts';
import type { PaneView } from '../../src/core/session.ts';
import { pane } from '../client/sample-session.ts';

describe('a pane is as it should be', () => {
  it.each<[string, Partial<PaneView>, boolean]>([
    ['it runs, and nothing else is known of it', {}, true],
    ['it runs and is healthy', { health: 'healthy' }, true],
    ['it runs, is healthy, and something is to be noticed', { health: 'healthy', warning: 'memory is 2G' }, true],
    ['it runs and is unhealthy', { health: 'unhealthy', warning: 'refused' }, false],
    ['it runs and its health is not known yet', { health: 'unknown' }, false],
    ['it runs and is ready', { ready: true }, true],
    ['it runs and is not ready', { ready: false }, false],
    ['it is starting', { state: 'starting' }, false],
    ['it waits to be started again', { state: 'backoff', reason: 'exit code 1' }, false],
    ['nonet has given up', { state: 'fatal', reason: 'exit code 1' }, false],
    ['it has done its work', { state: 'exited', exit: { code: 0, signal: null } }, true],
    [
      'it ended with a code that is a success',
      { state: 'exited', exit: { code: 3, signal: null }, succeeded: true },
      true,
    ],
    [
      'it ended with a code that is none',
      { state: 'exited', exit: { code: 0, signal: null }, succeeded: false },
      false,
    ],
    ['it has failed', { state: 'exited', exit: { code: 1, signal: null } }, false],
    ['it was killed', { state: 'exited', exit: { code: null, signal: 'SIGKILL' } }, false],
    ['it is down, as is wanted', { state: 'stopped', wanted: 'down' }, true],
    ['it is down, and is to be up', { state: 'stopped', wanted: 'up' }, false],
    ['it runs, and is to be down', { wanted: 'down' }, false],
  ])('%s: %#', (_, changes, ok) => {
    const verdict = judgePane(pane(1, changes));
    expect(verdict.ok).toBe(ok);
    if (!ok) expect(verdict.reason).not.toBe('');
  });
});
