import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { createNonet } from '../helpers/nonet-session.ts';
import { shell } from '../helpers/panes.ts';
import { waitUntil } from '../helpers/wait-until.ts';

const layout = {
  grid: '1x3',
  panes: [shell(1), shell(2), { name: 'later', command: ['sh', '-c', 'exit 3'], autostart: false, restart: 'no' }],
};

test('a whole session by sentences in a terminal: no picture, no cursor movement, keys are lines', async () => {
  const nonet = createNonet();
  await nonet.start(layout);
  const terminal = nonet.attach({ cols: 100, rows: 50, args: ['--lines'] });
  const says = (text: string | RegExp) => terminal.waitForText(text);
  await says('session e2e: 3 panes, 1 stopped, 2 running');
  await says('pane 3 later: stopped');
  await says('focus is on pane 1 sh1');
  await says('help lists the commands');

  terminal.type('2\r');
  await says('focus is on pane 2 sh2: running');
  terminal.type('type echo sum-$((6*7))\r');
  await says('typed into pane 2 sh2');
  // What is read is there once the shell has answered.
  await waitUntil('the answer', async () => /^sum-42$/m.test(await nonet.capture(2)));
  terminal.type('read 2 2\r');
  await says(/^sum-42$/);
  await says('end of pane 2 sh2');

  terminal.type('start later\r');
  await says(/^pane 3 later: exited with code 3/);
  terminal.type("tell 1 printf '\\a\\e]9;please look\\a'\r");
  await says('pane 1 sh1: bell');
  await says('pane 1 sh1 says: please look');
  terminal.type('stop 2\r');
  await says('stop pane 2 sh2? y or n');
  terminal.type('y\r');
  await says(/^pane 2 sh2: stopped/);
  terminal.type('retsart 2\r');
  await says('did you mean "restart"?');

  terminal.type('detach\r');
  expect((await terminal.waitForExit()).code).toBe(0);
  await says('detached from session e2e');
  expect(terminal.raw().toString('latin1')).not.toContain('\x1b');
  expect((await nonet.pane(1)).state).toBe('running');
});

test('lines come from a pipe and go to one, the end of the input detaches, and sizes of panes stay', async () => {
  const nonet = createNonet();
  fs.mkdirSync(path.join(nonet.env['XDG_CONFIG_HOME']!, 'nonet'), { recursive: true });
  fs.writeFileSync(path.join(nonet.env['XDG_CONFIG_HOME']!, 'nonet/config.yaml'), 'lines: true\n');
  const up = await nonet.cli(['up', nonet.writeLayout(layout), '-s', 'e2e'], {
    input: 'focus 2\nlist\nread 3\nfocus 7\n',
  });
  expect(up.code).toBe(0);
  expect(up.stdout).toContain('focus is on pane 2 sh2');
  expect(up.stdout).toContain('pane 3 later shows nothing');
  expect(up.stdout.trimEnd().split('\n').at(-1)).toBe('there is no pane 7');
  expect(up.stderr).toContain('detached from session e2e');
  const size = async () =>
    JSON.parse(await nonet.run(['show', '1', '--json', '-s', 'e2e'])) as { cols: number; rows: number };
  const before = await size();
  await nonet.run(['attach', '-s', 'e2e'], { input: 'tell 1 true\n' });
  expect(await size()).toMatchObject({ cols: before.cols, rows: before.rows });

  const picture = await nonet.cli(['attach', '-s', 'e2e', '--no-lines']);
  expect([picture.code, picture.stderr]).toEqual([1, expect.stringContaining('not a terminal')]);
});

test('a session that is taken down ends line mode, and says so', async () => {
  const nonet = createNonet();
  await nonet.start(layout);
  const terminal = nonet.attach({ cols: 100, rows: 50, args: ['--lines'] });
  await terminal.waitForText('help lists the commands');
  await nonet.run(['down', '-s', nonet.name]);
  expect((await terminal.waitForExit()).code).toBe(0);
  await terminal.waitForText('session e2e has ended');
});
