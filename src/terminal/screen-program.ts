import type { IDisposable, Terminal } from '@xterm/headless';
import type { PaneSignal } from '../core/pane-signal.ts';
import { limitCellText } from './cell-limits.ts';
import { installColorSequences } from './color-sequences.ts';
import type { KeyboardModes } from './keyboard-modes.ts';
import { installLinkTable, type LinkTable } from './link-table.ts';
import type { OuterSource } from './outer-facts.ts';
import { createPaneColors, type PaneColors } from './pane-colors.ts';
import { type ProgramReports, trackProgramReports } from './program-reports.ts';
import { installProgramSignals } from './program-signals.ts';
import { type PromptMarks, trackPromptMarks } from './prompt-marks.ts';
import { createReplyFromFacts, installQueryResponder } from './query-responder.ts';
import type { ReplyQueue } from './reply-queue.ts';
import { installStatusStrings } from './status-strings.ts';
import type { XtermCore } from './xterm-core.ts';

/** Everything between a screen and the program that draws on it, besides the drawing: what it asks, sets, signals and is told. */
export type ScreenProgram = {
  colors: PaneColors;
  links: LinkTable;
  prompts: PromptMarks;
  reports: ProgramReports;
  /** As RIS does: what the program set is as it was. */
  resetModes(): void;
  /** For the next program: also what the last one said of itself. */
  reset(): void;
  dispose(): void;
};

export type ScreenProgramOptions = {
  terminal: Terminal;
  core: XtermCore;
  keyboard: KeyboardModes;
  extraModes: { alternateScroll(): boolean; reset(): void };
  replies: ReplyQueue;
  outer: OuterSource;
  version: string;
  convertEol: boolean;
  cursorStyle: () => number;
  onSignal: (signal: PaneSignal) => void;
};

export function connectProgram(options: ScreenProgramOptions): ScreenProgram {
  const { terminal, core, keyboard, extraModes, replies, outer, version, convertEol, cursorStyle, onSignal } = options;
  const { parser } = terminal;
  const { reply } = replies;
  const modes = () => core.coreService.decPrivateModes;
  const colors = createPaneColors(outer.current);
  const replyFromFacts = createReplyFromFacts(replies, outer);

  limitCellText(core);
  const links = installLinkTable(core);
  const prompts = trackPromptMarks(core);
  const reports = trackProgramReports({
    core,
    replies,
    outer,
    colors,
    size: () => ({ cols: terminal.cols, rows: terminal.rows }),
    focusWanted: () => modes().sendFocus,
  });
  installColorSequences({
    core,
    colors,
    answer(what, format) {
      const mine = colors.own(what);
      if (mine !== null) reply(format(mine));
      else {
        replyFromFacts((facts) => {
          const color = colors.effective(what, facts);
          return color === null ? '' : format(color);
        });
      }
    },
  });
  installStatusStrings(core, reply, {
    scrollRegion: () => ({ top: core.buffer.scrollTop, bottom: core.buffer.scrollBottom }),
    attributes: () => core._inputHandler._curAttrData,
    cursorStyle,
  });
  installQueryResponder({
    parser,
    replies,
    outer,
    version,
    keyboard,
    state: {
      cols: () => terminal.cols,
      rows: () => terminal.rows,
      cursor: () => ({ col: core.buffer.x, row: core.buffer.y }),
      scrollTop: () => (modes().origin ? core.buffer.scrollTop : 0),
      scheme: colors.scheme,
      mode(number) {
        if (number === 12) return modes().cursorBlink ?? terminal.options.cursorBlink ?? false;
        if (number === 1007) return extraModes.alternateScroll();
        return reports.mode(number);
      },
    },
  });
  const signals = installProgramSignals({ core, parser, tell: onSignal, reply, onPrompt: prompts.mark });
  const disposables: IDisposable[] = [
    terminal.onData(reply),
    terminal.onBell(() => onSignal({ type: 'bell' })),
    // RIS: xterm goes on with its own part, which leaves out the cursor and what it keeps in its options.
    parser.registerEscHandler({ final: 'c' }, () => {
      resetModes();
      return false;
    }),
  ];

  function resetModes(): void {
    keyboard.reset();
    extraModes.reset();
    reports.reset();
    colors.reset();
    core.coreService.isCursorHidden = false;
    terminal.options.cursorBlink = false;
    terminal.options.convertEol = convertEol;
  }

  return {
    colors,
    links,
    prompts,
    reports,
    resetModes,
    reset() {
      resetModes();
      signals.reset();
    },
    dispose() {
      for (const disposable of disposables.reverse()) disposable.dispose();
    },
  };
}
