import { medianSlope } from '../../src/core/growth.ts';
import { MEASURES, type Sample } from './sampling.ts';

/** Counts may differ by what is under way in the very moment; memory by what a garbage collector has not looked at yet. */
const COUNT_SLACK = 3;
const MEMORY_SLACK = 0.15;
const MEMORY_SLACK_BYTES = 24 * 1024 ** 2;
/** The first third is warming up: code is compiled, scrollbacks fill. */
const WARM_UP = 1 / 3;

/**
 * What has grown, in words; nothing when all is flat. `rests`: taken at rest, evenly over the run. A count has grown when the median slope of
 * what comes after the warm-up (Theil and Sen), over that whole time, gives more than a few; memory when it gives more than a share of it.
 */
export function findGrowth(rests: readonly Sample[]): string[] {
  const settled = rests.slice(Math.floor(rests.length * WARM_UP));
  return MEASURES.flatMap((measure) => {
    const values = settled.map((sample) => sample[measure]);
    if (measure === 'zombies') return values.at(-1) === 0 ? [] : [`zombies are left: ${values.join(' ')}`];
    const grown = medianSlope(values) * (values.length - 1);
    const isMemory = measure === 'hostBytes' || measure === 'daemonBytes';
    const allowed = isMemory ? Math.max(MEMORY_SLACK_BYTES, MEMORY_SLACK * (values[0] ?? 0)) : COUNT_SLACK;
    return grown > allowed ? [`${measure} has grown by ${Math.round(grown)}: ${values.join(' ')}`] : [];
  });
}
