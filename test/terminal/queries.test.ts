import { describe, expect, it } from 'vitest';
import { openPaneScreen } from './pane-screen.ts';

const ST = '\x1b\\';

describe('a query', () => {
  const table: [string, string, string][] = [
    ['secondary attributes', '\x1b[>c', '\x1b[>1;277;0c'],
    ['tertiary attributes', '\x1b[=c', `\x1bP!|4E4F4E54${ST}`],
    ['operating status', '\x1b[5n', '\x1b[0n'],
    ['extended position while a wrap is pending', '\x1b[2;1H01234567890123456789\x1b[?6n', '\x1b[?2;20R'],
    ['extended position in origin mode', '\x1b[2;4r\x1b[?6h\x1b[2;3H\x1b[?6n', '\x1b[?2;3R'],
    [
      'printer, keys, keyboard and locator',
      '\x1b[?15n\x1b[?25n\x1b[?26n\x1b[?53n',
      '\x1b[?13n\x1b[?21n\x1b[?27;1;0;0n\x1b[?50n',
    ],
    ['the size of the whole screen', '\x1b[19t', '\x1b[9;5;20t'],
    ['pixels of a cell nobody measured', '\x1b[16t', '\x1b[6;16;8t'],
    ['pixels of the text area nobody measured', '\x1b[14t', '\x1b[4;80;160t'],
    ['DECRQSS of the scroll region', `\x1b[2;4r\x1bP$qr${ST}`, `\x1bP1$r2;4r${ST}`],
    ['DECRQSS of left and right margins', `\x1bP$qs${ST}`, `\x1bP0$r${ST}`],
    ['DECRQSS of the level', `\x1bP$q"p${ST}`, `\x1bP1$r62;1"p${ST}`],
    ['DECRQSS of protection', `\x1b[1"q\x1bP$q"q${ST}`, `\x1bP1$r1"q${ST}`],
    ['DECRQSS of an underline’s colour', `\x1b[4:3;58:2::1:2:3m\x1bP$qm${ST}`, `\x1bP1$r0;4:3;58:2::1:2:3m${ST}`],
    [
      'several capabilities',
      `\x1bP+q544e;5858${ST}`,
      `\x1bP1+r544e=787465726D2D323536636F6C6F72${ST}\x1bP0+r5858${ST}`,
    ],
    ['kitty notifications', `\x1b]99;i=a1:p=?;${ST}`, `\x1b]99;i=a1:p=?;o=always:p=title,body,?${ST}`],
    ['a colour of the fixed part of the palette', `\x1b]4;196;?${ST}`, `\x1b]4;196;rgb:ffff/0000/0000${ST}`],
    ['a colour that only the terminal knows, and does not tell', `\x1b]4;1;?${ST}`, ''],
    ['what nobody knows', '\x1b[?996n', ''],
  ];
  it.each(table)('about %s gets the right answer', (_what, query, answer) => {
    expect(openPaneScreen().ask(query)).toBe(answer);
  });

  it('about pixels is answered with what the terminal told', () => {
    const pane = openPaneScreen({}, { cell: { width: 9, height: 21 } });
    expect(pane.ask('\x1b[14t\x1b[16t')).toBe('\x1b[4;105;180t\x1b[6;21;9t');
  });

  it('about several colours in one sequence gets one answer each', () => {
    const pane = openPaneScreen(
      {},
      { foreground: '#010203', background: '#040506', cursor: '#070809', palette: ['#0a0b0c', '#0d0e0f'] },
    );
    expect(pane.ask(`\x1b]10;?;?;?;?${ST}`)).toBe(
      `\x1b]10;rgb:0101/0202/0303${ST}\x1b]11;rgb:0404/0505/0606${ST}\x1b]12;rgb:0707/0808/0909${ST}`,
    );
    expect(pane.ask(`\x1b]11;?;?\x07`)).toBe(`\x1b]11;rgb:0404/0505/0606${ST}\x1b]12;rgb:0707/0808/0909${ST}`);
    expect(pane.ask(`\x1b]4;0;?;1;?;300;?${ST}`)).toBe(
      `\x1b]4;0;rgb:0a0a/0b0b/0c0c${ST}\x1b]4;1;rgb:0d0d/0e0e/0f0f${ST}`,
    );
  });

  it.each([
    ['\x1bc'],
    ['\x1b]7501;x\x1b\\'],
    ['\x1b]22;pointer\x1b\\'],
    ['\x1b]66;s=2;text\x1b\\'],
    ['\x1b]1337;File=x\x1b\\'],
    ['\x1b_Gi=1;AAAA\x1b\\'],
    ['\x1b^private\x1b\\'],
    ['\x1bXstart of string\x1b\\'],
    ['\x1b[>99z'],
    ['\x1b]'],
    ['\x1bP'],
    ['\x1b]99'],
    ['\x1b]52;c'],
    ['\x1b]8;'],
  ])('of which nobody knows the meaning leaves nothing behind: %j', (bytes) => {
    const pane = openPaneScreen();
    expect(pane.ask(`${bytes}\x18`)).toBe('');
    expect(pane.screen.line(0)?.text).toBe('');
    expect(pane.signals.filter((signal) => signal.type !== 'bell')).toEqual([]);
  });
});

