import { describe, expect, it } from 'vitest';
import type { PaneSignal } from '../../src/core/pane-signal.ts';
import { openPaneScreen } from './pane-screen.ts';

function signalsOf(...writes: string[]): PaneSignal[] {
  const pane = openPaneScreen();
  for (const bytes of writes) pane.screen.write(bytes);
  return pane.signals;
}
const note = (title: string, body: string): PaneSignal => ({ type: 'notification', title, body });
const progress = (state: string, percent: number | null) => ({ type: 'progress', state, percent });
const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('a title', () => {
  const titles = (bytes: string) => signalsOf(bytes).map((signal) => (signal.type === 'title' ? signal.title : signal));

  it('is told when it changes, not when it is set again', () => {
    expect(titles('\x1b]0;one\x07\x1b]2;one\x1b\\\x1b]2;two  \x07\x1b]1;icon\x07')).toEqual(['one', 'two']);
  });

  it('is pushed and popped, ten deep, and stays where there is none to pop', () => {
    expect(titles('\x1b]2;a\x07\x1b[22;0t\x1b]2;b\x07\x1b[22;2t\x1b]2;c\x07\x1b[23t\x1b[23t\x1b[23t')).toEqual([
      'a',
      'b',
      'c',
      'b',
      'a',
    ]);
    expect(titles('\x1b]2;a\x07\x1b[22;1t\x1b]2;b\x07\x1b[23;1t\x1b[23;0t')).toEqual(['a', 'b']);
    expect(titles('\x1b[22t\x1b]2;a\x07\x1b[23t\x1b]2;a\x07\x1b]2;\x07')).toEqual(['a', '', 'a', '']);
  });

  it('is one harmless line of bounded width', () => {
    const [title] = titles(`\x1b]2;a\u202eb\u200b${'x'.repeat(5000)}\x07`);
    expect(title).toMatch(/^abx+…$/);
    expect(title).toHaveLength(256);
  });

  it('is never told back', () => {
    expect(openPaneScreen().ask('\x1b]2;echo evil\x07\x1b[21t\x1b[20t')).toBe('');
  });
});

describe('a notification', () => {
  it.each([
    ['OSC 9', '\x1b]9;build done\x07', note('', 'build done')],
    ['OSC 9 with a semicolon', '\x1b]9;done; 3 errors\x07', note('', 'done; 3 errors')],
    ['OSC 9 that begins with another number', '\x1b]9;13;x\x07', note('', '13;x')],
    ['OSC 777', '\x1b]777;notify;Title;body; more\x1b\\', note('Title', 'body; more')],
    ['OSC 777 without a body', '\x1b]777;notify;only\x1b\\', note('', 'only')],
    ['OSC 99', '\x1b]99;;Hello; world\x1b\\', note('', 'Hello; world')],
    ['OSC 99 in base64', `\x1b]99;e=1;${base64('Grüße')}\x1b\\`, note('', 'Grüße')],
    ['controls in base64', `\x1b]99;e=1;${base64('a\x1b[31m\nb')}\x1b\\`, note('', 'a[31m b')],
  ])('by %s is told', (_name, bytes, signal) => {
    expect(signalsOf(bytes)).toEqual([signal]);
  });

  it.each([
    ['an empty one', '\x1b]9;\x07'],
    ['another extension of urxvt', '\x1b]777;precmd\x1b\\'],
    ['a part of kitty’s without an end', '\x1b]99;i=1:d=0;title\x1b\\'],
    ['an icon alone', '\x1b]99;p=icon;AAAA\x1b\\'],
    ['one that is taken back', '\x1b]99;i=1:d=0;title\x1b\\\x1b]99;i=1:p=close;\x1b\\'],
    ...['9;1;500', '9;2;box', '9;3;tab', '9;5', '9;6;macro', '9;9;/cwd', '9;10;1', '9;12'].map((osc) => [
      `ConEmu’s ${osc}`,
      `\x1b]${osc}\x07`,
    ]),
  ])('is not made of %s', (_name, bytes) => {
    expect(signalsOf(bytes as string)).toEqual([]);
  });

  it('of kitty comes in pieces, several at a time', () => {
    expect(
      signalsOf(
        '\x1b]99;i=1:d=0;Hello \x1b\\',
        '\x1b]99;i=2:d=0:p=body;other\x1b\\',
        '\x1b]99;i=1:d=0;world\x1b\\',
        '\x1b]99;i=1:d=0:p=unknown;ignored\x1b\\',
        `\x1b]99;i=1:p=body:e=1;${base64('body')}\x1b\\`,
        '\x1b]99;i=2:p=title;T\x1b\\',
      ),
    ).toEqual([note('Hello world', 'body'), note('T', 'other')]);
  });

  it('that is begun without end costs no memory, and the newest are still there', () => {
    const pane = openPaneScreen();
    for (let i = 0; i < 1000; i++) pane.screen.write(`\x1b]99;i=${i}:d=0;${'x'.repeat(2000)}\x1b\\`);
    pane.screen.write('\x1b]99;i=0;end\x1b\\\x1b]99;i=999:p=body;b\x1b\\');
    expect(pane.signals[0]).toEqual(note('', 'end'));
    expect(pane.signals[1]).toMatchObject({ body: 'b', title: expect.stringMatching(/^x+…$/) });
  });
});

