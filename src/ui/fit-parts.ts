import type { StatusPartName } from '../core/settings.ts';
import { cutSegments, joinSegments, type Segment, segmentsWidth } from './styled-line.tsx';

/** A part of a bar, in one form or in several: each longer than the one before it, and of lower rank. */
export type Part = {
  /** What a person may leave out has one. */
  name?: StatusPartName;
  right?: boolean;
  forms: { rank: number; segments: Segment[] }[];
  /** It is cut to what room there is when it comes to it, down to this many cells. */
  fewest?: number;
};

/**
 * A line of exactly `cols` cells. Forms come by their ranks, the highest first, each only if it fits beside those before it; a longer form
 * takes the place of the one before it.
 */
export function fitParts(parts: readonly Part[], cols: number): Segment[] {
  const steps = parts
    .flatMap((part) => part.forms.map(({ rank, segments }, index) => ({ part, rank, segments, index })))
    .sort((a, b) => b.rank - a.rank);
  const shown = new Map<Part, { index: number; segments: Segment[] }>();
  // Each part with a blank, which at the end of the line may be missing.
  let room = cols;
  for (const { part, segments, index } of steps) {
    const before = shown.get(part);
    if (index > 0 && before?.index !== index - 1) continue;
    const here = room + (before ? segmentsWidth(before.segments) + 1 : 0);
    const fits = segmentsWidth(segments) <= here;
    if (!fits && shown.size > 0 && (part.fewest === undefined || here < part.fewest)) continue;
    const kept = fits ? segments : cutSegments(segments, here);
    shown.set(part, { index, segments: kept });
    room = here - segmentsWidth(kept) - 1;
  }

  const side = (right: boolean): Segment[] =>
    parts
      .flatMap((part) => ((part.right ?? false) === right ? (shown.get(part) ?? []) : []))
      .flatMap(({ segments }, index) => (index === 0 ? segments : [bar(' '), ...segments]));
  const left = cutSegments([...side(false), bar(' ')], cols);
  const right = cutSegments(side(true), cols - segmentsWidth(left));
  const gap = Math.max(0, cols - segmentsWidth(left) - segmentsWidth(right));
  return joinSegments([...left, bar(' '.repeat(gap)), ...right]);
}

export function bar(text: string): Segment {
  return { text, inverse: true };
}
