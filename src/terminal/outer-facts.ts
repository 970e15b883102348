/**
 * The terminal that people look through, as it told of itself; null where it did not say. Programs in panes are told the same when they
 * ask. Colours are `#rrggbb`, `cell` is in pixels.
 */
export type OuterFacts = {
  foreground: string | null;
  background: string | null;
  cursor: string | null;
  /** By number; shorter than 256 where it told fewer. */
  palette: readonly (string | null)[];
  scheme: ColorScheme | null;
  cell: CellSize | null;
};
export type ColorScheme = 'dark' | 'light';
export type CellSize = { width: number; height: number };

/** `current` is null until the facts are known; then `whenKnown` calls back once they are, or never will be. */
export type OuterSource = { current(): OuterFacts | null; whenKnown(listener: () => void): void };

export const NO_OUTER_FACTS: OuterFacts = {
  foreground: null,
  background: null,
  cursor: null,
  palette: [],
  scheme: null,
  cell: null,
};

/** For a screen that nobody looks through. */
export const NO_OUTER: OuterSource = { current: () => NO_OUTER_FACTS, whenKnown: (listener) => listener() };

/** Pixels of a cell where the terminal did not say: programs divide by them. */
export const USUAL_CELL: CellSize = { width: 8, height: 16 };
