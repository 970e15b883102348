import { MAX_TIMER_MS } from './timer-limit.ts';

/**
 * THE command table. Keys, help overlay, command line and the README's tables are made from it; a command without a handler does not compile.
 *
 * `keys`: chords after the prefix in the order shown in help; of none, it is in the palette, and a layout may give it one. `confirm`: the key asks first. `cli`: what `nonet NAME` takes;
 * `positionals` in order, `<x>` required, `[x]` optional, `..` many.
 */
export type CliOption = {
  describe: string;
  alias?: string;
  default?: string | boolean;
} & ({ type: 'string' | 'boolean' } | NumberOption);

/** A number of what `unit` says, 0 or more; a whole one where no `fraction` makes sense. */
export type NumberOption = { type: 'number'; unit: string; fraction?: true; max?: { value: number; words: string } };

export type CliSpec = {
  positionals: string;
  aliases?: readonly string[];
  options: Record<string, CliOption>;
  describe?: string;
};

export type CommandRow = {
  summary: string;
  group: 'focus' | 'panes' | 'view' | 'session' | 'talk' | 'layouts';
  keys?: readonly string[];
  confirm?: string;
  cli?: CliSpec;
};

const lines = {
  lines: { type: 'boolean', describe: 'tell in sentences, line by line, for screen readers and pipes' },
} as const satisfies Record<string, CliOption>;

const json = { json: { type: 'boolean', describe: 'print JSON' } } as const satisfies Record<string, CliOption>;
const noWait = {
  wait: { type: 'boolean', default: true, describe: 'wait until it is done (--no-wait: do not)' },
} as const satisfies Record<string, CliOption>;

const profile = {
  env: { type: 'string', describe: 'profile of the layout to apply; default: the session’s' },
} as const satisfies Record<string, CliOption>;

