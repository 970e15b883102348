import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { ALT, CAPS_LOCK, CTRL, type KeyEvent, NUM_LOCK, SHIFT, SUPER } from '../../src/core/input-event.ts';
import { isOneCharacter, keyNames } from '../../src/core/key-names.ts';
import { keyEventOfChord } from '../../src/core/keys.ts';
import { encodeInput, type InputModes } from '../../src/terminal/input-encoder.ts';
import { createInputTokenizer } from '../../src/terminal/input-tokenizer.ts';
import { defaultInputModes } from '../helpers/input-modes.ts';
import { type GhosttyKeyEncoder, ghosttyKeys, loadGhosttyKeyEncoder } from './ghostty-key-encoder.ts';

const kitty = (kittyFlags: number): InputModes => ({ ...defaultInputModes, kittyFlags });
const MODES: Record<string, InputModes> = {
  legacy: defaultInputModes,
  'application cursor keys': { ...defaultInputModes, applicationCursor: true },
  'application keypad': { ...defaultInputModes, applicationKeypad: true },
  'modifyOtherKeys 2': { ...defaultInputModes, modifyOtherKeys: 2 },
  'kitty 1 in application modes': { ...kitty(1), applicationCursor: true, applicationKeypad: true, modifyOtherKeys: 2 },
  'application cursor keys and keypad': { ...defaultInputModes, applicationCursor: true, applicationKeypad: true },
  'modifyOtherKeys 2 in application modes': {
    ...defaultInputModes,
    applicationCursor: true,
    applicationKeypad: true,
    modifyOtherKeys: 2,
  },
  // Without flags 1 and 8 kitty's own encoder stays with the legacy forms, Ghostty's does not: nothing to compare with there.
  ...Object.fromEntries(
    Array.from({ length: 31 }, (_, i) => i + 1)
      .filter((flags) => (flags & 9) !== 0)
      .map((flags) => [`kitty ${flags}`, kitty(flags)]),
  ),
};
const MODIFIERS = [
  ...Array.from({ length: 8 }, (_, bits) => bits),
  SUPER,
  SUPER | SHIFT,
  NUM_LOCK,
  CAPS_LOCK | CTRL,
  NUM_LOCK | CAPS_LOCK | SHIFT,
];

type Case = { event: KeyEvent; modes: InputModes; modifiers: number; ours: string; theirs: string };

