/** What stands at a place in bytes that should be UTF-8. `incomplete`: all there is may be the beginning of a character. */
export type Utf8Step =
  | { kind: 'character'; text: string; length: number }
  | { kind: 'invalid' }
  | { kind: 'incomplete' };

/**
 * Decodes one character. Strict (RFC 3629: no overlong forms, no surrogates), because an invalid byte has to be told apart and passed
 * on, where TextDecoder would put U+FFFD.
 */
export function decodeUtf8Step(bytes: Uint8Array, at: number): Utf8Step {
  const lead = bytes[at]!;
  if (lead < 0x80) return { kind: 'character', text: String.fromCharCode(lead), length: 1 };
  const length =
    lead >= 0xc2 && lead <= 0xdf ? 2 : lead >= 0xe0 && lead <= 0xef ? 3 : lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
  if (length === 0) return { kind: 'invalid' };
  let codePoint = lead & (0xff >> (length + 1));
  for (let i = 1; i < length; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) return { kind: 'incomplete' };
    if ((byte & 0xc0) !== 0x80 || (i === 1 && !validSecond(lead, byte))) return { kind: 'invalid' };
    codePoint = (codePoint << 6) | (byte & 0x3f);
  }
  return { kind: 'character', text: String.fromCodePoint(codePoint), length };
}

function validSecond(lead: number, byte: number): boolean {
  if (lead === 0xe0) return byte >= 0xa0;
  if (lead === 0xed) return byte < 0xa0;
  if (lead === 0xf0) return byte >= 0x90;
  if (lead === 0xf4) return byte < 0x90;
  return true;
}