export const commandTable = {
  up: {
    summary: 'start the session if it is not running, then attach',
    group: 'session',
    cli: {
      positionals: '[layout]',
      options: {
        detached: { type: 'boolean', alias: 'd', describe: 'do not attach' },
        env: { type: 'string', describe: 'profile of the layout to apply' },
        'dry-run': { type: 'boolean', describe: 'print what would run' },
        ...lines,
        ...json,
      },
    },
  },
  attach: {
    summary: 'attach to a running session',
    group: 'session',
    cli: { positionals: '', aliases: ['a'], options: lines },
  },
  down: {
    summary: 'stop every pane gracefully, then the session',
    group: 'session',
    cli: {
      positionals: '',
      options: {
        timeout: {
          type: 'number',
          unit: 'seconds',
          fraction: true,
          max: { value: MAX_TIMER_MS / 1000, words: '24 days' },
          describe: 'seconds before what is left is killed',
        },
      },
    },
  },
  save: {
    summary: 'write the session and its screens to disk now',
    group: 'session',
    cli: { positionals: '', options: {} },
  },
  resurrect: {
    summary: 'bring a session back after a reboot',
    group: 'session',
    cli: {
      positionals: '',
      options: { all: { type: 'boolean', describe: 'every session that was not taken down' } },
    },
  },
  startup: {
    summary: 'bring sessions back after every boot (systemd, launchd)',
    group: 'session',
    cli: { positionals: '', options: { print: { type: 'boolean', describe: 'print the unit, change nothing' } } },
  },
  unstartup: { summary: 'undo startup', group: 'session', cli: { positionals: '', options: {} } },
  upgrade: {
    summary: 'replace the daemon by the installed version; panes go on',
    group: 'session',
    cli: { positionals: '', options: {} },
  },
  sessions: { summary: 'list sessions', group: 'session', cli: { positionals: '', options: json } },
  list: {
    summary: 'panes with state, pid, CPU, memory, restarts, uptime',
    group: 'panes',
    cli: { positionals: '', aliases: ['ls', 'ps'], options: json },
  },
  health: {
    summary: 'whether panes run as they should; exit code 0 if all do',
    group: 'panes',
    cli: {
      positionals: '[pane]',
      options: { all: { type: 'boolean', describe: 'also panes that are to be down' }, ...json },
    },
  },
  top: {
    summary: 'panes with CPU, memory and disk as they change',
    group: 'panes',
    cli: {
      positionals: '',
      options: {
        once: { type: 'boolean', describe: 'print one table and leave' },
        sort: { type: 'string', describe: 'by number (n), cpu (c) or memory (m)', default: 'n' },
        ...json,
      },
    },
  },
  show: { summary: 'one pane in full', group: 'panes', cli: { positionals: '<pane>', options: json } },
  start: {
    summary: 'start a stopped pane',
    group: 'panes',
    keys: ['s'],
    cli: { positionals: '<pane..>', options: { ...noWait, ...json } },
  },
  stop: {
    summary: 'stop: signal, grace, then kill the whole tree',
    group: 'panes',
    keys: ['x'],
    confirm: 'Stop',
    cli: { positionals: '<pane..>', options: { ...noWait, ...json } },
  },
  restart: {
    summary: 'restart',
    group: 'panes',
    keys: ['r'],
    cli: { positionals: '<pane..>', options: { ...noWait, ...json } },
  },
  'restart-now': { summary: 'restart now, without grace', group: 'panes', keys: ['R'] },
  kill: {
    summary: 'kill the whole tree at once',
    group: 'panes',
    keys: ['X'],
    confirm: 'Kill',
    cli: { positionals: '<pane..>', options: { ...noWait, ...json } },
  },
  reload: {
    summary: 'replace programs without a gap: the new is ready first',
    group: 'panes',
    keys: [],
    cli: { positionals: '<pane..>', options: { ...noWait, ...json } },
  },
  send: {
    summary: 'type text and Enter into a pane',
    group: 'talk',
    cli: {
      positionals: '<pane> <text..>',
      options: {
        enter: { type: 'boolean', default: true, describe: 'press Enter after the text (--no-enter: do not)' },
      },
    },
  },
  'send-keys': {
    summary: 'press keys by name: enter esc ctrl+c shift+enter up f5',
    group: 'talk',
    cli: { positionals: '<pane> <keys..>', options: {} },
  },
  capture: {
    summary: 'print what a pane shows',
    group: 'talk',
    cli: {
      positionals: '<pane>',
      options: {
        ansi: { type: 'boolean', describe: 'with colours and attributes' },
        scrollback: { type: 'number', unit: 'lines', describe: 'lines of scrollback above the screen' },
        ...json,
      },
    },
  },
  rename: {
    summary: 'rename a pane; its log goes on under the new name',
    group: 'panes',
    keys: [','],
    cli: { positionals: '<pane> <name>', options: {} },
  },
  doctor: {
    summary: 'what this machine and terminal can and cannot do',
    group: 'layouts',
    cli: { positionals: '', options: json },
  },
  completion: {
    summary: 'print a completion script: bash, zsh or fish',
    group: 'layouts',
    cli: { positionals: '[shell]', options: {} },
  },
  logs: {
    summary: 'print what panes have logged',
    group: 'panes',
    cli: {
      positionals: '[pane..]',
      options: {
        follow: { type: 'boolean', alias: 'f', describe: 'go on with what is logged from now' },
        lines: {
          type: 'number',
          unit: 'lines',
          alias: 'n',
          describe: 'the last so many lines (default 50; all with --since or --raw)',
        },
        since: { type: 'string', describe: 'from a time on: 10m, 2h, or a date and time' },
        grep: { type: 'string', describe: 'only lines that match this regular expression' },
        raw: { type: 'boolean', describe: 'the bytes as they came, escape sequences and all' },
        time: { type: 'boolean', default: true, describe: 'times before the lines (--no-time: without)' },
        daemon: { type: 'boolean', describe: 'the log of nonet’s own processes' },
        ...json,
      },
    },
  },
  flush: {
    summary: 'empty the logs of panes',
    group: 'panes',
    cli: { positionals: '[pane..]', options: {} },
  },
  layouts: { summary: 'list presets', group: 'layouts', cli: { positionals: '', options: json } },
  check: {
    summary: 'validate a layout or config.yaml: file:line:col: message',
    group: 'layouts',
    cli: { positionals: '<file>', options: json },
  },
  diff: {
    summary: 'what `apply` would change',
    group: 'layouts',
    cli: { positionals: '[layout]', options: { ...profile, ...json } },
  },
  apply: {
    summary: 'make the running session what its layout says now',
    group: 'layouts',
    cli: { positionals: '[layout]', options: { ...profile, ...json } },
  },
  rollback: {
    summary: 'go back to the layout before, or to the one N before',
    group: 'layouts',
    cli: {
      positionals: '[n]',
      options: { list: { type: 'boolean', describe: 'print the last ten layouts' }, ...json },
    },
  },
  scale: {
    summary: 'run N panes of a kind',
    group: 'layouts',
    cli: { positionals: '<pane> <n>', options: json },
  },
  import: {
    summary: 'print a layout made from another tool’s file',
    group: 'layouts',
    cli: {
      positionals: '<file>',
      options: {
        from: { type: 'string', describe: 'whose file it is: pm2, procfile, mprocs, process-compose or tmuxp' },
      },
    },
  },

  'focus-1': { summary: 'focus pane 1', group: 'focus', keys: ['1'] },
  'focus-2': { summary: 'focus pane 2', group: 'focus', keys: ['2'] },
  'focus-3': { summary: 'focus pane 3', group: 'focus', keys: ['3'] },
  'focus-4': { summary: 'focus pane 4', group: 'focus', keys: ['4'] },
  'focus-5': { summary: 'focus pane 5', group: 'focus', keys: ['5'] },
  'focus-6': { summary: 'focus pane 6', group: 'focus', keys: ['6'] },
  'focus-7': { summary: 'focus pane 7', group: 'focus', keys: ['7'] },
  'focus-8': { summary: 'focus pane 8', group: 'focus', keys: ['8'] },
  'focus-9': { summary: 'focus pane 9', group: 'focus', keys: ['9'] },
  'focus-left': { summary: 'focus the pane on the left', group: 'focus', keys: ['left', 'h'] },
  'focus-down': { summary: 'focus the pane below', group: 'focus', keys: ['down', 'j'] },
  'focus-up': { summary: 'focus the pane above', group: 'focus', keys: ['up', 'k'] },
  'focus-right': { summary: 'focus the pane on the right', group: 'focus', keys: ['right', 'l'] },
  'focus-next': { summary: 'focus the next pane', group: 'focus', keys: ['o'] },
  'focus-previous': { summary: 'focus the previous pane', group: 'focus', keys: ['O'] },
  'focus-last': { summary: 'focus the pane focused before', group: 'focus', keys: [';'] },
  zoom: { summary: 'zoom the pane, and back', group: 'view', keys: ['z'] },
  'next-arrangement': {
    summary: 'next arrangement: as the layout has it, grid, main-left, main-top, columns, rows',
    group: 'view',
    keys: ['space'],
  },
  'swap-previous': { summary: 'swap the pane with the one before', group: 'view', keys: ['{'] },
  'swap-next': { summary: 'swap the pane with the one after', group: 'view', keys: ['}'] },
  'next-page': { summary: 'next page of panes', group: 'view', keys: ['n'] },
  'previous-page': { summary: 'previous page of panes', group: 'view', keys: ['p'] },
  'resize-left': {
    summary: 'move the pane’s border left; arrows go on, esc ends',
    group: 'view',
    keys: ['ctrl+left', 'alt+left'],
  },
  'resize-down': { summary: 'move the pane’s border down', group: 'view', keys: ['ctrl+down', 'alt+down'] },
  'resize-up': { summary: 'move the pane’s border up', group: 'view', keys: ['ctrl+up', 'alt+up'] },
  'resize-right': { summary: 'move the pane’s border right', group: 'view', keys: ['ctrl+right', 'alt+right'] },
  'equal-sizes': { summary: 'rows and columns of equal size', group: 'view', keys: ['E'] },
  'add-pane': { summary: 'add a pane: asks what to run', group: 'panes', keys: ['c'] },
  'close-pane': {
    summary: 'close the pane: stops its programs, then takes it away',
    group: 'panes',
    keys: ['&'],
    confirm: 'Close',
  },
  'save-layout': { summary: 'save panes and arrangement as a layout file', group: 'layouts', keys: ['S'] },
  'copy-mode': {
    summary: 'copy mode: move and select with vi keys, search with / ? n N, v V y, q leaves',
    group: 'view',
    keys: ['['],
  },
  'copy-mode-page-up': { summary: 'copy mode, one page back', group: 'view', keys: ['page_up'] },
  broadcast: { summary: 'type into all panes, or the marked ones; again: off', group: 'talk', keys: ['b'] },
  mark: { summary: 'mark the pane for broadcasts, or unmark it', group: 'talk', keys: ['M'] },
  paste: { summary: 'paste what was copied last', group: 'talk', keys: [']'] },
  'edit-scrollback': { summary: 'open the scrollback in $EDITOR', group: 'view', keys: ['e'] },
  'search-panes': { summary: 'search the lines of all panes', group: 'view', keys: ['/'] },
  'go-to-pane': { summary: 'go to a pane by number, name, title, command or state', group: 'focus', keys: ['g'] },
  palette: { summary: 'command palette: find and run any command', group: 'view', keys: [':'] },
  info: { summary: 'all about the pane: processes, limits, last exits', group: 'panes', keys: ['i'] },
  log: { summary: 'the pane’s log: j k scroll, / filters, f follows', group: 'panes', keys: ['L'] },
  redraw: { summary: 'redraw the screen', group: 'view', keys: ['ctrl+l'] },
  help: { summary: 'this help', group: 'view', keys: ['?'] },
  detach: { summary: 'detach: panes go on', group: 'session', keys: ['d'] },
  quit: { summary: 'quit: detach, stop all, or cancel', group: 'session', keys: ['Q'] },
} as const satisfies Record<string, CommandRow>;

export type CommandName = keyof typeof commandTable;

/** Commands that a key can run, and those that `nonet NAME` runs. */
export type KeyCommandName = {
  [K in CommandName]: (typeof commandTable)[K] extends { keys: readonly string[] } ? K : never;
}[CommandName];
export type CliCommandName = {
  [K in CommandName]: (typeof commandTable)[K] extends { cli: CliSpec } ? K : never;
}[CommandName];

export const DEFAULT_PREFIX = 'ctrl+b';

/** The row of a command, with every optional field visible to the type checker. */
export function commandRow(name: CommandName): CommandRow {
  return commandTable[name];
}

export const commandNames = Object.keys(commandTable) as CommandName[];
export const keyCommandNames = commandNames.filter((name) => commandRow(name).keys !== undefined) as KeyCommandName[];
export const cliCommandNames = commandNames.filter((name) => commandRow(name).cli !== undefined) as CliCommandName[];
