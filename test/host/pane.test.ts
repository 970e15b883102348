import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { DEFAULT_LOG_SETTINGS } from '../../src/core/supervision.ts';
import { createHost } from '../../src/host/host.ts';
import type { Connection } from '../../src/protocol/connection.ts';
import { waitUntil } from '../helpers/wait-until.ts';

test('what a program has shown before it takes a pane over is all in the log, however slow the machine is', async () => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'nonet-pane-'));
  const host = createHost({ version: '1.2.3', onShutdown: () => {}, startDaemonsFrom: () => {} });
  onTestFinished(async () => {
    await host.dispose();
    fs.rmSync(directory, { recursive: true, force: true });
  });
  const daemon = { sendEvent() {}, onClose() {}, onDrain() {}, queuedBytes: 0 } as unknown as Connection;
  const base = path.join(directory, 'web');
  const log = { base, paneName: 'web', command: 'web', settings: { ...DEFAULT_LOG_SETTINGS, raw: false } };
  const run = (pane: number, script: string): void => {
    const argv: [string, ...string[]] = ['/bin/sh', '-c', `${script}; exec cat`];
    const size = { cols: 60, rows: 8 };
    host.handlers.spawn(
      { pane, epoch: 1, argv, cwd: '/', env: {}, size, scrollback: 200, log: pane === 1 ? log : null },
      daemon,
    );
  };
  run(1, 'echo before');
  run(1001, 'i=0; while [ $i -lt 100 ]; do echo "line $i"; i=$((i + 1)); done');
  const file = `${base}.log`;
  const logged = (): string[] => (fs.existsSync(file) ? fs.readFileSync(file, 'utf8').split('\n') : []);
  await waitUntil('all lines', async () => {
    const { text } = await host.handlers.capture({ pane: 1001, format: 'text', scrollback: 0 }, daemon);
    return text.includes('line 99');
  });

  // Each look at the clock is an hour after the last.
  let nowMs = performance.now();
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => (nowMs += 3_600_000));
  host.handlers['swap-panes']({ pane: 1, other: 1001 }, daemon);
  clock.mockRestore();
  await waitUntil('the last of them in the log', () => logged().some((line) => line.endsWith(' line 99')));
  const lines = logged().filter((line) => / line \d+$/.test(line));
  expect(lines.map((line) => line.replace(/^\S+ /, ''))).toEqual(Array.from({ length: 100 }, (_, i) => `line ${i}`));
});
