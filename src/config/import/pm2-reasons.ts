const OWN_LOGS = 'nonet keeps the logs of each pane itself; see `nonet logs`';
const NO_CHANNEL = 'there is no IPC channel to a pane’s program';
const NO_METRICS = 'nonet does not instrument programs';
const ONE_USER = 'panes run as the user who started nonet';

/**
 * PM2's options that have no counterpart, and why. The names are those of its table of options (lib/API/schema.json) and of its
 * documentation (pm2.keymetrics.io/docs/usage/application-declaration).
 */
export const pm2Reasons: Readonly<Record<string, string>> = {
  name_prefix: 'the name of a pane is its own',
  install_url: 'PM2’s modules only',
  namespace: 'panes have no namespaces; `nonet restart "web-*"` means several by their names',
  ...Object.fromEntries(['out_file', 'out', 'output', 'out_log'].map((name) => [name, OWN_LOGS])),
  ...Object.fromEntries(['error_file', 'error', 'err', 'err_file', 'err_log'].map((name) => [name, OWN_LOGS])),
  log_file: OWN_LOGS,
  log: OWN_LOGS,
  log_type: 'logs are text',
  merge_logs: 'each pane has one log, with what it wrote to stdout and stderr',
  combine_logs: 'each pane has one log, with what it wrote to stdout and stderr',
  pid_file: '`nonet list --json` tells the pid',
  pid: '`nonet list --json` tells the pid',
  wait_ready: `${NO_CHANNEL}; say by what else it is ready, as with ready: {log_line: listening}`,
  listen_timeout: 'a limit for wait_ready and clusters; in nonet it is ready.timeout',
  shutdown_with_message: `${NO_CHANNEL}; the pane gets stop.signal`,
  vizion: 'nonet does not read the version control of a program',
  version_metadata: 'nonet does not read the version control of a program',
  post_update: 'nonet does not pull new versions',
  force: 'two panes may run the same program anyway',
  append_env_to_name: 'a pane keeps its name with every profile',
  appendEnvToName: 'a pane keeps its name with every profile',
  trace: NO_METRICS,
  disable_trace: NO_METRICS,
  v8: NO_METRICS,
  event_loop_inspector: NO_METRICS,
  deep_monitoring: NO_METRICS,
  pmx: NO_METRICS,
  automation: NO_METRICS,
  io: NO_METRICS,
  increment_var:
    'the instances of a pane have one environment; count from NONET_INSTANCE (0, 1, …), or write a pane for each',
  instance_var: 'an instance finds its number in NONET_INSTANCE',
  username: ONE_USER,
  uid: ONE_USER,
  user: ONE_USER,
  gid: ONE_USER,
  windowsHide: 'Windows only',
  kill_retry_time: 'nonet waits for processes to end and does not ask in intervals',
  write: 'an option of PM2’s command line',
  execute_command: 'an option of PM2’s command line',
  disable_source_map_support: 'nonet does not touch source maps',
  watch_options: 'options of chokidar, with which nonet does not watch',
};
