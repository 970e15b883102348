import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readFileOrBackup, writeFileAtomically } from '../../src/config/atomic-file.ts';

/** Each system call of a write in turn fails, or is the last of the process: strace(1) injects it. */
const CALLS = ['openat', 'write', 'fsync', 'rename', 'link', 'unlink', 'close'];
const OLD = 'x'.repeat(5000);
const NEW = 'y'.repeat(9000);

const canTrace = spawnSync('strace', ['-qq', '-e', 'inject=fsync:error=EIO', 'true'], { stdio: 'ignore' }).status === 0;
const why = canTrace ? '' : ' (skipped: needs strace, and the right to trace)';

type Outcome = { content: string; failed: boolean; injected: boolean };

function writeUnder(fault: string): Outcome {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'nonet-fault-'));
  onTestFinished(() => fs.rmSync(directory, { recursive: true, force: true }));
  const file = path.join(directory, 'state.json');
  writeFileAtomically(file, OLD);
  const module = path.resolve('src/config/atomic-file.ts');
  const script = `import(${JSON.stringify(module)}).then((m) => m.writeFileAtomically(${JSON.stringify(file)}, 'y'.repeat(9000)))`;
  const trace = path.join(directory, 'trace');
  const only = [file, `${file}.new`, `${file}.bak`, `${file}.bak.new`, directory].flatMap((name) => ['-P', name]);
  const { status, signal } = spawnSync(
    'strace',
    ['-f', '-qq', '-o', trace, ...only, '-e', `inject=${fault}`, process.execPath, '-e', script],
    { stdio: 'ignore' },
  );
  // Read as a daemon would, which takes the backup for a damaged file.
  const content = readFileOrBackup(file, (text) => (text === OLD || text === NEW ? text : null)) ?? 'damaged';
  expect(fs.readFileSync(file, 'utf8') === OLD || fs.readFileSync(file, 'utf8') === NEW, fault).toBe(true);
  return {
    content,
    failed: status !== 0 || signal !== null,
    injected: /\(INJECTED\)|killed by SIGKILL/.test(fs.readFileSync(trace, 'utf8')),
  };
}

test.skipIf(!canTrace)(
  `a write that the disk refuses anywhere is told, and leaves the old content${why}`,

  () => {
    for (const call of ['openat', 'write', 'fsync', 'rename']) {
      for (const error of call === 'write' ? ['EIO', 'ENOSPC'] : ['EIO']) {
        const outcome = writeUnder(`${call}:error=${error}:when=1`);
        // The first rename is that of the backup, without which the new content still counts.
        const expected = call === 'rename' ? { content: NEW, failed: false } : { content: OLD, failed: true };
        expect({ call, ...outcome }).toEqual({ call, injected: true, ...expected });
      }
    }
    expect(writeUnder('rename:error=EIO:when=2')).toEqual({ content: OLD, failed: true, injected: true });
  },
);

test.skipIf(!canTrace)(
  `a writer that dies at any system call leaves the old content or the new, never a mixture${why}`,

  () => {
    const seen = new Set<string>();
    let deaths = 0;
    for (const call of CALLS) {
      for (let when = 1; when <= 4; when++) {
        const { content, injected } = writeUnder(`${call}:signal=KILL:when=${when}`);
        if (!injected) break;
        deaths++;
        seen.add(content);
      }
    }
    expect(deaths).toBeGreaterThan(8);
    expect([...seen].sort()).toEqual([OLD, NEW]);
  },
);
