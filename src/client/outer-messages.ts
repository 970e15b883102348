import type { NotificationDialect } from './outer-features.ts';

/**
 * What is said to the outer terminal once. All texts have gone through sanitizeText: there is no control character in them that could
 * end the sequence.
 */
export const BELL = '\x07';

/** A notification for the desktop, as this terminal takes it. */
export function notificationText(dialect: NotificationDialect, id: string, title: string, body: string): string {
  switch (dialect) {
    case 'osc99':
      // https://sw.kovidgoyal.net/kitty/desktop-notifications/: title and body are pieces of one notification.
      return `\x1b]99;i=${id}:d=0:p=title;${title}\x1b\\\x1b]99;i=${id}:d=1:p=body;${body}\x1b\\`;
    case 'osc777':
      return `\x1b]777;notify;${title.replaceAll(';', ',')};${body}\x1b\\`;
    case 'osc9':
      // The title begins with a word: `9;` and a digit would be something else to ConEmu and those that follow it.
      return `\x1b]9;${title}: ${body}\x1b\\`;
    case 'bell':
      return BELL;
  }
}

/** OSC 52. `base64` is checked where it comes from. */
export function clipboardText(base64: string): string {
  return `\x1b]52;c;${base64}\x1b\\`;
}
