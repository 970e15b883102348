import { NO_OUTER_FACTS, type OuterFacts, type OuterSource } from '../terminal/outer-facts.ts';

/**
 * The terminal that people look through, as the last client told it. A program that asks before any client could tell is kept
 * waiting for a moment: it starts together with the session, and chooses its theme only once.
 */
export type HostOuterSource = OuterSource & {
  tell(facts: OuterFacts): void;
  dispose(): void;
};

const PATIENCE_MS = 400;

export function createOuterSource(): HostOuterSource {
  let facts: OuterFacts | null = null;
  let listeners: (() => void)[] = [];
  let timer: NodeJS.Timeout | null = null;

  function tell(next: OuterFacts): void {
    if (timer) clearTimeout(timer);
    timer = null;
    facts = next;
    const waiting = listeners;
    listeners = [];
    for (const listener of waiting) listener();
  }

  return {
    current: () => facts,
    whenKnown(listener) {
      if (facts) {
        listener();
        return;
      }
      listeners.push(listener);
      // Nobody looks: from then on nothing is known, until somebody does.
      timer ??= setTimeout(() => tell(NO_OUTER_FACTS), PATIENCE_MS);
    },
    tell,
    dispose() {
      if (timer) clearTimeout(timer);
    },
  };
}
