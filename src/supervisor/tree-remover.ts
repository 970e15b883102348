import type { StopSettings } from '../core/layout.ts';
import type { StopMode } from '../core/pane-life.ts';
import type { Processes, ProcessIdentity } from './processes.ts';
import { createStopLadder, type StopLadder } from './stop-ladder.ts';

/** Ends what runs in a pane: on request, the whole tree; after a program has ended by itself, what it left behind. */
export type TreeRemover = {
  stop(epoch: number, mode: StopMode): void;
  /** Removes what is left; a restart has to wait for that. */
  sweep(): void;
  /** The sweep that is under way: resolves with null, or the processes that no signal ends. */
  swept(): Promise<number[] | null> | null;
  /** Something has ended: look at once. */
  nudge(): void;
  dispose(): void;
};

export type TreeRemoverDeps = {
  processes: Processes;
  /** Whether a process carries the pane's mark, whoever its parents are. */
  isMarked: (row: ProcessIdentity) => boolean;
  /** Processes that are in the pane's group, whoever their parents are and whatever they carry. */
  members: () => ReadonlySet<number>;
  /** Processes that are never part of a pane. */
  excluded: () => ReadonlySet<number>;
  settings: StopSettings;
  /** The latest program, which may be gone: its children are found by it. */
  root: () => ProcessIdentity | null;
  typeKeys: (chords: readonly string[]) => Promise<unknown>;
  onGone: (epoch: number) => void;
  onStuck: (epoch: number, pids: number[]) => void;
};

/** What a program leaves behind when it ends by itself is asked to go, but holds up a restart no longer than this. */
const SWEEP_GRACE_MS = 1_000;

export function createTreeRemover(deps: TreeRemoverDeps): TreeRemover {
  const { processes, isMarked, settings } = deps;
  let ladder: { epoch: number; climb: StopLadder } | null = null;
  let sweeping: { climb: StopLadder; settled: Promise<number[] | null> } | null = null;

  function plan() {
    return {
      root: deps.root(),
      isMarked,
      members: deps.members,
      excluded: deps.excluded(),
      signal: settings.signal as NodeJS.Signals,
    };
  }

  return {
    stop(epoch, mode) {
      if (ladder?.epoch === epoch) {
        if (mode === 'kill') ladder.climb.escalate();
        return;
      }
      ladder?.climb.dispose();
      const { keys, timeoutMs } = settings;
      const climb = createStopLadder(processes, {
        ...plan(),
        mode,
        graceMs: timeoutMs,
        typeKeys: keys.length > 0 ? () => deps.typeKeys(keys) : null,
        onStuck: (pids) => deps.onStuck(epoch, pids),
      });
      const mine = { epoch, climb };
      ladder = mine;
      void climb.gone.then(() => {
        if (ladder === mine) ladder = null;
        deps.onGone(epoch);
      });
    },
    sweep() {
      // No program has started since, so the present one removes the same processes.
      if (sweeping) return;
      let onStuck: (pids: number[]) => void = () => {};
      const stuck = new Promise<number[]>((resolve) => {
        onStuck = resolve;
      });
      const climb = createStopLadder(processes, {
        ...plan(),
        mode: 'graceful',
        graceMs: Math.min(settings.timeoutMs, SWEEP_GRACE_MS),
        typeKeys: null,
        onStuck,
      });
      const mine = { climb, settled: Promise.race([climb.gone.then(() => null), stuck]) };
      sweeping = mine;
      void climb.gone.then(() => {
        if (sweeping === mine) sweeping = null;
      });
    },
    swept: () => sweeping?.settled ?? null,
    nudge: () => ladder?.climb.nudge(),
    dispose() {
      ladder?.climb.dispose();
      sweeping?.climb.dispose();
    },
  };
}
