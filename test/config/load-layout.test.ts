// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${VAR} is the layout's own syntax
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { type LoadOptions, type LoadResult, loadLayout, readLayout } from '../../src/config/load-layout.ts';
import { formatProblem } from '../../src/config/problem.ts';
import type { Layout } from '../../src/core/layout.ts';
import { DEFAULT_SUPERVISION } from '../../src/core/supervision.ts';

type Options = Partial<Omit<LoadOptions, 'cwd'>> & { cwd?: string };

function result(text: string, options: Options = {}): LoadResult {
  return loadLayout({ source: { file: 'team.yaml' }, text, env: { HOME: '/home/ada' }, cwd: '/srv/app', ...options });
}

function load(text: string, options: Options = {}): Layout {
  const loaded = result(text, options);
  if (!loaded.ok) throw new Error(loaded.problems.map(formatProblem).join('\n'));
  return loaded.layout;
}

function warnings(text: string, options: Options = {}): string[] {
  const loaded = result(text, options);
  return loaded.ok ? loaded.warnings.map(formatProblem) : ['refused'];
}

let directory: string | null = null;
afterEach(() => {
  if (directory) rmSync(directory, { recursive: true });
  directory = null;
});
function createDirectory(files: Record<string, string | Buffer>): string {
  directory = mkdtempSync(path.join(os.tmpdir(), 'nonet-layout-'));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(directory, name)), { recursive: true });
    writeFileSync(path.join(directory, name), content);
  }
  return directory;
}

describe('a minimal layout', () => {
  test('gets every default', () => {
    expect(load('panes: [{command: claude --continue}]')).toEqual({
      name: 'team',
      file: '/srv/app/team.yaml',
      grid: { rows: 1, cols: 1, areas: [{ row: 0, col: 0, rowSpan: 1, colSpan: 1 }] },
      panes: [
        {
          name: 'claude',
          argv: ['claude', '--continue'],
          command: 'claude --continue',
          agent: 'claude',
          cwd: '/srv/app',
          env: {},
          autostart: true,
          restart: {
            policy: 'on-failure',
            maxRestarts: 5,
            windowMs: 600_000,
            minUptimeMs: 5000,
            successExitCodes: [0],
            stopExitCodes: [],
            delayMs: null,
            backoff: { initialMs: 1000, factor: 2, maxMs: 60_000, jitter: 0.2, resetAfterMs: 60_000 },
          },
          stop: { keys: [], signal: 'SIGTERM', timeoutMs: 10_000 },
          scrollback: 10_000,
          ...DEFAULT_SUPERVISION,
        },
      ],
      keys: {},
      mouse: null,
      reload: 'manual',
      clipboard: 'focused',
    });
  });

  test('of a preset has no file, and its panes start where the person is', () => {
    const layout = load('panes: [{command: sh, cwd: sub}, {command: sh}]', { source: { preset: 'main' } });
    expect(layout).toMatchObject({ name: 'main', file: null });
    expect(layout.panes.map((pane) => pane.cwd)).toEqual(['/srv/app/sub', '/srv/app']);
  });
});

