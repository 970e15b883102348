/**
 * What a screen program's log has said lately, so that it does not say it a thousand times: the same text not again within a minute, and of
 * texts that differ only in numbers (a clock, a count, a table of processes) only a few.
 */
export type RecentLines = {
  /** Worth a record? `before`: what was written of the same place; `final`: it is the last look at it. */
  isNew(text: string, options: { before: string | null; final: boolean }): boolean;
  has(text: string): boolean;
  add(text: string): void;
  clear(): void;
};

const MEMORY_MS = 60_000;
const MAX_LINES = 1_000;
/** So many of one shape a minute: `step 1`, `step 2`, `step 3` are told, a clock is not told for ever. */
const MAX_OF_A_SHAPE = 3;

export function createRecentLines(nowMs: () => number): RecentLines {
  const texts = new Map<string, number>();
  const shapes = new Map<string, number[]>();

  function has(text: string): boolean {
    const at = texts.get(text);
    return at !== undefined && nowMs() - at < MEMORY_MS;
  }

  return {
    has,
    isNew(text, { before, final }) {
      if (has(text)) return false;
      if (final) return true;
      const shape = shapeOf(text);
      // At the same place: an animation.
      if (before !== null && shapeOf(before) === shape) return false;
      const since = nowMs() - MEMORY_MS;
      return (shapes.get(shape) ?? []).filter((at) => at > since).length < MAX_OF_A_SHAPE;
    },
    add(text) {
      if (text === '') return;
      const time = nowMs();
      remember(texts, text, time);
      const shape = shapeOf(text);
      remember(shapes, shape, [...(shapes.get(shape) ?? []), time].slice(-MAX_OF_A_SHAPE));
    },
    clear() {
      texts.clear();
      shapes.clear();
    },
  };
}

/** The oldest make room. */
function remember<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > MAX_LINES) map.delete(map.keys().next().value!);
}

/** Without what changes in animations: numbers, spinners, lengths of bars. */
function shapeOf(text: string): string {
  return text
    .replace(/\d+(?:[.,:]\d+)*/g, '0')
    .replace(/[^\p{L}\p{N}\s]+/gu, '·')
    .replace(/\s+/g, ' ');
}