/** Where this encoder means to differ from Ghostty's, and why. Every row must be needed by some case. */
const DEVIATIONS: Record<string, (at: Case) => boolean> = {
  'legacy: F3 with modifiers is CSI 1 ; m R, as in xterm and its terminfo': ({ event, modes, modifiers, ours }) =>
    modes.kittyFlags === 0 && event.key === 'f3' && ours === `\x1b[1;${(modifiers & 63) + 1}R`,
  'legacy: keys beyond F12 have the numbers of the VT220 and xterm; Ghostty sends nothing': ({
    event,
    modes,
    ours,
    theirs,
  }) =>
    modes.kittyFlags === 0 && /^f(1[3-9]|2\d)$/.test(event.key) && theirs === '' && /^\x1b\[\d\d(;\d+)?~$/.test(ours),
  'legacy: Ctrl and a character is one byte as in xterm, or the character; Ghostty has CSI u for some': ({
    event,
    modes,
    modifiers,
    ours,
  }) => isPlain(modes) && isCharacter(event) && Boolean(modifiers & CTRL) && /^\x1b?[\x00-\x7f]$/.test(ours),
  'legacy: Enter, Tab and Escape with modifiers as in xterm, only Shift+Enter is CSI 27 ; m ; 13 ~': ({
    event,
    modes,
    modifiers,
    ours,
  }) =>
    isPlain(modes) &&
    ['enter', 'tab', 'escape', 'backspace'].includes(event.key) &&
    (modifiers !== SHIFT || event.key === 'escape') &&
    /^\x1b?(\r|\t|\x1b|\x08|\x7f|\x1b\[Z|\[Z|\x1b\[27;\d+;13~|\[27;\d+;13~)$/.test(ours),
  'legacy: Num Lock switches the application keypad off (xterm mode 1035)': ({ event, modes, modifiers, ours }) =>
    modes.applicationKeypad &&
    modes.kittyFlags === 0 &&
    Boolean(modifiers & NUM_LOCK) &&
    /^[\d+\-*/=.,\r]$/.test(ours) &&
    event.key.startsWith('kp_'),
  'legacy: a keypad key sends its character with any modifier, and ESC before it with Alt': ({ event, modes, ours }) =>
    modes.kittyFlags === 0 && event.key.startsWith('kp_') && /^\x1b?[\d+\-*/=.,\r]$/.test(ours),
  'legacy: the keypad’s Enter with modifiers is Enter with them': ({ event, modes, modifiers, ours }) =>
    modes.kittyFlags === 0 && event.key === 'kp_enter' && (modifiers & 63) !== 0 && /^\x1b\[27;\d+;13~$/.test(ours),
  'application keypad: = and , have codes too, as in xterm': ({ event, modes, ours }) =>
    modes.applicationKeypad && ['kp_equal', 'kp_separator'].includes(event.key) && /^\x1bO\d*[Xl]$/.test(ours),
  'modifyOtherKeys 2: Ctrl and Alt are told for every character, as in xterm; Ghostty keeps control bytes': ({
    event,
    modes,
    modifiers,
    ours,
  }) =>
    modes.modifyOtherKeys === 2 &&
    isCharacter(event) &&
    Boolean(modifiers & (CTRL | ALT)) &&
    /^\x1b\[27;\d+;\d+~$/.test(ours),
  'modifyOtherKeys 2: Shift and a character is its text, as in tmux': ({ event, modes, modifiers, ours }) =>
    modes.modifyOtherKeys === 2 && isCharacter(event) && (modifiers & 63) === SHIFT && ours === event.text,
  'kitty: the keypad’s middle key is CSI E, the first form in the protocol’s table': ({ event, modes, ours }) =>
    modes.kittyFlags !== 0 && event.key === 'kp_begin' && ours.endsWith('E'),
  'kitty: Scroll Lock is told with flag 8 only, like the other locks': ({ event, modes, ours }) =>
    modes.kittyFlags !== 0 && (modes.kittyFlags & 8) === 0 && event.key === 'scroll_lock' && ours === '',
  'kitty: locks do not change what Enter, Tab, Backspace and characters send without flag 8': ({
    event,
    modes,
    modifiers,
  }) =>
    modes.kittyFlags !== 0 &&
    (modes.kittyFlags & 8) === 0 &&
    Boolean(modifiers & (NUM_LOCK | CAPS_LOCK)) &&
    (isCharacter(event) || ['enter', 'tab', 'backspace'].includes(event.key)),
  'kitty: keypad keys have no alternates, as in kitty': ({ event, modes, ours, theirs }) =>
    (modes.kittyFlags & 4) !== 0 &&
    event.key.startsWith('kp_') &&
    theirs.replace(/(\x1b\[\d+):\d*(:\d+)?/, '$1') === ours,
};

function isPlain(modes: InputModes): boolean {
  return modes.kittyFlags === 0 && modes.modifyOtherKeys === 0;
}

function isCharacter(event: KeyEvent): boolean {
  return event.key === 'space' || isOneCharacter(event.key);
}

/** Ghostty says `:1`, a press, after the modifiers of some keys; that is the default. */
function withoutPress(sequence: string): string {
  return sequence.replace(/^\x1b\[1;1:1([A-Z])$/, '\x1b[$1').replace(/^(\x1b\[[\d:]+;\d+):1([A-Z~u])$/, '$1$2');
}

function eventOf(key: string, modifiers: number, action: KeyEvent['action']): KeyEvent {
  const event = keyEventOfChord({ key, modifiers: modifiers & 63 });
  return { ...event, modifiers, action, text: action === 'release' ? '' : event.text };
}

describe('compared with Ghostty’s encoder', () => {
  let ghostty: GhosttyKeyEncoder;
  const used = new Set<string>();
  let agreed = 0;
  beforeAll(async () => {
    ghostty = await loadGhosttyKeyEncoder();
  });

  it.each(Object.entries(MODES))('every key with every modifier is the same in mode: %s', (_name, modes) => {
    const unexplained: string[] = [];
    for (const key of ghosttyKeys) {
      for (const modifiers of MODIFIERS) {
        for (const action of ['press', 'repeat', 'release'] as const) {
          const event = eventOf(key, modifiers, action);
          const ours = String(encodeInput(event, modes));
          const theirs = withoutPress(ghostty.encode(event, modes));
          if (ours === theirs) {
            agreed++;
            continue;
          }
          const reason = Object.keys(DEVIATIONS).find((name) =>
            DEVIATIONS[name]!({ event, modes, modifiers, ours, theirs }),
          );
          if (reason) used.add(reason);
          else
            unexplained.push(
              `${action} ${key} ${modifiers}: ${JSON.stringify(ours)}, Ghostty ${JSON.stringify(theirs)}`,
            );
        }
      }
    }
    expect(unexplained).toEqual([]);
  });

  it('needs every listed deviation, and agrees in most cases', () => {
    expect([...used].sort()).toEqual(Object.keys(DEVIATIONS).sort());
    expect(agreed).toBeGreaterThan(40_000);
  });

  it('Ctrl on a Cyrillic layout is the same with the key’s place told', () => {
    const event: KeyEvent = { type: 'key', key: 'с', base: 'c', modifiers: CTRL, action: 'press', text: '' };
    for (const [modes, bytes] of [
      [defaultInputModes, '\x03'],
      [kitty(1), '\x1b[1089;5u'],
      [kitty(5), '\x1b[1089::99;5u'],
    ] as const) {
      expect(encodeInput(event, modes)).toBe(bytes);
      expect(ghostty.encode(event, modes)).toBe(bytes);
    }
  });
});

describe('what the tokenizer reads back', () => {
  const characters = [...'azq17/;[?', 'é', 'ц', 'ß', '日', '😀', 'space'];
  const keys = [...keyNames, ...characters];
  const anyKey = fc.record({
    key: fc.constantFrom(...keys),
    modifiers: fc.nat(255),
    action: fc.constantFrom('press', 'repeat', 'release'),
  });

  function readBack(event: KeyEvent, flags: number): unknown {
    const tokenizer = createInputTokenizer();
    const bytes = new TextEncoder().encode(String(encodeInput(event, kitty(flags))));
    const events = [...tokenizer.push(bytes), ...tokenizer.flush()];
    return events.length === 1 ? events[0] : events;
  }

  it('is the very event, with all of the kitty protocol’s flags', () => {
    const base = fc.option(fc.constantFrom(...'azq'), { nil: undefined });
    fc.assert(
      fc.property(anyKey, base, fc.constantFrom('', 'å', 'ab', '日本'), ({ key, modifiers, action }, base, text) => {
        const event = eventOf(key, modifiers, action);
        if (base !== undefined && isCharacter(event) && base !== key) event.base = base;
        // Text with Shift only is taken for the shifted character where none is told.
        const mayType = isCharacter(event) && (!(modifiers & SHIFT) || event.shifted !== undefined);
        if (text !== '' && mayType && action !== 'release') event.text = text;
        // Without text in the report it is what the key types; these locks change it.
        fc.pre(
          event.text !== '' ||
            action === 'release' ||
            (modifiers & ~(SHIFT | CAPS_LOCK | NUM_LOCK)) !== 0 ||
            !isCharacter(event),
        );
        expect(readBack(event, 31)).toEqual(event);
      }),
      { numRuns: 3000 },
    );
  });

  it('is the same key where it types no text, with the flags that carry its action', () => {
    fc.assert(
      fc.property(anyKey, fc.constantFrom(5, 7, 15), ({ key, modifiers, action }, flags) => {
        fc.pre(action === 'press' || (flags & 2) !== 0);
        const event = eventOf(key, modifiers & 63, action);
        const encoded = encodeInput(event, kitty(flags));
        fc.pre(encoded !== '' && event.text === '');
        // Enter, Tab and Backspace stay bytes without flag 8, so a repeat is a press.
        fc.pre(action === 'press' || flags === 15 || !['enter', 'tab', 'backspace'].includes(key));
        expect(readBack(event, flags)).toEqual(event);
      }),
      { numRuns: 3000 },
    );
  });

  it('types the same again, whatever the flags: encoding what was read gives the same bytes', () => {
    fc.assert(
      fc.property(anyKey, fc.constantFrom(0, 1, 3, 5, 7, 15, 31), ({ key, modifiers, action }, flags) => {
        const event = eventOf(key, modifiers, action);
        const encoded = encodeInput(event, kitty(flags));
        fc.pre(encoded !== '');
        const back = readBack(event, flags);
        fc.pre(!Array.isArray(back));
        expect(encodeInput(back as KeyEvent, kitty(flags))).toBe(encoded);
      }),
      { numRuns: 3000 },
    );
  });
});
