import type { OuterState } from './outer-state.ts';
import type { OuterWishes } from './outer-wishes.ts';
import type { TerminalOutput } from './terminal-output.ts';

/**
 * The one place that writes to the outer terminal while a client is attached: modes and messages first, then the frame, in one write,
 * so that none ever lands inside another. When nothing has changed, nothing is written.
 */
export type PaintLoop = {
  /** Paints once for all changes of this turn of the event loop, or as soon as the terminal has taken what it was given before. */
  schedule(): void;
  /** A frame from the host has been laid into the picture: it is to be acknowledged when the terminal has it. */
  arrived(frame: number): void;
  wish(wishes: OuterWishes): void;
  /** Nothing more is written until `resume`: the terminal is somebody else's. */
  suspend(): void;
  resume(): void;
  /** Says something once: a bell, a question, the clipboard. */
  say(text: string): void;
  dispose(): void;
};

export type PaintLoopDeps = {
  output: TerminalOutput;
  outerState: OuterState;
  /** What of the picture is to be drawn; empty for nothing. */
  paintPicture(): string;
  /** These frames are on the terminal. */
  onShown(frames: number[]): void;
  guard(run: () => void): void;
};

/** A terminal that takes nothing must not collect what has been said since. */
const MAX_SAID = 32;

export function createPaintLoop({ output, outerState, paintPicture, onShown, guard }: PaintLoopDeps): PaintLoop {
  let unacknowledged: number[] = [];
  let wishes: OuterWishes | null = null;
  let said: string[] = [];
  let scheduled: NodeJS.Immediate | null = null;
  let waiting = false;
  let suspended = false;
  let disposed = false;

  function schedule(): void {
    if (scheduled || waiting || suspended || disposed) return;
    scheduled = setImmediate(() => {
      scheduled = null;
      guard(paint);
    });
  }

  function paint(): void {
    if (disposed || waiting || suspended) return;
    if (!output.drained) {
      // A slow terminal gets the newest picture when it is ready, not every picture.
      waiting = true;
      output.onDrained(() => {
        waiting = false;
        schedule();
      });
      return;
    }
    const side = wishes ? outerState.update(wishes) : '';
    const text = `${side}${said.join('')}${paintPicture()}`;
    said = [];
    if (text !== '') output.write(text);
    if (unacknowledged.length === 0) return;
    const frames = unacknowledged;
    unacknowledged = [];
    output.onDrained(() => onShown(frames));
  }

  return {
    schedule,
    arrived(frame) {
      unacknowledged.push(frame);
    },
    wish(next) {
      if (wishes && sameWishes(wishes, next)) return;
      wishes = next;
      schedule();
    },
    say(text) {
      said.push(text);
      if (said.length > MAX_SAID) said.shift();
      schedule();
    },
    suspend() {
      suspended = true;
    },
    resume() {
      suspended = false;
      schedule();
    },
    dispose() {
      disposed = true;
      if (scheduled) clearImmediate(scheduled);
    },
  };
}

function sameWishes(a: OuterWishes, b: OuterWishes): boolean {
  return (
    a.kittyFlags === b.kittyFlags &&
    a.modifyOtherKeys === b.modifyOtherKeys &&
    a.mouse === b.mouse &&
    a.cursorColor === b.cursorColor &&
    a.title === b.title &&
    a.progress === b.progress
  );
}
