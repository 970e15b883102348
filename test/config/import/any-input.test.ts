// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${VAR} is the layout's own syntax
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ForeignSource } from '../../../src/config/import/foreign-options.ts';
import type { ImportedLayout } from '../../../src/config/import/imported-layout.ts';
import { importMprocs } from '../../../src/config/import/mprocs.ts';
import { importPm2 } from '../../../src/config/import/pm2.ts';
import { importProcessCompose } from '../../../src/config/import/process-compose.ts';
import { importTmuxp } from '../../../src/config/import/tmuxp.ts';
import { writeLayout } from '../../../src/config/import/write-layout.ts';
import { loadLayout } from '../../../src/config/load-layout.ts';
import { machineWith } from './import-helpers.ts';

class Refused extends Error {}

/** Values that people write, and some that they do not. */
const leaf = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    'x',
    'a b',
    '${X}',
    '$$',
    '10s',
    '1G',
    '0',
    '-1',
    'always',
    'SIGINT',
    'true',
    '~',
    '@daily',
    '* * * * *',
  ),
  fc.constantFrom(0, 1, -1, 3, 1.5, 1e9, true, false, null),
  fc.string({ maxLength: 6 }),
);
const any = fc.oneof(
  { weight: 3, arbitrary: leaf },
  fc.array(leaf, { maxLength: 3 }),
  fc.dictionary(
    fc.constantFrom('a', 'path', 'command', 'port', 'cron', 'cmd', 'condition', 'restart', 'exec', 'paths'),
    leaf,
    { maxKeys: 3 },
  ),
);
const options = (...names: string[]) =>
  fc.record(Object.fromEntries(names.map((name) => [name, any])), { requiredKeys: [] });

const pm2 = [
  'name',
  'cwd',
  'args',
  'interpreter',
  'node_args',
  'instances',
  'exec_mode',
  'watch',
  'ignore_watch',
  'watch_delay',
];
const pm2More = [
  'max_memory_restart',
  'env',
  'env_a',
  'min_uptime',
  'max_restarts',
  'restart_delay',
  'exp_backoff_restart_delay',
  'cron_restart',
];
const pm2Rest = [
  'stop_exit_codes',
  'kill_timeout',
  'kill_signal',
  'autostart',
  'autorestart',
  'log_date_format',
  'time',
  'port',
  'filter_env',
];
const compose = [
  'command',
  'entrypoint',
  'environment',
  'env_file',
  'depends_on',
  'readiness_probe',
  'liveness_probe',
  'availability',
];
const composeMore = [
  'shutdown',
  'replicas',
  'working_dir',
  'disabled',
  'schedule',
  'watch',
  'log_configuration',
  'ready_log_line',
  'description',
];
const mprocs = ['shell', 'cmd', 'cwd', 'env', 'add_path', 'autostart', 'autorestart', 'stop', 'deps', 'scrollback'];
const tmuxpPane = [
  'shell_command',
  'shell',
  'start_directory',
  'environment',
  'title',
  'enter',
  'sleep_before',
  'shell_command_before',
];

const CASES: [name: string, convert: (source: ForeignSource) => ImportedLayout, value: fc.Arbitrary<unknown>][] = [
  ['PM2', importPm2, options(...pm2, ...pm2More, ...pm2Rest).map((app) => ({ apps: [{ ...app, script: 'a.js' }] }))],
  [
    'process-compose',
    importProcessCompose,
    options(...compose, ...composeMore).map((a) => ({ processes: { a: { command: 'x', ...a }, b: { command: 'y' } } })),
  ],
  ['mprocs', importMprocs, options(...mprocs).map((a) => ({ procs: { a, b: 'y' } }))],
  [
    'tmuxp',
    importTmuxp,
    fc
      .tuple(options(...tmuxpPane), options('layout', 'window_name', 'window_shell'))
      .map(([pane, window]) => ({ windows: [{ ...window, panes: [pane, 'x'] }] })),
  ],
];

describe('whatever the options say, the import is refused with a reason or makes a layout that loads', () => {
  test.each(CASES)('%s', (_name, convert, arbitrary) => {
    fc.assert(
      fc.property(arbitrary, (value) => {
        const yaml = importOf(convert, value);
        if (yaml === null) return;
        const loaded = loadLayout({
          source: { file: 'a.yaml' },
          env: { ...everyVariableOf(yaml), HOME: '/home/ada', PATH: '/bin' },
          cwd: '/srv',
          text: yaml,
        });
        expect(
          loaded.ok
            ? []
            : loaded.problems.filter(
                ({ message }) => !/env_file|other users' homes|there can be 99|in a circle/.test(message),
              ),
          yaml,
        ).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});

/** What is empty where one is not set, as a directory or a program, is told when it is loaded. */
function everyVariableOf(yaml: string): Record<string, string> {
  return Object.fromEntries([...yaml.matchAll(/\$\{(\w+)/g)].map(([, name]) => [name, '/x']));
}

function importOf(convert: (source: ForeignSource) => ImportedLayout, value: unknown): string | null {
  const fail = (): never => {
    throw new Refused();
  };
  try {
    return writeLayout(
      convert({ file: 'x', directory: '/srv', text: '', value: structuredClone(value), machine: machineWith(), fail }),
    );
  } catch (error) {
    if (error instanceof Refused) return null;
    throw error;
  }
}
