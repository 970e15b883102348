// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${VAR} is the layout's own syntax
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { importFixture, importText, machineWith, type PlainLayout } from './import-helpers.ts';

async function fixture(name: string): Promise<{ yaml: string; plain: PlainLayout }> {
  const { yaml } = await importFixture(name);
  return { yaml, plain: parse(yaml) as PlainLayout };
}

function paneOf(plain: PlainLayout, name: string): Record<string, unknown> {
  return plain.panes.find((pane) => pane['name'] === name)!;
}

describe('a Procfile', () => {
  test('gives a pane for each line, and reads .env where there is one', async () => {
    const text = 'web: node a.js -p $PORT\r\n\r\n# no\r\njobs:  node b.js  \r\n';
    const { plain } = await importText('Procfile', text, { machine: machineWith({ env: { PORT: '7000' } }) });
    expect(plain.defaults).toMatchObject({ env_file: '.env', restart: 'no' });
    expect(plain.panes).toEqual([
      { name: 'web', shell: 'node a.js -p $PORT', env: { PORT: '7000' } },
      { name: 'jobs', shell: 'node b.js' },
    ]);
  });

  test('counts ports as foreman does, by the place of the line', async () => {
    const { plain } = await importText('Procfile', 'a: x\nb: y ${PORT}\n');
    expect(plain.panes[1]!['env']).toEqual({ PORT: '5100' });
    expect(plain.defaults).not.toHaveProperty('env_file');
  });

  test('does not start a release, and tells lines that are none', async () => {
    const { yaml, plain } = await fixture('procfile');
    expect(paneOf(plain, 'release')['autostart']).toBe(false);
    expect(yaml).toContain('# not mapped: line 7: it is not "NAME: command"');
  });
});

describe('mprocs', () => {
  test('gives programs, directories, restarts and stops', async () => {
    const { plain } = await fixture('mprocs.yaml');
    expect(plain.defaults).toEqual({ restart: 'no', scrollback: 5000 });
    expect(plain.panes.map(({ name }) => name)).toEqual(['nvim', 'server', 'webpack', 'tests', 'vim']);
    expect(paneOf(plain, 'server')).toMatchObject({
      cwd: './server',
      restart: 'always',
      stop: { signal: 'SIGINT' },
      env: { PATH: '${PATH}:/opt/bin:./node_modules/.bin' },
    });
    expect(paneOf(plain, 'tests')).toMatchObject({
      shell: 'jest -w',
      env: { NODE_ENV: 'test', HOME_PAGE: 'a=b' },
      autostart: false,
      depends_on: [{ pane: 'server', condition: 'started' }],
    });
    expect(paneOf(plain, 'vim')).toMatchObject({
      env: { EDITOR: 'vim', LESS: null },
      stop: { keys: ['esc', ':', 'q', 'enter'] },
    });
  });

  test('$select follows the system', async () => {
    const text = 'procs: {a: {shell: {$select: os, macos: m, linux: l, $else: e}}}';
    for (const [platform, shell] of [
      ['linux', 'l'],
      ['darwin', 'm'],
      ['freebsd', 'e'],
    ] as const) {
      const { plain } = await importText('mprocs.yaml', text, { machine: machineWith({ platform }) });
      expect(plain.panes[0]!['shell']).toBe(shell);
    }
  });

  test.each<[stop: unknown, made: unknown]>([
    ['SIGTERM', undefined],
    ['SIGKILL', { signal: 'SIGKILL' }],
    ['hard-kill', { signal: 'SIGKILL' }],
    [{ 'send-keys': ['<C-c>', '<C-c>'] }, { keys: ['ctrl+c', 'ctrl+c'] }],
    [{ 'send-keys': ['<X-?>'] }, undefined],
  ])('stop: %j', async (stop, made) => {
    const { plain } = await importText('mprocs.yaml', stringify({ procs: { a: { shell: 'x', stop } } }));
    expect(plain.panes[0]!['stop']).toEqual(made);
  });
});

