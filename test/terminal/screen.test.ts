import { describe, expect, it } from 'vitest';
import { type CellExtra, createCellGrid, FG_UNDERLINE, WIDTH_SHIFT } from '../../src/core/cell.ts';
import { NO_OUTER_FACTS, type OuterSource } from '../../src/terminal/outer-facts.ts';
import { createReplyQueue } from '../../src/terminal/reply-queue.ts';
import { createScreen } from '../../src/terminal/screen.ts';
import { captureScreen } from '../helpers/capture-screen.ts';

const KNOWN: OuterSource = {
  current: () => ({ ...NO_OUTER_FACTS, foreground: '#aabbcc', background: '#102030' }),
  whenKnown: (listener) => listener(),
};

function open(cols = 20, rows = 5, scrollback = 100, outer = KNOWN) {
  const replies: string[] = [];
  const titles: string[] = [];
  const screen = createScreen({
    cols,
    rows,
    scrollback,
    version: '1.2.3',
    replies: createReplyQueue((text) => replies.push(text)),
    onSignal: (signal) => void (signal.type === 'title' && titles.push(signal.title)),
    outer,
  });
  return { screen, replies, titles, text: () => captureScreen(screen, { scrollback: 0, ansi: false }).text };
}

describe('a screen', () => {
  it('gives emoji two cells and joins flags and families', () => {
    const { screen } = open();
    screen.write('😀🇩🇪👩‍👩‍👧x');
    expect(screen.cursor().col).toBe(7);
    const grid = createCellGrid(20, 5);
    screen.readGrid(grid);
    expect(grid.words[0]! >> WIDTH_SHIFT).toBe(2);
    expect(grid.extras.get(2)?.text).toBe('🇩🇪');
    expect(grid.extras.get(4)?.text).toBe('👩‍👩‍👧');
  });

  it('keeps lines that CSI S scrolls off the top', () => {
    const { screen } = open(20, 3);
    screen.write('one\r\ntwo\r\nthree\x1b[2S');
    expect(captureScreen(screen, { scrollback: 10, ansi: false }).text).toBe('one\ntwo\nthree\n');
    expect(screen.scrollbackLines).toBe(2);
  });

  it('swallows the title of GNU screen instead of printing it', () => {
    const { screen, text } = open();
    screen.write('a\x1bktitle\x1b\\b');
    expect(text()).toBe('ab\n');
  });

  it('keeps the screen of a finished program in the scrollback and starts the next one with clean modes', () => {
    const { screen, text } = open();
    screen.write('first\x1b[?1049h\x1b[?2004h\x1b[?1h\x1b[>5u\x1b[31mfull screen');
    screen.prepareForProgram();
    expect(text()).toBe('');
    expect(screen.inputModes()).toMatchObject({
      applicationCursor: false,
      bracketedPaste: false,
      kittyFlags: 0,
      alternateScreen: false,
    });
    screen.write('second');
    expect(captureScreen(screen, { scrollback: 10, ansi: true }).text).toBe('first\nsecond\n');
  });

  it('ends a sequence that the last program left open', () => {
    const { screen, text } = open();
    screen.write('x\x1b]0;never ended');
    screen.prepareForProgram();
    screen.write('y');
    expect(text()).toBe('y\n');
  });
});

describe('the difference to what a client knows', () => {
  it('is one run a row from the first changed cell to the last', () => {
    const { screen } = open();
    const known = createCellGrid(20, 5);
    const runs: [number, number, number, [number, CellExtra][]][] = [];
    const collect = (row: number, col: number, count: number, extras: [number, CellExtra][]) =>
      runs.push([row, col, count, extras]);
    screen.write('hello\r\nworld');
    screen.diffInto(known, collect);
    expect(runs).toEqual([
      [0, 0, 5, []],
      [1, 0, 5, []],
    ]);
    runs.length = 0;
    screen.diffInto(known, collect);
    expect(runs).toEqual([]);
    screen.write('\x1b[1;2HE');
    screen.diffInto(known, collect);
    expect(runs).toEqual([[0, 1, 1, []]]);
  });

  it('sees a combining mark, an underline style and a link that leave the words as they were', () => {
    const { screen } = open();
    const known = createCellGrid(20, 5);
    const runs: unknown[] = [];
    screen.write('e\u0301 \x1b[4:3;58:2::1:2:3mu\x1b[0m \x1b]8;id=a;https://example.org\x1b\\l\x1b]8;;\x1b\\');
    screen.diffInto(known, (...run) => runs.push(run));
    expect(known.extras.get(0)?.text).toBe('e\u0301');
    expect(known.extras.get(2)).toMatchObject({ underlineStyle: 3, underlineColor: 0x3010203 });
    expect(known.extras.get(4)?.link?.uri).toBe('https://example.org');
    // xterm calls every linked cell underlined; it is not.
    expect(known.words[4 * 3 + 1]! & FG_UNDERLINE).toBe(0);
    runs.length = 0;
    screen.write('\x1b[1;1He\u0300');
    screen.diffInto(known, (...run) => runs.push(run));
    expect(runs).toHaveLength(1);
    expect(known.extras.get(0)?.text).toBe('e\u0300');
  });
});

