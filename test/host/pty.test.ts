import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Exit } from '../../src/core/session.ts';
import { openPty, type Pty } from '../../src/host/pty.ts';
import { waitUntil } from '../helpers/wait-until.ts';

type Run = { pty: Pty; exit: Promise<Exit>; output: () => Buffer; seen(text: string): Promise<void> };

function run(argv: string[], onOutput: (chunk: Buffer) => void = () => {}): Run {
  const chunks: Buffer[] = [];
  let wake = (): void => {};
  let exited: (exit: Exit) => void;
  const exit = new Promise<Exit>((resolve) => {
    exited = resolve;
  });
  const pty = openPty({
    argv,
    cwd: '/',
    env: { PATH: process.env['PATH'] ?? '', TERM: 'xterm-256color' },
    cols: 80,
    rows: 24,
    onData(chunk) {
      chunks.push(chunk);
      onOutput(chunk);
      wake();
    },
    onExit: (value) => exited(value),
  });
  const output = () => Buffer.concat(chunks);
  return {
    pty,
    exit,
    output,
    async seen(text) {
      while (!output().includes(text)) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}

const cpuMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

describe('a pty', () => {
  it('delivers every byte of a program that prints and exits at once', async () => {
    const expected = Array.from({ length: 3000 }, (_, i) => `${i + 1}\r\n`).join('');
    for (let round = 0; round < 40; round++) {
      const program = run(['seq', '1', '3000']);
      expect(await program.exit).toEqual({ code: 0, signal: null });
      expect(program.output().toString()).toBe(expected);
    }
  });

  it('delivers the tail of a program that exits while its output is paused', async () => {
    const program = run(['sh', '-c', 'seq 1 3000; echo LAST']);
    program.pty.pause();
    await program.exit;
    expect(program.output().toString()).toMatch(/3000\r\nLAST\r\n$/);
  });

  it('hands out what is there when asked, while it is paused, and nothing else', async () => {
    const program = run(['sh', '-c', 'echo one; read x; echo two; read x']);
    await program.seen('one');
    program.pty.pause();
    program.pty.write('\n');
    let { length } = program.output();
    await waitUntil('the answer', () => {
      expect(program.output().length).toBe(length);
      program.pty.poll();
      ({ length } = program.output());
      return program.output().includes('two\r\n');
    });
    expect(program.pty.poll()).toBe(0);
    program.pty.resume();
    program.pty.write('\n');
    expect(await program.exit).toEqual({ code: 0, signal: null });
    expect(program.pty.poll()).toBeNull();
  });

  it('tells a signal from an exit code', async () => {
    expect(await run(['sh', '-c', 'kill -9 $$']).exit).toEqual({ code: null, signal: 'SIGKILL' });
    expect(await run(['sh', '-c', 'exit 7']).exit).toEqual({ code: 7, signal: null });
  });

  it('costs nearly nothing while a program does not read its input', async () => {
    const program = run(['sh', '-c', 'stty raw -echo; echo READY; sleep 60']);
    await program.seen('READY');
    expect(program.pty.write(Buffer.alloc(200_000, 'x'))).toBe(true);
    // The least of three: this process may have something to clean up just now.
    const shares: number[] = [];
    for (let round = 0; round < 3; round++) {
      const [before, start] = [cpuMs(), performance.now()];
      await new Promise((resolve) => setTimeout(resolve, 400));
      shares.push((cpuMs() - before) / (performance.now() - start));
    }
    expect(Math.min(...shares)).toBeLessThan(0.15);
    expect(program.pty.queuedInputBytes).toBeGreaterThan(0);
    process.kill(program.pty.pid, 'SIGKILL');
    await program.exit;
  });

  it('refuses input beyond its bound instead of growing', async () => {
    const program = run(['sh', '-c', 'stty raw -echo; echo READY; sleep 60']);
    await program.seen('READY');
    const megabyte = Buffer.alloc(1024 * 1024, 'x');
    let accepted = 0;
    while (program.pty.write(megabyte)) accepted++;
    expect(accepted).toBeLessThanOrEqual(17);
    process.kill(program.pty.pid, 'SIGKILL');
    await program.exit;
  });

  it('hands a large paste over whole', async () => {
    const program = run(['sh', '-c', 'stty raw -echo; echo READY; head -c 2000000 | cksum; exit']);
    await program.seen('READY');
    program.pty.write(Buffer.alloc(2_000_000, 'abcdefghij'));
    await program.exit;
    const expected = run(['sh', '-c', 'yes abcdefghij | tr -d "\\n" | head -c 2000000 | cksum']);
    await expected.exit;
    expect(program.output().toString().split('READY')[1]?.trim()).toBe(expected.output().toString().trim());
  });

  it('writes nothing into a file that gets the number of its descriptor', async () => {
    const directory = mkdtempSync(path.join(os.tmpdir(), 'nonet-pty-'));
    try {
      for (let round = 0; round < 5; round++) {
        const program = run(['sh', '-c', 'stty raw -echo; echo READY; sleep 60']);
        await program.seen('READY');
        program.pty.write(Buffer.alloc(300_000, 'x'));
        process.kill(program.pty.pid, 'SIGKILL');
        await program.exit;
        const files = Array.from({ length: 8 }, (_, i) => path.join(directory, `${round}-${i}`));
        for (const file of files) openSync(file, 'w');
        program.pty.write('late');
        await new Promise((resolve) => setTimeout(resolve, 50));
        for (const file of files) expect(readFileSync(file).length).toBe(0);
      }
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it('is in no other program’s hands, whatever numbers descriptors have', async () => {
    const list = 'ls -l /proc/self/fd | grep -c /ptmx; exec sleep 60';
    const holes = Array.from({ length: 40 }, () => openSync('/dev/null', 'r'));
    const first = run(['sh', '-c', list]);
    await first.seen('\n');
    for (const fd of holes) closeSync(fd);
    const second = run(['sh', '-c', list]);
    await second.seen('\n');
    expect([first, second].map(({ output }) => output().toString().trim())).toEqual(['0', '0']);
    for (const { pty, exit } of [first, second]) {
      process.kill(pty.pid, 'SIGKILL');
      await exit;
    }
  });

  it('takes a resize and a write after the exit for nothing', async () => {
    const program = run(['true']);
    await program.exit;
    expect(() => program.pty.resize(10, 10)).not.toThrow();
    expect(program.pty.write('x')).toBe(false);
    expect(() => program.pty.close()).not.toThrow();
  });

  it('survives a storm of resizes around its end, and resizes nobody else', async () => {
    const size = (program: Run) => program.output().toString().trim().split(/\s+/).slice(-2).join(' ');
    const witness = run(['sh', '-c', 'while read x; do stty size; done']);
    const others: Run[] = [];
    for (let round = 0; round < 10; round++) {
      const program = run(['sleep', '60']);
      for (let i = 0; i < 100; i++) {
        if (i === 50) process.kill(program.pty.pid, 'SIGKILL');
        program.pty.resize(1 + ((i * 7) % 200), 1 + ((i * 3) % 50));
        if (i % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      await program.exit;
      // It may have the number of the descriptor that is free now.
      others.push(run(['sh', '-c', 'read x; stty size']));
      for (let i = 0; i < 10; i++) program.pty.resize(11, 7);
    }
    for (const other of [...others, witness]) other.pty.write('\n');
    await Promise.all(others.map(({ exit }) => exit));
    await witness.seen('24 80');
    expect(others.map(size)).toEqual(others.map(() => '24 80'));
    process.kill(witness.pty.pid, 'SIGKILL');
    await witness.exit;
  });
});
