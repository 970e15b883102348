import { type FindPane, judgeDependency } from '../core/dependencies.ts';
import type { Dependency } from '../core/supervision.ts';

/** Holds up the spawns of panes until what they depend on is there. */
export type Gate = {
  /** Resolves when every condition holds; never, once it is called off. `tell`: what is waited for, at first and when that changes. */
  pass(dependencies: readonly Dependency[], wait: GateWait): Promise<void>;
};

type Waiting = { reason: string; hint: string; blocked: boolean };
type GateWait = { tell: (waiting: Waiting) => void; signal: AbortSignal };

export function createGate(find: FindPane): Gate & {
  /** A pane has changed: look again. */
  look(): void;
} {
  const waiters = new Set<() => void>();

  function judge(dependencies: readonly Dependency[]): Waiting | null {
    for (const dependency of dependencies) {
      const verdict = judgeDependency(dependency, find);
      if (verdict.holds) continue;
      const { reason, blocked } = verdict;
      return { reason, blocked, hint: blocked ? `see \`nonet show ${dependency.pane}\`` : '' };
    }
    return null;
  }

  return {
    pass(dependencies, { tell, signal }) {
      return new Promise((resolve) => {
        let told = '';
        const look = (): void => {
          const waiting = judge(dependencies);
          if (!waiting) {
            waiters.delete(look);
            resolve();
          } else if (told !== waiting.reason) {
            told = waiting.reason;
            tell(waiting);
          }
        };
        waiters.add(look);
        signal.addEventListener('abort', () => waiters.delete(look), { once: true });
        look();
      });
    },
    look() {
      for (const waiter of [...waiters]) waiter();
    },
  };
}
