import { z } from 'zod';
import { parseCron } from '../core/cron.ts';
import { MAX_PANES } from './layout-limits.ts';
import { command, duration, filledText, pm2Duration, size, text } from './schema-scalars.ts';

/** The keys of a pane that say how it is supervised beyond `restart` and `stop`. */

const pattern = text
  .min(1, 'must not be empty')
  .superRefine((value, context) => {
    try {
      new RegExp(value, 'u');
    } catch (error) {
      const reason = error instanceof Error ? error.message.replace(/^Invalid regular expression: /, '') : '';
      context.addIssue({ code: 'custom', message: `not a regular expression: ${reason}` });
    }
  })
  .meta({ id: 'pattern', description: 'A JavaScript regular expression.' });

const url = text
  .refine(
    (value) => /^https?:\/\//i.test(value) && URL.canParse(value),
    'must be a URL like http://localhost:3000/health',
  )
  .describe('A GET of this URL is answered with 200 to 399.');

const address = z
  .union([z.int().min(1).max(65_535), text])
  .transform((value, context) => {
    const parsed = parseAddress(String(value));
    if (parsed) return parsed;
    context.addIssue({ code: 'custom', message: 'must be PORT or HOST:PORT, like 5432 or db.local:5432' });
    return z.NEVER;
  })
  .describe('A connection to PORT or HOST:PORT is accepted.');

function parseAddress(value: string): { host: string; port: number } | null {
  const match = /^(?:(?:([^\s:/[\]]*)|\[([0-9a-fA-F:.]+)\]):)?(\d{1,5})$/.exec(value);
  const port = Number(match?.[3]);
  return match && port >= 1 && port <= 65_535 ? { host: match[1] || match[2] || 'localhost', port } : null;
}

/** What a look at a program can be; `ready` and `health` take exactly one. */
const probes = {
  log_line: pattern.optional().describe('A line that the program has printed since its start matches.'),
  exec: command.optional().describe('This command exits with 0.'),
  http: url.optional(),
  tcp: address.optional(),
  screen: pattern.optional().describe('What the pane shows matches.'),
};

const ready = z
  .strictObject({
    ...probes,
    idle_screen: duration.optional().describe('Nothing was drawn for this long, after something was.'),
    timeout: duration.optional().describe('A start that takes longer has failed. Default 30s.'),
  })
  .nullable()
  .meta({
    id: 'ready',
    description: 'When the pane counts as ready: one of log_line, exec, http, tcp, screen, idle_screen.',
  });

const watchedPath = filledText;
const watch = z
  .union([
    z.boolean(),
    watchedPath,
    z.array(watchedPath).min(1),
    z.strictObject({
      paths: z
        .union([watchedPath, z.array(watchedPath).min(1)])
        .optional()
        .describe('Default: the directory of the pane.'),
      ignore: z
        .union([filledText, z.array(filledText)])
        .optional()
        .describe('Globs, in place of .git, node_modules, dist and *.log.'),
      delay: duration.optional().describe('After the last change. Default 500ms.'),
    }),
  ])
  .nullable()
  .meta({
    id: 'watch',
    description: 'Restart when files change: true (the directory of the pane), paths relative to it, or the long form.',
  });

const healthAction = z.enum(['notify', 'restart']).optional();
const health = z
  .strictObject({
    ...probes,
    interval: duration.optional().describe('Default 10s.'),
    timeout: duration.optional().describe('For one look. Default 1s.'),
    failures: z.int().min(1).max(1000).optional().describe('So many in a row: unhealthy. Default 3.'),
    successes: z.int().min(1).max(1000).optional().describe('So many in a row: healthy again. Default 1.'),
    start_period: duration.optional().describe('After a start, failures do not count for this long. Default 0s.'),
    action: healthAction.describe('What follows when it is unhealthy. Default notify.'),
  })
  .nullable()
  .meta({
    id: 'health',
    description: 'Looks at the running program again and again: one of log_line, exec, http, tcp, screen.',
  });

const hang = z
  .union([
    duration,
    z.strictObject({
      after: duration.optional().describe('Without output and input for this long.'),
      action: healthAction.describe('What follows. Default notify.'),
    }),
  ])
  .transform((value): { after?: number; action?: 'notify' | 'restart' } =>
    typeof value === 'number' ? { after: value } : value,
  )
  .nullable()
  .meta({ id: 'hang', description: 'No output and no input for this long while running is a hang.' });

