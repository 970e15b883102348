import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { timeFormatOf } from '../../../src/config/import/pm2-settings.ts';
import { importFixture, importText, machineWith } from './import-helpers.ts';

async function importApp(app: object, machine = machineWith()) {
  const made = await importText('ecosystem.yaml', stringify({ apps: [app] }), { machine });
  return { ...made, pane: made.plain.panes[0]! };
}

describe('the program', () => {
  test.each<[title: string, app: object, program: object]>([
    ['a script of Node.js', { script: 'app.js' }, { command: ['node', 'app.js'] }],
    ['a module', { script: 'app.mjs' }, { command: ['node', 'app.mjs'] }],
    ['Python by its ending', { script: 'app.py' }, { command: ['python3', 'app.py'] }],
    ['Python by its interpreter', { script: 'app', interpreter: 'python' }, { command: ['python', 'app'] }],
    ['another name of the interpreter', { script: 'a.rb', exec_interpreter: 'jruby' }, { command: ['jruby', 'a.rb'] }],
    ['TypeScript', { script: 'app.ts' }, { command: ['bun', 'app.ts'] }],
    ['a program in PATH', { script: 'npm', args: 'start' }, { command: ['npm', 'start'] }],
    ['no interpreter', { script: 'bin/x.js', interpreter: 'none' }, { command: ['bin/x.js'] }],
    [
      'arguments as a text',
      { script: 'a.js', args: `-a "b c" --x='d e' f` },
      { command: ['node', 'a.js', '-a', 'b c', '--x=d e', 'f'] },
    ],
    [
      'arguments as a list',
      { script: 'a.js', args: ['-a', 'b c', 3] },
      { command: ['node', 'a.js', '-a', 'b c', '3'] },
    ],
    [
      'flags of node',
      { script: 'a.js', node_args: '--inspect --trace-gc' },
      { command: ['node', '--inspect', '--trace-gc', 'a.js'] },
    ],
    ['a version of node', { script: 'a.js', interpreter: 'node@18.2.0' }, { command: ['node', 'a.js'] }],
    ['cmd', { cmd: 'a.js' }, { command: ['node', 'a.js'] }],
    ['a line for a shell', { script: 'npm run x && npm run y' }, { shell: 'npm run x && npm run y' }],
    ['a line for bash', { script: '[[ -f x ]] && cat x' }, { command: ['bash', '-c', '[[ -f x ]] && cat x'] }],
  ])('%s', async (_title, app, program) => {
    const { pane } = await importApp({ name: 'a', ...app });
    expect(pane).toEqual({ name: 'a', ...program });
  });

  test('a program in the app’s own directory gets a path, a text without an ending gets node', async () => {
    const machine = machineWith({ files: { 'srv/server': 'program', 'srv/worker': 'file' } });
    expect((await importApp({ script: 'server', cwd: 'srv' }, machine)).pane['command']).toEqual(['./server']);
    expect((await importApp({ script: 'worker', cwd: 'srv' }, machine)).pane['command']).toEqual(['node', 'worker']);
  });
});

test('an app without a name is called after its script', async () => {
  expect((await importApp({ script: './dist/web.server.js' })).pane['name']).toBe('web.server');
});

test.each<[instances: unknown, made: number | undefined]>([
  [1, undefined],
  [3, 3],
  ['2', 2],
  ['max', 4],
  [0, 4],
  [-1, 3],
])('instances: %s on four cores are %s', async (instances, made) => {
  expect((await importApp({ script: 'a.js', instances })).pane['instances']).toBe(made);
});

test('a cluster becomes instances, and its shared port is told', async () => {
  const { yaml, layout } = await importApp({ name: 'api', script: 'a.js', instances: 2, exec_mode: 'cluster' });
  expect(layout().panes.map(({ name, instance }) => [name, instance])).toEqual([
    ['api-1', 0],
    ['api-2', 1],
  ]);
  expect(yaml).toContain('not mapped: exec_mode: instances are programs of their own and do not share a port');
});

test('PM2’s own ways are the defaults: it restarts whatever ended, and stops with SIGINT', async () => {
  const { layout } = await importApp({ script: 'a.js', kill_timeout: 5000 });
  expect(layout().panes[0]).toMatchObject({
    restart: { policy: 'always', minUptimeMs: 1000 },
    stop: { signal: 'SIGINT', timeoutMs: 5000 },
  });
});

