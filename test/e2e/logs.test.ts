import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { resolvePaths } from '../../src/config/paths.ts';
import { createNonet, type NonetSession } from '../helpers/nonet-session.ts';
import { waitUntil } from '../helpers/wait-until.ts';

function logDirectory({ env, name }: NonetSession): string {
  return resolvePaths({ env, session: name }).paneLogDirectory;
}

async function waitForLog(nonet: NonetSession, args: string[], text: string | RegExp): Promise<string> {
  let found = '';
  await waitUntil(`nonet logs ${args.join(' ')} to say ${text}`, async () => {
    found = (await nonet.cli(['logs', '-s', nonet.name, ...args])).stdout;
    return typeof text === 'string' ? found.includes(text) : text.test(found);
  });
  return found;
}

const STAMP = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d`;

test('what panes print is logged as records, readable while they run and after the session is down', async () => {
  const nonet = createNonet();
  await nonet.start({
    panes: [
      { name: 'one', shell: String.raw`printf '\033[31mhello\033[0m\n10%%\r100%%\ndone\n'; exec sleep 1000` },
      { name: 'two', shell: 'echo of two; exit 3', restart: 'no' },
    ],
  });
  const one = await waitForLog(nonet, ['one'], / done$/m);
  expect(one).toMatch(
    new RegExp(`^${STAMP} --- started .*\\(epoch 1, pid \\d+\\)\n${STAMP} hello\n${STAMP} 100%\n${STAMP} done\n$`),
  );
  await waitForLog(nonet, ['2'], '--- exited with code 3');
  const merged = await nonet.run(['logs', '-s', nonet.name]);
  expect(merged).toMatch(new RegExp(`^one \\| ${STAMP} hello$`, 'm'));
  expect(merged).toMatch(new RegExp(`^two \\| ${STAMP} of two$`, 'm'));
  // Bytes are gathered for longer than lines.
  await waitForLog(nonet, ['one', '--raw'], 'done');
  expect(await nonet.run(['logs', '-s', nonet.name, 'one', '--raw'])).toBe(
    '\x1b[31mhello\x1b[0m\r\n10%\r100%\r\ndone\r\n',
  );
  for (const name of fs.readdirSync(logDirectory(nonet))) {
    expect(fs.statSync(path.join(logDirectory(nonet), name)).mode & 0o777, name).toBe(0o600);
  }

  await nonet.run(['down', '-s', nonet.name]);
  expect(await nonet.run(['logs', '-s', nonet.name, '1', '-n', '2', '--no-time'])).toBe(
    'done\n--- exited with SIGTERM\n',
  );
  expect(await nonet.run(['logs', '-s', nonet.name, 't*', '--grep', '^of', '--no-time'])).toBe('of two\n');
  expect(await nonet.run(['logs', '-s', nonet.name, 'two', '--since', '2100-01-01'])).toBe('');
  expect((await nonet.run(['logs', '-s', nonet.name, 'two', '--since', '1h'])).split('\n').length).toBe(4);
  const [entry] = (await nonet.run(['logs', '-s', nonet.name, 'two', '--json', '--grep', '^of two'])).split('\n');
  expect(JSON.parse(entry!)).toMatchObject({ pane: 2, name: 'two', text: 'of two' });

  expect(await nonet.cli(['logs', '-s', nonet.name, 'three'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('no pane "three"'),
  });
  expect((await nonet.cli(['logs', '-s', 'unknown'])).code).toBe(3);
  expect((await nonet.cli(['logs', '-s', nonet.name, '--grep', '('])).code).toBe(2);
  expect((await nonet.cli(['logs', '-s', nonet.name, '--since', 'yesterday'])).code).toBe(2);
  expect((await nonet.cli(['logs', '-s', nonet.name, '-n', 'x'])).code).toBe(2);

  await nonet.run(['flush', '-s', nonet.name, 'one']);
  expect(await nonet.run(['logs', '-s', nonet.name, 'one'])).toBe('');
  expect(await nonet.run(['logs', '-s', nonet.name, 'two'])).not.toBe('');
});

test('logs -f goes on across rotations, a flush and the death of the daemon, and loses no line', async () => {
  const nonet = createNonet();
  await nonet.start({
    panes: [
      {
        name: 'counter',
        shell: 'read go; i=0; while [ $i -lt 400 ]; do echo "count $i"; i=$((i+1)); sleep 0.01; done; exec sleep 1000',
        // A file holds 68 lines. What a reader that is kept waiting needs must not be rotated away: that is not this test's.
        log: { max_size: '2k', retain: 9 },
      },
      { name: 'quiet', shell: 'read x; echo "got $x"; exec sleep 1000' },
    ],
  });
  const terminal = nonet.open(['logs', '-s', nonet.name, '-f'], { cols: 100, rows: 30 });
  await terminal.waitForText('--- started read x');
  await nonet.run(['send', '-s', nonet.name, 'counter', 'go']);
  // Not by the screen: lines come in bursts longer than that.
  await terminal.waitFor('a hundred lines', () => terminal.raw().includes('count 100\r\n'));
  process.kill(nonet.daemonPid(), 'SIGKILL');
  await terminal.waitForText('count 399');
  const counts = terminal
    .raw()
    .toString()
    .matchAll(/count (\d+)\r\n/g);
  expect([...counts].map(([, count]) => Number(count))).toEqual(Array.from({ length: 400 }, (_, index) => index));
  const files = fs.readdirSync(logDirectory(nonet)).filter((name) => name.startsWith('counter.log'));
  expect(files.length).toBeGreaterThan(4);
  expect(files.length).toBeLessThanOrEqual(10);
  await waitUntil('another daemon', async () => (await nonet.cli(['list', '-s', nonet.name])).code === 0);
  await nonet.run(['flush', '-s', nonet.name]);
  await nonet.run(['send', '-s', nonet.name, 'quiet', 'this']);
  await terminal.waitForText('got this');
});

test('a log directory that is removed comes back, and the pane notices nothing', async () => {
  const nonet = createNonet();
  await nonet.start({
    panes: [{ name: 'one', shell: 'i=0; while :; do echo "count $i"; i=$((i+1)); sleep 0.1; done' }],
  });
  await waitForLog(nonet, ['one'], 'count 3');
  // In one step: what is removed file by file may come back meanwhile.
  fs.renameSync(logDirectory(nonet), path.join(nonet.directory, 'removed'));
  await waitUntil('the log to be there again', () => fs.existsSync(path.join(logDirectory(nonet), 'one.log')));
  await waitForLog(nonet, ['one'], /count \d+/);
  expect((await nonet.pane('one')).restarts).toBe(0);
});

test('the logs of daemon and host are there for --daemon, with traces when NONET_LOG says so, and without what is typed', async () => {
  const nonet = createNonet();
  nonet.env['NONET_LOG'] = 'trace';
  await nonet.start({ panes: [{ name: 'one', shell: 'exec cat' }] });
  await nonet.run(['send', '-s', nonet.name, 'one', 'secret-word']);
  const text = await nonet.run(['logs', '-s', nonet.name, '--daemon', '-n', '200']);
  expect(text).toMatch(/^daemon \| \S+Z trace request request=send from=cli peer=\d+$/m);
  expect(text).toMatch(/^host {3}\| \S+Z trace request write from daemon \d+$/m);
  expect(text).not.toContain('secret-word');
});
