import type { Layout, PaneSpec } from './layout.ts';

/** What is different between two layouts. Panes are told apart by their names. */
export type LayoutDiff = {
  added: string[];
  removed: string[];
  changed: PaneChange[];
  /** What concerns no pane by itself. */
  session: SessionSetting[];
};

/** `restart`: the program has to be started anew for it. */
export type PaneChange = { name: string; restart: boolean; settings: SettingChange[] };

/** `before` and `after` are null where values are not for everybody's eyes. */
export type SettingChange = { setting: string; restart: boolean; before: string | null; after: string | null };

const SESSION_SETTINGS = ['name', 'file', 'grid', 'keys', 'mouse', 'clipboard', 'reload'] as const;
export type SessionSetting = (typeof SESSION_SETTINGS)[number] | 'order';

type Setting = Exclude<keyof PaneSpec, 'name' | 'command' | 'instance'>;

/** The name in the layout file, and whether a running program would not notice the change. */
const SETTINGS: Record<Setting, { label: string; restart: boolean }> = {
  argv: { label: 'command', restart: true },
  cwd: { label: 'cwd', restart: true },
  env: { label: 'env', restart: true },
  // Set around the program before it starts.
  limits: { label: 'limits', restart: true },
  agent: { label: 'agent', restart: false },
  autostart: { label: 'autostart', restart: false },
  restart: { label: 'restart', restart: false },
  stop: { label: 'stop', restart: false },
  scrollback: { label: 'scrollback', restart: false },
  ready: { label: 'ready', restart: false },
  dependsOn: { label: 'depends_on', restart: false },
  cronRestart: { label: 'cron_restart', restart: false },
  watch: { label: 'watch', restart: false },
  onFatal: { label: 'on_fatal', restart: false },
  health: { label: 'health', restart: false },
  hang: { label: 'hang', restart: false },
  memory: { label: 'memory', restart: false },
  log: { label: 'log', restart: false },
  resurrect: { label: 'resurrect', restart: false },
};

export function diffLayouts(before: Layout, after: Layout): LayoutDiff {
  const old = new Map(before.panes.map((spec) => [spec.name, spec]));
  const names = new Set(after.panes.map(({ name }) => name));
  const changed: PaneChange[] = [];
  for (const spec of after.panes) {
    const settings = old.has(spec.name) ? diffPanes(old.get(spec.name)!, spec) : [];
    if (settings.length > 0)
      changed.push({ name: spec.name, restart: settings.some(({ restart }) => restart), settings });
  }
  const session: SessionSetting[] = SESSION_SETTINGS.filter((key) => !isSame(before[key], after[key]));
  const kept = before.panes.filter(({ name }) => names.has(name)).map(({ name }) => name);
  const keptAfter = after.panes.filter(({ name }) => old.has(name)).map(({ name }) => name);
  if (!isSame(kept, keptAfter)) session.push('order');
  return {
    added: after.panes.filter(({ name }) => !old.has(name)).map(({ name }) => name),
    removed: before.panes.filter(({ name }) => !names.has(name)).map(({ name }) => name),
    changed,
    session,
  };
}

export function isEmptyDiff({ added, removed, changed, session }: LayoutDiff): boolean {
  return added.length + removed.length + changed.length + session.length === 0;
}

function diffPanes(before: PaneSpec, after: PaneSpec): SettingChange[] {
  const changes: SettingChange[] = [];
  for (const [key, { label, restart }] of Object.entries(SETTINGS) as [
    Setting,
    { label: string; restart: boolean },
  ][]) {
    if (isSame(before[key], after[key])) continue;
    if (key === 'env') changes.push(...diffEnvironments(before.env, after.env));
    else changes.push({ setting: label, restart, before: words(before[key]), after: words(after[key]) });
  }
  if (before.command !== after.command && isSame(before.argv, after.argv))
    changes.push({ setting: 'command', restart: false, before: before.command, after: after.command });
  // The number is in the program's environment.
  if (before.instance !== after.instance)
    changes.push({ setting: 'instances', restart: true, before: words(before.instance), after: words(after.instance) });
  return changes;
}

/** By name only: values may be secrets. */
function diffEnvironments(before: PaneSpec['env'], after: PaneSpec['env']): SettingChange[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names
    .filter((name) => before[name] !== after[name])
    .map((name) => ({ setting: `env ${name}`, restart: true, before: null, after: null }));
}

function words(value: unknown): string {
  if (value === null) return 'none';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Maps are the same in whatever order their keys stand. */
function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, i) => isSame(item, b[i]));
  }
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && isSame(left[key], right[key]))
  );
}