describe('progress', () => {
  it.each([
    ['4;1;40', progress('normal', 40)],
    ['4;1', progress('normal', 0)],
    ['4;1;400', progress('normal', 100)],
    ['4;2', progress('error', null)],
    ['4;2;7', progress('error', 7)],
    ['4;3;50', progress('indeterminate', null)],
    ['4;4;50', progress('paused', 50)],
    ['4;0;50', progress('none', null)],
    ['4;5;1', null],
    ['4;', null],
    ['4', null],
  ])('OSC 9;%s', (body, signal) => {
    expect(signalsOf(`\x1b]9;${body}\x07`)).toEqual(signal ? [signal] : []);
  });
});

describe('the clipboard', () => {
  it.each([
    ['text', `c;${base64('hällo')}`, base64('hällo')],
    ['the primary selection', `p;${base64('x')}`, base64('x')],
    ['no letter', `;${base64('x')}`, base64('x')],
    ['missing padding', 'c;eA', 'eA=='],
  ])('is set: %s', (_name, body, expected) => {
    expect(signalsOf(`\x1b]52;${body}\x07`)).toEqual([{ type: 'clipboard', base64: expected }]);
  });

  it.each([
    ['nothing', 'c;'],
    ['a wish to clear it', 'c;!'],
    ['what is no base64', 'c;not base64'],
    ['bytes that are no text', `c;${Buffer.from([0xff, 0xfe]).toString('base64')}`],
    ['a number', `0;${base64('x')}`],
    ['a foreign selection', `x;${base64('x')}`],
    ['more than a megabyte', `c;${base64('x'.repeat(1024 * 1024 + 1))}`],
  ])('is not set by %s', (_name, body) => {
    const pane = openPaneScreen();
    expect(pane.ask(`\x1b]52;${body}\x07`)).toBe('');
    expect(pane.signals).toEqual([]);
  });

  it('takes a whole megabyte', () => {
    expect(signalsOf(`\x1b]52;c;${base64('x'.repeat(1024 * 1024))}\x07`)).toHaveLength(1);
  });

  it('is not told, but the asker does not wait', () => {
    const pane = openPaneScreen();
    expect(pane.ask('\x1b]52;p;?\x07')).toBe('\x1b]52;p;\x1b\\');
    expect(pane.signals).toEqual([]);
  });
});

describe('the directory', () => {
  const pathOf = (...texts: string[]) =>
    signalsOf(...texts.map((text) => `\x1b]7;${text}\x1b\\`)).map(
      (signal) => signal.type === 'directory' && signal.path,
    );

  it.each([
    ['file://host/home/me', '/home/me'],
    ['file:///tmp/a%20b%C3%A9', '/tmp/a bé'],
    ['kitty-shell-cwd://host/100%/x', '/100%/x'],
  ])('of %s is %s', (text, path) => {
    expect(pathOf(text)).toEqual([path]);
  });

  it.each(['/home/me', 'http://host/x', 'file://host', 'file:///bad%zz', 'file:///a%0Ab', 'file:///a%1b%5b31m'])(
    'is not told from %s',
    (text) => {
      expect(pathOf(text)).toEqual([]);
    },
  );

  it('is told when it changes and when it is taken back', () => {
    expect(pathOf('file:///a', 'file:///a', '')).toEqual(['/a', '']);
  });
});

