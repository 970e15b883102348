import { type Foreign, type ForeignOptions, isForeign } from './foreign-options.ts';
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

/** Groups of PM2's options as the settings of a pane; undefined when the app says nothing of it. */
export function pm2Restart(options: ForeignOptions): Value | undefined {
  const again = options.flag('autorestart');
  const maxRestarts = options.number('max_restarts');
  const minUptime = timeOf(options, 'min_uptime');
  const codes = options.any('stop_exit_codes');
  const delay = options.number('restart_delay');
  const growing = options.number('exp_backoff_restart_delay');
  const stopCodes = codes === undefined ? [] : [codes].flat().map(Number);
  const isCode = (code: number): boolean => Number.isInteger(code) && code >= 0 && code <= 255;
  if (!stopCodes.every(isCode)) options.note(notMapped('stop_exit_codes', 'numbers from 0 to 255 were expected'));

  // PM2 lets a delay grow by half each time, to 15 seconds, and begins again after 30 seconds of quiet (lib/God/Methods.js, lib/Worker.js).
  const backoff: Settings | undefined = growing
    ? { initial: durationText(Math.min(growing, 15_000)), factor: 1.5, max: '15s', reset_after: '30s' }
    : undefined;
  const delays = growing
    ? { firstMs: growing, factor: 1.5, maxMs: 15_000 }
    : delay
      ? { firstMs: delay, factor: 1, maxMs: delay }
      : OWN_DELAYS;
  if (maxRestarts !== undefined && maxRestarts > 0)
    options.note(
      'max_restarts: PM2 counts only restarts of a program that ended before min_uptime; nonet counts all within `window`',
    );
  const settings: Settings = {
    policy: again === false ? 'no' : undefined,
    max_restarts: maxRestarts === undefined ? undefined : Math.min(Math.max(0, Math.trunc(maxRestarts)), MAX_RESTARTS),
    window: windowFor(maxRestarts ?? 0, { ...delays, uptimeMs: minUptime }),
    min_uptime: minUptime === undefined ? undefined : durationText(Math.min(minUptime, MAX_WINDOW_MS)),
    stop_exit_codes: stopCodes.length > 0 && stopCodes.every(isCode) ? stopCodes : undefined,
    delay: delay && !growing ? durationText(delay) : undefined,
    backoff,
  };
  if (delay && growing) options.note(notMapped('restart_delay', 'exp_backoff_restart_delay has precedence'));
  const said = Object.values(settings).filter((value) => value !== undefined);
  if (said.length === 0) return undefined;
  return said.length === 1 && again === false ? 'no' : settings;
}

export function pm2Stop(options: ForeignOptions): Settings | undefined {
  const grace = timeOf(options, 'kill_timeout');
  const written = options.text('kill_signal');
  const signal = written === undefined ? undefined : (signalOf(written) ?? undefined);
  if (written !== undefined && signal === undefined)
    options.note(notMapped('kill_signal', `there is no signal ${written}`));
  if (options.flag('treekill') === false)
    options.note(notMapped('treekill', 'nonet always ends the whole tree of processes'));
  return grace === undefined && signal === undefined
    ? undefined
    : { signal, timeout: grace === undefined ? undefined : durationText(grace) };
}

/** What PM2 ignores when nothing is said: hidden files and node_modules. */
const IGNORED = ['.*', 'node_modules'];

