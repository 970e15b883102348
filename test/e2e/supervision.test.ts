import path from 'node:path';
import { expect, test } from 'vitest';
import { fixture } from '../helpers/fixture.ts';
import { createNonet } from '../helpers/nonet-session.ts';
import { paneText, paneWords, QUICK_STOP, shell, showsPrompts, titleText, withShells } from '../helpers/panes.ts';
import { isAlive } from '../helpers/process-list.ts';
import { waitUntil } from '../helpers/wait-until.ts';

test('a pane that crashes is seen in backoff, and then running again with its restart counted', async () => {
  const nonet = createNonet();
  const restart = (initial: string) => ({ policy: 'on-failure', backoff: { initial, max: '10m', jitter: 0 } });
  const terminal = nonet.up(
    withShells(
      {
        name: 'crash',
        command: fixture('crash', path.join(nonet.directory, 'count'), 1, 3, 200),
        restart: restart('6s'),
      },
      { name: 'waits', command: ['sh', '-c', 'exit 3'], restart: restart('10m') },
    ),
  );
  await terminal.waitFor('backoff and its reason', (screen) => {
    const seen = `${titleText(screen, 1)} | ${paneWords(screen, 1)}`;
    return (/↻ backoff/.test(titleText(screen, 1)) && /exit(ed)?.*3/i.test(paneWords(screen, 1))) || seen;
  });
  await terminal.waitFor(
    'running again',
    (screen) => (/● running/.test(titleText(screen, 1)) && /↻1/.test(titleText(screen, 1))) || titleText(screen, 1),
  );
  await terminal.waitFor('the second start', (screen) => paneText(screen, 1).includes('START 2'));
  expect(await nonet.pane('crash')).toMatchObject({ state: 'running', restarts: 1 });
  // However long a command takes to ask.
  const row = await nonet.pane('waits');
  expect(row).toMatchObject({ state: 'backoff', wanted: 'up', pid: null, exit: { code: 3, signal: null } });
});

test('a command that does not exist is fatal at once, with the true cause in the pane', async () => {
  const nonet = createNonet();
  const terminal = nonet.up(
    withShells(
      { name: 'missing', command: 'no-such-program-4711 --help' },
      { name: 'nowhere', command: 'true', cwd: './no-such-directory' },
    ),
  );
  await terminal.waitFor(
    'fatal',
    (screen) => /✕ fatal/.test(titleText(screen, 1)) && /✕ fatal/.test(titleText(screen, 2)),
  );
  await terminal.waitFor('the command’s name', (screen) => paneWords(screen, 1).includes('no-such-program-4711'));
  await terminal.waitFor('the directory’s name', (screen) => paneWords(screen, 2).includes('no-such-directory'));
  const rows = await nonet.list();
  expect(rows[0]).toMatchObject({ state: 'fatal', restarts: 0, pid: null });
  expect(rows[0]!.reason).toContain('no-such-program-4711');
  expect(rows[1]!.reason).toContain('no-such-directory');
});

test('a pane whose program is done says so and how to start it again', async () => {
  const nonet = createNonet();
  const terminal = nonet.up(withShells({ name: 'done', command: ['sh', '-c', 'echo the last words'] }));
  await terminal.waitFor('exited', (screen) => /■ exited 0/.test(titleText(screen, 1)) || titleText(screen, 1));
  await terminal.waitFor('the last words and the key', (screen) => {
    const words = paneWords(screen, 1);
    return words.includes('the last words') && /\b[rs]\b/.test(words);
  });
  terminal.press('ctrl+b', 's');
  await waitUntil('the second run', async () => (await nonet.pane('done')).epoch === 2);
});

test('more crashes than the window allows are fatal', async () => {
  const nonet = createNonet();
  await nonet.start({
    grid: '1x1',
    panes: [
      {
        name: 'loop',
        command: ['sh', '-c', 'exit 9'],
        restart: {
          policy: 'always',
          max_restarts: 2,
          window: '1m',
          backoff: { initial: '100ms', factor: 1, jitter: 0 },
        },
      },
    ],
  });
  await waitUntil('fatal', async () => (await nonet.pane('loop')).state === 'fatal');
  expect(await nonet.pane('loop')).toMatchObject({ restarts: 2, exit: { code: 9, signal: null } });
});

