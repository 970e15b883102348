import { cutText, sanitizeText } from '../core/display-text.ts';
import { type PaneSignal, PROGRESS_STATES } from '../core/pane-signal.ts';

/** In cells; people read one line of it. */
const MAX_TITLE = 256;
const MAX_BODY = 1000;
/** Of each part of a notification, before it is decoded. */
const MAX_BYTES = 4096;

/** A text of a program in one harmless line of at most `width` cells. */
export function startLine(text: string, width = MAX_TITLE): string {
  // More is not looked at: sanitising takes microseconds for each character, and a program can say titles all day.
  return cutText(sanitizeText(text.slice(0, width * 2)).trim(), width);
}

/** Null where there is nothing to read. */
function notificationOf(title: string, body: string): PaneSignal | null {
  const lines = { title: startLine(title), body: startLine(body, MAX_BODY) };
  if (lines.title === '' && lines.body === '') return null;
  // A single text is the body, whatever it was called.
  return lines.body === ''
    ? { type: 'notification', title: '', body: lines.title }
    : { type: 'notification', ...lines };
}

/**
 * OSC 9 means two things: iTerm2's notification, and ConEmu's commands 1 to 12 (https://conemu.github.io/en/AnsiEscapeCodes.html), of
 * which 4 is progress. As Ghostty has it, what looks like a command is one.
 */
export function interpretOsc9(text: string): PaneSignal | null {
  const command = /^(1[0-2]|[1-9])(?:;(.*))?$/s.exec(text);
  if (!command) return notificationOf('', text);
  return command[1] === '4' ? progressOf(command[2] ?? '') : null;
}

function progressOf(text: string): PaneSignal | null {
  const [number = '', percentText = ''] = text.split(';');
  const state = /^\d$/.test(number) ? PROGRESS_STATES[Number(number)] : undefined;
  if (state === undefined) return null;
  const percent = /^\d{1,6}$/.test(percentText) ? Math.min(100, Number(percentText)) : null;
  switch (state) {
    case 'none':
    case 'indeterminate':
      return { type: 'progress', state, percent: null };
    case 'normal':
      return { type: 'progress', state, percent: percent ?? 0 };
    default:
      return { type: 'progress', state, percent };
  }
}

/** OSC 777, urxvt's extensions by name; `notify` is the one that others took over. */
export function interpretOsc777(text: string): PaneSignal | null {
  const [name, title = '', ...body] = text.split(';');
  return name === 'notify' ? notificationOf(title, body.join(';')) : null;
}

/**
 * OSC 99, kitty's notifications (https://sw.kovidgoyal.net/kitty/desktop-notifications/): in pieces, joined by their id. Of what it can,
 * titles and bodies are shown; buttons, icons and reports of clicks are not, and the answer to its query says so.
 */
export type KittyNotifications = {
  take(text: string): { signal: PaneSignal | null; answer: string };
  reset(): void;
};

/** Notifications begun and not done; a program that only begins loses its oldest. */
const MAX_PENDING = 16;

export function createKittyNotifications(): KittyNotifications {
  const pending = new Map<string, { title: Buffer; body: Buffer }>();
  const nothing = { signal: null, answer: '' };

  return {
    take(text) {
      const at = text.indexOf(';');
      if (at < 0) return nothing;
      const keys = new Map(
        text
          .slice(0, at)
          .split(':')
          .map((pair) => [pair.slice(0, 1), pair.slice(2)] as const),
      );
      const id = /^[\w+.-]{1,128}$/.test(keys.get('i') ?? '') ? keys.get('i')! : '0';
      const part = keys.get('p') || 'title';
      if (part === '?') return { signal: null, answer: `\x1b]99;i=${id}:p=?;o=always:p=title,body,?\x1b\\` };
      if (part === 'close') {
        pending.delete(id);
        return nothing;
      }
      const parts = pending.get(id) ?? { title: Buffer.alloc(0), body: Buffer.alloc(0) };
      if (part === 'title' || part === 'body') {
        const bytes = Buffer.from(text.slice(at + 1), keys.get('e') === '1' ? 'base64' : 'utf8');
        parts[part] = Buffer.concat([parts[part], bytes]).subarray(0, MAX_BYTES);
      }
      pending.delete(id);
      if (keys.get('d') === '0') {
        pending.set(id, parts);
        if (pending.size > MAX_PENDING) pending.delete(pending.keys().next().value!);
        return nothing;
      }
      return { signal: notificationOf(parts.title.toString(), parts.body.toString()), answer: '' };
    },
    reset: () => pending.clear(),
  };
}
