import { agentOfCommand } from '../core/agents.ts';
import type { AgentName, PaneSpec } from '../core/layout.ts';
import { parseEnvFile } from './env-file.ts';
import { MAX_PANES } from './layout-limits.ts';
import type { EnvironmentInput, LayoutInput } from './layout-schema.ts';
import { createPick, type Level } from './levels.ts';
import { type Path, quote, type ReportAt } from './problem.ts';
import { checkCommand, resolveCommand } from './resolve-command.ts';
import type { ResolveContext } from './resolve-context.ts';
import { type PaneEntry, resolveDependencies } from './resolve-dependencies.ts';
import { resolvePath } from './resolve-path.ts';
import { resolveRestart } from './resolve-restart.ts';
import { resolveSupervision } from './resolve-supervision.ts';
import { readTextFile } from './text-file.ts';
import { hintDuration } from './unit-hints.ts';

const MAX_ENV_FILE_BYTES = 1024 * 1024;

/** The panes, and the names of the entries that they come from: one with `instances` makes several. */
export function resolvePanes(input: LayoutInput, context: ResolveContext): { panes: PaneSpec[]; entryNames: string[] } {
  const { report, profile } = context;
  const selected = profile === null ? undefined : input.profiles?.[profile];
  const baseEnv = {
    ...environmentOf(input.env, ['env'], context),
    ...environmentOf(selected?.env, ['profiles', profile ?? '', 'env'], context),
  };
  const explicit = new Set<string>();
  for (const [index, pane] of input.panes.entries()) {
    if (pane.name === undefined) continue;
    if (explicit.has(pane.name)) report(['panes', index, 'name'], `duplicate pane name ${quote(pane.name)}`);
    explicit.add(pane.name);
  }

  const names = new Set(explicit);
  const entries = input.panes.map((pane, index): PaneEntry => {
    const panePath = ['panes', index];
    const levels: Level[] = [];
    if (input.defaults) levels.push({ input: input.defaults, path: ['defaults'] });
    levels.push({ input: pane, path: panePath });
    const program = programOf(levels, context);
    const name = pane.name ?? uniqueName(program.word, names);
    names.add(name);
    const over = selected?.panes && Object.hasOwn(selected.panes, name) ? selected.panes[name] : undefined;
    if (over) levels.push({ input: over, path: ['profiles', profile ?? '', 'panes', name] });
    const used = over ? programOf(levels, context) : program;
    const pick = createPick(levels);
    const spec = resolvePane({ name, levels, baseEnv, program: used }, context);
    const instances = pick((level) => level.instances, 'instances');
    const dependsOn = pick((level) => level.depends_on, 'depends_on');
    return { name, specs: instances ? instancesOf(spec, instances.value) : [spec], dependsOn };
  });
  const panes = entries.flatMap(({ specs }) => specs);
  checkInstances(entries, panes, report);
  resolveDependencies(entries, report);
  return { panes, entryNames: entries.map(({ name }) => name) };
}

function instancesOf(spec: PaneSpec, count: number): PaneSpec[] {
  return Array.from({ length: count }, (_, instance) => ({ ...spec, name: `${spec.name}-${instance + 1}`, instance }));
}

function checkInstances(entries: readonly PaneEntry[], panes: readonly PaneSpec[], report: ReportAt): void {
  if (panes.length > MAX_PANES) report(['panes'], `instances make ${panes.length} panes; there can be ${MAX_PANES}`);
  const owners = new Map<string, number>();
  for (const [index, { specs }] of entries.entries()) {
    for (const { name, instance } of specs) {
      const owner = owners.get(name);
      // Two panes that were given one name have been told of already.
      if (owner !== undefined && (instance !== null || entries[owner]!.specs[0]!.instance !== null))
        report(['panes', index], `pane name ${quote(name)} is taken by an instance of another pane`);
      owners.set(name, index);
    }
  }
}

type Program = { argv: [string, ...string[]]; command: string; word: string };