describe('a shell’s prompt', () => {
  const MARK = '\x1b]133;A\x07';

  it('tells where a command begins, runs and ends', () => {
    expect(
      signalsOf('\x1b]133;A;cl=m\x07$ \x1b]133;B\x07ls\r\n\x1b]133;C\x07\x1b]133;D;130;aid=1\x07\x1b]133;D\x07'),
    ).toEqual([
      { type: 'prompt', mark: 'A', exitCode: null },
      { type: 'prompt', mark: 'B', exitCode: null },
      { type: 'prompt', mark: 'C', exitCode: null },
      { type: 'prompt', mark: 'D', exitCode: 130 },
      { type: 'prompt', mark: 'D', exitCode: null },
    ]);
    expect(signalsOf('\x1b]133;P;k=s\x07\x1b]133;L\x07\x1b]133;\x07')).toEqual([]);
  });

  it('is remembered by its line, wherever that scrolls', () => {
    const { screen } = openPaneScreen({ scrollback: 20 });
    screen.write(`${MARK}$ one\r\nout\r\n${MARK}$ two\r\n`);
    expect(screen.promptRows()).toEqual([0, 2]);
    screen.write('line\r\n'.repeat(10));
    expect(screen.promptRows()).toEqual([-9, -7]);
    expect(screen.line(-7)?.text).toBe('$ two');
  });

  it('is forgotten with its line, when the scrollback is full, cleared or erased', () => {
    const { screen } = openPaneScreen({ scrollback: 10 });
    screen.write(`${MARK}$ one\r\n${'line\r\n'.repeat(14)}`);
    expect(screen.promptRows()).toEqual([]);
    screen.write(`${MARK}$ two\r\n${'line\r\n'.repeat(6)}\x1b[3J`);
    expect(screen.promptRows()).toEqual([]);
    screen.write(`${MARK}$ three\x1b[H\x1b[2Jtext`);
    expect(screen.promptRows()).toEqual([]);
    screen.write(`\r${MARK}$ fo\r\x1b[J${MARK}$ four`);
    expect(screen.promptRows()).toEqual([0]);
  });

  it('stays with its line when the pane is resized, also where lines wrap', () => {
    const { screen } = openPaneScreen();
    screen.write(`${MARK}$ one two three four\r\n${MARK}$ five six seven\r\n`);
    for (const cols of [6, 40, 11, 20]) screen.resize(cols, 5);
    expect(screen.promptRows().map((row) => screen.line(row)?.text)).toEqual([
      '$ one two three four',
      '$ five six seven',
    ]);
  });

  it('has no place in the alternate screen, and is there again afterwards, also for the next program', () => {
    const { screen } = openPaneScreen();
    screen.write(`${MARK}$ vi\x1b[?1049h${MARK}text`);
    expect(screen.promptRows()).toEqual([]);
    screen.write('\x1b[?1049l');
    expect(screen.promptRows()).toEqual([0]);
    screen.prepareForProgram();
    expect(screen.promptRows()).toEqual([-1]);
  });
});

describe('the next program', () => {
  it('finds nothing of what the last one said of itself', () => {
    const pane = openPaneScreen();
    pane.screen.write(
      '\x1b]2;t\x07\x1b[22t\x1b]9;4;1;5\x07\x1b]7;file:///d\x07\x1b]99;i=1:d=0;begun\x1b\\\x1b]2;u\x07text',
    );
    pane.signals.length = 0;
    pane.screen.prepareForProgram();
    expect(pane.signals).toEqual([
      { type: 'title', title: '' },
      { type: 'directory', path: '' },
      { type: 'progress', state: 'none', percent: null },
    ]);
    pane.signals.length = 0;
    pane.screen.write('\x1b[23t\x1b]99;i=1:p=body;end\x1b\\');
    expect(pane.signals).toEqual([note('', 'end')]);
  });
});
