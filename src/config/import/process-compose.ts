// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is the layout's own syntax
import path from 'node:path';
import { MAX_PANES } from '../layout-limits.ts';
import type { Path } from '../problem.ts';
import {
  createForeignOptions,
  type Foreign,
  type ForeignOptions,
  type ForeignSource,
  isForeign,
} from './foreign-options.ts';
import { expandingDirectory, expandingText, variablesOf } from './foreign-variables.ts';
import { createImportedLayout, type ImportedLayout, notMapped, type Settings, type Value } from './imported-layout.ts';
import { createPaneNames, type PaneNames } from './pane-names.ts';
import { healthOf, readyOf } from './process-compose-probes.ts';
import { processReasons, projectReasons } from './process-compose-reasons.ts';
import { availabilityOf, logOf, shutdownOf, watchOf } from './process-compose-settings.ts';
import { bashProgram } from './shell-program.ts';

/** process-compose.yaml (f1bonacc1.github.io/process-compose; src/types of its source). */
export function importProcessCompose(source: ForeignSource): ImportedLayout {
  const { value, directory, machine, fail } = source;
  if (!isForeign(value) || !isForeign(value['processes']))
    return fail(['processes'], 'there are no "processes": a map was expected');
  const layout = createImportedLayout();
  const options = createForeignOptions(value, '', layout.notes);
  const processes = options.record('processes') ?? {};
  options.any('version');
  const name = options.text('name');
  if (name !== undefined) layout.head['name'] = name;
  const env = variablesOf(options.variables('environment'), expandingText);
  if (Object.keys(env).length > 0) layout.head['env'] = env;
  const isDotEnv =
    options.flag('is_dotenv_disabled') !== true && machine.readEnvFile(path.join(directory, '.env')) !== null;
  const scrollback = options.number('log_length');
  layout.head['defaults'] = {
    restart: 'no',
    env_file: isDotEnv ? '.env' : undefined,
    scrollback: scrollback === undefined ? undefined : Math.min(Math.max(0, Math.trunc(scrollback)), 1_000_000),
    log: logOf(options),
  };
  const shell = shellOf(options);
  for (const extension of Object.keys(value)) if (extension.startsWith('x-')) options.any(extension);
  options.finish(projectReasons);

  const names = createPaneNames();
  const given = Object.entries(processes).map(([wanted, process]) => {
    const notes: string[] = [];
    const name = names.add(wanted, notes);
    const replicas = isForeign(process) ? Number(process['replicas'] ?? 1) : 1;
    if (replicas > 1) names.reserve(name, Math.min(MAX_PANES, replicas));
    return { wanted, process, notes, name };
  });
  if (given.length === 0) fail(['processes'], 'there is no process in "processes"');
  for (const { wanted, process, notes, name } of given) {
    const at = ['processes', wanted];
    if (!isForeign(process)) return fail(at, 'a process is a map with a "command"');
    layout.panes.push({ name, settings: settingsOf(process, { at, source, notes, names, shell }), notes });
  }
  if (isDotEnv && JSON.stringify(layout).includes('"expandable"'))
    layout.notes.push('${NAME} in a value comes from the environment in which nonet starts, not from .env');
  return layout;
}

type ProcessContext = { at: Path; source: ForeignSource; notes: string[]; names: PaneNames; shell: string[] | null };

