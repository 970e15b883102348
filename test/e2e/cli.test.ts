import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { fixture } from '../helpers/fixture.ts';
import { createNonet } from '../helpers/nonet-session.ts';
import { nineShells, QUICK_STOP, shell } from '../helpers/panes.ts';
import { isAlive } from '../helpers/process-list.ts';
import { waitUntil } from '../helpers/wait-until.ts';

const twoShells = { grid: '1x2', panes: [shell(1), shell(2)] };

test('list shows every pane to people and, with --json, to programs', async () => {
  const nonet = createNonet();
  await nonet.start(twoShells);
  const text = await nonet.run(['list', '-s', 'e2e']);
  expect(text).toMatch(/sh1/);
  expect(text).toMatch(/running/);
  expect(text).not.toContain('\x1b');
  const rows = await nonet.list();
  const promised =
    'pane name state wanted pid epoch restarts startedAt uptimeMs cpuPercent rssBytes exit reason title command cwd';
  expect(Object.keys(rows[0]!).sort()).toEqual(promised.split(' ').sort());
  expect(rows[0]).toMatchObject({
    pane: 1,
    name: 'sh1',
    state: 'running',
    wanted: 'up',
    epoch: 1,
    restarts: 0,
    exit: null,
    cwd: nonet.directory,
  });
  expect(isAlive(rows[0]!.pid!)).toBe(true);
  expect(Math.abs(Date.now() - rows[0]!.startedAt!)).toBeLessThan(60_000);
  await waitUntil('the memory to be measured', async () => (await nonet.pane(1)).rssBytes > 1_000_000);
  for (const alias of ['ls', 'ps']) expect((await nonet.cli([alias, '-s', 'e2e', '--json'])).code).toBe(0);

  const detail = JSON.parse(await nonet.run(['show', 'sh2', '-s', 'e2e', '--json']));
  expect(detail).toMatchObject({ pane: 2, name: 'sh2', argv: ['bash', '--norc', '--noprofile'] });
  expect(await nonet.run(['show', '2', '-s', 'e2e'])).toContain('sh2');
});

test('the session is named after the directory unless --session says otherwise', async () => {
  const nonet = createNonet({ name: 'my-project' });
  fs.writeFileSync(path.join(nonet.directory, 'nonet.yaml'), JSON.stringify({ version: 1, ...twoShells }));
  await nonet.run(['up', '-d']);
  expect(JSON.parse(await nonet.run(['list', '--json'])).length).toBe(2);
  expect(await nonet.run(['sessions'])).toContain('my-project');
  expect(JSON.parse(await nonet.run(['sessions', '--json']))).toEqual([
    expect.objectContaining({ session: 'my-project' }),
  ]);
  expect((await nonet.cli(['list', '-s', 'another'])).code).toBe(3);
  await nonet.run(['down']);
  expect((await nonet.cli(['list'])).code).toBe(3);
  expect(JSON.parse(await nonet.run(['sessions', '--json']))).toEqual([]);
});