test('every key of the format is understood', () => {
  const layout = load(`version: 1
name: band
grid: 2x3
env: {FORCE_COLOR: "1", GONE: null, PORT: 8080, RATIO: 1.10, DEBUG: false}
defaults:
  cwd: work
  restart: {max_restarts: 3, backoff: {max: 30s}}
panes:
  - name: planner
    command: [claude, --model, "a b", 7]
    agent: codex
    env: {GONE: back}
    autostart: false
    restart: {policy: always, window: 1h30m, min_uptime: 2.5, success_exit_codes: [0, 130],
              backoff: {initial: 500ms, factor: 1.5, jitter: 0, reset_after: 2m}}
    stop: {keys: [ctrl+c, ctrl+c], signal: INT, timeout: 0}
    scrollback: 0
    cwd: /abs
  - shell: npm run dev | tee log
    restart: "no"
    stop: {keys: esc}
keys: {prefix: ctrl+a, zoom: [z, f11], kill: null, focus-1: 5, redraw: r}
mouse: false
clipboard: never
`);
  expect(layout).toMatchObject({ name: 'band', grid: { rows: 2, cols: 3 }, mouse: false, clipboard: 'never' });
  expect(layout.keys).toEqual({ prefix: ['ctrl+a'], zoom: ['z', 'f11'], kill: null, 'focus-1': ['5'], redraw: ['r'] });
  const env = { FORCE_COLOR: '1', GONE: null, PORT: '8080', RATIO: '1.10', DEBUG: 'false' };
  expect(layout.panes).toEqual([
    {
      name: 'planner',
      argv: ['claude', '--model', 'a b', '7'],
      command: "claude --model 'a b' 7",
      agent: 'codex',
      cwd: '/abs',
      env: { ...env, GONE: 'back' },
      autostart: false,
      restart: {
        policy: 'always',
        maxRestarts: 3,
        windowMs: 5_400_000,
        minUptimeMs: 2500,
        successExitCodes: [0, 130],
        stopExitCodes: [],
        delayMs: null,
        backoff: { initialMs: 500, factor: 1.5, maxMs: 30_000, jitter: 0, resetAfterMs: 120_000 },
      },
      stop: { keys: ['ctrl+c', 'ctrl+c'], signal: 'SIGINT', timeoutMs: 0 },
      scrollback: 0,
      ...DEFAULT_SUPERVISION,
    },
    expect.objectContaining({
      name: 'npm',
      argv: ['/bin/sh', '-c', 'npm run dev | tee log'],
      command: 'npm run dev | tee log',
      agent: 'none',
      cwd: '/srv/app/work',
      env,
      restart: expect.objectContaining({ policy: 'no', maxRestarts: 3 }),
      stop: { keys: ['esc'], signal: 'SIGTERM', timeoutMs: 10_000 },
    }),
  ]);
});

describe('defaults, panes and profiles', () => {
  const text = `
env: {A: top, B: top, C: top}
defaults: {env: {B: default, C: default}, command: sh, stop: {timeout: 1s, signal: SIGHUP}}
panes:
  - {name: one, env: {C: pane}}
  - {name: two, shell: echo, stop: {timeout: 2s}}
profiles:
  fast:
    env: {A: profile, B: profile}
    panes:
      one: {restart: always, env: {D: profile}, stop: {signal: SIGINT}}
      two: {command: claude}
  slow: {env: {A: "\${NEVER_SET}"}, panes: {one: {command: "x \${NEVER_SET}", restart: "\${NEVER_SET}"}}}
`;
  test('lie over each other key by key', () => {
    const [one, two] = load(text).panes;
    expect(one).toMatchObject({
      argv: ['sh'],
      env: { A: 'top', B: 'default', C: 'pane' },
      stop: { signal: 'SIGHUP', timeoutMs: 1000 },
    });
    expect(two).toMatchObject({ argv: ['/bin/sh', '-c', 'echo'], stop: { signal: 'SIGHUP', timeoutMs: 2000 } });
  });

  test('a chosen profile is laid over the pane, its env under the pane’s own', () => {
    const [one, two] = load(text, { profile: 'fast' }).panes;
    expect(one).toMatchObject({
      env: { A: 'profile', B: 'default', C: 'pane', D: 'profile' },
      restart: { policy: 'always', maxRestarts: 5 },
      stop: { signal: 'SIGINT', timeoutMs: 1000 },
    });
    expect(two).toMatchObject({ argv: ['claude'], command: 'claude', agent: 'claude' });
  });

  test('a variable that only another profile needs may be unset', () => {
    expect(result(text).ok).toBe(true);
    expect(result(text, { profile: 'slow' }).ok).toBe(false);
  });

  test('aliases and merge keys work', () => {
    const layout = load(
      'defaults: &d {command: sh, scrollback: 5}\npanes:\n  - <<: *d\n    name: a\n    scrollback: 6\n  - *d\n',
    );
    expect(layout.panes.map(({ name, scrollback }) => [name, scrollback])).toEqual([
      ['a', 6],
      ['sh', 5],
    ]);
  });
});

