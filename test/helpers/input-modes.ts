import type { InputModes } from '../../src/terminal/input-encoder.ts';

/** What a program that has set nothing gets. */
export const defaultInputModes: InputModes = {
  applicationCursor: false,
  applicationKeypad: false,
  bracketedPaste: false,
  kittyFlags: 0,
  modifyOtherKeys: 0,
  mouseProtocol: 'none',
  mouseEncoding: 'default',
  alternateScreen: false,
  alternateScroll: true,
};
