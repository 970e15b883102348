import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ALT,
  CTRL,
  type KeyEvent,
  type MouseEvent,
  NUM_LOCK,
  type PasteEvent,
  SHIFT,
  SUPER,
} from '../../src/core/input-event.ts';
import { keyEventOfChord, parseChord } from '../../src/core/keys.ts';
import { createPasteSanitizer, encodeInput, type InputModes } from '../../src/terminal/input-encoder.ts';
import { defaultInputModes } from '../helpers/input-modes.ts';

const modes = (changes: Partial<InputModes> = {}): InputModes => ({ ...defaultInputModes, ...changes });
const press = (chord: string, changes: Partial<KeyEvent> = {}): KeyEvent => ({
  ...keyEventOfChord(parseChord(chord)!),
  ...changes,
});

describe('keys for a program that asked for nothing', () => {
  it.each([
    ['a', 'a'],
    ['R', 'R'],
    ['é', 'é'],
    ['space', ' '],
    ['enter', '\r'],
    ['shift+enter', '\x1b[27;2;13~'],
    ['ctrl+enter', '\r'],
    ['alt+enter', '\x1b\r'],
    ['tab', '\t'],
    ['shift+tab', '\x1b[Z'],
    ['ctrl+tab', '\t'],
    ['backspace', '\x7f'],
    ['ctrl+backspace', '\b'],
    ['alt+backspace', '\x1b\x7f'],
    ['escape', '\x1b'],
    ['shift+escape', '\x1b'],
    ['ctrl+c', '\x03'],
    ['ctrl+shift+c', '\x03'],
    ['ctrl+space', '\0'],
    ['ctrl+@', '\0'],
    ['ctrl+i', '\t'],
    ['ctrl+[', '\x1b'],
    ['ctrl+\\', '\x1c'],
    ['ctrl+/', '\x1f'],
    ['ctrl+_', '\x1f'],
    ['ctrl+?', '\x7f'],
    ['ctrl+;', ';'],
    ['alt+x', '\x1bx'],
    ['alt+X', '\x1bX'],
    ['alt+é', '\x1bé'],
    ['ctrl+alt+b', '\x1b\x02'],
    ['up', '\x1b[A'],
    ['shift+up', '\x1b[1;2A'],
    ['home', '\x1b[H'],
    ['f1', '\x1bOP'],
    ['shift+f3', '\x1b[1;2R'],
    ['f5', '\x1b[15~'],
    ['ctrl+delete', '\x1b[3;5~'],
    ['f13', '\x1b[25~'],
    ['super+b', ''],
    ['kp_1', '1'],
    ['ctrl+kp_8', '8'],
    ['kp_enter', '\r'],
    ['kp_up', '\x1b[A'],
    ['left_shift', ''],
    ['media_play', ''],
  ])('%s is %j', (chord, bytes) => {
    expect(encodeInput(press(chord), modes())).toBe(bytes);
  });

  it('a character is told as shifted, also where the terminal told keys', () => {
    const german: KeyEvent = { type: 'key', key: '7', modifiers: ALT | SHIFT, action: 'press', text: '', shifted: '/' };
    expect(encodeInput(german, modes())).toBe('\x1b/');
    expect(encodeInput({ ...german, modifiers: CTRL | SHIFT }, modes())).toBe('\x1f');
  });

  it('locks change nothing and releases are not told', () => {
    expect(encodeInput(press('up', { modifiers: NUM_LOCK }), modes())).toBe('\x1b[A');
    expect(encodeInput(press('c', { modifiers: CTRL | NUM_LOCK, text: '' }), modes())).toBe('\x03');
    expect(encodeInput(press('a', { action: 'release', text: '' }), modes())).toBe('');
    expect(encodeInput(press('a', { action: 'repeat' }), modes())).toBe('a');
  });

  it('text that no key of its own has is typed as it is', () => {
    expect(encodeInput(press('a', { key: '', text: '日本' }), modes())).toBe('日本');
    expect(encodeInput(press('a', { modifiers: ALT, text: 'å' }), modes())).toBe('å');
  });
});

