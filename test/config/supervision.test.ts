// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${VAR} is the layout's own syntax
import { describe, expect, test } from 'vitest';
import { loadLayout } from '../../src/config/load-layout.ts';
import { formatProblem } from '../../src/config/problem.ts';
import type { Layout, PaneSpec } from '../../src/core/layout.ts';
import { DEFAULT_SUPERVISION } from '../../src/core/supervision.ts';

function result(text: string, profile: string | null = null) {
  const env = { HOME: '/home/ada', PORT: '3000' };
  return loadLayout({ source: { file: 'team.yaml' }, text, env, profile, cwd: '/srv/app' });
}

function load(text: string, profile: string | null = null): Layout {
  const loaded = result(text, profile);
  if (!loaded.ok) throw new Error(loaded.problems.map(formatProblem).join('\n'));
  return loaded.layout;
}

/** A pane `a` with these lines. */
function pane(...lines: string[]): string {
  return `panes:\n  - name: a\n    command: a\n${lines.map((line) => `    ${line}\n`).join('')}`;
}

function settings(...lines: string[]): PaneSpec {
  return load(pane(...lines)).panes[0]!;
}

function problems(text: string): string[] {
  const loaded = result(text);
  return loaded.ok ? [] : loaded.problems.map(({ line, col, message }) => `${line}:${col}: ${message}`);
}

function warnings(text: string): string[] {
  const loaded = result(text);
  return loaded.ok ? loaded.warnings.map(({ line, col, message }) => `${line}:${col}: ${message}`) : ['refused'];
}

test('a pane that says nothing has the defaults', () => {
  expect(settings()).toMatchObject(DEFAULT_SUPERVISION);
});

describe('ready', () => {
  test.each([
    ['{log_line: "listening on \\\\d+"}', { kind: 'log_line', pattern: 'listening on \\d+' }],
    ['{exec: "pg_isready -h \'my host\'"}', { kind: 'exec', argv: ['pg_isready', '-h', 'my host'] }],
    ['{exec: [curl, -f, 8080]}', { kind: 'exec', argv: ['curl', '-f', '8080'] }],
    ['{exec: "nc -z localhost ${PORT}"}', { kind: 'exec', argv: ['nc', '-z', 'localhost', '3000'] }],
    ['{http: "http://localhost:${PORT}/up"}', { kind: 'http', url: 'http://localhost:3000/up' }],
    ['{tcp: 5432}', { kind: 'tcp', host: 'localhost', port: 5432 }],
    ['{tcp: "db.local:5432"}', { kind: 'tcp', host: 'db.local', port: 5432 }],
    ['{tcp: "[::1]:80"}', { kind: 'tcp', host: '::1', port: 80 }],
    ['{screen: "^> $"}', { kind: 'screen', pattern: '^> $' }],
    ['{idle_screen: 2s}', { kind: 'idle_screen', quietMs: 2000 }],
  ])('%s', (text, probe) => {
    expect(settings(`ready: ${text}`).ready).toEqual({ probe, timeoutMs: 30_000 });
  });

  test("PM2's names are understood: listen_timeout counts in ms, wait_ready needs something to wait for", () => {
    const ready = settings('ready: {tcp: 80}', 'wait_ready: true', 'listen_timeout: 8000').ready;
    expect(ready).toEqual({ probe: { kind: 'tcp', host: 'localhost', port: 80 }, timeoutMs: 8000 });
    expect(settings('ready: {tcp: 80, timeout: 5s}', 'listen_timeout: 8s').ready?.timeoutMs).toBe(5000);
    expect(settings('ready: {tcp: 80}', 'wait_ready: false').ready).toBe(null);
    expect(problems(pane('wait_ready: true'))).toEqual([
      expect.stringMatching(/^4:17: wait_ready needs to know .*log_line/),
    ]);
  });

  test('a profile can change the timeout, another look, or none', () => {
    const text = `${pane('ready: {tcp: 80, timeout: 5s}')}profiles:
  slow: {panes: {a: {ready: {timeout: 1m}}}}
  other: {panes: {a: {ready: {log_line: up}}}}
  none: {panes: {a: {ready: null}}}
`;
    expect(load(text, 'slow').panes[0]!.ready).toEqual({
      probe: { kind: 'tcp', host: 'localhost', port: 80 },
      timeoutMs: 60_000,
    });
    expect(load(text, 'other').panes[0]!.ready).toEqual({
      probe: { kind: 'log_line', pattern: 'up' },
      timeoutMs: 5000,
    });
    expect(load(text, 'none').panes[0]!.ready).toBe(null);
  });
});

