import { findTree } from './process-tree.ts';
import type { Processes, ProcessIdentity, ProcessRow } from './processes.ts';

/**
 * Brings a whole tree of processes to its end: keys if the program knows some, its signal and SIGCONT to every member, time to leave, then
 * SIGKILL until nothing is left. It is over when the last member is gone, not when the first one is.
 */
export type StopLadder = {
  /** No more grace: SIGKILL now. */
  escalate(): void;
  /** Something has ended: look at once instead of at the next poll. */
  nudge(): void;
  /** Resolves when the tree is gone. */
  readonly gone: Promise<void>;
  /** Stops looking; `gone` never resolves then. */
  dispose(): void;
};

export type StopPlan = {
  root: ProcessIdentity | null;
  isMarked: (row: ProcessRow) => boolean;
  /** Processes that are known to belong to it by other means, as they are now. */
  members?: () => ReadonlySet<number>;
  excluded: ReadonlySet<number>;
  mode: 'graceful' | 'kill';
  signal: NodeJS.Signals;
  /** From the first key or signal to SIGKILL. */
  graceMs: number;
  /** Types the stop keys; null when there are none. */
  typeKeys: (() => Promise<unknown>) | null;
  /** Once, when SIGKILL has not helped for STUCK_AFTER_MS. The ladder goes on trying. */
  onStuck: (pids: number[]) => void;
};

const FIRST_POLL_MS = 10;
const MAX_POLL_MS = 100;
const STUCK_AFTER_MS = 5_000;
/** Nothing helps against a process that sleeps in the kernel but to look again now and then. */
const STUCK_POLL_MS = 1_000;
/** Keys get half of the grace, and never more than this, before the signal follows. */
const MAX_KEYS_MS = 5_000;
/** A tree of which nobody dies is searched for newcomers this often. */
const RESCAN_MS = 500;

export function createStopLadder(processes: Processes, plan: StopPlan): StopLadder {
  const known = new Map<number, ProcessIdentity>();
  let killing = plan.mode === 'kill';
  let disposed = false;
  let wake: (() => void) | null = null;

  const gone = climb();

  async function climb(): Promise<void> {
    if (!killing && plan.typeKeys) {
      const keysMs = Math.min(plan.graceMs / 2, MAX_KEYS_MS);
      const untilMs = now() + keysMs;
      // A stopped program cannot read keys.
      for (const row of await scan()) processes.signal(row, 'SIGCONT');
      // Nobody there to type to, or to type: the signal follows anyway.
      void plan.typeKeys().catch(() => {});
      if (await waitUntilGone(untilMs, () => killing)) return;
      if (await ask(plan.graceMs - keysMs)) return;
    } else if (!killing && (await ask(plan.graceMs))) {
      return;
    }
    await kill();
  }

  /** True when the tree is gone, false when the grace is over. */
  async function ask(graceMs: number): Promise<boolean> {
    const untilMs = now() + graceMs;
    const asked = new Set<number>();
    for (;;) {
      const rows = await scan();
      if (rows.length === 0) return true;
      if (killing) return false;
      for (const row of rows) {
        if (asked.has(row.pid)) continue;
        asked.add(row.pid);
        request(row);
      }
      const rescanMs = Math.min(untilMs, now() + RESCAN_MS);
      await waitUntilKnownGone(rescanMs, () => killing);
      if (now() >= untilMs) return false;
    }
  }

  function request(row: ProcessRow): void {
    const isRoot = row.pid === plan.root?.pid;
    processes.signal(row, plan.signal);
    // An interactive shell ignores SIGTERM and would sit out the grace; that its terminal is gone it understands.
    if (isRoot && plan.signal === 'SIGTERM' && isInteractiveShell(processes.argvOf(row.pid))) {
      processes.signal(row, 'SIGHUP');
    }
    // Without this a stopped process would only get the signal with SIGKILL.
    processes.signal(row, 'SIGCONT');
  }

  async function kill(): Promise<void> {
    const stuckAtMs = now() + STUCK_AFTER_MS;
    let stuck = false;
    for (;;) {
      const rows = await scan();
      if (rows.length === 0) return;
      for (const row of rows) processes.signal(row, 'SIGKILL');
      if (!stuck && now() >= stuckAtMs) {
        stuck = true;
        plan.onStuck(rows.map((row) => row.pid));
      }
      // A tree that forks as fast as it dies is met with new rounds, not with patience.
      await waitUntilKnownGone(now() + (stuck ? STUCK_POLL_MS : MAX_POLL_MS), () => false);
    }
  }

  /** Waits until a search finds nobody (true), or until the time or the condition (false). */
  async function waitUntilGone(untilMs: number, isOver: () => boolean): Promise<boolean> {
    for (;;) {
      await waitUntilKnownGone(Math.min(untilMs, now() + RESCAN_MS), isOver);
      if ((await scan()).length === 0) return true;
      if (isOver() || now() >= untilMs) return false;
    }
  }

  async function waitUntilKnownGone(untilMs: number, isOver: () => boolean): Promise<void> {
    let pollMs = FIRST_POLL_MS;
    while (!disposed && !isOver()) {
      if (![...known.values()].some((identity) => processes.isAlive(identity))) return;
      const leftMs = untilMs - now();
      if (leftMs <= 0) return;
      await sleep(Math.min(pollMs, leftMs));
      pollMs = Math.min(pollMs * 1.5, MAX_POLL_MS);
    }
  }

  async function scan(): Promise<ProcessRow[]> {
    if (disposed) return new Promise(() => {});
    const snapshot = await processes.snapshot();
    const members = plan.members?.();
    const isMarked = (row: ProcessRow): boolean => members?.has(row.pid) || plan.isMarked(row);
    const rows = findTree(snapshot, { ...plan, isMarked, known: known.values() });
    for (const row of rows) known.set(row.pid, row);
    return rows;
  }

  function sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(done, ms);
      function done(): void {
        clearTimeout(timer);
        wake = null;
        resolve();
      }
      wake = done;
    });
  }

  return {
    escalate() {
      killing = true;
      wake?.();
    },
    nudge() {
      wake?.();
    },
    gone,
    dispose() {
      disposed = true;
      wake?.();
    },
  };
}

const SHELLS = new Set(['sh', 'bash', 'dash', 'zsh', 'ksh', 'mksh', 'fish', 'ash', 'tcsh', 'csh']);

/** A shell that reads from its terminal: nothing but options on its command line, and none that gives it a command. */
export function isInteractiveShell(argv: readonly string[]): boolean {
  const [program = '', ...args] = argv;
  const name = program.slice(program.lastIndexOf('/') + 1).replace(/^-/, '');
  return SHELLS.has(name) && args.every((arg) => /^(--(?!command)[a-z-]+|-[abd-zA-Z]+|\+[a-zA-Z]+)$/.test(arg));
}

/** Monotonic: a clock that is set must not end a grace. */
function now(): number {
  return performance.now();
}
