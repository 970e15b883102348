import { spawn } from 'node:child_process';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import { layoutsDirectory } from '../../src/config/presets.ts';
import { openTerminal, type TerminalSession } from '../helpers/terminal-session.ts';

const script = path.join(layoutsDirectory(), 'demo-agent.mjs');
const kinds = 'planner coder tester reviewer docs refactor data ops flaky'.split(' ');

let terminal: TerminalSession | null = null;
afterEach(async () => {
  await terminal?.close();
  terminal = null;
});

/** `ticks`: how many it moves; then it only answers. */
function open(kind: string, options: { speed?: number; ticks?: number; cols?: number; rows?: number } = {}) {
  const { speed = 20, ticks, cols = 70, rows = 20 } = options;
  terminal = openTerminal({
    argv: [process.execPath, script, kind],
    cols,
    rows,
    env: { DEMO_AGENT_SPEED: String(speed), ...(ticks && { DEMO_AGENT_TICKS: String(ticks) }) },
  });
  return terminal;
}

/** Also what has scrolled away by the time that anybody looks. */
function waitForWritten(agent: TerminalSession, text: RegExp): Promise<void> {
  return agent.waitFor(`${text} to be written`, () => text.test(stripVTControlCharacters(`${agent.raw()}`)));
}

const updates = (agent: TerminalSession): number => agent.raw().toString().split('\x1b[?2026h').length - 1;

describe('a simulated agent', () => {
  test.each(kinds)('%s introduces itself and works', async (kind) => {
    const agent = open(kind, { ticks: 20, rows: 40 });
    await agent.waitForText(new RegExp(`╭─ .* ${kind}`));
    await agent.waitFor('more than the banner', () => updates(agent) > 6 && agent.byteCount > 800);
    expect(agent.exit).toBeNull();
  });

  test('asks for permission and goes on when it is given', async () => {
    const agent = open('coder');
    await agent.waitForText('? Run git commit?');
    agent.type('y');
    await waitForWritten(agent, /allowed[\s\S]*The parser drops the last field/);
  });

  test('takes no for an answer, and a line for an instruction', async () => {
    const agent = open('ops', { rows: 40 });
    await agent.waitForText('? Roll out web:2026.11');
    agent.type('wait for the backup\r');
    await waitForWritten(agent, /denied: wait for the backup/);
    await waitForWritten(agent, /Instead: “wait for the backup”/);
    await agent.waitFor('the next question', (screen) => screen.text().some((row) => row.startsWith('? Roll out')));
    agent.type('n');
    await waitForWritten(agent, /Then I leave it as it is\./);
  });

  test('echoes what is typed, with corrections, and answers a line', async () => {
    const agent = open('docs', { rows: 40 });
    await agent.waitForText('────');
    agent.type('helxx\x7f\x7flo 日本');
    await agent.waitForText('> hello 日本');
    agent.type('\r');
    await waitForWritten(agent, /“hello 日本”/);
    agent.type('\x1b[200~pasted\x1b[201~\x1b[A');
    await agent.waitForText(/> pasted\s*$/);
  });

  test('crashes on its own when it is the flaky one', async () => {
    const agent = open('flaky', { speed: 60 });
    expect(await agent.waitForExit()).toMatchObject({ code: 1 });
    expect(agent.screen.text().join('\n')).toContain('TypeError: Cannot read properties of undefined');
  });

  test('crashes when asked to', async () => {
    const agent = open('planner');
    await agent.waitForText('────');
    agent.type('/crash\r');
    expect(await agent.waitForExit()).toMatchObject({ code: 1 });
  });

  test('fits any size, and redraws for a new one', async () => {
    const agent = open('refactor', { ticks: 20, cols: 100, rows: 30 });
    await agent.waitForText('server.ts has 940 lines');
    agent.resize(24, 8);
    await agent.waitFor('the line to type in is below', (screen) => screen.text().join('\n').trimEnd().endsWith('>'));
    agent.resize(90, 25);
    await agent.waitForText(/model andante-5 · simulated/);
    agent.resize(2, 1);
    agent.resize(60, 20);
    agent.type('still here');
    await agent.waitForText('> still here');
  });
});

describe('a simulated agent leaves cleanly', () => {
  test.each(['SIGTERM', 'SIGHUP', 'SIGINT'] as const)('on %s', async (signal) => {
    const agent = open('data');
    await agent.waitForText('────');
    agent.kill(signal);
    expect(await agent.waitForExit()).toMatchObject({ code: 0 });
    expect(agent.raw().toString()).toMatch(/\x1b\[\?2004l\x1b\[0m\r+\n$/);
  });

  test.each([
    ['^C', '\x03'],
    ['^D', '\x04'],
    ['/exit', '/exit\r'],
  ])('on %s', async (_name, keys) => {
    const agent = open('reviewer');
    await agent.waitForText('────');
    agent.type(keys);
    expect(await agent.waitForExit()).toMatchObject({ code: 0 });
  });

  test('when its input closes', async () => {
    const child = spawn(process.execPath, [script, 'tester'], { stdio: ['pipe', 'pipe', 'inherit'] });
    const code = new Promise((resolve) => child.once('exit', resolve));
    child.stdout.resume();
    child.stdout.once('data', () => child.stdin.end());
    expect(await code).toBe(0);
  });

  test('when nobody reads its output any more', async () => {
    const child = spawn(process.execPath, [script, 'tester'], { stdio: ['pipe', 'pipe', 'inherit'] });
    const code = new Promise((resolve) => child.once('exit', resolve));
    child.stdout.once('data', () => child.stdout.destroy());
    expect(await code).toBe(0);
    child.stdin.destroy();
  });
});

test('at its own pace an agent writes at most about four times a second', async () => {
  const started = performance.now();
  const agent = open('tester', { speed: 1 });
  await agent.waitFor('twelve updates', () => updates(agent) >= 12);
  expect(performance.now() - started).toBeGreaterThan(2000);
});
