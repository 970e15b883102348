import yargs from 'yargs';
import { closestName } from '../config/did-you-mean.ts';
import { type CliCommandName, type CliOption, cliCommandNames, commandRow } from '../core/commands.ts';
import { NonetError } from '../core/errors.ts';
import { globalOptions, usageOf } from './help.ts';

export type Arguments = Record<string, unknown>;

/** What is asked for: a command with its arguments, or help (on `about`), or the version. */
export type Invocation =
  | { kind: 'run'; command: CliCommandName; args: Arguments }
  | { kind: 'help'; about: CliCommandName | null }
  | { kind: 'version' };

/** Throws NonetError `usage`. */
export function parseArguments(argv: readonly string[]): Invocation {
  const dashes = argv.indexOf('--');
  const options = splitShortOptions(dashes < 0 ? argv : argv.slice(0, dashes));
  const [first, second] = plainWords(options);
  const command = first === undefined ? 'up' : commandNamed(first);
  if (first === 'help') return { kind: 'help', about: second === undefined ? null : knownCommand(second) };
  if (has(options, 'help')) return { kind: 'help', about: first === undefined ? null : command };
  if (has(options, 'version')) return { kind: 'version' };
  const known = first === undefined ? 'up' : knownCommand(first);
  const literal = dashes < 0 ? [] : argv.slice(dashes + 1).map((word) => `${LITERAL}${word}`);
  const words = [...(first === undefined ? ['up'] : []), ...options, ...literal];
  return { kind: 'run', command: known, args: parseCommand(known, words) };
}

/** Marks words after `--`, which yargs would not take for a command's own. No argument holds a NUL. */
const LITERAL = '\0';

function parseCommand(name: CliCommandName, words: readonly string[]): Arguments {
  const { cli } = commandRow(name);
  const own: Record<string, CliOption> = { ...cli?.options, session: globalOptions.session };
  let args: Arguments = {};
  yargs(words as string[])
    .scriptName('nonet')
    .help(false)
    .version(false)
    // The messages below are matched in English.
    .detectLocale(false)
    .parserConfiguration({ 'parse-positional-numbers': false })
    .strict()
    .exitProcess(false)
    .showHelpOnFail(false)
    .fail((message: string | null, error: Error | undefined) => {
      // What an option lacks comes as an error of yargs'.
      if (error && error.name !== 'YError') throw error;
      throw new NonetError('usage', explain(message || error?.message || '', name, words, own), {
        hint: `see \`nonet ${name} --help\``,
      });
    })
    .command({
      command: [`${name} ${cli?.positionals ?? ''}`.trim(), ...(cli?.aliases ?? [])],
      describe: '',
      builder: (command) => {
        for (const [option, { type, alias, default: value }] of Object.entries(own)) {
          command.option(option, { type, alias, default: value, requiresArg: type !== 'boolean' });
        }
        for (const [, positional, many] of (cli?.positionals ?? '').matchAll(/[<[](\w+)(\.\.)?[>\]]/g)) {
          command.positional(positional!, { type: 'string', array: many !== undefined });
        }
        return command;
      },
      handler: (parsed) => {
        args = Object.fromEntries(Object.entries(parsed).map(([key, value]) => [key, unmark(value)]));
      },
    })
    .parse();
  for (const option of Object.keys(own)) {
    if (Array.isArray(args[option])) throw new NonetError('usage', `--${option} is given more than once`);
  }
  return args;
}

function unmark(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unmark);
  return typeof value === 'string' && value.startsWith(LITERAL) ? value.slice(LITERAL.length) : value;
}

/** yargs counts “non-option arguments”; people want to know what is missing and what is wrong. */
function explain(
  message: string,
  name: CliCommandName,
  words: readonly string[],
  own: Record<string, CliOption>,
): string {
  if (message.startsWith('Not enough non-option arguments')) return `an argument is missing: nonet ${usageOf(name)}`;
  const lacking = /^Not enough arguments following: (\S+)/.exec(message)?.[1];
  if (lacking !== undefined) {
    const option = Object.keys(own).find((key) => key === lacking || own[key]?.alias === lacking) ?? lacking;
    return `--${option} needs a value`;
  }
  const unknown = /^Unknown arguments?: ([^,]+)/.exec(message)?.[1];
  if (unknown === undefined) return message.replaceAll('\n', ' ');
  const written = words.find((word) => /^--?\w/.test(word) && withoutDashes(word).replace(/^no-/, '') === unknown);
  // `-dx` is `-d -x`.
  if (unknown.length === 1 && words.some((word) => /^-\w/.test(word) && word.includes(unknown))) {
    return `unknown option -${unknown}`;
  }
  if (written === undefined) {
    return `unexpected argument "${unknown.replace(LITERAL, '')}": nonet ${usageOf(name)}`;
  }
  const options = Object.entries(own).map(([option, { default: value }]) => (value === true ? `no-${option}` : option));
  const close = closestName(withoutDashes(written), [...options, 'help', 'version']);
  return `unknown option ${written.split('=')[0]}${close === null ? '' : `; did you mean "--${close}"?`}`;
}

/** `--dry-run=yes` → `dry-run`. */
function withoutDashes(word: string): string {
  return word.replace(/^--?/, '').replace(/=.*$/s, '');
}

/** `-swork` → `-s work`, `-dswork` → `-d -s work`: getopt's rules, which everybody's fingers know. yargs takes each letter for an option. */
function splitShortOptions(words: readonly string[]): string[] {
  const takesValue = optionsWithValue();
  return words.flatMap((word, index) => {
    if (!/^-[a-zA-Z]./.test(word) || takesValue.has(words[index - 1] ?? '')) return [word];
    const at = [...word].findIndex((letter, place) => place > 0 && takesValue.has(`-${letter}`));
    const value = word.slice(at + 1);
    if (at < 0 || value === '') return [word];
    const flags = at === 1 ? [] : [word.slice(0, at)];
    return [...flags, `-${word[at]}`, value.replace(/^=/, '')];
  });
}

/** The words that are neither options nor their values. */
function plainWords(words: readonly string[]): string[] {
  const takesValue = optionsWithValue();
  return words.filter((word, index) => !word.startsWith('-') && !takesValue.has(words[index - 1] ?? ''));
}

function optionsWithValue(): Set<string> {
  const takesValue = new Set<string>();
  for (const options of [globalOptions, ...cliCommandNames.map((name) => commandRow(name).cli?.options ?? {})]) {
    for (const [option, { type, alias }] of Object.entries<CliOption>(options)) {
      if (type === 'boolean') continue;
      takesValue.add(`--${option}`);
      if (alias !== undefined) takesValue.add(`-${alias}`);
    }
  }
  return takesValue;
}

function has(words: readonly string[], option: 'help' | 'version'): boolean {
  return words.includes(`--${option}`) || words.includes(`-${globalOptions[option].alias}`);
}

function commandNamed(word: string): CliCommandName | null {
  return cliCommandNames.find((name) => name === word || commandRow(name).cli?.aliases?.includes(word)) ?? null;
}

function knownCommand(word: string): CliCommandName {
  const command = commandNamed(word);
  if (command) return command;
  const close = closestName(word, [...cliCommandNames, 'help']);
  const meant = close === null ? '' : `; did you mean "${close}"?`;
  const isLayout = /\.ya?ml$/i.test(word);
  throw new NonetError(
    'usage',
    `unknown command "${word}"${meant}`,
    isLayout ? { hint: `see it with \`nonet up ${word}\`` } : {},
  );
}
