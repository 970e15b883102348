import fs from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { createStopLadder, isInteractiveShell, type StopPlan } from '../../src/supervisor/stop-ladder.ts';
import { fixture } from '../helpers/fixture.ts';
import { isAlive } from '../helpers/process-list.ts';
import { waitUntil } from '../helpers/wait-until.ts';
import { exitOf, processes, type StartedTree, startTree } from './started-trees.ts';

function climb(tree: StartedTree, over: Partial<StopPlan> = {}) {
  const stuck: number[][] = [];
  const ladder = createStopLadder(processes, {
    root: tree.root,
    isMarked: tree.isMarked,
    excluded: new Set([process.pid]),
    mode: 'graceful',
    signal: 'SIGTERM',
    graceMs: 60_000,
    typeKeys: null,
    onStuck: (pids) => stuck.push(pids),
    ...over,
  });
  return { ladder, stuck };
}

/** Far from what it takes here, and from the grace. */
const SOON_MS = 10_000;

async function timed(run: Promise<unknown>): Promise<number> {
  const before = performance.now();
  await run;
  return performance.now() - before;
}

describe('a stop', () => {
  it('ends a willing program with its signal, within a moment', async () => {
    const tree = await startTree([
      'sh',
      '-c',
      'trap "echo bye; exit 7" TERM; echo ready; while :; do sleep 0.01; done',
    ]);
    await tree.printed('ready');
    expect(await timed(climb(tree).ladder.gone)).toBeLessThan(SOON_MS);
    expect(tree.pids()).toEqual([]);
    expect(await exitOf(tree.child)).toEqual({ code: 7, signal: null });
    await tree.printed('bye');
  });

  it('waits for a program that takes its time, and is over as soon as that is', async () => {
    const tree = await startTree([
      'sh',
      '-c',
      'trap "sleep 0.4; exit 0" TERM; echo ready; while :; do sleep 0.01; done',
    ]);
    await tree.printed('ready');
    const tookMs = await timed(climb(tree).ladder.gone);
    expect(tookMs).toBeGreaterThan(350);
    expect(tookMs).toBeLessThan(SOON_MS);
    expect(await exitOf(tree.child)).toEqual({ code: 0, signal: null });
  });

  it('gives a program that ignores the signal its grace, then kills it', async () => {
    const tree = await startTree(fixture('ignore-term'));
    await tree.printed('STUBBORN');
    const tookMs = await timed(climb(tree, { graceMs: 2000 }).ladder.gone);
    expect(tookMs).toBeGreaterThan(1950);
    expect(tookMs).toBeLessThan(SOON_MS);
    expect(await exitOf(tree.child)).toEqual({ code: null, signal: 'SIGKILL' });
    await tree.printed('ignoring SIGTERM');
  });

  it('is not over when the first process is gone: members that ignore the signal or left the session are ended too', async () => {
    const tree = await startTree(fixture('leave-behind'));
    await tree.printed('LEFT-BEHIND');
    await waitUntil('four processes', () => tree.pids().length >= 4);
    await climb(tree, { graceMs: 300 }).ladder.gone;
    expect(tree.pids()).toEqual([]);
    await exitOf(tree.child);
  });

  it('finds what a program that is gone already has left behind', async () => {
    const tree = await startTree(fixture('leave-behind', 0));
    await exitOf(tree.child);
    await waitUntil('three processes', () => tree.pids().length >= 3);
    await climb(tree, { graceMs: 200 }).ladder.gone;
    expect(tree.pids()).toEqual([]);
  });

  it('ends a process that is only born of the signal', async () => {
    const script = 'trap "(trap \\"\\" TERM; sleep 60) & exit 0" TERM; echo ready; while :; do sleep 0.01; done';
    const tree = await startTree(['sh', '-c', script]);
    await tree.printed('ready');
    await climb(tree, { graceMs: 300 }).ladder.gone;
    expect(tree.pids()).toEqual([]);
  });

  it('wakes a program that was stopped, which then leaves by itself', async () => {
    const tree = await startTree(['sh', '-c', 'trap "exit 5" TERM; echo ready; while :; do sleep 0.01; done']);
    await tree.printed('ready');
    process.kill(tree.root.pid, 'SIGSTOP');
    await waitUntil('the program to be stopped', () => !processes.isAlive(tree.root) || stateOf(tree) === 'T');
    expect(await timed(climb(tree).ladder.gone)).toBeLessThan(SOON_MS);
    expect(await exitOf(tree.child)).toEqual({ code: 5, signal: null });
  });

  it('types the keys first and gives them time, before any signal', async () => {
    const tree = await startTree([
      'sh',
      '-c',
      'trap "echo got-term" TERM; trap "exit 9" USR1; echo ready; while :; do sleep 0.01; done',
    ]);
    await tree.printed('ready');
    const { ladder } = climb(tree, {
      typeKeys: async () => {
        process.kill(tree.root.pid, 'SIGUSR1');
      },
    });
    await ladder.gone;
    expect(await exitOf(tree.child)).toEqual({ code: 9, signal: null });
    expect(tree.output()).not.toContain('got-term');
  });

  it('goes on to the signal when the keys do nothing or cannot be typed', async () => {
    for (const typeKeys of [() => Promise.resolve(), () => Promise.reject(new Error('no host'))]) {
      const tree = await startTree(['sh', '-c', 'trap "exit 4" TERM; echo ready; while :; do sleep 0.01; done']);
      await tree.printed('ready');
      const tookMs = await timed(climb(tree, { graceMs: 4000, typeKeys }).ladder.gone);
      expect(tookMs).toBeGreaterThan(1950);
      expect(await exitOf(tree.child)).toEqual({ code: 4, signal: null });
    }
  });

  it('can be cut short', async () => {
    const tree = await startTree(fixture('ignore-term'));
    await tree.printed('STUBBORN');
    const { ladder } = climb(tree, { graceMs: 60_000 });
    await tree.printed('ignoring SIGTERM');
    ladder.escalate();
    expect(await timed(ladder.gone)).toBeLessThan(SOON_MS);
    expect((await exitOf(tree.child)).signal).toBe('SIGKILL');
  });

  it('that is a kill asks nobody', async () => {
    const tree = await startTree(['sh', '-c', 'trap "echo got-term" TERM; echo ready; while :; do sleep 0.01; done']);
    await tree.printed('ready');
    expect(await timed(climb(tree, { mode: 'kill' }).ladder.gone)).toBeLessThan(SOON_MS);
    expect(await exitOf(tree.child)).toEqual({ code: null, signal: 'SIGKILL' });
    expect(tree.output()).not.toContain('got-term');
  });

  it('of nothing is over at once', async () => {
    const tree = await startTree(['true']);
    await exitOf(tree.child);
    expect(await timed(climb(tree).ladder.gone)).toBeLessThan(SOON_MS);
  });

  it('leaves alone who only stands beside', async () => {
    const bystander = await startTree(['sleep', '60']);
    const tree = await startTree(['sleep', '60']);
    await climb(tree).ladder.gone;
    expect(isAlive(bystander.root.pid)).toBe(true);
    await climb(bystander).ladder.gone;
  });

  it('says when SIGKILL does not help, and goes on', async () => {
    const tree = await startTree(['sleep', '60']);
    let immortal = true;
    const stuck: number[][] = [];
    // A process that sleeps in the kernel cannot be made at will: SIGKILL is kept from this one instead.
    const ladder = createStopLadder(
      { ...processes, signal: (identity, signal) => !immortal && processes.signal(identity, signal) },
      {
        root: tree.root,
        isMarked: tree.isMarked,
        excluded: new Set(),
        mode: 'kill',
        signal: 'SIGTERM',
        graceMs: 0,
        typeKeys: null,
        onStuck: (pids) => stuck.push(pids),
      },
    );
    await waitUntil('the ladder to say so', () => stuck.length > 0);
    expect(stuck).toEqual([[tree.root.pid]]);
    immortal = false;
    await ladder.gone;
    expect(stuck).toHaveLength(1);
  });
});

function stateOf(tree: StartedTree): string {
  return processes.identify(tree.root.pid) ? readState(tree.root.pid) : '';
}

function readState(pid: number): string {
  const stat = fs.readFileSync(`/proc/${pid}/stat`, 'latin1');
  return stat.slice(stat.lastIndexOf(')') + 2)[0]!;
}

test.each<[string[], boolean]>([
  [['-bash'], true],
  [['/bin/bash', '--norc', '--noprofile'], true],
  [['zsh', '-l'], true],
  [['fish'], true],
  [['bash', '-li'], true],
  [['bash', '-c', 'claude'], false],
  [['bash', '-lc', 'claude'], false],
  [['sh', 'script.sh'], false],
  [['fish', '--command=claude'], false],
  [['node'], false],
  [[], false],
])('%j is a shell at its prompt, or is not', (argv, expected) => {
  expect(isInteractiveShell(argv)).toBe(expected);
});
