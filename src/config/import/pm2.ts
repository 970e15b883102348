import path from 'node:path';
import { parseCron } from '../../core/cron.ts';
import { MAX_PANES } from '../layout-limits.ts';
import type { Path } from '../problem.ts';
import {
  createForeignOptions,
  type Foreign,
  type ForeignOptions,
  type ForeignSource,
  isForeign,
} from './foreign-options.ts';
import { createImportedLayout, type ImportedLayout, notMapped, type Settings } from './imported-layout.ts';
import { createPaneNames, type PaneNames } from './pane-names.ts';
import { pm2Program } from './pm2-program.ts';
import { pm2Reasons } from './pm2-reasons.ts';
import { pm2Environment, pm2Log, pm2Memory, pm2Restart, pm2Stop, pm2Watch } from './pm2-settings.ts';

/** PM2's ecosystem file (pm2.keymetrics.io/docs/usage/application-declaration), by the meaning that PM2 7 gives to its options. */
export function importPm2(source: ForeignSource): ImportedLayout {
  const layout = createImportedLayout();
  const { apps, rest } = appsOf(source);
  for (const name of Object.keys(rest)) {
    const why = name === 'deploy' ? 'nonet does not copy programs to other machines' : 'nonet import does not know it';
    layout.notes.push(notMapped(name, why));
  }
  layout.head['defaults'] = {
    restart: { policy: 'always', min_uptime: '1s' },
    stop: { signal: 'SIGINT', timeout: '1600ms' },
  };
  layout.headNotes['defaults'] = [
    'as PM2 does it when nothing is said; the delays between restarts are those of nonet',
  ];
  const names = createPaneNames();
  for (const { app, at } of apps) importApp(app, { at, source, layout, names });
  if (Object.keys(layout.profiles).length > 0) layout.headNotes['profiles'] = ['nonet up FILE --env NAME'];
  return layout;
}

/** `apps` as a list or a single app, or the list or the app itself. */
function appsOf({ value, fail }: ForeignSource): { apps: { app: Foreign; at: Path }[]; rest: Foreign } {
  const root = isForeign(value) && isForeign(value['pm2']) ? value['pm2'] : value;
  const wrapped = isForeign(root) && root['apps'] !== undefined;
  const list = wrapped ? root['apps'] : root;
  const base: Path = wrapped ? ['apps'] : [];
  const rest = wrapped ? Object.fromEntries(Object.entries(root).filter(([name]) => name !== 'apps')) : {};
  const isApp = isForeign(list) && ['script', 'exec', 'cmd', 'command'].some((name) => list[name] !== undefined);
  if (!Array.isArray(list) && !isApp)
    fail(base, 'there are no "apps": a list of apps, or one app with a "script", was expected');
  const found = Array.isArray(list)
    ? list.map((app, index) => ({ app, at: [...base, index] }))
    : [{ app: list, at: base }];
  if (found.length === 0) fail(base, 'the list of apps is empty');
  const apps = found.map(({ app, at }) => ({ app: isForeign(app) ? app : fail(at, 'an app is a map of options'), at }));
  return { apps, rest };
}

type AppContext = {
  at: Path;
  source: ForeignSource;
  layout: ImportedLayout;
  names: PaneNames;
};

function importApp(app: Foreign, { at, source, layout, names }: AppContext): void {
  const options = createForeignOptions(app);
  const script = options.text('script', 'exec', 'cmd', 'command')?.trim();
  if (!script) source.fail(at, 'an app needs a "script"');
  const given = options.text('name');
  const name = names.add(given ?? withoutExtension(script!), given === undefined ? [] : options.notes);
  const cwd = directoryOf(options, source);
  const program = pm2Program(script!, {
    options,
    cwd: path.resolve(source.directory, cwd ?? '.'),
    machine: source.machine,
  });
  const { env, profiles } = pm2Environment(app, options);
  const settings: Settings = {
    ...program,
    cwd,
    env,
    ...instancesOf(options, source),
    autostart: options.flag('autostart') === false ? false : undefined,
    restart: pm2Restart(options),
    cron_restart: cronOf(options),
    stop: pm2Stop(options),
    watch: pm2Watch(options),
    memory: pm2Memory(options),
    log: pm2Log(options),
  };
  if (typeof settings['instances'] === 'number') names.reserve(name, settings['instances']);
  for (const [profile, variables] of Object.entries(profiles)) {
    layout.profiles[profile] ??= { panes: {} };
    layout.profiles[profile].panes[name] = { env: variables };
  }
  layout.panes.push({ name, settings, notes: options.finish(pm2Reasons) });
}

function withoutExtension(script: string): string {
  const base = path.basename(script);
  const dot = base.lastIndexOf('.');
  return dot > 0 ? base.slice(0, dot) : base;
}

/** Relative where it lies beside or below the file, as the layout will. */
function directoryOf(options: ForeignOptions, { directory }: ForeignSource): string | undefined {
  const cwd = options.text('cwd');
  if (cwd === undefined || !path.isAbsolute(cwd)) return cwd;
  const relative = path.relative(directory, cwd);
  if (relative === '') return undefined;
  return relative.startsWith('..') ? cwd : `./${relative}`;
}

function instancesOf(options: ForeignOptions, { machine }: ForeignSource): Settings {
  const mode = options.text('exec_mode');
  const written = options.any('instances');
  const wanted = written === undefined ? 1 : written === 'max' ? 0 : Math.trunc(Number(written)) || 0;
  const cores = `one for each of this machine’s ${machine.cpus} cores`;
  if (written !== undefined && wanted <= 0)
    options.note(`instances: ${written}: ${wanted === 0 ? cores : `cores less ${-wanted}`}`);
  const instances = Math.min(Math.max(1, wanted > 0 ? wanted : machine.cpus + wanted), MAX_PANES);
  const isCluster = mode?.startsWith('cluster') ?? false;
  if (isCluster || instances > 1) {
    const why = 'instances are programs of their own and do not share a port';
    if (isCluster) options.note(notMapped('exec_mode', `${why}; give each its own, counted from NONET_INSTANCE`));
    else options.note(`${why}; an instance finds its number in NONET_INSTANCE, not in NODE_APP_INSTANCE`);
  }
  return { instances: instances > 1 ? instances : undefined };
}

function cronOf(options: ForeignOptions): string | undefined {
  const cron = options.text('cron_restart', 'cron')?.trim();
  // How PM2 is told to drop a schedule that it had.
  if (cron === undefined || cron === '' || cron === '0' || cron === 'false') return undefined;
  const parsed = parseCron(cron);
  if (parsed.ok) return cron;
  options.note(notMapped('cron_restart', `"${cron}": ${parsed.message}`));
  return undefined;
}
