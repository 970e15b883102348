import type { ReactNode } from 'react';
import type { Geometry } from '../core/geometry.ts';
import { Rule, StyledLine } from './styled-line.tsx';

type Separator = Geometry['separators'][number];

/** The vertical lines between panes, joined to the titles that meet them. */
export function Separators({ geometry }: { geometry: Geometry }): ReactNode {
  return geometry.separators.map((separator) => (
    <SeparatorLine key={`${separator.x},${separator.y}`} geometry={geometry} separator={separator} />
  ));
}

function SeparatorLine({ geometry, separator }: { geometry: Geometry; separator: Separator }): ReactNode {
  const { x, y, height } = separator;
  return (
    <>
      <Rule x={x} y={y} length={height} vertical character="│" color="gray" />
      {junctions(geometry, separator).map(({ row, text }) => (
        <StyledLine key={row} x={x} y={row} width={1} segments={[{ text, color: 'gray' }]} />
      ))}
    </>
  );
}

function junctions({ boxes }: Geometry, { x, y, height }: Separator): { row: number; text: string }[] {
  const rows = new Set(boxes.map(({ title }) => title.y).filter((row) => row >= y && row < y + height));
  return [...rows].flatMap((row) => {
    const left = boxes.some(({ title }) => title.y === row && title.x + title.width === x);
    const right = boxes.some(({ title }) => title.y === row && title.x === x + 1);
    return left || right ? [{ row, text: junction(left, right, row === 0) }] : [];
  });
}

function junction(left: boolean, right: boolean, top: boolean): string {
  if (left && right) return top ? '┬' : '┼';
  if (left) return top ? '┐' : '┤';
  return top ? '┌' : '├';
}