test('every long form is understood', () => {
  expect(
    settings(
      'cron_restart: "0 4 * * mon-fri"',
      'watch: {paths: [src, /etc/app], ignore: ["*.tmp"], delay: 2s}',
      'on_fatal: {run: "notify-send \'gave up\'"}',
      'health: {http: "http://localhost/", interval: 5s, timeout: 2s, failures: 2, successes: 4, start_period: 1m, action: restart}',
      'hang: {after: 10m, action: restart}',
      'memory: {warn: 800 MiB, max: 1.5G, sustain: 1m, action: restart_when_quiet}',
      'limits: {nice: 5, max_processes: 100, cpu_percent: 150, memory_max: 2G}',
      'log: {raw: false, max_size: 1M, interval: 24h, retain: 3, compress: false, time_format: "%H:%M"}',
      'resurrect: auto',
      'restart: {stop_exit_codes: [3, 4], delay: 2s}',
      'cwd: work',
    ),
  ).toMatchObject({
    cronRestart: '0 4 * * mon-fri',
    watch: { paths: ['/srv/app/work/src', '/etc/app'], ignore: ['*.tmp'], delayMs: 2000 },
    onFatal: { action: 'run', argv: ['notify-send', 'gave up'] },
    health: {
      probe: { kind: 'http', url: 'http://localhost/' },
      intervalMs: 5000,
      timeoutMs: 2000,
      failures: 2,
      successes: 4,
      startPeriodMs: 60_000,
      action: 'restart',
    },
    hang: { afterMs: 600_000, action: 'restart' },
    memory: { warnBytes: 800 * 2 ** 20, maxBytes: 1.5 * 2 ** 30, sustainMs: 60_000, action: 'restart_when_quiet' },
    limits: { nice: 5, maxProcesses: 100, cpuPercent: 150, memoryMaxBytes: 2 * 2 ** 30 },
    log: {
      enabled: true,
      raw: false,
      maxSizeBytes: 2 ** 20,
      intervalMs: 86_400_000,
      retain: 3,
      compress: false,
      timeFormat: '%H:%M',
    },
    resurrect: 'auto',
    restart: { stopExitCodes: [3, 4], delayMs: 2000 },
  });
});

test('every short form is understood', () => {
  expect(
    settings(
      'watch: true',
      'on_fatal: stop_dependents',
      'hang: 5m',
      'max_memory_restart: 300M',
      'log: false',
      'restart_delay: 3000',
      'stop_exit_codes: 7',
    ),
  ).toMatchObject({
    watch: { paths: ['/srv/app'], ignore: ['.git', 'node_modules', 'dist', '*.log'], delayMs: 500 },
    onFatal: { action: 'stop_dependents' },
    hang: { afterMs: 300_000, action: 'notify' },
    memory: { warnBytes: null, maxBytes: 300 * 2 ** 20, sustainMs: 30_000, action: 'restart' },
    log: { enabled: false },
    restart: { delayMs: 3000, stopExitCodes: [7] },
  });
  expect(settings('watch: lib').watch?.paths).toEqual(['/srv/app/lib']);
  expect(settings('health: {tcp: 1}').health).toEqual({
    probe: { kind: 'tcp', host: 'localhost', port: 1 },
    intervalMs: 10_000,
    timeoutMs: 1000,
    failures: 3,
    successes: 1,
    startPeriodMs: 0,
    action: 'notify',
  });
});

