import { type CliCommandName, type CliOption, cliCommandNames, commandRow } from '../core/commands.ts';
import { globalOptions } from './help.ts';

/**
 * What stands on a command line. `written`: an option as its name was written, `--no-wait` or `-s`; `-dswork` is `-d` and `-s`. `value` is null where
 * none follows. `at`: the place of the word among those that were read.
 */
export type ArgvItem =
  | { kind: 'word'; word: string; at: number }
  | { kind: 'option'; written: string; value: string | null; at: number };

export type TakesValue = (written: string, next: string | undefined) => boolean;

/** getopt's rules, which everybody's fingers know. What an option takes never begins with a dash, but for `-` itself and numbers below 0. */
export function readItems(words: readonly string[], takesValue: TakesValue): ArgvItem[] {
  const items: ArgvItem[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (isPlain(word)) {
      items.push({ kind: 'word', word, at });
      continue;
    }
    const next = words[at + 1];
    const found = word.startsWith('--') ? readLong(word) : readShort(word, (written) => takesValue(written, next));
    for (const { written, value } of found) items.push({ kind: 'option', written, value, at });
    const last = found.at(-1)!;
    if (last.value !== null || next === undefined || !isPlain(next) || !takesValue(last.written, next)) continue;
    items[items.length - 1] = { kind: 'option', written: last.written, value: next, at };
    at++;
  }
  return items;
}

/** Of one command's options. */
export function valuesOf(options: Record<string, CliOption>): TakesValue {
  return (written) => {
    const name = optionNamed(written, options);
    return name !== null && options[name]!.type !== 'boolean';
  };
}

/** Of all options that there are. What takes a value in one command and none in another takes no word that names a command. */
export const valuesOfAny: TakesValue = (written, next) => {
  const types = allOptions().flatMap((options) => {
    const name = optionNamed(written, options);
    return name === null ? [] : [options[name]!.type];
  });
  const isFlagToo = types.includes('boolean');
  return types.some((type) => type !== 'boolean') && !(isFlagToo && next !== undefined && commandNamed(next));
};

export function isAnyOption(written: string): boolean {
  return allOptions().some((options) => optionNamed(written, options) !== null);
}

/** The option of that name or letter, or that is switched off by it; null for none. */
export function optionNamed(written: string, options: Record<string, CliOption>): string | null {
  if (!written.startsWith('--')) {
    return Object.keys(options).find((name) => options[name]!.alias === written.slice(1)) ?? null;
  }
  const name = written.slice(2);
  if (Object.hasOwn(options, name)) return name;
  const positive = name.replace(/^no-/, '');
  return Object.hasOwn(options, positive) && options[positive]!.type === 'boolean' ? positive : null;
}

export function commandNamed(word: string): CliCommandName | null {
  return cliCommandNames.find((name) => name === word || commandRow(name).cli?.aliases?.includes(word)) ?? null;
}

function isPlain(word: string): boolean {
  return !word.startsWith('-') || word === '-' || /^-(\d+(\.\d+)?|\.\d+)$/.test(word);
}

type Found = { written: string; value: string | null };

function readLong(word: string): Found[] {
  const equals = word.indexOf('=');
  return [
    equals < 0 ? { written: word, value: null } : { written: word.slice(0, equals), value: word.slice(equals + 1) },
  ];
}

function readShort(word: string, takesValue: (written: string) => boolean): Found[] {
  const found: Found[] = [];
  let rest = word.slice(1);
  while (rest !== '') {
    const letter = String.fromCodePoint(rest.codePointAt(0)!);
    const written = `-${letter}`;
    rest = rest.slice(letter.length);
    const isValue = rest.startsWith('=') || (rest !== '' && takesValue(written));
    found.push({ written, value: isValue ? rest.replace(/^=/, '') : null });
    if (isValue) break;
  }
  return found;
}

function allOptions(): Record<string, CliOption>[] {
  return [globalOptions, ...cliCommandNames.map((name) => commandRow(name).cli?.options ?? {})];
}
