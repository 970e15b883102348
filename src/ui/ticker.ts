import type { Clock } from '../client/clock.ts';

/** Time in steps of a second: what counts up or down on the screen moves with it, all at once. */
export type Ticker = {
  /** ms since 1970, as of the last step or `refresh`. */
  now(): number;
  /** Brings `now` up to date without a step: for what is drawn anew in between. */
  refresh(): void;
  dispose(): void;
};

const TICK_MS = 1000;

/** `steps` counts from 1. */
export function createTicker(clock: Clock, onTick: (nowMs: number, steps: number) => void): Ticker {
  let nowMs = clock.now();
  let steps = 0;
  let cancel = clock.after(TICK_MS, tick);

  function tick(): void {
    nowMs = clock.now();
    steps++;
    cancel = clock.after(TICK_MS, tick);
    onTick(nowMs, steps);
  }

  return {
    now: () => nowMs,
    refresh() {
      nowMs = clock.now();
    },
    dispose() {
      cancel();
    },
  };
}
