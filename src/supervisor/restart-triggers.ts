import type { Because } from '../core/pane-life.ts';
import type { SupervisionSettings } from '../core/supervision.ts';
import { createCronTimer } from './cron-timer.ts';
import { watchFiles } from './file-watch.ts';

/** What restarts a pane without its having done anything: a schedule, and files that change. */
export type RestartTriggers = { dispose(): void };

export type TriggerDeps = {
  /** The next time of a schedule (five fields or a macro) strictly after a time, both in ms since 1970; null when there is none. */
  nextTime: (schedule: string, afterMs: number) => number | null;
  /** ms since 1970. */
  wallMs: () => number;
  /** Something that a person who looks into the log should know. */
  warn: (facts: Record<string, unknown>, text: string) => void;
};

export function createRestartTriggers(
  { nextTime, wallMs, warn }: TriggerDeps,
  { name, cronRestart, watch }: Pick<SupervisionSettings, 'cronRestart' | 'watch'> & { name: string },
  restart: (because: Because) => void,
): RestartTriggers {
  const running: { dispose(): void }[] = [];
  if (cronRestart !== null) {
    running.push(
      createCronTimer({
        nextAfter: (afterMs) => nextTime(cronRestart, afterMs),
        wallMs,
        onDue: () => restart({ kind: 'cron', reason: `scheduled restart (${cronRestart})`, failure: false }),
        onMissed: (dueMs) =>
          warn({ name, due: new Date(dueMs).toISOString() }, 'a scheduled restart was slept over and is left out'),
      }),
    );
  }
  if (watch) {
    running.push(
      watchFiles(watch, {
        onChange: (files) => restart({ kind: 'watch', reason: describeFiles(files), failure: false }),
        warn: (text) => warn({ name }, text),
      }),
    );
  }
  return {
    dispose() {
      for (const each of running.reverse()) each.dispose();
    },
  };
}

function describeFiles([first = 'a file', ...others]: readonly string[]): string {
  return others.length === 0 ? `${first} changed` : `${first} and ${others.length} more changed`;
}
