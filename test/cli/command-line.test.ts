import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { VERSION } from '../../src/core/version.ts';
import { createNonet, NONET, type NonetSession } from '../helpers/nonet-session.ts';
import { nineShells, shell } from '../helpers/panes.ts';
import { waitUntil } from '../helpers/wait-until.ts';

const twoShells = { grid: '1x2', panes: [shell(1), shell(2)] };

describe('what cannot be done is said in two lines, with an exit code, and nothing is started', () => {
  test.each<[args: string[], code: number, stderr: RegExp]>([
    [['lst'], 2, /^nonet: unknown command "lst"; did you mean "list"\?\n {2}see `nonet --help`\n$/],
    [['list', '--jsn'], 2, /^nonet: unknown option --jsn; did you mean "--json"\?\n {2}see `nonet list --help`\n$/],
    [['show'], 2, /^nonet: an argument is missing: nonet show PANE\n {2}see/],
    [['list', '-s', 'a/b'], 2, /^nonet: "a\/b" cannot be a session's name: [^\n]+\n {2}see/],
    [['up', '-d', '-s', '..'], 2, /^nonet: "\.\." cannot be a session's name/],
    [['down', '--timeout', 'soon'], 2, /^nonet: --timeout takes a number of seconds, 0 or more, not "soon"\n/],
    [
      ['down', '--timeout', '2147484'],
      2,
      /^nonet: --timeout cannot be more than 24 days\n {2}see `nonet down --help`\n$/,
    ],
    [['rollback', '0x1'], 2, /^nonet: nonet rollback takes a whole number from 1 to 10\n/],
    [['check', '-'], 2, /^-:1:1: [^\n]*no such file\n$/],
    [['capture', '1', '--scrollback', '-3'], 2, /^nonet: --scrollback takes a number of lines/],
    [
      ['up', 'dmeo', '-d'],
      2,
      /^nonet: there is no preset and no file "dmeo"; did you mean "demo"\?\n {2}see `nonet layouts`\n$/,
    ],
    [['up', './missing.yaml', '-d'], 2, /^\.\/missing\.yaml:1:1: [^\n]*no such file\n$/],
    [['up', 'demo', '-d', '--env', 'production'], 2, /unknown profile "production"/],
    [['check', 'missing.yaml'], 2, /^missing\.yaml:1:1: /],
    [['list', '-s', 'none'], 3, /^nonet: no session "none" is running\n {2}start it with `nonet up -s none`\n$/],
    [['restart', 'all', '-s', 'none'], 3, /^nonet: no session "none" is running\n/],
    [['attach', '-s', 'none'], 3, /^nonet: no session "none" is running\n/],
    [['up'], 1, /^nonet: standard input is not a terminal\n {2}[^\n]*`nonet up -d`\n$/],
    [[], 1, /^nonet: standard input is not a terminal\n/],
  ])('%j ends with %i', async (args, code, stderr) => {
    const nonet = createNonet();
    const result = await nonet.cli(args);
    expect(result.stderr).toMatch(stderr);
    expect({ code: result.code, stdout: result.stdout }).toEqual({ code, stdout: '' });
    expect(nonet.processes()).toEqual([]);
    expect(nonet.socketFiles()).toEqual([]);
  });

  test('directories that cannot be: there is no session in them, and none can be started', async () => {
    const nonet = createNonet();
    const file = path.join(nonet.directory, 'file');
    fs.writeFileSync(file, '');
    const env = { XDG_RUNTIME_DIR: path.join(file, 'x') };
    for (const command of [['list'], ['down'], ['attach'], ['show', '1']]) {
      const { code, stderr } = await nonet.cli(command, { env });
      expect(stderr).toMatch(/^nonet: no session "e2e" is running\n/);
      expect(code).toBe(3);
    }
    const up = await nonet.cli(['up', '-d', 'demo'], { env });
    expect(up.stderr).toBe(
      `nonet: ${file}/x cannot be made (ENOTDIR)\n  remove it, or set XDG_RUNTIME_DIR and XDG_STATE_HOME to directories of your own\n`,
    );
    expect(up).toMatchObject({ code: 1, stdout: '' });
    expect(await nonet.cli(['sessions'], { env })).toMatchObject({ code: 0, stderr: 'no session is running\n' });
  });

  test('a pane of the session cannot show the session', async () => {
    const nonet = createNonet();
    for (const command of ['up', 'attach']) {
      const { code, stderr } = await nonet.cli([command], { env: { NONET_SESSION: 'e2e', NONET_PANE: '1' } });
      expect(stderr).toMatch(/^nonet: this is a pane of session e2e: it cannot show itself\n {2}detach first/);
      expect(code).toBe(1);
    }
  });
});

test.runIf(fs.existsSync('/dev/full'))('data that cannot be written is a failure', async () => {
  const full = fs.openSync('/dev/full', 'w');
  const child = spawn(NONET[0], [NONET[1], 'layouts'], { stdio: ['ignore', full, 'pipe'] });
  fs.closeSync(full);
  let stderr = '';
  child.stderr!.on('data', (data: Buffer) => {
    stderr += data.toString();
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  expect(stderr).toMatch(/^nonet: what was asked for cannot be written: ENOSPC/);
  expect(code).toBe(1);
});

describe('data goes to stdout', () => {
  test('--version, --help and the help on a command', async () => {
    const nonet = createNonet();
    for (const option of ['--version', '-V']) {
      expect(await nonet.cli([option])).toEqual({ code: 0, signal: null, stdout: `${VERSION}\n`, stderr: '' });
    }
    expect(await nonet.run(['--help'])).toContain('Usage: nonet [COMMAND]');
    expect(await nonet.run(['help', 'ps'])).toMatch(/^nonet list {4}\(also: ls, ps\)\n/);
    expect(await nonet.run(['up', '-h'])).toMatch(/^nonet up \[LAYOUT\]\n/);
  });

  test('layouts and check, to people and as JSON', async () => {
    const nonet = createNonet();
    expect(await nonet.run(['layouts'])).toMatch(/^default +Nine login shells\.\n/);
    const presets = JSON.parse(await nonet.run(['layouts', '--json'])) as Record<string, string>[];
    expect(presets.map((preset) => Object.keys(preset).sort())).toEqual(
      presets.map(() => ['description', 'file', 'name']),
    );

    const good = path.basename(nonet.writeLayout(twoShells));
    const told = await nonet.cli(['check', good]);
    expect(told).toEqual({ code: 0, signal: null, stdout: '', stderr: `${good}: 2 panes, no problems\n` });
    expect(JSON.parse(await nonet.run(['check', good, '--json']))).toEqual({ ok: true, problems: [] });

    const bad = path.basename(nonet.writeLayout('panes:\n  - name: a\n    comand: bash\n'));
    const refused = await nonet.cli(['check', bad]);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(new RegExp(`^${bad}:3:5: .*comand.*did you mean "command"\\?`));
    const asData = await nonet.cli(['check', bad, '--json']);
    expect(asData.code).toBe(2);
    expect(JSON.parse(asData.stdout)).toMatchObject({ ok: false, problems: [{ file: bad, line: 3, col: 5 }] });
  });

  test('up --dry-run tells commands and the names of variables, never their values', async () => {
    const nonet = createNonet();
    fs.writeFileSync(path.join(nonet.directory, '.env'), 'FILE_TOKEN=hidden-in-file\n');
    const layout = nonet.writeLayout({
      env: { ALL_TOKEN: 'hidden-for-all' },
      panes: [
        { name: 'a', command: 'bash -l', env: { PANE_TOKEN: 'hidden-in-pane' }, env_file: '.env', autostart: false },
      ],
    });
    const text = await nonet.run(['up', layout, '--dry-run']);
    expect(text).toBe(`1  a  bash -l  (in ${nonet.directory}, restart on-failure, not started by itself)\n`);
    const json = await nonet.run(['up', layout, '--dry-run', '--json'], { env: { OUTER_TOKEN: 'hidden-outside' } });
    expect(JSON.parse(json)).toMatchObject([{ pane: 1, name: 'a', argv: ['bash', '-l'], autostart: false }]);
    for (const name of ['ALL_TOKEN', 'PANE_TOKEN', 'FILE_TOKEN']) expect(json).toContain(name);
    expect(text + json).not.toContain('hidden');
    expect(nonet.processes()).toEqual([]);
  });

  test('what commands did is talk, or with --json data', async () => {
    const nonet = createNonet();
    const layout = nonet.writeLayout(twoShells);
    const up = await nonet.cli(['up', layout, '-d']);
    expect(up).toMatchObject({ code: 0, stdout: '' });
    expect(up.stderr).toMatch(/^session e2e is up: /);
    expect(JSON.parse(await nonet.run(['up', layout, '-d', '--json']))).toEqual({ session: 'e2e', started: false });

    await waitUntil('both to run', () => allRun(nonet));
    const stopped = await nonet.cli(['stop', '1']);
    expect(stopped).toMatchObject({ code: 0, stdout: '' });
    expect(stopped.stderr).toMatch(/^1 sh1: /);
    expect(JSON.parse(await nonet.run(['start', 'sh1', '--json']))).toMatchObject([{ pane: 1, name: 'sh1', ok: true }]);
    expect(JSON.parse(await nonet.run(['sessions', '--json']))).toMatchObject([
      { session: 'e2e', panes: 2, running: 2 },
    ]);
    const missing = await nonet.cli(['show', 'sh3', '--json']);
    expect(missing).toMatchObject({ code: 1, stdout: '' });
    expect(missing.stderr).toMatch(/^nonet: .*"?sh3"?[^\n]*\n {2}see `nonet list`\n$/);
    const elsewhere = await nonet.cli(['list', '-s', 'other']);
    expect(elsewhere.stderr).toContain('sessions here: e2e');
    expect(elsewhere.code).toBe(3);
    await nonet.run(['down']);
    expect((await nonet.cli(['list', '-s', 'other'])).stderr).not.toContain('e2e');
  });

  test('a session whose daemon does not answer is told of after the others', async () => {
    const nonet = createNonet();
    await nonet.start(twoShells);
    await nonet.run(['up', '-d', '-s', 'other', nonet.writeLayout(twoShells)]);
    const sessions = async () =>
      JSON.parse(await nonet.run(['sessions', '--json'])) as { session: string; pid: number }[];
    const [stopped, other] = await sessions();
    expect([stopped, other]).toMatchObject([{ session: 'e2e' }, { session: 'other' }]);
    process.kill(stopped!.pid, 'SIGSTOP');
    try {
      const { code, stdout, stderr } = await nonet.cli(['sessions', '--json']);
      expect(JSON.parse(stdout)).toMatchObject([{ session: 'other', panes: 2 }]);
      expect(stderr).toMatch(/^nonet: session "e2e" does not answer: no hello within \d+ s\n/);
      expect(code).toBe(124);
    } finally {
      process.kill(stopped!.pid, 'SIGCONT');
    }
    // The next daemon is waited for.
    process.kill(other!.pid, 'SIGKILL');
    expect(await sessions()).toMatchObject([{ session: 'e2e' }, { session: 'other', panes: 2 }]);
    await nonet.run(['down', '-s', 'other']);
    expect(await sessions()).toMatchObject([{ session: 'e2e' }]);
  });

  test('words after -- are text, whatever they look like', async () => {
    const nonet = createNonet();
    await nonet.start(twoShells);
    await waitUntil('a prompt', async () => (await nonet.capture(1)).includes('p1$'));
    await nonet.run(['send', '1', '--no-enter', '--', '--help', '-s', 'x']);
    await waitUntil('the text', async () => (await nonet.capture(1)).includes('p1$ --help -s x'));
  });
});

describe('colour', () => {
  test('is for terminals, and not with NO_COLOR', async () => {
    const nonet = createNonet();
    await nonet.start(twoShells);
    await waitUntil('both to run', () => allRun(nonet));
    expect(await nonet.run(['list'])).not.toContain('\x1b');
    expect(await rawOutput(nonet, {})).toContain('\x1b[32m● running\x1b[0m');
    expect(await rawOutput(nonet, { NO_COLOR: '1' })).not.toMatch(/\x1b\[\d/);
    // https://no-color.org: an empty one does not count.
    expect(await rawOutput(nonet, { NO_COLOR: '' })).toContain('\x1b[32m');
  });
});

describe('a reader that has had enough', () => {
  test('ends the command without a word', async () => {
    const nonet = createNonet();
    await nonet.start(nineShells());
    const script = '"$0" "$1" list; echo "code $?" >&2';
    const { stderr } = await runClosed(nonet, script);
    expect(stderr).toBe('code 0\n');
  });

  test('of the talk does not change how it ends', async () => {
    const nonet = createNonet();
    const { stdout } = await runClosed(nonet, '"$0" "$1" list -s none; echo "code $?"', 'stderr');
    expect(stdout).toBe('code 3\n');
  });
});

async function allRun(nonet: NonetSession): Promise<boolean> {
  return (await nonet.list()).every(({ state }) => state === 'running');
}

async function rawOutput(nonet: NonetSession, env: Record<string, string>): Promise<string> {
  const terminal = nonet.open(['list'], { env });
  await terminal.waitForExit();
  return terminal.raw().toString('utf8');
}

/** Runs the script with `$0 $1` for nonet; what it writes to `closed` goes into a pipe whose reader has gone. */
function runClosed(nonet: NonetSession, script: string, closed: 'stdout' | 'stderr' = 'stdout') {
  return new Promise<{ stdout: string; stderr: string }>((resolve, reject) => {
    const child = spawn('sh', ['-c', `read go; ${script}`, ...NONET], { cwd: nonet.directory, env: nonet.env });
    const read = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      if (name !== closed) child[name].on('data', (data: Buffer) => (read[name] += data.toString('utf8')));
    }
    child.on('error', reject);
    child.on('close', () => resolve(read));
    child[closed].destroy();
    // Not before the reader is gone.
    child[closed].on('close', () => child.stdin.end('go\n'));
  });
}