test('send types text and Enter, send-keys presses keys by name, capture shows the screen', async () => {
  const nonet = createNonet();
  await nonet.start({
    grid: '1x2',
    panes: [shell(1), { name: 'keys', command: fixture('key-echo'), stop: QUICK_STOP }],
  });
  await waitUntil(
    'both',
    async () => (await nonet.capture(1)).includes('p1$') && (await nonet.capture('keys')).includes('KEYS'),
  );
  await nonet.run(['send', 'sh1', 'echo "sent $((6*7))"', '-s', 'e2e']);
  await waitUntil('the answer', async () => (await nonet.capture('sh1')).includes('sent 42'));
  await nonet.run(['send', 'sh1', 'not entered', '--no-enter', '-s', 'e2e']);
  await waitUntil('the text', async () => (await nonet.capture('sh1')).includes('p1$ not entered'));

  await nonet.run(['send-keys', 'keys', 'ctrl+a', 'up', 'f5', 'enter', 'x', '-s', 'e2e']);
  await waitUntil('the keys', async () => {
    const text = (await nonet.capture('keys')).replaceAll(/[<>\s]|KEYS/g, '');
    return text === '011b5b411b5b31357e0d78' || text;
  });
  const wrong = await nonet.cli(['send-keys', 'keys', 'ctrl+nonsense', '-s', 'e2e']);
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toContain('ctrl+nonsense');

  await nonet.run(['send', 'sh1', 'clear; printf "\\e[31mred\\e[0m\\n"; seq 200', '-s', 'e2e']);
  await waitUntil('the end', async () => /^200$/m.test(await nonet.capture('sh1')));
  expect(await nonet.capture('sh1')).not.toContain('red');
  const whole = await nonet.run(['capture', 'sh1', '--scrollback', '1000', '-s', 'e2e']);
  expect(whole).toMatch(/^1$/m);
  const ansi = await nonet.run(['capture', 'sh1', '--ansi', '--scrollback', '1000', '-s', 'e2e']);
  expect(ansi).toMatch(/\x1b\[[0-9;]*31m.*red/);
  expect(JSON.parse(await nonet.run(['capture', 'sh1', '--json', '-s', 'e2e']))).toMatchObject({
    cursor: { visible: true },
  });
});

test('stop, start, restart and kill act on names, numbers, globs and all, and wait until it is done', async () => {
  const nonet = createNonet();
  await nonet.start(nineShells());
  const states = async () => (await nonet.list()).map((row) => row.state[0]).join('');
  await nonet.run(['stop', 'sh2', '3', '-s', 'e2e']);
  expect(await states()).toBe('rssrrrrrr');
  await nonet.run(['start', '2', 'sh3', '-s', 'e2e']);
  expect(await states()).toBe('rrrrrrrrr');
  const before = await nonet.list();
  await nonet.run(['restart', 'sh[4-6]', '-s', 'e2e']);
  const after = await nonet.list();
  expect(after.map((row, i) => row.pid !== before[i]!.pid)).toEqual([
    false,
    false,
    false,
    true,
    true,
    true,
    false,
    false,
    false,
  ]);
  expect(after.map((row) => row.state)).toEqual(Array(9).fill('running'));
  await nonet.run(['kill', 'all', '-s', 'e2e']);
  expect((await nonet.list()).every((row) => row.pid === null && row.wanted === 'down')).toBe(true);
  expect(after.some((row) => isAlive(row.pid!))).toBe(false);

  const missing = await nonet.cli(['stop', 'nobody', '-s', 'e2e']);
  expect(missing.code).toBe(1);
  expect(missing.stderr).toContain('nobody');
  expect(missing.stdout).toBe('');
});

test('usage errors, missing sessions and unknown commands have their own exit codes and say what to do', async () => {
  const nonet = createNonet();
  const expectations: [args: string[], code: number, words: RegExp][] = [
    [['list', '-s', 'none'], 3, /none/],
    [['attach', '-s', 'none'], 3, /none/],
    [['down', '-s', 'none'], 3, /none/],
    [['send', '1', 'x', '-s', 'none'], 3, /none/],
    [['frobnicate'], 2, /frobnicate/],
    [['list', '--frobnicate'], 2, /frobnicate/],
    [['show'], 2, /argument/],
    [['up', './missing.yaml', '-d'], 2, /missing\.yaml/],
    [['up', 'no-such-preset', '-d'], 2, /no-such-preset/],
  ];
  for (const [args, code, words] of expectations) {
    const result = await nonet.cli(args);
    expect({ args, code: result.code, stdout: result.stdout }).toEqual({ args, code, stdout: '' });
    expect(result.stderr).toMatch(words);
    expect(result.stderr).not.toMatch(/\n\s+at .*\d+:\d+/);
  }
  expect(nonet.processes()).toEqual([]);
  expect((await nonet.run(['--version'])).trim()).toMatch(/^\d+\.\d+\.\d+/);
  expect(await nonet.run(['--help'])).toMatch(/attach/);
});

test('layouts lists the presets and check names every mistake with its place', async () => {
  const nonet = createNonet();
  const presets = await nonet.run(['layouts']);
  for (const preset of ['default', 'agents', 'demo', 'main']) expect(presets).toContain(preset);
  const good = nonet.writeLayout(nineShells());
  expect((await nonet.cli(['check', good])).code).toBe(0);
  const bad = nonet.writeLayout(
    'version: 1\ngrid: 1x2\npanes:\n  - name: a\n    comand: bash\n  - name: a\n    command: bash\n    restart: sometimes\n',
  );
  const { code, stdout, stderr } = await nonet.cli(['check', bad]);
  expect(code).toBe(2);
  const said = stdout + stderr;
  expect(said).toMatch(/layout-2\.yaml:5:5: .*comand.*command/);
  expect(said).toMatch(/layout-2\.yaml:8:\d+: .*restart|layout-2\.yaml:8:\d+: .*sometimes/);
  expect(said).toMatch(/layout-2\.yaml:6:\d+: /);
  const up = await nonet.cli(['up', bad, '-d']);
  expect(up.code).toBe(2);
  expect(up.stderr).toMatch(/layout-2\.yaml:5:5/);
  expect(nonet.processes()).toEqual([]);
});

test('up --dry-run shows what would run and runs nothing; a second up changes nothing', async () => {
  const nonet = createNonet();
  const layout = nonet.writeLayout(twoShells);
  const plan = await nonet.run(['up', layout, '-s', 'e2e', '--dry-run']);
  expect(plan).toContain('sh2');
  expect(plan).toContain('bash');
  expect(nonet.processes()).toEqual([]);
  await nonet.run(['up', layout, '-s', 'e2e', '-d']);
  const pids = (await nonet.list()).map((row) => row.pid);
  await nonet.run(['up', layout, '-s', 'e2e', '-d']);
  expect((await nonet.list()).map((row) => row.pid)).toEqual(pids);
});

test('panes get the environment that the contract names and none of the outer terminal’s markers', async () => {
  const nonet = createNonet();
  const layout = nonet.writeLayout({
    grid: '1x1',
    env: { FROM_LAYOUT: 'yes' },
    panes: [{ ...shell(1), command: ['sh', '-c', 'env; echo THAT IS ALL; exec sleep 1000'] }],
  });
  const outer = {
    TMUX: '/tmp/tmux',
    STY: 'x',
    KITTY_WINDOW_ID: '1',
    WT_SESSION: 'w',
    VTE_VERSION: '1',
    COLUMNS: '10',
    LINES: '5',
    TERM: 'screen',
  };
  await nonet.run(['up', layout, '-s', 'e2e', '-d'], { env: { ...outer, FROM_OUTSIDE: 'also' } });
  await waitUntil('the list', async () =>
    (await nonet.run(['capture', '1', '--scrollback', '500', '-s', 'e2e'])).includes('THAT IS ALL'),
  );
  const text = (await nonet.run(['capture', '1', '--scrollback', '500', '-s', 'e2e'])).split('\n');
  for (const line of [
    'TERM=xterm-256color',
    'COLORTERM=truecolor',
    'TERM_PROGRAM=nonet',
    'NONET_SESSION=e2e',
    'NONET_PANE=1',
    'NONET_PANE_NAME=sh1',
    'FROM_LAYOUT=yes',
    'FROM_OUTSIDE=also',
  ]) {
    expect(text).toContain(line);
  }
  for (const name of Object.keys(outer).filter((key) => key !== 'TERM'))
    expect(text.filter((line) => line.startsWith(`${name}=`))).toEqual([]);
});

test('down stops every pane, daemon and host, and what will not go is killed', async () => {
  const nonet = createNonet();
  await nonet.start({
    grid: '1x2',
    panes: [
      { name: 'stubborn', command: fixture('ignore-term'), stop: { timeout: '1h' } },
      { name: 'litter', command: fixture('leave-behind'), stop: { timeout: '1h' } },
    ],
  });
  await waitUntil(
    'both',
    async () => (await nonet.capture(1)).includes('STUBBORN') && (await nonet.capture(2)).includes('LEFT-BEHIND'),
  );
  await nonet.run(['down', '-s', 'e2e', '--timeout', '1']);
  await waitUntil('all to be gone', () => nonet.processes().length === 0);
  expect(nonet.socketFiles()).toEqual([]);
});
