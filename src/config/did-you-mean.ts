import { quote } from './problem.ts';

/** `; did you mean "x"?` when one of `known` is close enough to be a slip of the fingers, else nothing. */
export function didYouMean(text: string, known: Iterable<string>): string {
  const closest = closestName(text, known);
  return closest === null ? '' : `; did you mean ${quote(closest)}?`;
}

/** The nearest of `known`, or null when none is within a third of the text's length (and never more than 3 slips). */
export function closestName(text: string, known: Iterable<string>): string | null {
  // Nobody slips to a name this long, and the table below grows with the square of it.
  if (text.length > 64) return null;
  const wanted = text.toLowerCase();
  let best: { name: string; distance: number } | null = null;
  for (const name of known) {
    if (name === text) continue;
    const limit = Math.min(3, Math.max(1, Math.floor(Math.max(wanted.length, name.length) / 3)));
    if (Math.abs(name.length - wanted.length) > limit) continue;
    const distance = editDistance(wanted, name.toLowerCase());
    if (distance <= limit && (!best || distance < best.distance)) best = { name, distance };
  }
  return best?.name ?? null;
}

/** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      row[j] = Math.min(row[j - 1]! + 1, last[j]! + 1, last[j - 1]! + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        row[j] = Math.min(row[j]!, beforeLast[j - 2]! + 1);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}
