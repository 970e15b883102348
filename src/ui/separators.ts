import type { BackgroundCell } from '../client/chrome-terminal.ts';
import { COLOR_16 } from '../core/cell.ts';
import type { Geometry, Rect } from '../core/geometry.ts';

const GRAY = COLOR_16 | 8;
const CYAN = COLOR_16 | 6;
const RED = COLOR_16 | 9;

/**
 * The lines between panes, red around those that `receivers` names: vertical ones, joined to the titles that meet them, the rules on which the titles are written, and
 * those that end a pane above an empty cell. Half of all cells of the chrome, which never change by themselves: as plain cells they are no work for Ink.
 */
export function separatorCells(
  geometry: Geometry,
  focused: number,
  color: boolean,
  receivers: readonly number[] = [],
): BackgroundCell[] {
  const cell = (x: number, y: number, character: string, foreground = GRAY): BackgroundCell => ({
    x,
    y,
    character,
    foreground: color ? foreground : 0,
  });
  const red = geometry.boxes.filter(({ pane }) => receivers.includes(pane));
  const besideRed = (x: number, y: number): boolean =>
    red.some(({ title, inner }) => {
      const touches = title.x + title.width === x || title.x === x + 1;
      return touches && y >= title.y && y < inner.y + inner.height;
    });
  const ends = emptyEnds(geometry);
  const horizontals = [...geometry.boxes.map(({ title }) => title), ...ends];
  const hasBorder = (x: number, y: number): boolean =>
    geometry.boxes.some(
      ({ title, inner }) =>
        (title.x + title.width === x || title.x === x + 1) && y >= title.y && y < inner.y + inner.height,
    );
  const vertical = geometry.separators.flatMap(({ x, y: top, height }) =>
    Array.from({ length: height }, (_, i) => {
      const y = top + i;
      const shape = [
        hasBorder(x, y - 1) ? 'u' : '',
        hasBorder(x, y) ? 'd' : '',
        horizontals.some((line) => line.y === y && line.x + line.width === x) ? 'l' : '',
        horizontals.some((line) => line.y === y && line.x === x + 1) ? 'r' : '',
      ].join('');
      const character = JUNCTIONS[shape];
      return character === undefined ? [] : [cell(x, y, character, besideRed(x, y) ? RED : GRAY)];
    }).flat(),
  );
  const rules = geometry.boxes.flatMap(({ pane, title: { x, y, width } }) =>
    Array.from({ length: width }, (_, i) => {
      if (receivers.includes(pane)) return cell(x + i, y, '═', RED);
      return pane === focused ? cell(x + i, y, '━', CYAN) : cell(x + i, y, '─');
    }),
  );
  const closing = ends.flatMap(({ x, y, width }) => Array.from({ length: width }, (_, i) => cell(x + i, y, '─')));
  return [...vertical, ...rules, ...closing];
}

/** Which ways lines go from a cell between columns: up, down, left, right. */
const JUNCTIONS: Readonly<Record<string, string>> = {
  ud: '│',
  d: '│',
  dl: '┐',
  dr: '┌',
  dlr: '┬',
  udl: '┤',
  udr: '├',
  udlr: '┼',
  ul: '┘',
  ur: '└',
  ulr: '┴',
  lr: '─',
};

/** The lines below panes that have nothing under them but cells without a pane. */
function emptyEnds({ boxes, empty }: Geometry): Rect[] {
  return empty.flatMap(({ x, y, width }) =>
    boxes.flatMap(({ inner }) => {
      const from = Math.max(x, inner.x);
      const end = Math.min(x + width, inner.x + inner.width);
      return inner.y + inner.height === y && end > from ? [{ x: from, y, width: end - from, height: 1 }] : [];
    }),
  );
}
