/**
 * Suspects a program of growing without end, from the least memory it had in each minute. A line through the last hour flags every
 * program that has just loaded something; this looks at the later two thirds, wants both their halves to rise, and the rise to be
 * in nearly all pairs of points (Theil and Sen's slope, Mann and Kendall's trend). Even so it is a suspicion, never a reason to restart.
 */
export type Growth = { bytesPerMinute: number; grownBytes: number; minutes: number };

/** A leak slower than this does not fill a machine within days. */
const LEAST_BYTES_PER_MINUTE = 0.5 * 1024 ** 2;
/** Of what it had at the beginning. */
const LEAST_GROWTH = 0.1;
/** Of Mann and Kendall's statistic: by chance once in 700 times for points without order. */
const LEAST_Z = 3;
/** One minute that changes memory by more is work that was begun or ended, and what was before it says nothing about after. */
const STEP = 0.25;
const WINDOW = 60;
/** Fewer points of one kind of work are no trend. */
const LEAST_MINUTES = 30;

/** `minima`: in bytes, one a minute, the newest last. Null when nothing is suspected. */
export function suspectGrowth(minima: readonly number[]): Growth | null {
  const settled = sinceLastStep(minima.slice(-WINDOW));
  if (settled.length < LEAST_MINUTES) return null;
  const late = settled.slice(Math.floor(settled.length / 3));
  const slope = medianSlope(late);
  const middle = Math.floor(late.length / 2);
  const grownBytes = slope * (late.length - 1);
  const rises =
    slope > LEAST_BYTES_PER_MINUTE &&
    medianSlope(late.slice(0, middle)) > LEAST_BYTES_PER_MINUTE / 2 &&
    medianSlope(late.slice(middle)) > LEAST_BYTES_PER_MINUTE / 2 &&
    grownBytes > LEAST_GROWTH * late[0]! &&
    trend(late) > LEAST_Z;
  return rises ? { bytesPerMinute: slope, grownBytes, minutes: late.length } : null;
}

function sinceLastStep(values: readonly number[]): readonly number[] {
  for (let i = values.length - 1; i > 0; i--) {
    const before = values[i - 1]!;
    if (Math.abs(values[i]! - before) > STEP * before) return values.slice(i);
  }
  return values;
}

/** The median of the slopes between all pairs: a third of the points may lie anywhere without moving it. */
export function medianSlope(values: readonly number[]): number {
  const slopes: number[] = [];
  for (let i = 0; i < values.length; i++) {
    for (let j = i + 1; j < values.length; j++) slopes.push((values[j]! - values[i]!) / (j - i));
  }
  slopes.sort((a, b) => a - b);
  const middle = slopes.length >> 1;
  if (slopes.length === 0) return 0;
  return slopes.length % 2 === 1 ? slopes[middle]! : (slopes[middle - 1]! + slopes[middle]!) / 2;
}

/** How many more pairs rise than fall, in standard deviations of that number for points without order. */
function trend(values: readonly number[]): number {
  const count = values.length;
  let score = 0;
  for (let i = 0; i < count; i++) {
    for (let j = i + 1; j < count; j++) score += Math.sign(values[j]! - values[i]!);
  }
  const deviation = Math.sqrt((count * (count - 1) * (2 * count + 5)) / 18);
  return deviation === 0 ? 0 : (score - Math.sign(score)) / deviation;
}
