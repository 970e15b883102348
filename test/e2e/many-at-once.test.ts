import fs from 'node:fs';
import { expect, test } from 'vitest';
import { createNonet } from '../helpers/nonet-session.ts';
import { nineShells } from '../helpers/panes.ts';

test('twenty lists at once with nothing running all say so and start nothing', async () => {
  const nonet = createNonet();
  const results = await Promise.all(Array.from({ length: 20 }, () => nonet.cli(['list', '-s', 'e2e'])));
  for (const { code, stdout, stderr } of results) {
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toMatch(/e2e/);
  }
  expect(nonet.processes()).toEqual([]);
  expect(nonet.socketFiles()).toEqual([]);
});

test('ten ups at once make one daemon, one host and nine panes', async () => {
  const nonet = createNonet();
  const layout = nonet.writeLayout(nineShells());
  const results = await Promise.all(
    Array.from({ length: 10 }, () => nonet.cli(['up', layout, '-s', 'e2e', '-d'], { timeoutMs: 60_000 })),
  );
  expect(results.map(({ code, stderr }) => (code === 0 ? 'ok' : stderr))).toEqual(Array(10).fill('ok'));
  await nonet.soleDaemon();
  nonet.hostPid();
  const rows = await nonet.list();
  expect(rows.map((row) => ({ epoch: row.epoch, state: row.state }))).toEqual(
    Array(9).fill({ epoch: 1, state: 'running' }),
  );
  const shells = nonet.processes().filter((row) => row.argv[0] === 'bash');
  expect(shells.map((row) => row.pid).sort()).toEqual(rows.map((row) => row.pid).sort());
});

test('directories and sockets are the user’s alone', async () => {
  const nonet = createNonet();
  await nonet.start(nineShells());
  const sockets = nonet.socketFiles();
  expect(sockets.length).toBeGreaterThanOrEqual(2);
  for (const socket of sockets) expect(fs.lstatSync(socket).mode & 0o777).toBe(0o600);
  for (const base of ['XDG_RUNTIME_DIR', 'XDG_STATE_HOME']) {
    const directory = `${nonet.env[base]}/nonet`;
    if (fs.existsSync(directory)) expect(fs.statSync(directory).mode & 0o777).toBe(0o700);
  }
});

test('a runtime directory whose socket path the kernel cannot take is refused in plain words', async () => {
  const nonet = createNonet({ runtimeDirectory: 'r'.repeat(120) });
  const { code, stderr } = await nonet.cli(['up', nonet.writeLayout(nineShells()), '-s', 'e2e', '-d']);
  expect(code).toBe(1);
  expect(stderr).toMatch(/socket path.*107|107.*socket path/s);
  expect(stderr).toContain('XDG_RUNTIME_DIR');
  expect(nonet.processes()).toEqual([]);
  expect(nonet.socketFiles()).toEqual([]);
});

test('without a terminal up and attach refuse before they start anything', async () => {
  const nonet = createNonet();
  const layout = nonet.writeLayout(nineShells());
  const up = await nonet.cli(['up', layout, '-s', 'e2e']);
  expect(up.code).toBe(1);
  expect(up.stderr).toMatch(/terminal/);
  expect(up.stderr).toContain('up -d');
  expect(nonet.processes()).toEqual([]);
  await nonet.start(nineShells());
  const attach = await nonet.cli(['attach', '-s', 'e2e']);
  expect(attach.code).toBe(1);
  expect(attach.stderr).toMatch(/terminal/);
  expect(attach.stdout).toBe('');
});
