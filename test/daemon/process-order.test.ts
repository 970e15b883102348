import { expect, test } from 'vitest';
import { orderTree } from '../../src/daemon/process-order.ts';

test('children come after their parents, one deeper; who has no parent there is at the root', () => {
  const rows = [
    { pid: 10, parentPid: 1 },
    { pid: 11, parentPid: 10 },
    { pid: 12, parentPid: 11 },
    { pid: 13, parentPid: 10 },
    { pid: 99, parentPid: 1 },
  ];
  const members = [10, 13, 12, 99, 11].map((pid) => ({ pid }));
  expect(orderTree(members, rows).map(({ pid, depth }) => [pid, depth])).toEqual([
    [10, 0],
    [13, 1],
    [11, 1],
    [12, 2],
    [99, 0],
  ]);
});

test('a circle loses nobody', () => {
  const rows = [
    { pid: 1, parentPid: 2 },
    { pid: 2, parentPid: 1 },
  ];
  expect(orderTree([{ pid: 1 }, { pid: 2 }], rows)).toHaveLength(2);
});
