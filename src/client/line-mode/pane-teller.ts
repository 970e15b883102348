import type { PaneSignal } from '../../core/pane-signal.ts';
import type { PaneView } from '../../core/session.ts';
import type { Clock } from '../clock.ts';
import { changeSentences, paneLabel, signalSentence, spokenTitle } from './sentences.ts';

/** Says what is new about panes, and no more often than somebody can listen to. */
export type PaneTeller = {
  update(panes: readonly PaneView[]): void;
  signal(pane: number, signal: PaneSignal): void;
  dispose(): void;
};

/** Of one pane and one kind. */
const BELL_MS = 5_000;
const TITLE_MS = 10_000;
/** Steps of progress that are told. */
const PROGRESS_STEP = 25;

export function createPaneTeller({ clock, say }: { clock: Clock; say(sentence: string): void }): PaneTeller {
  let known: readonly PaneView[] | null = null;
  const rungAt = new Map<number, number>();
  const progress = new Map<number, string>();
  const titles = new Map<number, string>();
  const waiting = new Map<number, () => void>();

  function tellTitle(pane: number): void {
    waiting.delete(pane);
    const view = known?.find((candidate) => candidate.pane === pane);
    const title = spokenTitle(view?.title ?? '');
    if (!view || title === '' || title === titles.get(pane)) return;
    titles.set(pane, title);
    say(`${paneLabel(view)} is titled: ${title}`);
    // What comes until then is told by its latest.
    waiting.set(
      pane,
      clock.after(TITLE_MS, () => tellTitle(pane)),
    );
  }

  /** The number of a pane that is gone may be another's. */
  function forgetOthers(panes: readonly PaneView[]): void {
    for (const number of [...rungAt.keys(), ...progress.keys(), ...titles.keys(), ...waiting.keys()]) {
      if (panes.some(({ pane }) => pane === number)) continue;
      rungAt.delete(number);
      progress.delete(number);
      titles.delete(number);
      waiting.get(number)?.();
      waiting.delete(number);
    }
  }

  return {
    update(panes) {
      if (panes === known) return;
      const before = known;
      known = panes;
      if (!before) {
        for (const view of panes) titles.set(view.pane, spokenTitle(view.title));
        return;
      }
      forgetOthers(panes);
      for (const sentence of changeSentences(before, panes, clock.now())) say(sentence);
      for (const { pane } of panes) if (!waiting.has(pane)) tellTitle(pane);
    },
    signal(pane, signal) {
      const view = known?.find((candidate) => candidate.pane === pane);
      if (!view) return;
      if (signal.type === 'bell') {
        const now = clock.now();
        if (now - (rungAt.get(pane) ?? Number.NEGATIVE_INFINITY) < BELL_MS) return;
        rungAt.set(pane, now);
      }
      if (signal.type === 'progress') {
        const step = `${signal.state} ${signal.percent === null ? '' : Math.floor(signal.percent / PROGRESS_STEP)}`;
        if (step === (progress.get(pane) ?? 'none ')) return;
        progress.set(pane, step);
      }
      const sentence = signalSentence(view, signal);
      if (sentence !== null) say(sentence);
    },
    dispose() {
      for (const cancel of waiting.values()) cancel();
    },
  };
}
