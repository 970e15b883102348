import { expandVariables, isOneVariable, type Variables } from './expand-variables.ts';
import { readPlainScalar } from './plain-scalar.ts';
import type { Path, ReportAt } from './problem.ts';

export type Expanded = {
  value: unknown;
  expanded: (path: Path) => boolean;
  /** What else an expanded value may be, for a schema that does not take it as it is. */
  otherReading: (path: Path) => { value: unknown } | null;
};

/**
 * Expands `${VAR}` in every text below `value`, in place; keys stay. Command lines are left for the splitter, which must see variables
 * and quotes together. In a profile that is not in use an unset variable is no problem: the value is dropped.
 *
 * What stands without quotes becomes what YAML reads in the expanded text, and that text where the schema does not take it. In quotes it
 * stays text; but a `${VAR}` alone, which must be quoted within { } and [ ], is a number, true or false where the schema takes no text.
 */
export function expandLayout(
  value: unknown,
  options: {
    variables: Variables;
    profile: string | null;
    report: ReportAt;
    plainSource: (path: Path) => string | undefined;
  },
): Expanded {
  const { variables, profile, report, plainSource } = options;
  const expandedPaths = new Set<string>();
  const otherReadings = new Map<string, { value: unknown }>();

  function readingOf(written: string, text: string, path: Path): unknown {
    const isPlain = plainSource(path) !== undefined;
    if (staysText(path) || !(isPlain || isOneVariable(written))) return text;
    const read = readPlainScalar(text);
    if (read === text || (read === null && !isPlain)) return text;
    otherReadings.set(JSON.stringify(path), { value: isPlain ? text : read });
    return isPlain ? read : text;
  }

  function visit(node: unknown, path: Path): unknown {
    if (typeof node === 'string') {
      if (!node.includes('$') || isCommandLine(path)) return node;
      const { text, problems } = expandVariables(node, variables);
      const unused = isUnused(path, profile);
      const told = problems.filter((problem) => !(unused && problem.kind === 'undefined'));
      for (const problem of told) report(path, problem.message);
      if (problems.length > 0) return told.length > 0 ? node : undefined;
      expandedPaths.add(JSON.stringify(path));
      return readingOf(node, text, path);
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
  return {
    value: visit(value, []),
    expanded: (path) => expandedPaths.has(JSON.stringify(path)),
    otherReading: (path) => otherReadings.get(JSON.stringify(path)) ?? null,
  };
}

/** True in a profile other than the one in use. */
export function isUnused(path: Path, profile: string | null): boolean {
  return path[0] === 'profiles' && path.length > 1 && path[1] !== profile;
}

const COMMAND_LINES = ['command', 'ready.exec', 'health.exec', 'on_fatal.run'];

function isCommandLine(path: Path): boolean {
  return COMMAND_LINES.includes(withinLevel(path).join('.'));
}

/** Variables of the environment and words of a command are text, whatever they look like. */
function staysText(path: Path): boolean {
  return (path.at(-2) === 'env' && path.at(-3) !== 'panes') || isCommandLine(path.slice(0, -1));
}

/** The keys below the settings of the defaults, a pane, or a pane of a profile. */
function withinLevel(path: Path): Path {
  if (path[0] === 'defaults') return path.slice(1);
  if (path[0] === 'panes') return path.slice(2);
  return path[0] === 'profiles' && path[2] === 'panes' ? path.slice(4) : [];
}
