import { commandRow, DEFAULT_PREFIX, type KeyCommandName, keyCommandNames } from './commands.ts';
import type { KeyEvent } from './input-event.ts';
import { type Chord, formatChord, matchesChord, parseChord } from './keys.ts';
import type { Layout } from './layout.ts';

/** Which key after the prefix runs which command: the command table's keys, as the layout changes them. */
export type Keymap = {
  prefix: Chord;
  bindings: readonly Binding[];
  isPrefix(event: KeyEvent): boolean;
  /** The command of a key pressed after the prefix. */
  lookup(event: KeyEvent): KeyCommandName | null;
  /** The chords of a command as a person reads them, in the order of the table; empty when it has none. */
  chordsOf(command: KeyCommandName): string[];
  /** What to press for a command, prefix and all: `ctrl+b s`. Null when no key is bound to it. */
  pressFor(command: KeyCommandName): string | null;
  /** What is wrong with the keys, in plain words; such a key is left out. */
  problems: readonly string[];
};

export type Binding = { chord: Chord; command: KeyCommandName };

/** A key of the layout wins over another command's default; of two keys of the layout, the later one wins; the prefix over both. */
export function createKeymap(keys: Layout['keys']): Keymap {
  const problems: string[] = [];
  const parseAll = (name: string, texts: readonly string[]): Chord[] =>
    texts.flatMap((text) => {
      const chord = parseChord(text);
      if (!chord) problems.push(`keys.${name}: “${text}” is not a key`);
      return chord ? [chord] : [];
    });

  const prefixes = parseAll('prefix', keys.prefix ?? []);
  if (prefixes.length === 0) prefixes.push(parseChord(DEFAULT_PREFIX)!);
  const prefix = prefixes[0]!;

  const taken = new Set(prefixes.map(formatChord));
  const own = new Map<string, Binding>();
  for (const [name, texts] of Object.entries(keys)) {
    if (name === 'prefix') continue;
    if (!isKeyCommand(name)) {
      problems.push(`keys.${name}: there is no such command`);
      continue;
    }
    for (const chord of parseAll(name, texts ?? [])) {
      const text = formatChord(chord);
      if (taken.has(text)) {
        problems.push(`keys.${name}: “${text}” is the prefix, and so does nothing after it`);
        continue;
      }
      const other = own.get(text);
      if (other && other.command !== name)
        problems.push(`keys.${name}: “${text}” was ${other.command}’s; the later one counts`);
      own.delete(text);
      own.set(text, { chord, command: name });
    }
  }

  for (const text of own.keys()) taken.add(text);
  const defaults = keyCommandNames
    .filter((command) => !Object.hasOwn(keys, command))
    .flatMap((command) => parseAll(command, commandRow(command).keys ?? []).map((chord) => ({ chord, command })))
    .filter(({ chord }) => !taken.has(formatChord(chord)));
  // The layout's keys come first: a key event may match two chords (`?` and `shift+/`).
  const bindings = [...own.values(), ...defaults];

  const chordsOf = (command: KeyCommandName): string[] =>
    bindings.filter((binding) => binding.command === command).map(({ chord }) => formatChord(chord));
  return {
    prefix,
    bindings,
    problems,
    isPrefix: (event) => prefixes.some((chord) => matchesChord(event, chord)),
    lookup: (event) => bindings.find(({ chord }) => matchesChord(event, chord))?.command ?? null,
    chordsOf,
    pressFor(command) {
      const chord = chordsOf(command)[0];
      return chord === undefined ? null : `${formatChord(prefix)} ${chord}`;
    },
  };
}

function isKeyCommand(name: string): name is KeyCommandName {
  return (keyCommandNames as string[]).includes(name);
}
