import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openLogFile } from '../../src/host/open-log-file.ts';

test('a log file is not opened through a link, a second name, a pipe or in a directory that others write to', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'nonet-log-'));
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }));
  const victim = path.join(folder, 'victim');
  fs.writeFileSync(victim, 'precious');
  fs.symlinkSync(victim, path.join(folder, 'link.log'));
  fs.linkSync(victim, path.join(folder, 'hard.log'));
  spawnSync('mkfifo', [path.join(folder, 'pipe.log')]);
  for (const name of ['link.log', 'hard.log', 'pipe.log']) {
    await expect(openLogFile(path.join(folder, name)), name).rejects.toThrow();
  }
  fs.mkdirSync(path.join(folder, 'shared'));
  fs.chmodSync(path.join(folder, 'shared'), 0o777);
  await expect(openLogFile(path.join(folder, 'shared', 'x.log'))).rejects.toThrow('ours alone');
  expect(fs.readFileSync(victim, 'utf8')).toBe('precious');
});
