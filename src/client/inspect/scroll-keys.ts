import { CTRL, type KeyEvent } from '../../core/input-event.ts';
import { matchesChord } from '../../core/keys.ts';
import { typedText } from '../../core/line-edit.ts';
import { pageStep } from '../page-step.ts';

/** How far down a key moves in a page of so many rows, as in less and vi: negative is up, infinite is to the end. Null for other keys. */
export function scrollStep(event: KeyEvent, pageRows: number): number | null {
  const page = Math.max(1, pageRows - 1);
  const letters: Record<string, number> = {
    k: -1,
    j: 1,
    b: -page,
    ' ': page,
    f: page,
    u: -(page >> 1),
    d: page >> 1,
    g: Number.NEGATIVE_INFINITY,
    G: Number.POSITIVE_INFINITY,
  };
  const chords: Record<string, number> = { b: -page, f: page, u: -(page >> 1), d: page >> 1, p: -1, n: 1 };
  for (const [key, step] of Object.entries(chords)) {
    if (matchesChord(event, { key, modifiers: CTRL })) return step;
  }
  const step = matchesChord(event, { key: event.key, modifiers: 0 }) ? pageStep(event.key, page) : null;
  return step ?? letters[typedText(event)] ?? null;
}
