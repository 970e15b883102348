import type { Progress } from '../core/pane-signal.ts';
import type { Clock } from './clock.ts';
import type { OuterWishes } from './outer-wishes.ts';

/** The outer terminal's modes as they have been set: tells what to write to get from there to what is wished, and back out. */
export type OuterState = {
  /** Empty when all is as wished. */
  update(wishes: OuterWishes): string;
  /** Everything as it was found. */
  reset(): string;
  dispose(): void;
};

export type OuterStateDeps = {
  clock: Clock;
  /** A wish that had to wait may be carried out now. */
  onDue(): void;
};

/** Programs animate their titles; window managers do not want to follow. */
const TITLE_INTERVAL_MS = 250;

const UNTOUCHED: OuterWishes = {
  kittyFlags: null,
  modifyOtherKeys: false,
  mouse: 'off',
  cursorColor: null,
  title: '',
  progress: null,
};

// Buttons and drags with SGR coordinates. In xterm the last mode set is the one that counts, and any reset ends all of them.
const MOUSE_ON: Record<OuterWishes['mouse'], string> = {
  off: '',
  buttons: '\x1b[?1000h\x1b[?1002h\x1b[?1006h',
  any: '\x1b[?1000h\x1b[?1002h\x1b[?1003h\x1b[?1006h',
};
const MOUSE_OFF: Record<OuterWishes['mouse'], string> = {
  off: '',
  buttons: '\x1b[?1006l\x1b[?1002l\x1b[?1000l',
  any: '\x1b[?1006l\x1b[?1003l\x1b[?1002l\x1b[?1000l',
};
/** As ConEmu has it (OSC 9;4). */
const PROGRESS_CODES: Record<Progress['state'], number> = { none: 0, normal: 1, error: 2, indeterminate: 3, paused: 4 };

export function createOuterState({ clock, onDue }: OuterStateDeps): OuterState {
  let now: OuterWishes = UNTOUCHED;
  let titleAt = Number.NEGATIVE_INFINITY;
  let cancelTitle: (() => void) | null = null;

  function keyboard(next: OuterWishes): string {
    let text = '';
    if (next.kittyFlags !== now.kittyFlags) {
      if (next.kittyFlags === null) text += '\x1b[<u';
      else text += now.kittyFlags === null ? `\x1b[>${next.kittyFlags}u` : `\x1b[=${next.kittyFlags};1u`;
    }
    if (next.modifyOtherKeys !== now.modifyOtherKeys) text += next.modifyOtherKeys ? '\x1b[>4;2m' : '\x1b[>4m';
    return text;
  }

  function mouse(next: OuterWishes): string {
    return next.mouse === now.mouse ? '' : `${MOUSE_OFF[now.mouse]}${MOUSE_ON[next.mouse]}`;
  }

  function cursor({ cursorColor }: OuterWishes): string {
    if (cursorColor === now.cursorColor) return '';
    return cursorColor === null ? '\x1b]112\x1b\\' : `\x1b]12;#${cursorColor.toString(16).padStart(6, '0')}\x1b\\`;
  }

  function progress({ progress: next }: OuterWishes): string {
    if (next?.state === now.progress?.state && next?.percent === now.progress?.percent) return '';
    if (!next) return '\x1b]9;4;0\x1b\\';
    return `\x1b]9;4;${PROGRESS_CODES[next.state]}${next.percent === null ? '' : `;${next.percent}`}\x1b\\`;
  }

  /** The title that is shown after this; the first one saves what was there before. */
  function settleTitle(wanted: string): { title: string; text: string } {
    if (wanted === now.title || wanted === '') return { title: now.title, text: '' };
    const wait = titleAt + TITLE_INTERVAL_MS - clock.now();
    if (wait > 0) {
      cancelTitle ??= clock.after(wait, () => {
        cancelTitle = null;
        onDue();
      });
      return { title: now.title, text: '' };
    }
    titleAt = clock.now();
    return { title: wanted, text: `${now.title === '' ? '\x1b[22;0t' : ''}\x1b]2;${wanted}\x1b\\` };
  }

  return {
    update(next) {
      if (next === now) return '';
      const { title, text } = settleTitle(next.title);
      const all = `${keyboard(next)}${mouse(next)}${cursor(next)}${progress(next)}${text}`;
      now = { ...next, title };
      return all;
    },
    reset() {
      const text = `${keyboard(UNTOUCHED)}${mouse(UNTOUCHED)}${cursor(UNTOUCHED)}${progress(UNTOUCHED)}`;
      const title = now.title === '' ? '' : '\x1b[23;0t';
      now = UNTOUCHED;
      return text + title;
    },
    dispose() {
      cancelTitle?.();
    },
  };
}