describe('names', () => {
  test('default to the command’s base name, made unique', () => {
    const text = `panes:
  - command: /usr/bin/bash -l
  - command: bash
  - {name: bash-2, command: x}
  - command: [bash]
  - shell: FOO=1 exec ./run.sh --all
  - shell: "(a; b)"
  - command: ./7
  - command: all
`;
    expect(load(text).panes.map((pane) => pane.name)).toEqual([
      'bash',
      'bash-3',
      'bash-2',
      'bash-4',
      'run.sh',
      'shell',
      'pane',
      'pane-2',
    ]);
  });

  test('of a program are its agent’s', () => {
    const text =
      'panes: [{command: /opt/bin/gemini -y}, {shell: exec opencode}, {command: claude, agent: none}, {command: vim}]';
    expect(load(text).panes.map((pane) => pane.agent)).toEqual(['gemini', 'opencode', 'none', 'none']);
  });
});

describe('the grid', () => {
  test.each([
    [1, 1, 1],
    [2, 1, 2],
    [3, 2, 2],
    [4, 2, 2],
    [5, 2, 3],
    [6, 2, 3],
    [7, 3, 3],
    [9, 3, 3],
    [12, 3, 3],
  ])('of %i panes without a shape is %i x %i', (count, rows, cols) => {
    const { grid } = load(`panes: [${'{command: a},'.repeat(count)}]`);
    expect([grid.rows, grid.cols, grid.areas.length]).toEqual([rows, cols, rows * cols]);
  });

  const areas = '["a a b", "a a c", "d . c"]';
  test.each([`grid: {areas: ${areas}}`, `grid: ${areas}`, `areas: ${areas}`])('can be areas: %s', (shape) => {
    expect(load(`${shape}\npanes: [{command: x}]`).grid).toEqual({
      rows: 3,
      cols: 3,
      areas: [
        { row: 0, col: 0, rowSpan: 2, colSpan: 2 },
        { row: 0, col: 2, rowSpan: 1, colSpan: 1 },
        { row: 1, col: 2, rowSpan: 2, colSpan: 1 },
        { row: 2, col: 0, rowSpan: 1, colSpan: 1 },
      ],
    });
  });

  test('areas named after the panes belong to those panes', () => {
    const { grid } = load('areas: ["log edit"]\npanes: [{name: edit, command: x}, {name: log, command: x}]');
    expect(grid.areas.map((area) => area.col)).toEqual([1, 0]);
  });

  test('areas named after panes of another page draw a warning', () => {
    const text = 'areas: ["c a"]\npanes: [{name: a, command: x}, {name: b, command: x}, {name: c, command: x}]';
    expect(warnings(text)).toEqual([
      expect.stringMatching(/^team\.yaml:1:8: areas are filled in the order of the panes/),
    ]);
  });
});