describe('keys in the modes a program set', () => {
  it.each<[string, string, Partial<InputModes>]>([
    ['up', '\x1bOA', { applicationCursor: true }],
    ['shift+up', '\x1b[1;2A', { applicationCursor: true }],
    ['end', '\x1bOF', { applicationCursor: true }],
    ['kp_1', '\x1bOq', { applicationKeypad: true }],
    ['kp_enter', '\x1bOM', { applicationKeypad: true }],
    ['enter', '\r\n', { newlineMode: true }],
    ['backspace', '\b', { backarrowSendsBackspace: true }],
    ['ctrl+backspace', '\x7f', { backarrowSendsBackspace: true }],
    ['ctrl+a', '\x01', { modifyOtherKeys: 1 }],
    ['alt+a', '\x1ba', { modifyOtherKeys: 1 }],
    ['ctrl+;', '\x1b[27;5;59~', { modifyOtherKeys: 1 }],
    ['ctrl+enter', '\x1b[27;5;13~', { modifyOtherKeys: 1 }],
    ['shift+tab', '\x1b[Z', { modifyOtherKeys: 1 }],
    ['ctrl+a', '\x1b[27;5;97~', { modifyOtherKeys: 2 }],
    ['ctrl+shift+a', '\x1b[27;6;65~', { modifyOtherKeys: 2 }],
    ['alt+a', '\x1b[27;3;97~', { modifyOtherKeys: 2 }],
    ['A', 'A', { modifyOtherKeys: 2 }],
    ['shift+space', '\x1b[27;2;32~', { modifyOtherKeys: 2 }],
    ['shift+tab', '\x1b[27;2;9~', { modifyOtherKeys: 2 }],
    ['escape', '\x1b', { modifyOtherKeys: 2 }],
    ['up', '\x1b[A', { modifyOtherKeys: 2 }],
    ['escape', '\x1b[27u', { kittyFlags: 1 }],
    ['ctrl+c', '\x1b[99;5u', { kittyFlags: 1 }],
    ['shift+enter', '\x1b[13;2u', { kittyFlags: 1 }],
    ['enter', '\r', { kittyFlags: 7 }],
    ['A', 'A', { kittyFlags: 7 }],
    ['up', '\x1b[A', { kittyFlags: 7, applicationCursor: true }],
    ['alt+R', '\x1b[114:82;4u', { kittyFlags: 5 }],
    ['enter', '\x1b[13u', { kittyFlags: 8 }],
    ['A', '\x1b[97:65;2;65u', { kittyFlags: 31 }],
    ['left_shift', '\x1b[57441u', { kittyFlags: 8 }],
    ['ctrl+c', '\x03', { kittyFlags: 2 }],
    ['ctrl+c', '\x1b[99;5u', { kittyFlags: 1, modifyOtherKeys: 2 }],
  ])('%s is %j in %o', (chord, bytes, changes) => {
    expect(encodeInput(press(chord), modes(changes))).toBe(bytes);
  });

  it('releases are told with flag 2, of Enter only with flag 8', () => {
    const release = (chord: string): KeyEvent => press(chord, { action: 'release', text: '' });
    expect(encodeInput(release('a'), modes({ kittyFlags: 5 }))).toBe('');
    expect(encodeInput(release('a'), modes({ kittyFlags: 3 }))).toBe('\x1b[97;1:3u');
    expect(encodeInput(release('enter'), modes({ kittyFlags: 7 }))).toBe('');
    expect(encodeInput(release('shift+enter'), modes({ kittyFlags: 7 }))).toBe('');
    expect(encodeInput(release('enter'), modes({ kittyFlags: 15 }))).toBe('\x1b[13;1:3u');
    expect(encodeInput(release('ctrl+c'), modes({ kittyFlags: 2 }))).toBe('\x1b[99;5:3u');
  });

  it('Num Lock switches the application keypad off', () => {
    expect(encodeInput(press('kp_1', { modifiers: NUM_LOCK }), modes({ applicationKeypad: true }))).toBe('1');
  });

  it('every key in every mode is a string without NaN or undefined', () => {
    const key = fc.record({
      type: fc.constant('key' as const),
      key: fc.oneof(
        fc.string({ unit: 'grapheme', maxLength: 2 }),
        fc.constantFrom('up', 'f3', 'kp_5', 'menu', 'space'),
      ),
      modifiers: fc.nat(255),
      action: fc.constantFrom('press' as const, 'repeat' as const, 'release' as const),
      text: fc.string({ unit: 'grapheme', maxLength: 2 }),
    });
    fc.assert(
      fc.property(
        key,
        fc.nat(31),
        fc.constantFrom(0 as const, 1 as const, 2 as const),
        (event, kittyFlags, modifyOtherKeys) => {
          const bytes = String(encodeInput({ ...event, text: '' }, modes({ kittyFlags, modifyOtherKeys })));
          expect(bytes).not.toMatch(/NaN|undefined|null/);
        },
      ),
    );
  });
});

