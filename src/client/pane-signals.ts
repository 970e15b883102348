import { cutText, sanitizeText } from '../core/display-text.ts';
import type { PaneSignal } from '../core/pane-signal.ts';
import type { Clock } from './clock.ts';
import type { NotificationDialect } from './outer-features.ts';
import { BELL, clipboardText, notificationText } from './outer-messages.ts';
import { selectPane } from './selectors.ts';
import type { Store } from './store.ts';
import { isWatched } from './view-state.ts';

/**
 * What programs signal → the title lines, the status bar and the outer terminal. Whoever looks at a pane, in a window that has the
 * focus, is not called to it.
 */
export type PaneSignals = { receive(pane: number, signal: PaneSignal): void };

export type PaneSignalsDeps = {
  store: Store;
  clock: Pick<Clock, 'now'>;
  dialect(): NotificationDialect;
  /** Says something to the outer terminal, with the next frame. */
  say(text: string): void;
};

/** Nine programs that ring are one person's ear. */
const BELL_INTERVAL_MS = 1000;
const NOTICE_CELLS = 160;

export function createPaneSignals({ store, clock, dialect, say }: PaneSignalsDeps): PaneSignals {
  let rungAt = Number.NEGATIVE_INFINITY;

  function ring(): void {
    const now = clock.now();
    if (now - rungAt < BELL_INTERVAL_MS) return;
    rungAt = now;
    say(BELL);
  }

  function notify(pane: number, title: string, body: string): void {
    const name = nameOf(pane);
    const [clearTitle, clearBody] = [sanitizeText(title).trim(), sanitizeText(body).trim()];
    const text = clearTitle === '' ? clearBody : clearBody === '' ? clearTitle : `${clearTitle}: ${clearBody}`;
    store.dispatch({ type: 'notice-shown', text: cutText(`${name}: ${text}`, NOTICE_CELLS), kind: 'info' });
    const own = dialect();
    if (own === 'bell') ring();
    else say(notificationText(own, `nonet-${pane}`, `nonet ${name}`, text));
  }

  function copy(pane: number, base64: string): void {
    const state = store.getState();
    const policy = state.session.snapshot?.layout.clipboard ?? 'focused';
    if (policy === 'always' || (policy === 'focused' && state.view.focused === pane)) {
      say(clipboardText(base64));
      return;
    }
    const reason = policy === 'never' ? 'the layout says clipboard: never' : 'it is not the pane in focus';
    const text = `${nameOf(pane)} may not set the clipboard: ${reason}`;
    store.dispatch({ type: 'notice-shown', text, kind: 'warning' });
  }

  function nameOf(pane: number): string {
    const name = sanitizeText(selectPane(store.getState(), pane)?.name ?? '');
    return name === '' ? String(pane) : `${pane} ${name}`;
  }

  return {
    receive(pane, signal) {
      switch (signal.type) {
        case 'bell':
        case 'notification':
          if (isWatched(store.getState().view, pane)) return;
          store.dispatch({ type: 'pane-called', pane });
          if (signal.type === 'bell') ring();
          else notify(pane, signal.title, signal.body);
          return;
        case 'progress':
          store.dispatch({ type: 'pane-progressed', pane, progress: { state: signal.state, percent: signal.percent } });
          return;
        case 'clipboard':
          copy(pane, signal.base64);
          return;
        case 'title':
        case 'directory':
        case 'prompt':
          // The daemon mirrors what of these is shown.
          return;
        default:
          // A newer host may have more of them.
          signal satisfies never;
      }
    },
  };
}
