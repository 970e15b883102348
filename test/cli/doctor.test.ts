import { expect, test } from 'vitest';
import { createNonet } from '../helpers/nonet-session.ts';

type Report = { ok: boolean; findings: { topic: string; level: string; text: string; advice: string }[] };

test('doctor tells where things are, what runs, and which agents are there', { timeout: 30_000 }, async () => {
  const nonet = createNonet();
  await nonet.start({ panes: [{ name: 'one', command: 'sleep 1000' }] });
  const { ok, findings } = JSON.parse(await nonet.run(['doctor', '--json'])) as Report;
  expect(ok).toBe(true);
  const texts = findings.map(({ topic, text }) => `${topic}: ${text}`).join('\n');
  expect(texts).toContain(`sockets: ${nonet.env['XDG_RUNTIME_DIR']}/nonet`);
  expect(texts).toContain(`e2e: daemon 0.1.0, pid ${nonet.daemonPid()}`);
  expect(texts).toContain('agents: Claude Code');
});

test('doctor says what does not work and what to do about it, and exits 1', { timeout: 30_000 }, async () => {
  const nonet = createNonet();
  const env = { XDG_STATE_HOME: '/proc/nowhere' };
  const { code, stdout } = await nonet.cli(['doctor'], { env });
  expect(code).toBe(1);
  expect(stdout).toMatch(/✕ state and logs: \/proc\/nowhere.*\n {4}→ make it a directory/);
});
