import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { expect, test } from 'vitest';
import { createNonet, NONET } from '../helpers/nonet-session.ts';

test('every command works in a directory that has been removed, and knows its name', async () => {
  const nonet = createNonet();
  const script = `mkdir gone && cd gone && rmdir ../gone && ${NONET.map((word) => `'${word}'`).join(' ')} list 2>&1; true`;
  const said = execFileSync('sh', ['-c', script], { cwd: nonet.directory, env: nonet.env, encoding: 'utf8' });
  expect(said).toBe('nonet: no session "gone" is running\n  start it with `nonet up -s gone`\n');
});

test('a socket in a directory that others can write to is told nothing', async () => {
  const nonet = createNonet();
  const directory = path.join(nonet.env['XDG_RUNTIME_DIR']!, 'nonet', 'e2e');
  fs.mkdirSync(directory, { recursive: true, mode: 0o700 });
  const heard: Buffer[] = [];
  const server = net.createServer((socket) => socket.on('data', (bytes) => heard.push(bytes)));
  await new Promise<void>((resolve) => server.listen(path.join(directory, 'daemon.sock'), resolve));
  for (const open of [directory, path.dirname(directory)]) {
    fs.chmodSync(open, 0o777);
    const { code, stderr } = await nonet.cli(['up', '-d', '-s', 'e2e'], { env: { SECRET: 'planted' } });
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('can be written to by others') });
    fs.chmodSync(open, 0o700);
  }
  expect(heard).toEqual([]);
  await new Promise((resolve) => server.close(resolve));
});

test('a daemon that cannot start says why at once', async () => {
  const nonet = createNonet();
  const directory = path.join(nonet.env['XDG_RUNTIME_DIR']!, 'nonet', 'e2e');
  fs.mkdirSync(directory, { recursive: true, mode: 0o700 });
  fs.mkdirSync(path.join(directory, 'daemon.lock'));
  const { code, stderr } = await nonet.cli(['up', '-d', '-s', 'e2e']);
  expect(code).toBe(1);
  // Whoever had waited for it would say that it did not start in time.
  expect(stderr).toMatch(/cannot start: the lock .*daemon\.lock cannot be used/);
  fs.rmdirSync(path.join(directory, 'daemon.lock'));
});

test('a session whose daemon is away for a moment is there for every command', async () => {
  const nonet = createNonet();
  await nonet.start({ panes: [{ name: 'one', command: 'sleep 1000' }] });
  const { pid } = await nonet.pane('one');
  for (let i = 0; i < 3; i++) {
    const daemon = await nonet.soleDaemon();
    process.kill(daemon, 'SIGKILL');
    const { code, stdout } = await nonet.cli(['list', '-s', 'e2e', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([{ name: 'one', pid }]);
    expect(await nonet.soleDaemon()).not.toBe(daemon);
  }
});

test('a dry run shows a hostile command as text, word by word', async () => {
  const nonet = createNonet();
  const layout = nonet.writeLayout({ panes: [{ name: 'evil', command: ['rm', 'a b', '\x1b[2K\x1b[1Gls'] }] });
  const shown = await nonet.run(['up', '--dry-run', layout]);
  expect(shown).toContain("rm 'a b'");
  expect(shown).not.toContain('\x1b');
});
