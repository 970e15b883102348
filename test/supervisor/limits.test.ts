import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { lookForLimitMeans } from '../../src/config/limit-means.ts';
import { controllersOf, type LimitController, type LimitMeans } from '../../src/core/limit-means.ts';
import { DEFAULT_SUPERVISION, type LimitSettings } from '../../src/core/supervision.ts';
import { createPaneLimits, type PaneLimits } from '../../src/supervisor/limits.ts';
import { createStopLadder } from '../../src/supervisor/stop-ladder.ts';
import { NODE } from '../helpers/fixture.ts';
import { isAlive } from '../helpers/process-list.ts';
import { waitUntil } from '../helpers/wait-until.ts';
import { exitOf, processes } from './started-trees.ts';

const means: LimitMeans = await lookForLimitMeans();
const MB = 1024 ** 2;

/** For a test's title: why it cannot be run here. */
function lacks(controller: LimitController): string {
  if (means.kind === 'systemd') return ' (skipped: systemd makes the groups here)';
  return controllersOf(means).includes(controller) ? '' : ` (skipped: no ${controller} group can be made here)`;
}

function limit(limits: Partial<LimitSettings>): PaneLimits {
  const settings = { ...DEFAULT_SUPERVISION.limits, ...limits };
  const name = `nonet-test-${randomUUID()}`;
  const held = createPaneLimits({ limits: settings, means, name });
  onTestFinished(async () => {
    await waitUntil('its groups to be gone', async () => {
      await held.release();
      const left = parentDirectories().filter((directory) => fs.existsSync(path.join(directory, name)));
      return left.length === 0 || left;
    });
  });
  return held;
}

function parentDirectories(): string[] {
  if (means.kind === 'cgroup-v1') return Object.values(means.directories);
  return means.kind === 'cgroup-v2' ? [means.directory] : [];
}

function run(held: PaneLimits, argv: string[]) {
  const [program, ...args] = held.wrap(argv);
  const child = spawn(program!, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (output += data.toString()));
  onTestFinished(async () => {
    try {
      process.kill(-child.pid!, 'SIGKILL');
    } catch {
      // Nobody is left.
    }
    await exitOf(child);
  });
  return { child, pid: child.pid!, output: () => output };
}

