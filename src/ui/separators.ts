import type { BackgroundCell } from '../client/chrome-terminal.ts';
import { COLOR_16 } from '../core/cell.ts';
import type { Geometry } from '../core/geometry.ts';

const GRAY = COLOR_16 | 8;
const CYAN = COLOR_16 | 6;

/**
 * The lines between panes: vertical ones, joined to the titles that meet them, and the rules on which the titles are written. Half of
 * all cells of the chrome, which never change by themselves: as plain cells they are no work for Ink.
 */
export function separatorCells(geometry: Geometry, focused: number, color: boolean): BackgroundCell[] {
  const cell = (x: number, y: number, character: string, foreground = GRAY): BackgroundCell => ({
    x,
    y,
    character,
    foreground: color ? foreground : 0,
  });
  const titles = geometry.boxes.map(({ title }) => title);
  const vertical = geometry.separators.flatMap(({ x, y, height }) =>
    Array.from({ length: height }, (_, i) => {
      const left = titles.some((title) => title.y === y + i && title.x + title.width === x);
      const right = titles.some((title) => title.y === y + i && title.x === x + 1);
      return cell(x, y + i, junction(left, right, y + i === 0));
    }),
  );
  const rules = geometry.boxes.flatMap(({ pane, title: { x, y, width } }) =>
    Array.from({ length: width }, (_, i) => (pane === focused ? cell(x + i, y, '━', CYAN) : cell(x + i, y, '─'))),
  );
  return [...vertical, ...rules];
}

function junction(left: boolean, right: boolean, top: boolean): string {
  if (left && right) return top ? '┬' : '┼';
  if (left) return top ? '┐' : '┤';
  if (right) return top ? '┌' : '├';
  return '│';
}
