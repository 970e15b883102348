import { z } from 'zod';
import { agentNames } from '../core/agents.ts';
import { commandRow, DEFAULT_PREFIX, keyCommandNames } from '../core/commands.ts';
import { parseChord } from '../core/keys.ts';
import { ARRANGEMENTS, CLIPBOARD_POLICIES } from '../core/layout.ts';
import { MAX_PANE_NAME, paneNameProblem } from '../core/pane-name.ts';
import { MAX_GRID, MAX_PANES, MAX_SCROLLBACK } from './layout-limits.ts';
import { quote } from './problem.ts';
import { command, duration, filledText, text, textWithoutNul } from './schema-scalars.ts';
import { supervisionKeys } from './supervision-schema.ts';

/**
 * The layout file: THE table of its keys. Types, validation and the shipped JSON Schema come from here. Every object is strict, so that a
 * slip of the fingers is an error and never a setting that silently does nothing.
 */
/** Signals that Linux and macOS share, by name; `TERM` is taken for `SIGTERM`. */
export const signalNames = [
  ...['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGKILL', 'SIGUSR1', 'SIGUSR2', 'SIGABRT', 'SIGALRM', 'SIGPIPE'],
  ...['SIGCONT', 'SIGSTOP', 'SIGTSTP', 'SIGTTIN', 'SIGTTOU', 'SIGWINCH', 'SIGCHLD', 'SIGURG', 'SIGXCPU', 'SIGXFSZ'],
  ...['SIGVTALRM', 'SIGPROF', 'SIGIO', 'SIGSYS', 'SIGTRAP', 'SIGILL', 'SIGBUS', 'SIGFPE', 'SIGSEGV'],
] as const;

const chordText = text.refine((value) => parseChord(value) !== null, {
  error: (issue) => `${quote(String(issue.input))} is not a key; keys are written like z, R, ctrl+l, alt+enter, f5, up`,
});
// A digit without quotes is a number to YAML.
const chord = z
  .union([chordText, z.int().min(0).max(9)])
  .transform(String)
  .meta({ id: 'key', description: 'A key: z, R, ctrl+l, alt+enter, f5, up.' });
const chords = z
  .union([chord, z.array(chord)])
  .transform((value) => (typeof value === 'string' ? [value] : value))
  .meta({ id: 'keys' });

const environmentName = text.regex(/^[^=\0]+$/, 'a variable name is not empty and has no "="');
const environment = z
  .record(environmentName, z.union([textWithoutNul, z.number(), z.boolean(), z.null()]))
  .meta({ id: 'env', description: 'Environment variables; null removes one. Numbers are taken as they are written.' });

const backoff = z
  .strictObject({
    initial: duration.optional().describe('Delay before the first restart. Default 1s.'),
    factor: z.number().min(1).max(100).optional().describe('Each delay is this many times the one before. Default 2.'),
    max: duration.optional().describe('No delay is longer. Default 60s.'),
    jitter: z.number().min(0).max(1).optional().describe('Random part of a delay: 0.2 is ±20 %. Default 0.2.'),
    reset_after: duration.optional().describe('Up this long, the next delay is the first again. Default 60s.'),
  })
  .meta({ id: 'backoff', description: 'Delays between restarts.' });

const restartPolicy = z.enum(['no', 'on-failure', 'always']).meta({ id: 'policy' });
const restart = z
  .union([
    restartPolicy,
    z.strictObject({
      policy: restartPolicy.optional().describe('When to restart. Default on-failure.'),
      max_restarts: z
        .int()
        .min(0)
        .max(100_000)
        .optional()
        .describe('More restarts than this within `window` give up. Default 5.'),
      window: duration.optional().describe('Default 10m.'),
      min_uptime: duration.optional().describe('Up this long, the program counts as started. Default 5s.'),
      success_exit_codes: z
        .array(z.int().min(0).max(255))
        .optional()
        .describe('Exit codes that are no failure. Default [0].'),
      stop_exit_codes: z
        .array(z.int().min(0).max(255))
        .optional()
        .describe('Exit codes after which it stays down, whatever the policy. Default none.'),
      delay: duration.nullable().optional().describe('Before every restart, in place of `backoff`. Default null.'),
      backoff: backoff.optional(),
    }),
  ])
  .transform((value) => (typeof value === 'string' ? { policy: value } : value))
  .meta({
    id: 'restart',
    description: 'When a program that ended is started again: no, on-failure (default), always, or the long form.',
  });

const signal = z
  .enum([...signalNames, ...signalNames.map((name) => name.slice(3))])
  .transform((name) => (name.startsWith('SIG') ? name : `SIG${name}`));
const stop = z
  .strictObject({
    keys: chords.optional().describe('Keys typed first, to ask the program to leave, like [ctrl+c]. Default none.'),
    signal: signal.optional().describe('Sent to the whole tree of processes. Default SIGTERM.'),
    timeout: duration.optional().describe('What is left after this long is killed. Default 10s.'),
  })
  .meta({ id: 'stop', description: 'How a pane is stopped.' });

