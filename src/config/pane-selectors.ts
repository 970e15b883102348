import { NonetError } from '../core/errors.ts';
import { didYouMean } from './did-you-mean.ts';

export type Selectable = { pane: number; spec: { name: string } };

/** The panes that any of the selectors means, in order: a name, a number, a glob over names, or `all`. Throws NonetError `no-such-pane`. */
export function selectPanes<T extends Selectable>(panes: readonly T[], selectors: readonly string[]): T[] {
  const chosen = new Set<T>();
  for (const selector of selectors) {
    const found = find(panes, selector);
    if (found.length === 0) throw unknown(panes, selector);
    for (const pane of found) chosen.add(pane);
  }
  return panes.filter((pane) => chosen.has(pane));
}

/** Exactly one. Throws NonetError `usage` when the selector means several. */
export function selectPane<T extends Selectable>(panes: readonly T[], selector: string): T {
  const found = selectPanes(panes, [selector]);
  if (found.length > 1) {
    const names = found.map((pane) => pane.spec.name).join(', ');
    throw new NonetError('usage', `${JSON.stringify(selector)} means ${found.length} panes: ${names}`, {
      hint: 'name one of them',
    });
  }
  return found[0]!;
}

function find<T extends Selectable>(panes: readonly T[], selector: string): T[] {
  const named = panes.filter((pane) => pane.spec.name === selector);
  if (named.length > 0) return named;
  if (selector === 'all') return [...panes];
  if (/^\d+$/.test(selector)) return panes.filter((pane) => pane.pane === Number(selector));
  if (!/[*?[]/.test(selector)) return [];
  const pattern = globPattern(selector);
  return panes.filter((pane) => pattern.test(pane.spec.name));
}

/** `*`, `?` and `[a-z]`, over the whole name. */
function globPattern(glob: string): RegExp {
  const source = glob.replace(/\[(!?)([^\]]+)\]|[\s\S]/gu, (part, not: string | undefined, set: string | undefined) => {
    if (set !== undefined) return `[${not === '!' ? '^' : ''}${set.replace(/[\\\]^]/g, '\\$&')}]`;
    if (part === '*') return '[^]*';
    if (part === '?') return '[^]';
    return part.replace(/[\\^$.|+()[\]{}/]/g, '\\$&');
  });
  try {
    return new RegExp(`^${source}$`, 'u');
  } catch {
    // A range the wrong way round, as in [z-a]: means nothing.
    return /^(?!)/;
  }
}

function unknown(panes: readonly Selectable[], selector: string): NonetError {
  const names = panes.map((pane) => pane.spec.name);
  return new NonetError('no-such-pane', `no pane ${JSON.stringify(selector)}${didYouMean(selector, names)}`);
}