describe('variables', () => {
  test('expand in texts, and a plain scalar becomes the number or switch it stands for', () => {
    const env = { HOME: '/home/ada', MODEL: 'opus', KEEP: '500', ON: 'false', DIR: 'sub dir' };
    const text = `name: \${MODEL}-team
env: {M: "\${MODEL}", D: "\${NOPE:-d \${MODEL}}", LITERAL: "$\${MODEL} $$ $1"}
panes:
  - shell: echo \${MODEL} $$ $HOME $\${x}
    cwd: \${DIR}
    scrollback: \${KEEP}
    autostart: \${ON}
    env:
      PORT: \${KEEP}
`;
    const layout = load(text, { env });
    expect(layout.name).toBe('opus-team');
    expect(layout.panes[0]).toMatchObject({
      argv: ['/bin/sh', '-c', 'echo opus $$ $HOME ${x}'],
      cwd: '/srv/app/sub dir',
      scrollback: 500,
      autostart: false,
      env: { M: 'opus', D: 'd opus', LITERAL: '${MODEL} $$ $1', PORT: '500' },
    });
  });

  test('without quotes are what YAML reads in the expanded text, wherever that is wanted', () => {
    const env = { HOME: '/home/ada', SECONDS: '5', OFF: 'false', ON: 'true', CODE: '3', NOTHING: '' };
    const text = `version: \${ONE:-1}
keys:
  zoom: \${CODE}
panes:
  - command: x
    stop:
      timeout: \${SECONDS}
    restart:
      max_restarts: 1\${CODE}
      window: \${SECONDS}00
      min_uptime: \${SECONDS}s
      success_exit_codes:
        - \${CODE}
    hang: \${HANG:-30}
    log: \${OFF}
    stop_exit_codes: \${CODE}
    watch: \${ON}
    cron_restart: \${NOTHING}
    limits:
      memory_max: \${SIZE:-65536}
`;
    const layout = load(text, { env });
    expect(layout.keys).toEqual({ zoom: ['3'] });
    expect(layout.panes[0]).toMatchObject({
      stop: { timeoutMs: 5000 },
      restart: { maxRestarts: 13, windowMs: 500_000, minUptimeMs: 5000, successExitCodes: [3], stopExitCodes: [3] },
      hang: { afterMs: 30_000 },
      log: { enabled: false },
      watch: { paths: ['/srv/app'] },
      cronRestart: null,
      limits: { memoryMaxBytes: 65_536 },
    });
  });

  test('alone in quotes are a number or switch where no text is wanted', () => {
    const env = { HOME: '/home/ada', SECONDS: '5', OFF: 'false', CODE: '3' };
    const text = `panes: [{command: x, autostart: "\${OFF}", stop: {timeout: "\${SECONDS}"}, log: "\${OFF}",
      restart: {max_restarts: "\${N:-\${CODE}}"}, stop_exit_codes: ["\${CODE}", 4], watch: "\${ON:-true}"}]`;
    expect(load(text, { env }).panes[0]).toMatchObject({
      autostart: false,
      stop: { timeoutMs: 5000 },
      log: { enabled: false },
      restart: { maxRestarts: 3, stopExitCodes: [3, 4] },
      // A path is text.
      watch: { paths: ['/srv/app/true'] },
    });
    expect(result('panes: [{command: x, scrollback: "1${CODE}"}]', { env }).ok).toBe(false);
  });

  test('stay text where text is wanted, in the environment, and in commands', () => {
    const text = `name: \${N:-3}
env:
  RATIO: \${R:-1.10}
  NOTHING: \${R:-null}
  EMPTY: \${R:-}
  SWITCH: \${R:-true}
  QUOTED: "\${R:-007}"
panes:
  - name: \${N:-0x3}
    command:
      - x
      - \${R:-1.10}
      - \${R:-null}
      - "\${R:-0x10}"
    cwd: \${N:-3}
    log:
      time_format: \${N:-2024}
    ready:
      exec:
        - \${N:-7}
        - \${N:-1.0}
`;
    const layout = load(text);
    expect(layout.name).toBe('3');
    expect(layout.panes[0]).toMatchObject({
      name: '0x3',
      argv: ['x', '1.10', 'null', '0x10'],
      env: { RATIO: '1.10', NOTHING: 'null', EMPTY: '', SWITCH: 'true', QUOTED: '007' },
      cwd: '/srv/app/3',
      log: { timeFormat: '2024' },
      ready: { probe: { argv: ['7', '1.0'] } },
    });
  });

  test('name this Node and the folder of the presets', () => {
    const [pane] = load('panes: [{command: ["${NONET_NODE}", "${NONET_LAYOUTS}/x.mjs"]}]').panes;
    expect(pane?.argv[0]).toBe(process.execPath);
    expect(pane?.argv[1]).toMatch(/\/layouts\/x\.mjs$/);
  });

  test('in a command are split like a shell would', () => {
    const env = { HOME: '/home/ada', ARGS: '-a  -b', EMPTY: '', DIR: '/a b' };
    const [pane] = load(`panes: [{command: '~/run $\{ARGS} "$\{DIR}/x" $\{EMPTY} ''$\{ARGS}'' ~'}]`, { env }).panes;
    expect(pane?.argv).toEqual(['/home/ada/run', '-a', '-b', '/a b/x', '${ARGS}', '/home/ada']);
  });
});

