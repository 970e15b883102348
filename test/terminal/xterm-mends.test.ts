import { describe, expect, it } from 'vitest';
import { WIDTH_SHIFT } from '../../src/core/cell.ts';
import { createScreen, type Screen } from '../../src/terminal/screen.ts';

const open = (text: string, cols = 20, rows = 6): Screen => {
  const screen = createScreen({ cols, rows, scrollback: 100 });
  expect(screen.write(text)).toBe(true);
  return screen;
};
const textOf = (screen: Screen): string[] =>
  Array.from({ length: screen.rows }, (_, row) => screen.line(row)!.text.trimEnd());
const cursorOf = (screen: Screen): [number, number] => [screen.cursor().col, screen.cursor().row];

describe('what a program may ask for', () => {
  it.each([
    'L',
    'M',
    'S',
    'T',
    'I',
    'Z',
    'b',
    '@',
    'P',
    'X',
    'A',
    'B',
    'C',
    'D',
    'E',
    'F',
    'G',
    'd',
    ' @',
    ' A',
    "'}",
    "'~",
  ])('two thousand million times CSI %s takes no time', (final) => {
    const before = performance.now();
    open(`\x1b[4;10Hab\x1b[2147483647${final}`);
    open(`ab\x1b[2147483647${final}`);
    // An hour without a limit; anything below a minute shows that there is one.
    expect(performance.now() - before).toBeLessThan(60_000);
  });

  it('more lines than the screen has are all of them', () => {
    const screen = open('a\r\nb\r\nc\x1b[H\x1b[99L');
    expect(textOf(screen).join('')).toBe('');
    screen.write('x\x1b[99b');
    expect(textOf(screen).join('')).toBe('x'.repeat(100));
  });
});

describe('the saved cursor (VT510 manual, DECSC and DECRC)', () => {
  it('is at the same place of the screen after lines have scrolled off', () => {
    expect(cursorOf(open(`\x1b[3;5H\x1b7\x1b[6;1H${'\n'.repeat(40)}\x1b8`))).toEqual([4, 2]);
  });

  it('stays at its place when the scrollback is cleared, and goes with its line when rows come and go', () => {
    expect(cursorOf(open(`${'\n'.repeat(40)}\x1b[3;5H\x1b7\x1b[H\x1b[3J\x1b8`))).toEqual([4, 2]);
    const screen = open(`${'line\r\n'.repeat(40)}\x1b[6;5H\x1b7`);
    screen.resize(20, 3);
    screen.write('\x1b[H\x1b8');
    expect(cursorOf(screen)).toEqual([4, 2]);
  });

  it('brings back origin mode, autowrap, both character sets and the underline’s style', () => {
    const screen = open(
      '\x1b[2;4r\x1b[?6h\x1b)0\x0e\x1b[4:3m\x1b7\x1b[?6;7l\x0f\x1b)B\x1b[0m\x1b[r\x1b[H\x1b[2;4r\x1b8q\x1b[1;1Hq',
    );
    expect(textOf(screen)[1]).toBe('─');
    expect(screen.line(1)!.extraAt(0)).toMatchObject({ underlineStyle: 3 });
    screen.write('\x1b[1;20Hqq');
    expect(textOf(screen)[2]).toBe('─');
  });

  it('does not bring back a link that has ended, nor end one that is open', () => {
    const screen = open(
      '\x1b]8;;https://x.example\x1b\\a\x1b7\x1b]8;;\x1b\\\x1b8b\x1b]8;;https://y.example\x1b\\\x1b8c',
    );
    expect([0, 1].map((col) => screen.line(0)!.extraAt(col)?.link?.uri)).toEqual([
      'https://x.example',
      'https://y.example',
    ]);
  });

  it('is home with a plain pen where none was saved, and after a soft reset', () => {
    for (const text of ['\x1b[3;3H\x1b[31m\x1b(0\x1b8q', '\x1b[3;3H\x1b[31m\x1b7\x1b[!p\x1b[2;2H\x1b8q']) {
      const screen = open(text);
      expect(textOf(screen)[0]).toBe('q');
      expect(screen.line(0)!.words[1]).toBe(0);
    }
  });
});

