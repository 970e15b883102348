import { commandRow, DEFAULT_PREFIX, keyCommandNames } from '../core/commands.ts';
import { formatChord, parseChord } from '../core/keys.ts';
import type { Layout } from '../core/layout.ts';
import { quote, type ReportAt } from './problem.ts';

/** One key cannot run two commands, and the prefix runs none. */
export function checkKeys(keys: Layout['keys'], { report, warn }: { report: ReportAt; warn: ReportAt }): void {
  const owners = new Map<string, string>();
  const prefix = parseChord(keys['prefix']?.[0] ?? DEFAULT_PREFIX)!;
  const defaults = new Map(
    keyCommandNames
      .filter((name) => !Object.hasOwn(keys, name))
      .flatMap((name) => (commandRow(name).keys ?? []).map((key) => [formatChord(parseChord(key)!), name] as const)),
  );
  for (const [command, chords] of Object.entries(keys)) {
    for (const text of command === 'prefix' ? [] : (chords ?? [])) {
      const chord = parseChord(text);
      const key = chord ? formatChord(chord) : text;
      const owner = owners.get(key);
      if (owner !== undefined && owner !== command)
        report(['keys', command], `key ${quote(text)} is already bound to ${quote(owner)}`);
      owners.set(key, command);
      if (key === formatChord(prefix))
        report(['keys', command], `key ${quote(text)} is the prefix and cannot be a command’s`);
      const loser = defaults.get(key);
      if (loser !== undefined && loser !== command)
        warn(['keys', command], `key ${quote(text)} is taken from ${quote(loser)}; give that one another key, or null`);
    }
  }
}
