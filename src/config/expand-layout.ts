import { expandVariables, type Variables } from './expand-variables.ts';
import type { Path, ReportAt } from './problem.ts';

/**
 * Expands `${VAR}` in every text below `value`, in place; keys stay. Command lines are left for the splitter, which must see variables
 * and quotes together. In a profile that is not in use an unset variable is no problem: the value is dropped.
 */
export function expandLayout(
  value: unknown,
  options: { variables: Variables; profile: string | null; report: ReportAt },
): { value: unknown; expanded: (path: Path) => boolean } {
  const { variables, profile, report } = options;
  const expandedPaths = new Set<string>();

  function visit(node: unknown, path: Path): unknown {
    if (typeof node === 'string') {
      if (!node.includes('$') || isCommandLine(path)) return node;
      const { text, problems } = expandVariables(node, variables);
      const unused = isUnused(path, profile);
      const told = problems.filter((problem) => !(unused && problem.kind === 'undefined'));
      for (const problem of told) report(path, problem.message);
      if (problems.length > 0) return told.length > 0 ? node : undefined;
      expandedPaths.add(JSON.stringify(path));
      return text;
    }
    if (Array.isArray(node)) {
      const items = node.map((item, index) => visit(item, [...path, index]));
      return items.includes(undefined) ? undefined : items;
    }
    if (typeof node === 'object' && node !== null) {
      const map = node as Record<string, unknown>;
      for (const [key, child] of Object.entries(map)) {
        const result = visit(child, [...path, key]);
        if (result === undefined) delete map[key];
        else map[key] = result;
      }
    }
    return node;
  }
  return { value: visit(value, []), expanded: (path) => expandedPaths.has(JSON.stringify(path)) };
}

/** True in a profile other than the one in use. */
export function isUnused(path: Path, profile: string | null): boolean {
  return path[0] === 'profiles' && path.length > 1 && path[1] !== profile;
}

const COMMAND_LINES = ['command', 'ready.exec', 'health.exec', 'on_fatal.run'];

function isCommandLine(path: Path): boolean {
  return COMMAND_LINES.includes(withinLevel(path).join('.'));
}

/** The keys below the settings of the defaults, a pane, or a pane of a profile. */
function withinLevel(path: Path): Path {
  if (path[0] === 'defaults') return path.slice(1);
  if (path[0] === 'panes') return path.slice(2);
  return path[0] === 'profiles' && path[2] === 'panes' ? path.slice(4) : [];
}