test('defaults and profiles take them all, value by value, and null or false switches off', () => {
  const text = `defaults:
  health: {interval: 20s, failures: 5}
  memory: {warn: 1G}
  watch: {paths: src, delay: 1s}
  log: {retain: 9}
  hang: {after: 10m}
  limits: {memory_max: 1G}
panes:
  - {name: a, command: a, health: {tcp: 1}, memory: {max: 2G}, hang: {action: restart}, limits: {memory_max: null}}
  - {name: b, command: b, memory: null, watch: false, log: false, hang: null}
profiles:
  p: {panes: {a: {memory: {action: restart}, watch: [lib], instances: 2}}}
`;
  const [a, b] = load(text).panes as [PaneSpec, PaneSpec];
  expect(a).toMatchObject({
    health: { intervalMs: 20_000, failures: 5 },
    memory: { warnBytes: 2 ** 30, maxBytes: 2 ** 31, action: 'notify' },
    watch: { paths: ['/srv/app/src'], delayMs: 1000 },
    log: { retain: 9 },
    hang: { afterMs: 600_000, action: 'restart' },
    limits: { memoryMaxBytes: null },
  });
  expect(warnings(text)).toEqual([]);
  expect(b).toMatchObject({ health: null, memory: null, watch: null, hang: null, log: { enabled: false, retain: 9 } });
  const production = load(text, 'p').panes;
  expect(production.map(({ name }) => name)).toEqual(['a-1', 'a-2', 'b']);
  expect(production[0]).toMatchObject({
    memory: { action: 'restart' },
    watch: { paths: ['/srv/app/lib'], delayMs: 1000 },
  });
});

describe('depends_on', () => {
  const others = '  - {name: db, command: d, ready: {tcp: 1}}\n  - {name: init, command: i}\n';
  test.each([
    ['db', [{ pane: 'db', condition: 'ready' }]],
    [
      '[db, init]',
      [
        { pane: 'db', condition: 'ready' },
        { pane: 'init', condition: 'started' },
      ],
    ],
    ['[{pane: init, condition: exited_ok}]', [{ pane: 'init', condition: 'exited_ok' }]],
    [
      '{db: started, init: {condition: exited_ok}}',
      [
        { pane: 'db', condition: 'started' },
        { pane: 'init', condition: 'exited_ok' },
      ],
    ],
  ])('%s', (text, dependsOn) => {
    expect(load(pane(`depends_on: ${text}`) + others).panes[0]!.dependsOn).toEqual(dependsOn);
  });

  test('on a pane with instances means all of them', () => {
    const { panes } = load(`${pane('depends_on: [w]')}  - {name: w, command: w, instances: 2}\n`);
    expect(panes[0]!.dependsOn.map(({ pane: name }) => name)).toEqual(['w-1', 'w-2']);
  });

  test('takes a written condition before a default, and not two', () => {
    const worker = '  - {name: w, command: w, instances: 2}\n';
    expect(load(pane('depends_on: [w, {pane: w-2, condition: exited_ok}]') + worker).panes[0]!.dependsOn).toEqual([
      { pane: 'w-1', condition: 'started' },
      { pane: 'w-2', condition: 'exited_ok' },
    ]);
    const twice = 'depends_on: [{pane: db, condition: started}, db, {pane: db, condition: ready}]';
    expect(problems(pane(twice) + others)).toEqual(['4:61: "db" is to be started and ready: keep one']);
  });

  test('a profile can say other panes, or none', () => {
    const text = `${pane('depends_on: [db]')}${others}profiles:
  p: {panes: {a: {depends_on: {init: exited_ok}}}}
  q: {panes: {a: {depends_on: []}}}
`;
    expect(load(text, 'p').panes[0]!.dependsOn).toEqual([{ pane: 'init', condition: 'exited_ok' }]);
    expect(load(text, 'q').panes[0]!.dependsOn).toEqual([]);
  });

  test('on what is not there, itself, or in a circle is a mistake that names it', () => {
    expect(problems(pane('depends_on: [bd]') + others)).toEqual(['4:18: unknown pane "bd"; did you mean "db"?']);
    expect(problems(pane('depends_on: [{pane: db, condition: redy}]') + others)).toEqual([
      '4:40: "condition" must be started | ready | exited_ok, not "redy"; did you mean "ready"?',
    ]);
    expect(problems(pane('depends_on: a'))).toEqual(['4:17: depends_on goes in a circle: a → a']);
    const circle = `panes:
  - {name: a, command: x, depends_on: [b]}
  - {name: b, command: x, depends_on: {c: started}}
  - {name: c, command: x, depends_on: [{pane: a}]}
`;
    expect(problems(circle)).toEqual(['2:39: depends_on goes in a circle: a → b → c → a']);
    expect(problems(`${pane('depends_on: {b: exited_ok}')}  - {name: b, command: b, restart: always}\n`)).toEqual([
      '4:21: "b" is restarted however it ends (restart: always): it is never exited_ok',
    ]);
  });
});