describe('mouse reports', () => {
  const mouse = (changes: Partial<MouseEvent> = {}): MouseEvent => ({
    type: 'mouse',
    action: 'press',
    button: 'left',
    col: 4,
    row: 9,
    modifiers: 0,
    ...changes,
  });
  const sgr = (mouseProtocol: InputModes['mouseProtocol']): InputModes =>
    modes({ mouseProtocol, mouseEncoding: 'sgr' });

  it.each<[string, Partial<MouseEvent>, string]>([
    ['a press', {}, '\x1b[<0;5;10M'],
    ['a release', { action: 'release' }, '\x1b[<0;5;10m'],
    ['a release of the right button', { action: 'release', button: 'right' }, '\x1b[<2;5;10m'],
    ['a drag', { action: 'move' }, '\x1b[<32;5;10M'],
    ['a move', { action: 'move', button: 'none' }, '\x1b[<35;5;10M'],
    ['the wheel', { button: 'wheel-down' }, '\x1b[<65;5;10M'],
    ['modifiers', { modifiers: SHIFT | ALT | CTRL | SUPER }, '\x1b[<28;5;10M'],
    ['a far side button', { button: 'button-9' }, '\x1b[<129;5;10M'],
    ['a far cell', { col: 999 }, '\x1b[<0;1000;10M'],
  ])('%s is told in SGR', (_what, event, bytes) => {
    expect(encodeInput(mouse(event), sgr('any'))).toBe(bytes);
  });

  it('each protocol gets what it asked for', () => {
    const told = (protocol: InputModes['mouseProtocol']): string[] =>
      Object.entries({
        press: mouse(),
        release: mouse({ action: 'release' }),
        wheel: mouse({ button: 'wheel-up' }),
        drag: mouse({ action: 'move' }),
        move: mouse({ action: 'move', button: 'none' }),
      })
        .filter(([, event]) => encodeInput(event, sgr(protocol)) !== '')
        .map(([name]) => name);
    expect(told('none')).toEqual([]);
    expect(told('x10')).toEqual(['press']);
    expect(told('vt200')).toEqual(['press', 'release', 'wheel']);
    expect(told('drag')).toEqual(['press', 'release', 'wheel', 'drag']);
    expect(told('any')).toEqual(['press', 'release', 'wheel', 'drag', 'move']);
  });

  it('X10 has no modifiers', () => {
    expect(encodeInput(mouse({ modifiers: CTRL }), sgr('x10'))).toBe('\x1b[<0;5;10M');
  });

  it('the default encoding is bytes, also beyond ASCII, and leaves out what does not fit', () => {
    const on = modes({ mouseProtocol: 'any' });
    expect(encodeInput(mouse(), on)).toEqual(Uint8Array.of(0x1b, 0x5b, 0x4d, 32, 37, 42));
    expect(encodeInput(mouse({ action: 'release' }), on)).toEqual(Uint8Array.of(0x1b, 0x5b, 0x4d, 35, 37, 42));
    expect(encodeInput(mouse({ col: 222 }), on)).toEqual(Uint8Array.of(0x1b, 0x5b, 0x4d, 32, 255, 42));
    expect(encodeInput(mouse({ col: 223 }), on)).toBe('');
    expect(encodeInput(mouse({ action: 'release' }), { ...on, mouseEncoding: 'urxvt' })).toBe('\x1b[35;5;10M');
  });

  it('the wheel sends arrows in the alternate screen of a program that did not ask for the mouse', () => {
    const pager = modes({ alternateScreen: true });
    expect(encodeInput(mouse({ button: 'wheel-up' }), pager)).toBe('\x1b[A\x1b[A\x1b[A');
    expect(encodeInput(mouse({ button: 'wheel-down' }), { ...pager, applicationCursor: true })).toBe(
      '\x1bOB\x1bOB\x1bOB',
    );
    expect(encodeInput(mouse({ button: 'wheel-up' }), { ...pager, alternateScroll: false })).toBe('');
    expect(encodeInput(mouse({ button: 'wheel-up' }), modes())).toBe('');
    expect(encodeInput(mouse(), pager)).toBe('');
  });
});

