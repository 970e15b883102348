/** How many lines may be written: so many at once, and then so many a second, in passages rather than one here and one there. */
export type LineAllowance = {
  /** Whether one more line may be written; it counts as written. */
  take(): boolean;
  /** Allows so many more, whatever there was before. */
  grant(lines: number): void;
};

/** A person reads ten lines a second and a machine has the raw bytes; in a flood text would cost more than the screen itself. */
const LINES_PER_SECOND = 1_000;
const BURST_LINES = 3_000;
const PASSAGE_LINES = 500;

/** `nowMs`: monotonic. */
export function createLineAllowance(nowMs: () => number): LineAllowance {
  let tokens = BURST_LINES;
  let starved = false;
  let refilledAt = nowMs();

  return {
    take() {
      if (tokens < 1 || starved) {
        const time = nowMs();
        tokens = Math.min(BURST_LINES, tokens + ((time - refilledAt) / 1000) * LINES_PER_SECOND);
        refilledAt = time;
        starved = tokens < PASSAGE_LINES;
        if (starved) return false;
      }
      tokens--;
      return true;
    },
    grant(lines) {
      tokens += lines;
      starved = false;
    },
  };
}