const paneSettings = {
  command: command
    .optional()
    .describe('The program: text that is split like a shell would (no shell runs), or a list of arguments.'),
  shell: filledText.optional().describe('Instead of `command`: text that /bin/sh runs.'),
  agent: z.enum(agentNames).optional().describe('Which agent this is. Default: from the command.'),
  env: environment.optional(),
  env_file: z
    .union([filledText, z.array(filledText)])
    .optional()
    .describe('File(s) of NAME=value lines, relative to this file.'),
  autostart: z.boolean().optional().describe('Start with the session. Default true.'),
  restart: restart.optional(),
  stop: stop.optional(),
  scrollback: z.int().min(0).max(MAX_SCROLLBACK).optional().describe('Lines kept above the screen. Default 10000.'),
  cwd: filledText.optional().describe('Working directory, relative to this file. Default: the directory of this file.'),
  ...supervisionKeys,
};

const paneName = text
  .max(MAX_PANE_NAME, `a name has at most ${MAX_PANE_NAME} characters`)
  .refine((name) => name.length > MAX_PANE_NAME || paneNameProblem(name) === '', {
    error: ({ input }) => paneNameProblem(String(input)),
  })
  .describe('Unique. Default: the base name of the command.');

const paneWithoutName = z.strictObject(paneSettings).meta({ id: 'settings' });
const pane = z.strictObject({ name: paneName.optional(), ...paneSettings });

const areas = z.array(text).min(1).max(MAX_GRID).meta({
  id: 'areas',
  description:
    'Rows of the screen as names of areas: ["a a b", "a a c"]. The first area is for the first pane; "." is left empty.',
});
const gridProblem = `a grid is ROWSxCOLUMNS, like 3x3, each from 1 to ${MAX_GRID}, or one of ${ARRANGEMENTS.join(', ')}`;
// 0x3 is a number to YAML: hexadecimal.
const gridError = { error: ({ input }: { input?: unknown }) => (typeof input === 'number' ? gridProblem : undefined) };
const gridShape = z
  .string(gridError)
  .regex(new RegExp(`^(([1-9]|1\\d|20)x([1-9]|1\\d|20)|${ARRANGEMENTS.join('|')})$`), gridProblem)
  .describe('Rows x columns, or an arrangement of however many panes there are.');
const shares = z.array(z.number().min(0.1).max(10_000)).min(1).max(MAX_GRID).optional();

const keyBinding = z.union([chords, z.null()]);
export const prefix = chord
  .transform((value) => [value])
  .describe(`The key before every command. Default ${DEFAULT_PREFIX}.`);
export const keys = z
  .strictObject({
    prefix: prefix.optional(),
    ...Object.fromEntries(
      keyCommandNames.map((name) => [
        name,
        keyBinding
          .optional()
          .describe(`${commandRow(name).summary}. Default ${commandRow(name).keys?.join(', ') || 'none'}.`),
      ]),
    ),
  })
  .describe('Command name: key or keys after the prefix; null unbinds.');

const profile = z.strictObject({
  env: environment.optional(),
  panes: z.record(text, paneWithoutName).optional().describe('Name of a pane: settings over its own.'),
});

export const layoutSchema = z.strictObject({
  version: z.literal(1).optional().describe('Version of this format.'),
  name: filledText.optional().describe('Name of the layout. Default: the name of the file.'),
  grid: z
    .union(
      [
        gridShape,
        areas,
        z.strictObject({
          size: gridShape.optional(),
          areas: areas.optional(),
          rows: shares.describe('What each row gets of the height, in proportion to the others: [2, 1].'),
          columns: shares.describe('What each column gets of the width.'),
        }),
      ],
      gridError,
    )
    .optional()
    .describe(
      'Shape of a page. Default: the smallest that holds all panes, at most 3x3. More panes than cells make pages.',
    ),
  areas: areas.optional(),
  env: environment.optional(),
  defaults: paneWithoutName.optional().describe('Settings for every pane that does not say otherwise.'),
  panes: z.array(pane).min(1).max(MAX_PANES),
  keys: keys.optional(),
  mouse: z.boolean().optional().describe('Use the mouse. Default true.'),
  clipboard: z
    .enum(CLIPBOARD_POLICIES)
    .optional()
    .describe('Whose programs may set the clipboard (OSC 52): the pane in focus, all, or none. Default focused.'),
  reload: z
    .enum(['manual', 'auto'])
    .optional()
    .describe(
      'Changes of this file while the session runs: applied by `nonet apply` (manual, default) or at once (auto).',
    ),
  profiles: z.record(text, profile).optional().describe('Settings laid over the others by --env NAME.'),
});

export type LayoutInput = z.output<typeof layoutSchema>;
export type PaneInput = LayoutInput['panes'][number];
export type EnvironmentInput = NonNullable<LayoutInput['env']>;
