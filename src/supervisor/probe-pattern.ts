import vm from 'node:vm';

/**
 * Patterns come from layouts, and one like `(a+)+$` takes longer than the universe lasts on the wrong text. So they run against a clock:
 * the engine looks up between two steps of its backtracking. One that was too slow several times is not tried again. The clock is the one on
 * the wall: whoever was given no time by the machine was not slow.
 */
export type Pattern = {
  /** `slow`: nothing was found in the time there is. `busy`: the machine gave no time to look. */
  test(texts: readonly string[]): 'match' | 'none' | 'slow' | 'busy';
};

const TIMEOUT_MS = 50;
const MAX_SLOW = 3;
/** On a machine that is busy with other things it is tried this often, until it has had this much of the time. */
const MAX_TRIES = 10;
const HAD_TIME_MS = TIMEOUT_MS / 2;
/** A line longer than this is no line for people. */
const MAX_TEXT = 64 * 1024;

const script = new vm.Script('texts.some((text) => pattern.test(text))');

/** JavaScript's regular expressions with the flag `u`. Throws SyntaxError for one that is none. `cpuMs`: what this process has used. */
export function createPattern(source: string, cpuMs: () => number = usedMs): Pattern {
  const pattern = new RegExp(source, 'u');
  let slow = 0;
  return {
    test(texts) {
      if (slow >= MAX_SLOW) return 'slow';
      const context = vm.createContext({ pattern, texts: texts.map((text) => text.slice(0, MAX_TEXT)) });
      const beganMs = cpuMs();
      for (let tries = 1; tries <= MAX_TRIES; tries++) {
        try {
          const found = script.runInContext(context, { timeout: TIMEOUT_MS }) as boolean;
          slow = 0;
          return found ? 'match' : 'none';
        } catch {
          if (cpuMs() - beganMs < HAD_TIME_MS) continue;
          slow++;
          return 'slow';
        }
      }
      return 'busy';
    },
  };
}

function usedMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
