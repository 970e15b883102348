// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${VAR} is the layout's own syntax
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadLayout, MAX_LAYOUT_BYTES } from '../../src/config/load-layout.ts';
import { formatProblem } from '../../src/config/problem.ts';

function problemsOf(text: string | Uint8Array, profile: string | null = null): string[] {
  const env = { HOME: '/home/ada', ANTHROPIC_MODEL: 'opus' };
  const result = loadLayout({ source: { file: 'team.yaml' }, text, env, profile, cwd: '/nowhere' });
  return result.ok ? [] : result.problems.map(formatProblem);
}

const pane = 'panes: [{command: a}]\n';

/** What is wrong: the layout, then everything that is said about it. */
const table: [title: string, text: string, problems: string[]][] = [
  ['an empty file', '', ['team.yaml:1:1: the file is empty: a layout needs "panes"']],
  ['a file of comments', '# nothing\n', ['team.yaml:1:1: the file is empty: a layout needs "panes"']],
  ['a list at the top', '- a\n', ['team.yaml:1:1: a layout must be a map, not a list']],
  ['plain text', 'hello\n', ['team.yaml:1:1: a layout must be a map, not "hello"']],
  ['no panes', 'name: x\n', ['team.yaml:1:1: missing key "panes"']],
  ['an empty list of panes', 'panes: []\n', ['team.yaml:1:8: "panes" must have at least 1 entry']],
  [
    'more than 99 panes',
    `panes: [${'{command: a}, '.repeat(100)}]\n`,
    ['team.yaml:1:8: "panes" must have at most 99 entries'],
  ],
  ['an unknown version', `version: 2\n${pane}`, ['team.yaml:1:10: "version" must be 1, not 2']],
  ['a text as version', `version: "1"\n${pane}`, ['team.yaml:1:10: "version" must be 1, not "1"']],
  ['an unknown key', `nmae: x\n${pane}`, ['team.yaml:1:1: unknown key "nmae"; did you mean "name"?']],
  ['a key of nothing known', `zzzzzz: x\n${pane}`, ['team.yaml:1:1: unknown key "zzzzzz"']],
  [
    'an unknown key of a pane',
    'panes:\n  - comand: claude\n',
    ['team.yaml:2:5: unknown key "comand"; did you mean "command"?'],
  ],
  [
    'keys that do not exist yet',
    'panes:\n  - command: a\n    sandbox: bwrap\n    remote: host\n',
    ['team.yaml:3:5: unknown key "sandbox"', 'team.yaml:4:5: unknown key "remote"'],
  ],
  ['a name among the defaults', `defaults: {name: x}\n${pane}`, ['team.yaml:1:12: unknown key "name"']],
  ['a pane that is no map', 'panes:\n  - claude\n', ['team.yaml:2:5: "panes[0]" must be a map, not "claude"']],
  ['a pane of nothing', 'panes:\n  -\n', ['team.yaml:2:4: "panes[0]" must be a map, not nothing']],
  ['panes as a map', 'panes:\n  a: {command: x}\n', ['team.yaml:2:3: "panes" must be a list, not a map']],
  ['a pane that runs nothing', 'panes:\n  - name: a\n', ['team.yaml:2:5: a pane needs "command" or "shell"']],
  [
    'a pane that runs two things',
    'panes:\n  - command: a\n    shell: b\n',
    ['team.yaml:3:5: "command" and "shell" both say what runs: keep one'],
  ],
  ['a number as command', 'panes:\n  - command: 42\n', ['team.yaml:2:14: "command" must be text or a list, not 42']],
  [
    'a map among the arguments',
    'panes:\n  - command: [a, {b: c}]\n',
    ['team.yaml:2:18: "command[1]" must be text or a number, not a map'],
  ],
  ['no arguments', 'panes:\n  - command: []\n', ['team.yaml:2:14: "command" must have at least 1 entry']],
  ['an empty program', 'panes:\n  - command: ["", a]\n', ['team.yaml:2:15: the program must not be empty']],
  ['an empty command', 'panes:\n  - command: ""\n', ['team.yaml:2:14: "command": must not be empty']],
  ['a command of quotes', `panes:\n  - command: "''"\n`, ['team.yaml:2:14: the command is empty']],
  ['an open quote', `panes:\n  - command: echo "a\n`, ['team.yaml:2:14: unbalanced quote: " is never closed']],
  [
    'a quote that is open in a default',
    `defaults:\n  command: echo 'a\npanes:\n  - name: x\n    command: b\n`,
    [`team.yaml:2:12: unbalanced quote: ' is never closed`],
  ],
  ['a backslash at the end', 'panes:\n  - command: a \\\n', ['team.yaml:2:14: the command ends in a backslash']],
  [
    'two panes of one name',
    'panes:\n  - {name: a, command: x}\n  - {name: b, command: x}\n  - {name: a, command: x}\n',
    ['team.yaml:4:12: duplicate pane name "a"'],
  ],
  [
    'the name all',
    'panes: [{name: all, command: x}]\n',
    ['team.yaml:1:16: "name": "all" means every pane and cannot be a name'],
  ],
  ['a number as name', 'panes: [{name: 7, command: x}]\n', ['team.yaml:1:16: "name" must be text, not 7']],
  [
    'digits as name',
    'panes: [{name: "7", command: x}]\n',
    ['team.yaml:1:16: "name": a name cannot be a number: numbers name panes by their place'],
  ],
  ['a blank name', 'panes: [{name: " ", command: x}]\n', ['team.yaml:1:16: "name": a name must not be empty']],
  [
    'a long name',
    `panes: [{name: ${'n'.repeat(65)}, command: x}]\n`,
    ['team.yaml:1:16: "name": a name has at most 64 characters'],
  ],
  [
    'an escape in a name',
    'panes: [{name: "a\\e[31m", command: x}]\n',
    ['team.yaml:1:16: "name": a name must not have control characters'],
  ],
  ['an escape in an unknown key', `"\\e[31mred": 1\n${pane}`, ['team.yaml:1:1: unknown key "\\x1b[31mred"']],
  [
    'an unknown agent',
    'panes: [{command: x, agent: claud}]\n',
    ['team.yaml:1:29: "agent" must be claude | codex | gemini | opencode | none, not "claud"; did you mean "claude"?'],
  ],
  ['a text for a switch', `mouse: yes\n${pane}`, ['team.yaml:1:8: "mouse" must be true or false, not "yes"']],
  [
    'a text for a number',
    'panes: [{command: x, scrollback: lots}]\n',
    ['team.yaml:1:34: "scrollback" must be a number, not "lots"'],
  ],
  [
    'a negative scrollback',
    'panes: [{command: x, scrollback: -1}]\n',
    ['team.yaml:1:34: "scrollback" must be at least 0, not -1'],
  ],
  [
    'an unknown policy',
    'panes: [{command: x, restart: alwys}]\n',
    ['team.yaml:1:31: "restart" must be no | on-failure | always, not "alwys"; did you mean "always"?'],
  ],
  [
    'YAML 1.1 habits',
    'panes: [{command: x, restart: true}]\n',
    ['team.yaml:1:31: "restart" must be no, on-failure, always or a map, not true'],
  ],
  [
    'impossible restarts',
    `panes:
  - command: x
    restart:
      polcy: always
      max_restarts: -1
      window: 10 minutes
      min_uptime: -5s
      success_exit_codes: [0, 256]
      backoff: {initial: -1, factor: 0.5, jitter: 2, max: 1000h}
`,
    [
      'team.yaml:4:7: unknown key "polcy"; did you mean "policy"?',
      'team.yaml:5:21: "max_restarts" must be at least 0, not -1',
      'team.yaml:6:15: "window": a duration is written like 500ms, 10s, 5m, 1h, or as a number of seconds',
      'team.yaml:7:19: "min_uptime": a duration cannot be negative',
      'team.yaml:8:31: "success_exit_codes[1]" must be at most 255, not 256',
      'team.yaml:9:26: "initial" must be at least 0, not -1',
      'team.yaml:9:38: "factor" must be at least 1, not 0.5',
      'team.yaml:9:51: "jitter" must be at most 1, not 2',
      'team.yaml:9:59: "max": a duration cannot be longer than 24 days',
    ],
  ],
  [
    'restart settings against each other',
    'panes:\n  - command: x\n    restart: {window: 10s, min_uptime: 1m, backoff: {initial: 5s, max: 1s}}\n',
    [
      'team.yaml:3:40: min_uptime (60000 ms) is longer than window (10000 ms)',
      'team.yaml:3:63: initial (5000 ms) is longer than max (1000 ms)',
    ],
  ],
  [
    'a contradiction between a default and a pane, once for all panes',
    'defaults: {restart: {min_uptime: 1m, window: 10s}}\npanes: [{command: x}, {command: y}]\n',
    ['team.yaml:1:34: min_uptime (60000 ms) is longer than window (10000 ms)'],
  ],
  [
    'an unknown signal and a negative timeout',
    'panes: [{command: x, stop: {signal: SIGTREM, timeout: -5}}]\n',
    [
      'team.yaml:1:37: "signal" must be one of SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGKILL, SIGUSR1, SIGUSR2, SIGABRT …, not "SIGTREM"; did you mean "SIGTERM"?',
      'team.yaml:1:55: "timeout" must be at least 0, not -5',
    ],
  ],
  [
    'a key that is none',
    'panes: [{command: x, stop: {keys: [foo+bar]}}]\n',
    ['team.yaml:1:36: "keys[0]": "foo+bar" is not a key; keys are written like z, R, ctrl+l, alt+enter, f5, up'],
  ],
  [
    'several exit codes of one list',
    'panes:\n  - command: x\n    restart: {success_exit_codes: [0, 300, "a", -1]}\n',
    [
      'team.yaml:3:39: "success_exit_codes[1]" must be at most 255, not 300',
      'team.yaml:3:44: "success_exit_codes[2]" must be a number, not "a"',
      'team.yaml:3:49: "success_exit_codes[3]" must be at least 0, not -1',
    ],
  ],
  [
    'several keys of one list',
    'panes: [{command: x, stop: {keys: [1, foo, bar, 22]}}]\n',
    [
      'team.yaml:1:39: "keys[1]": "foo" is not a key; keys are written like z, R, ctrl+l, alt+enter, f5, up',
      'team.yaml:1:44: "keys[2]": "bar" is not a key; keys are written like z, R, ctrl+l, alt+enter, f5, up',
      'team.yaml:1:49: "keys[3]" must be at most 9, not 22',
    ],
  ],
  [
    'several entries of one list that are nothing, or no text',
    'grid: ["a b", 5, null]\npanes: [{command: [bash, null, null], env_file: [1, 2]}]\n',
    [
      'team.yaml:1:15: "grid[1]" must be text, not 5',
      'team.yaml:1:18: "grid[2]" must be text, not nothing',
      'team.yaml:2:26: "command[1]" must be text or a number, not nothing',
      'team.yaml:2:32: "command[2]" must be text or a number, not nothing',
      'team.yaml:2:50: "env_file[0]" must be text, not 1',
      'team.yaml:2:53: "env_file[1]" must be text, not 2',
    ],
  ],
  [
    'bad key bindings',
    `keys:\n  prefix: null\n  zom: z\n  help: [x, "no such"]\n  redraw: f\n  detach: F\n  quit: f\n${pane}`,
    [
      'team.yaml:2:11: "prefix" must be text or a number, not nothing',
      'team.yaml:3:3: unknown command "zom"; did you mean "zoom"?',
      'team.yaml:4:13: "help[1]": "no such" is not a key; keys are written like z, R, ctrl+l, alt+enter, f5, up',
      'team.yaml:7:9: key "f" is already bound to "redraw"',
    ],
  ],
  ['a command that has no key', `keys: {capture: c}\n${pane}`, ['team.yaml:1:8: unknown command "capture"']],
  [
    'a bad grid',
    `grid: 3by3\n${pane}`,
    [
      'team.yaml:1:7: "grid": a grid is ROWSxCOLUMNS, like 3x3, each from 1 to 20, or one of grid, main-left, main-top, columns, rows',
    ],
  ],
  [
    'shares of a grid that has others',
    `grid: {size: 2x2, rows: [1, 2, 3], columns: [1, 0]}\n${pane}`,
    [
      'team.yaml:1:25: the grid has 2 rows, and these are 3 shares',
      'team.yaml:1:49: "columns[1]" must be at least 0.1, not 0',
    ],
  ],
  [
    'too many shares',
    `grid: {size: 2x2, rows: [1, 2, 3]}\n${pane}`,
    ['team.yaml:1:25: the grid has 2 rows, and these are 3 shares'],
  ],
  [
    'a grid without a shape',
    `grid: {rows: [1, 2]}\n${pane}`,
    ['team.yaml:1:7: "grid" needs "size" or "areas", or both "rows" and "columns"'],
  ],
  [
    'a grid of nothing',
    `grid: "0x3"\n${pane}`,
    [
      'team.yaml:1:7: "grid": a grid is ROWSxCOLUMNS, like 3x3, each from 1 to 20, or one of grid, main-left, main-top, columns, rows',
    ],
  ],
  [
    'a number as grid',
    `grid: 3\n${pane}`,
    [
      'team.yaml:1:7: "grid": a grid is ROWSxCOLUMNS, like 3x3, each from 1 to 20, or one of grid, main-left, main-top, columns, rows, not 3',
    ],
  ],
  [
    'a grid that YAML takes for a hexadecimal number',
    `grid: 0x3\n${pane}`,
    [
      'team.yaml:1:7: "grid": a grid is ROWSxCOLUMNS, like 3x3, each from 1 to 20, or one of grid, main-left, main-top, columns, rows, not 0x3',
    ],
  ],
  [
    'a size that YAML takes for a hexadecimal number',
    `grid: {size: 0x3}\n${pane}`,
    [
      'team.yaml:1:14: "size": a grid is ROWSxCOLUMNS, like 3x3, each from 1 to 20, or one of grid, main-left, main-top, columns, rows, not 0x3',
    ],
  ],
  [
    'a command on the prefix',
    `keys: {zoom: ctrl+b}\n${pane}`,
    ['team.yaml:1:14: key "ctrl+b" is the prefix and cannot be a command’s'],
  ],
  [
    'a misspelt area key',
    `grid: {area: [a]}\n${pane}`,
    [
      'team.yaml:1:7: "grid" needs "size" or "areas", or both "rows" and "columns"',
      'team.yaml:1:8: unknown key "area"; did you mean "areas"?',
    ],
  ],
  ['rows of unequal length', `areas:\n  - a b\n  - a\n${pane}`, ['team.yaml:3:5: row 2 has 1 areas, row 1 has 2']],
  ['an area that is an L', `areas:\n  - a a b\n  - a c b\n${pane}`, ['team.yaml:3:5: area "a" is not a rectangle']],
  [
    'an area in two places',
    `grid:\n  areas:\n    - a b\n    - b a\n${pane}`,
    ['team.yaml:3:7: area "a" is not a rectangle', 'team.yaml:4:7: area "b" is not a rectangle'],
  ],
  ['only empty cells', `areas: [". ."]\n${pane}`, ['team.yaml:1:8: there is no area, only empty cells']],
  ['an empty row', `areas: [""]\n${pane}`, ['team.yaml:1:9: a row of areas must not be empty']],
  [
    'a shape said twice',
    `grid: 1x1\nareas: [a]\n${pane}`,
    ['team.yaml:2:1: "grid" and "areas" both say the shape: keep one'],
  ],
  [
    'a list as variable',
    `env: {A: [1]}\n${pane}`,
    ['team.yaml:1:10: "A" must be text, a number, true or false or null, not a list'],
  ],
  [
    'an impossible variable name',
    `env: {A=B: x}\n${pane}`,
    ['team.yaml:1:7: a variable name is not empty and has no "="'],
  ],
  [
    'an unset variable',
    'panes: [{command: x, cwd: "${NOPE}/a"}]\n',
    ['team.yaml:1:27: variable "NOPE" is not set; set it, or write ${NOPE:-default}'],
  ],
  [
    'an unset variable in a command, with one like it',
    'panes:\n  - command: claude --model ${ANTHROPIC_MODLE}\n',
    ['team.yaml:2:14: variable "ANTHROPIC_MODLE" is not set; did you mean "ANTHROPIC_MODEL"?'],
  ],
  [
    'an expression that is none',
    'panes: [{shell: "echo ${x%%.*}"}]\n',
    ['team.yaml:1:17: "${x%%.*}" is neither ${VAR} nor ${VAR:-default}; write $${ for a literal ${'],
  ],
  [
    'an open expression',
    'panes: [{shell: "echo ${x"}]\n',
    ['team.yaml:1:17: "${" without its "}"; write $${ for a literal ${'],
  ],
  [
    'a variable without quotes within braces',
    'panes:\n  - command: x\n    restart: {\n      max_restarts: ${N:-3}, window: 10m,\n      min_uptime: 1s}\nmouse: true\n',
    ['team.yaml:4:21: within { } and [ ] a variable must be quoted: "${N:-3}"'],
  ],
  [
    'variables without quotes within brackets and braces',
    'panes:\n  - command: [x, --in=${DIR:-.}/a]\n  - {command: y, cwd: ${A:-${B}}, name: ${C}}\n',
    [
      'team.yaml:2:18: within { } and [ ] a variable must be quoted: "--in=${DIR:-.}/a"',
      'team.yaml:3:23: within { } and [ ] a variable must be quoted: "${…}"',
    ],
  ],
  [
    'variables that give what is not wanted there',
    `panes:
  - command: x
    scrollback: \${X:-}
    cwd: \${X:-}
    autostart: \${X:-1}
    agent: \${X:-1}
    restart: {max_restarts: "\${X:-1.5}", window: "\${X:--1}"}
    stop:
      timeout: \${X:--5}
    stop_exit_codes: [300, "\${X:-3}", "4\${X:-}"]
    health:
      http: \${X:-3000}
`,
    [
      'team.yaml:3:17: "scrollback" must be a number, not nothing',
      'team.yaml:4:10: "cwd": must not be empty',
      'team.yaml:5:16: "autostart" must be true or false, not 1',
      'team.yaml:6:12: "agent" must be claude | codex | gemini | opencode | none, not "1"',
      'team.yaml:7:29: "max_restarts" must be a whole number, not 1.5',
      'team.yaml:7:50: "window": a duration cannot be negative',
      'team.yaml:9:16: "timeout" must be at least 0, not -5',
      'team.yaml:10:23: "stop_exit_codes[0]" must be at most 255, not 300',
      'team.yaml:10:39: "stop_exit_codes[2]" must be a number, not "4"',
      'team.yaml:12:13: "http": must be a URL like http://localhost:3000/health',
    ],
  ],
  [
    'an unreadable env_file',
    'panes: [{command: x, env_file: [no.env]}]\n',
    ['team.yaml:1:33: env_file "no.env": cannot read it: no such file'],
  ],
  [
    'another user’s home',
    'panes: [{command: x, cwd: ~bob/a}]\n',
    [`team.yaml:1:27: "~bob/a": only ~ and ~/… are known, not other users' homes`],
  ],
  ['a key given twice', `mouse: true\nmouse: false\n${pane}`, ['team.yaml:2:1: duplicate key "mouse"']],
  ['a list as key', `[a]: b\n${pane}`, ['team.yaml:1:1: a key must be plain text']],
  ['a prototype', `__proto__: {x: 1}\n${pane}`, ['team.yaml:1:1: unknown key "__proto__"']],
  [
    'two documents',
    `${pane}---\n${pane}`,
    ['team.yaml:2:1: the file must be one YAML document: remove what follows "---"'],
  ],
  ['an unknown alias', 'panes: [*x]\n', ['team.yaml:1:9: unknown alias "*x"']],
  [
    'unknown aliases, of which follows nothing else',
    'panes:\n  - {command: *x, cwd: *y, env: {<<: *z}}\n  - {<<: [*x, 5], command: a}\n',
    [
      'team.yaml:2:15: unknown alias "*x"',
      'team.yaml:2:24: unknown alias "*y"',
      'team.yaml:2:38: unknown alias "*z"',
      'team.yaml:3:6: "<<" merges maps: write <<: *anchor',
      'team.yaml:3:11: unknown alias "*x"',
    ],
  ],
  ['an unknown alias alone', '*x\n', ['team.yaml:1:1: unknown alias "*x"']],
  [
    'what is right at an anchor and wrong where it is merged',
    'panes:\n  - command: x\n    env: &e {A: "1"}\n    stop: {<<: *e}\n    limits: {<<: [{nice: 0.5}, *e]}\n',
    [
      'team.yaml:4:16: unknown key "A"',
      'team.yaml:5:26: "nice" must be a whole number, not 0.5',
      'team.yaml:5:32: unknown key "A"',
    ],
  ],
  [
    'what is right at an anchor and wrong where its alias stands',
    'panes:\n  - &p {command: bash, name: a}\n  - {command: b}\n  - *p\n',
    ['team.yaml:4:5: duplicate pane name "a"'],
  ],
  [
    'what is wrong at an anchor, and said of no alias again',
    'panes:\n  - &p {command: x, nmae: a, env: &e {A: [1]}}\n  - *p\n  - {<<: *p}\n  - {command: y, env: *e}\n',
    [
      'team.yaml:2:21: unknown key "nmae"; did you mean "name"?',
      'team.yaml:2:42: "A" must be text, a number, true or false or null, not a list',
    ],
  ],
  [
    'a home directory that YAML takes for nothing',
    'panes: [{command: x, cwd: ~, env_file: [~], stop: {timeout: ~}}, {command: x, cwd: }]\n',
    [
      'team.yaml:1:27: "cwd" must be text, not nothing: ~ alone is nothing to YAML; write "~"',
      'team.yaml:1:41: "env_file[0]" must be text, not nothing: ~ alone is nothing to YAML; write "~"',
      'team.yaml:1:61: "timeout" must be a number or text, not nothing',
      'team.yaml:1:84: "cwd" must be text, not nothing',
    ],
  ],
  ['a tag', 'panes: [{command: !shell x}]\n', ['team.yaml:1:19: Unresolved tag: !shell']],
  [
    'a profile for a pane that is not there',
    'panes: [{name: planner, command: x}]\nprofiles:\n  fast:\n    panes:\n      plannr: {autostart: false}\n',
    ['team.yaml:5:7: unknown pane "plannr"; did you mean "planner"?'],
  ],
  [
    'an unknown key in a profile',
    `${pane}profiles:\n  fast: {grid: 1x1, panes: {a: {name: b}}}\n`,
    ['team.yaml:3:10: unknown key "grid"', 'team.yaml:3:33: unknown key "name"'],
  ],
];

