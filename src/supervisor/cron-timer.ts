/** Calls back at the times of a schedule, each time once, however the machine's clock is set and however long the machine sleeps. */
export type CronTimer = { dispose(): void };

export type CronTimerDeps = {
  /** The next time of the schedule strictly after `afterMs`, both in ms since 1970; null when there is none. */
  nextAfter: (afterMs: number) => number | null;
  /** ms since 1970. */
  wallMs: () => number;
  onDue: () => void;
  /** A time passed while the machine slept or its clock was set over it. */
  onMissed: (dueMs: number) => void;
};

/** Timers stand still while the machine sleeps, and know nothing of a clock that is set: so look again at least this often. */
const MAX_PAUSE_MS = 60_000;
/** A time that is past for longer than this has been slept over. Nobody wants last night's restart in the middle of the morning. */
const MAX_LATE_MS = 5 * 60_000;
/** A clock that goes back by less repeats no time (summer time, small corrections); one that goes back further was wrong before. As cron(8). */
const MAX_STEP_BACK_MS = 3 * 3_600_000;

export function createCronTimer({ nextAfter, wallMs, onDue, onMissed }: CronTimerDeps): CronTimer {
  let lastLookMs = wallMs();
  let lastDueMs = Number.NEGATIVE_INFINITY;
  let dueMs = nextAfter(lastLookMs);
  let timer: NodeJS.Timeout | undefined;
  arm();

  function arm(): void {
    if (dueMs === null) return;
    const pauseMs = Math.min(MAX_PAUSE_MS, Math.max(0, dueMs - wallMs()));
    timer = setTimeout(look, pauseMs);
    timer.unref();
  }

  function look(): void {
    const nowMs = wallMs();
    if (nowMs < lastLookMs) {
      if (lastLookMs - nowMs >= MAX_STEP_BACK_MS) lastDueMs = Number.NEGATIVE_INFINITY;
      dueMs = nextAfter(Math.max(nowMs, lastDueMs));
    }
    lastLookMs = nowMs;
    const isDue = dueMs !== null && nowMs >= dueMs;
    const dueNowMs = dueMs;
    if (isDue) {
      lastDueMs = dueMs!;
      dueMs = nextAfter(nowMs);
    }
    arm();
    if (!isDue || dueNowMs === null) return;
    if (nowMs - dueNowMs <= MAX_LATE_MS) onDue();
    else onMissed(dueNowMs);
  }

  return { dispose: () => clearTimeout(timer) };
}
