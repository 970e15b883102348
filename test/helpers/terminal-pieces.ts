import fc from 'fast-check';

/**
 * Pieces of what programs write, for property tests: each is a whole sequence or a text, so that a failing case shrinks to few of them.
 * `cols` and `rows` are the size of the screen they are meant for; positions go one beyond. What is missing, or only in fixed company, is
 * where the reference terminal (Ghostty 0.4 as wasm) and xterm part, and this is why:
 * - REP only behind its character: Ghostty repeats across other sequences, xterm does not (its fixture t0040-REP); and only the base of a cluster;
 * - saving the cursor while a wrap is pending: Ghostty brings the wrap back, xterm does not (its fixture t0060-DECSC);
 * - CHA, HPA, HPR and VPR: leave the row in Ghostty's origin mode;
 * - parameter 0 of cursor moves: Ghostty takes it for none, ECMA-48 and xterm for 1; TBC: does nothing there without a parameter, and sets a stop where
 *   none is;
 * - EL and ED while a wrap is pending: xterm and Ghostty erase the last cell, Alacritty, kitty and tmux, and this screen, do not; CBT
 *   there: Ghostty moves and keeps the wrap pending, which cannot be told in @xterm/headless;
 * - combining marks and VS16 in the last column: Ghostty puts them on the cell before, or leaves the wide form narrow;
 * - characters beyond Latin-1 while DEC graphics are on, and `_` in it: Ghostty draws a blank, and the `_` that should be one;
 * - alternate screens and DECALN only with a plain pen and no link: Ghostty keeps both for each screen, and takes the pen off at DECALN;
 * - mode 47: finds what was left on the alternate screen in xterm and Ghostty, @xterm/headless never keeps it;
 * - DECSTR: unknown to Ghostty; RIS: turns off grapheme clusters in Ghostty; insert mode and no autowrap around plain text: wide characters at the edge are lost in
 *   different ways.
 */
export function programPieces(cols: number, rows: number): fc.Arbitrary<string> {
  const csi = (params: fc.Arbitrary<string>, finals: readonly string[]) =>
    fc.tuple(params, fc.constantFrom(...finals)).map(([text, final]) => `\x1b[${text}${final}`);
  const count = fc.oneof(
    { weight: 3, arbitrary: fc.constant('') },
    { weight: 5, arbitrary: fc.integer({ min: 1, max: Math.max(cols, rows) + 1 }).map(String) },
  );
  const position = fc
    .tuple(fc.integer({ min: 1, max: rows + 1 }), fc.integer({ min: 1, max: cols + 1 }))
    .map(([row, col]) => `\x1b[${row};${col}H`);
  const region = fc
    .tuple(fc.integer({ min: 1, max: rows }), fc.integer({ min: 1, max: rows }))
    .map(([top, bottom]) => (top < bottom ? `\x1b[${top};${bottom}r` : '\x1b[r'));
  return fc.oneof(
    { weight: 6, arbitrary: fc.stringMatching(/^[ -~]{1,14}$/) },
    { weight: 4, arbitrary: fc.constantFrom(...WIDE_AND_JOINED) },
    { weight: 4, arbitrary: position },
    { weight: 1, arbitrary: fc.tuple(fc.constantFrom('x', '漢', '😀'), count).map(([text, n]) => `${text}\x1b[${n}b`) },
    { weight: 4, arbitrary: fc.constantFrom(...CONTROLS) },
    { weight: 4, arbitrary: fc.constantFrom(...LOOKS) },
    {
      weight: 3,
      arbitrary: fc.tuple(position, csi(fc.constantFrom('', '0', '1', '2'), ['J', 'K'])).map((pair) => pair.join('')),
    },
    { weight: 4, arbitrary: csi(count, ['@', 'P', 'L', 'M', 'X', 'S', 'T']) },
    { weight: 3, arbitrary: csi(count, ['A', 'B', 'C', 'D', 'E', 'F', 'd', 'I']) },
    { weight: 1, arbitrary: count.map((text) => `\b\x1b[${text}Z`) },
    { weight: 2, arbitrary: region },
    { weight: 3, arbitrary: fc.constantFrom(...MODES) },
    { weight: 1, arbitrary: fc.constantFrom(...LINKS) },
  );
}

export const WIDE_AND_JOINED = ['漢', '字字字', '한글', '😀', '🫠', '👍🏽', '👩‍👩‍👧', '🇩🇪', 'ｱ', '└─┐', 'é', '\u200b'];
const CONTROLS = ['\r\n', '\n', '\r', '\b', '\t', '\x0b', '\x1bD', '\x1bE', '\x1bM', '\x1bH', '\x1b[3g', '\x07'];
const LOOKS = [
  '\x1b[0m',
  '\x1b[1m',
  '\x1b[2m',
  '\x1b[3m',
  '\x1b[4m',
  '\x1b[4:3m',
  '\x1b[5m',
  '\x1b[7m',
  '\x1b[8m',
  '\x1b[9m',
  '\x1b[22;23m',
  '\x1b[24;25;27;28;29m',
  '\x1b[31;44m',
  '\x1b[97;101m',
  '\x1b[38;5;200;48;5;17m',
  '\x1b[38;2;1;2;3m',
  '\x1b[48:2::9:8:7m',
  '\x1b[39m',
  '\x1b[49m',
];
/** Pen and link as they are at the start. */
const PLAIN = '\x1b[0m\x1b]8;;\x1b\\';
const MODES = [
  '\x1b[?6h',
  '\x1b[?6l',
  '\x1b[?7lno wrap here\x1b[?7h',
  '\x1b[0m\x1b[4hins\x1b[4l',
  '\x1b(0lqkx\x1b(B',
  '\x1b)0\x0emqj\x0f',
  '\b\x1b7',
  '\x1b8',
  '\b\x1b[s',
  '\x1b[u',
  `${PLAIN}\x1b[?1049h`,
  `${PLAIN}\x1b[?1049l`,
  '\x1b[?25l',
  '\x1b[?25h',
  `${PLAIN}\x1b#8`,
];
const LINKS = ['\x1b]8;;https://a.example/x;y\x1b\\', '\x1b]8;id=q;https://b.example\x07', '\x1b]8;;\x1b\\'];
