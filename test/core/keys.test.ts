import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandNames, commandRow, DEFAULT_PREFIX } from '../../src/core/commands.ts';
import {
  ALT,
  CAPS_LOCK,
  CTRL,
  HYPER,
  type KeyEvent,
  META,
  NUM_LOCK,
  SHIFT,
  SUPER,
} from '../../src/core/input-event.ts';
import { keyAliases, keyNames } from '../../src/core/key-names.ts';
import { type Chord, formatChord, keyEventOfChord, matchesChord, parseChord } from '../../src/core/keys.ts';

describe('writing a chord', () => {
  it.each<[string, string, number]>([
    ['ctrl+b', 'b', CTRL],
    ['Ctrl+B', 'b', CTRL | SHIFT],
    ['control-b', 'b', CTRL],
    ['C-b', 'b', CTRL],
    ['^b', 'b', CTRL],
    ['M-x', 'x', ALT],
    ['meta+x', 'x', ALT],
    ['C-M-x', 'x', CTRL | ALT],
    ['S-Up', 'up', SHIFT],
    ['shift+enter', 'enter', SHIFT],
    ['Q', 'q', SHIFT],
    ['shift+q', 'q', SHIFT],
    ['É', 'é', SHIFT],
    ['?', '?', 0],
    ['shift+?', '?', 0],
    [';', ';', 0],
    ['{', '{', 0],
    ['+', '+', 0],
    ['-', '-', 0],
    ['^', '^', 0],
    ['ctrl++', '+', CTRL],
    ['ctrl+-', '-', CTRL],
    ['C--', '-', CTRL],
    ['C-^', '^', CTRL],
    ['space', 'space', 0],
    [' ', 'space', 0],
    ['SPC', 'space', 0],
    ['ctrl+space', 'space', CTRL],
    ['f5', 'f5', 0],
    ['F35', 'f35', 0],
    ['PageUp', 'page_up', 0],
    ['page_up', 'page_up', 0],
    ['page-up', 'page_up', 0],
    ['pgdn', 'page_down', 0],
    ['NPage', 'page_down', 0],
    ['BSpace', 'backspace', 0],
    ['BTab', 'tab', SHIFT],
    ['esc', 'escape', 0],
    ['return', 'enter', 0],
    ['del', 'delete', 0],
    ['ins', 'insert', 0],
    ['KPEnter', 'kp_enter', 0],
    ['super+hyper+shift+f1', 'f1', SUPER | HYPER | SHIFT],
    ['cmd+v', 'v', SUPER],
    ['日', '日', 0],
    ['😀', '😀', 0],
    ['c', 'c', 0],
    ['s', 's', 0],
  ])('%j is read', (text, key, modifiers) => {
    expect(parseChord(text)).toEqual({ key, modifiers });
  });

  it.each([
    '',
    'ctrl',
    'ctrl+',
    'ctrl+nokey',
    'foo+a',
    'c+b',
    'ab',
    'f36',
    'f0',
    'constructor',
    'ctrl+__proto__',
    '\x1b',
    'a\n',
    '\ud800',
  ])('%j is not a chord', (text) => {
    expect(parseChord(text)).toBeNull();
  });

  it('every name, every alias, and every key of the command table is read', () => {
    for (const name of keyNames) expect(parseChord(name)).toEqual({ key: name, modifiers: 0 });
    for (const [alias, key] of Object.entries(keyAliases)) expect(parseChord(alias)?.key).toBe(key);
    const keys = commandNames.flatMap((name) => commandRow(name).keys ?? []);
    for (const key of [DEFAULT_PREFIX, ...keys]) expect(parseChord(key), key).not.toBeNull();
  });

  it.each([
    ['C-b', 'ctrl+b'],
    ['shift+r', 'R'],
    ['ctrl+R', 'ctrl+shift+r'],
    ['M-S-pgup', 'alt+shift+page_up'],
    ['ctrl++', 'ctrl++'],
    ['shift+?', '?'],
  ])('%s is shown as %s', (text, shown) => {
    expect(formatChord(parseChord(text)!)).toBe(shown);
  });

  it('what is shown reads back as the same chord', () => {
    const key = fc.oneof(fc.constantFrom(...keyNames), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }));
    fc.assert(
      fc.property(key, fc.nat(31), (name, modifiers) => {
        const chord = parseChord(formatChord({ key: name, modifiers }));
        fc.pre(chord !== null);
        expect(parseChord(formatChord(chord!))).toEqual(chord);
      }),
    );
  });
});