function settingsOf(process: Foreign, { at, source, notes, names, shell }: ProcessContext): Settings {
  const options = createForeignOptions(process, '', notes);
  const description = options.text('description');
  if (description !== undefined) notes.unshift(description);
  const cwd = options.text('working_dir');
  const replicas = options.number('replicas') ?? 1;
  const env = variablesOf(options.variables('environment'), expandingText);
  if (replicas > 1) notes.push('an instance finds its number in NONET_INSTANCE, not in PC_REPLICA_NUM');
  if (options.flag('is_tty') === false) notes.push(notMapped('is_tty', 'every pane has a terminal'));
  const isLater = [options.flag('disabled'), options.flag('is_foreground')].includes(true);
  const settings: Settings = {
    ...programOf(options, { at, source, shell }),
    cwd: cwd === undefined ? undefined : expandingDirectory(cwd),
    env: Object.keys(env).length > 0 ? env : undefined,
    env_file: options.texts('env_file'),
    instances: replicas > 1 ? Math.min(MAX_PANES, Math.trunc(replicas)) : undefined,
    autostart: isLater || scheduleOf(options) ? false : undefined,
    restart: availabilityOf(options),
    depends_on: dependenciesOf(options, names),
    ready: readyOf(options),
    health: healthOf(options),
    stop: shutdownOf(options),
    watch: watchOf(options),
    log: logOf(options),
  };
  for (const extension of Object.keys(process)) if (extension.startsWith('x-')) options.any(extension);
  options.finish(processReasons);
  return settings;
}

/** `$NAME` and `${NAME}` are left to the shell, which knows the same variables. */
function programOf(
  options: ForeignOptions,
  { at, source, shell }: Pick<ProcessContext, 'at' | 'source' | 'shell'>,
): Settings {
  const command = options.text('command');
  const words = options.argumentList('entrypoint');
  const entrypoint = words === undefined ? undefined : [words].flat();
  if (command !== undefined && command.trim() !== '') {
    if (entrypoint !== undefined) options.note(notMapped('entrypoint', 'command has precedence'));
    if (/\{\{.*\}\}/.test(command))
      options.note(notMapped('vars', 'nonet has no templates: {{ }} in the command stays as it is'));
    const line = command.trimEnd().replace(/\$\$/g, '$');
    return shell === null ? bashProgram(line) : { command: [...shell, line] };
  }
  if (!entrypoint?.[0]) return source.fail(at, 'a process needs a "command"');
  return { command: entrypoint.map(expandingText) };
}

/** Of the project: null for process-compose’s own, `bash -c`. */
function shellOf(options: ForeignOptions): string[] | null {
  const record = options.record('shell');
  if (record === undefined) return null;
  const shell = createForeignOptions(record, 'shell.', options.notes);
  const command = shell.text('shell_command') ?? 'bash';
  const argument = shell.text('shell_argument') ?? '-c';
  shell.finish({
    elevated_shell_command: processReasons['is_elevated']!,
    elevated_shell_argument: processReasons['is_elevated']!,
  });
  return command === 'bash' && argument === '-c' ? null : [command, argument];
}

/** True for a process that only its schedule starts. */
function scheduleOf(options: ForeignOptions): boolean {
  const schedule = options.any('schedule');
  if (schedule === undefined) return false;
  const when = isForeign(schedule) ? (schedule['cron'] ?? schedule['interval']) : schedule;
  options.note(
    notMapped('schedule', `(${String(when)}) nonet starts nothing by the clock; let cron run \`nonet start PANE\``),
  );
  return !(isForeign(schedule) && schedule['run_on_start'] === true);
}

const CONDITIONS: Readonly<Record<string, string>> = {
  process_started: 'started',
  process_healthy: 'ready',
  process_log_ready: 'ready',
  process_completed_successfully: 'exited_ok',
  process_completed: 'exited_ok',
};

function dependenciesOf(options: ForeignOptions, names: PaneNames): Value | undefined {
  const found: Settings[] = [];
  for (const [wanted, dependency] of Object.entries(options.record('depends_on') ?? {})) {
    const written = isForeign(dependency) ? (dependency['condition'] ?? 'process_started') : 'process_started';
    const condition = CONDITIONS[String(written)];
    const pane = names.of(wanted);
    if (pane === undefined) options.note(notMapped(`depends_on.${wanted}`, 'there is no process of that name'));
    else if (condition === undefined)
      options.note(notMapped(`depends_on.${wanted}`, `unknown condition ${JSON.stringify(written)}`));
    else found.push({ pane, condition });
    if (written === 'process_completed')
      options.note(`depends_on.${wanted}: process_completed takes any exit code; nonet waits for a successful one`);
  }
  return found.length > 0 ? found : undefined;
}
