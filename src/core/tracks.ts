/** The rows or columns of a grid on a screen. */
export type Track = { start: number; end: number };

export type TracksInput = {
  /** Cells there are, and how many of them lie between two tracks. */
  total: number;
  parts: number;
  gap: number;
  /** What each track gets in proportion to the others; equal without. Others than `parts` of them are not heeded. */
  shares?: readonly number[] | undefined;
  /** What each track gets at least, if there is room for all of that; only where there are shares. */
  minimums?: readonly number[];
};

/** Cuts the cells into tracks. What is left over goes to those that lose most of their share, the first of equals first. */
export function splitTracks({ total, parts, gap, shares, minimums }: TracksInput): Track[] {
  const usable = Math.max(0, total - gap * (parts - 1));
  const isShared = shares !== undefined && shares.length === parts && shares.every((share) => share > 0);
  const weights = isShared ? shares : new Array<number>(parts).fill(1);
  const sizes = isShared && minimums ? apportionAbove(usable, weights, minimums) : apportion(usable, weights);
  let start = 0;
  return sizes.map((size) => {
    const track = { start, end: start + size };
    start = track.end + gap;
    return track;
  });
}

/** Largest remainders: shares that are sizes in cells already come out as they went in. */
function apportion(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((all, weight) => all + weight, 0);
  const exact = weights.map((weight) => (total * weight) / sum);
  const sizes = exact.map(Math.floor);
  const left = total - sizes.reduce((all, size) => all + size, 0);
  const byRemainder = exact
    .map((value, index) => ({ index, remainder: value - sizes[index]! }))
    .sort((a, b) => b.remainder - a.remainder || a.index - b.index);
  for (const { index } of byRemainder.slice(0, left)) sizes[index]!++;
  return sizes;
}

function apportionAbove(total: number, weights: readonly number[], minimums: readonly number[]): number[] {
  const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
  if (sum(minimums) > total) return apportion(total, weights);
  const fixed = new Set<number>();
  for (;;) {
    const rest = weights.map((_, index) => index).filter((index) => !fixed.has(index));
    const room = total - sum([...fixed].map((index) => minimums[index]!));
    const given = apportion(
      room,
      rest.map((index) => weights[index]!),
    );
    const low = rest.filter((index, i) => given[i]! < (minimums[index] ?? 0));
    if (low.length === 0)
      return weights.map((_, index) => (fixed.has(index) ? minimums[index]! : given[rest.indexOf(index)]!));
    for (const index of low) fixed.add(index);
  }
}

/** For each track the least that it needs by itself: `least` where something stands in it alone. */
export function trackMinimums(
  parts: number,
  places: readonly { from: number; span: number }[],
  least: number,
): number[] {
  const alone = new Set(places.filter(({ span }) => span === 1).map(({ from }) => from));
  return Array.from({ length: parts }, (_, index) => (alone.has(index) ? least : 0));
}
