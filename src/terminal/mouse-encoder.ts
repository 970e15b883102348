import { ALT, CTRL, META, type MouseEvent, SHIFT } from '../core/input-event.ts';

/** The modes that change what the mouse sends, and whether it does. `alternateScroll`: mode 1007. */
export type MouseModes = {
  mouseProtocol: 'none' | 'x10' | 'vt200' | 'drag' | 'any';
  mouseEncoding: 'default' | 'sgr' | 'sgr-pixels' | 'urxvt';
  alternateScreen: boolean;
  alternateScroll: boolean;
  applicationCursor: boolean;
  kittyFlags: number;
};

const BUTTON_CODES: Record<MouseEvent['button'], number> = {
  left: 0,
  middle: 1,
  right: 2,
  none: 3,
  'wheel-up': 64,
  'wheel-down': 65,
  'wheel-left': 66,
  'wheel-right': 67,
  'button-8': 128,
  'button-9': 129,
};
const RELEASED = 3;
const MOVED = 32;

/** Cells beyond this do not fit into the one byte a coordinate of the default encoding has. */
const MAX_BYTE_COORDINATE = 222;
/** Arrows for one step of the wheel, as kitty, tmux and VTE have it. */
const WHEEL_LINES = 3;
/** Size of a cell that query-responder tells programs; reports point to the middle of the cell. */
const CELL_WIDTH = 8;
const CELL_HEIGHT = 16;

/**
 * A mouse report as xterm sends it (ctlseqs, "Mouse Tracking"), empty where the program's protocol leaves it out. In the alternate screen
 * the wheel sends arrows to programs that did not ask for the mouse (mode 1007). A move with a button is one with the button held;
 * keeping track of that is the caller's.
 */
export function encodeMouse(event: MouseEvent, modes: MouseModes): string | Uint8Array {
  if (modes.mouseProtocol === 'none') return wheelAsArrows(event, modes);
  if (!wanted(event, modes.mouseProtocol)) return '';
  const { col, row } = event;
  if (modes.mouseEncoding === 'sgr' || modes.mouseEncoding === 'sgr-pixels') {
    const pixels = modes.mouseEncoding === 'sgr-pixels';
    const x = pixels ? col * CELL_WIDTH + CELL_WIDTH / 2 : col + 1;
    const y = pixels ? row * CELL_HEIGHT + CELL_HEIGHT / 2 : row + 1;
    return `\x1b[<${reportCode(event, modes.mouseProtocol)};${x};${y}${event.action === 'release' ? 'm' : 'M'}`;
  }
  // The older encodings do not say which button was released.
  const code = 32 + reportCode(event.action === 'release' ? { ...event, button: 'none' } : event, modes.mouseProtocol);
  if (modes.mouseEncoding === 'urxvt') return `\x1b[${code};${col + 1};${row + 1}M`;
  if (col > MAX_BYTE_COORDINATE || row > MAX_BYTE_COORDINATE) return '';
  return Uint8Array.of(0x1b, 0x5b, 0x4d, code, col + 33, row + 33);
}

function wanted({ action, button }: MouseEvent, protocol: MouseModes['mouseProtocol']): boolean {
  if (action === 'press' && button === 'none') return false;
  if (protocol === 'x10') return action === 'press' && BUTTON_CODES[button] < RELEASED;
  if (action !== 'move') return true;
  return protocol === 'any' || (protocol === 'drag' && button !== 'none');
}

function reportCode({ button, action, modifiers }: MouseEvent, protocol: MouseModes['mouseProtocol']): number {
  let code = BUTTON_CODES[button];
  if (action === 'move') code += MOVED;
  if (protocol === 'x10') return code;
  if (modifiers & SHIFT) code += 4;
  if (modifiers & (ALT | META)) code += 8;
  if (modifiers & CTRL) code += 16;
  return code;
}

function wheelAsArrows({ button, action }: MouseEvent, modes: MouseModes): string {
  if (!modes.alternateScreen || !modes.alternateScroll || action !== 'press') return '';
  if (button !== 'wheel-up' && button !== 'wheel-down') return '';
  const intro = modes.applicationCursor && modes.kittyFlags === 0 ? '\x1bO' : '\x1b[';
  return (intro + (button === 'wheel-up' ? 'A' : 'B')).repeat(WHEEL_LINES);
}
