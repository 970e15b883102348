import type { PaneView } from '../core/session.ts';

/**
 * CPU and memory as the chrome shows them. What is measured moves a little with every sample; titles that follow each of these moves
 * redraw all the time, a millisecond each, and are no easier to read. So a figure follows in the next step when it has really changed;
 * otherwise what is shown is an average, and a new one only when it says something else.
 */
export type Figures = {
  of(pane: PaneView): Usage;
  total(panes: readonly PaneView[]): Usage;
  /** Takes the newest measurements; to be called at regular steps of about two seconds. */
  step(panes: readonly PaneView[]): void;
};

export type Usage = { cpuPercent: number; rssBytes: number };

/** `program`: what ran when this was measured; of another one nothing is carried over. `cpuSum` is that of `steps` measurements. */
type Shown = { program: string; usage: Usage; steps: number; cpuSum: number };

/** What counts as a change: more than so many hundredths of a core, and more than this part of what is shown. */
type Tolerance = { cpuPoints: number; cpuPart: number; memoryPart: number };
const AT_ONCE: Tolerance = { cpuPoints: 3, cpuPart: 0.2, memoryPart: 0.1 };
const ON_AVERAGE: Tolerance = { cpuPoints: 0.5, cpuPart: 0.1, memoryPart: 0.02 };
const AVERAGED_STEPS = 5;

const TOTAL = 0;

export function createFigures(): Figures {
  /** By pane number. */
  const shown = new Map<number, Shown>();

  function show(key: number, program: string, measured: () => Usage): Usage {
    const present = shown.get(key);
    if (present?.program === program) return present.usage;
    const usage = measured();
    shown.set(key, { program, usage, steps: 0, cpuSum: 0 });
    return usage;
  }

  function follow(key: number, now: Usage): void {
    const present = shown.get(key);
    if (!present) return;
    present.steps++;
    present.cpuSum += now.cpuPercent;
    const average = { cpuPercent: present.cpuSum / present.steps, rssBytes: now.rssBytes };
    if (hasChanged(present.usage, now, AT_ONCE)) present.usage = now;
    else if (present.steps < AVERAGED_STEPS) return;
    // Idle is idle, however little it was before.
    else if (present.cpuSum === 0 || hasChanged(present.usage, average, ON_AVERAGE)) present.usage = average;
    present.steps = 0;
    present.cpuSum = 0;
  }

  return {
    of: (pane) => show(pane.pane, programOf(pane), () => usageOf(pane)),
    total: (panes) => show(TOTAL, panes.map(programOf).join(), () => sumUsage(panes)),
    step(panes) {
      for (const pane of panes) follow(pane.pane, usageOf(pane));
      follow(TOTAL, sumUsage(panes));
    },
  };
}

function hasChanged(shown: Usage, now: Usage, { cpuPoints, cpuPart, memoryPart }: Tolerance): boolean {
  const cpuMoved = Math.abs(now.cpuPercent - shown.cpuPercent);
  const memoryMoved = Math.abs(now.rssBytes - shown.rssBytes);
  return cpuMoved > Math.max(cpuPoints, cpuPart * shown.cpuPercent) || memoryMoved > memoryPart * shown.rssBytes;
}

function programOf({ pid, startedAt }: PaneView): string {
  return pid === null ? '' : `${pid}@${startedAt}`;
}

function usageOf({ cpuPercent, rssBytes }: PaneView): Usage {
  return { cpuPercent, rssBytes };
}

function sumUsage(panes: readonly PaneView[]): Usage {
  return {
    cpuPercent: panes.reduce((sum, pane) => sum + pane.cpuPercent, 0),
    rssBytes: panes.reduce((sum, pane) => sum + pane.rssBytes, 0),
  };
}