function resolvePane(
  { name, levels, baseEnv, program }: { name: string; levels: Level[]; baseEnv: PaneSpec['env']; program: Program },
  context: ResolveContext,
): PaneSpec {
  const pick = createPick(levels);
  const agent: AgentName = pick((input) => input.agent, 'agent')?.value ?? agentOfCommand(program.word);
  const env = { ...baseEnv };
  const envFile = pick((input) => input.env_file, 'env_file');
  if (envFile) Object.assign(env, readEnvFiles(envFile.value, envFile.path, context));
  for (const level of levels) Object.assign(env, environmentOf(level.input.env, [...level.path, 'env'], context));
  const cwdSetting = pick((input) => input.cwd, 'cwd');
  const stopTimeout = pick((input) => input.stop?.timeout, 'stop', 'timeout');
  hintDuration(stopTimeout, context);
  const cwd = cwdSetting ? resolvePath(cwdSetting.value, cwdSetting.path, context) : context.directory;
  return {
    name,
    argv: program.argv,
    command: program.command,
    agent,
    cwd,
    env,
    autostart: pick((input) => input.autostart, 'autostart')?.value ?? true,
    restart: resolveRestart(pick, context),
    stop: {
      keys: pick((input) => input.stop?.keys, 'stop', 'keys')?.value ?? [],
      signal: pick((input) => input.stop?.signal, 'stop', 'signal')?.value ?? 'SIGTERM',
      timeoutMs: stopTimeout?.value ?? 10_000,
    },
    scrollback: pick((input) => input.scrollback, 'scrollback')?.value ?? context.scrollback,
    ...resolveSupervision(pick, { cwd, context }),
    dependsOn: [],
    instance: null,
  };
}

/** What runs: of the nearest level that says `command` or `shell`. */
function programOf(levels: Level[], context: ResolveContext): Program {
  const nothing: Program = { argv: ['/bin/sh'], command: '', word: 'shell' };
  const level = levels.findLast(({ input }) => input.command !== undefined || input.shell !== undefined);
  if (!level) {
    const pane = levels.findLast(({ path }) => path[0] === 'panes');
    if (pane && !levels.some(({ path }) => context.damaged(path)))
      context.report(pane.path, 'a pane needs "command" or "shell"');
    return nothing;
  }
  const { command, shell } = level.input;
  if (shell !== undefined) return { argv: ['/bin/sh', '-c', shell], command: shell, word: firstWord(shell) };
  // Problems are reported once for every level by checkProgram.
  const resolved = resolveCommand(command ?? '', [...level.path, 'command'], context);
  return resolved ? { ...resolved, word: resolved.argv[0] } : nothing;
}

/** Reports what is wrong with the commands of every level of the file, in use or not. */
export function checkProgram({ input, path: levelPath }: Level, context: ResolveContext, unused: boolean): void {
  const { command, shell, ready, health, on_fatal: onFatal } = input;
  const check = (value: typeof command, ...keys: string[]): void => {
    if (value !== undefined) checkCommand(value, [...levelPath, ...keys], context, unused);
  };
  if (command !== undefined && shell !== undefined)
    context.report([...levelPath, 'shell'], '"command" and "shell" both say what runs: keep one', 'key');
  check(command, 'command');
  check(ready?.exec, 'ready', 'exec');
  check(health?.exec, 'health', 'exec');
  if (typeof onFatal === 'object') check(onFatal.run, 'on_fatal', 'run');
}

function firstWord(shell: string): string {
  const words = shell.trim().split(/\s+/);
  const word = words.find((part) => part !== 'exec' && !/^[A-Za-z_][A-Za-z0-9_]*=/.test(part)) ?? '';
  return /^[A-Za-z0-9_./+-]+$/.test(word) ? word : 'shell';
}

/** The command's base name where it can be a name, with -2, -3 … where it is taken. */
function uniqueName(word: string, taken: ReadonlySet<string>): string {
  const base = word
    .slice(word.lastIndexOf('/') + 1)
    .replace(/[\u0000-\u001f\u007f-\u009f]/g, '')
    .trim()
    .slice(0, 60);
  const usable = base === '' || base === 'all' || /^\d+$/.test(base) ? 'pane' : base;
  if (!taken.has(usable)) return usable;
  let suffix = 2;
  while (taken.has(`${usable}-${suffix}`)) suffix++;
  return `${usable}-${suffix}`;
}

/** Values as text; a number as it was written, so that `1.10` stays `1.10`. */
function environmentOf(
  input: EnvironmentInput | undefined,
  at: Path,
  { plainSource }: ResolveContext,
): Record<string, string | null> {
  const env: Record<string, string | null> = {};
  for (const [name, value] of Object.entries(input ?? {})) {
    if (value === null || typeof value === 'string') env[name] = value;
    else env[name] = plainSource([...at, name]) ?? String(value);
  }
  return env;
}

function readEnvFiles(value: string | string[], at: Path, context: ResolveContext): Record<string, string> {
  const env: Record<string, string> = {};
  const files = typeof value === 'string' ? [value] : value;
  for (const [index, file] of files.entries()) {
    const place = typeof value === 'string' ? at : [...at, index];
    const read = readTextFile(resolvePath(file, place, context), MAX_ENV_FILE_BYTES);
    if (read.ok) Object.assign(env, parseEnvFile(read.text));
    else context.report(place, `env_file ${quote(file)}: ${read.message}`);
  }
  return env;
}
