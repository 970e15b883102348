/** Output that shows one part of a terminal's work each, for a screen of the given size. */
export function screenRecordings(cols: number, rows: number): Record<string, string> {
  const at = (row: number, col: number): string => `\x1b[${row};${col}H`;
  const sgr = (codes: string | number, text: string): string => `\x1b[${codes}m${text}\x1b[0m`;
  const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
  const fill = numbers(rows)
    .map((row) => `${at(row + 1, 1)}${String.fromCharCode(97 + (row % 26)).repeat(cols)}`)
    .join('');
  const looks = [1, 2, 3, 4, 5, 7, 8, 9, 21, 53, '4:1', '4:2', '4:3', '4:4', '4:5', '1;3;4;9', '2;7', '3;31', '7;8'];
  return {
    attributes: [
      looks.map((code) => sgr(code, `x${code}`)).join(' '),
      looks.map((code) => sgr(`${code};33;44`, '漢')).join(' '),
      ['58:5:1', '58:2::1:2:3', '58:2:1:2:3'].map((code) => sgr(`4:3;${code}`, 'under')).join(' '),
      '\x1b[1mbold\x1b[22m \x1b[3mitalic\x1b[23m \x1b[4:3mcurly\x1b[24m \x1b[7minverse\x1b[27m \x1b[9mstruck\x1b[29m off',
    ].join('\r\n'),
    palette: [
      numbers(8)
        .map((i) => sgr(`3${i};4${7 - i}`, 'n') + sgr(`9${i};10${7 - i}`, 'b'))
        .join(''),
      numbers(256)
        .map((i) => sgr(`48;5;${i};38;5;${255 - i}`, '.'))
        .join(''),
      numbers(cols)
        .map((i) => sgr(`38;2;${i};${255 - i};128;48:2::${255 - i}:0:${i}`, '▀'))
        .join(''),
    ].join('\r\n'),
    'erasing with a background': `${fill}\x1b[44m${at(2, 5)}\x1b[K${at(3, 5)}\x1b[1K${at(4, 5)}\x1b[2K${at(5, 5)}\x1b[4X${at(6, 5)}\x1b[3@${at(7, 5)}\x1b[3P\x1b[42m${at(8, 1)}\x1b[2L${at(rows, 1)}\x1b[M\x1b[45m\x1b[S\x1b[46m\x1b[T\x1b[41m${at(rows - 1, 4)}\x1b[J${at(1, 4)}\x1b[1J`,
    'wide characters at the edge and in halves': [
      `${'x'.repeat(cols - 1)}漢y`,
      `\r\n${'漢'.repeat(Math.floor(cols / 2) + 2)}`,
      `${at(5, 1)}漢字漢字漢字${at(5, 2)}a${at(5, 5)}b${at(5, 8)}\x1b[X`,
      `${at(6, 1)}漢字漢字${at(6, 2)}\x1b[P${at(7, 1)}漢字漢字${at(7, 2)}\x1b[@`,
      `${at(8, 1)}a😀b👩‍👩‍👧c🇩🇪d❤️e👍🏽f 한글 e\u0301 a\u0308\u0323 z`,
      `${at(9, cols - 1)}漢${at(10, cols)}漢 wraps`,
    ].join(''),
    regions: `${fill}\x1b[3;${rows - 3}r${at(rows - 3, 1)}\n\n\nlow${at(3, 1)}\x1bM\x1bMhigh${at(5, 3)}\x1b[2L${at(7, 3)}\x1b[M\x1b[2S\x1b[T${at(1, 1)}\x1b[L\x1b[r`,
    'origin mode': `${fill}\x1b[4;${rows - 2}r\x1b[?6h\x1b[1;1Hone\x1b[99;1Hlast\x1b[2;99Hx\x1b[?6l\x1b[2;2Habsolute\x1b[r`,
    'inserting and deleting': `${fill}${at(2, 3)}\x1b[4h<inserted>\x1b[4l${at(3, 3)}\x1b[5@${at(4, 3)}\x1b[5P${at(5, 3)}\x1b[5X${at(6, 3)}-\x1b[7b`,
    tabs: `a\tb\tc\r\n\x1b[3g${at(3, 6)}\x1bH${at(3, 12)}\x1bH${at(3, 30)}\x1bH\r1\t2\t3\t4\r\n1\x1b[2I3\x1b[Z2\r\n${at(4, 12)}\x1b[0g\r1\t2\t3`,
    'no autowrap': `\x1b[?7l${'0123456789'.repeat(Math.ceil((cols + 7) / 10))}Z\r\nnext\x1b[?7h`,
    'line drawing': `\x1b(0lqqqwqqqk\r\nx abcjkl x\r\nmqqqvqqqj\x1b(B plain\r\n\x1b)0G0 \x0eqqx\x0f G0`,
    'alternate screen and saved cursor': `main${at(4, 4)}\x1b[31mred\x1b7\x1b[0m\x1b[?1049halternate${at(6, 6)}\x1b7\x1b[H\x1b8here\x1b[?1049lback${at(9, 9)}\x1b8saved`,
    links: `\x1b]8;;https://a.example/1\x1b\\one\x1b]8;;\x1b\\ \x1b]8;id=x;https://a.example/2\x07two\x1b]8;;\x07 \x1b]8;id=x;https://a.example/2\x1b\\more of two\x1b]8;;\x1b\\${at(3, cols - 3)}\x1b]8;;https://b.example/?a=1;2\x1b\\over the edge\x1b]8;;\x1b\\`,
    'synchronized output, nested': `\x1b[?2026hfirst\x1b[?2026h\r\nsecond\x1b[?2026l\r\nthird\x1b[?2026l\r\nfourth\x1b[?2026hfifth\x1b[?2026l`,
    'scrolling off': numbers(rows * 3)
      .map((i) => `line ${i} ${sgr(31 + (i % 7), 'colour')}`)
      .join('\r\n'),
  };
}