describe('a pane under limits', () => {
  it.skipIf(lacks('memory') !== '')(`runs in the same process, with its own arguments${lacks('memory')}`, async () => {
    const held = limit({ memoryMaxBytes: 500 * MB });
    const { child, pid, output } = run(held, ['sh', '-c', 'echo "$$ $1"; exec sleep 300', 'name', "it's two  words"]);
    await waitUntil('its words', () => output() === `${pid} it's two  words\n` || output());
    expect(held.enforced).toEqual(['memory']);
    await waitUntil('memory to be counted', () => (held.usedBytes() ?? 0) > 0);
    child.kill('SIGKILL');
    await exitOf(child);
    expect(held.wasOutOfMemory()).toBe('');
  });

  it.skipIf(lacks('pids') !== '')(`cannot leave its group, by no fork and no environment${lacks('pids')}`, async () => {
    const held = limit({ maxProcesses: 100 });
    const script = 'env -i setsid sh -c "sleep 1006 & :"; echo gone; exec sleep 1007';
    const { child, output } = run(held, ['sh', '-c', script]);
    await waitUntil('both', () => output() === 'gone\n' && held.members().size === 2);
    const root = { pid: child.pid!, startTime: processes.identify(child.pid!)!.startTime };
    const plan = { root, isMarked: () => false, excluded: new Set([process.pid]), mode: 'graceful' as const };
    const members = [...held.members()];
    await createStopLadder(processes, {
      ...plan,
      members: held.members,
      signal: 'SIGTERM',
      graceMs: 5_000,
      typeKeys: null,
      onStuck: () => {},
    }).gone;
    expect(members.filter(isAlive)).toEqual([]);
    await exitOf(child);
  });

  it.skipIf(lacks('memory') !== '')(
    `is killed when it takes more memory, however fast, and alone${lacks('memory')}`,
    async () => {
      const held = limit({ memoryMaxBytes: 120 * MB });
      const beside = run(limit({}), ['sleep', '300']);
      const greedy = 'const all = []; for (;;) all.push(Buffer.alloc(50 << 20, 1));';
      const { child } = run(held, [NODE, '-e', greedy]);
      expect(await exitOf(child)).toEqual({ code: null, signal: 'SIGKILL' });
      expect(held.wasOutOfMemory()).toContain('out of memory');
      expect(beside.child.exitCode).toBeNull();
      // The next run begins without the guilt of the one before.
      const { child: next } = run(held, ['sleep', '0']);
      expect(await exitOf(next)).toMatchObject({ code: 0 });
      expect(held.wasOutOfMemory()).toBe('');
    },
  );

  it.skipIf(lacks('memory') !== '')(`with a slow leak is killed too${lacks('memory')}`, async () => {
    const held = limit({ memoryMaxBytes: 100 * MB });
    const slow = 'const all = []; setInterval(() => all.push(Buffer.alloc(4 << 20, 1)), 20);';
    const { child } = run(held, [NODE, '-e', slow]);
    expect(await exitOf(child)).toEqual({ code: null, signal: 'SIGKILL' });
    expect(held.wasOutOfMemory()).toContain('out of memory');
  });

  it.skipIf(lacks('pids') !== '')(`cannot fork for ever${lacks('pids')}`, async () => {
    const held = limit({ maxProcesses: 12 });
    // Every one starts two more, and they all stay.
    const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'nonet-bomb-')), 'bomb.sh');
    onTestFinished(() => fs.rmSync(path.dirname(file), { recursive: true }));
    fs.writeFileSync(file, 'sh "$0" & sh "$0" & sleep 20\n');
    const { pid, output } = run(held, ['sh', file]);
    await waitUntil('a fork to fail', () => /fork|Resource temporarily/i.test(output()) || output());
    const members = fs.readdirSync('/proc').filter((name) => {
      if (!/^\d+$/.test(name)) return false;
      try {
        const fields = fs.readFileSync(`/proc/${name}/stat`, 'latin1').split(') ')[1]!.split(' ');
        return Number(fields[2]) === pid;
      } catch {
        return false;
      }
    });
    expect(members.length).toBeGreaterThan(3);
    expect(members.length).toBeLessThanOrEqual(12);
  });

  it.skipIf(lacks('cpu') !== '')(
    `runs without limits that the kernel refuses, and leaves no group${lacks('cpu')}`,
    () => {
      const held = limit({ memoryMaxBytes: 500 * MB, cpuPercent: 1e15 });
      expect(held.wrap(['true', 'it'])).toEqual(['true', 'it']);
      expect(held.problem).toMatch(/^its limits cannot be set: \w+/);
      expect(held.enforced).toEqual([]);
    },
  );

  it.skipIf(lacks('cpu') !== '')(`gets no more of a core than it may${lacks('cpu')}`, async () => {
    const held = limit({ cpuPercent: 20 });
    const { pid } = run(held, ['sh', '-c', 'while :; do :; done']);
    const usedMs = (): number => {
      const fields = fs.readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]!.split(' ');
      return (Number(fields[11]) + Number(fields[12])) * 10;
    };
    await waitUntil('it to run', () => usedMs() > 0);
    const [beganMs, before] = [performance.now(), usedMs()];
    await waitUntil('two seconds', () => performance.now() - beganMs > 2_000);
    expect((usedMs() - before) / (performance.now() - beganMs)).toBeLessThan(0.3);
  });

  it('has the priority that was asked for, and so has what it starts', async () => {
    const held = limit({ nice: 7 });
    const { pid, output } = run(held, [
      'sh',
      '-c',
      'while [ "$(nice)" != 7 ]; do sleep 0.01; done; sh -c nice; sleep 300',
    ]);
    held.started(pid);
    await waitUntil('its niceness', () => output().trim() === '7' || output());
    expect(os.getPriority(pid)).toBe(7);
    expect(held.problem).toBe('');
  });

  it.skipIf(lacks('memory') !== '')(`does not run when its group is gone, and says why${lacks('memory')}`, async () => {
    const held = limit({ memoryMaxBytes: 500 * MB });
    const argv = held.wrap(['echo', 'never']);
    await held.release();
    const [program, ...args] = argv;
    const child = spawn(program!, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (output += data.toString()));
    expect(await exitOf(child)).toMatchObject({ code: 126 });
    await waitUntil('the reason', () => output.includes('cannot join the limits') || output);
    expect(output).not.toContain('never');
  });

  it('whose limits cannot be set is told so, and is polled', () => {
    const settings = { ...DEFAULT_SUPERVISION.limits, memoryMaxBytes: MB };
    const nowhere: LimitMeans = { kind: 'cgroup-v1', directories: { memory: '/nowhere/at/all' } };
    const held = createPaneLimits({ limits: settings, means: nowhere, name: 'x' });
    expect(held.wrap(['sleep', '1'])).toEqual(['sleep', '1']);
    expect(held.problem).toContain('its limits cannot be set: ENOENT');
    expect(held.enforced).toEqual([]);
  });

  it('is a scope where systemd makes them', () => {
    const systemd: LimitMeans = { kind: 'systemd', user: true, controllers: ['memory', 'pids'] };
    const settings = { ...DEFAULT_SUPERVISION.limits, memoryMaxBytes: 5 * MB, maxProcesses: 9 };
    const held = createPaneLimits({ limits: settings, means: systemd, name: 'x' });
    expect(held.wrap(['claude', '--resume']).join(' ')).toBe(
      'systemd-run --user --scope --quiet --collect -p MemoryMax=5242880 -p MemorySwapMax=0 -p TasksMax=9 -p OOMPolicy=continue -- claude --resume',
    );
  });
});
