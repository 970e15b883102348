import { describe, expect, test } from 'vitest';
import { createReadableText } from '../../src/terminal/readable-text.ts';
import { createScreen } from '../../src/terminal/screen.ts';

type Setup = { cols?: number; rows?: number; scrollback?: number };

/** A screen with its log, and a clock that stands still between steps. */
function logged({ cols = 40, rows = 8, scrollback = 100 }: Setup = {}) {
  const screen = createScreen({ cols, rows, scrollback });
  const lines: string[] = [];
  let now = 1000;
  const text = createReadableText({
    track: screen.trackLines,
    rows: () => screen.rows,
    onLine: (line, alternate) => lines.push(alternate ? `[screen] ${line}` : line),
    onSkipped: (count) => lines.push(`<${count} skipped>`),
    nowMs: () => now,
  });
  const log = {
    screen,
    lines,
    text,
    write(data: string) {
      screen.write(data);
      text.wrote();
    },
    /** Nothing is drawn for so long, as the timer of a pane sees it. */
    pause(ms: number) {
      for (let quiet = 250; quiet <= ms; quiet += 250) {
        now += 250;
        text.settle(quiet);
      }
    },
    /** Draws without a pause, 20 times a second. */
    animate(seconds: number, frame: (index: number) => string) {
      for (let index = 0; index < seconds * 20; index++) {
        log.write(frame(index));
        now += 50;
        if (index % 5 === 4) text.settle(10);
      }
    },
    resize(toCols: number, toRows: number) {
      const resized = text.resizing();
      screen.resize(toCols, toRows);
      resized();
    },
    finish() {
      text.finish();
      return lines;
    },
  };
  return log;
}

describe('a program that prints lines', () => {
  test('has each of them as a record, as soon as it pauses', () => {
    const log = logged();
    log.write('one\r\n\x1b[31mtwo\x1b[0m\r\nunfinished');
    expect(log.lines).toEqual([]);
    log.pause(250);
    expect(log.lines).toEqual(['one', 'two']);
    log.pause(5000);
    expect(log.finish()).toEqual(['one', 'two', 'unfinished']);
  });

  test('has every record once, however its lines move', () => {
    const log = logged();
    const expected = Array.from({ length: 500 }, (_, i) => `line ${i}`);
    for (const [index, line] of expected.entries()) {
      log.write(`${line}\r\n`);
      if (index % 7 === 0) log.pause(250);
    }
    expect(log.finish()).toEqual(expected);
  });

  test.each([0, 1, 3, 1000])('loses nothing with %i lines of scrollback', (scrollback) => {
    const log = logged({ scrollback });
    const expected = Array.from({ length: 600 }, (_, i) => `line ${i}`);
    log.write(expected.map((line) => `${line}\r\n`).join(''));
    expect(log.finish()).toEqual(expected);
  });

  test('keeps wide, combined and other characters, and blanks within a line', () => {
    const log = logged();
    const lines = ['a  b', '漢字 – ok', 'e\u0301 👍🏽 x', '  indented', '\u00e9'.repeat(40), 'x'.repeat(40)];
    log.write(lines.map((line) => `${line}\r\n`).join(''));
    log.write('tab\there\x1b[3Cgap\r\n');
    expect(log.finish()).toEqual([...lines, 'tab     here   gap']);
  });

  test('may say the same again and again', () => {
    const log = logged();
    for (let i = 0; i < 20; i++) {
      log.write('same\r\n');
      log.pause(500);
    }
    expect(log.finish()).toEqual(Array.from({ length: 20 }, () => 'same'));
  });

  test('has a wrapped line as one record', () => {
    const long = 'abcdefghij'.repeat(13);
    for (const scrollback of [0, 100]) {
      const log = logged({ scrollback });
      log.write(`${long}\r\nshort\r\n`.repeat(20));
      log.pause(250);
      expect(log.finish()).toEqual(Array.from({ length: 20 }, () => [long, 'short']).flat());
    }
  });

  test('has a progress bar as its last state', () => {
    const log = logged();
    for (let percent = 0; percent <= 100; percent++) {
      log.write(`\r${'#'.repeat(percent / 5)} ${percent}%`);
      log.pause(percent % 10 === 0 ? 1500 : 0);
    }
    log.write('\r\ndone\r\n');
    expect(log.finish()).toEqual([`${'#'.repeat(20)} 100%`, 'done']);
  });

  test('has one blank line where there were some, and none at an end', () => {
    const log = logged();
    log.write('\r\n\r\na\r\n\r\n\r\nb\r\n\r\n');
    log.pause(250);
    log.write('c\r\n\r\n');
    expect(log.finish()).toEqual(['a', '', 'b', '', 'c']);
  });

  test('cannot write control characters or forge a record', () => {
    const log = logged();
    log.write('a\x1b]0;t\x07\x9b31mb\u2028c\u202ed\r\n');
    expect(log.finish()).toEqual(['abcd']);
  });

  test('keeps what is on the screen when it erases it', () => {
    const log = logged();
    log.write('before\r\n\x1b[H\x1b[2Jafter\r\n\x1bcreset\r\n\x1b[3J');
    expect(log.finish()).toEqual(['before', 'after', 'reset']);
  });

  test('has its records once through changes of size', () => {
    const log = logged();
    const long = 'x'.repeat(70);
    for (let i = 0; i < 40; i++) {
      log.write(`${i} ${long}\r\n`);
      if (i % 3 === 0) log.pause(250);
      if (i % 5 === 0) log.resize(20 + ((i * 13) % 60), 4 + (i % 9));
    }
    expect(log.finish()).toEqual(Array.from({ length: 40 }, (_, i) => `${i} ${long}`));
  });

  test('is read at a bounded rate, and what is left out is counted', () => {
    const log = logged({ scrollback: 10_000 });
    const count = 60_000;
    for (let i = 0; i < count; i += 100) {
      log.write(Array.from({ length: 100 }, (_, j) => `line ${i + j}\r\n`).join(''));
    }
    log.pause(1000);
    const lines = log.finish();
    const skipped = lines.map((line) => Number(/^<(\d+) skipped>$/.exec(line)?.[1] ?? 0)).reduce((a, b) => a + b, 0);
    const kept = lines.filter((line) => line.startsWith('line '));
    expect(kept.length + skipped).toBe(count);
    expect(kept.length).toBeLessThan(5000);
    expect(kept.length).toBeGreaterThan(2500);
    expect(kept.at(-1)).toBe(`line ${count - 1}`);
  });
});

