import { type CliCommandName, type CliOption, cliCommandNames, commandRow } from '../core/commands.ts';

/** Help for people, made from the command table. */
export const globalOptions = {
  session: { type: 'string', alias: 's', describe: 'which session (default: named after the directory)' },
  help: { type: 'boolean', alias: 'h', describe: 'show this help' },
  version: { type: 'boolean', alias: 'V', describe: 'show the version' },
} as const satisfies Record<string, CliOption>;

const PANE = 'PANE is a number, a name, a glob or "all".';

const notes: Partial<Record<CliCommandName, string>> = {
  up: 'LAYOUT is a preset (`nonet layouts`) or a YAML file. Default: ./nonet.yaml, else the preset "default".',
  show: PANE,
  start: PANE,
  stop: PANE,
  restart: PANE,
  kill: PANE,
  reload: `${PANE} A single pane is stopped and started.`,
  logs: 'Also of a session that is down. Without a PANE: of all.',
  send: `${PANE} After --, everything is text: nonet send 1 -- --verbose`,
  capture: PANE,
  completion: 'SHELL is bash, zsh or fish. Default: the one that $SHELL names.',
};

const examples: Partial<Record<CliCommandName, readonly string[]>> = {
  up: ['nonet up demo', 'nonet up ./team.yaml --env production', 'nonet up -d -s night'],
  down: ['nonet down', 'nonet down --timeout 3 -s night'],
  list: ['nonet list', "nonet list --json | jq '.[] | .name'"],
  stop: ['nonet stop 3', "nonet stop 'test-*' --no-wait", 'nonet stop all'],
  restart: ['nonet restart 3 planner'],
  send: ['nonet send planner "run the tests"', 'nonet send 3 y --no-enter'],
  'send-keys': ['nonet send-keys 3 ctrl+c', 'nonet send-keys planner esc shift+enter'],
  capture: ['nonet capture 3 --scrollback 1000', 'nonet capture planner --json'],
  check: ['nonet check nonet.yaml'],
};

export function generalHelp(): string {
  return [
    'Nine supervised agents in one terminal.',
    '',
    'Usage: nonet [COMMAND] [OPTIONS]    (without a command: up)',
    '',
    ...columns(cliCommandNames.map((name) => [usageOf(name), commandRow(name).summary])),
    '',
    ...columns(optionRows(globalOptions)),
    '',
    '`nonet COMMAND --help` shows what a command takes.',
  ].join('\n');
}

export function commandHelp(name: CliCommandName): string {
  const { summary, cli } = commandRow(name);
  const aliases = cli?.aliases ?? [];
  return [
    `nonet ${usageOf(name)}${aliases.length > 0 ? `    (also: ${aliases.join(', ')})` : ''}`,
    `  ${summary}`,
    '',
    ...(notes[name] === undefined ? [] : [notes[name], '']),
    ...columns([...optionRows(cli?.options ?? {}), ...optionRows(globalOptions)]),
    ...(examples[name] === undefined ? [] : ['', ...examples[name].map((example) => `  $ ${example}`)]),
  ].join('\n');
}

/** `send PANE TEXT…`: what follows `nonet`. */
export function usageOf(name: CliCommandName): string {
  const positionals = commandRow(name).cli?.positionals ?? '';
  return `${name} ${positionals.toUpperCase().replaceAll('..', '…').replaceAll(/[<>]/g, '')}`.trim();
}

/** The option as it is written and what it does: `-d, --detached`, `--timeout N`. */
export function optionRows(options: Record<string, CliOption>): [names: string, does: string][] {
  return Object.entries(options).map(([option, { type, alias, default: value, describe }]) => {
    const takes = type === 'boolean' ? '' : type === 'number' ? ' N' : ' NAME';
    // What is on unless it is switched off goes by the name of its switch.
    const name = value === true ? `--no-${option}` : `--${option}`;
    const does = value === true ? `do not ${describe.replace(/ \(--no-.*$/, '')}` : describe;
    return [`${alias === undefined ? '' : `-${alias}, `}${name}${takes}`, does];
  });
}

function columns(rows: [left: string, right: string][]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
