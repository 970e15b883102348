import { expect, test } from 'vitest';
import { regularGrid } from '../../src/core/regular-grid.ts';
import { createNonet } from '../helpers/nonet-session.ts';
import { nineShells, paneText, showsPrompts, titleText, withShells } from '../helpers/panes.ts';
import { isAlive } from '../helpers/process-list.ts';
import { waitUntil } from '../helpers/wait-until.ts';

test('when the daemon is killed, panes and typing go on and a new daemon takes over', async () => {
  const nonet = createNonet();
  const terminal = nonet.up(nineShells());
  await terminal.waitFor('nine prompts', (screen) => showsPrompts(screen));
  await waitUntil('all running', async () => (await nonet.list()).every((row) => row.state === 'running'));
  const before = await nonet.list();
  const [daemon, host] = [nonet.daemonPid(), nonet.hostPid()];

  process.kill(daemon, 'SIGKILL');
  // Typed at once, while there is no daemon.
  for (let i = 1; i <= 5; i++) {
    terminal.type(`echo alive-$((${i}*11))\r`);
    await terminal.waitFor('the echo', (screen) => paneText(screen, 1).includes(`alive-${i * 11}`));
  }
  await waitUntil('list to work again', async () => (await nonet.cli(['list', '-s', 'e2e'])).code === 0);
  const after = await nonet.list();
  const identity = (rows: typeof after) =>
    rows.map(({ pane, name, pid, epoch, state, wanted, restarts }) => ({
      pane,
      name,
      pid,
      epoch,
      state,
      wanted,
      restarts,
    }));
  expect(identity(after)).toEqual(identity(before));
  await nonet.soleDaemon(daemon);
  expect(nonet.hostPid()).toBe(host);

  // A command by key arrives, and its effect comes back.
  terminal.press('ctrl+b', '2');
  terminal.press('ctrl+b', 'r');
  await waitUntil('pane 2 restarted', async () => {
    const row = await nonet.pane(2);
    return row.state === 'running' && row.pid !== before[1]!.pid;
  });
  await terminal.waitFor('the prompt of the new shell', (screen) => paneText(screen, 2)[0]?.startsWith('p2$') ?? false);
});

test('a command by key that there is no daemon for is carried out by the next one, once', async () => {
  const nonet = createNonet();
  const terminal = nonet.up(nineShells());
  await terminal.waitFor('nine prompts', (screen) => showsPrompts(screen));
  await waitUntil('all running', async () => (await nonet.list()).every((row) => row.state === 'running'));
  const before = await nonet.pane(1);
  const [daemon, host] = [nonet.daemonPid(), nonet.hostPid()];
  // The host brings the next one, when it can.
  process.kill(host, 'SIGSTOP');
  process.kill(daemon, 'SIGKILL');
  await terminal.waitForText('RECONNECTING');
  terminal.press('ctrl+b', 'r');
  process.kill(host, 'SIGCONT');
  await waitUntil('the restart', async () => {
    const { code, stdout } = await nonet.cli(['list', '-s', 'e2e', '--json']);
    if (code !== 0) return false;
    const row = JSON.parse(stdout)[0];
    return (row.state === 'running' && row.epoch > before.epoch) || stdout.slice(0, 300);
  });
  expect(await nonet.pane(1)).toMatchObject({ epoch: before.epoch + 1 });
  await nonet.soleDaemon(daemon);
});

test('a pane that ends while there is no daemon is restarted by the next one', async () => {
  const nonet = createNonet();
  await nonet.start(
    withShells({
      name: 'crash',
      command: ['sleep', '1000'],
      restart: { policy: 'always', backoff: { initial: '100ms', jitter: 0 } },
    }),
  );
  await waitUntil('all running', async () => (await nonet.list()).every((row) => row.state === 'running'));
  const { pid, epoch } = await nonet.pane('crash');
  const daemon = nonet.daemonPid();
  process.kill(daemon, 'SIGKILL');
  process.kill(pid!, 'SIGKILL');
  await waitUntil('both gone', () => !isAlive(daemon) && !isAlive(pid!));
  await waitUntil('the restart', async () => {
    const { code, stdout } = await nonet.cli(['list', '-s', 'e2e', '--json']);
    if (code !== 0) return false;
    const row = JSON.parse(stdout)[0];
    return (row.state === 'running' && row.epoch > epoch && row.pid !== pid) || stdout.slice(0, 300);
  });
});

test('when the host is killed, a new one comes and each pane follows its policy', async () => {
  const nonet = createNonet();
  const backoff = { initial: '100ms', jitter: 0 };
  const terminal = nonet.up({
    grid: '2x2',
    panes: [
      {
        ...nineShells(),
        name: 'keep',
        command: ['bash', '--norc', '--noprofile'],
        // With its pid, so that a screen of before is not taken for the new shell's.
        env: { PS1: 'keep-$$ ' },
        restart: { policy: 'always', backoff },
      },
      {
        name: 'fail',
        command: ['bash', '--norc', '--noprofile'],
        env: { PS1: 'fail$ ' },
        restart: { policy: 'on-failure', backoff },
      },
      { name: 'never', command: ['bash', '--norc', '--noprofile'], env: { PS1: 'never$ ' }, restart: 'no' },
    ].map(({ name, command, env, restart }) => ({
      name,
      command,
      env,
      restart,
      stop: { signal: 'SIGHUP', timeout: '2s' },
    })),
  });
  await terminal.waitForText(/keep-\d/);
  await waitUntil('all running', async () => (await nonet.list()).every((row) => row.state === 'running'));
  const before = await nonet.list();
  const host = nonet.hostPid();
  process.kill(host, 'SIGKILL');
  await waitUntil('panes by their policies', async () => {
    const { code, stdout } = await nonet.cli(['list', '-s', 'e2e', '--json']);
    if (code !== 0) return false;
    const rows: typeof before = JSON.parse(stdout);
    const again = rows.slice(0, 2).every((row, i) => row.state === 'running' && row.pid !== before[i]!.pid);
    return (again && rows[2]!.pid === null && !['running', 'starting', 'backoff'].includes(rows[2]!.state)) || stdout;
  });
  await waitUntil('what the host held to be gone', () => !before.some((row) => isAlive(row.pid!)));
  expect(nonet.hostPid()).not.toBe(host);
  expect((await nonet.pane('never')).reason).toMatch(/host/i);

  const client = terminal.exit ? nonet.attach() : terminal;
  const { pid } = await nonet.pane('keep');
  await client.waitForText(`keep-${pid}`);
  client.type('echo back-$((6*7))\r');
  await client.waitForText(/back-42/);
  const view = { paneCount: 3, grid: regularGrid(2, 2) };
  await client.waitFor('the title', (screen) => !titleText(screen, 3, view).includes('running'));
});

test('after both are killed the next up starts afresh over the stale sockets', async () => {
  const nonet = createNonet();
  await nonet.start(nineShells());
  const pids = [nonet.daemonPid(), nonet.hostPid()];
  const panes = (await nonet.list()).map((row) => row.pid!);
  for (const pid of pids) process.kill(pid, 'SIGKILL');
  await waitUntil('everything gone', () => ![...pids, ...panes].some(isAlive));
  expect(nonet.socketFiles().length).toBeGreaterThan(0);

  const list = await nonet.cli(['list', '-s', 'e2e']);
  expect(list).toMatchObject({ code: 3, stdout: '' });
  expect(list.stderr).toMatch(/e2e/);
  await nonet.start(nineShells());
  expect((await nonet.list()).length).toBe(9);
});
