/**
 * What other tools, or another place in a layout, call a setting, and how it is written here. For those who write a layout by hand; whole
 * files are what import/ is for. The names are those of
 *
 * - PM2: https://pm2.keymetrics.io/docs/usage/application-declaration/
 * - process-compose: https://f1bonacc1.github.io/process-compose/
 * - Docker Compose: https://docs.docker.com/reference/compose-file/services/
 * - supervisord: http://supervisord.org/configuration.html
 * - mprocs, tmuxinator and tmuxp, and what comes to mind first
 */
type Names = { [here: string]: string };

/** By a key that only this place has. */
const namesByMark: { [mark: string]: Names } = {
  profiles: {
    panes: 'pane processes procs apps services programs windows agents tasks commands',
    'panes: [{command: …}]': 'command cmd',
    'panes: [{shell: …}]': 'shell',
    name: 'session session_name project title label id',
    grid: 'layout shape size rows columns cols',
    keys: 'bindings key_bindings keybindings shortcuts keymap',
    'keys: {prefix: …}': 'prefix leader',
    env: 'environment environ envs env_vars vars variables',
    profiles: 'environments',
  },
  cron_restart: {
    command: 'cmd commands exec executable program prog binary script run start entrypoint process',
    'part of command': 'args arguments argv params node_args interpreter interpreter_args',
    shell: 'shell_command shell_commands',
    name: 'title label id pane_name process_name container_name',
    cwd: 'dir directory workdir work_dir working_dir working_directory start_directory folder path root chdir wd',
    env: 'environment environ envs env_vars vars variables',
    env_file: 'envfile env_files dotenv environment_file',
    autostart: 'enabled auto_start',
    'autostart: false': 'disabled',
    restart: 'availability',
    'restart: no, on-failure or always': 'autorestart auto_restart restart_policy respawn',
    'restart: {policy: …}': 'policy',
    'restart: {max_restarts: …}': 'max_restarts retries max_retries startretries',
    'restart: {window: …}': 'window',
    'restart: {min_uptime: …}': 'min_uptime startsecs',
    'restart: {success_exit_codes: …}': 'success_exit_codes exit_codes exitcodes',
    'restart: {delay: …}': 'delay',
    'restart: {backoff: …}': 'backoff',
    'restart: {backoff: {initial: 100ms}}': 'exp_backoff_restart_delay',
    stop: 'shutdown',
    'stop: {signal: …}': 'signal stop_signal stopsignal kill_signal',
    'stop: {timeout: 10s}': 'kill_timeout stop_timeout stop_grace_period stopwaitsecs grace_period',
    scrollback: 'history history_limit scrollback_lines',
    cron_restart: 'cron schedule',
    depends_on: 'depends dependencies after needs requires',
    ready: 'readiness readiness_probe',
    'ready: {log_line: …}': 'ready_log_line log_line wait_for_log',
    health: 'health_check healthcheck liveness liveness_probe',
    hang: 'idle_timeout hang_timeout',
    'watch: {ignore: […]}': 'ignore_watch watch_ignore',
    'watch: {delay: 500ms}': 'watch_delay',
    'watch: {paths: […]}': 'watch_paths watch_files',
    'memory: {max: 500M}': 'max_memory',
    'limits: {memory_max: 500M}': 'memory_max memory_limit mem_limit',
    'limits: {nice: …}': 'nice priority',
    'limits: {cpu_percent: …}': 'cpu_percent cpu cpus cpu_limit',
    'limits: {max_processes: …}': 'max_processes pids_limit',
    log: 'logs logging log_file logfile log_location out_file error_file output stdout_logfile stderr_logfile',
    'log: {time_format: …}': 'log_date_format time_format',
    instances: 'replicas scale numprocs count',
    'instances alone: every instance is a program of its own': 'exec_mode',
    'NONET_INSTANCE, in the environment of every instance': 'instance_var increment_var',
    '`nonet logs` of several panes, merged by time': 'merge_logs combine_logs',
  },
  max_restarts: {
    policy: 'restart mode when on type condition',
    max_restarts: 'retries max_retries attempts max_attempts startretries times',
    success_exit_codes: 'exit_codes exitcodes success_codes',
    min_uptime: 'uptime startsecs',
    delay: 'restart_delay wait sleep backoff_seconds',
    'backoff: {initial: …}': 'initial initial_delay',
    'backoff: {factor: …}': 'factor multiplier',
    'backoff: {jitter: …}': 'jitter',
    'backoff: {reset_after: …}': 'reset_after',
    'backoff: {max: …}': 'max max_delay',
  },
  factor: {
    initial: 'min base start delay initial_delay',
    factor: 'multiplier exponent base_factor',
    max: 'cap limit max_delay maximum',
  },
  signal: {
    signal: 'sig kill_signal stop_signal stopsignal',
    timeout: 'grace grace_period kill_timeout kill_after wait stop_grace_period timeout_seconds stopwaitsecs',
    keys: 'send_keys input type',
  },
  log_line: {
    log_line: 'log line pattern regex match output stdout ready_log_line',
    exec: 'command cmd test run script shell',
    http: 'url uri http_get get',
    tcp: 'port address host socket tcp_socket',
    interval: 'period period_seconds every',
    timeout: 'timeout_seconds',
    failures: 'retries failure_threshold',
    successes: 'success_threshold',
    start_period: 'initial_delay initial_delay_seconds grace_period',
    action: 'on_failure on_fail',
    idle_screen: 'idle quiet',
  },
  ignore: { paths: 'files dirs directories include', ignore: 'exclude excludes', delay: 'debounce' },
  sustain: { max: 'limit maximum', warn: 'warning', sustain: 'for duration' },
  retain: { retain: 'max_files files keep backups rotate', max_size: 'size', time_format: 'format date_format' },
  after: { after: 'timeout idle for' },
  // Of a profile.
  panes: { env: 'environment environ envs env_vars vars variables' },
  prefix: { prefix: 'leader' },
  cpu_percent: {
    memory_max: 'memory mem max_memory mem_limit',
    cpu_percent: 'cpu cpus',
    max_processes: 'pids processes',
  },
};

const placesByMark: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map(
  Object.entries(namesByMark).map(([mark, names]) => [
    mark,
    new Map(Object.entries(names).flatMap(([here, all]) => all.split(' ').map((name) => [name, here] as const))),
  ]),
);

/** How the setting is written here; `known`: the keys of this place, `below`: those of `defaults`. Undefined where nobody knows better. */
export function nameHere(key: string, known: readonly string[], below: readonly string[]): string | undefined {
  const name = snakeCase(key);
  if (known.includes(name)) return undefined;
  const mark = [...placesByMark.keys()].find((candidate) => known.includes(candidate));
  if (mark === undefined) return undefined;
  const here = find(name, mark, known);
  if (here !== undefined || mark !== 'profiles') return here;
  const setting = below.includes(name) ? name : find(name, 'cron_restart', below);
  return setting !== undefined && isKey(setting) ? `defaults: {${setting}: …}` : undefined;
}

function find(name: string, mark: string, known: readonly string[]): string | undefined {
  const here = placesByMark.get(mark)?.get(name);
  return here !== undefined && isKey(here) && !known.includes(here) ? undefined : here;
}

/** Not a sentence, nor more than one key. */
function isKey(here: string): boolean {
  return /^[a-z_]+$/.test(here);
}

/** `dependsOn` and `depends-on` as `depends_on`. */
function snakeCase(key: string): string {
  return key
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/-/g, '_')
    .toLowerCase();
}
