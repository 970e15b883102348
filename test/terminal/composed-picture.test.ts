import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCellGrid } from '../../src/core/cell.ts';
import { createPainter } from '../../src/terminal/painter.ts';
import { createScreen } from '../../src/terminal/screen.ts';
import { compareScreens } from '../helpers/compare-screens.ts';
import { createReferenceTerminal } from '../helpers/reference-terminal.ts';
import { programPieces } from '../helpers/terminal-pieces.ts';

const COLS = 14;
const ROWS = 6;
const RECT = { x: 0, y: 0, width: COLS, height: ROWS };
const graphemes = new Intl.Segmenter();
const ALL_ROWS = Array.from({ length: ROWS }, (_, row) => row);

/** Another program's pen, link, margins and cursor on the outer terminal. */
const LEFT_BEHIND = '\x1b[35;44;1;4;7m\x1b]8;;https://noise.example\x1b\\\x1b[3;9H';
const GARBAGE = `\x1b[H${'#漢@😀'.repeat(60)}${LEFT_BEHIND}`;

/**
 * Each frame goes through our screen and painter to one reference terminal, and as it is to another: pictures and cursors must be equal
 * after each. At the end the outer terminal is filled with noise and drawn anew.
 */
function composedAgainstAlone(frames: readonly string[]): string {
  const alone = createReferenceTerminal({ cols: COLS, rows: ROWS, answers: 'none' });
  // Not at its right edge: without autowrap Ghostty loses half of a flag there.
  const outer = createReferenceTerminal({ cols: COLS + 4, rows: ROWS, answers: 'none' });
  const screen = createScreen({ cols: COLS, rows: ROWS, scrollback: 50 });
  const painter = createPainter({ cols: COLS, rows: ROWS, synchronized: () => true });
  const grid = createCellGrid(COLS, ROWS);
  const difference = (): string => {
    screen.readGrid(grid);
    const bytes = painter.paint(grid, ALL_ROWS, screen.cursor());
    outer.write(bytes);
    const cells = compareScreens(outer, RECT, alone);
    // Where nothing changed nothing is written, and the noise has the cursor.
    if (cells !== '' || bytes === '') return cells;
    const [is, should] = [outer.cursor(), alone.cursor()];
    if (is.visible !== should.visible) return `the cursor is ${is.visible ? 'visible' : 'hidden'}`;
    return is.x === should.x && is.y === should.y ? '' : `cursor at ${is.x},${is.y} instead of ${should.x},${should.y}`;
  };
  try {
    outer.write('\x1b[?7l');
    for (const frame of frames) {
      alone.write(frame);
      screen.write(frame);
      outer.write(LEFT_BEHIND);
      const found = difference();
      if (found !== '') return found;
    }
    outer.write(GARBAGE);
    painter.invalidate(COLS, ROWS);
    return difference();
  } finally {
    screen.dispose();
    alone.dispose();
    outer.dispose();
  }
}

describe('what a pane draws, seen through screen and painter in an independent terminal', () => {
  it('is cell by cell what the program draws there alone, frame after frame and over noise', () => {
    const frame = fc.array(programPieces(COLS, ROWS), { maxLength: 14 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(fc.array(frame, { minLength: 1, maxLength: 3 }), (frames) => {
        expect(composedAgainstAlone(frames)).toBe('');
      }),
      // Always the same: Ghostty has more corners of its own than are worth a list, about one in four thousand runs.
      { numRuns: 700, seed: 20_262 },
    );
  });

  it.each([
    ['a combining mark behind a change of colour', 'e\x1b[31m\u0301x'],
    ['a combining mark at the beginning of a row', '\u0301x\r\n\u0308y'],
    ['marks, joiners and variations within a row', 'e\u0301 a\u0308\u0323 ❤️ 👩‍👩‍👧 🇩🇪'],
    ['characters without a place', 'a\u200bb\u200ec\u2060d\u202ee'],
    ['emoji of the last years', '🫠🫨🩷 🛜x'],
    ['erasing up to the bottom right corner', 'a\r\nb\x1b[6;14Hz\x1b[6;14H\x1b[1Jq'],
    ['the saved cursor after the screen has scrolled', `\x1b[3;5H\x1b7\x1b[6;1H${'\n'.repeat(4)}\x1b8here`],
    ['the saved cursor of each screen', '\x1b[3;4H\x1b7\x1b[?1049h\x1b[2;2H\x1b7\x1b[H\x1b8a\x1b[?1049l\x1b8b'],
    ['the saved look and character set', '\x1b)0\x0e\x1b[4:3;1;31m\x1b7\x0f\x1b[0m\x1b[2;1Hplain\x1b8qq\x0f'],
    ['the saved origin mode', '\x1b[2;4r\x1b[?6h\x1b[2;2H\x1b7\x1b[?6l\x1b[H\x1b8\x1b[Hx'],
    ['a wrap pending over the alternate screen', '\x1b[1;14Ha\x1b[?1049hx\x1b[?1049lb'],
    ['margins kept over the alternate screen', 'a\r\nb\r\nc\x1b[?1049h\x1b[1;3r\x1b[?1049l\x1b[3;1H\n\nz'],
    ['moves within a row in origin mode', '\x1b[2;5r\x1b[?6h\x1b[2;5H\x1b[Ca\x1b[2Db\x1b[Be\x1b[Af'],
    ['a last column overwritten without autowrap', '\x1b[1;13H漢\x1b[?7lno wrap\x1b[?7h'],
    ['tab stops kept over the alternate screen', '\x1b[3g\x1b[4G\x1bH\x1b[?1049h\r\ta\x1b[3g\x1b[?1049l\r\tb'],
    ['inserting between the halves of a wide character', '\x1b[9m漢字漢字\x1b[4G\x1b[@\r\n漢字\x1b[4Gx'],
    ['DECALN with margins and origin mode', '\x1b[2;4r\x1b[?6h\x1b#8'],
    ['back-colour erase of a scroll down', 'a\r\nb\x1b[44m\x1b[2T'],
    ['colours with colons and without a colour space', '\x1b[38:2:1:2:200m#\x1b[48:2:9:8:7m#\x1b[58:2:1:2:3;4m#'],
    ['a link that half a wide character would take on', '漢\x1b[1;1H\x1b]8;;https://x.example\x1b\\x'],
    ['a frame in a frame of synchronized output', 'a\x1b[?2026hb\x1b[?2026hc\x1b[?2026ld\x1b[?2026le'],
  ])('is the same for %s', (_what, text) => {
    expect(composedAgainstAlone([text])).toBe('');
    expect(composedAgainstAlone(Array.from(graphemes.segment(text), ({ segment }) => segment))).toBe('');
  });
});
