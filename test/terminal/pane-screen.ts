import type { PaneSignal } from '../../src/core/pane-signal.ts';
import { NO_OUTER_FACTS, type OuterFacts } from '../../src/terminal/outer-facts.ts';
import { createReplyQueue } from '../../src/terminal/reply-queue.ts';
import { createScreen, type ScreenOptions } from '../../src/terminal/screen.ts';

/** A screen as a pane has it, with what its program hears and what it signals. */
export function openPaneScreen(options: Partial<ScreenOptions> = {}, facts: Partial<OuterFacts> = {}) {
  const replies: string[] = [];
  const signals: PaneSignal[] = [];
  let outer: OuterFacts = { ...NO_OUTER_FACTS, ...facts };
  const screen = createScreen({
    cols: 20,
    rows: 5,
    scrollback: 100,
    version: '1.2.3',
    replies: createReplyQueue((text) => replies.push(text)),
    onSignal: (signal) => signals.push(signal),
    outer: { current: () => outer, whenKnown: (listener) => listener() },
    ...options,
  });
  return {
    screen,
    signals,
    /** What the program hears in answer to these bytes. */
    ask(bytes: string): string {
      replies.length = 0;
      screen.write(bytes);
      return replies.splice(0).join('');
    },
    /** … and what it heard since. */
    heard(): string {
      return replies.splice(0).join('');
    },
    tellOuter(next: Partial<OuterFacts>): void {
      outer = { ...outer, ...next };
      screen.outerChanged();
    },
  };
}