describe('the value of a mode', () => {
  const ask = (mode: string, before = ''): string => openPaneScreen().ask(`${before}\x1b[${mode}$p`);
  const switched = [
    1, 5, 6, 9, 12, 25, 45, 47, 66, 1000, 1002, 1003, 1004, 1006, 1007, 1047, 1049, 2004, 2026, 2031, 2048,
  ];
  it.each(switched)('%i follows what the program switches', (mode) => {
    const answered = (value: number): string => `\x1b[?${mode};${value}$y`;
    expect(ask(`?${mode}`, `\x1b[?${mode}h`)).toContain(answered(1));
    expect(ask(`?${mode}`, `\x1b[?${mode}h\x1b[?${mode}l`)).toContain(answered(2));
  });

  it.each([
    ['?1005', 4],
    ['?1015', 4],
    ['?1016', 0],
    ['?2027', 3],
    ['?67', 4],
    ['?69', 0],
    ['?7', 1],
    ['?1048', 1],
    ['?9001', 0],
    ['4', 2],
    ['20', 2],
    ['12', 3],
    ['99', 0],
  ])('%s is %i', (mode, value) => {
    expect(ask(mode)).toBe(`\x1b[${mode};${value}$y`);
  });

  it('of the cursor’s blinking is that of the shape chosen last', () => {
    expect(ask('?12', '\x1b[1 q')).toBe('\x1b[?12;1$y');
    expect(ask('?12', '\x1b[2 q')).toBe('\x1b[?12;2$y');
  });

  it('is the default again after a full reset and for the next program', () => {
    const pane = openPaneScreen();
    for (const again of [() => pane.screen.write('\x1bc'), () => pane.screen.prepareForProgram()]) {
      for (const mode of switched) pane.screen.write(`\x1b[?${mode}h`);
      pane.screen.write('\x1b[?25l\x1b[?7l\x1b[20h');
      again();
      for (const mode of switched) {
        const byDefault = mode === 25 || mode === 1007 ? 1 : 2;
        expect(pane.ask(`\x1b[?${mode}$p`)).toBe(`\x1b[?${mode};${byDefault}$y`);
      }
      expect(pane.ask('\x1b[?7$p\x1b[20$p')).toBe('\x1b[?7;1$y\x1b[20;2$y');
    }
  });
});

