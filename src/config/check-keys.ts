import { commandRow, DEFAULT_PREFIX, keyCommandNames } from '../core/commands.ts';
import { formatChord, parseChord } from '../core/keys.ts';
import type { Layout } from '../core/layout.ts';
import { type Path, quote, type ReportAt } from './problem.ts';

/**
 * One key cannot run two commands, and the prefix runs none: pressed twice, it goes to the pane. `prefixAt`: where the prefix stands.
 */
export function checkKeys(
  keys: Layout['keys'],
  { report, warn, prefixAt = ['keys', 'prefix'] }: { report: ReportAt; warn: ReportAt; prefixAt?: Path },
): void {
  const owners = new Map<string, string>();
  const prefix = formatChord(parseChord(keys['prefix']?.[0] ?? DEFAULT_PREFIX)!);
  const defaults = new Map(
    keyCommandNames
      .filter((name) => !Object.hasOwn(keys, name))
      .flatMap((name) => (commandRow(name).keys ?? []).map((key) => [formatChord(parseChord(key)!), name] as const)),
  );
  const unreachable = defaults.get(prefix);
  if (unreachable !== undefined) warn(prefixAt, takenFrom(`${quote(prefix)}, the prefix,`, unreachable));
  for (const [command, chords] of Object.entries(keys)) {
    for (const text of command === 'prefix' ? [] : (chords ?? [])) {
      const chord = parseChord(text);
      const key = chord ? formatChord(chord) : text;
      const owner = owners.get(key);
      if (owner !== undefined && owner !== command)
        report(['keys', command], `key ${quote(text)} is already bound to ${quote(owner)}`);
      owners.set(key, command);
      if (key === prefix) report(['keys', command], `key ${quote(text)} is the prefix and cannot be a command’s`);
      const loser = defaults.get(key);
      if (loser !== undefined && loser !== command) warn(['keys', command], takenFrom(quote(text), loser));
    }
  }
}

function takenFrom(key: string, loser: string): string {
  return `key ${key} is taken from ${quote(loser)}; give that one another key, or null`;
}