describe('process-compose', () => {
  test('gives probes, restarts, dependencies and stops', async () => {
    const { plain } = await fixture('process-compose.yaml');
    expect(plain.env).toEqual({ LOG: 'info', DATA: '${HOME:-}/data:${EXTRA:-}' });
    expect(paneOf(plain, 'db')).toMatchObject({
      cwd: './db',
      restart: { policy: 'always', delay: '5s' },
      ready: { exec: ['/bin/sh', '-c', "cd './db dir' && pg_isready -p 5432"], timeout: '26s' },
      health: {
        http: 'http://127.0.0.1:8080/health',
        timeout: '5s',
        failures: 4,
        start_period: '10s',
        action: 'restart',
      },
      stop: { signal: 'SIGINT', timeout: '20s' },
      log: { max_size: '5M', retain: 3, compress: true },
    });
    expect(paneOf(plain, 'migrate')).toMatchObject({
      command: ['bash', '-c', '[[ -n $DB ]] && npm run migrate'],
      depends_on: [{ pane: 'db', condition: 'ready' }],
      restart: { policy: 'on-failure', max_restarts: 3 },
    });
    expect(paneOf(plain, 'web')).toMatchObject({
      instances: 2,
      ready: { log_line: 'listening \\(on 3000\\)' },
      depends_on: [
        { pane: 'migrate', condition: 'exited_ok' },
        { pane: 'db', condition: 'started' },
        { pane: 'cache', condition: 'exited_ok' },
      ],
    });
    expect(paneOf(plain, 'cache')).toMatchObject({
      command: ['redis-server', '--port', '6379'],
      ready: { tcp: '127.0.0.1:6379' },
    });
    expect(paneOf(plain, 'nightly')['autostart']).toBe(false);
    expect(paneOf(plain, 'debug')['autostart']).toBe(false);
  });

  test('names what has no counterpart', async () => {
    const { yaml } = await fixture('process-compose.yaml');
    for (const name of [
      'log_level',
      'shutdown.command',
      'shutdown.parent_only',
      'availability.exit_on_end',
      'schedule',
      'colour',
      'namespace',
    ])
      expect(yaml).toContain(`# not mapped: ${name}: `);
    expect(yaml).not.toContain('is_daemon');
    expect(yaml).not.toContain('x-owner');
  });

  test.each([
    ['no', undefined],
    ['always', 'always'],
    ['on_failure', 'on-failure'],
    ['exit_on_failure', undefined],
  ])('restart: %s', async (restart, policy) => {
    const { plain, layout } = await importText(
      'process-compose.yaml',
      stringify({ processes: { a: { command: 'x', availability: { restart } } } }),
    );
    expect((plain.panes[0]!['restart'] as { policy?: string } | undefined)?.policy).toBe(policy);
    expect(layout().panes[0]!.restart.policy).toBe(policy ?? 'no');
  });

  test('variables are left to the shell in commands, and expanded by nonet elsewhere', async () => {
    const processes = {
      a: { command: 'echo $$HOME ${A:-b} $C', working_dir: '${HOME}/$D', environment: ['X=$$Y${Z:-z}'] },
    };
    const { layout } = await importText('process-compose.yaml', stringify({ processes }));
    const [pane] = layout().panes;
    expect(pane!.argv.at(-1)).toBe('echo $HOME ${A:-b} $C');
    expect(pane!.cwd).toBe('/home/ada');
    expect(pane!.env).toEqual({ X: '$Yz' });
  });

  test('a shell of its own runs the commands', async () => {
    const { plain } = await importText(
      'process-compose.yaml',
      'shell: {shell_command: zsh, shell_argument: -lc}\nprocesses: {a: {command: b}}',
    );
    expect(plain.panes[0]!['command']).toEqual(['zsh', '-lc', 'b']);
  });
});

describe('tmuxp', () => {
  test('gives a page for each window, in the shape of its layout', async () => {
    const { plain } = await fixture('tmuxp.yaml');
    expect(plain).toMatchObject({ name: 'project', grid: { areas: ['p1 p2', 'p1 p3'] }, env: { EDITOR: 'vim' } });
    expect(plain.panes.map(({ name, cwd }) => [name, cwd])).toEqual([
      ['editor-1', '~/code/project'],
      ['editor-2', '~/code/project'],
      ['editor-3', '~/code/project'],
      ['servers-1', '~/code/project/server/web'],
      ['servers-2', '~/code/project/server'],
      ['servers-3', '~/code/project/server'],
    ]);
  });

  test('runs the commands one after the other and stays in a shell', async () => {
    const { layout } = await importText(
      'tmuxp.yaml',
      'windows: [{window_name: w, panes: [[cd src, "ls ${A}"], blank, pane, null]}]',
    );
    const panes = layout().panes;
    expect(panes[0]!.argv).toEqual(['/bin/sh', '-c', 'cd src\nls ${A}\nexec "${SHELL:-/bin/sh}" -l']);
    for (const pane of panes.slice(1)) expect(pane.argv).toEqual(['/bin/sh', '-l']);
  });

  test.each<[layout: string, panes: number, grid: unknown]>([
    ['even-horizontal', 3, '1x3'],
    ['even-vertical', 3, '3x1'],
    ['tiled', 5, '2x3'],
    ['main-horizontal', 3, { areas: ['p1 p1', 'p2 p3'] }],
    ['main-vertical', 3, { areas: ['p1 p2', 'p1 p3'] }],
    ['even-horizontal', 1, '1x1'],
    ['bb62,159x48,0,0', 4, '2x2'],
  ])('%s with %i panes', async (layout, count, grid) => {
    const panes = Array.from({ length: count }, () => 'top');
    const { plain, layout: load } = await importText('tmuxp.yaml', stringify({ windows: [{ layout, panes }] }));
    expect(plain.grid).toEqual(grid);
    expect(load().panes).toHaveLength(count);
  });

  test('windows of different sizes are told and get nonet’s own grid', async () => {
    const { yaml, plain } = await importText('tmuxp.yaml', 'windows: [{panes: [a]}, {panes: [b, c]}]');
    expect(plain.grid).toBeUndefined();
    expect(plain.panes.map(({ name }) => name)).toEqual(['window-1', 'window-2-1', 'window-2-2']);
    expect(yaml).toContain('# not mapped: windows: ');
  });
});
