import type { Params, ScreenBuffer, XtermCore } from './xterm-core.ts';
import { splitWideCharacter } from './xterm-width-fixes.ts';

/** Single sequences that 6.0.0 does wrongly, each with the source that says what is right. */
export function mendSequences(core: XtermCore): void {
  limitCounts(core);
  mendEraseAbove(core);
  insertBetweenHalves(core);
  ignoreLinesOutsideMargins(core);
  keepWrapOverReverseIndex(core);
  eraseOnReentry(core);
  mendOriginMoves(core);
  mendLastColumn(core);
  shareMarginsAndTabs(core);
  completeGraphics(core);
  mendAlignmentPattern(core);
  mendColumnMode(core);
  mendScrollDown(core);
  mendColors(core);
  mendLinkEnd(core);
}

/**
 * Moving a line is a loop of as many turns as the program says: `CSI 2147483647 L` takes an hour in 6.0.0, and every other pane
 * waits. More than the whole screen does no more than the whole screen.
 */
function limitCounts(core: XtermCore): void {
  const { _inputHandler: handler, _bufferService: service } = core;
  const limits: Record<string, () => number> = {
    L: () => service.rows,
    M: () => service.rows,
    T: () => service.rows,
    I: () => service.cols,
    Z: () => service.cols,
    b: () => service.rows * service.cols,
  };
  for (const [final, limit] of Object.entries(limits)) {
    handler.registerCsiHandler({ final }, ({ params }) => {
      params[0] = Math.min(params[0]!, limit());
      return false;
    });
  }
}

/**
 * ED 1 in the last column: 6.0.0 takes the wrap mark from a line counted from the scrollback's beginning, and throws where there is
 * none (the bottom right corner).
 */
function mendEraseAbove(core: XtermCore): void {
  const { _inputHandler: handler, _bufferService: service } = core;
  const { eraseInDisplay } = handler;
  handler.eraseInDisplay = (params, respectProtect = false) => {
    const { buffer, cols } = service;
    if (params.params[0] !== 1 || buffer.x < cols - 1) return eraseInDisplay.call(handler, params, respectProtect);
    handler._restrictCursor(cols);
    handler._eraseInBufferLine(buffer.y, 0, cols, true, respectProtect);
    for (let row = 0; row < buffer.y; row++) handler._resetBufferLine(row, respectProtect);
    const next = buffer.y + 1 < service.rows ? buffer.lines.get(buffer.ybase + buffer.y + 1) : undefined;
    if (next) next.isWrapped = false;
    return true;
  };
}

function insertBetweenHalves(core: XtermCore): void {
  core._inputHandler.registerCsiHandler({ final: '@' }, () => {
    splitWideCharacter(core);
    return false;
  });
}

/** IL and DL outside the margins do nothing at all; in 6.0.0 they end a pending wrap (xterm, Ghostty). */
function ignoreLinesOutsideMargins(core: XtermCore): void {
  const { _inputHandler: handler, _bufferService: service } = core;
  for (const final of ['L', 'M']) {
    handler.registerCsiHandler({ final }, () => {
      const { y, scrollTop, scrollBottom } = service.buffer;
      return y < scrollTop || y > scrollBottom;
    });
  }
}

/** RI at the top margin scrolls, and the cursor stays as it is, a pending wrap with it (xterm, Ghostty). */
function keepWrapOverReverseIndex(core: XtermCore): void {
  const { _inputHandler: handler, _bufferService: service } = core;
  const { reverseIndex } = handler;
  handler.reverseIndex = () => {
    const { x, y, scrollTop } = service.buffer;
    const done = reverseIndex.call(handler);
    if (y === scrollTop) service.buffer.x = x;
    return done;
  };
}

/** Mode 1049 erases the alternate screen also where it is in use already (xterm, Ghostty). */
function eraseOnReentry(core: XtermCore): void {
  const { _inputHandler: handler, _bufferService: service } = core;
  handler.registerCsiHandler({ prefix: '?', final: 'h' }, (params) => {
    if (service.buffer === service.buffers.alt && names(params, 1049)) {
      for (let row = 0; row < service.rows; row++) handler._resetBufferLine(row);
    }
    return false;
  });
}

/**
 * CUF, CUB, HPR, CHA and HPA in origin mode stay in their row; 6.0.0 takes the row for one within the margins, and moves down by the top
 * margin each time.
 */
function mendOriginMoves(core: XtermCore): void {
  const { _inputHandler: handler, _bufferService: service } = core;
  handler._moveCursor = (cols, rows) => {
    handler._restrictCursor();
    service.buffer.x += cols;
    service.buffer.y += rows;
    handler._restrictCursor();
  };
  const moveToColumn = ({ params }: Params): boolean => {
    service.buffer.x = (params[0] || 1) - 1;
    handler._restrictCursor();
    return true;
  };
  handler.cursorCharAbsolute = moveToColumn;
  handler.charPosAbsolute = moveToColumn;
}

/** Without autowrap no wrap is ever pending: after the last column the cursor is in it, where 6.0.0 takes it for one behind. */
function mendLastColumn(core: XtermCore): void {
  const { _inputHandler: handler, coreService } = core;
  for (const id of [
    { final: 'J' },
    { final: 'K' },
    { final: 'Z' },
    { prefix: '?', final: 'J' },
    { prefix: '?', final: 'K' },
  ]) {
    handler.registerCsiHandler(id, () => {
      if (!coreService.decPrivateModes.wraparound) handler._restrictCursor();
      return false;
    });
  }
}