describe('a layout with a mistake is refused with line, column and reason:', () => {
  test.each(table)('%s', (_title, text, problems) => {
    expect(problemsOf(text)).toEqual(problems);
  });

  test('an unknown profile, with the known ones', () => {
    const text = `${pane}profiles: {production: {}, ci: {}}\n`;
    expect(problemsOf(text, 'prodution')).toEqual([
      'team.yaml:2:1: unknown profile "prodution"; did you mean "production"?',
    ]);
    expect(problemsOf(text, 'x')).toEqual(['team.yaml:2:1: unknown profile "x"; profiles: "production", "ci"']);
    expect(problemsOf(pane, 'x')).toEqual(['team.yaml:1:1: unknown profile "x"; the layout has no profiles']);
  });

  test('YAML that cannot be read, at the place where reading stops', () => {
    const problems = problemsOf('panes:\n  - command: "a\n');
    expect(problems.length).toBeGreaterThan(0);
    expect(problems[0]).toMatch(/^team\.yaml:[23]:\d+: Missing closing "quote/);
    expect(problemsOf('panes:\n\t- command: a\n')[0]).toMatch(/^team\.yaml:2:\d+: Tabs are not allowed as indentation/);
  });

  test('all mistakes of a file at once, in their order', () => {
    const text =
      'vresion: 1\npanes:\n  - command: a\n    agent: x\n  - shell: b\n    stop: {timeout: soon}\nmouse: 1\n';
    expect(problemsOf(text).map((problem) => problem.split(':')[1])).toEqual(['1', '4', '6', '7']);
  });
});

describe('a hostile file gives one clear sentence', () => {
  const cases: [title: string, text: string | Uint8Array, message: RegExp][] = [
    ['too large', `#${'x'.repeat(10_000_000)}`, /^team\.yaml:1:1: too large: more than 256 kB$/],
    ['binary', new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 0, 1]), /^team\.yaml:1:1: not a text file: it has NUL bytes$/],
    ['Latin-1', new Uint8Array([0x6e, 0x61, 0x6d, 0x65, 0x3a, 0x20, 0xe9]), /^team\.yaml:1:1: not UTF-8 text$/],
    ['nested lists', '['.repeat(MAX_LAYOUT_BYTES - 1), /nested too deeply$/],
    ['nested blocks', `panes:\n${'- '.repeat(100_000)}`, /nested too deeply$/],
    [
      'a depth that the parser still takes',
      `panes: ${'['.repeat(60)}${']'.repeat(60)}`,
      /nested more than 40 levels deep$/,
    ],
    [
      'a bomb of aliases',
      `a: &a [x,x,x,x,x,x,x,x,x]\n${Array.from({ length: 9 }, (_, i) => {
        const name = String.fromCharCode(98 + i);
        const before = `*${String.fromCharCode(97 + i)}`;
        return `${name}: &${name} [${Array(9).fill(before).join(',')}]`;
      }).join('\n')}\n`,
      /more than 20000 values/,
    ],
    ['an alias of itself', 'panes: &a [*a]\n', /nested more than 40 levels deep$/],
    ['a merge of itself', '&a\n<<: *a\n', /nested more than 40 levels deep$/],
  ];
  test.each(cases)('%s', (_title, text, message) => {
    const problems = problemsOf(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(message);
  });

  test('a large map is read in time that grows with its size', () => {
    const text = Array.from({ length: 15_000 }, (_, i) => `k${i}: 1`).join('\n');
    const before = process.cpuUsage();
    expect(problemsOf(text)).toHaveLength(101);
    // Of our own time: what else the machine does is not the reader's fault. It takes a second; quadratic, it took a minute.
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1e6).toBeLessThan(8);
  });
});

