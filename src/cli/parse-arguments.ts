import { parseArgs } from 'node:util';
import { closestName } from '../config/did-you-mean.ts';
import { type CliCommandName, type CliOption, cliCommandNames, commandRow } from '../core/commands.ts';
import { NonetError } from '../core/errors.ts';
import { commandNamed, positionalsOf } from './command-syntax.ts';
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
  const at = placeOfCommand(argv);
  const command = at === null ? null : commandNamed(argv[at]!);
  const options = optionsOf(command ?? 'up');
  const tokens =
    at === null
      ? readTokens(argv, options)
      : [argv.slice(0, at), argv.slice(at + 1)].flatMap((words) => readTokens(words, options));
  const words = tokens.flatMap((token) => (token.kind === 'word' ? [token.word] : []));
  if (command === null && words[0] === 'help') {
    return { kind: 'help', about: words[1] === undefined ? null : knownCommand(words[1]) };
  }
  if (has(tokens, 'help')) return { kind: 'help', about: command };
  if (has(tokens, 'version')) return { kind: 'version' };
  if (command !== null) return { kind: 'run', command, args: argumentsOf(command, tokens, options) };
  // `--sesion work list`: the word is not what is wrong.
  const wrong = tokens.find((token) => token.kind === 'word' || token.name === null);
  if (wrong?.kind === 'option') throw unknownOption(wrong.written, options);
  if (wrong) knownCommand(wrong.word);
  return { kind: 'run', command: 'up', args: argumentsOf('up', tokens, options) };
}

type Options = Record<string, CliOption>;

/** `written`: `--no-wait` or `-s`; `name`: the option's in the table, null for none. `value`: undefined for none. */
type Token =
  | { kind: 'word'; word: string }
  | { kind: 'option'; written: string; name: string | null; value: string | undefined };

function optionsOf(name: CliCommandName): Options {
  return { ...commandRow(name).cli?.options, ...globalOptions };
}

/** Options may stand before the command, with their values: `-s list --json list` is `list`. Null when no word is one. */
function placeOfCommand(argv: readonly string[]): number | null {
  for (const [at, word] of argv.entries()) {
    if (word === '--') return null;
    const name = commandNamed(word);
    if (name === null) continue;
    const options = optionsOf(name);
    const before = readTokens(argv.slice(0, at), options);
    if (before.every((token) => token.kind === 'option' && token.name !== null && !lacksValue(token, options)))
      return at;
  }
  return null;
}

/** A negative number is a word, though it begins like an option. No argument holds a NUL. */
const NEGATIVE = /^-(\d+(\.\d+)?|\.\d+)$/;
const MARK = '\0';

/** By getopt's rules, which everybody's fingers know: `-dswork` is `-d -s work`, and everything after `--` is a word. */
function readTokens(words: readonly string[], options: Options): Token[] {
  const known: Record<string, { type: 'boolean' | 'string'; short?: string }> = {};
  for (const [name, { type, alias }] of Object.entries(options)) {
    known[name] = { type: type === 'boolean' ? type : 'string', ...(alias === undefined ? {} : { short: alias }) };
    if (type === 'boolean') known[`no-${name}`] = { type };
  }
  const args = words.map((word) => (NEGATIVE.test(word) ? MARK + word : word));
  const { tokens } = parseArgs({ args, options: known, strict: false, allowPositionals: true, tokens: true });
  return tokens.flatMap((token): Token[] => {
    if (token.kind === 'option-terminator') return [];
    if (token.kind === 'positional') return [{ kind: 'word', word: token.value.replace(MARK, '') }];
    const { name, rawName: written } = token;
    const inTable = Object.hasOwn(known, name)
      ? Object.hasOwn(options, name)
        ? name
        : name.slice('no-'.length)
      : null;
    const isShort = !written.startsWith('--');
    const value = token.inlineValue && isShort ? token.value.replace(/^=/, '') : token.value;
    // What an option takes does not look like one, unless it is joined to it.
    const isNone = value === undefined || (!token.inlineValue && /^-./.test(value));
    return [{ kind: 'option', written, name: inTable, value: isNone ? undefined : value.replace(MARK, '') }];
  });
}

function lacksValue({ name, value }: Token & { kind: 'option' }, options: Options): boolean {
  return name !== null && options[name]!.type !== 'boolean' && value === undefined;
}

function argumentsOf(command: CliCommandName, tokens: readonly Token[], options: Options): Arguments {
  try {
    const words = tokens.flatMap((token) => (token.kind === 'word' ? [token.word] : []));
    return { ...readOptions(tokens, options), ...readPositionals(command, words) };
  } catch (error) {
    if (!(error instanceof NonetError)) throw error;
    throw new NonetError(error.code, error.message, { hint: `see \`nonet ${command} --help\`` });
  }
}

function readOptions(tokens: readonly Token[], options: Options): Arguments {
  const args: Arguments = {};
  for (const [name, option] of Object.entries(options)) {
    if (option.default !== undefined) args[name] = option.default;
  }
  const given = new Set<string>();
  for (const token of tokens) {
    if (token.kind === 'word') continue;
    const { name, written, value } = token;
    if (name === null) throw unknownOption(written, options);
    if (given.has(name)) throw new NonetError('usage', `--${name} is given more than once`);
    given.add(name);
    const option = options[name]!;
    if (option.type === 'boolean') args[name] = parseSwitch(written, value);
    else if (value === undefined) throw new NonetError('usage', `--${name} needs a value`);
    else args[name] = option.type === 'number' ? parseNumber(name, value, option) : value;
  }
  return args;
}

function readPositionals(command: CliCommandName, words: readonly string[]): Arguments {
  const args: Arguments = {};
  const usage = `nonet ${usageOf(command)}`;
  let next = 0;
  for (const { name, required, many } of positionalsOf(command)) {
    if (required && next >= words.length) throw new NonetError('usage', `an argument is missing: ${usage}`);
    if (many) args[name] = words.slice(next);
    else if (next < words.length) args[name] = words[next];
    next = many ? words.length : next + 1;
  }
  if (next < words.length) throw new NonetError('usage', `unexpected argument "${words[next]}": ${usage}`);
  return args;
}

function has(tokens: readonly Token[], name: 'help' | 'version'): boolean {
  return tokens.some((token) => token.kind === 'option' && token.name === name);
}

function unknownOption(written: string, options: Options): NonetError {
  const names = Object.entries(options).map(([option, { default: value }]) =>
    value === true ? `no-${option}` : option,
  );
  const close = closestName(written.replace(/^--?/, ''), names);
  return new NonetError('usage', `unknown option ${written}${close === null ? '' : `; did you mean "--${close}"?`}`);
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
