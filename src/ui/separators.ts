import type { BackgroundCell } from '../client/chrome-terminal.ts';
import { COLOR_16 } from '../core/cell.ts';
import type { Geometry } from '../core/geometry.ts';

const GRAY = COLOR_16 | 8;
const CYAN = COLOR_16 | 6;
const RED = COLOR_16 | 9;

/**
 * The lines between panes, red around those that `receivers` names: vertical ones, joined to the titles that meet them, and the rules on which the titles are written. Half of
 * all cells of the chrome, which never change by themselves: as plain cells they are no work for Ink.
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
  const titles = geometry.boxes.map(({ title }) => title);
  const red = geometry.boxes.filter(({ pane }) => receivers.includes(pane));
  const besideRed = (x: number, y: number): boolean =>
    red.some(({ title, inner }) => {
      const touches = title.x + title.width === x || title.x === x + 1;
      return touches && y >= title.y && y < inner.y + inner.height;
    });
  const vertical = geometry.separators.flatMap(({ x, y, height }) =>
    Array.from({ length: height }, (_, i) => {
      const left = titles.some((title) => title.y === y + i && title.x + title.width === x);
      const right = titles.some((title) => title.y === y + i && title.x === x + 1);
      return cell(x, y + i, junction(left, right, y + i === 0), besideRed(x, y + i) ? RED : GRAY);
    }),
  );
  const rules = geometry.boxes.flatMap(({ pane, title: { x, y, width } }) =>
    Array.from({ length: width }, (_, i) => {
      if (receivers.includes(pane)) return cell(x + i, y, '═', RED);
      return pane === focused ? cell(x + i, y, '━', CYAN) : cell(x + i, y, '─');
    }),
  );
  return [...vertical, ...rules];
}

function junction(left: boolean, right: boolean, top: boolean): string {
  if (left && right) return top ? '┬' : '┼';
  if (left) return top ? '┐' : '┤';
  if (right) return top ? '┌' : '├';
  return '│';
}
