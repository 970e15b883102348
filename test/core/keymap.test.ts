import { describe, expect, it } from 'vitest';
import { commandRow, keyCommandNames } from '../../src/core/commands.ts';
import { createKeymap } from '../../src/core/keymap.ts';
import { formatChord, keyEventOfChord, parseChord } from '../../src/core/keys.ts';

const press = (chord: string) => keyEventOfChord(parseChord(chord)!);

describe('a keymap without words from the layout', () => {
  const keymap = createKeymap({});

  it('finds the command of every key in the table', () => {
    for (const command of keyCommandNames) {
      for (const chord of commandRow(command).keys ?? [])
        expect([chord, keymap.lookup(press(chord))]).toEqual([chord, command]);
    }
  });

  it('has no key twice', () => {
    const chords = keymap.bindings.map(({ chord }) => formatChord(chord));
    expect(new Set(chords).size).toBe(chords.length);
    expect(keymap.problems).toEqual([]);
  });

  it('has ctrl+b as its prefix and tells r from R', () => {
    expect(formatChord(keymap.prefix)).toBe('ctrl+b');
    expect(keymap.isPrefix(press('ctrl+b'))).toBe(true);
    expect(keymap.isPrefix(press('b'))).toBe(false);
    expect(keymap.lookup(press('r'))).toBe('restart');
    expect(keymap.lookup(press('R'))).toBe('restart-now');
    expect(keymap.lookup(press('q'))).toBeNull();
  });

  it('says what to press', () => {
    expect(keymap.chordsOf('focus-left')).toEqual(['left', 'h']);
    expect(keymap.pressFor('start')).toBe('ctrl+b s');
  });
});

describe('a layout’s keys', () => {
  it('replace the defaults of their command', () => {
    const keymap = createKeymap({ prefix: ['ctrl+a'], zoom: ['f', 'ctrl+z'] });
    expect(keymap.isPrefix(press('ctrl+a'))).toBe(true);
    expect(keymap.isPrefix(press('ctrl+b'))).toBe(false);
    expect(keymap.chordsOf('zoom')).toEqual(['f', 'ctrl+z']);
    expect(keymap.lookup(press('z'))).toBeNull();
    expect(keymap.pressFor('zoom')).toBe('ctrl+a f');
  });

  it('unbind a command with null', () => {
    const keymap = createKeymap({ kill: null });
    expect(keymap.lookup(press('X'))).toBeNull();
    expect(keymap.chordsOf('kill')).toEqual([]);
    expect(keymap.pressFor('kill')).toBeNull();
  });

  it('win over another command’s default, which keeps its other keys', () => {
    const keymap = createKeymap({ zoom: ['h'] });
    expect(keymap.lookup(press('h'))).toBe('zoom');
    expect(keymap.chordsOf('focus-left')).toEqual(['left']);
    expect(keymap.problems).toEqual([]);
  });

  it('may swap two commands without a conflict', () => {
    const keymap = createKeymap({ stop: ['X'], kill: ['x'] });
    expect([keymap.lookup(press('x')), keymap.lookup(press('X'))]).toEqual(['kill', 'stop']);
    expect(keymap.problems).toEqual([]);
  });

  it('that name the same key twice: the later one counts, and it is reported', () => {
    const keymap = createKeymap({ zoom: ['f'], restart: ['f'] });
    expect(keymap.lookup(press('f'))).toBe('restart');
    expect(keymap.chordsOf('zoom')).toEqual([]);
    expect(keymap.problems).toEqual([expect.stringContaining('zoom')]);
  });

  it('are no command’s where the prefix takes them: nothing shows a key that goes elsewhere', () => {
    const keymap = createKeymap({ prefix: ['d'], zoom: ['d', 'f'] });
    expect(keymap.lookup(press('d'))).toBeNull();
    expect(keymap.pressFor('detach')).toBeNull();
    expect(keymap.chordsOf('zoom')).toEqual(['f']);
    expect(keymap.problems).toEqual([expect.stringContaining('zoom')]);
  });

  it('that are no keys or no commands are reported and left out', () => {
    const keymap = createKeymap({ zoom: ['hyperspace', 'f'], fly: ['y'], prefix: ['nothing at all'] });
    expect(keymap.chordsOf('zoom')).toEqual(['f']);
    expect(formatChord(keymap.prefix)).toBe('ctrl+b');
    expect(keymap.problems).toHaveLength(3);
  });
});
