import { type LogLine, paneLogSource, readLogDescription } from '../../config/log-files.ts';
import { compilePattern } from '../../core/copy-mode/search.ts';
import { breakText, displayWidth, sanitizeText } from '../../core/display-text.ts';
import type { KeyEvent } from '../../core/input-event.ts';
import { type EditedLine, editLine, excessWords, insertText, startLine, typedText } from '../../core/line-edit.ts';
import { logBaseName } from '../../core/log-names.ts';
import type { Clock } from '../clock.ts';
import { isKey, isLeave } from '../key-reading.ts';
import { selectPane } from '../selectors.ts';
import type { Store } from '../store.ts';
import { innerSize, inspectBox } from './inspect-layout.ts';
import type { LogPage, LogRow } from './inspect-view.ts';
import { createLogWindow, type LogWindow } from './log-window.ts';
import { scrollStep } from './scroll-keys.ts';

/**
 * The log view: shows a page of a pane's log over all panes, from the files that the host writes, so that it makes no difference whether
 * anything runs. Reads from the end, and further back only as far as somebody looks; never for longer than a moment at a time.
 */
export type LogViewer = {
  open(pane: number): void;
  key(event: KeyEvent): void;
  /** Into the filter that is being typed. */
  paste(text: string): void;
  /** Negative is back in time. */
  scroll(lines: number): void;
  /** The state of the client has changed. */
  update(): void;
  dispose(): void;
};

export type LogViewerDeps = { store: Store; clock: Clock; directory: string };

const POLL_MS = 250;
/** What comes after this of one line is only in the file. */
const MAX_LINE_LENGTH = 4000;
const FULL_STAMP_COLS = 70;
const MAX_FILTER = 200;

/** `bottom`: the lines before this one are shown; below 1 while the lines it stands for have not been read. */
type Open = { pane: number; name: string; window: LogWindow; bottom: number; toTop: boolean; cancelPoll: () => void };

