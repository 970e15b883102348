/** What a layout may have at most. */
export const MAX_PANES = 99;
export const MAX_GRID = 20;
export const MAX_SCROLLBACK = 1_000_000;
export const DEFAULT_SCROLLBACK = 10_000;
