import type { IParser } from '@xterm/headless';
import { sanitizeText } from '../core/display-text.ts';
import type { PaneSignal } from '../core/pane-signal.ts';
import { takeOsc } from './control-strings.ts';
import { createKittyNotifications, interpretOsc9, interpretOsc777, startLine } from './notifications.ts';
import type { XtermCore } from './xterm-core.ts';

/**
 * What a program tells its terminal besides what it draws: sanitised, cut, and told to whoever listens. Strings are kept up to a limit and
 * never passed on as they came.
 */
export type ProgramSignals = {
  /** For the next program: takes back what the last one said of itself. */
  reset(): void;
};

export type ProgramSignalsOptions = {
  core: XtermCore;
  parser: IParser;
  tell: (signal: PaneSignal) => void;
  reply: (text: string) => void;
  /** A shell's prompt begins at the cursor. */
  onPrompt: () => void;
};

const MAX_TITLE_UNITS = 1024;
const MAX_NOTIFICATION_UNITS = 16 * 1024;
/** As xterm.js and xterm. */
const MAX_TITLE_STACK = 10;
/** Decoded. Larger things are files. */
const MAX_CLIPBOARD_BYTES = 1024 * 1024;
const MAX_CLIPBOARD_UNITS = Math.ceil(MAX_CLIPBOARD_BYTES / 3) * 4 + 16;
/** PATH_MAX. */
const MAX_PATH = 4096;

export function installProgramSignals(options: ProgramSignalsOptions): ProgramSignals {
  const { core, parser, tell, reply, onPrompt } = options;
  const notifications = createKittyNotifications();
  let title = '';
  let titles: string[] = [];
  let directory = '';
  let progressing = false;

  function setTitle(next: string): void {
    if (next === title) return;
    title = next;
    tell({ type: 'title', title });
  }

  function setDirectory(path: string): void {
    if (path === directory) return;
    directory = path;
    tell({ type: 'directory', path });
  }

  function tellIfAny(signal: PaneSignal | null): void {
    if (!signal) return;
    if (signal.type === 'progress') progressing = signal.state !== 'none';
    tell(signal);
  }

  let lastTitle = '';
  for (const code of [0, 2]) {
    takeOsc(core, code, MAX_TITLE_UNITS, (text) => {
      // Shells and agents set the same title again and again: spare the sanitising.
      if (text === lastTitle && text !== '') return;
      lastTitle = text;
      setTitle(startLine(text));
    });
  }
  // The icon's name: there are no icons here.
  takeOsc(core, 1, 0, () => {});
  parser.registerCsiHandler({ final: 't' }, (params) => {
    const kind = Number(params[0] ?? 0);
    if (kind !== 22 && kind !== 23) return false;
    const ofIcon = Number(params[1] ?? 0) === 1;
    if (kind === 22 && !ofIcon) titles = [...titles, title].slice(-MAX_TITLE_STACK);
    if (kind === 23 && !ofIcon) {
      lastTitle = '';
      setTitle(titles.pop() ?? title);
    }
    return true;
  });

  takeOsc(core, 9, MAX_NOTIFICATION_UNITS, (text) => tellIfAny(interpretOsc9(text)));
  takeOsc(core, 777, MAX_NOTIFICATION_UNITS, (text) => tellIfAny(interpretOsc777(text)));
  takeOsc(core, 99, MAX_NOTIFICATION_UNITS, (text) => {
    const { signal, answer } = notifications.take(text);
    if (answer) reply(answer);
    tellIfAny(signal);
  });
  takeOsc(core, 52, MAX_CLIPBOARD_UNITS, (text, complete) => {
    const at = text.indexOf(';');
    const selection = at < 0 ? null : /^[cpqs0-7]*$/.exec(text.slice(0, at))?.[0];
    if (selection === null || selection === undefined) return;
    const content = text.slice(at + 1);
    // Reading the clipboard is nobody's right; an empty answer keeps the asker from waiting.
    if (content === '?') reply(`\x1b]52;${selection || 'c'};\x1b\\`);
    const base64 = complete && !/^[0-7]+$/.test(selection) ? clipboardText(content) : null;
    if (base64 !== null) tell({ type: 'clipboard', base64 });
  });
  takeOsc(core, 7, MAX_PATH * 3 + 256, (text, complete) => {
    const path = complete ? pathOf(text) : null;
    if (path !== null) setDirectory(path);
  });
  takeOsc(core, 133, 1024, (text) => {
    const [mark, exit = ''] = text.split(';');
    if (mark !== 'A' && mark !== 'B' && mark !== 'C' && mark !== 'D') return;
    if (mark === 'A') onPrompt();
    const exitCode = mark === 'D' && /^-?\d{1,10}$/.test(exit) ? Number(exit) : null;
    tell({ type: 'prompt', mark, exitCode });
  });

  return {
    reset() {
      titles = [];
      lastTitle = '';
      notifications.reset();
      setTitle('');
      setDirectory('');
      if (progressing) tellIfAny({ type: 'progress', state: 'none', percent: null });
    },
  };
}

/** The base64 of UTF-8 text in its usual form; null for anything else, for nothing and for too much. */
function clipboardText(content: string): string | null {
  const digits = content.replace(/={0,2}$/, '');
  if (digits === '' || digits.length % 4 === 1 || !/^[A-Za-z0-9+/]+$/.test(digits)) return null;
  const bytes = Buffer.from(digits, 'base64');
  if (bytes.length > MAX_CLIPBOARD_BYTES) return null;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
  return bytes.toString('base64');
}

/**
 * Of a `file:` URL, or kitty's, which is not percent-encoded. The host is not looked at: a program on another machine means a directory
 * there. Empty for an empty text; null for what is no path that can be shown.
 */
function pathOf(text: string): string | null {
  if (text === '') return '';
  const [, scheme, raw] = /^(file|kitty-shell-cwd):\/\/[^/]*(\/.*)$/.exec(text) ?? [];
  if (raw === undefined) return null;
  let path = raw;
  try {
    if (scheme === 'file') path = decodeURIComponent(raw);
  } catch {
    return null;
  }
  // A path that sanitising would change is another path.
  return path.length <= MAX_PATH && sanitizeText(path) === path ? path : null;
}
