import { NonetError } from '../core/errors.ts';
import type { Layout } from '../core/layout.ts';
import { diffLayouts } from '../core/layout-diff.ts';
import type { PastLayoutInfo } from '../protocol/control.ts';

/** A layout that the session had until `at`, ms since 1970. */
export type PastLayout = { layout: Layout; at: number };

const MAX_LAYOUTS = 10;
/** They are part of what is left for the next daemon at every change of a pane: ten ordinary layouts fit many times over. */
const MAX_BYTES = 1024 * 1024;

/** The latest first. */
export function rememberLayout(past: readonly PastLayout[], latest: PastLayout): PastLayout[] {
  const kept: PastLayout[] = [];
  let bytes = 0;
  for (const entry of [latest, ...past].slice(0, MAX_LAYOUTS)) {
    bytes += JSON.stringify(entry).length;
    if (kept.length > 0 && bytes > MAX_BYTES) break;
    kept.push(entry);
  }
  return kept;
}

export function describePast(past: readonly PastLayout[], present: Layout): PastLayoutInfo[] {
  return past.map(({ layout, at }, index) => ({
    back: index + 1,
    at,
    name: layout.name,
    panes: layout.panes.length,
    diff: diffLayouts(present, layout),
  }));
}

/** Throws NonetError `usage` when there are not so many. */
export function pastLayout(past: readonly PastLayout[], back: number): Layout {
  const found = past[back - 1];
  if (found) return found.layout;
  const has = past.length === 0 ? 'its layout has not changed' : `it has had ${past.length} before this one`;
  throw new NonetError('usage', `the session has no layout ${back} back: ${has}`, {
    hint: 'see `nonet rollback --list`',
  });
}