describe('matching a key', () => {
  const event = (key: string, modifiers = 0, changes: Partial<KeyEvent> = {}): KeyEvent => ({
    type: 'key',
    key,
    modifiers,
    action: 'press',
    text: '',
    ...changes,
  });

  it.each<[string, KeyEvent]>([
    ['ctrl+b', event('b', CTRL)],
    ['ctrl+b', event('b', CTRL | NUM_LOCK | CAPS_LOCK)],
    ['ctrl+b', event('b', CTRL, { action: 'repeat' })],
    ['R', event('r', SHIFT, { text: 'R' })],
    ['shift+r', event('r', SHIFT, { text: 'R', shifted: 'R' })],
    ['r', event('r', CAPS_LOCK, { text: 'R' })],
    ['?', event('?', 0, { text: '?' })],
    ['?', event('/', SHIFT, { text: '?', shifted: '?' })],
    ['?', event('/', SHIFT)],
    ['?', event('ß', SHIFT, { shifted: '?' })],
    ['shift+/', event('?', 0, { text: '?' })],
    ['shift+/', event('/', SHIFT, { shifted: '?' })],
    ['ctrl+?', event('/', CTRL | SHIFT, { shifted: '?' })],
    ['{', event('[', SHIFT, { shifted: '{' })],
    ['/', event('7', SHIFT, { shifted: '/', base: '7' })],
    ['ctrl+c', event('с', CTRL, { base: 'c' })],
    ['alt+X', event('ч', ALT | SHIFT, { base: 'x', shifted: 'Ч' })],
    ['alt+x', event('x', META)],
    ['ctrl+/', event('_', CTRL)],
    ['ctrl+@', event('space', CTRL)],
    ['space', event('space', 0, { text: ' ' })],
    ['shift+space', event('space', SHIFT, { text: ' ' })],
    ['shift+enter', event('enter', SHIFT)],
    ['page_up', event('page_up')],
  ])('%s is meant by %o', (chord, key) => {
    expect(matchesChord(key, parseChord(chord)!)).toBe(true);
  });

  it.each<[string, KeyEvent]>([
    ['ctrl+b', event('b', CTRL, { action: 'release' })],
    ['ctrl+b', event('b', CTRL | SHIFT)],
    ['ctrl+b', event('b', CTRL | ALT)],
    ['ctrl+b', event('b', 0, { text: 'b' })],
    ['b', event('b', CTRL)],
    ['b', event('b', SUPER)],
    ['r', event('r', SHIFT, { text: 'R' })],
    ['R', event('r', 0, { text: 'r' })],
    ['/', event('/', SHIFT, { text: '?', shifted: '?' })],
    ['?', event('/', 0, { text: '/' })],
    ['enter', event('enter', SHIFT)],
    ['ctrl+x', event('q', CTRL, { base: 'x' })],
    ['c', event('с', 0, { text: 'с', base: 'c' })],
    ['ctrl+2', event('c', CTRL)],
    ['?', event('&', SHIFT, { shifted: '1' })],
  ])('%s is not meant by %o', (chord, key) => {
    expect(matchesChord(key, parseChord(chord)!)).toBe(false);
  });

  it('the key event of a chord matches the chord', () => {
    const key = fc.oneof(fc.constantFrom(...keyNames), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }));
    fc.assert(
      fc.property(key, fc.nat(31), (name, modifiers) => {
        const chord: Chord | null = parseChord(formatChord({ key: name, modifiers }));
        fc.pre(chord !== null);
        expect(matchesChord(keyEventOfChord(chord!), chord!)).toBe(true);
      }),
    );
  });

  it('types what the chord types', () => {
    const textOf = (chord: string): string => keyEventOfChord(parseChord(chord)!).text;
    expect(['a', 'R', '?', 'space', 'kp_7', 'shift+/'].map(textOf)).toEqual(['a', 'R', '?', ' ', '7', '?']);
    expect(['enter', 'ctrl+c', 'alt+x', 'super+v', 'up'].map(textOf)).toEqual(['', '', '', '', '']);
  });
});
