import { describe, expect, it } from 'vitest';
import { createInputTokenizer } from '../../src/terminal/input-tokenizer.ts';
import { encodeKey } from '../../src/terminal/key-encoder.ts';
import { keyOfUnknown } from '../../src/terminal/unknown-input.ts';

/** What a pane gets of bytes that come from the terminal, in the keyboard protocol that its program asked for. */
function typed(bytes: string, kittyFlags = 0): string {
  const tokenizer = createInputTokenizer();
  const events = [...tokenizer.push(Buffer.from(bytes, 'latin1')), ...tokenizer.flush()];
  return events
    .map((event) => (event.type === 'unknown' ? keyOfUnknown(event.bytes) : event))
    .map((event) =>
      event?.type === 'key'
        ? encodeKey(event, { applicationCursor: false, applicationKeypad: false, kittyFlags, modifyOtherKeys: 0 })
        : '',
    )
    .join('');
}

describe('a sequence that nobody knows', () => {
  it.each(['\x1b[99~', '\x1b[1;2K', '\x1b[99;2~', '\x1b[90^', '\x1b[L'])(
    'but looks like a key reaches the program as it came: %j',
    (bytes) => {
      for (const flags of [0, 1, 5, 31]) expect(typed(bytes, flags)).toBe(bytes);
    },
  );

  it.each([
    '\x1b[?1;2Z',
    '\x1b[<0;1;1X',
    '\x1b[>0;1q',
    '\x1b[0n',
    '\x1b[8t',
    '\x1b[M\x1f\x1f\x1f',
    '\x1b]0;x',
    '\x1bP1$r0m',
    '\x1b[3;1I',
    '\xff',
  ])('and looks like an answer or a report reaches nobody: %j', (bytes) => {
    expect(typed(bytes)).toBe('');
  });

  it('that is only begun is the keys whose bytes it has', () => {
    expect(typed('\x1b[1;')).toBe('\x1b[1;');
    expect(typed('\x1bO')).toBe('\x1bO');
  });
});