export function createLogViewer({ store, clock, directory }: LogViewerDeps): LogViewer {
  let opened: Open | null = null;
  let filter = '';
  let prompt: EditedLine | null = null;
  let times = true;
  let size = '';
  let reading: NodeJS.Immediate | null = null;

  function openWindow(pane: number, name: string): void {
    close();
    const description = { ...readLogDescription(directory, logBaseName(name)), pane, name };
    const pattern = compilePattern(filter);
    const window = createLogWindow(paneLogSource(directory, description), pattern);
    opened = { pane, name, window, bottom: window.lines.length, toTop: false, cancelPoll: () => {} };
    poll(opened);
  }

  function close(): void {
    opened?.cancelPoll();
    opened?.window.dispose();
    opened = null;
    if (reading) clearImmediate(reading);
    reading = null;
  }

  function poll(log: Open): void {
    log.cancelPoll = clock.after(POLL_MS, () => {
      const { window } = log;
      const following = log.bottom >= window.lines.length;
      // What has come meanwhile is read when somebody is at the end again.
      const crowded = window.full;
      if (crowded && following) {
        openWindow(log.pane, log.name);
        show();
        return;
      }
      const count = crowded ? 0 : window.readNewer();
      if (following) log.bottom = window.lines.length;
      poll(log);
      if (count > 0) show();
    });
  }

  /** Reads on in the next turn, until there is enough for what is asked. */
  function readOn(): void {
    reading ??= setImmediate(() => {
      reading = null;
      if (!opened) return;
      readOlder(opened, 10_000);
      show();
    });
  }

  function readOlder(log: Open, count: number): void {
    log.bottom += log.window.readOlder(count);
  }

  function pageSize(): { cols: number; rows: number } {
    const state = store.getState();
    const { cols, rows } = state.view;
    const box = inspectBox({ ...state, view: { ...state.view, mode: 'log' } });
    const inner = box ? innerSize(box) : { cols, rows };
    return { cols: inner.cols, rows: Math.max(1, inner.rows - 1) };
  }

  function show(): void {
    const log = opened;
    if (!log) return;
    const { cols, rows } = pageSize();
    let page = fill(log, cols, rows);
    if (!page.enough && !log.window.complete) {
      readOlder(log, rows * 4);
      page = fill(log, cols, rows);
    }
    const busy = (log.toTop || !page.enough) && !log.window.complete;
    if (busy) readOn();
    else if (log.toTop) {
      log.toTop = false;
      log.bottom = 1;
      page = fill(log, cols, rows);
    }
    const { lines } = log.window;
    const shown: LogPage = {
      pane: log.pane,
      name: log.name,
      rows: page.rows,
      filter,
      prompt,
      times,
      busy,
      following: log.bottom >= lines.length,
      below: Math.max(0, lines.length - log.bottom),
    };
    store.dispatch({ type: store.getState().view.mode === 'log' ? 'log-shown' : 'log-opened', page: shown });
  }

  /** The rows above `bottom`, which moves down where there are too few of them and no others. */
  function fill(log: Open, cols: number, rows: number): { rows: LogRow[]; enough: boolean } {
    const { lines, complete } = log.window;
    if (log.bottom < 1 && complete) log.bottom = Math.min(1, lines.length);
    let found: LogRow[] = [];
    for (let index = log.bottom - 1; index >= 0 && found.length < rows; index--) {
      found = [...rowsOf(lines[index]!, cols, rows), ...found];
    }
    while (complete && found.length < rows && log.bottom < lines.length) {
      found = [...found, ...rowsOf(lines[log.bottom]!, cols, rows)];
      log.bottom++;
      // The top of the log is to stay the top of the page.
      if (found.length > rows) return { rows: found.slice(0, rows), enough: true };
    }
    return { rows: found.slice(-rows), enough: found.length >= rows };
  }

  function rowsOf({ text, stamp, time }: LogLine, cols: number, maxRows: number): LogRow[] {
    const label = times ? stampText(stamp, time, cols) : '';
    const clean = sanitizeText(text.slice(0, MAX_LINE_LENGTH)) + (text.length > MAX_LINE_LENGTH ? '…' : '');
    const width = Math.max(1, cols - displayWidth(label));
    const own = /^(---|…) /.test(text);
    return breakText(clean, width, maxRows).map((piece, index) => ({
      stamp: index === 0 ? label : ' '.repeat(displayWidth(label)),
      text: piece,
      own,
      start: index === 0,
    }));
  }

  function move(lines: number): void {
    const log = opened;
    if (!log) return;
    log.toTop = lines === Number.NEGATIVE_INFINITY;
    if (!log.toTop) log.bottom = Math.min(log.window.lines.length, log.bottom + lines);
    show();
  }

  function filterBy(text: string): void {
    if (text !== filter && opened) {
      filter = text;
      openWindow(opened.pane, opened.name);
    }
    show();
  }

  function sayExcess({ text }: EditedLine, added: string): void {
    const words = excessWords(text, added, MAX_FILTER);
    if (words !== '') store.dispatch({ type: 'notice-shown', text: words, kind: 'warning' });
  }

  function promptKey(line: EditedLine, event: KeyEvent): void {
    const isEnter = event.key === 'enter' || event.key === 'kp_enter';
    if (isEnter || isLeave(event)) {
      prompt = null;
      if (isEnter) filterBy(line.text);
      else show();
      return;
    }
    const next = editLine(line, event, MAX_FILTER);
    if (!next) return;
    sayExcess(line, typedText(event));
    prompt = next;
    show();
  }

  return {
    open(pane) {
      const view = selectPane(store.getState(), pane);
      if (!view) return;
      filter = '';
      prompt = null;
      openWindow(pane, view.name);
      show();
    },
    key(event) {
      const log = opened;
      if (!log) return;
      if (prompt) {
        promptKey(prompt, event);
        return;
      }
      const text = typedText(event);
      const step = text === 'f' ? Number.POSITIVE_INFINITY : scrollStep(event, pageSize().rows);
      if (isLeave(event) && filter !== '' && isKey(event, 'escape')) filterBy('');
      else if (isLeave(event) || (text === 'q' && event.action === 'press')) store.dispatch({ type: 'mode-left' });
      else if (step !== null) move(step);
      else if (text === '/') {
        prompt = startLine('');
        show();
      } else if (text === 't') {
        times = !times;
        show();
      } else if (event.action === 'press') {
        const keys = 'j k g G scroll, / filters, f follows, t times, q closes';
        store.dispatch({ type: 'notice-shown', text: keys, kind: 'info' });
      }
    },
    paste(text) {
      if (!prompt) return;
      sayExcess(prompt, text);
      prompt = insertText(prompt, text, MAX_FILTER);
      show();
    },
    scroll: move,
    update() {
      const log = opened;
      if (!log) return;
      const state = store.getState();
      if (state.view.mode !== 'log') {
        close();
        return;
      }
      const name = selectPane(state, log.pane)?.name ?? log.name;
      const now = `${state.view.cols}x${state.view.rows}`;
      if (name === log.name && now === size) return;
      size = now;
      // Renamed, and its log with it.
      if (name !== log.name) openWindow(log.pane, name);
      show();
    },
    dispose: close,
  };
}

function stampText(stamp: string, time: number | null, cols: number): string {
  if (stamp === '') return '';
  if (cols >= FULL_STAMP_COLS || time === null) return `${stamp} `;
  const two = (value: number): string => String(value).padStart(2, '0');
  const date = new Date(time);
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())} `;
}
