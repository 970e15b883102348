import type { LimitMeans } from '../core/limit-means.ts';
import type { LimitSettings } from '../core/supervision.ts';
import { createPaneLimits, type PaneLimits } from './limits.ts';

/** The limits of all panes of a session. */
export type LimitKeeper = {
  /** Before a spawn: what to run in place of `argv`. */
  wrap(pane: number, limits: LimitSettings, argv: readonly string[]): Promise<string[]>;
  /** After the spawn. */
  started(pane: number, pid: number): void;
  /** A program that an earlier daemon started runs under what that one made. */
  adopt(pane: number, limits: LimitSettings): void;
  of(pane: number): PaneLimits;
  wasOutOfMemory(pane: number): string;
  /** Nothing runs any more. */
  rest(pane: number): void;
  releaseAll(): Promise<void>;
};

const UNLIMITED: PaneLimits = {
  enforced: [],
  problem: '',
  wrap: (argv) => [...argv],
  started: () => {},
  adopt: () => {},
  members: () => new Set(),
  usedBytes: () => null,
  wasOutOfMemory: () => '',
  release: async () => {},
};

/** `look`: at what this machine can do, asked for once, by the first pane with limits. `prefix`: of this session alone on this machine. */
export function createLimitKeeper(look: () => Promise<LimitMeans>, prefix: string): LimitKeeper {
  let means: Promise<LimitMeans> | null = null;
  const panes = new Map<number, { limits: LimitSettings; held: PaneLimits }>();

  async function hold(pane: number, limits: LimitSettings): Promise<PaneLimits> {
    const present = panes.get(pane);
    if (!hasLimits(limits)) {
      if (present) void present.held.release();
      panes.delete(pane);
      return UNLIMITED;
    }
    if (present && JSON.stringify(present.limits) === JSON.stringify(limits)) return present.held;
    if (present) await present.held.release();
    means ??= look();
    const held = createPaneLimits({ limits, means: await means, name: `${prefix}-${pane}` });
    panes.set(pane, { limits, held });
    return held;
  }

  return {
    wrap: async (pane, limits, argv) => (await hold(pane, limits)).wrap(argv),
    started: (pane, pid) => panes.get(pane)?.held.started(pid),
    adopt(pane, limits) {
      if (hasLimits(limits) && !panes.has(pane)) void hold(pane, limits).then((held) => held.adopt());
    },
    of: (pane) => panes.get(pane)?.held ?? UNLIMITED,
    wasOutOfMemory: (pane) => panes.get(pane)?.held.wasOutOfMemory() ?? '',
    rest: (pane) => void panes.get(pane)?.held.release(),
    async releaseAll() {
      await Promise.all([...panes.values()].map(({ held }) => held.release()));
    },
  };
}

function hasLimits(limits: LimitSettings): boolean {
  return Object.values(limits).some((value) => value !== null);
}
