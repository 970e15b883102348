/**
 * What of a pane's modes a client must know: to ask the outer terminal for the keys and the mouse reports that the program wants, and to
 * send the wheel where it belongs.
 */
export type PaneModes = {
  /** Flags of the kitty keyboard protocol, 0–31. */
  kittyFlags: number;
  modifyOtherKeys: 0 | 1 | 2;
  mouseProtocol: MouseProtocol;
  alternateScreen: boolean;
  /** Mode 1007: without a mouse protocol the wheel becomes arrows in the alternate screen. */
  alternateScroll: boolean;
};

export const MOUSE_PROTOCOL_NAMES = ['none', 'x10', 'vt200', 'drag', 'any'] as const;
export type MouseProtocol = (typeof MOUSE_PROTOCOL_NAMES)[number];

export const DEFAULT_PANE_MODES: PaneModes = {
  kittyFlags: 0,
  modifyOtherKeys: 0,
  mouseProtocol: 'none',
  alternateScreen: false,
  alternateScroll: true,
};
