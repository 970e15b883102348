import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { createNonet } from '../helpers/nonet-session.ts';

test('import prints a layout that check takes, and talks on stderr', async () => {
  const nonet = createNonet();
  fs.writeFileSync(path.join(nonet.directory, 'Procfile'), 'web: node a.js\nbroken\n');
  const made = await nonet.cli(['import', 'Procfile']);
  expect(made).toMatchObject({ code: 0, stderr: 'Procfile: 1 pane; 1 not mapped, see the comments\n' });
  fs.writeFileSync(path.join(nonet.directory, 'made.yaml'), made.stdout);
  expect(await nonet.cli(['check', 'made.yaml'])).toMatchObject({
    code: 0,
    stderr: 'made.yaml: 1 panes, no problems\n',
  });
});

test('import runs a JavaScript file in a process of its own', async () => {
  const nonet = createNonet();
  fs.writeFileSync(
    path.join(nonet.directory, 'ecosystem.config.cjs'),
    'module.exports = {apps: [{script: "a.js", uid: 1}]}',
  );
  const { code, stdout, stderr } = await nonet.cli(['import', 'ecosystem.config.cjs']);
  expect([code, stderr]).toEqual([0, 'ecosystem.config.cjs: 1 pane; 1 not mapped, see the comments\n']);
  expect(stdout).toContain('  # not mapped: uid: ');
  expect(stdout).toContain('  - name: a\n    command: [node, a.js]\n');
});

test('import ends with 2 and says what is wrong', async () => {
  const nonet = createNonet();
  fs.writeFileSync(path.join(nonet.directory, 'mprocs.yaml'), 'procs:\n  a: 3\n');
  fs.writeFileSync(path.join(nonet.directory, 'what.yaml'), 'procs: {}\n');
  const cases: [args: string[], stderr: RegExp][] = [
    [['import', 'mprocs.yaml'], /^nonet: mprocs\.yaml:2:6: a process is a command line/],
    [['import', 'Procfile'], /^nonet: Procfile:1:1: cannot read it: no such file\n/],
    [['import', 'what.yaml'], /^nonet: "what\.yaml" is not the name of a file.*\n {2}say whose it is: --from pm2/],
    [['import', 'gone.yaml'], /^nonet: "gone\.yaml": no such file\n/],
    [['import', 'mprocs.yaml', '--from', 'tmux'], /^nonet: nonet import knows no "tmux"/],
  ];
  for (const [args, stderr] of cases) {
    const result = await nonet.cli(args);
    expect(result).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(stderr) });
  }
});
