import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { createNonet } from '../helpers/nonet-session.ts';

type Report = { ok: boolean; findings: { topic: string; level: string; text: string; advice: string }[] };

test('doctor tells where things are, what runs, and which agents are there', async () => {
  const nonet = createNonet();
  await nonet.start({ panes: [{ name: 'one', command: 'sleep 1000' }] });
  const { ok, findings } = JSON.parse(await nonet.run(['doctor', '--json'])) as Report;
  expect(ok).toBe(true);
  const texts = findings.map(({ topic, text }) => `${topic}: ${text}`).join('\n');
  expect(texts).toContain(`sockets: ${nonet.env['XDG_RUNTIME_DIR']}/nonet`);
  expect(texts).toContain(`e2e: daemon 0.1.0, pid ${nonet.daemonPid()}`);
  expect(texts).toContain('agents: Claude Code');
  const file = path.join(nonet.env['XDG_CONFIG_HOME']!, 'nonet/config.yaml');
  expect(texts).toContain(`directories: configuration: ${file} (none yet)`);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, 'theme: blue\nmouse: 3\n');
  const warned = JSON.parse(await nonet.run(['doctor', '--json'])) as Report;
  expect(warned.findings.find(({ level, topic }) => level === 'warning' && topic === 'directories')).toMatchObject({
    text: `configuration: ${file} has 2 mistakes: none of it holds`,
    advice: `nonet check ${file}`,
  });
});

test('doctor says what does not work and what to do about it, and exits 1', async () => {
  const nonet = createNonet();
  const env = { XDG_STATE_HOME: '/proc/nowhere' };
  const { code, stdout } = await nonet.cli(['doctor'], { env });
  expect(code).toBe(1);
  expect(stdout).toMatch(/✕ state and logs: \/proc\/nowhere.*\n {4}→ make it a directory/);
});
