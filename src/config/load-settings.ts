import os from 'node:os';
import path from 'node:path';
import type { Layout } from '../core/layout.ts';
import { DEFAULT_SETTINGS, type Settings } from '../core/settings.ts';
import { checkKeys } from './check-keys.ts';
import type { Variables } from './expand-variables.ts';
import { inOrder, reportTo } from './load-layout.ts';
import { type Problem, quote, type ReportAt } from './problem.ts';
import { checkAgainstSchema } from './schema-problems.ts';
import { type SettingsInput, settingsSchema } from './settings-schema.ts';
import { splitCommand } from './split-command.ts';
import { parseYamlTree, type YamlTree } from './yaml-tree.ts';

export type SettingsResult = { ok: true; settings: Settings; warnings: Problem[] } | { ok: false; problems: Problem[] };

/** A person's configuration from its text. `file`: its name in messages. An empty one is all defaults; a wrong one is none. */
export function loadSettings(text: string, { file, env }: { file: string; env: Variables }): SettingsResult {
  const { tree, problems: yamlProblems } = parseYamlTree(text);
  const problems: Problem[] = yamlProblems.map((problem) => ({ file, ...problem }));
  if (!tree) return { ok: false, problems: inOrder(problems) };
  const { value } = tree;
  if (value === null || value === undefined) {
    return problems.length > 0 ? { ok: false, problems } : { ok: true, settings: DEFAULT_SETTINGS, warnings: [] };
  }
  const report = reportTo(problems, file, tree);
  if (typeof value !== 'object' || Array.isArray(value)) {
    report([], 'the configuration must be a map, like "theme: dark"');
    return { ok: false, problems };
  }
  const warnings: Problem[] = [];
  const checked = checkAgainstSchema(settingsSchema, value, {
    report,
    otherReading: () => null,
    plainSource: tree.plainSource,
  });
  if (!checked.value) return { ok: false, problems: inOrder(problems) };
  const home = env['HOME'] || os.homedir();
  const settings = resolve(checked.value, { env, home, tree, report, warn: reportTo(warnings, file, tree) });
  if (problems.length > 0) return { ok: false, problems: inOrder(problems) };
  return { ok: true, settings, warnings: inOrder(warnings) };
}

type Context = { env: Variables; home: string; tree: YamlTree; report: ReportAt; warn: ReportAt };

function resolve(input: SettingsInput, context: Context): Settings {
  const { report, warn } = context;
  const written = (input.keys ?? {}) as Layout['keys'];
  if (input.prefix && written['prefix']) report(['prefix'], '"prefix" stands in "keys" as well: keep one', 'key');
  const keys = { ...(input.prefix ? { prefix: input.prefix } : {}), ...written };
  checkKeys(keys, { report, warn, prefixAt: input.prefix ? ['prefix'] : ['keys', 'prefix'] });
  for (const [index, part] of (input.status ?? []).entries()) {
    if (input.status?.indexOf(part) !== index) report(['status', index], `${quote(part)} stands there twice`);
  }
  return {
    keys,
    mouse: input.mouse ?? DEFAULT_SETTINGS.mouse,
    theme: input.theme ?? DEFAULT_SETTINGS.theme,
    borders: input.borders ?? DEFAULT_SETTINGS.borders,
    scrollback: input.scrollback ?? DEFAULT_SETTINGS.scrollback,
    copyCommand: resolveCommand(input.copy_command ?? [], context),
    copyKeys: input.copy_keys ?? DEFAULT_SETTINGS.copyKeys,
    status: input.status ?? DEFAULT_SETTINGS.status,
    lines: input.lines ?? DEFAULT_SETTINGS.lines,
  };
}

/** The words of a command. A relative path to a program would mean another one in every directory. */
function resolveCommand(
  command: string | (string | number)[],
  { env, home, tree, report, warn }: Context,
): readonly string[] {
  const at = ['copy_command'];
  let words: string[];
  if (Array.isArray(command)) {
    words = command.map((word, index) => tree.plainSource([...at, index]) ?? String(word));
    if (words[0] === '') report([...at, 0], 'the program must not be empty');
  } else {
    const split = splitCommand(command, { variables: env, home });
    for (const problem of split.problems) report(at, problem.message);
    if (split.operators[0])
      warn(at, `no shell runs this command: ${quote(split.operators[0])} is passed to the program`);
    words = split.words;
  }
  const program = words[0] ?? '';
  if (program.includes('/') && !path.isAbsolute(program))
    report(at, `${quote(program)} is a relative path: write the whole one, or a name that is found in PATH`);
  return words;
}