/** Margins and tab stops are the terminal's, not a screen's: xterm, kitty, Ghostty and Alacritty keep them across modes 47, 1047 and 1049. */
function shareMarginsAndTabs(core: XtermCore): void {
  const { _inputHandler: handler, _bufferService: service } = core;
  let kept: Pick<ScreenBuffer, 'scrollTop' | 'scrollBottom' | 'tabs'> | null = null;
  for (const final of ['h', 'l']) {
    handler.registerCsiHandler({ prefix: '?', final }, (params) => {
      const { buffer, buffers } = service;
      const switches = (buffer === buffers.alt) === (final === 'l');
      if (!switches || !SCREEN_MODES.some((mode) => names(params, mode))) return false;
      // Before the change, because it blanks the screen that is left.
      const { scrollTop, scrollBottom, tabs } = buffer;
      kept = { scrollTop, scrollBottom, tabs };
      return false;
    });
  }
  service.buffers.onBufferActivate(({ activeBuffer }) => {
    if (kept) Object.assign(activeBuffer, kept);
    kept = null;
  });
}
const SCREEN_MODES = [47, 1047, 1049];

/** `_` is a blank in DEC's special graphics (VT100 User Guide, table 3-9; xterm, Alacritty); 6.0.0 leaves it out of its table. */
function completeGraphics(core: XtermCore): void {
  const { _inputHandler: handler, _charsetService: charsets } = core;
  handler.selectCharset('(0');
  const graphics = charsets.charset as Record<string, string>;
  graphics['_'] = ' ';
  handler.selectCharset('(B');
}

/** DECALN opens the margins, ends origin mode and draws without colours (VT510 manual; xterm, Alacritty). */
function mendAlignmentPattern(core: XtermCore): void {
  const { _inputHandler: handler, _bufferService: service, coreService } = core;
  const { screenAlignmentPattern } = handler;
  handler.screenAlignmentPattern = () => {
    service.buffer.scrollTop = 0;
    service.buffer.scrollBottom = service.rows - 1;
    coreService.decPrivateModes.origin = false;
    const attributes = handler._curAttrData;
    const { fg, bg } = attributes;
    attributes.fg = 0;
    attributes.bg = 0;
    screenAlignmentPattern.call(handler);
    attributes.fg = fg;
    attributes.bg = bg;
    return true;
  };
}

/**
 * DECCOLM cannot change the width of a pane; what else it does happens: the margins open, the screen is erased, the cursor goes home
 * (VT510 manual; so do tmux, kitty and Alacritty, while xterm wants mode 40 first).
 */
function mendColumnMode(core: XtermCore): void {
  const { _inputHandler: handler, _bufferService: service } = core;
  for (const final of ['h', 'l']) {
    handler.registerCsiHandler({ prefix: '?', final }, (params) => {
      if (!names(params, 3)) return false;
      service.buffer.scrollTop = 0;
      service.buffer.scrollBottom = service.rows - 1;
      for (let row = 0; row < service.rows; row++) handler._resetBufferLine(row);
      handler._setCursor(0, 0);
      return false;
    });
  }
}

/** SD fills with the background colour, as every other erasing does (xterm's back-colour erase); 6.0.0 forgets it there alone. */
function mendScrollDown(core: XtermCore): void {
  const { _inputHandler: handler, _bufferService: service } = core;
  const { scrollDown } = handler;
  handler.scrollDown = (params) => {
    const done = scrollDown.call(handler, params);
    const { buffer } = service;
    const height = buffer.scrollBottom - buffer.scrollTop + 1;
    const count = Math.min(Math.max(1, params.params[0]!), height);
    for (let row = 0; row < count; row++) handler._resetBufferLine(buffer.scrollTop + row);
    return done;
  };
}

/**
 * `38:2:r:g:b`, without the colour space that ISO 8613-6 has between: what many programs send, and xterm, kitty and Alacritty read. 6.0.0
 * takes red for the colour space.
 */
function mendColors(core: XtermCore): void {
  const { _inputHandler: handler } = core;
  const { _extractColor } = handler;
  handler._extractColor = (params, at, attributes) => {
    const sub = params.hasSubParams(at) ? params.getSubParams(at) : null;
    if (sub?.length !== 4 || sub[0] !== 2) return _extractColor.call(handler, params, at, attributes);
    const [, red, green, blue] = sub;
    const color = 0x3000000 | ((red! & 255) << 16) | ((green! & 255) << 8) | (blue! & 255);
    const keptBits = ~0x3ffffff;
    if (params.params[at] === 38) attributes.fg = (attributes.fg & keptBits) | color;
    else if (params.params[at] === 48) attributes.bg = (attributes.bg & keptBits) | color;
    else {
      attributes.extended = attributes.extended.clone();
      attributes.extended._ext = (attributes.extended._ext & keptBits) | color;
    }
    return 0;
  };
}

/** OSC 8 with an empty address ends the link, whatever its parameters say (egmontkob's specification); 6.0.0 lets it go on at an id. */
function mendLinkEnd(core: XtermCore): void {
  const { _inputHandler: handler } = core;
  const { setHyperlink } = handler;
  handler.setHyperlink = (data) => setHyperlink.call(handler, data.indexOf(';') === data.length - 1 ? ';' : data);
}

/** Whether a sequence names this mode. Without a copy of its parameters: programs hide and show their cursor all the time. */
function names({ params, length }: Params, mode: number): boolean {
  for (let i = 0; i < length; i++) if (params[i] === mode) return true;
  return false;
}
