/**
 * Notices that this process did not run for a while: the machine slept (the clock that counts sleep went on, the monotonic one did not), or
 * somebody stopped it. What was due meanwhile says nothing: a look that took a minute did not take it from the program.
 */
export type SleepWatch = {
  /** When it last came back, in ms of `nowMs`; -Infinity for never. Looks at the clocks first. */
  wokeAtMs(): number;
  dispose(): void;
};

export type Clocks = {
  /** Monotonic, standing still while the machine sleeps. */
  nowMs: () => number;
  /** Since the machine started, sleep included, in seconds (CLOCK_BOOTTIME; os.uptime()). */
  uptimeSeconds: () => number;
};

const BEAT_MS = 1_000;
/** Less is a busy machine. */
const LEAST_SLEEP_MS = 5_000;

export function createSleepWatch({ nowMs, uptimeSeconds }: Clocks): SleepWatch {
  let beatMs = nowMs();
  let upMs = uptimeSeconds() * 1000;
  let wokeAtMs = Number.NEGATIVE_INFINITY;

  function beat(): void {
    const now = nowMs();
    const up = uptimeSeconds() * 1000;
    const slept = up - upMs - (now - beatMs) > LEAST_SLEEP_MS;
    const stopped = now - beatMs > BEAT_MS + LEAST_SLEEP_MS;
    if (slept || stopped) wokeAtMs = now;
    beatMs = now;
    upMs = up;
  }

  const timer = setInterval(beat, BEAT_MS);
  timer.unref();
  return {
    wokeAtMs() {
      // Its own beat may come after what asks: timers that are all due at once.
      beat();
      return wokeAtMs;
    },
    dispose: () => clearInterval(timer),
  };
}