describe('instances', () => {
  test('make panes that are told apart by name and number', () => {
    const { panes, grid } = load(pane('instances: 3'));
    expect(panes.map(({ name, instance }) => [name, instance])).toEqual([
      ['a-1', 0],
      ['a-2', 1],
      ['a-3', 2],
    ]);
    expect([grid.rows, grid.cols]).toEqual([2, 2]);
    expect(load(pane('instances: 1')).panes.map(({ name }) => name)).toEqual(['a-1']);
  });

  test('cannot be more than there is room for, nor take a name', () => {
    expect(problems(`${pane('instances: 99')}  - {name: b, command: b}\n`)).toEqual([
      '2:3: instances make 100 panes; there can be 99',
    ]);
    expect(problems(`${pane('instances: 2')}  - {name: a-2, command: b}\n`)).toEqual([
      '5:5: pane name "a-2" is taken by an instance of another pane',
    ]);
  });
});

describe('mistakes', () => {
  const table: [line: string, problem: string | RegExp][] = [
    ['ready: {}', '4:12: "ready" needs one of log_line, exec, http, tcp, screen, idle_screen'],
    ['ready: {timeout: 5s}', /"ready" needs one of/],
    ['ready: {tcp: 1, http: "http://x"}', '4:13: "http" and "tcp" both say when it is ready: keep one'],
    ['ready: {tcp: 1, timeout: 0}', '4:30: with a timeout of 0 nothing ever becomes ready'],
    ['ready: {idle_screen: 1m}', /never ready/],
    ['ready: {log_lin: x}', '4:13: unknown key "log_lin"; did you mean "log_line"?'],
    ['ready: {log_line: "("}', /4:23: "log_line": not a regular expression: /],
    ['ready: {tcp: nowhere}', '4:18: "tcp": must be PORT or HOST:PORT, like 5432 or db.local:5432'],
    ['ready: {tcp: 70000}', /"tcp"/],
    ['ready: {http: "localhost:80"}', '4:19: "http": must be a URL like http://localhost:3000/health'],
    ['ready: {exec: "a \'b"}', "4:19: unbalanced quote: ' is never closed"],
    ['health: {idle_screen: 1s}', '4:14: unknown key "idle_screen"'],
    ['health: {tcp: 1, timeout: 20s, interval: 10s}', '4:31: timeout (20000 ms) is longer than interval (10000 ms)'],
    ['health: {tcp: 1, interval: 0}', '4:32: an interval must be longer than 0'],
    ['health: {tcp: 1, failures: 0}', '4:32: "failures" must be at least 1, not 0'],
    ['health: {tcp: 1, action: kill}', '4:30: "action" must be notify | restart, not "kill"'],
    ['hang: 0', '4:11: a hang takes longer than 0'],
    ['hang: {action: restart}', '4:11: "hang" needs "after": how long without output and input, like 10m'],
    ['hang: {after: 5m, acton: restart}', '4:23: unknown key "acton"; did you mean "action"?'],
    ['hang: {after: soon}', /^4:19: "after": a duration is written like/],
    ['watch: {path: src}', '4:13: unknown key "path"; did you mean "paths"?'],
    ['watch: [src, 5]', '4:18: "watch[1]" must be text, not 5'],
    ['log: {max_sise: 1M}', '4:11: unknown key "max_sise"; did you mean "max_size"?'],
    ['health: {tcp: 1, exec: x}', '4:14: "exec" and "tcp" both say when it is healthy: keep one'],
    ['health: {failures: 2}', '4:13: "health" needs one of log_line, exec, http, tcp, screen'],
    ['ready: {log_line: "\\\\q"}', '4:23: "log_line": not a regular expression: /\\q/u: Invalid escape'],
    ['ready: {http: "http://localhost:99999/"}', /^4:19: "http": must be a URL/],
    ['memory: {}', '4:13: "memory" needs "warn" or "max"'],
    ['memory: 1G', '4:13: "memory" must be a map, not "1G"'],
    ['memory: {warn: 2G, max: 1G}', '4:20: warn (2147483648 bytes) is more than max (1073741824 bytes)'],
    ['memory: {warn: 2G, action: restart}', '4:32: "restart" needs "max": the memory above which it happens'],
    ['memory: {max: lots}', '4:19: "max": a size is written like 500M, 1.5G, 800 MiB, or as a number of bytes'],
    ['cron_restart: "61 * * * *"', '4:19: "cron_restart": minute: "61" is not within 0-59'],
    ['cron_restart: "0 0 30 2 *"', '4:19: "cron_restart": there is no such day in these months'],
    ['cron_restart: daily', /five fields/],
    ['on_fatal: explode', '4:15: "on_fatal" must be notify | stop_dependents, not "explode"'],
    ['on_fatal: {run: ""}', '4:21: "run": must not be empty'],
    ['limits: {nice: -21}', '4:20: "nice" must be at least -20, not -21'],
    ['limits: {nice: 20}', '4:20: "nice" must be at most 19, not 20'],
    ['log: {max_size: 0}', /max_size/],
    ['resurrect: never', '4:16: "resurrect" must be ask | auto, not "never"'],
    ['instances: 0', '4:16: "instances" must be at least 1, not 0'],
    ['cron_restrat: "@daily"', '4:5: unknown key "cron_restrat"; did you mean "cron_restart"?'],
    ['stop_exit_codes: 256', '4:22: "stop_exit_codes" must be at most 255, not 256'],
    ['depends_on: {b: finished}', /4:21: .*not "finished"/],
  ];
  test.each(table)('%s', (line, problem) => {
    const found = problems(pane(line));
    expect(found).toHaveLength(1);
    if (typeof problem === 'string') expect(found[0]).toBe(problem);
    else expect(found[0]).toMatch(problem);
  });

  test.each([
    ['kill_timeout: 5000', '4:5: unknown key "kill_timeout"; here it is stop: {timeout: 10s}'],
    ['max_restarts: 5', '4:5: unknown key "max_restarts"; here it is restart: {max_restarts: …}'],
    ['readiness_probe: {}', '4:5: unknown key "readiness_probe"; here it is ready'],
    ['cmd: bash', '4:5: unknown key "cmd"; here it is command'],
    ['args: []', '4:5: unknown key "args"; here it is part of command'],
    ['envFile: a', '4:5: unknown key "envFile"; did you mean "env_file"?'],
    ['envfile: a', '4:5: unknown key "envfile"; here it is env_file'],
    ['dir: a', '4:5: unknown key "dir"; here it is cwd'],
    ['workdir: a', '4:5: unknown key "workdir"; here it is cwd'],
    ['workingDir: a', '4:5: unknown key "workingDir"; here it is cwd'],
    ['autorestart: true', '4:5: unknown key "autorestart"; here it is restart: no, on-failure or always'],
    ['restart-policy: no', '4:5: unknown key "restart-policy"; here it is restart: no, on-failure or always'],
    ['dependsOn: a', '4:5: unknown key "dependsOn"; did you mean "depends_on"?'],
    ['needs: a', '4:5: unknown key "needs"; here it is depends_on'],
    ['stop_signal: INT', '4:5: unknown key "stop_signal"; here it is stop: {signal: …}'],
    ['mem_limit: 1G', '4:5: unknown key "mem_limit"; here it is limits: {memory_max: 500M}'],
    ['history: 1', '4:5: unknown key "history"; here it is scrollback'],
  ])('by habit are told their name here: %s', (line, problem) => {
    expect(problems(pane(line))).toEqual([problem]);
    const inProfile = `${pane()}profiles: {p: {panes: {a: {${line}}}}}\n`;
    expect(problems(inProfile)).toEqual([problem.replace('4:5', '4:28')]);
    // Only where a pane's settings stand.
    expect(problems(`${line}\n${pane()}`)[0]).not.toContain(problem.slice(5));
  });

  test.each([
    ['environment: {}', '1:1: unknown key "environment"; here it is env'],
    ['defaults: {environment: {}}', '1:12: unknown key "environment"; here it is env'],
    ['cwd: a', '1:1: unknown key "cwd"; here it is defaults: {cwd: …}'],
    ['dir: a', '1:1: unknown key "dir"; here it is defaults: {cwd: …}'],
    ['command: a', '1:1: unknown key "command"; here it is panes: [{command: …}]'],
    ['session_name: a', '1:1: unknown key "session_name"; here it is name'],
    ['processes: a', '1:1: unknown key "processes"; here it is panes'],
    ['prefix: a', '1:1: unknown key "prefix"; here it is keys: {prefix: …}'],
    ['keys: {leader: a}', '1:8: unknown command "leader"; here it is prefix'],
    ['profiles: {p: {environment: {}}}', '1:16: unknown key "environment"; here it is env'],
    ['defaults: {title: a}', '1:12: unknown key "title"'],
    ['defaults: {restart: {retries: 3}}', '1:22: unknown key "retries"; here it is max_restarts'],
    ['defaults: {restart: {initial: 3}}', '1:22: unknown key "initial"; here it is backoff: {initial: …}'],
    ['defaults: {restart: {backoff: {multiplier: 3}}}', '1:32: unknown key "multiplier"; here it is factor'],
    ['defaults: {stop: {grace_period: 3}}', '1:19: unknown key "grace_period"; here it is timeout'],
    ['defaults: {ready: {url: "http://a/", tcp: 1}}', '1:20: unknown key "url"; here it is http'],
    ['defaults: {ready: {retries: 3, tcp: 1}}', '1:20: unknown key "retries"'],
    ['defaults: {health: {retries: 3, tcp: 1}}', '1:21: unknown key "retries"; here it is failures'],
    ['defaults: {watch: {exclude: a}}', '1:20: unknown key "exclude"; here it is ignore'],
    ['defaults: {log: {max_files: 3}}', '1:18: unknown key "max_files"; here it is retain'],
  ])('of other places by habit are told their name here: %s', (line, problem) => {
    expect(problems(`${line}\n${pane()}`)).toEqual([problem]);
  });

  test.each([
    ['listen_timeout: 30', 'ready: {tcp: 1}', /^4:21: listen_timeout counts as PM2 does: 30 is 30 ms; .* write 30s$/],
    ['ready: {tcp: 1, timeout: 30000}', '', /^4:30: timeout: 30000 is 30000 seconds; .* write 30000ms$/],
    ['stop: {timeout: 5000}', '', /^4:21: timeout: 5000 is 5000 seconds/],
    ['watch: {delay: 1000}', '', /^4:20: delay: 1000 is 1000 seconds/],
    ['max_memory_restart: 300', '', /^4:25: max_memory_restart: 300 is 300 bytes; for MiB write 300M$/],
    ['memory: {warn: 500}', '', /^4:20: warn: 500 is 500 bytes/],
    ['limits: {memory_max: 512}', '', /^4:26: memory_max: 512 is 512 bytes/],
    ['log: {max_size: 5}', '', /^4:21: max_size: 5 is 5 bytes/],
  ])('of the unit are warnings: %s', (line, other, warning) => {
    expect(warnings(pane(line, ...(other ? [other] : [])))).toEqual([expect.stringMatching(warning)]);
  });

  test('numbers with a unit, and those that make sense, are not warned of', () => {
    expect(
      warnings(
        pane(
          'restart_delay: 3000',
          'listen_timeout: 50ms',
          'ready: {tcp: 1}',
          'stop: {timeout: 60}',
          'watch: {delay: 1000s}',
          'max_memory_restart: 300000000',
          'log: {max_size: 5B}',
        ),
      ),
    ).toEqual([]);
  });

  test.each([
    ['memory: {max: 1G}', 'max_memory_restart: 500M', '5:5: "max_memory_restart" has no effect beside "memory.max"'],
    [
      'ready: {tcp: 1, timeout: 5s}',
      'listen_timeout: 8s',
      '5:5: "listen_timeout" has no effect beside "ready.timeout"',
    ],
    ['restart: {delay: 1s}', 'restart_delay: 2s', '5:5: "restart_delay" has no effect beside "restart.delay"'],
    [
      'restart: {stop_exit_codes: [1]}',
      'stop_exit_codes: 2',
      '5:5: "stop_exit_codes" has no effect beside "restart.stop_exit_codes"',
    ],
  ])('in saying a thing twice are warnings: %s and %s', (first, second, warning) => {
    expect(warnings(pane(first, second))).toEqual([`${warning}: keep one`]);
  });

  test('a setting that has no effect is warned of', () => {
    expect(warnings(pane('listen_timeout: 8s'))).toEqual([
      '4:5: listen_timeout has no effect without "ready", which says what to wait for',
    ]);
    expect(warnings(pane('restart: {delay: 1s, backoff: {max: 5s}}'))).toEqual([
      '4:26: the delay takes the place of the backoff, which has no effect: keep one',
    ]);
    expect(warnings(`defaults: {restart: {backoff: {max: 30s}}}\n${pane('restart: {delay: 1s}')}`)).toEqual([]);
    expect(warnings(`defaults: {listen_timeout: 8s}\n${pane()}`)).toEqual([]);
  });

  test('that are only likely are warnings', () => {
    expect(warnings(pane('restart_delay: 5'))).toEqual([
      '4:20: restart_delay counts as PM2 does: 5 is 5 ms; for seconds write 5s',
    ]);
    expect(warnings(pane('ready: {exec: "a | b"}'))).toEqual([
      '4:19: no shell runs this command: "|" is passed to the program; write [sh, -c, "…"] instead',
    ]);
    expect(warnings(pane('memory: {max: 2G}', 'limits: {memory_max: 1G}'))).toEqual([
      expect.stringContaining('memory_max is less than memory.max'),
    ]);
  });

  test('in reload are told as every other', () => {
    expect(load(`reload: auto\n${pane()}`).reload).toBe('auto');
    expect(problems(`reload: always\n${pane()}`)).toEqual(['1:9: "reload" must be manual | auto, not "always"']);
  });
});
