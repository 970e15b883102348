import path from 'node:path';
import { type Path, quote, type ReportAt } from './problem.ts';

/** Absolute: from the home directory for `~/…`, else from `directory`. */
export function resolvePath(
  value: string,
  at: Path,
  { home, directory, report }: { home: string; directory: string; report: ReportAt },
): string {
  if (value === '~') return home;
  if (value.startsWith('~/')) return path.join(home, value.slice(2));
  if (value.startsWith('~')) report(at, `${quote(value)}: only ~ and ~/… are known, not other users' homes`);
  return path.resolve(directory, value);
}