describe('pastes', () => {
  const paste = (phase: PasteEvent['phase'], text = ''): PasteEvent => ({ type: 'paste', phase, text });
  function pasted(pieces: string[], bracketedPaste: boolean): string {
    const clean = createPasteSanitizer();
    return [paste('start'), ...pieces.map((text) => paste('data', text)), paste('end')]
      .map((event) => encodeInput(clean(event), modes({ bracketedPaste })))
      .join('');
  }

  it('are bracketed where asked for, also when empty', () => {
    expect(pasted(['a'], true)).toBe('\x1b[200~a\x1b[201~');
    expect(pasted([], true)).toBe('\x1b[200~\x1b[201~');
    expect(pasted(['a'], false)).toBe('a');
    expect(pasted([], false)).toBe('');
  });

  it('have CR for every newline, also for one split between pieces', () => {
    expect(pasted(['a\nb\r\nc\rd'], true)).toBe('\x1b[200~a\rb\rc\rd\x1b[201~');
    expect(pasted(['a\r', '\nb', '\n'], false)).toBe('a\rb\r');
  });

  it('keep tabs and text, and lose control characters', () => {
    expect(pasted(['\ta\x07b\x1b[31mc\x7f\u009bd😀\x03'], false)).toBe('\tab[31mcd😀');
  });

  it('give back what only looked like the beginning of their end', () => {
    expect(pasted(['a\x1b[20', 'x'], false)).toBe('a[20x');
    expect(pasted(['a\x1b[20'], true)).toBe('\x1b[200~a[20\x1b[201~');
  });

  it('a paste that was never ended does not touch the next', () => {
    const clean = createPasteSanitizer();
    clean(paste('start'));
    clean(paste('data', 'a\x1b[20'));
    expect([paste('start'), paste('data', '\nb'), paste('end')].map((event) => clean(event).text)).toEqual([
      '',
      '\rb',
      '',
    ]);
  });

  it('cannot end the paste, however they are built and cut', () => {
    const evil = fc.array(
      fc.constantFrom('\x1b', '\x1b[', '[201~', '\x1b[201~', '20', '1~', '\x1b[20', '\u009b201~', 'a', '\r', '\n'),
      {
        maxLength: 12,
      },
    );
    fc.assert(
      fc.property(evil, (pieces) => {
        const bytes = pasted(pieces, true);
        const body = bytes.slice('\x1b[200~'.length, -'\x1b[201~'.length);
        expect(bytes).toBe(`\x1b[200~${body}\x1b[201~`);
        expect(body).not.toMatch(/[\x00-\x08\x0a-\x0c\x0e-\x1f\x7f-\x9f]/);
      }),
    );
  });

  it('keep the second of two newlines though the first came apart from its CR', () => {
    expect(pasted(['\r', '\n', '\n'], false)).toBe('\r\r');
  });

  it('are the same however they are cut', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', '\r', '\n', '\x1b', '[', '2', '0', '1', '~', '\t'),
      maxLength: 30,
    });
    fc.assert(
      fc.property(text, fc.array(fc.nat(6)), (whole, steps) => {
        const pieces: string[] = [];
        let at = 0;
        for (const step of steps) {
          pieces.push(whole.slice(at, at + step));
          at += step;
        }
        pieces.push(whole.slice(at));
        expect(pasted(pieces, false)).toBe(pasted([whole], false));
      }),
      { numRuns: 1000 },
    );
  });
});
