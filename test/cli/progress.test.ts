import { expect, test } from 'vitest';
import { describeWait } from '../../src/cli/progress.ts';
import { nine } from '../client/sample-session.ts';

test('a wait is told with the panes that are on their way', () => {
  const panes = nine({ 3: { state: 'stopping' }, 5: { state: 'backoff' } });
  expect(describeWait('waiting', panes)).toBe('waiting, 2 of 9 to go: 3 pane-3 ◍ stopping, 5 pane-5 ↻ backoff');
  expect(describeWait('waiting', nine())).toBe('waiting …');
});
