import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { expect, onTestFinished } from 'vitest';
import { createProcesses } from '../../src/supervisor/create-processes.ts';
import { MARK_VARIABLE, type ProcessIdentity, type ProcessRow } from '../../src/supervisor/processes.ts';
import { isAlive, processesWithMarker } from '../helpers/process-list.ts';
import { waitUntil } from '../helpers/wait-until.ts';

/** A program of its own session, as in a pty, whose whole tree is marked; what is left when the test ends fails it. */
export type StartedTree = {
  child: ChildProcess;
  root: ProcessIdentity;
  isMarked: (row: ProcessRow) => boolean;
  /** Living processes of the tree. */
  pids(): number[];
  /** Resolves when the program has printed the text. */
  printed(text: string): Promise<void>;
  output(): string;
};

export const processes = createProcesses();

export async function startTree(argv: [string, ...string[]], env: Record<string, string> = {}): Promise<StartedTree> {
  const mark = randomUUID();
  const marker = `${MARK_VARIABLE}=${mark}`;
  const [program, ...args] = argv;
  const child = spawn(program, args, {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { PATH: process.env['PATH'] ?? '', [MARK_VARIABLE]: mark, ...env },
  });
  let output = '';
  child.stdout!.on('data', (data: Buffer) => {
    output += data.toString();
  });
  await new Promise((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  const root = processes.identify(child.pid!)!;
  const pids = () => processesWithMarker(marker).map((row) => row.pid);
  onTestFinished(async () => {
    const left = pids();
    for (const pid of left) process.kill(pid, 'SIGKILL');
    await waitUntil('the rest to be gone', () => !left.some((pid) => isAlive(pid)));
    expect(left, 'processes left by the test').toEqual([]);
  });
  return {
    child,
    root,
    isMarked: (row) => processes.markOf(row) === mark,
    pids,
    printed: (text) => waitUntil(`the program to print ${text}`, () => output.includes(text) || output),
    output: () => output,
  };
}

export function exitOf(child: ChildProcess): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  if (child.exitCode !== null || child.signalCode !== null) {
    return Promise.resolve({ code: child.exitCode, signal: child.signalCode });
  }
  return new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
}
