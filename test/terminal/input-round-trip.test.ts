import { describe, expect, it } from 'vitest';
import { ALT, CTRL, type KeyEvent, SHIFT, SUPER } from '../../src/core/input-event.ts';
import { upperCaseOf, usShiftedCharacter } from '../../src/core/key-names.ts';
import { createInputTokenizer } from '../../src/terminal/input-tokenizer.ts';
import { encodeKey, type KeyModes } from '../../src/terminal/key-encoder.ts';

/**
 * A key that is told to us by a terminal with the flags that we ask for must reach the program just as if it had talked to that terminal
 * itself.
 */
const modes = (kittyFlags: number, modifyOtherKeys: KeyModes['modifyOtherKeys'] = 0): KeyModes => ({
  applicationCursor: false,
  applicationKeypad: false,
  kittyFlags,
  modifyOtherKeys,
});

/** What the terminal is asked for when a program wants these. */
const asked = (flags: number) => 1 | 4 | (flags & (2 | 8 | 16));

const CHARACTERS: Pick<KeyEvent, 'key' | 'base'>[] = [
  ...['a', 'b', 'i', 'm', 'z', '1', '/', '[', 'é'].map((key) => ({ key })),
  { key: 'с', base: 'c' },
];
const NAMED = [
  'enter',
  'tab',
  'backspace',
  'escape',
  'space',
  'up',
  'home',
  'page_up',
  'delete',
  'f1',
  'f3',
  'f5',
  'f12',
];
const MODIFIERS = [0, SHIFT, ALT, CTRL, CTRL | SHIFT, ALT | SHIFT, CTRL | ALT, SUPER];

function events(action: KeyEvent['action']): KeyEvent[] {
  return MODIFIERS.flatMap((modifiers) => [
    ...CHARACTERS.map((character): KeyEvent => {
      const shifted = upperCaseOf(character.key) ?? usShiftedCharacter(character.key);
      const types = (modifiers & ~SHIFT) === 0 && action !== 'release';
      return {
        type: 'key',
        modifiers,
        action,
        ...character,
        text: types ? (modifiers & SHIFT ? (shifted ?? character.key) : character.key) : '',
        ...(modifiers & SHIFT && shifted !== undefined ? { shifted } : {}),
      };
    }),
    ...NAMED.map((key): KeyEvent => {
      const types = key === 'space' && (modifiers & ~SHIFT) === 0 && action !== 'release';
      return { type: 'key', key, modifiers, action, text: types ? ' ' : '' };
    }),
  ]);
}

function through(event: KeyEvent, program: KeyModes): string {
  const tokenizer = createInputTokenizer();
  const bytes = encodeKey(event, modes(asked(program.kittyFlags)));
  const seen = [...tokenizer.push(Buffer.from(bytes)), ...tokenizer.flush()];
  return seen
    .map((token) => {
      if (token.type !== 'key') throw new Error(`${JSON.stringify(bytes)} became ${JSON.stringify(token)}`);
      return encodeKey(token, program);
    })
    .join('');
}

const describeKey = ({ key, modifiers, action }: KeyEvent) => `${action} ${key} with modifiers ${modifiers}`;

describe.each([0, 1, 3, 5, 7, 9, 15, 25, 31])('to a program with the kitty flags %i', (flags) => {
  it.each(['press', 'repeat', 'release'] as const)('every %s comes as from the terminal itself', (action) => {
    const actual = events(action).map((event) => [describeKey(event), through(event, modes(flags))]);
    const expected = events(action).map((event) => [describeKey(event), encodeKey(event, modes(flags))]);
    expect(actual).toEqual(expected);
  });
});

it.each([1, 2] as const)(
  'to a program with modifyOtherKeys %i every press comes as from the terminal itself',
  (level) => {
    const program = modes(0, level);
    // Shift+Space types a blank: the kitty protocol tells it as one.
    const presses = events('press').filter(({ key, modifiers }) => key !== 'space' || modifiers !== SHIFT);
    const actual = presses.map((event) => [describeKey(event), through(event, program)]);
    expect(actual).toEqual(presses.map((event) => [describeKey(event), encodeKey(event, program)]));
  },
);