describe('a screen program', () => {
  test('in the alternate screen has its lines as marked records, without frames', () => {
    const log = logged();
    log.write('shell\r\n\x1b[?1049h\x1b[H┌────────┐\r\n│ hello  │\r\n└────────┘');
    log.pause(500);
    expect(log.lines).toEqual(['shell']);
    log.pause(1250);
    expect(log.lines).toEqual(['shell', '[screen] hello']);
    log.write('\x1b[2;3Hworld ');
    log.write('\x1b[?1049l');
    expect(log.lines).toEqual(['shell', '[screen] hello', '[screen] world']);
    log.write('back\r\n');
    expect(log.finish()).toEqual(['shell', '[screen] hello', '[screen] world', 'back']);
  });

  test('that scrolls in the alternate screen has only the new line again', () => {
    const log = logged({ rows: 5 });
    log.write('\x1b[?1049h');
    for (let top = 0; top < 6; top++) {
      log.write(`\x1b[H${[0, 1, 2, 3, 4].map((i) => `row ${'abcdefghijklmnop'[top + i]}`).join('\r\n')}`);
      log.pause(1500);
    }
    expect(log.finish()).toEqual([...'abcdefghij'].map((letter) => `[screen] row ${letter}`));
  });

  test('with a clock does not fill the log', () => {
    const log = logged();
    log.write('\x1b[?1049h');
    for (let second = 0; second < 600; second++) {
      log.write(`\x1b[Hmemory ${second} MB of 16384\r\ncpu ${second % 100}%`);
      log.pause(1000);
    }
    expect(log.finish().length).toBeLessThan(80);
    expect(log.lines.at(-1)).toBe('[screen] cpu 99%');
  });

  test('that draws over its own lines below what it prints has both, and no thousand of the latter', () => {
    const log = logged({ rows: 12, cols: 60 });
    const box = (frame: number) => `${'⠋⠙⠹⠸⠼⠴⠦⠧'[frame % 8]} Thinking (${Math.floor(frame / 20)}s)\r\n> type here\r\n`;
    log.write(`\x1b[?25l${box(0)}`);
    const said: string[] = [];
    for (let step = 0; step < 30; step++) {
      log.animate(5, (frame) => `\x1b[2A\x1b[J${box(frame + step * 100)}`);
      const line = `I have read file number ${step} of this project`;
      said.push(line);
      log.write(`\x1b[2A\x1b[J${line}\r\n${box(step * 100)}`);
    }
    log.pause(2000);
    const lines = log.finish();
    const records = lines.filter((line) => line.startsWith('I have'));
    expect(new Set(records)).toEqual(new Set(said));
    expect(lines.length).toBeLessThan(said.length * 3 + 20);
  });

  test('that redraws the normal screen without end does not fill the log either', () => {
    const log = logged();
    for (let round = 0; round < 100; round++) {
      log.write(`\x1b[H\x1b[2JEvery 2.0s: date\r\n\r\nNov 21 10:00:${round}\r\nconstant\r\n`);
      log.pause(2000);
    }
    const lines = log.finish();
    expect(lines.filter((line) => line === 'constant').length).toBeLessThan(8);
    expect(lines.length).toBeLessThan(60);
  });
});

test('the next program’s log begins with its own lines', () => {
  const log = logged();
  log.write('first\r\n\x1b[?1049hfull');
  log.text.finish();
  log.screen.prepareForProgram();
  log.text.restart();
  log.write('second\r\n');
  expect(log.finish()).toEqual(['first', '[screen] full', 'second']);
});

test('a reader that is disposed leaves the screen as it was', () => {
  const log = logged({ scrollback: 0 });
  log.text.dispose();
  log.screen.write('a\r\n'.repeat(100));
  log.screen.write('\x1b[2J\x1bc');
  expect(log.lines).toEqual([]);
});