export function pm2Watch(options: ForeignOptions): Settings | undefined {
  const written = options.any('watch');
  const ignored = options.texts('ignore_watch');
  const delay = timeOf(options, 'watch_delay');
  if (written === undefined || written === false || written === 'false') return undefined;
  const isAll = written === true || written === 'true';
  const paths = isAll
    ? ['.']
    : [written]
        .flat()
        .map(String)
        .filter((item) => item.trim() !== '');
  const plain = paths.filter((item) => !/[*?{[!]/.test(item));
  if (plain.length < paths.length)
    options.note(
      notMapped('watch', `the patterns among its paths: ${paths.filter((item) => !plain.includes(item)).join(', ')}`),
    );
  if (plain.length === 0) return undefined;
  if (ignored?.some((item) => /[\\^$|+()]/.test(item)))
    options.note('ignore_watch: nonet takes globs like those of .gitignore, no regular expressions');
  return { paths: plain, ignore: ignored ?? IGNORED, delay: delay === undefined ? undefined : durationText(delay) };
}

export function pm2Memory(options: ForeignOptions): Settings | undefined {
  const written = options.text('max_memory_restart')?.trim();
  if (written === undefined) return undefined;
  const [, digits, unit] = /^(\d+)\s*([KMG]?)B?$/i.exec(written) ?? [];
  if (digits === undefined) {
    options.note(notMapped('max_memory_restart', `"${written}" is not a number with K, M or G`));
    return undefined;
  }
  if (Number(digits) === 0) return undefined;
  return { max: unit ? `${digits}${unit.toUpperCase()}` : Number(digits), action: 'restart' };
}

export function pm2Log(options: ForeignOptions): Settings | undefined {
  const isOff = options.flag('disable_logs');
  const format = options.text('log_date_format');
  const isTimed = options.flag('time');
  const settings: Settings = {
    enabled: isOff === true ? false : undefined,
    time_format: isTimed === true ? '%Y-%m-%dT%H:%M:%S' : format ? timeFormatOf(format) : undefined,
  };
  return settings['enabled'] === undefined && settings['time_format'] === undefined ? undefined : settings;
}

/** Tokens of day.js as conversions of strftime (day.js.org/docs/en/display/format). */
const DATE_TOKENS: Readonly<Record<string, string>> = {
  ...{ YYYY: '%Y', YY: '%y', MMMM: '%B', MMM: '%b', MM: '%m', M: '%m', DD: '%d', D: '%e', dddd: '%A', ddd: '%a' },
  ...{ HH: '%H', H: '%k', hh: '%I', h: '%l', mm: '%M', m: '%M', ss: '%S', s: '%S', SSS: '%L', A: '%p', a: '%p' },
  ...{ ZZ: '%z', Z: '%z', X: '%s' },
};

export function timeFormatOf(format: string): string {
  return format.replace(
    /\[([^\]]*)\]|YYYY|YY|M{1,4}|D{1,2}|d{3,4}|H{1,2}|h{1,2}|m{1,2}|s{1,2}|SSS|A|a|ZZ?|X|%/g,
    (token, text) => {
      if (token === '%') return '%%';
      return text === undefined ? (DATE_TOKENS[token] ?? token) : String(text).replaceAll('%', '%%');
    },
  );
}

/** `env`, `port` and `filter_env`; each `env_NAME` becomes the profile NAME. */
export function pm2Environment(
  app: Foreign,
  options: ForeignOptions,
): { env: Settings | undefined; profiles: Record<string, Settings> } {
  const env: Settings = {};
  const filter = options.any('filter_env');
  if (typeof filter === 'string' && /^[^=\0]+$/.test(filter)) env[filter] = null;
  else if (filter !== undefined && filter !== false)
    options.note(notMapped('filter_env', 'variables are taken away one by one: env: {NAME: null}'));
  Object.assign(env, variablesOf(options.record('env')));
  const port = options.number('port');
  if (port !== undefined) env['PORT'] = String(port);
  const profiles: Record<string, Settings> = {};
  for (const name of Object.keys(app)) {
    const profile = /^env_(\S+)$/.exec(name)?.[1];
    if (profile === undefined) continue;
    const variables = options.record(name);
    if (variables) profiles[profile] = variablesOf(variables);
  }
  return { env: Object.keys(env).length > 0 ? env : undefined, profiles };
}

function variablesOf(record: Foreign | undefined): Settings {
  const variables: Settings = {};
  for (const [name, value] of Object.entries(record ?? {})) {
    if (name === '' || name.includes('=')) continue;
    // PM2 hands on objects as JSON.
    variables[name] =
      value === undefined || value === null
        ? ''
        : isForeign(value) || Array.isArray(value)
          ? JSON.stringify(value)
          : String(value);
  }
  return variables;
}

/** PM2's times: a number of ms, or a text with h, m or s. */
function timeOf(options: ForeignOptions, name: string): number | undefined {
  const written = options.text(name)?.trim();
  if (written === undefined) return undefined;
  const [, digits, unit] = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h)?$/.exec(written) ?? [];
  if (digits === undefined) {
    options.note(notMapped(name, `"${written}" is not a time`));
    return undefined;
  }
  return Number(digits) * { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[unit ?? 'ms']!;
}
