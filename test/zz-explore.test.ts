import fc from 'fast-check';
import { it } from 'vitest';
import { createCellGrid } from '../src/core/cell.ts';
import { createPainter } from '../src/terminal/painter.ts';
import { createScreen } from '../src/terminal/screen.ts';
import { compareScreens } from './helpers/compare-screens.ts';
import { createReferenceTerminal } from './helpers/reference-terminal.ts';
import { programPieces } from './helpers/terminal-pieces.ts';

const COLS = 10,
  ROWS = 5;
const SKIP = (process.env.SKIP ?? '')
  .split('|')
  .filter(Boolean)
  .map((s) => s.replaceAll('^[', '\x1b'));
function check(pieces: string[]): string {
  const alone = createReferenceTerminal({ cols: COLS, rows: ROWS, answers: 'none' });
  const outer = createReferenceTerminal({ cols: COLS, rows: ROWS, answers: 'none' });
  try {
    const screen = createScreen({ cols: COLS, rows: ROWS, scrollback: 50 });
    outer.write('\x1b[?7l');
    const text = pieces.join('');
    alone.write(text);
    screen.write(text);
    const painter = createPainter({ cols: COLS, rows: ROWS, synchronized: () => true } as never);
    const grid = createCellGrid(COLS, ROWS);
    screen.readGrid(grid);
    const c = screen.cursor();
    outer.write(painter.paint(grid, [0, 1, 2, 3, 4], { ...c } as never));
    const cells = compareScreens(outer, { x: 0, y: 0, width: COLS, height: ROWS }, alone);
    if (cells) return cells;
    const a = alone.cursor();
    if (a.x !== c.col || a.y !== c.row) return `cursor ${c.col},${c.row} instead of ${a.x},${a.y}`;
    return '';
  } finally {
    alone.dispose();
    outer.dispose();
  }
}
it('explore', () => {
  const seen: string[] = [];
  for (let seed = 0; seed < Number(process.env.N ?? 10); seed++) {
    const r = fc.check(
      fc.property(fc.array(programPieces(COLS, ROWS), { maxLength: 25 }), (pieces) => {
        const kept = pieces.filter((p) => !SKIP.some((s) => p.includes(s)));
        const d = check(kept);
        if (d) throw new Error(d);
      }),
      { seed, numRuns: 150 },
    );
    if (r.failed) {
      const k = JSON.stringify(r.counterexample![0].filter((p: string) => !SKIP.some((s) => p.includes(s))));
      if (!seen.includes(k)) {
        seen.push(k);
        console.log(seed, k, '\n', (r.errorInstance as Error).message.split('\n').slice(0, 12).join('\n'));
      }
    }
  }
});
