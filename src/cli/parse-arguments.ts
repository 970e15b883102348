import yargs from 'yargs';
import { closestName } from '../config/did-you-mean.ts';
import { type CliCommandName, type CliOption, cliCommandNames, commandRow } from '../core/commands.ts';
import { NonetError } from '../core/errors.ts';
import {
  type ArgvItem,
  commandNamed,
  isAnyOption,
  optionNamed,
  readItems,
  valuesOf,
  valuesOfAny,
} from './argv-items.ts';
import { globalOptions, usageOf } from './help.ts';
import { parseNumber, parseSwitch } from './option-value.ts';

export type Arguments = Record<string, unknown>;

/** What is asked for: a command with its arguments, or help (on `about`), or the version. */
export type Invocation =
  | { kind: 'run'; command: CliCommandName; args: Arguments }
  | { kind: 'help'; about: CliCommandName | null }
  | { kind: 'version' };

/** Throws NonetError `usage`. */
export function parseArguments(argv: readonly string[]): Invocation {
  const dashes = argv.indexOf('--');
  const words = dashes < 0 ? argv : argv.slice(0, dashes);
  const literal = dashes < 0 ? [] : argv.slice(dashes + 1);
  const items = readItems(words, valuesOfAny);
  const [first, second] = items.filter((item) => item.kind === 'word');
  const command = first ? commandNamed(first.word) : 'up';
  if (first?.word === 'help') return { kind: 'help', about: second ? knownCommand(second.word) : null };
  if (has(items, 'help')) return { kind: 'help', about: first ? command : null };
  if (has(items, 'version')) return { kind: 'version' };
  if (!first) return runOf('up', readOwn('up', words), literal);
  // `--sesion work list`: the word is not what is wrong.
  const strange = items.find((item) => item.kind === 'option' && item.at < first.at && !isAnyOption(item.written));
  if (!command && strange?.kind === 'option') throw unknownOption(strange.written, globalOptions);
  const known = knownCommand(first.word);
  // The command is known: its own options say which words are their values.
  const before = readOwn(known, words.slice(0, first.at));
  return runOf(known, [...before, ...readOwn(known, words.slice(first.at + 1))], literal);
}

function readOwn(name: CliCommandName, words: readonly string[]): ArgvItem[] {
  return readItems(words, valuesOf(optionsOf(name)));
}

function optionsOf(name: CliCommandName): Record<string, CliOption> {
  return { ...commandRow(name).cli?.options, ...globalOptions };
}

function runOf(name: CliCommandName, items: readonly ArgvItem[], literal: readonly string[]): Invocation {
  const own = optionsOf(name);
  try {
    const options = items.flatMap((item) => (item.kind === 'option' ? optionWords(item, own) : []));
    const plain = [...items.flatMap((item) => (item.kind === 'word' ? [item.word] : [])), ...literal];
    return { kind: 'run', command: name, args: parseCommand(name, plain, options) };
  } catch (error) {
    if (!(error instanceof NonetError)) throw error;
    throw new NonetError(error.code, error.message, { hint: `see \`nonet ${name} --help\`` });
  }
}

/** Marks words that are none of yargs' business: it would take `-` for nothing, and `true` for a value. No argument holds a NUL. */
const LITERAL = '\0';

/** The option as yargs takes it, by its long name. */
function optionWords({ written, value }: ArgvItem & { kind: 'option' }, own: Record<string, CliOption>): string[] {
  const name = optionNamed(written, own);
  if (name === null) throw unknownOption(written, own);
  if (own[name]!.type === 'boolean') return [parseSwitch(written, value) ? `--${name}` : `--no-${name}`];
  if (value === null) throw new NonetError('usage', `--${name} needs a value`);
  return [`--${name}`, `${LITERAL}${value}`];
}

function parseCommand(name: CliCommandName, plain: readonly string[], options: readonly string[]): Arguments {
  const { cli } = commandRow(name);
  const own = { ...cli?.options, session: globalOptions.session } as Record<string, CliOption>;
  const positionals = [...(cli?.positionals ?? '').matchAll(/[<[](\w+)(\.\.)?[>\]]/g)];
  let args: Arguments = {};
  yargs([name, ...plain.map((word) => `${LITERAL}${word}`), ...options])
    .scriptName('nonet')
    .help(false)
    .version(false)
    // The messages below are matched in English.
    .detectLocale(false)
    .strict()
    .exitProcess(false)
    .showHelpOnFail(false)
    .fail((message: string | null, error: Error | undefined) => {
      if (error && error.name !== 'YError') throw error;
      throw new NonetError('usage', explain(message || error?.message || '', name, plain[positionals.length]));
    })
    .command({
      command: `${name} ${cli?.positionals ?? ''}`.trim(),
      describe: '',
      builder: (command) => {
        for (const [option, { type, default: value }] of Object.entries(own)) {
          command.option(option, { type: type === 'boolean' ? type : 'string', default: value });
        }
        for (const [, positional, many] of positionals) {
          command.positional(positional!, { type: 'string', array: many !== undefined });
        }
        return command;
      },
      handler: (parsed) => {
        args = Object.fromEntries(Object.entries(parsed).map(([key, value]) => [key, unmark(value)]));
      },
    })
    .parse();
  for (const [name, option] of Object.entries(own)) {
    const value = args[name];
    if (Array.isArray(value)) throw new NonetError('usage', `--${name} is given more than once`);
    if (option.type === 'number' && typeof value === 'string') args[name] = parseNumber(name, value, option);
  }
  return args;
}

function unmark(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unmark);
  return typeof value === 'string' && value.startsWith(LITERAL) ? value.slice(LITERAL.length) : value;
}

/** yargs counts “non-option arguments”; people want to know what is missing and what is wrong. */
function explain(message: string, name: CliCommandName, surplus: string | undefined): string {
  if (message.startsWith('Not enough non-option arguments')) return `an argument is missing: nonet ${usageOf(name)}`;
  if (surplus !== undefined) return `unexpected argument "${surplus}": nonet ${usageOf(name)}`;
  return message.replaceAll('\n', ' ');
}

function unknownOption(written: string, options: Record<string, CliOption>): NonetError {
  const names = Object.entries(options).map(([option, { default: value }]) =>
    value === true ? `no-${option}` : option,
  );
  const close = closestName(written.replace(/^--?/, ''), names);
  return new NonetError('usage', `unknown option ${written}${close === null ? '' : `; did you mean "--${close}"?`}`);
}

function has(items: readonly ArgvItem[], option: 'help' | 'version'): boolean {
  return items.some((item) => item.kind === 'option' && optionNamed(item.written, globalOptions) === option);
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
