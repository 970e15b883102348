/**
 * What other tools, or another place in a layout, call a setting of a pane, and how it is written here. For those who write a layout by
 * hand; whole files are what import/ is for.
 */
export const namesElsewhere: ReadonlyMap<string, string> = new Map([
  // Within `restart` or `stop`.
  ...['max_restarts', 'window', 'min_uptime', 'success_exit_codes', 'backoff'].map(
    (name) => [name, `restart: {${name}: …}`] as const,
  ),
  // PM2: https://pm2.keymetrics.io/docs/usage/application-declaration/
  ['script', 'command'],
  ['args', 'part of command'],
  ['autorestart', 'restart: no, on-failure or always'],
  ['exp_backoff_restart_delay', 'restart: {backoff: {initial: 100ms}}'],
  ['kill_timeout', 'stop: {timeout: 10s}'],
  ['ignore_watch', 'watch: {ignore: […]}'],
  ['watch_delay', 'watch: {delay: 500ms}'],
  ['cron', 'cron_restart'],
  ['exec_mode', 'instances alone: every instance is a program of its own'],
  ['instance_var', 'NONET_INSTANCE, in the environment of every instance'],
  ['merge_logs', '`nonet logs` of several panes, merged by time'],
  // process-compose: https://f1bonacc1.github.io/process-compose/
  ['environment', 'env'],
  ['working_dir', 'cwd'],
  ['availability', 'restart'],
  ['disabled', 'autostart: false'],
  ['replicas', 'instances'],
  ['readiness_probe', 'ready'],
  ['liveness_probe', 'health'],
  ['healthcheck', 'health'],
  ['shutdown', 'stop'],
]);
