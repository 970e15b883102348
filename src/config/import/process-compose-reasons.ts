// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is the layout's own syntax
const OWN_LOGS = 'nonet keeps the logs of each pane itself; see `nonet logs`';
const NO_TUI = 'about process-compose’s own screen';

/** Options of the project that have no counterpart, and why. */
export const projectReasons: Readonly<Record<string, string>> = {
  log_location: OWN_LOGS,
  log_level: 'the level of process-compose’s own log',
  log_format: OWN_LOGS,
  is_strict: 'nonet is always strict with a layout’s keys',
  vars: 'nonet has no templates; variables of the environment do for most: ${NAME:-default}',
  disable_env_expansion: 'nonet expands only ${NAME}, and only where it stands in the layout',
  is_tui_disabled: 'start without a screen: nonet up -d',
  extends: 'import the other file as well, or merge both before',
  env_cmds: 'nonet runs no commands for values; export them before `nonet up`',
  ordered_shutdown: 'nonet stops the panes that depend on others first',
  mcp_server: 'nonet import does not set up a server',
  theme: NO_TUI,
  processes_table: NO_TUI,
};

/** Options of a process that have no counterpart, and why. */
export const processReasons: Readonly<Record<string, string>> = {
  log_location: OWN_LOGS,
  namespace: 'panes have no namespaces; `nonet restart "web-*"` means several by their names',
  is_daemon: 'run it in the foreground, so that nonet sees when it ends',
  launch_timeout_seconds: 'for daemons only',
  is_elevated: 'panes run as the user who started nonet; write sudo into the command',
  is_interactive: 'every pane can be typed into',
  interactive: 'every pane can be typed into',
  disable_ansi_colors: 'nonet draws colours, its logs are without them; or env: {NO_COLOR: "1"}',
  vars: 'nonet has no templates; variables of the environment do for most: ${NAME:-default}',
  is_dotenv_disabled: 'env_file of the defaults is for every pane',
  schedule: 'cron_restart restarts what runs; run a job at its times with cron, or in a loop that sleeps',
  is_disabled: 'see autostart',
  mcp: 'nonet import does not set up a server',
};
