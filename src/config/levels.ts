import type { PaneInput } from './layout-schema.ts';
import { type Path, quote, type ReportAt } from './problem.ts';

/** Settings of one level (defaults, the pane, its part of the profile) and where they stand in the file. */
export type Level = { input: PaneInput; path: Path };

/** A setting from the nearest level that has it, with its place; `keys` are its keys within a level. */
export type Pick = <T>(read: (input: PaneInput) => T | undefined, ...keys: string[]) => Picked<T> | undefined;

export type Picked<T> = { value: T; path: Path };

/** `levels`: the nearest last. */
export function createPick(levels: readonly Level[]): Pick {
  return (read, ...keys) => {
    for (const level of levels.toReversed()) {
      const value = read(level.input);
      if (value !== undefined) return { value, path: [...level.path, ...keys] };
    }
    return undefined;
  };
}

type Named<T> = { read: (input: PaneInput) => T | undefined; keys: string[] };

/** A setting with two names: from the nearest level that has either, the first name before the second. Warns of a level with both. */
export function pickEither<T>(
  pick: Pick,
  { first, second, warn }: { first: Named<T>; second: Named<T>; warn: ReportAt },
): Picked<T> | undefined {
  const found = pick((input) => {
    const [preferred, other] = [first.read(input), second.read(input)];
    if (preferred !== undefined) return { value: preferred, keys: first.keys, hasBoth: other !== undefined };
    return other === undefined ? undefined : { value: other, keys: second.keys, hasBoth: false };
  });
  if (!found) return undefined;
  const { value, keys, hasBoth } = found.value;
  if (hasBoth)
    warn(
      [...found.path, ...second.keys],
      `${quote(second.keys.join('.'))} has no effect beside ${quote(first.keys.join('.'))}: keep one`,
      'key',
    );
  return { value, path: [...found.path, ...keys] };
}
