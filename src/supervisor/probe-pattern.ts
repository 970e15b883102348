import vm from 'node:vm';

/**
 * Patterns come from layouts, and one like `(a+)+$` takes longer than the universe lasts on the wrong text. So they run against a clock:
 * the engine looks up between two steps of its backtracking. One that was too slow several times is not tried again.
 */
export type Pattern = {
  /** `slow`: nothing was found in the time there is. */
  test(texts: readonly string[]): 'match' | 'none' | 'slow';
};

const TIMEOUT_MS = 50;
/** A machine that is busy with other things can make any pattern slow for once. */
const MAX_SLOW = 3;
/** A line longer than this is no line for people. */
const MAX_TEXT = 64 * 1024;

const script = new vm.Script('texts.some((text) => pattern.test(text))');

/** JavaScript's regular expressions with the flag `u`. Throws SyntaxError for one that is none. */
export function createPattern(source: string): Pattern {
  const pattern = new RegExp(source, 'u');
  let slow = 0;
  return {
    test(texts) {
      if (slow >= MAX_SLOW) return 'slow';
      const context = vm.createContext({ pattern, texts: texts.map((text) => text.slice(0, MAX_TEXT)) });
      try {
        const found = script.runInContext(context, { timeout: TIMEOUT_MS }) as boolean;
        slow = 0;
        return found ? 'match' : 'none';
      } catch {
        slow++;
        return 'slow';
      }
    },
  };
}
