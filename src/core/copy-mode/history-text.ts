import { type Lines, lineEnd, lineStart } from './lines.ts';
import { selectedText } from './selection.ts';

/** All lines as a file has them: whole again where the screen's edge broke them, without empty ones at the end. */
export function historyText(lines: Lines): string {
  const { first, count } = lines;
  if (count === first) return '';
  const [anchor, head] = [
    { row: first, col: 0 },
    { row: count - 1, col: 0 },
  ];
  const text = selectedText(lines, { kind: 'line', anchor, head, exclusive: false }).trimEnd();
  return text === '' ? '' : `${text}\n`;
}

/** The number of the line that this row is a part of, in `historyText`, from 1. */
export function lineNumber(lines: Lines, row: number): number {
  const until = lineStart(lines, row);
  let number = 1;
  for (let at = lines.first; at < until; at = lineEnd(lines, at) + 1) number++;
  return number;
}
