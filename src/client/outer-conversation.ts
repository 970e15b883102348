import type { TerminalReply } from '../core/input-event.ts';
import type { OuterInput } from './outer-input.ts';
import { COLOR_PROBE, type OuterTerminal } from './outer-terminal.ts';

/** Questions to the outer terminal and what follows from its answers, whenever they come. The probe has just been written. */
export type OuterConversation = {
  learn(reply: TerminalReply): void;
  /** A host that knows nothing of this terminal. */
  hostChanged(): void;
  dispose(): void;
};

export type OuterConversationDeps = {
  outer: OuterTerminal;
  input: OuterInput;
  say(text: string): void;
  /** Tells the host what is known. */
  tell(): void;
  /** What is on the screen was drawn for another terminal. */
  onLookChanged(): void;
  onLearnt(): void;
};

export function createOuterConversation(deps: OuterConversationDeps): OuterConversation {
  const { outer, input, say, tell } = deps;
  let answersDue = true;
  let scheduled: NodeJS.Immediate | null = null;
  input.expectAnswers();

  /** Late answers come one after the other. */
  function tellLater(): void {
    scheduled ??= setImmediate(() => {
      scheduled = null;
      tell();
    });
  }

  return {
    learn(reply) {
      const { look } = outer;
      const lesson = outer.learn(reply);
      if (outer.look !== look) deps.onLookChanged();
      if (lesson === 'all') {
        answersDue = false;
        input.answered(outer.kitty === true);
        tell();
      } else if (lesson === 'colors') {
        answersDue = true;
        input.expectAnswers();
        say(COLOR_PROBE);
      } else if (lesson === 'more' && !answersDue) tellLater();
      // Late, and the keyboard is another one from now on.
      else if (reply.kind === 'kitty-flags' && !answersDue) input.answered(true);
      deps.onLearnt();
    },
    hostChanged() {
      if (outer.answered) tell();
    },
    dispose() {
      if (scheduled) clearImmediate(scheduled);
    },
  };
}
