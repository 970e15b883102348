import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCellGrid } from '../../src/core/cell.ts';
import { createReplyQueue } from '../../src/terminal/reply-queue.ts';
import { captureScreen } from '../helpers/capture-screen.ts';
import { openPaneScreen } from './pane-screen.ts';

const MEGABYTE = 1024 * 1024;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Bytes that are still in use after `run`, and were not before. */
function keptBytes(run: () => void): number {
  const used = (): number => {
    // Array buffers found dead are swept in the background; the next collection waits for that.
    collectGarbage();
    collectGarbage();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  const before = used();
  run();
  return used() - before;
}

describe('a control string of 10 megabytes', () => {
  const introducers = {
    'a title': '\x1b]0;',
    'a palette': '\x1b]4;',
    'a directory': '\x1b]7;file:///',
    'a link': '\x1b]8;;https://',
    'a notification': '\x1b]9;',
    'kitty’s notification': '\x1b]99;;',
    'a clipboard': '\x1b]52;c;',
    'a prompt': '\x1b]133;A;',
    'an unknown OSC': '\x1b]4242;',
    'a status request': '\x1bP$q',
    'a capability': '\x1bP+q',
    'sixel graphics': '\x1bPq',
    'kitty graphics': '\x1b_G',
  };

  it.each(Object.entries(introducers))(
    'as %s is no picture, keeps little memory and takes no time to end',
    (_name, start) => {
      const pane = openPaneScreen();
      const megabyte = Buffer.alloc(MEGABYTE, 'A');
      pane.screen.write(start);
      const kept = keptBytes(() => {
        for (let i = 0; i < 10; i++) pane.screen.write(megabyte);
      });
      expect(kept).toBeLessThan(4 * MEGABYTE);
      const before = performance.now();
      pane.screen.write('\x1b\\ok');
      // Generous: it was 20 s of sanitising when a title was not cut first.
      expect(performance.now() - before).toBeLessThan(5000);
      expect(captureScreen(pane.screen, { scrollback: 100, ansi: false }).text).toBe('ok\n');
      expect(JSON.stringify(pane.signals).length).toBeLessThan(8192);
    },
  );

  it('that never ends is over with the program', () => {
    const pane = openPaneScreen();
    pane.screen.write(`\x1b]52;c;${'A'.repeat(2 * MEGABYTE)}`);
    pane.screen.prepareForProgram();
    expect(pane.ask('next\x1b[c')).toBe('\x1b[?62;22;52c');
    expect(pane.screen.line(0)?.text).toBe('next');
    expect(pane.signals).toEqual([]);
  });
});

describe('hundreds of thousands of', () => {
  it('combining marks on one cell are a few', () => {
    const pane = openPaneScreen();
    pane.screen.write('e');
    const marks = Buffer.from('\u0301'.repeat(10_000));
    const kept = keptBytes(() => {
      for (let i = 0; i < 100; i++) pane.screen.write(marks);
    });
    expect(kept).toBeLessThan(4 * MEGABYTE);
    expect(pane.screen.line(0)?.extraAt(0)?.text?.length).toBeLessThanOrEqual(64);
    pane.screen.write('x');
    expect(pane.screen.cursor().col).toBe(2);
  });

  it('links redrawn in place are remembered while they are seen', () => {
    const pane = openPaneScreen();
    const kept = keptBytes(() => {
      for (let i = 0; i < 200; i++) {
        let frame = '\x1b[H';
        for (let j = 0; j < 1000; j++) frame += `\r\x1b]8;;https://example.org/${i}/${j}\x07link\x1b]8;;\x07`;
        pane.screen.write(frame);
      }
    });
    expect(kept).toBeLessThan(8 * MEGABYTE);
    expect(pane.screen.line(0)?.extraAt(3)?.link?.uri).toBe('https://example.org/199/999');
  });

  it('queries whose answer is not known yet keep a bounded number of places', () => {
    const answers: string[] = [];
    let tell: (() => void)[] = [];
    const replies = createReplyQueue((text) => answers.push(text));
    const pane = openPaneScreen({
      replies,
      outer: { current: () => null, whenKnown: (listener) => void tell.push(listener) },
    });
    const kept = keptBytes(() => {
      for (let i = 0; i < 1000; i++) pane.screen.write('\x1b]11;?\x07\x1b[c'.repeat(1000));
    });
    expect(kept).toBeLessThan(4 * MEGABYTE);
    expect(answers).toEqual([]);
    tell = [];
  });

  it('prompts, pushed titles and keyboard flags are a few', () => {
    const pane = openPaneScreen({ onSignal: () => {} });
    const kept = keptBytes(() => {
      for (let i = 0; i < 20; i++) {
        pane.screen.write(
          `\x1b]133;A\x07$ \r\n\x1b[22t\x1b[>1u\x1b]2;${i}\x07\x1b]99;i=${i}:d=0;x\x1b\\`.repeat(10_000),
        );
      }
    });
    expect(kept).toBeLessThan(8 * MEGABYTE);
    expect(pane.screen.promptRows().length).toBeLessThanOrEqual(105);
  });
});

describe('a screen', () => {
  it('that shrinks to one cell and grows again a thousand times, with output in between, lives', () => {
    const pane = openPaneScreen({}, { background: '#101010' });
    pane.screen.write('\x1b[?2048h\x1b[?1004h\x1b]11;#000001\x07');
    for (let i = 0; i < 1000; i++) {
      pane.screen.resize(i % 2 === 0 ? 1 : 40, i % 2 === 0 ? 1 : 12);
      expect(
        pane.screen.write(
          `\x1b]133;A\x07${i} 你好 👩‍👩‍👧 \x1b]8;;https://a\x07link\x1b]8;;\x07\r\n\x1b[2;5r\x1b[?1049${i % 3 ? 'h' : 'l'}\x1b[S\x1b[99;99H`,
        ),
      ).toBe(true);
      const grid = createCellGrid(pane.screen.cols, pane.screen.rows);
      pane.screen.diffInto(grid, () => {});
      pane.screen.promptRows();
    }
    pane.screen.write('\x1bc\x1b[?1049lstill here');
    expect(pane.screen.line(0)?.text).toBe('still here');
  });

  const pieces = fc.oneof(
    fc.uint8Array({ maxLength: 60 }),
    fc
      .tuple(
        fc.constantFrom(
          '\x1b[',
          '\x1b[?',
          '\x1b[>',
          '\x1b[=',
          '\x1b[<',
          '\x1b]',
          '\x1bP',
          '\x1b_',
          '\x1b',
          '\x9b',
          '\x1b[!',
          '\x1b#',
        ),
        fc.constantFrom(
          '',
          '0',
          '4;',
          '1;1;',
          '2147483647',
          '8;id=a;https://x',
          '99;i=1:d=0;',
          '52;c;',
          '10;?;',
          '?',
          '133;A',
          '4;1;red;2;?',
          '1049',
          '2048;2031;1004',
          '$',
          '+q',
          '9;4;1;50',
          '7;file://',
        ),
        fc.constantFrom(
          'h',
          'l',
          'm',
          'u',
          'q',
          'p',
          'c',
          'n',
          't',
          'J',
          'K',
          'S',
          'T',
          'r',
          'L',
          'M',
          'P',
          '@',
          'X',
          'b',
          '\x07',
          '\x1b\\',
          '\x18',
          '',
        ),
      )
      .map((parts) => Buffer.from(parts.join(''))),
    fc.string({ unit: 'grapheme', maxLength: 30 }).map((text) => Buffer.from(text)),
    fc.constantFrom('\r\n', '\x1b[5;5H', '\x1b[2J', '\u0301', '👩‍👩‍👧', '\t', '\b').map((text) => Buffer.from(text)),
  );

  it('that is fed anything at all never fails, and gives cells within its bounds', () => {
    fc.assert(
      fc.property(
        fc.array(pieces, { maxLength: 40 }),
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 8 }),
        (writes, cols, rows) => {
          const pane = openPaneScreen({ cols, rows, scrollback: 10 }, { foreground: '#ffffff', background: '#000000' });
          const known = createCellGrid(pane.screen.cols, pane.screen.rows);
          for (const bytes of writes) {
            expect(pane.screen.write(bytes)).toBe(true);
            pane.screen.diffInto(known, (row, col, count) => {
              expect(row).toBeLessThan(known.rows);
              expect(col + count).toBeLessThanOrEqual(known.cols);
            });
          }
          const grid = createCellGrid(pane.screen.cols, pane.screen.rows);
          pane.screen.readGrid(grid);
          expect(known.words).toEqual(grid.words);
          for (const { link } of grid.extras.values()) if (link) expect(link.uri).toMatch(/^[\x21-\x7e]+$/);
          for (const signal of pane.signals) expect(Object.values(signal).join('')).not.toMatch(/[\x00-\x1f\x7f-\x9f]/);
          pane.screen.resize(7, 3);
          pane.screen.prepareForProgram();
          expect(pane.ask('\x1b[c')).toBe('\x1b[?62;22;52c');
          expect(pane.screen.inputModes()).toMatchObject({
            kittyFlags: 0,
            mouseProtocol: 'none',
            alternateScreen: false,
          });
          pane.screen.dispose();
        },
      ),
      { numRuns: 2000 },
    );
  });
});