const memory = z
  .strictObject({
    warn: size.optional().describe('Above this the pane is marked.'),
    max: size.optional().describe('Above this the action follows.'),
    sustain: duration.optional().describe('… when it lasts for this long. Default 30s.'),
    action: z.enum(['notify', 'restart', 'restart_when_quiet']).optional().describe('Default notify.'),
  })
  .nullable()
  .meta({ id: 'memory', description: 'Memory of the whole tree of processes.' });

const limits = z
  .strictObject({
    nice: z.int().min(-20).max(19).nullable().optional().describe('-20 (first) to 19 (last).'),
    max_processes: z.int().min(1).max(4_000_000).nullable().optional(),
    cpu_percent: z.number().min(1).max(1_000_000).nullable().optional().describe('100 is one core.'),
    memory_max: size.nullable().optional().describe('What the kernel lets the pane have.'),
  })
  .meta({ id: 'limits', description: 'What the system enforces.' });

const log = z
  .union([
    z.boolean(),
    z.strictObject({
      enabled: z.boolean().optional().describe('Default true.'),
      raw: z.boolean().optional().describe('Keep the bytes as they came beside the readable text. Default true.'),
      max_size: size.optional().describe('A file is rotated at this size. Default 10MB.'),
      interval: duration
        .nullable()
        .optional()
        .describe('A file older than this is rotated, too. Default null: by size only.'),
      retain: z.int().min(0).max(10_000).optional().describe('Rotated files that are kept. Default 5.'),
      compress: z.boolean().optional().describe('gzip rotated files. Default true.'),
      time_format: text.max(100).optional().describe('Before every line, as in strftime; empty for none.'),
    }),
  ])
  .transform((value) => (typeof value === 'boolean' ? { enabled: value } : value))
  .meta({ id: 'log', description: 'What is kept of what the pane prints; false for nothing.' });

const condition = z.enum(['started', 'ready', 'exited_ok']).meta({ id: 'condition' });
const dependsOn = z
  .union([
    filledText,
    z.array(z.union([filledText, z.strictObject({ pane: filledText, condition: condition.optional() })])),
    z.record(text, z.union([condition, z.strictObject({ condition: condition.optional() }), z.null()])),
  ])
  .meta({
    id: 'depends_on',
    description:
      'Panes that come first: names, {pane, condition}, or name: condition. started | ready | exited_ok; default ready for a pane that has `ready`, else started.',
  });

const cron = text
  .superRefine((value, context) => {
    const parsed = parseCron(value);
    if (!parsed.ok) context.addIssue({ code: 'custom', message: parsed.message });
  })
  .nullable()
  .describe('Restart at these times: minute hour day month weekday, or @daily, @hourly …; local time.');

const onFatal = z.union([z.enum(['notify', 'stop_dependents']), z.strictObject({ run: command })]).meta({
  id: 'on_fatal',
  description: 'When the pane gives up: notify (default), stop_dependents, or {run: COMMAND}.',
});

export const supervisionKeys = {
  ready: ready.optional(),
  wait_ready: z
    .boolean()
    .optional()
    .describe("PM2's name: needs `ready`, which says what to wait for; false: do not wait."),
  listen_timeout: pm2Duration.optional().describe("PM2's name for ready.timeout; a number is of ms."),
  depends_on: dependsOn.optional(),
  cron_restart: cron.optional(),
  watch: watch.optional(),
  on_fatal: onFatal.optional(),
  health: health.optional(),
  hang: hang.optional(),
  memory: memory.optional(),
  max_memory_restart: size.optional().describe("PM2's name for memory: {max: SIZE, action: restart}."),
  limits: limits.optional(),
  log: log.optional(),
  restart_delay: pm2Duration.optional().describe("PM2's name for restart.delay; a number is of ms."),
  stop_exit_codes: z
    .union([z.int().min(0).max(255), z.array(z.int().min(0).max(255))])
    .transform((value) => (typeof value === 'number' ? [value] : value))
    .optional()
    .describe("PM2's name for restart.stop_exit_codes."),
  resurrect: z
    .enum(['ask', 'auto'])
    .optional()
    .describe('When the session is brought back: wait for a person (ask, default) or run again (auto).'),
  instances: z
    .int()
    .min(1)
    .max(MAX_PANES)
    .optional()
    .describe('So many panes of this kind: NAME-1, NAME-2 …, told apart by NONET_INSTANCE=0, 1 ….'),
};
