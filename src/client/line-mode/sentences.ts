import { sanitizeText } from '../../core/display-text.ts';
import { formatUptime } from '../../core/format-values.ts';
import type { PaneSignal } from '../../core/pane-signal.ts';
import { PANE_STATES, type PaneStateName, type PaneView } from '../../core/session.ts';
import { exitWords } from '../pane-notice.ts';

/** What a person who listens is told, a sentence a line: words and figures, no marks, no lines, nothing by place or colour. */
export function paneLabel({ pane, name }: Pick<PaneView, 'pane' | 'name'>): string {
  return `pane ${pane} ${sanitizeText(name)}`;
}

export function paneSentence(view: PaneView, nowMs: number): string {
  return `${paneLabel(view)}: ${stateWords[view.state](view, nowMs)}`;
}

/** How many there are and how they do. */
export function sessionSentence(session: string, panes: readonly PaneView[]): string {
  const counts = PANE_STATES.flatMap((state) => {
    const count = panes.filter((view) => view.state === state).length;
    return count > 0 ? [`${count} ${state}`] : [];
  });
  const number = panes.length === 1 ? '1 pane' : `${panes.length} panes`;
  return `session ${sanitizeText(session)}: ${number}${counts.length > 0 ? `, ${counts.join(', ')}` : ''}`;
}

/** What is new about the panes, in their order. Figures that change all the time are no news. */
export function changeSentences(before: readonly PaneView[], after: readonly PaneView[], nowMs: number): string[] {
  const old = new Map(before.map((view) => [view.pane, view]));
  const added = after.flatMap((view) => {
    const was = old.get(view.pane);
    old.delete(view.pane);
    if (!was || was.name !== view.name) return [`new ${paneSentence(view, nowMs)}`];
    return paneChanges(was, view, nowMs);
  });
  return [...added, ...[...old.values()].map((view) => `${paneLabel(view)} is gone`)];
}

function paneChanges(before: PaneView, after: PaneView, nowMs: number): string[] {
  const said: string[] = [];
  const say = (words: string): number => said.push(`${paneLabel(after)}: ${words}`);
  const restarted = before.state === 'running' && after.state === 'running' && before.epoch !== after.epoch;
  // Between two states that matter; a start that succeeds at once is told by its end.
  const changed = before.state !== after.state || before.ready !== after.ready || before.reason !== after.reason;
  if (restarted) say('restarted, running');
  else if (changed && after.state !== 'starting') said.push(paneSentence(after, nowMs));
  if (before.health !== after.health && after.health !== null && after.health !== 'unknown') say(after.health);
  if (before.warning !== after.warning && after.warning !== '') say(`warning: ${sanitizeText(after.warning)}`);
  return said;
}

/** Null for what is not worth a sentence. */
export function signalSentence(view: Pick<PaneView, 'pane' | 'name'>, signal: PaneSignal): string | null {
  const label = paneLabel(view);
  switch (signal.type) {
    case 'bell':
      return `${label}: bell`;
    case 'notification': {
      const parts = [signal.title, signal.body].map((text) => sanitizeText(text).trim()).filter(Boolean);
      return `${label} says: ${parts.join(': ')}`;
    }
    case 'progress': {
      const figure = signal.percent === null ? '' : ` ${signal.percent} percent`;
      if (signal.state === 'none') return `${label}: no more progress to report`;
      return signal.state === 'indeterminate' ? `${label}: busy` : `${label}: ${progressWords[signal.state]}${figure}`;
    }
    default:
      return null;
  }
}

const progressWords = { normal: 'progress', error: 'error at', paused: 'paused at' } as const;

/** A title without the sign that a program turns before it: what is left changes when the program does something else. */
export function spokenTitle(title: string): string {
  return sanitizeText(title)
    .replace(/^[^\p{L}\p{N}~/$"'(<[]+/u, '')
    .trim();
}

/** Lines of a screen as they can be read out: without the frames that programs draw, and without the blank lines. */
export function spokenLines(text: string, count: number): string[] {
  return text
    .split('\n')
    .map((line) => sanitizeText(line.replace(/[\u2500-\u259f]+/gu, ' ')).trimEnd())
    .filter((line) => line.trim() !== '')
    .slice(-count);
}

const stateWords: Record<PaneStateName, (view: PaneView, nowMs: number) => string> = {
  stopped: (view) => withReason('stopped', view.reason),
  starting: (view) => withReason('starting', view.reason),
  running: (view) => {
    const words = view.ready === false ? 'running, not ready yet' : 'running';
    return view.restarts > 0 ? `${words}, restarted ${times(view.restarts)}` : words;
  },
  backoff: (view, nowMs) => {
    const waitMs = view.nextRestartAt === null ? 0 : Math.max(0, view.nextRestartAt - nowMs);
    const when = waitMs >= 500 ? `restarts in ${formatUptime(Math.round(waitMs / 1000) * 1000)}` : 'restarts now';
    return `${withReason('failed', view.reason)}; ${when}`;
  },
  stopping: (view) => withReason('stopping', view.reason),
  exited: (view) => withReason(exitWords(view.exit), view.reason),
  fatal: (view) => {
    const hint = sanitizeText(view.hint).trim();
    return `${withReason('given up', view.reason)}${hint === '' ? '' : `; ${hint}`}`;
  },
};

function withReason(words: string, reason: string): string {
  const clean = sanitizeText(reason).trim();
  // "exited with code 1" says all that "exited 1" does.
  if (clean === '' || clean.startsWith(words.split(' ', 1)[0]!)) return clean === '' ? words : clean;
  return `${words}: ${clean}`;
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}