describe('a program that asked for it', () => {
  it('hears its size at once, after a resize and when cells change, and nothing afterwards', () => {
    const pane = openPaneScreen({}, { cell: { width: 10, height: 20 } });
    expect(pane.ask('\x1b[?2048h')).toBe('\x1b[48;5;20;100;200t');
    pane.screen.resize(30, 6);
    expect(pane.heard()).toBe('\x1b[48;6;30;120;300t');
    pane.tellOuter({ cell: { width: 5, height: 10 } });
    expect(pane.heard()).toBe('\x1b[48;6;30;60;150t');
    pane.tellOuter({ foreground: '#ffffff' });
    expect(pane.heard()).toBe('');
    pane.screen.write('\x1b[?2048l');
    pane.screen.resize(20, 5);
    expect(pane.heard()).toBe('');
  });

  it('hears when dark turns to light, by the terminal’s word or by its background', () => {
    const pane = openPaneScreen({}, { background: '#000000' });
    expect(pane.ask('\x1b[?2031h')).toBe('');
    pane.tellOuter({ background: '#ffffff' });
    expect(pane.heard()).toBe('\x1b[?997;2n');
    pane.tellOuter({ scheme: 'dark' });
    expect(pane.heard()).toBe('\x1b[?997;1n');
    pane.tellOuter({ background: '#fefefe' });
    expect(pane.heard()).toBe('');
    expect(pane.ask('\x1b[?996n')).toBe('\x1b[?997;1n');
  });

  it('is not told of the terminal’s scheme while its own background decides', () => {
    const pane = openPaneScreen({}, { scheme: 'dark' });
    expect(pane.ask('\x1b[?2031h\x1b]11;#ffffff\x07\x1b[?996n')).toBe('\x1b[?997;2n');
    pane.tellOuter({ scheme: 'light' });
    pane.tellOuter({ scheme: 'dark' });
    expect(pane.heard()).toBe('');
  });

  it('hears of the focus at once and of each change, others do not', () => {
    const pane = openPaneScreen();
    pane.screen.setFocused(true);
    expect(pane.heard()).toBe('');
    expect(pane.ask('\x1b[?1004h')).toBe('\x1b[I');
    pane.screen.setFocused(false);
    pane.screen.setFocused(false);
    pane.screen.setFocused(true);
    expect(pane.heard()).toBe('\x1b[O\x1b[I');
    pane.screen.prepareForProgram();
    pane.screen.setFocused(false);
    expect(pane.heard()).toBe('');
  });
});

it('mouse positions in pixels, which are refused, are given in cells to a program that wants them all the same', () => {
  const { screen } = openPaneScreen();
  screen.write('\x1b[?1003h\x1b[?1016h');
  expect(screen.inputModes()).toMatchObject({ mouseProtocol: 'any', mouseEncoding: 'sgr' });
});

describe('keyboard flags', () => {
  it.each([
    ['are pushed and popped', '\x1b[>1u\x1b[>3u\x1b[<u', 1],
    ['are none after more pops than pushes', '\x1b[>1u\x1b[>3u\x1b[<9u\x1b[<u', 0],
    ['are set, added and taken away in place', '\x1b[>1u\x1b[=12;1u\x1b[=3;2u\x1b[=8;3u', 7],
    ['of the alternate screen are its own', '\x1b[>1u\x1b[?1049h\x1b[>15u\x1b[<5u\x1b[?1049l', 1],
    ['of the alternate screen are there again', '\x1b[?1049h\x1b[>7u\x1b[?1049l\x1b[>1u\x1b[?1049h', 7],
    [
      'lose their oldest entries when there are too many',
      `${'\x1b[>1u'.repeat(3)}${'\x1b[>2u'.repeat(40)}\x1b[<15u`,
      2,
    ],
    ['are none after a reset', '\x1b[>5u\x1bc', 0],
    ['are none after a soft reset', '\x1b[>5u\x1b[!p', 0],
  ])('%s', (_what, bytes, flags) => {
    expect(openPaneScreen().ask(`${bytes}\x1b[?u`)).toBe(`\x1b[?${flags}u`);
  });

  it('of xterm are switched by level, and off without one', () => {
    const level = (bytes: string) => openPaneScreen().ask(`${bytes}\x1b[?4m`);
    expect(level('\x1b[>4;2m')).toBe('\x1b[>4;2m');
    expect(level('\x1b[>4;2m\x1b[>4m')).toBe('\x1b[>4;0m');
    expect(level('\x1b[>4;1m\x1b[>4n')).toBe('\x1b[>4;0m');
    expect(level('\x1b[>4;1m\x1b[>m')).toBe('\x1b[>4;0m');
  });
});
