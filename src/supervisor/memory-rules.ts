import { formatMemory } from '../core/format-values.ts';
import { durationWords } from '../core/restart-policy.ts';
import type { MemorySettings } from '../core/supervision.ts';

/** Judges the memory of one run's whole tree, sample by sample. */
export type MemoryRules = {
  judge(sample: { nowMs: number; bytes: number }): MemoryVerdict;
};

/** `high`: to be noticed. `exceeded`: above the most for long enough. `words` stay the same for as long as the level does. */
export type MemoryVerdict = { level: 'fine' | 'high' | 'exceeded'; words: string };

const FINE: MemoryVerdict = { level: 'fine', words: '' };

export function createMemoryRules({ warnBytes, maxBytes, sustainMs }: MemorySettings): MemoryRules {
  let overSinceMs: number | null = null;
  let latest = FINE;

  function levelOf(nowMs: number, bytes: number): MemoryVerdict['level'] {
    if (maxBytes !== null && bytes > maxBytes) {
      overSinceMs ??= nowMs;
      return nowMs - overSinceMs >= sustainMs ? 'exceeded' : 'high';
    }
    overSinceMs = null;
    return warnBytes !== null && bytes > warnBytes ? 'high' : 'fine';
  }

  return {
    judge({ nowMs, bytes }) {
      const level = levelOf(nowMs, bytes);
      if (level === latest.level) return latest;
      const most = level === 'exceeded' ? maxBytes : (warnBytes ?? maxBytes);
      const time = level === 'exceeded' && sustainMs > 0 ? ` for ${durationWords(sustainMs)}` : '';
      latest =
        level === 'fine'
          ? FINE
          : { level, words: `memory is ${formatMemory(bytes)}, above ${formatMemory(most ?? 0)}${time}` };
      return latest;
    },
  };
}