test.each<[title: string, app: object, restart: object]>([
  ['autorestart: false', { autorestart: false }, { policy: 'no' }],
  ['a fixed delay', { restart_delay: 4000 }, { policy: 'always', delayMs: 4000 }],
  [
    'a growing delay',
    { exp_backoff_restart_delay: 100 },
    { backoff: { initialMs: 100, factor: 1.5, maxMs: 15_000, resetAfterMs: 30_000 } },
  ],
  ['exit codes that end it', { stop_exit_codes: [0, 7] }, { policy: 'always', stopExitCodes: [0, 7] }],
  ['one such code', { stop_exit_codes: 3 }, { stopExitCodes: [3] }],
  ['a limit', { max_restarts: 10 }, { maxRestarts: 10, windowMs: 600_000 }],
  [
    'a limit that takes long to reach',
    { max_restarts: 50, restart_delay: 60_000 },
    { maxRestarts: 50, windowMs: 7_200_000 },
  ],
  ['an uptime longer than the window', { min_uptime: '1h' }, { minUptimeMs: 3_600_000, windowMs: 7_200_000 }],
  [
    'times and counts beyond all measure',
    { min_uptime: 2e9, max_restarts: 1e9, restart_delay: -1 },
    { maxRestarts: 100_000, windowMs: 14 * 86_400_000, minUptimeMs: 14 * 86_400_000 },
  ],
])('restart: %s', async (_title, app, restart) => {
  const { layout } = await importApp({ script: 'a.js', ...app });
  expect(layout().panes[0]!.restart).toMatchObject(restart);
});

test('watch, memory, schedule and log', async () => {
  const { layout } = await importApp({
    script: 'a.js',
    cwd: 'srv',
    watch: true,
    watch_delay: '2s',
    max_memory_restart: '1G',
    cron: '@daily',
    log_date_format: 'DD.MM.YYYY HH:mm',
  });
  const pane = layout().panes[0]!;
  expect(pane.watch).toEqual({ paths: [pane.cwd], ignore: ['.*', 'node_modules'], delayMs: 2000 });
  expect(pane.memory).toMatchObject({ maxBytes: 2 ** 30, action: 'restart' });
  expect(pane.cronRestart).toBe('@daily');
  expect(pane.log.timeFormat).toBe('%d.%m.%Y %H:%M');
});

test('watch: false and cron_restart: 0 are off', async () => {
  const { pane } = await importApp({ name: 'a', script: 'a.js', watch: false, cron_restart: 0 });
  expect(pane).toEqual({ name: 'a', command: ['node', 'a.js'] });
});

test.each([
  ['YYYY-MM-DD HH:mm:ss.SSS Z', '%Y-%m-%d %H:%M:%S.%L %z'],
  ['ddd D MMM YY, hh:mm A', '%a %e %b %y, %I:%M %p'],
  ['[at 100%] HH', 'at 100%% %H'],
])('the date format %s is %s', (format, made) => {
  expect(timeFormatOf(format)).toBe(made);
});

test('env_NAME becomes the profile NAME over env', async () => {
  const { layout, plain } = await importApp({
    name: 'a',
    script: 'a.js',
    port: 80,
    env: { A: 1, B: { c: 2 } },
    env_production: { A: 2 },
  });
  expect(layout().panes[0]!.env).toEqual({ A: '1', B: '{"c":2}', PORT: '80' });
  expect(plain.profiles).toEqual({ production: { panes: { a: { env: { A: '2' } } } } });
});

test('what has no counterpart is named, with a reason, at the app it is of', async () => {
  const { yaml } = await importFixture('ecosystem.config.js');
  const remarks = yaml.slice(yaml.indexOf('panes:'), yaml.indexOf('- name: api'));
  const named = [...remarks.matchAll(/# not mapped: (\w+): \S/g)].map((match) => match[1]);
  expect(named.sort()).toEqual([
    ...[
      'combine_logs',
      'error_file',
      'exec_mode',
      'increment_var',
      'instance_var',
      'listen_timeout',
      'namespace',
      'out_file',
    ],
    ...['post_update', 'secret_option', 'shutdown_with_message', 'uid', 'wait_ready'],
  ]);
  expect(yaml.slice(0, yaml.indexOf('version:'))).toContain('# not mapped: deploy: ');
});

test('an absolute directory beside the file becomes a relative one', async () => {
  const { yaml } = await importFixture('ecosystem.config.js');
  expect(yaml).toContain('cwd: ./services/api\n');
});