test('stop asks before it stops; start, restart and kill do what they say', async () => {
  const nonet = createNonet();
  const terminal = nonet.up(withShells({ ...shell(1), stop: { signal: 'SIGHUP', timeout: '5s' } }));
  await terminal.waitFor('nine prompts', (screen) => showsPrompts(screen));
  const first = (await nonet.pane(1)).pid!;

  terminal.press('ctrl+b', 'x');
  await terminal.waitForText(/stop.*sh1/i);
  terminal.press('esc');
  await terminal.waitFor('the question to go', (screen) => !screen.text().some((line) => /stop.*sh1.*\?/i.test(line)));
  expect(await nonet.pane(1)).toMatchObject({ state: 'running', pid: first });

  terminal.press('ctrl+b', 'x');
  await terminal.waitForText(/stop.*sh1/i);
  terminal.press('y');
  await terminal.waitFor('stopped', (screen) => /○ stopped/.test(titleText(screen, 1)) || titleText(screen, 1));
  expect(isAlive(first)).toBe(false);
  expect(await nonet.pane(1)).toMatchObject({ state: 'stopped', wanted: 'down', pid: null });

  terminal.press('ctrl+b', 's');
  await terminal.waitFor('running', (screen) => /● running/.test(titleText(screen, 1)));
  const second = (await nonet.pane(1)).pid!;
  expect(second).not.toBe(first);

  terminal.press('ctrl+b', 'r');
  await waitUntil('another process', async () => {
    const { pid, state } = await nonet.pane(1);
    return state === 'running' && pid !== second;
  });
  expect(isAlive(second)).toBe(false);
  const third = (await nonet.pane(1)).pid!;

  terminal.press('ctrl+b', 'X');
  await terminal.waitForText(/kill.*sh1/i);
  terminal.press('y');
  await waitUntil('the pane to be down', async () => (await nonet.pane(1)).pid === null);
  expect(isAlive(third)).toBe(false);
  expect(await nonet.pane(1)).toMatchObject({ wanted: 'down' });
});

test('stop takes the whole tree along, also what ignores signals or left its session', async () => {
  const nonet = createNonet();
  const stop = { signal: 'SIGTERM', timeout: '500ms' };
  await nonet.start({
    grid: '1x2',
    panes: [
      { name: 'stubborn', command: fixture('ignore-term'), stop },
      { name: 'litter', command: fixture('leave-behind'), stop },
    ],
  });
  await waitUntil(
    'both',
    async () =>
      (await nonet.capture('stubborn')).includes('STUBBORN') && (await nonet.capture('litter')).includes('LEFT-BEHIND'),
  );
  const inPane = (name: string) =>
    nonet.processes().filter((row) => row.environment.includes(`NONET_PANE_NAME=${name}`));
  expect(inPane('litter').length).toBeGreaterThanOrEqual(4);
  await nonet.run(['stop', 'all', '-s', 'e2e']);
  expect(inPane('stubborn')).toEqual([]);
  expect(inPane('litter')).toEqual([]);
  expect((await nonet.list()).map((row) => row.state)).toEqual(['stopped', 'stopped']);
});

test('what a crashed program leaves behind is removed, and a restart waits for that', async () => {
  const nonet = createNonet();
  await nonet.start({
    grid: '1x1',
    panes: [
      {
        name: 'litter',
        command: fixture('leave-behind', 5),
        stop: QUICK_STOP,
        restart: { policy: 'on-failure', max_restarts: 1, backoff: { initial: '100ms', jitter: 0 } },
      },
    ],
  });
  const firstRun = new Set<number>();
  await waitUntil('fatal', async () => {
    const before = await nonet.pane(1);
    const inPane = nonet.processes().filter((row) => row.environment.includes('NONET_PANE=1'));
    const { epoch, state } = await nonet.pane(1);
    // Of which run they are is known only when no other began meanwhile.
    if (epoch !== before.epoch) return false;
    if (epoch === 1) for (const row of inPane) firstRun.add(row.pid);
    // The second run may begin only when nothing of the first is there.
    else expect(inPane.filter((row) => firstRun.has(row.pid))).toEqual([]);
    return state === 'fatal';
  });
  const left = () =>
    nonet.processes().filter((row) => row.environment.some((entry) => entry.startsWith('NONET_PANE=')));
  await waitUntil(
    'what both runs left to be gone',
    () => left().length === 0 || JSON.stringify(left().map((row) => row.argv)),
  );
  expect(await nonet.pane(1)).toMatchObject({ epoch: 2, restarts: 1, exit: { code: 5, signal: null } });
});