describe('directories and files', () => {
  test('are relative to the layout’s directory; ~ is the home', () => {
    const text = 'panes: [{command: x, cwd: a/../b}, {command: x, cwd: ~/c}, {command: x, cwd: "~"}]';
    const layout = load(text, { source: { file: 'conf/team.yml' } });
    expect(layout.file).toBe('/srv/app/conf/team.yml');
    expect(layout.name).toBe('team');
    expect(layout.panes.map((pane) => pane.cwd)).toEqual(['/srv/app/conf/b', '/home/ada/c', '/home/ada']);
  });

  test('env_file gives variables under the pane’s own, over those for all', () => {
    const cwd = createDirectory({
      'conf/team.yaml': `env: {A: top, B: top}
defaults: {env: {C: default}}
panes: [{command: x, env_file: [.env, ../more.env], env: {D: pane}}]
`,
      'conf/.env': '# comment\nA=file\nexport C="two words"\nD=file\nE=first\n',
      'more.env': 'E=second\n',
    });
    const loaded = readLayout({ source: { file: 'conf/team.yaml' }, env: {}, cwd });
    expect(loaded.ok && loaded.layout.panes[0]?.env).toEqual({
      A: 'file',
      B: 'top',
      C: 'default',
      D: 'pane',
      E: 'second',
    });
  });

  test('a file that cannot be read is a problem like any other', () => {
    const cwd = createDirectory({ 'latin1.yaml': Buffer.from([0x61, 0x3a, 0xe9]) });
    const problem = (file: string) => {
      const loaded = readLayout({ source: { file }, env: {}, cwd });
      return loaded.ok ? [] : loaded.problems.map(formatProblem);
    };
    expect(problem('nope.yaml')).toEqual(['nope.yaml:1:1: cannot read it: no such file']);
    expect(problem('.')).toEqual(['.:1:1: cannot read it: it is a directory']);
    expect(problem('latin1.yaml')).toEqual(['latin1.yaml:1:1: not UTF-8 text']);
    expect(problem('/dev/zero')).toEqual(['/dev/zero:1:1: too large: more than 256 kB']);
  });

  test('a byte order mark and CRLF do no harm', () => {
    expect(load('\ufeffname: x\r\npanes:\r\n  - command: a b\r\n')).toMatchObject({
      name: 'x',
      panes: [{ argv: ['a', 'b'] }],
    });
  });
});

describe('warnings', () => {
  test('tell of a key that another command loses', () => {
    expect(warnings('panes: [{command: x}]\nkeys: {zoom: o}')).toEqual([
      'team.yaml:2:14: key "o" is taken from "focus-next"; give that one another key, or null',
    ]);
    expect(warnings('panes: [{command: x}]\nkeys: {zoom: o, focus-next: y}')).toEqual([]);
  });

  test('tell of a command that the prefix takes the key from', () => {
    expect(warnings('panes: [{command: x}]\nkeys: {prefix: d}')).toEqual([
      'team.yaml:2:16: key "d", the prefix, is taken from "detach"; give that one another key, or null',
    ]);
    expect(warnings('panes: [{command: x}]\nkeys: {prefix: d, detach: D}')).toEqual([]);
    expect(warnings('panes: [{command: x}]\nkeys: {prefix: ctrl+a}')).toEqual([]);
  });

  test('delays that add up to more than the window', () => {
    const text = 'panes:\n  - command: x\n    restart: {max_restarts: 10, window: 1m}\n';
    expect(warnings(text)).toEqual([
      'team.yaml:3:29: the delays of 10 restarts add up to 63 s, more than the window of 60 s: max_restarts is never reached',
    ]);
    expect(warnings(text.replace('1m', '1h'))).toEqual([]);
    expect(warnings('panes: [{command: x, restart: {policy: no, max_restarts: 99, window: 1s}}]')).toEqual([]);
  });

  test('shell operators in a command', () => {
    expect(warnings('panes: [{command: npm run dev | tee log}]')).toEqual([
      'team.yaml:1:19: no shell runs a "command": "|" is passed to the program; write shell: instead',
    ]);
    expect(warnings('panes: [{command: "grep \'|\' x"}]')).toEqual([]);
  });

  test('a default gives way to what is written, without a word', () => {
    const text = 'panes: [{command: x, restart: {window: 3s, max_restarts: 1, backoff: {max: 100ms}}}]';
    expect(warnings(text)).toEqual([]);
    expect(load(text).panes[0]?.restart).toMatchObject({ minUptimeMs: 3000, backoff: { initialMs: 100, maxMs: 100 } });
    expect(load('panes: [{command: x, restart: {backoff: {initial: 90s}}}]').panes[0]?.restart.backoff.maxMs).toBe(
      90_000,
    );
  });
});