describe('erasing', () => {
  it('above and up to the bottom right corner neither breaks the parser nor touches the scrollback’s wraps', () => {
    expect(textOf(open('a\x1b[6;20H\x1b[1Jb'))).toEqual(['', '', '', '', '', `${' '.repeat(19)}b`]);
    const screen = open(`${'w'.repeat(30)}${'\r\n'.repeat(12)}\x1b[1;20H\x1b[1J`);
    const wrapped = Array.from({ length: screen.scrollbackLines }, (_, i) => screen.line(-1 - i)!.wrapped);
    expect(wrapped.filter(Boolean)).toHaveLength(1);
  });

  it('selectively leaves what is protected (DECSCA, DECSED, DECSEL)', () => {
    expect(textOf(open('a\x1b[1"qKEEP\x1b[0"qb\x1b[?2J'))[0]).toBe(' KEEP');
    expect(textOf(open('a\x1b[1"qKEEP\x1b[2"qb\x1b[?2K'))[0]).toBe(' KEEP');
    expect(textOf(open('a\x1b[1"qGONE\x1b[2"qb\x1b[2K'))[0]).toBe('');
  });
});

describe('widths', () => {
  const widthOf = (character: string): number => open(`x${character}|`).cursor().col - 2;

  it('are two for every emoji that this Node knows as one', () => {
    const narrow: string[] = [];
    for (let codepoint = 0x203c; codepoint < 0x1fb00; codepoint++) {
      const character = String.fromCodePoint(codepoint);
      if (!/^\p{Emoji_Presentation}$/u.test(character) || /\p{RI}|\p{Emoji_Modifier}/u.test(character)) continue;
      const screen = createScreen({ cols: 4, rows: 1, scrollback: 0 });
      screen.write(character);
      if (screen.line(0)!.words[0]! >>> WIDTH_SHIFT !== 2) narrow.push(codepoint.toString(16));
      screen.dispose();
    }
    expect(narrow).toEqual([]);
  });

  it.each(['\u200b', '\u200e', '\u2060', '\u202e', '\u2066', '\ufeff', '\u061c', '\u200d', '\u0301'])(
    'are none for %j',
    (character) => expect(widthOf(character)).toBe(0),
  );

  it('is one for a soft hyphen, as in every wcwidth', () => expect(widthOf('\u00ad')).toBe(1));
});

describe('other mends', () => {
  it('a link ends at an empty address, whatever parameters it has (the OSC 8 specification)', () => {
    const screen = open('\x1b]8;id=a;https://x.example/;y\x1b\\in\x1b]8;id=a;\x1b\\out');
    expect([1, 2].map((col) => screen.line(0)!.extraAt(col)?.link?.uri)).toEqual(['https://x.example/;y', undefined]);
  });

  it('colours with colons need no colour space', () => {
    const { words } = open('\x1b[38:2:255:0:7;48:2::1:2:3m#').line(0)!;
    expect([words[1]! & 0xffffff, words[2]! & 0xffffff]).toEqual([0xff0007, 0x010203]);
  });

  it('DECCOLM erases, homes and opens the margins, and keeps the width (as tmux, kitty and Alacritty)', () => {
    const screen = open('abc\x1b[2;3r\x1b[?3hx');
    expect([screen.cols, textOf(screen)[0], cursorOf(screen)]).toEqual([20, 'x', [1, 0]]);
    screen.write('\x1b[6;1Hy\n');
    expect(textOf(screen)[4]).toBe('y');
  });

  it('DECALN fills everything in plain letters, whatever margins, origin and pen are', () => {
    const screen = open('\x1b[31m\x1b[2;3r\x1b[?6h\x1b#8');
    expect(textOf(screen)).toEqual(Array.from({ length: 6 }, () => 'E'.repeat(20)));
    expect([screen.line(3)!.words[1], cursorOf(screen)]).toEqual([0, [0, 0]]);
  });

  it('CHA and HPA stay in their row in origin mode', () => {
    expect(cursorOf(open('\x1b[3;5r\x1b[?6h\x1b[2;1H\x1b[7G\x1b[9`'))).toEqual([8, 3]);
  });

  it('margins outlive the alternate screen, and a reset opens them', () => {
    expect(textOf(open('a\r\nb\r\nc\x1b[?1049h\x1b[1;3r\x1b[?1049l\x1b[3;1H\n'))).toEqual(['b', 'c', '', '', '', '']);
    expect(textOf(open('\x1b[1;2r\x1b[?1049h\x1bca\r\nb\r\nc'))[2]).toBe('c');
  });
});
