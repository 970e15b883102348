import type { Variables } from './expand-variables.ts';
import type { Path, ReportAt } from './problem.ts';

/** What it takes to make settings of what stands in a layout. */
export type ResolveContext = {
  variables: Variables;
  home: string;
  /** Directory that relative paths start from. */
  directory: string;
  profile: string | null;
  /** Lines kept above a screen where the layout does not say. */
  scrollback: number;
  report: ReportAt;
  warn: ReportAt;
  damaged: (path: Path) => boolean;
  /** An unquoted scalar as it was written. */
  plainSource: (path: Path) => string | undefined;
};