describe('loading never throws', () => {
  const fragment = fc.constantFrom(
    ...'panes: |name: |command: |- |  |\n|\n  |{|}|[|]|"|\'|${|${A}|$$|&a |*a|<<: |!!map |# |: |? || |> |---\n|a|7|null|~|~/x|grid: |areas: |keys: |profiles: |restart: |env: |\\|\u0000|\ufeff|é|😀'.split(
      '|',
    ),
  );
  const options = { source: { file: 'x.yaml' }, env: { A: '1' }, cwd: '/', profile: null };

  test('whatever the text', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(fragment, { maxLength: 60 }).map((parts) => parts.join('')),
        ),
        (text) => {
          const result = loadLayout({ ...options, text });
          if (!result.ok) {
            expect(result.problems.length).toBeGreaterThan(0);
            for (const { line, col, message } of result.problems) {
              expect(line).toBeGreaterThanOrEqual(1);
              expect(col).toBeGreaterThanOrEqual(1);
              expect(message).toMatch(/^[^\u0000-\u001f\u007f-\u009f]+$/);
            }
          }
        },
      ),
      { numRuns: 400 },
    );
  });

  test('whatever the bytes', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        (text) => typeof loadLayout({ ...options, text }).ok === 'boolean',
      ),
    );
  });

  test('whatever stands where a value is expected', () => {
    const key = fc.constantFrom(
      ...'version name grid areas env defaults panes keys mouse profiles command shell agent env_file autostart restart stop scrollback cwd policy backoff signal keys zoom prefix'.split(
        ' ',
      ),
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom(null, true, 0, -1, 1.5, 'a', '3x3', '${A}', '1s', 'ctrl+b'),
        fc.dictionary(key, tie('value'), { maxKeys: 4 }),
        fc.array(tie('value'), { maxLength: 3 }),
      ),
    }));
    fc.assert(
      fc.property(fc.dictionary(key, value, { maxKeys: 6 }), (layout) => {
        // JSON is YAML.
        const result = loadLayout({ ...options, text: JSON.stringify(layout), profile: 'a' });
        expect(result.ok || result.problems.length > 0).toBe(true);
      }),
      { numRuns: 1500 },
    );
  });
});
