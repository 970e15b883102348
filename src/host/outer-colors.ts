import type { ColorSource, OuterColors } from '../terminal/query-responder.ts';

/**
 * The colours of the terminal that people look through, as the last client told them. A program that asks before any client could
 * tell is kept waiting for a moment: it starts together with the session, and chooses its theme only once.
 */
export type OuterColorSource = ColorSource & { tell(colors: OuterColors): void };

const PATIENCE_MS = 400;
const NONE: OuterColors = { foreground: null, background: null, cursor: null };

export function createOuterColors(): OuterColorSource {
  let colors: OuterColors | null = null;
  const listeners: (() => void)[] = [];
  let timer: NodeJS.Timeout | null = null;

  function tell(next: OuterColors): void {
    if (timer) clearTimeout(timer);
    timer = null;
    colors = next;
    for (const listener of listeners.splice(0)) listener();
  }

  return {
    current: () => colors,
    whenKnown(listener) {
      listeners.push(listener);
      // Nobody looks: from then on there are no colours, until somebody does.
      timer ??= setTimeout(() => tell(NONE), PATIENCE_MS);
    },
    tell,
  };
}
