import { type OuterFacts, type OuterSource, USUAL_CELL } from './outer-facts.ts';
import type { PaneColors } from './pane-colors.ts';
import type { ReplyQueue } from './reply-queue.ts';
import type { XtermCore } from './xterm-core.ts';

/**
 * What a program is told without asking each time, once it has switched that on: focus (mode 1004), dark or light (2031,
 * https://contour-terminal.org/vt-extensions/color-palette-update-notifications/) and its size (2048,
 * https://gist.github.com/rockorager/e695fb2924d36b2bcf1fff4a3704bd83). Reverse video (5) is kept here too: xterm does not know it.
 */
export type ProgramReports = {
  /** Of the modes that xterm does not know, null for others. */
  mode(number: number): boolean | null;
  focusChanged(focused: boolean): void;
  /** After a resize, with the new size. */
  resized(): void;
  outerChanged(): void;
  reset(): void;
};

export type ProgramReportsOptions = {
  core: XtermCore;
  replies: ReplyQueue;
  outer: OuterSource;
  colors: PaneColors;
  size: () => { cols: number; rows: number };
  focusWanted: () => boolean;
};

export function trackProgramReports(options: ProgramReportsOptions): ProgramReports {
  const { core, replies, outer, colors, size, focusWanted } = options;
  let schemeUpdates = false;
  let resizeReports = false;
  let focused = false;
  let factsBefore: OuterFacts | null = outer.current();
  let toldSize = '';

  function setMode(number: number, on: boolean): void {
    switch (number) {
      case 5:
        colors.setReverse(on);
        return;
      case 1004:
        if (on) reportFocus();
        return;
      case 2031:
        schemeUpdates = on;
        return;
      case 2048:
        resizeReports = on;
        toldSize = '';
        if (on) reportSize();
        return;
    }
  }

  function reportFocus(): void {
    replies.reply(focused ? '\x1b[I' : '\x1b[O');
  }

  function reportSize(): void {
    if (outer.current()) {
      const text = sizeReport();
      if (text !== toldSize) replies.reply(text);
      toldSize = text;
      return;
    }
    const fill = replies.hold();
    if (!fill) return;
    outer.whenKnown(() => {
      const text = resizeReports ? sizeReport() : '';
      fill(text === toldSize ? '' : text);
      toldSize = text;
    });
  }

  function sizeReport(): string {
    const { cols, rows } = size();
    const cell = outer.current()?.cell ?? USUAL_CELL;
    return `\x1b[48;${rows};${cols};${rows * cell.height};${cols * cell.width}t`;
  }

  for (const final of ['h', 'l'] as const) {
    // Not through the public parser, which makes an array each time: programs hide and show their cursor in every frame.
    core._inputHandler.registerCsiHandler({ prefix: '?', final }, ({ length, params }) => {
      for (let i = 0; i < length; i++) setMode(params[i]!, final === 'h');
      return false;
    });
  }

  return {
    mode(number) {
      switch (number) {
        case 5:
          return colors.reverse;
        case 2031:
          return schemeUpdates;
        case 2048:
          return resizeReports;
        default:
          return null;
      }
    },
    focusChanged(now) {
      if (now === focused) return;
      focused = now;
      if (focusWanted()) reportFocus();
    },
    resized() {
      if (resizeReports) reportSize();
    },
    outerChanged() {
      if (resizeReports) reportSize();
      // Both with the program's own background, if it has one: what it did itself it need not be told.
      const before = factsBefore && colors.scheme(factsBefore);
      factsBefore = outer.current();
      const scheme = factsBefore && colors.scheme(factsBefore);
      if (schemeUpdates && scheme && scheme !== before) replies.reply(`\x1b[?997;${scheme === 'dark' ? 1 : 2}n`);
    },
    reset() {
      schemeUpdates = false;
      resizeReports = false;
      toldSize = '';
    },
  };
}
