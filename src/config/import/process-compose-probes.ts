import { createForeignOptions, type Foreign, type ForeignOptions } from './foreign-options.ts';
import { expandingText } from './foreign-variables.ts';
import { durationText, isExpandable, notMapped, type Settings, type Value } from './imported-layout.ts';
import { quoteWord } from './shell-program.ts';

/** process-compose's, which are those of Kubernetes (src/health of its source). */
const DEFAULTS = { initialDelay: 0, period: 10, timeout: 1, successes: 1, failures: 3 };

type Probe = {
  look: Settings;
  initialDelay: number;
  period: number;
  timeout: number;
  successes: number;
  failures: number;
};

/** `readiness_probe` or `ready_log_line`: what others wait for. */
export function readyOf(options: ForeignOptions): Settings | undefined {
  const line = options.text('ready_log_line');
  const record = options.record('readiness_probe');
  const probe = record && probeOf(record, 'readiness_probe.', options);
  if (!probe) return line === undefined ? undefined : { log_line: line.replace(/[\\^$.|+*?()[\]{}/]/g, '\\$&') };
  if (line !== undefined) options.note(notMapped('ready_log_line', 'readiness_probe has precedence'));
  if (probe.successes > 1)
    options.note(notMapped('readiness_probe.success_threshold', 'ready is at the first success'));
  options.note('readiness_probe: nonet looks until the pane is ready, and not after that; `health` goes on looking');
  const timeout = probe.initialDelay + probe.period * probe.failures + probe.timeout;
  return { ...probe.look, timeout: durationText(timeout * 1000) };
}

/** `liveness_probe`: what restarts the process. */
export function healthOf(options: ForeignOptions): Settings | undefined {
  const record = options.record('liveness_probe');
  const probe = record && probeOf(record, 'liveness_probe.', options);
  if (!probe) return undefined;
  if (probe.timeout > probe.period)
    options.note('liveness_probe.period_seconds: in nonet a look does not outlast the time to the next one');
  return {
    ...probe.look,
    // A look must not outlast the time to the next one.
    interval: durationText(Math.max(probe.period, probe.timeout) * 1000),
    timeout: durationText(probe.timeout * 1000),
    failures: probe.failures,
    successes: probe.successes > 1 ? probe.successes : undefined,
    start_period: probe.initialDelay > 0 ? durationText(probe.initialDelay * 1000) : undefined,
    action: 'restart',
  };
}

function probeOf(record: Foreign, prefix: string, { notes }: ForeignOptions): Probe | undefined {
  const options = createForeignOptions(record, prefix, notes);
  const atLeast = (name: string, least: number, fallback: number): number => {
    const value = options.number(name);
    return value === undefined || value < least ? fallback : value;
  };
  const exec = options.record('exec');
  const http = options.record('http_get');
  const tcp = options.record('tcp_socket', 'tcp');
  const look = exec
    ? execOf(exec, prefix, notes)
    : http
      ? httpOf(http, prefix, notes)
      : tcp
        ? tcpOf(tcp, prefix, notes)
        : undefined;
  const probe = {
    initialDelay: atLeast('initial_delay_seconds', 0, DEFAULTS.initialDelay),
    period: atLeast('period_seconds', 1, DEFAULTS.period),
    timeout: atLeast('timeout_seconds', 1, DEFAULTS.timeout),
    successes: Math.trunc(atLeast('success_threshold', 1, DEFAULTS.successes)),
    failures: Math.trunc(atLeast('failure_threshold', 1, DEFAULTS.failures)),
  };
  options.finish();
  if (look) return { look, ...probe };
  notes.push(
    notMapped(prefix.slice(0, -1), 'it has neither exec with a command, nor http_get, nor tcp_socket with a port'),
  );
  return undefined;
}

function execOf(record: Foreign, prefix: string, notes: string[]): Settings | undefined {
  const options = createForeignOptions(record, `${prefix}exec.`, notes);
  const command = options.text('command');
  const directory = options.text('working_dir');
  options.finish();
  if (command === undefined) return undefined;
  const line = command.trimEnd().replace(/\$\$/g, '$');
  return { exec: ['/bin/sh', '-c', directory === undefined ? line : `cd ${quoteWord(directory)} && ${line}`] };
}

function httpOf(record: Foreign, prefix: string, notes: string[]): Settings | undefined {
  const options = createForeignOptions(record, `${prefix}http_get.`, notes);
  const scheme = options.text('scheme')?.toLowerCase() ?? 'http';
  const host = options.text('host') ?? '127.0.0.1';
  const port = options.text('port', 'num_port');
  const path = options.text('path') ?? '/';
  options.finish({
    headers: 'nonet’s probes send none',
    status_code: 'nonet takes 200 to 399 for an answer; check for another with exec: curl …',
  });
  const url = `${scheme}://${host}${port === undefined ? '' : `:${port}`}${path.startsWith('/') ? path : `/${path}`}`;
  return { http: expandingText(url) };
}

function tcpOf(record: Foreign, prefix: string, notes: string[]): Settings | undefined {
  const options = createForeignOptions(record, `${prefix}tcp_socket.`, notes);
  const host = options.text('host') ?? '127.0.0.1';
  const port = options.text('port');
  options.finish();
  if (port === undefined) return undefined;
  const address: Value = expandingText(`${host}:${port}`);
  return { tcp: isExpandable(address) ? address : String(address) };
}
