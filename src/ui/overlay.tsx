import type { ReactNode } from 'react';
import { cutText, displayWidth, padText } from '../core/display-text.ts';
import type { Rect } from '../core/geometry.ts';
import { cutSegments, type Segment, StyledLine, segmentsWidth } from './styled-line.tsx';

export type OverlayProps = {
  rect: Rect;
  framed: boolean;
  title: string;
  /** In the lower edge of the frame. */
  footer: string;
  lines: Segment[][];
};

/** Lines in a box over everything else. Every cell of the box is drawn, blank ones too: what is below must not show through. */
export function Overlay({ rect, framed, title, footer, lines }: OverlayProps): ReactNode {
  const { width, height } = rect;
  const innerWidth = framed ? width - 4 : width;
  const rows = Array.from({ length: framed ? height - 2 : height }, (_, i) =>
    rowOf(lines[i] ?? NO_SEGMENTS, innerWidth, framed),
  );
  const all = framed
    ? [[side(edge('┏', '━', '┓', title, width))], ...rows, [side(edge('┗', '━', '┛', footer, width))]]
    : rows;
  return all.map((segments, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a line of the box is its row.
    <StyledLine key={index} width={width} segments={segments} />
  ));
}

const NO_SEGMENTS: Segment[] = [];
const drawnRows = new WeakMap<Segment[], { width: number; framed: boolean; row: Segment[] }>();

/** The same row for the same line, so that only lines that have changed are drawn again. */
function rowOf(line: Segment[], width: number, framed: boolean): Segment[] {
  const known = drawnRows.get(line);
  if (known && known.width === width && known.framed === framed) return known.row;
  const filled = fill(line, width);
  const row = framed ? [side('┃ '), ...filled, side(' ┃')] : filled;
  drawnRows.set(line, { width, framed, row });
  return row;
}

function side(text: string): Segment {
  return { text, color: 'cyan', bold: true };
}

/** Cells that a title or a footer has room for. */
export function overlayLabelWidth({ width }: Pick<Rect, 'width'>): number {
  return Math.max(0, width - 6);
}

function edge(left: string, rule: string, right: string, text: string, width: number): string {
  const label = text === '' ? '' : ` ${cutText(text, overlayLabelWidth({ width }))} `;
  return `${left}${rule}${label}${rule.repeat(Math.max(0, width - 3 - displayWidth(label)))}${right}`;
}

function fill(segments: Segment[], width: number): Segment[] {
  const cut = cutSegments(segments, width);
  return [...cut, { text: padText('', width - segmentsWidth(cut)) }];
}
