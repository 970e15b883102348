import { parseDuration } from '../duration.ts';
import { createForeignOptions, type Foreign, type ForeignOptions, isForeign } from './foreign-options.ts';
import { expandingText } from './foreign-variables.ts';
import {
  durationText,
  MAX_RESTARTS,
  MAX_WINDOW_MS,
  notMapped,
  OWN_DELAYS,
  type Settings,
  type Value,
  windowFor,
} from './imported-layout.ts';
import { signalOf } from './signals.ts';

const POLICIES: Readonly<Record<string, string>> = {
  no: 'no',
  always: 'always',
  unless_stopped: 'always',
  on_failure: 'on-failure',
  exit_on_failure: 'no',
};

/** process-compose restarts without end unless it is told how often; nonet always has a limit: as many as fit into its longest window. */
export function availabilityOf(options: ForeignOptions): Value | undefined {
  const record = options.record('availability');
  if (!record) return undefined;
  const own = createForeignOptions(record, 'availability.', options.notes);
  const written = own.text('restart');
  const policy = written === undefined || written === 'false' ? undefined : POLICIES[written.replaceAll('-', '_')];
  if (written !== undefined && written !== 'false' && policy === undefined)
    own.note(notMapped('availability.restart', `unknown policy ${JSON.stringify(written)}`));
  if (written === 'exit_on_failure')
    own.note(notMapped('availability.restart', 'exit_on_failure: a pane that failed does not end the session'));
  const seconds = own.number('backoff_seconds');
  const limit = own.number('max_restarts');
  own.refuse('the session stays when a pane has ended', 'exit_on_end');
  own.refuse('the session stays when a pane has not been started', 'exit_on_skipped');
  const codes = own.any('success_exit_codes');
  own.finish();
  if (policy === undefined || policy === 'no')
    return codes === undefined ? undefined : { success_exit_codes: codesOf(codes) };
  const delayMs = seconds === undefined ? undefined : Math.max(1, seconds) * 1000;
  const isUnlimited = limit === undefined || limit <= 0;
  const delays = delayMs === undefined ? OWN_DELAYS : { firstMs: delayMs, factor: 1, maxMs: delayMs };
  const count = Math.min(
    isUnlimited ? Math.floor((0.9 * MAX_WINDOW_MS) / delays.maxMs) : Math.trunc(limit),
    MAX_RESTARTS,
  );
  if (isUnlimited)
    own.note('availability.max_restarts: process-compose has no limit unless one is said; this is as good as none');
  else own.note('availability.max_restarts: process-compose counts from the beginning, nonet within `window`');
  return {
    policy,
    success_exit_codes: codes === undefined ? undefined : codesOf(codes),
    max_restarts: count,
    window: windowFor(count, delays),
    delay: delayMs === undefined ? undefined : durationText(delayMs),
  };
}

function codesOf(value: unknown): number[] {
  const codes = [value].flat().map(Number);
  return [...new Set([0, ...codes.filter((code) => Number.isInteger(code) && code >= 0 && code <= 255)])];
}

export function shutdownOf(options: ForeignOptions): Settings | undefined {
  const record = options.record('shutdown');
  if (!record) return undefined;
  const own = createForeignOptions(record, 'shutdown.', options.notes);
  const written = own.text('signal');
  const signal = written === undefined ? undefined : signalOf(written);
  if (signal === null) own.note(notMapped('shutdown.signal', `there is no signal ${written}`));
  const seconds = own.number('timeout_seconds');
  own.refuse('nonet asks by keys or a signal; see stop.keys and stop.signal', 'command');
  if (own.flag('parent_only') === true)
    own.note(notMapped('shutdown.parent_only', 'nonet always ends the whole tree of processes'));
  own.finish();
  const isDefault = signal === 'SIGTERM' || signal === undefined || signal === null;
  if (isDefault && !seconds) return undefined;
  return { signal: isDefault ? undefined : signal, timeout: seconds ? durationText(seconds * 1000) : undefined };
}

/** What process-compose ignores unless it is told not to, besides .git, which nonet never watches. */
const IGNORED = ['node_modules', 'dist', 'build', 'target', '*.log', '*.swp', '*~'];

export function watchOf(options: ForeignOptions): Settings | undefined {
  const record = options.record('watch');
  if (!record) return undefined;
  const own = createForeignOptions(record, 'watch.', options.notes);
  const paths: Value[] = [];
  const isBare = own.flag('disable_default_excludes') === true;
  const ignore = new Set<string>(isBare ? [] : IGNORED);
  for (const item of [own.any('paths') ?? []].flat()) {
    const place: Foreign = isForeign(item) ? item : { path: item };
    const text = createForeignOptions(place, 'watch.paths.', options.notes);
    const directory = text.text('path');
    if (directory !== undefined) paths.push(expandingText(directory));
    for (const pattern of text.texts('exclude') ?? []) ignore.add(pattern);
    text.refuse('nonet watches everything that is not ignored', 'include');
    text.finish();
  }
  const debounce = own.text('debounce');
  const delay = debounce === undefined ? undefined : parseDuration(debounce);
  if (delay?.ok === false) own.note(notMapped('watch.debounce', delay.message));
  own.finish({
    cascade: 'a restart does not restart the panes that depend on it',
    max_entries: 'nonet has a limit of its own',
    buffer_size: 'Windows only',
  });
  if (paths.length === 0) return undefined;
  return {
    paths,
    ignore: ignore.size > 0 ? [...ignore] : undefined,
    delay: delay?.ok ? durationText(delay.ms) : '300ms',
  };
}

/** `log_configuration`, of a process or of all. */
export function logOf(options: ForeignOptions): Settings | undefined {
  const record = options.record('log_configuration');
  if (!record) return undefined;
  const own = createForeignOptions(record, 'log_configuration.', options.notes);
  const rotation = own.record('rotation') ?? {};
  const rotating = createForeignOptions(rotation, 'log_configuration.rotation.', options.notes);
  const megabytes = rotating.number('max_size_mb');
  const kept = rotating.number('max_backups');
  const compress = rotating.flag('compress');
  rotating.finish({
    directory: 'nonet has a directory for its logs',
    filename: 'nonet names its logs after the panes',
    max_age_days: 'logs are kept by number (log.retain), not by age',
  });
  own.finish({
    fields_order: 'logs are text',
    disable_json: 'logs are text',
    timestamp_format: 'a format of Go; see log.time_format',
    add_timestamp: 'lines always have a time; see log.time_format',
    no_color: 'logs are without colours',
    no_metadata: 'logs are text',
    flush_each_line: 'nonet writes as the lines come',
  });
  if (megabytes === undefined && kept === undefined && compress === undefined) return undefined;
  return {
    max_size: megabytes === undefined || megabytes <= 0 ? undefined : `${megabytes}M`,
    retain: kept === undefined ? undefined : Math.max(0, Math.trunc(kept)),
    compress,
  };
}
