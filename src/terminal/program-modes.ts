import type { InputModes } from './input-encoder.ts';
import type { KeyboardModes } from './keyboard-modes.ts';
import type { XtermCore } from './xterm-core.ts';

/** Everything a program may have switched, off again; DECSTR first, then what it leaves alone. */
export const RESET_MODES =
  '\x1b[!p\x1b[?1;5;6;9;12;45;66;1000;1002;1003;1004;1005;1006;1015;1016;2004;2026;2031;2048l\x1b[?7;25h\x1b[4;20l\x1b>\x1b(B\x1b)B\x0f\x1b[0 q\x1b[H\x1b]8;;\x1b\\';

const MOUSE_PROTOCOLS: Record<string, InputModes['mouseProtocol']> = {
  NONE: 'none',
  X10: 'x10',
  VT200: 'vt200',
  DRAG: 'drag',
  ANY: 'any',
};
/** Pixel positions (1016) are refused when a program asks about them; one that sets them unasked gets cells in the same form. */
const MOUSE_ENCODINGS: Record<string, InputModes['mouseEncoding']> = {
  DEFAULT: 'default',
  SGR: 'sgr',
  SGR_PIXELS: 'sgr',
};

/** What keys, pastes and mouse reports are encoded for. */
export function readInputModes(core: XtermCore, keyboard: KeyboardModes, alternateScroll: boolean): InputModes {
  const { applicationCursorKeys, applicationKeypad, bracketedPasteMode } = core.coreService.decPrivateModes;
  return {
    applicationCursor: applicationCursorKeys,
    applicationKeypad,
    bracketedPaste: bracketedPasteMode,
    kittyFlags: keyboard.kittyFlags(),
    modifyOtherKeys: keyboard.modifyOtherKeys(),
    mouseProtocol: MOUSE_PROTOCOLS[core.coreMouseService.activeProtocol] ?? 'none',
    mouseEncoding: MOUSE_ENCODINGS[core.coreMouseService.activeEncoding] ?? 'default',
    alternateScreen: core.buffer === core.buffers.alt,
    alternateScroll,
  };
}

/** DECSCUSR's number. */
export function readCursorStyle(core: XtermCore): number {
  const { cursorStyle: shape, cursorBlink } = core.coreService.decPrivateModes;
  if (shape === undefined) return 0;
  const base = shape === 'block' ? 1 : shape === 'underline' ? 3 : 5;
  return cursorBlink === false ? base + 1 : base;
}
