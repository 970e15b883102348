/** What a search through all panes has found. */

/**
 * A line with a match. `line`: the row that the first match begins in, numbered from the first that the pane ever had, so that it stays the
 * same while output goes on; another width gives all rows other numbers.
 */
export type FoundLine = {
  line: number;
  /** What is around the first match. */
  text: string;
  /** How much of the line is left out before `text`. */
  skipped: number;
  /** Matches in `text`, from and to before, in order. */
  matches: [from: number, to: number][];
};

/** Of one pane, newest first. `count`: lines with a match, of which `found` has the newest. `cols`: the width that rows had. */
export type PaneFinds = { pane: number; cols: number; count: number; found: readonly FoundLine[] };
