import type { PaneInput } from './layout-schema.ts';
import type { Path } from './problem.ts';

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

/** A setting with two names: from the nearest level that has either, the first name before the second. */
export function pickEither<T>(
  pick: Pick,
  first: { read: (input: PaneInput) => T | undefined; keys: string[] },
  second: { read: (input: PaneInput) => T | undefined; keys: string[] },
): Picked<T> | undefined {
  const found = pick((input) => {
    for (const { read, keys } of [first, second]) {
      const value = read(input);
      if (value !== undefined) return { value, keys };
    }
    return undefined;
  });
  return found && { value: found.value.value, path: [...found.path, ...found.value.keys] };
}
