import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { ALT, CAPS_LOCK, CTRL, type KeyEvent, NUM_LOCK, SHIFT, SUPER } from '../../src/core/input-event.ts';
import { typedCharacter } from '../../src/core/keys.ts';
import type { InputModes } from '../../src/terminal/input-encoder.ts';

/**
 * Ghostty's key encoder (ghostty-web's wasm) as a reference. Driven by its exports: the package's JavaScript does not pass the code point
 * without shift, and without it characters encode to nothing.
 */
export type GhosttyKeyEncoder = { encode(event: KeyEvent, modes: InputModes): string };

/** Physical keys by name, numbered as in this build; the package's typings are one off from the browser and media keys on. */
const CODES: Record<string, number> = {
  ...numbered('` \\ [ ] , 0 1 2 3 4 5 6 7 8 9 ='.split(' '), 1),
  ...numbered([...'abcdefghijklmnopqrstuvwxyz-.'], 20),
  "'": 48,
  ';': 49,
  '/': 50,
  ...{ left_alt: 51, right_alt: 52, backspace: 53, caps_lock: 54, left_control: 56, right_control: 57 },
  ...{ enter: 58, left_super: 59, right_super: 60, left_shift: 61, right_shift: 62, space: 63, tab: 64 },
  ...{ delete: 68, end: 69, home: 71, insert: 72, page_down: 73, page_up: 74, down: 75, left: 76, right: 77, up: 78 },
  num_lock: 79,
  ...numbered(
    Array.from({ length: 10 }, (_, i) => `kp_${i}`),
    80,
  ),
  ...{ kp_add: 90, kp_decimal: 95, kp_divide: 96, kp_enter: 97, kp_equal: 98, kp_multiply: 104, kp_subtract: 107 },
  ...numbered(
    'kp_separator kp_up kp_down kp_right kp_left kp_begin kp_home kp_end kp_insert kp_delete'.split(' '),
    108,
  ),
  ...{ kp_page_up: 118, kp_page_down: 119, escape: 120 },
  ...numbered(
    Array.from({ length: 25 }, (_, i) => `f${i + 1}`),
    121,
  ),
  ...{ print_screen: 148, scroll_lock: 149, pause: 150 },
};
export const ghosttyKeys = Object.keys(CODES);

const OPTIONS = { cursor: 0, keypad: 1, altEscapePrefix: 3, modifyOtherKeys: 4, kitty: 5 };
const ACTIONS = { release: 0, press: 1, repeat: 2 };

type Exports = Record<string, (...values: number[]) => number> & { memory: { buffer: ArrayBuffer } };
/** Node has it; the compiler's library for it is the browser's. */
const { WebAssembly } = globalThis as unknown as {
  WebAssembly: { instantiate(bytes: Uint8Array, imports: object): Promise<{ instance: { exports: Exports } }> };
};

export async function loadGhosttyKeyEncoder(): Promise<GhosttyKeyEncoder> {
  const path = createRequire(import.meta.url).resolve('ghostty-web/ghostty-vt.wasm');
  const { instance } = await WebAssembly.instantiate(await readFile(path), { env: { log: () => {} } });
  const wasm = instance.exports;
  const call = (name: string, ...values: number[]): number => wasm[`ghostty_${name}`]!(...values);
  const view = (): DataView => new DataView(wasm.memory.buffer);
  const slot = call('wasm_alloc_opaque');
  call('key_encoder_new', 0, slot);
  const encoder = view().getUint32(slot, true);
  const byte = call('wasm_alloc_u8');
  const input = call('wasm_alloc_u8_array', 64);
  const output = call('wasm_alloc_u8_array', 128);
  const written = call('wasm_alloc_usize');

  function setOption(option: number, value: number): void {
    view().setUint8(byte, value);
    call('key_encoder_setopt', encoder, option, byte);
  }

  return {
    encode(event, modes) {
      setOption(OPTIONS.cursor, Number(modes.applicationCursor));
      setOption(OPTIONS.keypad, Number(modes.applicationKeypad));
      setOption(OPTIONS.altEscapePrefix, 1);
      setOption(OPTIONS.modifyOtherKeys, Number(modes.modifyOtherKeys === 2));
      setOption(OPTIONS.kitty, modes.kittyFlags);
      call('key_event_new', 0, slot);
      const key = view().getUint32(slot, true);
      const code = CODES[event.base ?? event.key];
      if (code === undefined) throw new Error(`no such key in ghostty: ${event.key}`);
      const character = event.key === 'space' ? ' ' : event.key;
      call('key_event_set_action', key, ACTIONS[event.action]);
      call('key_event_set_key', key, code);
      call('key_event_set_mods', key, ghosttyModifiers(event.modifiers));
      // A keyboard's driver gives the text also with Alt, and says that Shift is used up by it.
      const text = event.text || textWithModifiers(event, modes);
      if (text !== '' && event.modifiers & SHIFT) call('key_event_set_consumed_mods', key, SHIFT);
      const utf8 = new TextEncoder().encode(text);
      new Uint8Array(wasm.memory.buffer).set(utf8, input);
      if (utf8.length > 0) call('key_event_set_utf8', key, input, utf8.length);
      if ([...character].length === 1) call('key_event_set_unshifted_codepoint', key, character.codePointAt(0)!);
      const result = call('key_encoder_encode', encoder, key, output, 128, written);
      if (result !== 0) throw new Error(`ghostty could not encode ${JSON.stringify(event)}: ${result}`);
      const length = view().getUint32(written, true);
      const encoded = new TextDecoder().decode(new Uint8Array(wasm.memory.buffer, output, length));
      call('key_event_free', key);
      return encoded;
    },
  };
}

/** What xkb says a key types; with Super a legacy terminal is told nothing, here as in kitty. */
function textWithModifiers({ key, modifiers, shifted }: KeyEvent, { kittyFlags }: InputModes): string {
  if (modifiers & SUPER && kittyFlags === 0) return '';
  if (modifiers & SHIFT) return shifted ?? (key === 'space' ? ' ' : '');
  return modifiers & ALT && !(modifiers & CTRL) ? typedCharacter(key) : '';
}

function ghosttyModifiers(modifiers: number): number {
  const bits = [
    [SHIFT, 1],
    [CTRL, 2],
    [ALT, 4],
    [SUPER, 8],
    [CAPS_LOCK, 16],
    [NUM_LOCK, 32],
  ] as const;
  return bits.reduce((sum, [ours, theirs]) => sum | (modifiers & ours ? theirs : 0), 0);
}

function numbered(names: string[], first: number): Record<string, number> {
  return Object.fromEntries(names.map((name, i) => [name, first + i]));
}
