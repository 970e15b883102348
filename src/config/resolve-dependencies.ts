import type { PaneSpec } from '../core/layout.ts';
import type { Dependency, DependencyCondition } from '../core/supervision.ts';
import { didYouMean } from './did-you-mean.ts';
import type { PaneInput } from './layout-schema.ts';
import type { Picked } from './levels.ts';
import { type Path, quote, type ReportAt } from './problem.ts';

/** The panes that one entry of the file made, and what it depends on. */
export type PaneEntry = { name: string; specs: PaneSpec[]; dependsOn: Picked<DependsOnInput> | undefined };

type DependsOnInput = NonNullable<PaneInput['depends_on']>;
type Wanted = { name: string; condition: DependencyCondition | undefined; path: Path };

/** Sets what the panes depend on; a name with instances means all of them. Reports unknown names, impossible conditions and circles. */
export function resolveDependencies(entries: readonly PaneEntry[], report: ReportAt): void {
  const byName = new Map<string, PaneSpec[]>();
  for (const { name, specs } of entries) {
    byName.set(name, specs);
    for (const spec of specs) byName.set(spec.name, [spec]);
  }
  const known = [...byName.keys()];
  const places = new Map<string, Path>();
  for (const { specs, dependsOn } of entries) {
    if (!dependsOn) continue;
    const dependencies = new Map<string, Dependency>();
    const said = new Map<string, DependencyCondition>();
    for (const { name, condition, path } of wantedOf(dependsOn)) {
      const targets = byName.get(name);
      if (!targets) report(path, `unknown pane ${quote(name)}${didYouMean(name, known)}`);
      for (const target of targets ?? []) {
        const chosen = condition ?? (target.ready ? 'ready' : 'started');
        if (chosen === 'exited_ok' && target.restart.policy === 'always')
          report(path, `${quote(target.name)} is restarted however it ends (restart: always): it is never exited_ok`);
        const before = said.get(target.name);
        if (before !== undefined && condition !== undefined && before !== condition)
          report(path, `${quote(target.name)} is to be ${before} and ${condition}: keep one`);
        if (condition !== undefined) said.set(target.name, condition);
        // What is written goes before a default.
        if (condition !== undefined || !dependencies.has(target.name))
          dependencies.set(target.name, { pane: target.name, condition: chosen });
      }
    }
    for (const spec of specs) {
      spec.dependsOn = [...dependencies.values()];
      places.set(spec.name, dependsOn.path);
    }
  }
  const circle = findCircle(entries.flatMap(({ specs }) => specs));
  if (circle) report(places.get(circle[0]!)!, `depends_on goes in a circle: ${circle.join(' → ')}`);
}

function wantedOf({ value, path }: Picked<DependsOnInput>): Wanted[] {
  if (typeof value === 'string') return [{ name: value, condition: undefined, path }];
  if (Array.isArray(value)) {
    return value.map((item, index) =>
      typeof item === 'string'
        ? { name: item, condition: undefined, path: [...path, index] }
        : { name: item.pane, condition: item.condition, path: [...path, index, 'pane'] },
    );
  }
  return Object.entries(value).map(([name, condition]) => ({
    name,
    condition: typeof condition === 'string' ? condition : condition?.condition,
    path: [...path, name],
  }));
}

/** The names of a circle, its first one again at the end; null when there is none. */
function findCircle(specs: readonly PaneSpec[]): string[] | null {
  const byName = new Map(specs.map((spec) => [spec.name, spec]));
  const done = new Set<string>();
  const visit = (name: string, trail: readonly string[]): string[] | null => {
    if (trail.includes(name)) return [...trail.slice(trail.indexOf(name)), name];
    if (done.has(name)) return null;
    for (const { pane } of byName.get(name)?.dependsOn ?? []) {
      const found = visit(pane, [...trail, name]);
      if (found) return found;
    }
    done.add(name);
    return null;
  };
  for (const { name } of specs) {
    const found = visit(name, []);
    if (found) return found;
  }
  return null;
}
