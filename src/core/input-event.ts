/**
 * What a person does at a terminal, free of any encoding: the tokenizer makes these from the outer terminal's bytes, the
 * router decides, the host's encoder turns them into the bytes that the pane's program asked for.
 */
export type InputEvent = KeyEvent | PasteEvent | MouseEvent;

/** Modifier bits as in the kitty keyboard protocol (https://sw.kovidgoyal.net/kitty/keyboard-protocol/#modifiers). */
export const SHIFT = 1;
export const ALT = 2;
export const CTRL = 4;
export const SUPER = 8;
export const HYPER = 16;
export const META = 32;
export const CAPS_LOCK = 64;
export const NUM_LOCK = 128;

/**
 * One key. `key` is a name from core/keys (`enter`, `escape`, `up`, `f5`, `kp_1` …) or the character of the key without
 * shift (`a`, `1`, `é`). `shifted`: the character with shift where the terminal told it; `base`: the key in the US layout,
 * where told. `text`: what it types, empty for none.
 */
export type KeyEvent = {
  type: 'key';
  key: string;
  modifiers: number;
  action: 'press' | 'repeat' | 'release';
  text: string;
  shifted?: string;
  base?: string;
};

/** A piece of a paste. A paste is one `start`, any number of `data`, one `end`; an empty paste has no `data`. */
export type PasteEvent = { type: 'paste'; phase: 'start' | 'data' | 'end'; text: string };

/** A mouse report; `col` and `row` are 0-based cells of the screen (client) or of the pane (host). */
export type MouseEvent = {
  type: 'mouse';
  action: 'press' | 'release' | 'move';
  button:
    | 'left'
    | 'middle'
    | 'right'
    | 'none'
    | 'wheel-up'
    | 'wheel-down'
    | 'wheel-left'
    | 'wheel-right'
    | 'button-8'
    | 'button-9';
  col: number;
  row: number;
  modifiers: number;
};

/** What the outer terminal says besides input. `focus`: the terminal window got or lost focus. */
export type TerminalReport =
  | { type: 'focus'; focused: boolean }
  | { type: 'reply'; reply: TerminalReply }
  | { type: 'unknown'; bytes: Uint8Array };

/** An answer to a query that the client sent to the outer terminal. `params` are the numbers between `CSI` and the final byte. */
export type TerminalReply =
  | { kind: 'device-attributes'; params: number[] }
  | { kind: 'secondary-attributes'; params: number[] }
  | { kind: 'version'; text: string }
  | { kind: 'mode'; mode: number; value: number }
  /** XTGETTCAP: whether the terminal has the terminfo capability of this name. */
  | { kind: 'capability'; name: string; known: boolean }
  | { kind: 'kitty-flags'; flags: number }
  | { kind: 'color'; what: 'foreground' | 'background' | 'cursor' | number; rgb: { r: number; g: number; b: number } }
  | { kind: 'color-scheme'; scheme: 'dark' | 'light' }
  | { kind: 'cursor-position'; row: number; col: number }
  | { kind: 'window-size'; params: number[] }
  | { kind: 'other'; bytes: Uint8Array };