describe('queries', () => {
  const table: [string, string, string][] = [
    ['DA1', '\x1b[c', '\x1b[?62;22;52c'],
    ['XTVERSION', '\x1b[>q', '\x1bP>|nonet 1.2.3\x1b\\'],
    ['kitty flags', '\x1b[>5u\x1b[?u', '\x1b[?5u'],
    ['kitty flags of the other screen', '\x1b[>5u\x1b[?1049h\x1b[?u', '\x1b[?0u'],
    ['cursor position while a wrap is pending', '\x1b[1;1H01234567890123456789\x1b[6n', '\x1b[1;20R'],
    ['cursor position in origin mode', '\x1b[2;4r\x1b[?6h\x1b[6n', '\x1b[1;1R'],
    ['DECRQM of synchronized output', '\x1b[?2026$p', '\x1b[?2026;2$y'],
    ['DECRQM of pixel mouse positions', '\x1b[?1016$p', '\x1b[?1016;0$y'],
    ['DECRQSS of SGR', '\x1b[1;4:3;38;2;1;2;3m\x1bP$qm\x1b\\', '\x1bP1$r0;1;4:3;38;2;1;2;3m\x1b\\'],
    ['DECRQSS of the cursor', '\x1b[6 q\x1bP$q q\x1b\\', '\x1bP1$r6 q\x1b\\'],
    ['XTGETTCAP of a known name', '\x1bP+q4d73\x1b\\', '\x1bP1+r4d73=1B5D35323B25703125733B25703225731B5C\x1b\\'],
    ['XTGETTCAP of an unknown name', '\x1bP+q5858\x1b\\', '\x1bP0+r5858\x1b\\'],
    ['foreground colour', '\x1b]10;?\x1b\\', '\x1b]10;rgb:aaaa/bbbb/cccc\x1b\\'],
    ['background colour, asked with BEL', '\x1b]11;?\x07', '\x1b]11;rgb:1010/2020/3030\x1b\\'],
    ['clipboard, refused', '\x1b]52;c;?\x1b\\', '\x1b]52;c;\x1b\\'],
    ['size in cells', '\x1b[18t', '\x1b[8;5;20t'],
    ['dark or light', '\x1b[?996n', '\x1b[?997;1n'],
    ['modifyOtherKeys', '\x1b[>4;2m\x1b[?4m', '\x1b[>4;2m'],
  ];
  it.each(table)('%s is answered', (_name, query, answer) => {
    const { screen, replies } = open();
    screen.write(query);
    expect(replies.join('')).toBe(answer);
  });

  it('is answered in the order of asking', () => {
    const { screen, replies } = open();
    screen.write('\x1b]11;?\x1b\\\x1b[?u\x1b[>q\x1b[6n\x1b[c');
    expect(replies.map((reply) => reply.slice(0, 3))).toEqual(['\x1b]1', '\x1b[?', '\x1bP>', '\x1b[1', '\x1b[?']);
  });

  it('about colours waits until they are known, and keeps the answers after it waiting', () => {
    const known: { now: ReturnType<OuterSource['current']>; tell: () => void } = { now: null, tell: () => {} };
    const outer: OuterSource = {
      current: () => known.now,
      whenKnown(listener) {
        known.tell = listener;
      },
    };
    const { screen, replies } = open(20, 5, 0, outer);
    screen.write('\x1b[>q\x1b]11;?\x1b\\\x1b[c');
    expect(replies).toHaveLength(1);
    known.now = { ...NO_OUTER_FACTS, background: '#ffffff' };
    known.tell();
    expect(replies.slice(1)).toEqual(['\x1b]11;rgb:ffff/ffff/ffff\x1b\\', '\x1b[?62;22;52c']);
  });

  it('leaves nothing of an unknown sequence on the screen', () => {
    const { screen, text } = open(40);
    screen.write(
      'a\x1b]7501;x\x1b\\\x1b_Gi=1;AAAA\x1b\\\x1b^pm\x1b\\\x1bXsos\x1b\\\x1bPz1\x1b\\\x1b[>99z\x1b[?1;2;3Zb',
    );
    expect(text()).toBe('ab\n');
  });
});
