import path from 'node:path';
import { agentOfCommand } from '../core/agents.ts';
import type { AgentName, PaneSpec } from '../core/layout.ts';
import { DEFAULT_SUPERVISION } from '../core/supervision.ts';
import { expandVariables, type Variables } from './expand-variables.ts';
import type { EnvironmentInput, LayoutInput } from './layout-schema.ts';
import { createPick, type Level } from './levels.ts';
import { type Path, quote, type ReportAt } from './problem.ts';
import { resolveRestart } from './resolve-restart.ts';
import { joinCommand, splitCommand } from './split-command.ts';
import { parseEnvFile, readTextFile } from './text-file.ts';

export type ResolveContext = {
  variables: Variables;
  home: string;
  /** Directory that relative paths start from. */
  directory: string;
  profile: string | null;
  report: ReportAt;
  warn: ReportAt;
  damaged: (path: Path) => boolean;
  /** An unquoted scalar as it was written. */
  plainSource: (path: Path) => string | undefined;
};

const MAX_ENV_FILE_BYTES = 1024 * 1024;

export function resolvePanes(input: LayoutInput, context: ResolveContext): PaneSpec[] {
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
  return input.panes.map((pane, index) => {
    const panePath = ['panes', index];
    const levels: Level[] = [];
    if (input.defaults) levels.push({ input: input.defaults, path: ['defaults'] });
    levels.push({ input: pane, path: panePath });
    const program = programOf(levels, context);
    const name = pane.name ?? uniqueName(program.word, names);
    names.add(name);
    const over = selected?.panes && Object.hasOwn(selected.panes, name) ? selected.panes[name] : undefined;
    if (over) levels.push({ input: over, path: ['profiles', profile ?? '', 'panes', name] });
    return resolvePane({ name, levels, baseEnv, program: over ? programOf(levels, context) : program }, context);
  });
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
  const cwd = pick((input) => input.cwd, 'cwd');
  return {
    name,
    argv: program.argv,
    command: program.command,
    agent,
    cwd: cwd ? resolvePath(cwd.value, cwd.path, context) : context.directory,
    env,
    autostart: pick((input) => input.autostart, 'autostart')?.value ?? true,
    restart: resolveRestart(pick, context),
    stop: {
      keys: pick((input) => input.stop?.keys, 'stop', 'keys')?.value ?? [],
      signal: pick((input) => input.stop?.signal, 'stop', 'signal')?.value ?? 'SIGTERM',
      timeoutMs: pick((input) => input.stop?.timeout, 'stop', 'timeout')?.value ?? 10_000,
    },
    scrollback: pick((input) => input.scrollback, 'scrollback')?.value ?? 10_000,
    ...DEFAULT_SUPERVISION,
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
  if (Array.isArray(command)) {
    const words = command.map((word, index) => context.plainSource([...level.path, 'command', index]) ?? String(word));
    const argv = command.map((word, index) => (typeof word === 'string' ? word : words[index]!));
    return programOfWords(argv, joinCommand(argv)) ?? nothing;
  }
  // Problems are reported once for every level by checkPrograms.
  const { words } = splitCommand(command ?? '', context);
  return programOfWords(words, expandVariables(command ?? '', context.variables).text) ?? nothing;
}

function programOfWords(words: string[], command: string): Program | null {
  const [program, ...rest] = words;
  return program ? { argv: [program, ...rest], command, word: program } : null;
}

/** Reports what is wrong with `command` and `shell` of every level of the file, in use or not. */
export function checkProgram({ input, path: levelPath }: Level, context: ResolveContext, unused: boolean): void {
  const { command, shell } = input;
  const { report, warn } = context;
  const at = [...levelPath, 'command'];
  if (command !== undefined && shell !== undefined)
    report([...levelPath, 'shell'], '"command" and "shell" both say what runs: keep one', 'key');
  if (Array.isArray(command)) {
    if (command[0] === '') report([...at, 0], 'the program must not be empty');
    return;
  }
  if (command === undefined) return;
  const { words, problems, operators } = splitCommand(command, context);
  const told = problems.filter((problem) => !(unused && problem.kind === 'undefined'));
  for (const problem of told) report(at, problem.message);
  if (problems.length > 0) return;
  if (!words[0]) report(at, 'the command is empty');
  else if (words.some((word) => word.includes('\0'))) report(at, 'a command must not hold a NUL');
  else if (operators[0])
    warn(at, `no shell runs a "command": ${quote(operators[0])} is passed to the program; write shell: instead`);
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

function resolvePath(value: string, at: Path, { home, directory, report }: ResolveContext): string {
  if (value === '~') return home;
  if (value.startsWith('~/')) return path.join(home, value.slice(2));
  if (value.startsWith('~')) report(at, `${quote(value)}: only ~ and ~/… are known, not other users' homes`);
  return path.resolve(directory, value);
}
